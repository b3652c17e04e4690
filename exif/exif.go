// Package exif reads the facts of a photo or video that say where it belongs:
// when it was taken and how well that is known, with which camera, where, which
// way up, and what its owner wrote about it.
//
// Call [Read] with an open file; it reads a few KiB of it and never the whole.
// Then call [Resolve] with what is known beside the content, the file's name and
// its sidecars above all; it fills what the file leaves open, and says that it
// did. Every fact comes with the record that it was taken from.
//
// Files come from strangers, so everything is bounded: the bytes read, the
// memory, the number of records. Our own walkers find the records in each
// container; EXIF blocks are rebuilt from their few wanted tags, and only the
// rebuilt block is decoded, by goexif, which a crafted original can make loop
// for ever. No input makes Read panic.
//
// The package keeps no state and starts no goroutines; all functions may be
// called from many at once.
package exif

import (
	"errors"
	"fmt"
	"io"
	"time"

	"github.com/albumwright/albumwright/exif/internal/claim"
	"github.com/albumwright/albumwright/exif/internal/file"
)

// Format is the kind of file, as its content tells: "JPEG", "HEIC", "MP4". The
// names are those of the table of types in docs/facts.md.
type Format string

// FormatUnknown is the Format of a file that is none of the known ones.
const FormatUnknown Format = ""

// Kind is what a person would call the file.
type Kind string

// The kinds. A file of unknown format has none.
const (
	KindPhoto       Kind = "photo"
	KindVideo       Kind = "video"
	KindMotionPhoto Kind = "motion photo" // a still with a video inside
	KindRaw         Kind = "raw"          // what a camera's sensor saw
	KindScreenshot  Kind = "screenshot"
)

// Facts is what a file says about itself. A zero field is a fact that the file
// does not tell, or tells in a way that cannot be true.
type Facts struct {
	Format  Format
	Kind    Kind
	Capture Capture

	// The camera. Leading and trailing spaces and NULs are cut off.
	Make, Model, Serial string

	// Orientation is EXIF's number, 1 to 8: how to turn the stored picture.
	Orientation int

	// Rotation of a video, or of a HEIF picture, in degrees clockwise to show it
	// upright: 0, 90, 180, 270. From.Rotation tells a recorded zero from none. A
	// picture that has an Orientation too is to be turned once, not twice.
	Rotation int

	// Width and Height of the picture as it is stored, in pixels.
	Width, Height int

	// Satellites is the GPS receiver's time, in UTC, if one was recorded: that of the
	// shot, or of the last fix before it.
	Satellites time.Time

	// Duration of a video, or of an animation that says it.
	Duration time.Duration

	Exposure Exposure

	Place Place

	// Description is text that a person may have written, in UTF-8. What cameras
	// and editors put there by themselves is left out. It is not cut to the service's
	// limit, but one of more than 64 KiB is not read whole.
	Description string

	// Rating is one to five stars, or -1 for a picture that was rejected.
	Rating int

	// ContentID is what a Live Photo's still and video have in common.
	ContentID string

	// Burst is what the photos of one burst have in common.
	Burst string

	// From names the record that each fact was taken from.
	From Origins
}

// Origins are the sources of facts; that of the capture time is in Capture.
type Origins struct {
	Make, Model, Serial        Source
	Orientation, Rotation      Source
	Size, Duration             Source
	Place, Description, Rating Source
	ContentID, Burst, Exposure Source
}

// Place is where a photo was taken, in degrees, north and east positive. The
// zero Place means unknown.
type Place struct{ Lat, Lon float64 }

// IsZero reports whether the place is unknown.
func (p Place) IsZero() bool { return p == Place{} }

// Exposure is how a photo was exposed. What the camera did not record is zero.
type Exposure struct {
	Time        time.Duration // that the shutter was open
	FNumber     float64       // of the aperture: 2.8 for f/2.8
	FocalLength float64       // of the lens, in millimetres, as it is and not as in a film camera
	ISO         int           // sensitivity
}

// ErrDamaged marks errors about a file that ends too early or contradicts
// itself. The facts returned beside it are those that could still be read.
var ErrDamaged = errors.New("damaged")

// Read returns the facts of the file behind r, which is size bytes long.
//
// A file of another kind, also an empty one, gives the zero Facts and no error. A
// damaged one gives what could be read and an error that wraps [ErrDamaged] and
// says what is wrong. An error of r itself comes back wrapped, again with what
// was read before it. Read makes a handful of ReadAt calls for at most 4 MiB, and
// 8 MiB of XMP, in all; 1 to 5 KiB are typical.
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
	src := file.New(r, size)
	format, kind := sniff(src)
	var said claim.Set
	var bad file.Complaints
	if reader := readerOf(format); reader != nil {
		reader(src, &said, &bad)
	}
	f := choose(format, kind, &said)
	if src.Err() != nil {
		return f, fmt.Errorf("exif: %w", src.Err())
	}
	if bad.First() != "" {
		return f, fmt.Errorf("exif: %w %s: %s", ErrDamaged, format, bad.First())
	}
	return f, nil
}
