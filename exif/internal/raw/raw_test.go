package raw_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/albumwright/albumwright/exif/internal/claim"
	"github.com/albumwright/albumwright/exif/internal/claimtest"
	"github.com/albumwright/albumwright/exif/internal/raw"
	"github.com/albumwright/albumwright/internal/fixture"
	"github.com/google/go-cmp/cmp"
)

type format struct {
	encode func(fixture.Spec) []byte
	reader claimtest.Reader
}

func formats() map[string]format {
	return map[string]format{
		"RAF": {fixture.RAF, raw.Fuji}, "ORF": {fixture.ORF, raw.Olympus},
		"RW2": {fixture.RW2, raw.Panasonic}, "CR3": {fixture.CR3, raw.Canon},
	}
}

func (f format) read(content []byte) claimtest.Answer { return claimtest.Read(f.reader, content) }

func shot() time.Time { return time.Date(2024, 5, 18, 14, 30, 5, 0, time.UTC) }

func fullSpec() fixture.Spec {
	return fixture.Spec{
		Width: 40, Height: 26, Captured: shot(), SubSec: "25", Offset: "+02:00", Make: "Aldermere", Model: "Field 40",
		Serial: "A40-000123", Orientation: 6, Lat: fixture.Degrees(60.5), Lon: fixture.Degrees(5.25),
		Description: "früh", Rating: 4, Modified: shot().Add(time.Hour), ModifiedOffset: "-01:00", UserComment: "früher", XPComment: "am frühesten",
	}
}

// wanted is fullSpec as claims.
func wanted() claim.Set {
	return claim.Set{
		Times: []claim.Time{
			{Wall: shot().Add(250 * time.Millisecond), Offset: 2 * time.Hour, HasOffset: true, Source: claim.DateTimeOriginal},
			{Wall: shot().Add(time.Hour), Offset: -time.Hour, HasOffset: true, Source: claim.DateTime},
		},
		Makes:        claimtest.Texts(claim.EXIF, "Aldermere"),
		Models:       claimtest.Texts(claim.EXIF, "Field 40"),
		Serials:      claimtest.Texts(claim.EXIF, "A40-000123"),
		Orientations: []claim.Number{{Value: 6, Source: claim.EXIF}},
		Sizes:        []claim.Size{{Width: 40, Height: 26, Source: claim.TIFF}},
		Places:       []claim.Place{{Lat: 60.5, Lon: 5.25, Source: claim.EXIF}},
		Words: []claim.Text{
			{Value: "am frühesten", Source: claim.XPComment}, {Value: "früh", Source: claim.ImageDescription},
			{Value: "früher", Source: claim.UserComment},
		},
		Ratings: []claim.Number{{Value: 4, Source: claim.EXIF}},
	}
}

func TestRawFilesTellTheirFacts(t *testing.T) {
	for name, f := range formats() {
		for _, big := range []bool{false, true} {
			spec := fullSpec()
			spec.BigEndian = big
			a := f.read(f.encode(spec)).Must(t, name)
			if diff := cmp.Diff(wanted(), distinct(a.Set)); diff != "" {
				t.Errorf("%s, big-endian %v (-want +got):\n%s", name, big, diff)
			}
		}
	}
}

// distinct is a set without what was said twice, by the raw file and by the JPEG
// in it, and without what is believed less: names in the header, and the size in
// EXIF. Its words are in order.
func distinct(s claim.Set) claim.Set {
	less := func(c claim.Text) bool { return c.Source == claim.Header }
	s.Times = unique(s.Times)
	s.Makes, s.Models = slices.DeleteFunc(unique(s.Makes), less), slices.DeleteFunc(unique(s.Models), less)
	s.Serials, s.Words = unique(s.Serials), unique(s.Words)
	s.Orientations, s.Places, s.Ratings = unique(s.Orientations), unique(s.Places), unique(s.Ratings)
	s.Sizes = slices.DeleteFunc(s.Sizes, func(c claim.Size) bool { return c.Source == claim.EXIF })
	slices.SortFunc(s.Words, func(a, b claim.Text) int { return strings.Compare(a.Value, b.Value) })
	return s
}

func unique[C comparable](list []C) []C {
	var out []C
	for _, c := range list {
		if !slices.Contains(out, c) {
			out = append(out, c)
		}
	}
	return out
}
