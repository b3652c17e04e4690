// Package inspect looks at uploaded bytes the way the service does before it
// makes a media item of them: by content, never by name.
//
// Call [File] with the bytes and their size. It answers with what the service
// would know about the file, or with one of [ErrNotMedia], [ErrDamaged] and
// [ErrTooLarge].
//
// Files are strangers: every walk has a bound on steps and on memory, no
// length that a file states about itself is believed, and no loop in its
// offsets is followed. It decodes no pixels, and it reads capture facts only
// where the emulator reports them (EXIF in JPEG and TIFF based files).
package inspect

import (
	"bytes"
	"errors"
	"io"
	"time"
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

// Facts are what the service knows of a file from its bytes.
type Facts struct {
	Type        Type
	Width       int       // pixels as stored, before Orientation; 0 = unknown
	Height      int       // pixels as stored; 0 = unknown
	Taken       time.Time // EXIF DateTimeOriginal, wall clock read as UTC; zero = unknown
	Orientation int       // EXIF 1..8; 0 = not stated
}

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
	t := sniff(head)
	if t == Unknown {
		return Facts{}, ErrNotMedia
	}
	f := Facts{Type: t}
	// Contract 12 #37: the upload accepts it, batchCreate refuses it.
	if !t.Video() && size > MaxPhotoBytes || size > MaxVideoBytes {
		return f, ErrTooLarge
	}
	err := look(&f, r, size, head)
	if err == nil && f.Width*f.Height > MaxPhotoPixels { // contract 12 #38
		err = ErrTooLarge
	}
	return f, err
}

// look fills f with what the format's own header says, and refuses files whose
// structure cannot be shown.
func look(f *Facts, r io.ReaderAt, size int64, head []byte) error {
	switch f.Type {
	case JPEG:
		return lookJPEG(f, r, size)
	case PNG:
		return lookPNG(f, r, size, head)
	case GIF, BMP, ICO, WebP:
		return lookSimple(f, size, head)
	case TIFF, RW2, ORF:
		return lookTIFF(f, r, size)
	case HEIC, HEIF, AVIF:
		return needBox(r, size, "meta", "moov")
	case CR3, MP4, MOV, M4V, ThreeGP, ThreeG2:
		return needBox(r, size, "moov")
	default:
		return nil
	}
}

// sniff names the type by its first bytes. TIFF based raw files come out as
// TIFF; [lookTIFF] tells them apart.
func sniff(head []byte) Type {
	for _, s := range signatures {
		if len(head) >= s.at+len(s.magic) && string(head[s.at:s.at+len(s.magic)]) == s.magic {
			return s.typ
		}
	}
	switch {
	case bytes.HasPrefix(head, []byte("\x1A\x45\xDF\xA3")):
		return sniffEBML(head)
	case len(head) >= 12 && isBoxStart(head[4:8]):
		return sniffBox(head)
	case isTransportStream(head, 188, 0), isTransportStream(head, 192, 4):
		return MPEGTS
	default:
		return Unknown
	}
}

// sniffEBML tells Matroska from its subset WebM by the document type that the
// header must state.
func sniffEBML(head []byte) Type {
	start := head[:min(len(head), 64)]
	switch {
	case bytes.Contains(start, []byte("webm")):
		return WebM
	case bytes.Contains(start, []byte("matroska")):
		return MKV
	default:
		return Unknown
	}
}

// isTransportStream wants the sync byte at the start of each of the first ten
// packets, or of all packets when the file has only a few: one byte alone
// would let any text that begins with a G pass.
func isTransportStream(head []byte, packet, at int) bool {
	n := min(len(head)/packet, 10)
	if n == 0 || n < 3 && len(head)%packet != 0 {
		return false
	}
	for i := range n {
		if head[i*packet+at] != 0x47 {
			return false
		}
	}
	return true
}
