// Package file reads a stranger's file piece by piece, within bounds: so many
// bytes in all, so many at once, and never a byte that is not asked for twice.
//
// Every reader of a container begins with a [Source]; what it finds inside, an
// EXIF block for example, is a [Block], which may lie in several pieces of the
// file. What is wrong with a file goes to [Complaints].
package file

import (
	"errors"
	"io"
)

// What one file may cost.
const (
	// MaxRead bounds the bytes read from one file apart from XMP. Metadata that
	// people keep fits into some hundred KiB; 4 MiB leaves room for an odd order
	// of segments.
	MaxRead = 4 << 20

	// MaxLong bounds the bytes of XMP packets, which editors fill with histories
	// and masks.
	MaxLong = 8 << 20

	// headSize is read first: enough to tell every format.
	headSize = 512

	// defaultAhead is the least that a later read asks for, until [Source.Ahead]
	// says otherwise: small things that are wanted together lie together.
	defaultAhead = 512

	// MaxValue bounds one value: a JPEG segment cannot hold more, and no longer
	// caption is known.
	MaxValue = 64 << 10
)

// The errors of reading, apart from the reader's own.
var (
	ErrOutside = errors.New("outside of the file")
	ErrTooFar  = errors.New("beyond the first 4 MiB of metadata")
)

// Source reads a file and keeps two pieces of it: the head and the last window.
// It is used by one goroutine.
type Source struct {
	r        io.ReaderAt
	size     int64 // lowered when the file turns out to be shorter
	left     int64 // bytes that may still be read
	leftLong int64
	ahead    int

	head     []byte
	window   []byte
	windowAt int64

	failed error // of r; nothing is read after it
}

// New returns a Source of the size bytes behind r. Nothing is read yet.
func New(r io.ReaderAt, size int64) *Source {
	return &Source{r: r, size: max(size, 0), left: MaxRead, leftLong: MaxLong, ahead: defaultAhead}
}

// Size is the file's length in bytes, as far as is known.
func (s *Source) Size() int64 { return s.size }

// Err is the error with which the reader failed, if it did. Damage of the file,
// such as its end in the middle of a value, is none.
func (s *Source) Err() error { return s.failed }

// Spent is how many bytes were read so far: all but those of [Source.Long], and those.
func (s *Source) Spent() (plain, long int64) { return MaxRead - s.left, MaxLong - s.leftLong }

// Whole is the file as one Block.
func (s *Source) Whole() Block { return s.Piece(0, s.size) }

// Piece is a stretch of the file as a Block; what of it lies outside is cut off.
func (s *Source) Piece(off, size int64) Block {
	off = min(max(off, 0), s.size)
	size = min(max(size, 0), s.size-off)
	return Block{src: s, spans: []Span{{off, size}}, size: size}
}

// Ahead sets the least number of bytes that later reads ask for. A format whose
// records lie close together reads more at once, one that leaps reads less.
func (s *Source) Ahead(n int) { s.ahead = n }

// Begin reads the file's first bytes: n, or 512 if that is more, or as many as
// there are. They stay at hand for all later calls of At.
func (s *Source) Begin(n int) error {
	n = int(min(int64(max(n, headSize)), s.size))
	if len(s.head) >= n {
		return nil
	}
	old := len(s.head)
	head := make([]byte, n)
	copy(head, s.head)
	rest, err := s.fetch(head[old:], int64(old), 0, n-old)
	s.head = head[:old+len(rest)]
	return err
}

// Head returns the first bytes as far as there are any, at most 512 unless Begin
// asked for more.
func (s *Source) Head() []byte {
	if s.head == nil && s.Begin(headSize) != nil {
		return nil
	}
	return s.head
}

// At returns the n bytes at off, valid until the next call. Its errors are
// ErrOutside, ErrTooFar, or the reader's own.
func (s *Source) At(off int64, n int) ([]byte, error) {
	if off < 0 || n < 0 || int64(n) > s.size || off > s.size-int64(n) {
		return nil, ErrOutside
	}
	if s.head == nil {
		if err := s.Begin(headSize); err != nil {
			return nil, err
		}
	}
	if b, ok := within(s.head, 0, off, n); ok {
		return b, nil
	}
	if b, ok := within(s.window, s.windowAt, off, n); ok {
		return b, nil
	}
	b, err := s.fetch(s.window, off, n, max(n, s.ahead))
	if err != nil {
		return nil, err
	}
	s.window, s.windowAt = b, off
	return b[:n], nil
}

// Long returns the n bytes at off in memory of their own. It is for XMP packets,
// which have a bound of their own in [MaxLong].
func (s *Source) Long(off int64, n int) ([]byte, error) {
	if off < 0 || n < 0 || int64(n) > s.size || off > s.size-int64(n) {
		return nil, ErrOutside
	}
	if int64(n) > s.leftLong {
		return nil, ErrTooFar
	}
	if b, ok := within(s.head, 0, off, n); ok {
		return append([]byte(nil), b...), nil
	}
	s.leftLong -= int64(n)
	s.left += int64(n) // fetch takes it away again
	return s.fetch(nil, off, n, n)
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
func (s *Source) fetch(buf []byte, off int64, need, want int) ([]byte, error) {
	if s.failed != nil {
		return nil, s.failed
	}
	want = int(min(int64(want), s.size-off, s.left))
	if want < need {
		return nil, ErrTooFar
	}
	if cap(buf) < want {
		buf = make([]byte, want)
	}
	s.window = nil // its bytes may be the ones that are overwritten
	got, err := s.r.ReadAt(buf[:want], off)
	s.left -= int64(got)
	switch {
	case got == want:
	case err == nil || errors.Is(err, io.EOF):
		s.size = off + int64(got)
	default:
		s.failed = err
	}
	if got < need || s.failed != nil && need == 0 {
		if s.failed != nil {
			return nil, s.failed
		}
		return nil, ErrOutside
	}
	return buf[:got], nil
}
