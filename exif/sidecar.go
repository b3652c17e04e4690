package exif

import (
	"errors"
	"fmt"
	"io"

	"github.com/albumwright/albumwright/exif/internal/claim"
	"github.com/albumwright/albumwright/exif/internal/file"
	"github.com/albumwright/albumwright/exif/internal/takeout"
	"github.com/albumwright/albumwright/exif/internal/xmp"
)

// maxSidecarXMP bounds a sidecar as MaxLong bounds the XMP inside a file.
const maxSidecarXMP = file.MaxLong

// Sidecar is what a file beside a photo or video says about it. The zero Sidecar
// says nothing.
type Sidecar struct {
	Kind SidecarKind

	// Title is the name that the photo had in Google Photos; empty in other kinds.
	Title string

	// Facts are what the sidecar says, with the records that say it in From and
	// Capture.Source. Format and Kind are those of the photo, so they are empty.
	Facts Facts
}

// ErrNotSidecar is returned for a JSON file that is not about a photo or video:
// Takeout has others, of albums for example, and so have other programs.
var ErrNotSidecar = errors.New("not about a photo or video")

// Read reads the sidecar's content by its kind: see [ReadXMP] and [ReadTakeout].
func (f SidecarFile) Read(r io.Reader) (Sidecar, error) {
	if f.Kind == SidecarTakeout {
		return ReadTakeout(r)
	}
	return ReadXMP(r)
}

// ReadXMP reads an .xmp file. A damaged one, or one over 8 MiB, gives what could
// be read and an error that wraps [ErrDamaged] and says what is wrong; an error
// of r comes back wrapped.
func ReadXMP(r io.Reader) (s Sidecar, err error) {
	defer netUnder(&err)
	packet, err := readAtMost(r, maxSidecarXMP)
	if err != nil {
		return Sidecar{}, fmt.Errorf("exif: XMP sidecar: %w", err)
	}
	var said claim.Set
	var bad file.Complaints
	xmp.Read(packet, &said, &bad)
	s = Sidecar{Kind: SidecarXMP, Facts: beside(choose(FormatUnknown, KindPhoto, &said))}
	if bad.First() != "" {
		return s, fmt.Errorf("exif: %w XMP sidecar: %s", ErrDamaged, bad.First())
	}
	return s, nil
}

// beside marks the facts of a packet as those of a sidecar. Of its times only
// those count that a person enters or a program takes over from the file.
func beside(f Facts) Facts {
	f.Kind = ""
	switch f.Capture.Source {
	case SourceXMPOriginal:
		f.Capture.Source = SourceSidecarOriginal
	case SourceXMPCreated:
		f.Capture.Source = SourceSidecarCreated
	case SourceXMPCreateDate:
		f.Capture.Source = SourceSidecarCreateDate
	default:
		f.Capture = Capture{}
	}
	for _, from := range []*Source{
		&f.From.Make, &f.From.Model, &f.From.Serial, &f.From.Orientation, &f.From.Rotation, &f.From.Size,
		&f.From.Duration, &f.From.Place, &f.From.Description, &f.From.Rating, &f.From.ContentID, &f.From.Burst,
		&f.From.Exposure,
	} {
		if *from != SourceNone {
			*from = "Sidecar " + *from
		}
	}
	return f
}

// ReadTakeout reads the JSON file that Google Takeout puts beside a photo. For
// any other JSON the error is [ErrNotSidecar]. Damage, and a size over 1 MiB, gives
// what could be read and an error that wraps [ErrDamaged] and says what is wrong;
// an error of r comes back wrapped.
func ReadTakeout(r io.Reader) (s Sidecar, err error) {
	defer netUnder(&err)
	content, err := readAtMost(r, takeout.MaxSize)
	if err != nil {
		return Sidecar{}, fmt.Errorf("exif: Takeout sidecar: %w", err)
	}
	var said claim.Set
	var bad file.Complaints
	title, ok := takeout.Read(content, &said, &bad)
	if ok {
		s = Sidecar{Kind: SidecarTakeout, Title: title, Facts: takeoutFacts(&said)}
	}
	switch {
	case bad.First() != "":
		return s, fmt.Errorf("exif: %w Takeout sidecar: %s", ErrDamaged, bad.First())
	case !ok:
		return s, fmt.Errorf("exif: Takeout sidecar: %w", ErrNotSidecar)
	}
	return s, nil
}

// takeoutFacts takes the first claim of each fact: Takeout's are in order.
func takeoutFacts(said *claim.Set) Facts {
	var f Facts
	if len(said.Times) > 0 {
		f.Capture = Capture{Wall: said.Times[0].Wall, OffsetSource: OffsetUTC, Source: SourceTakeout}
	}
	if len(said.Words) > 0 {
		f.Description, f.From.Description = said.Words[0].Value, Source(said.Words[0].Source)
	}
	if len(said.Places) > 0 {
		p := said.Places[0]
		f.Place, f.From.Place = Place{p.Lat, p.Lon}, Source(p.Source)
	}
	return f
}

// Fits reports whether the sidecar's title, if it has one, can be that of a photo
// of that name. [Resolve] asks by itself; a caller may, to read no more sidecars
// than needed.
func (s Sidecar) Fits(name string) bool { return takeout.Fits(s.Title, lastPart(name)) }

// netUnder is the last net, as in Read.
func netUnder(err *error) {
	if p := recover(); p != nil {
		*err = fmt.Errorf("exif: %w: %v", ErrDamaged, p)
	}
}

// readAtMost reads all of r, in memory that grows with it. More than limit bytes
// are damage.
func readAtMost(r io.Reader, limit int) ([]byte, error) {
	const usual = 16 << 10
	const patience = 100 // reads in a row that give nothing
	buf := make([]byte, 0, usual)
	for idle := 0; idle < patience; idle++ {
		n, err := r.Read(buf[len(buf):cap(buf)])
		buf = buf[:len(buf)+n]
		switch {
		case len(buf) > limit:
			return nil, fmt.Errorf("%w: longer than %d MiB", ErrDamaged, limit>>20)
		case errors.Is(err, io.EOF):
			return buf, nil
		case err != nil:
			return nil, err
		case len(buf) == cap(buf):
			grown := make([]byte, len(buf), min(2*cap(buf), limit+1))
			copy(grown, buf)
			buf = grown
		}
		if n > 0 {
			idle = 0
		}
	}
	return nil, io.ErrNoProgress
}
