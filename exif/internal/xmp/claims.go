package xmp

import (
	"math"
	"strconv"
	"strings"

	"github.com/albumwright/albumwright/exif/internal/claim"
	"github.com/albumwright/albumwright/exif/internal/value"
)

// claim adds what the packet says.
func (w *walker) claim(to *claim.Set) {
	w.times(to)
	claim.AddText(&to.Makes, claim.XMP, w.name(cameraMake))
	claim.AddText(&to.Models, claim.XMP, w.name(cameraModel))
	claim.AddText(&to.Serials, claim.XMP, w.name(bodySerial))
	claim.AddText(&to.Serials, claim.XMP, w.name(auxSerial))
	claim.AddText(&to.Bursts, claim.XMP, w.name(burstID))
	if n, err := strconv.Atoi(w.text(orientation)); err == nil {
		to.AddOrientation(claim.XMP, n)
	}
	w.rating(to)
	lat, okLat := coordinate(w.text(latitude), 'N', 'S')
	lon, okLon := coordinate(w.text(longitude), 'E', 'W')
	if okLat && okLon {
		to.AddPlace(claim.XMP, lat, lon)
	}
	claim.AddText(&to.Words, claim.XMPDescription, value.WithoutControls(w.text(description)))
	// iOS says what a screenshot is by a comment that nobody typed.
	if comment := w.text(userComment); strings.EqualFold(comment, "Screenshot") {
		to.Screenshot = true
	} else {
		claim.AddText(&to.Words, claim.XMPUserComment, value.Printable(comment))
	}
}

func (w *walker) text(p property) string { return w.values[p].text }

// name is the text of a property that is a name, in one line.
func (w *walker) name(p property) string { return value.WithoutControls(w.text(p)) }

// times claims the dates, each with its fraction and offset. XMP writes them into
// the value; what stands in exif:SubSecTime and its kin comes from older programs
// and belongs to the date in EXIF.
func (w *walker) times(to *claim.Set) {
	for _, record := range []struct {
		from   property
		source string
	}{
		{dateTimeOriginal, claim.XMPDateTimeOriginal},
		{dateCreated, claim.XMPDateCreated},
		{createDate, claim.XMPCreateDate},
	} {
		if s, ok := value.ParseStamp(w.text(record.from)); ok {
			to.Times = append(to.Times, claim.Time{
				Wall: s.Wall, Offset: s.Offset, HasOffset: s.HasOffset, Source: record.source,
			})
		}
	}
}

// rating claims the stars, which XMP specification part 2 has as a real number.
func (w *walker) rating(to *claim.Set) {
	stars, err := strconv.ParseFloat(w.text(rating), 64)
	if err == nil && math.Abs(stars) <= 5 { // so that NaN fails
		to.AddRating(claim.XMP, int(math.Round(stars)))
	}
}

// coordinate reads degrees, minutes and seconds, "52,27,34.9N", with a fraction
// of the last of them, and with whatever separators but a stroke: XMP
// specification part 2, GPSCoordinate. Some programs write signed degrees. Other
// numbers without a hemisphere could mean one of two places, which is none.
func coordinate(s string, positive, negative byte) (float64, bool) {
	if degrees, err := strconv.ParseFloat(s, 64); err == nil {
		return degrees, true
	}
	if s == "" || strings.Contains(s, "/") {
		return 0, false
	}
	side := s[len(s)-1] &^ 0x20 // upper case
	parts := strings.FieldsFunc(s, func(r rune) bool { return (r < '0' || r > '9') && r != '.' })
	if side != positive && side != negative || len(parts) < 1 || len(parts) > 3 {
		return 0, false
	}
	degrees, unit := 0.0, 1.0
	for _, part := range parts {
		n, err := strconv.ParseFloat(part, 64)
		if err != nil {
			return 0, false
		}
		degrees += n / unit
		unit *= 60
	}
	if side == negative {
		degrees = -degrees
	}
	return degrees, true
}
