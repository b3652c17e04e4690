package inspect

import (
	"errors"
	"io"
	"strings"
	"time"

	"github.com/albumwright/albumwright/exif"
)

// Facts are what the service knows of a file from its bytes.
type Facts struct {
	Type        Type
	Width       int           `json:",omitempty"` // pixels as stored, before Orientation; 0 = unknown
	Height      int           `json:",omitempty"` // pixels as stored; 0 = unknown
	Taken       time.Time     `json:",omitzero"`  // see takenAt; zero = the file does not say
	Orientation int           `json:",omitempty"` // how to turn it upright, as EXIF's 1..8; 0 = not stated
	Make        string        `json:",omitempty"` // of the camera
	Model       string        `json:",omitempty"`
	Exposure    exif.Exposure `json:",omitzero"`  // of a photo
	FPS         float64       `json:",omitempty"` // of a video, pictures a second; 0 = unknown
	Motion      bool          `json:",omitempty"` // a photo with a video inside: see [MotionVideo]
}

// read takes what the file says about itself, and what raw format a TIFF is. What
// is wrong with a record costs its facts, not the file.
func (f *Facts) read(r io.ReaderAt, size int64) error {
	said, err := exif.Read(r, size)
	if err != nil && !errors.Is(err, exif.ErrDamaged) {
		return err
	}
	if f.Type == TIFF {
		f.Type = rawType(said)
	}
	f.Width, f.Height, f.Orientation = said.Width, said.Height, uprightBy(said)
	f.Taken, f.Make, f.Model = takenAt(said.Capture), said.Make, said.Model
	if f.Type.Video() {
		f.FPS = frameRate(f.Type, r, size)
		return nil
	}
	f.Exposure, f.Motion = said.Exposure, said.Kind == exif.KindMotionPhoto
	return nil
}

// takenAt is a capture time as the service shows it: the moment, where the file
// says what the clock's zone was, else the wall clock as if it stood on UTC
// (contract 12 #40). Seconds are whole: a choice.
func takenAt(c exif.Capture) time.Time {
	t := c.Wall
	if moment, known := c.Instant(); known {
		t = moment
	}
	t = t.UTC().Truncate(time.Second)
	if t.Year() < 1 || t.Year() > 9999 {
		return time.Time{} // no Timestamp can be that
	}
	return t
}

// uprightBy is EXIF's number for how a picture is turned. Films and HEIF pictures
// say it in degrees, which count before a number that an editor may have left.
func uprightBy(said exif.Facts) int {
	if said.From.Rotation == "" {
		return said.Orientation
	}
	switch said.Rotation {
	case 90:
		return 6
	case 180:
		return 3
	case 270:
		return 8
	}
	return 1
}

// rawType tells the raw formats of TIFF's shape from a plain TIFF. The maker
// alone does not: a scanner's or an editor's TIFF names the camera too.
func rawType(said exif.Facts) Type {
	maker, model := strings.ToUpper(said.Make), strings.ToUpper(said.Model)
	is := func(names ...string) bool {
		for _, n := range names {
			if strings.HasPrefix(maker, n) {
				return true
			}
		}
		return false
	}
	switch {
	case said.Format == "DNG":
		return DNG
	case said.Format == "CR2":
		return CR2
	case said.Kind != exif.KindRaw:
		return TIFF
	case is("NIKON") && strings.HasPrefix(model, "COOLPIX"):
		return NRW
	case is("NIKON"):
		return NEF
	case is("SONY") && model == "DSC-R1": // the one camera that wrote SR2
		return SR2
	case is("SONY"):
		return ARW
	case is("PENTAX", "RICOH", "ASAHI"):
		return PEF
	case is("OLYMPUS"):
		return ORF
	}
	return DNG // what other makers write, and what converters make of the rest
}
