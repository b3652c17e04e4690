package emulator

import (
	"bytes"
	"encoding/hex"
	"errors"
	"io"
	"os"
	"path/filepath"
)

// store keeps the bytes of uploads, in memory or in one folder. File names
// come from hashes and chance, never from a client.
//
// receive may run in many uploads at once. keep and drop of one content must
// not overlap: Server.mu is held for both.
type store struct {
	dir string // "" = in memory
}

// openStore uses a folder below parent, and clears away what an earlier server
// had not finished to receive.
func openStore(parent string) (*store, error) {
	if parent == "" {
		return &store{}, nil
	}
	dir := filepath.Join(parent, "media")
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return nil, err
	}
	unfinished, err := filepath.Glob(filepath.Join(dir, "incoming-*"))
	for _, path := range unfinished {
		err = errors.Join(err, os.Remove(path))
	}
	return &store{dir: dir}, err
}

// kept is the bytes that are there under a hash, of an earlier server or of a
// call of keep.
func (st *store) kept(hash contentHash, size int64) *blob {
	if st.dir == "" {
		return &blob{size: size}
	}
	return &blob{path: st.path(hash), size: size}
}

func (st *store) path(hash contentHash) string {
	return filepath.Join(st.dir, hex.EncodeToString(hash[:]))
}

// blob is the bytes of one content. It never changes once it is kept.
type blob struct {
	path  string // where it is, if on disk
	bytes []byte // else
	size  int64
}

// receive reads r to its end, piece by piece when there is a folder. The bytes
// are the caller's, to keep or to drop.
func (st *store) receive(r io.Reader) (*blob, error) {
	if st.dir == "" {
		all, err := io.ReadAll(r)
		return &blob{bytes: all, size: int64(len(all))}, err
	}
	f, err := os.CreateTemp(st.dir, "incoming-")
	if err != nil {
		return nil, err
	}
	n, err := io.Copy(f, r)
	if err = errors.Join(err, f.Close()); err != nil {
		return nil, errors.Join(err, os.Remove(f.Name()))
	}
	return &blob{path: f.Name(), size: n}, nil
}

// keep gives received bytes their final name.
func (st *store) keep(b *blob, hash contentHash) error {
	if b.path == "" {
		return nil
	}
	final := st.path(hash)
	if err := os.Rename(b.path, final); err != nil {
		return err
	}
	b.path = final
	return nil
}

// drop forgets bytes that nothing refers to. Bytes that someone reads just now
// can be read to their end, except on systems that cannot remove an open file.
func (st *store) drop(b *blob) {
	if b.path != "" {
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
	if b.path != "" {
		return os.Open(b.path)
	}
	return memoryReader{bytes.NewReader(b.bytes)}, nil
}

type memoryReader struct{ *bytes.Reader }

func (memoryReader) Close() error { return nil }
