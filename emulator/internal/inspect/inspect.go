// Package inspect looks at uploaded bytes the way the service does before it
// makes a media item of them: by content, never by name.
//
// Call [File] with the bytes and their size. It answers with what the service
// would know about the file, or with one of [ErrNotMedia], [ErrDamaged] and
// [ErrTooLarge]. Whether there is a picture or film in the file at all is judged
// here, by the structure of each format; what the file says about it is read by
// package exif.
//
// Files are strangers: every walk has a bound on steps and on memory, no
// length that a file states about itself is believed, and no loop in its
// offsets is followed. No pixels are decoded.
package inspect

import (
	"errors"
	"io"
)

// Limits of the service, contract 3.3. The larger reading of "MB" and "GB" is
// taken: a file refused here is refused under any reading.
const (
	MaxPhotoBytes  = 200 << 20   // 200 MB for a photo
	MaxVideoBytes  = 20 << 30    // 20 GB for a video, and for any upload
	MaxPhotoPixels = 200_000_000 // 200 megapixels
)

// Why a file cannot become a media item. Errors returned by [File] wrap
// exactly one of these, or are read errors of the file itself.
var (
	ErrNotMedia = errors.New("not a photo or video of a known type")
	ErrDamaged  = errors.New("damaged or incomplete")
	ErrTooLarge = errors.New("larger than the service accepts")
)

// headSize is enough for every signature: ten transport stream packets of 192
// bytes are the longest.
const headSize = 4096

// File judges the size bytes of r by content. Its cost is bounded: at most one
// pass over a photo, a few small reads in anything else. The returned Facts
// hold the Type also when the error is [ErrDamaged] or [ErrTooLarge].
func File(r io.ReaderAt, size int64) (Facts, error) {
	head := make([]byte, min(size, headSize))
	if _, err := r.ReadAt(head, 0); err != nil && !errors.Is(err, io.EOF) {
		return Facts{}, err
	}
	f := Facts{Type: sniff(head)}
	switch {
	case f.Type == Unknown:
		return f, ErrNotMedia
	// Contract 12 #37: the upload accepts it, batchCreate refuses it.
	case !f.Type.Video() && size > MaxPhotoBytes, size > MaxVideoBytes:
		return f, ErrTooLarge
	}
	if err := isWhole(f.Type, r, size, head); err != nil {
		return f, err
	}
	if err := f.read(r, size); err != nil {
		return f, err
	}
	switch {
	case f.Type.statesSize() && f.Width == 0:
		return f, ErrDamaged
	case !f.Type.Video() && f.Width*f.Height > MaxPhotoPixels: // contract 12 #38
		return f, ErrTooLarge
	}
	return f, nil
}

// isWhole refuses files that lack what their format cannot be shown without.
func isWhole(t Type, r io.ReaderAt, size int64, head []byte) error {
	switch t {
	case JPEG:
		return wholeJPEG(r, size)
	case PNG:
		return wholePNG(r, size)
	case ICO:
		return wholeICO(head, size)
	case TIFF, RW2, ORF:
		return wholeTIFF(r, size, head)
	case HEIC, HEIF, AVIF:
		return needBox(r, size, "meta", "moov")
	case CR3, MP4, MOV, M4V, ThreeGP, ThreeG2:
		return needBox(r, size, "moov")
	default:
		return nil
	}
}

// statesSize reports whether a file of the type is damaged if nothing in it says
// how large its picture is.
func (t Type) statesSize() bool {
	switch t {
	case PNG, GIF, BMP, WebP, TIFF:
		return true
	}
	return false
}
