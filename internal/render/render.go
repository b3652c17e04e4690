// Package render makes pictures of photos: as large as is asked for, upright, as
// JPEG or PNG. For videos, and for photos that cannot be decoded at a reasonable
// cost, it draws tiles with the type's name.
//
// Make one [Maker] for all pictures of a server: it bounds what is decoded at
// once and remembers the last pictures. Files are strangers' and decoders meet
// them: what they panic at is an error here, and what would cost too much is
// refused before it is decoded.
package render

import (
	"context"
	"errors"
	"fmt"
	"image"
	_ "image/gif" // decoders of what the service takes and we can show
	_ "image/jpeg"
	_ "image/png"
	"io"

	_ "golang.org/x/image/bmp"
	_ "golang.org/x/image/tiff"
	_ "golang.org/x/image/webp"
	"golang.org/x/sync/semaphore"
)

// Bounds of what a picture may cost.
const (
	maxPixels  = 60_000_000 // of a photo, and of all that are decoded at once
	maxBytes   = 240 << 20  // of the pixels of a photo
	cacheBytes = 32 << 20
)

// Why there is no picture of a photo or video; errors of [Maker.Picture] may also
// be those of a decoder or of reading the file.
var (
	ErrNotDrawn = errors.New("not of a kind that is drawn")
	ErrTooLarge = errors.New("too many pixels")
)

// Subject is a photo or video.
type Subject struct {
	Key           string // names its bytes: the same key, the same bytes
	TypeName      string // for people: "JPEG"
	Video, Raw    bool   // are not decoded
	Width, Height int    // pixels as stored; 0 = unknown
	Orientation   int    // EXIF 1..8; 0 = not stated

	// Open opens the bytes. Who calls it closes them.
	Open func() (io.ReadSeekCloser, error)
}

// Picture is an encoded image.
type Picture struct {
	ContentType string
	Bytes       []byte
}

// Maker makes pictures; its methods can be called from many goroutines at once.
type Maker struct {
	cache  *cache
	pixels *semaphore.Weighted // that may be decoded
}

// New returns a Maker that remembers nothing yet.
func New() *Maker {
	return &Maker{cache: newCache(cacheBytes), pixels: semaphore.NewWeighted(maxPixels)}
}

// Picture finds or makes a picture of a photo in a frame. It waits for its turn
// to decode, or until ctx ends.
//
// It is a JPEG, or a PNG if it can be seen through; a PNG in a frame without
// bounds stays one. No record of the photo's is in it.
func (m *Maker) Picture(ctx context.Context, s Subject, f Frame) (Picture, error) {
	if s.Video || s.Raw {
		return Picture{}, ErrNotDrawn
	}
	key := fmt.Sprintf("%s %+v", s.Key, f)
	if p, ok := m.cache.get(key); ok {
		return p, nil
	}
	src, err := s.Open()
	if err != nil {
		return Picture{}, err
	}
	defer src.Close()
	format, pixels, err := measure(src)
	if err != nil {
		return Picture{}, err
	}
	if err := m.pixels.Acquire(ctx, pixels); err != nil {
		return Picture{}, err
	}
	defer m.pixels.Release(pixels)
	if p, ok := m.cache.get(key); ok { // made while we waited
		return p, nil
	}
	p, err := picture(src, s, f, format)
	if err == nil {
		m.cache.put(key, p)
	}
	return p, err
}

// measure asks what decoding would cost, and refuses too much of it.
func measure(src io.ReadSeeker) (format string, pixels int64, err error) {
	defer rescue(&err)
	c, format, err := image.DecodeConfig(src)
	if err != nil {
		return "", 0, err
	}
	if c.Width <= 0 || c.Height <= 0 || c.Width > maxPixels/c.Height {
		return "", 0, ErrTooLarge
	}
	pixels = int64(c.Width) * int64(c.Height)
	if pixels*bytesPerPixel(c.ColorModel) > maxBytes {
		return "", 0, ErrTooLarge
	}
	return format, pixels, nil
}

// picture decodes, scales down and turns.
func picture(src io.ReadSeeker, s Subject, f Frame, format string) (p Picture, err error) {
	defer rescue(&err)
	if _, err := src.Seek(0, io.SeekStart); err != nil {
		return p, err
	}
	img, _, err := image.Decode(src)
	if err != nil {
		return p, err
	}
	if onItsSide(s.Orientation) {
		f.W, f.H = f.H, f.W
	}
	img = turn(shrink(img, f), s.Orientation)
	if format == "png" && f == (Frame{}) {
		return encodePNG(img)
	}
	return encode(img)
}

// rescue makes an error of a decoder's panic.
func rescue(err *error) {
	if r := recover(); r != nil {
		*err = fmt.Errorf("decoder panicked: %v", r)
	}
}
