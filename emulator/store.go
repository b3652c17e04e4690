package emulator

import (
	"bytes"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"sync"
)

// store keeps the bytes of uploads, in memory or in a folder. File names come
// from hashes and chance, never from a client.
//
// receive may run in many uploads at once. keep and drop of one content must
// not overlap: Server.mu is held for both. The bytes of a session are its own:
// who has its turn may touch them.
type store struct {
	dir     string // of contents; "" = in memory
	partial string // of the bytes of sessions

	limit int64 // of held; 0 = none, negative = nothing is kept
	held  int64 // bytes that were ever kept; Server.mu guards it

	pack pack

	buffers sync.Pool // of *[copyBuffer]byte
}

// copyBuffer is how many bytes of an upload are in memory at a time where there
// is a folder. An upload that is no longer has no file before it is kept.
const copyBuffer = 64 << 10

// openStore uses folders below parent. What is in them may still be another
// server's: see takeOver.
func openStore(parent string, limit int64) (*store, error) {
	st := &store{limit: limit, buffers: sync.Pool{New: func() any { return new([copyBuffer]byte) }}}
	if parent == "" {
		return st, nil
	}
	st.dir, st.partial = filepath.Join(parent, "media"), filepath.Join(parent, "sessions")
	err := os.MkdirAll(st.dir, 0o700)
	if err == nil {
		err = os.MkdirAll(st.partial, 0o700)
	}
	return st, err
}

// takeOver begins to use the folders: the bytes of an earlier server's sessions
// stay with them, and what else it had not finished to receive is removed.
func (st *store) takeOver(sessions map[string]*session) error {
	unfinished, err := filepath.Glob(filepath.Join(st.dir, "incoming-*"))
	for _, path := range unfinished {
		err = errors.Join(err, os.Remove(path))
	}
	return errors.Join(err, st.findSessions(sessions), st.pack.open(st.packPath()))
}

func (st *store) close() error { return st.pack.close() }

// kept is the bytes of a content that are there, of an earlier server or of a
// call of keep.
func (st *store) kept(c *contentKept) *blob {
	if c.Gone {
		return &blob{size: c.Size, gone: true}
	}
	st.held += c.Size
	switch {
	case st.dir == "":
		return &blob{size: c.Size}
	case c.Packed:
		return &blob{path: st.packPath(), size: c.Size, packed: true, at: c.At}
	default:
		return &blob{path: st.path(c.Hash), size: c.Size}
	}
}

func (st *store) path(hash contentHash) string {
	return filepath.Join(st.dir, hex.EncodeToString(hash[:]))
}

// blob is the bytes of one content. It never changes once it is kept.
type blob struct {
	path  string // where it is, if on disk
	bytes []byte // else
	size  int64

	gone bool // it is nowhere: there was no room for it, or it never came here

	packed bool  // it is a part of the pack
	at     int64 // where it begins there
}

// receive reads r to its end, piece by piece when there is a folder. The bytes
// are the caller's, to keep or to drop, also those that came before an error.
func (st *store) receive(r io.Reader) (*blob, error) {
	if st.dir == "" {
		all, err := io.ReadAll(r)
		return &blob{bytes: all, size: int64(len(all))}, err
	}
	buf := st.buffers.Get().(*[copyBuffer]byte)
	defer st.buffers.Put(buf)
	n, err := 0, error(nil)
	for n < len(buf) && err == nil {
		var more int
		more, err = r.Read(buf[n:])
		n += more
	}
	if err == nil {
		return st.receiveFile(buf, r)
	}
	if errors.Is(err, io.EOF) {
		err = nil
	}
	return &blob{bytes: bytes.Clone(buf[:n]), size: int64(n)}, err
}

// receiveFile is receive of what does not fit into a buffer, which is full of
// its beginning.
func (st *store) receiveFile(buf *[copyBuffer]byte, r io.Reader) (*blob, error) {
	f, err := os.CreateTemp(st.dir, "incoming-")
	if err != nil {
		return &blob{}, err
	}
	b := &blob{path: f.Name()}
	n, err := f.Write(buf[:])
	b.size = int64(n)
	if err == nil {
		var more int64
		more, err = io.CopyBuffer(onlyWriter{f}, r, buf[:])
		b.size += more
	}
	return b, errors.Join(err, f.Close())
}

// onlyWriter makes io.CopyBuffer use its buffer: a file would allocate another.
type onlyWriter struct{ io.Writer }

// keep gives received bytes their final place, if there is room for them.
func (st *store) keep(b *blob, hash contentHash) (err error) {
	final := st.path(hash)
	switch {
	case st.limit != 0 && st.held+b.size > st.limit:
		st.drop(b)
		b.path, b.gone = "", true
		return nil
	case st.dir == "":
		return nil
	case b.path != "":
		err = os.Rename(b.path, final)
	case b.size <= smallContent:
		final, b.packed = st.packPath(), true
		b.at, err = st.pack.add(b.bytes)
	default:
		if err = os.WriteFile(final, b.bytes, 0o600); err != nil {
			_ = os.Remove(final)
		}
	}
	if err == nil {
		b.path, b.bytes = final, nil
	}
	return err
}

// drop forgets bytes that nothing refers to. Bytes that someone reads just now
// can be read to their end, except on systems that cannot remove an open file.
func (st *store) drop(b *blob) {
	if b.path != "" && !b.packed {
		_ = os.Remove(b.path)
	}
	b.bytes = nil
}

// blobReader reads a blob from anywhere in it. Close it.
type blobReader interface {
	io.ReadSeekCloser
	io.ReaderAt
}

func (b *blob) open() (blobReader, error) {
	switch {
	case b.gone:
		return nil, fmt.Errorf("the bytes were not kept: %w", fs.ErrNotExist)
	case b.path == "":
		return memoryReader{bytes.NewReader(b.bytes)}, nil
	case b.packed:
		return openPacked(b)
	default:
		return os.Open(b.path)
	}
}

type memoryReader struct{ *bytes.Reader }

func (memoryReader) Close() error { return nil }
