// Package exif reads the facts of a photo that say where it belongs: when it
// was taken and how well that is known, with which camera, where, which way up,
// and what its owner wrote about it.
//
// Call [Read] with an open file; it reads a few KiB of the header and never the
// whole file. Then call [Resolve], which falls back to the file's name and to
// its modification time where the file itself is silent, and says that it did.
//
// Files come from strangers, so everything is bounded: the bytes read, the
// memory, the number of tags. Own walkers find the EXIF block, a sanitiser copies
// the few wanted tags into a fresh block, and only that one is decoded, by goexif,
// which a crafted original can make loop for ever. No input makes Read panic.
//
// JPEG and TIFF are read, and with TIFF the raw formats shaped like it (DNG, CR2,
// NEF, ARW). XMP, IPTC and maker notes are not read. The package keeps no state
// and starts no goroutines; all functions may be called from many at once.
package exif

import (
	"errors"
	"fmt"
	"io"
)

// Format is the kind of file, as its first bytes tell.
type Format string

// The formats whose facts are read. Any other file has FormatUnknown.
const (
	FormatUnknown Format = ""
	FormatJPEG    Format = "JPEG"
	FormatTIFF    Format = "TIFF" // and raw formats that are TIFF files
)

// Facts is what a file says about itself. A zero field is a fact that the file
// does not tell, or tells in a way that cannot be true.
type Facts struct {
	Format  Format
	Capture Capture

	// The camera. Leading and trailing spaces and NULs are cut off.
	Make, Model, Serial string

	// Orientation is EXIF's number, 1 to 8: how to turn the stored picture.
	Orientation int

	// Width and Height of the picture as it is stored, in pixels.
	Width, Height int

	Place Place

	// Description is text that a person may have written: ImageDescription,
	// otherwise UserComment, in UTF-8. What cameras and editors put there by
	// themselves is left out. It is not cut to any limit.
	Description string
}

// ErrDamaged marks errors about a file that ends too early or contradicts
// itself. The facts returned beside it are those that could still be read.
var ErrDamaged = errors.New("damaged")

// Read returns the facts of the file behind r, which is size bytes long.
//
// A file of another kind, also an empty one, gives the zero Facts and no error. A
// damaged one gives what could be read and an error that wraps [ErrDamaged] and
// says what is wrong. An error of r itself comes back wrapped, again with what
// was read before it. Read makes a handful of ReadAt calls for at most 4 MiB in
// all; 5 KiB are typical.
func Read(r io.ReaderAt, size int64) (f Facts, err error) {
	// The last net: a panic here is a bug of ours or of goexif, but it must not
	// take down a program that was given ten thousand files.
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("exif: %w: %v", ErrDamaged, p)
		}
	}()
	return read(r, size)
}

func read(r io.ReaderAt, size int64) (Facts, error) {
	src := newSource(r, size)
	f := Facts{Format: sniff(src)}
	var bad complaints
	switch f.Format {
	case FormatJPEG:
		readJPEG(src, &f, &bad)
	case FormatTIFF:
		readTIFF(src, &f, &bad)
	}
	if src.failed != nil {
		return f, fmt.Errorf("exif: %w", src.failed)
	}
	return f, bad.err(f.Format)
}

func readJPEG(src *source, f *Facts, bad *complaints) {
	pic := walkJPEG(src, bad)
	for _, b := range pic.exif {
		block := sanitise(b, bad)
		f.fill(decode(block, bad))
	}
	// The frame header is the truth: EXIF's size survives cropping by programs
	// that do not know it.
	if pic.width > 0 && pic.height > 0 {
		f.Width, f.Height = pic.width, pic.height
	}
}

func readTIFF(src *source, f *Facts, bad *complaints) {
	whole := block{src: src, spans: []span{{size: src.size}}, size: src.size}
	clean := sanitise(whole, bad)
	f.fill(decode(clean, bad))
	if clean.width > 0 && clean.height > 0 {
		f.Width, f.Height = clean.width, clean.height
	}
}

// fill takes those facts from other that are still missing: the first EXIF
// block of a file is believed, a second one may only add.
func (f *Facts) fill(other Facts) {
	if f.Capture.IsZero() {
		f.Capture = other.Capture
	}
	if f.Make == "" && f.Model == "" {
		f.Make, f.Model, f.Serial = other.Make, other.Model, other.Serial
	}
	if f.Orientation == 0 {
		f.Orientation = other.Orientation
	}
	if f.Width == 0 || f.Height == 0 {
		f.Width, f.Height = other.Width, other.Height
	}
	if f.Place.IsZero() {
		f.Place = other.Place
	}
	if f.Description == "" {
		f.Description = other.Description
	}
}

// sniff tells the format from the first bytes. Names are not asked: a file
// whose extension lies is common, one whose first bytes lie is not a photo.
func sniff(src *source) Format {
	b, err := src.at(0, 4)
	if err != nil {
		return FormatUnknown
	}
	switch {
	case b[0] == 0xff && b[1] == markerSOI && b[2] == 0xff:
		return FormatJPEG
	case isTIFFHeader(b):
		return FormatTIFF
	}
	return FormatUnknown
}

// isTIFFHeader reports whether b starts with a byte order mark and the number
// 42 in that order.
func isTIFFHeader(b []byte) bool {
	return len(b) >= 4 && (string(b[:4]) == "II*\x00" || string(b[:4]) == "MM\x00*")
}

// complaints collects what is wrong with a file while its reading goes on.
type complaints struct{ first string }

// add keeps the first complaint: what follows is mostly its consequence.
func (c *complaints) add(format string, args ...any) {
	if c.first == "" {
		c.first = fmt.Sprintf(format, args...)
	}
}

func (c *complaints) err(f Format) error {
	if c.first == "" {
		return nil
	}
	return fmt.Errorf("exif: %w %s: %s", ErrDamaged, f, c.first)
}
