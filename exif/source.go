package exif

import (
	"errors"
	"io"
)

// What one file may cost.
const (
	// maxRead bounds the bytes read from one file. Metadata that people keep fits
	// into some hundred KiB; 4 MiB leaves room for an odd order of segments.
	maxRead = 4 << 20

	// headSize is read first. The EXIF directories of most cameras lie in the
	// first two KiB, before their maker note, so one read answers most questions.
	headSize = 4 << 10

	// readAhead is the least that a later read asks for: the segments behind the
	// EXIF block of a JPEG are small and lie next to each other.
	readAhead = 512

	// maxValue bounds one value, and so the window: a JPEG segment cannot hold
	// more, and no longer caption is known.
	maxValue = 64 << 10
)

var (
	errOutside = errors.New("outside of the file")
	errTooFar  = errors.New("beyond the first 4 MiB of metadata")
	errGarbage = errors.New("no marker in 64 KiB of stray bytes")
)

// source reads a file piece by piece and keeps two pieces: the head and the
// last window. It is used by one goroutine.
type source struct {
	r    io.ReaderAt
	size int64 // lowered when the file turns out to be shorter
	left int64 // bytes that may still be read

	head     []byte
	window   []byte
	windowAt int64

	failed error // of r; nothing is read after it
}

func newSource(r io.ReaderAt, size int64) *source {
	return &source{r: r, size: max(size, 0), left: maxRead}
}

// at returns the n bytes at off, valid until the next call. Its errors are
// errOutside, errTooFar, or the reader's own.
func (s *source) at(off int64, n int) ([]byte, error) {
	if off < 0 || n < 0 || int64(n) > s.size || off > s.size-int64(n) {
		return nil, errOutside
	}
	if s.head == nil {
		head, err := s.fetch(nil, 0, 0, headSize)
		if err != nil {
			return nil, err
		}
		s.head = head
	}
	if b, ok := within(s.head, 0, off, n); ok {
		return b, nil
	}
	if b, ok := within(s.window, s.windowAt, off, n); ok {
		return b, nil
	}
	b, err := s.fetch(s.window, off, n, max(n, readAhead))
	if err != nil {
		return nil, err
	}
	s.window, s.windowAt = b, off
	return b[:n], nil
}

// within cuts n bytes at file offset off out of piece, which starts at start.
func within(piece []byte, start, off int64, n int) ([]byte, bool) {
	from := off - start
	if from < 0 || from > int64(len(piece))-int64(n) {
		return nil, false
	}
	return piece[from : from+int64(n)], true
}

// fetch reads at least need and at most want bytes at off into buf.
func (s *source) fetch(buf []byte, off int64, need, want int) ([]byte, error) {
	if s.failed != nil {
		return nil, s.failed
	}
	want = int(min(int64(want), s.size-off, s.left))
	if want < need {
		return nil, errTooFar
	}
	if cap(buf) < want {
		buf = make([]byte, want)
	}
	s.window = nil // its bytes are being overwritten
	got, err := s.r.ReadAt(buf[:want], off)
	s.left -= int64(got)
	switch {
	case got == want:
	case err == nil || errors.Is(err, io.EOF):
		s.size = off + int64(got)
	default:
		s.failed = err
	}
	if got < need {
		if s.failed != nil {
			return nil, s.failed
		}
		return nil, errOutside
	}
	return buf[:got], nil
}

// span is a piece of a file, in bytes.
type span struct{ off, size int64 }

// block is an EXIF block: one TIFF structure that may lie in several pieces of
// the file. Offsets count from its first byte.
type block struct {
	src   *source
	spans []span
	size  int64
}

// at returns the n bytes at off, valid until the next call.
func (b block) at(off int64, n int) ([]byte, error) {
	if off < 0 || n < 0 || int64(n) > b.size || off > b.size-int64(n) {
		return nil, errOutside
	}
	var out []byte // of a value that crosses the border of two pieces
	for _, s := range b.spans {
		if off >= s.size {
			off -= s.size
			continue
		}
		if out == nil && int64(n) <= s.size-off {
			return b.src.at(s.off+off, n)
		}
		part := int(min(int64(n-len(out)), s.size-off))
		piece, err := b.src.at(s.off+off, part)
		if err != nil {
			return nil, err
		}
		if out = append(out, piece...); len(out) == n {
			return out, nil
		}
		off = 0
	}
	return nil, errOutside
}
