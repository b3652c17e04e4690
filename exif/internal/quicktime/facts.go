package quicktime

import (
	"math"
	"strconv"
	"strings"
	"time"

	"github.com/albumwright/albumwright/exif/internal/claim"
	"github.com/albumwright/albumwright/exif/internal/value"
)

// topic is what a piece of metadata is about.
type topic int

const (
	date topic = iota + 1
	maker
	model
	serial
	place
	description
	comment
	contentID
	rating
	zone
)

// origin names the sources of one generation of metadata.
type origin struct{ date, camera, words string }

var (
	fromKeys = origin{claim.KeysCreationDate, claim.Keys, claim.KeysDescription}
	fromUser = origin{claim.UserDataDate, claim.UserData, claim.UserDataDescription}
	fromXML  = origin{claim.XMLCreationDate, claim.XML, ""}
	fromNote = origin{claim.DateTimeOriginal, claim.MakerNote, ""}
)

// claim adds what a text says about a topic, if it can be true.
func (r *reader) claim(about topic, from origin, s string) {
	if s == "" {
		return
	}
	switch about {
	case date:
		r.claimDate(from.date, s)
	case maker:
		claim.AddText(&r.to.Makes, from.camera, s)
	case model:
		claim.AddText(&r.to.Models, from.camera, s)
	case serial:
		claim.AddText(&r.to.Serials, from.camera, s)
	case place:
		if lat, lon, ok := parsePlace(s); ok {
			r.to.AddPlace(from.camera, lat, lon)
		}
	case description:
		claim.AddText(&r.to.Words, from.words, s)
	case comment:
		claim.AddText(&r.comments, from.words, s)
	case contentID:
		claim.AddText(&r.to.ContentIDs, from.camera, s)
	case rating:
		if stars, err := strconv.ParseFloat(s, 64); err == nil && math.Abs(stars) <= 5 {
			r.to.AddRating(from.camera, int(math.Round(stars)))
		}
	case zone:
		if offset, ok := value.ParseOffset(s); ok {
			r.zone = &claim.Zone{Offset: offset, Source: from.camera}
		}
	}
}

// claimDate adds a date with its time of day; one without is a year of release
// as often as not. A "Z" says that the writer knows the moment and not the zone.
func (r *reader) claimDate(source, s string) {
	stamp, ok := value.ParseStamp(s)
	if !ok || isPlaceholder(stamp.Wall.Add(-stamp.Offset)) {
		return
	}
	r.to.Times = append(r.to.Times, claim.Time{
		Wall: stamp.Wall, Offset: stamp.Offset, HasOffset: stamp.HasOffset,
		Instant: strings.HasSuffix(s, "Z"), Source: source,
	})
}

// isPlaceholder tells the zeros of the two clocks that movies are made with.
func isPlaceholder(t time.Time) bool {
	const day = 24 * time.Hour
	for _, year := range [...]int{1904, 1970} {
		if t.Sub(time.Date(year, 1, 1, 0, 0, 0, 0, time.UTC)).Abs() < day {
			return true
		}
	}
	return false
}
