package pipeline

import (
	"bytes"
	"context"
	"crypto/sha256"
	"io"
	"os"
	"path/filepath"
	"time"

	"github.com/albumwright/albumwright/internal/ledger"
	"github.com/albumwright/albumwright/internal/report"
	"github.com/albumwright/albumwright/upload"
	"github.com/albumwright/albumwright/watcher"
)

// openSame opens a file for reading, if it still is the one that was looked at. Reading starts at the beginning.
func openSame(path string, was ledger.Pending) (*os.File, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	if err := same(f, was); err != nil {
		_ = f.Close()
		return nil, err
	}
	return f, nil
}

func same(f *os.File, was ledger.Pending) error {
	is, err := f.Stat()
	if err != nil {
		return err
	}
	if is.Size() != was.Size || !is.ModTime().Equal(was.ModTime) {
		return upload.ErrChanged
	}
	return nil
}

// untouched refuses a file that is not the one that was read, by all that the system says of it: nothing of it will be read again.
func untouched(path string, was ledger.Pending) error {
	is, err := watcher.Stat(filepath.Dir(path), path)
	if err != nil {
		return err
	}
	if is.Size != was.Size || !is.ModTime.Equal(was.ModTime) || !sameChange(is.Changed, was.Changed) {
		return upload.ErrChanged
	}
	return nil
}

// sameChange compares the system's own times of change, as far as they are known.
func sameChange(a, b time.Time) bool { return a.Equal(b) || a.IsZero() || b.IsZero() }

// readFile reads a whole file that nobody changes meanwhile.
func readFile(path string, was ledger.Pending) ([]byte, error) {
	f, err := openSame(path, was)
	if err != nil {
		return nil, err
	}
	defer func() { _ = f.Close() }()
	body := make([]byte, was.Size)
	if _, err := io.ReadFull(f, body); err != nil {
		if err == io.ErrUnexpectedEOF || err == io.EOF {
			return nil, upload.ErrChanged
		}
		return nil, err
	}
	return body, same(f, was)
}

// hashFile reads a whole file just for its hash.
func hashFile(ctx context.Context, path string, was ledger.Pending) (sum hash, err error) {
	f, err := openSame(path, was)
	if err != nil {
		return sum, err
	}
	defer func() { _ = f.Close() }()
	h := sha256.New()
	if _, err := io.CopyBuffer(h, readerUntil{ctx, f}, make([]byte, 1<<20)); err != nil {
		return sum, err
	}
	return hash(h.Sum(nil)), same(f, was)
}

// readerUntil reads until its context ends.
type readerUntil struct {
	ctx  context.Context
	from io.Reader
}

func (r readerUntil) Read(p []byte) (int, error) {
	if r.ctx.Err() != nil {
		return 0, context.Cause(r.ctx)
	}
	return r.from.Read(p)
}

// memoryFile is a body that is opened from the start as often as needed.
func memoryFile(body []byte) io.ReadSeekCloser { return nopCloser{bytes.NewReader(body)} }

type nopCloser struct{ *bytes.Reader }

func (nopCloser) Close() error { return nil }

// headerBlock is read at once from the start of every new file: type and capture facts of most photos are in it.
const headerBlock = 8 << 10

// countedReader counts what is read of a header, and reads its first block only once.
type countedReader struct {
	from  io.ReaderAt
	first []byte
	n     int64 // bytes read from the file
}

// head returns the first block of a file, less if the file is shorter.
func (c *countedReader) head(size int64) ([]byte, error) {
	block := make([]byte, min(headerBlock, size))
	n, err := c.from.ReadAt(block, 0)
	c.n += int64(n)
	c.first = block[:n]
	if err == io.EOF {
		err = nil
	}
	return c.first, err
}

// ReadAt reads from the first block, where it can.
func (c *countedReader) ReadAt(p []byte, at int64) (int, error) {
	if at >= 0 && at+int64(len(p)) <= int64(len(c.first)) {
		return copy(p, c.first[at:]), nil
	}
	n, err := c.from.ReadAt(p, at)
	c.n += int64(n)
	return n, err
}

func (r *run) countHeader(n int64) {
	r.tally.Bytes(func(b *report.Bytes) { b.Headers += n })
}
