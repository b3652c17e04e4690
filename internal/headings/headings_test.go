package headings_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/albumwright/albumwright/internal/headings"
)

// shots reads files from lines such as "18 10:30", "18" (a day only), "-" (nothing known), "18 10:30 48.2/16.4", "~18 10:30" (taken out of the album); the place
// of each is its number.
func shots(t *testing.T, lines string) (all []headings.Shot) {
	for n, line := range strings.Split(lines, ", ") {
		s := headings.Shot{Sort: fmt.Appendf(nil, "%02d", n)}
		line, s.Removed = strings.CutPrefix(line, "~")
		f := strings.Fields(line)
		if len(f) == 1 {
			f, s.DayOnly = append(f, "00:00"), true
		}
		if f[0] != "-" {
			var err error
			if s.Captured, err = time.Parse("2006-01-02 15:04", "2024-05-"+f[0]+" "+f[1]); err != nil {
				t.Fatal(err)
			}
		}
		if len(f) == 3 {
			var lat, lon float64
			if _, err := fmt.Sscanf(f[2], "%f/%f", &lat, &lon); err != nil {
				t.Fatal(err)
			}
			s.Latitude, s.Longitude = &lat, &lon
		}
		all = append(all, s)
	}
	return all
}

func TestAnAlbumIsCutIntoGroups(t *testing.T) {
	day, event, place := headings.Cutter{By: headings.Day}, headings.Cutter{By: headings.Event, Gap: time.Hour}, headings.Cutter{By: headings.Place}
	late := headings.Cutter{By: headings.Day, DayStart: 3 * time.Hour}
	known := func(c headings.Cutter, places ...string) headings.Cutter {
		for _, p := range places {
			c.Known = append(c.Known, []byte(p))
		}
		return c
	}
	for _, c := range []struct {
		name, files string
		cutter      headings.Cutter
		want        string // groups: the number of the first file, of the known heading in brackets, the text
	}{
		{"days", "18 10:00, 18 23:59, 19 00:00, 20 12:00", day, "00 Saturday, 18 May 2024; 02 Sunday, 19 May 2024; 03 Monday, 20 May 2024"},
		{"days that begin at three", "18 23:00, 19 02:59, 19 03:00", late, "00 Saturday, 18 May 2024; 02 Sunday, 19 May 2024"},
		{"a day of which nothing more is known", "18 23:00, 19, 19 02:00, 19 09:00", late, "00 Saturday, 18 May 2024; 01 Sunday, 19 May 2024"},
		{"no times", "-, -", day, ""},
		{"no times at first", "-, 18 10:00, -", day, "01 Saturday, 18 May 2024"},
		{"an event over midnight", "18 23:20, 19 00:10, 19 01:10, 19 02:11", event, "00 Saturday, 18 May 2024, 23:20; 03 Sunday, 19 May 2024, 02:11"},
		{"places", "18 10:00 48.2/16.4, 18 10:10, 18 10:20 48.21/16.4, 18 11:00 -33.9/-18.4, 18 12:00 48.2/16.4", place,
			"00 48.2000° N, 16.4000° E; 03 33.9000° S, 18.4000° W; 04 48.2000° N, 16.4000° E"},
		{"no place at first", "18 10:00, 18 10:10 0/0", place, "01 0.0000° N, 0.0000° E"},
		{"over the date line", "18 10:00 0/179.995, 18 10:10 0/-179.995", place, "00 0.0000° N, 179.9950° E"},
		{"a heading that is there", "18 10:00, 18 11:00, 19 10:00", known(day, "00"), "00(0) Saturday, 18 May 2024; 02 Sunday, 19 May 2024"},
		{"earlier files of its group", "18 10:00, 18 11:00, 19 10:00", known(day, "01"), "00(0) Saturday, 18 May 2024; 02 Sunday, 19 May 2024"},
		{"an earlier group", "18 10:00, 19 11:00", known(day, "01"), "00 Saturday, 18 May 2024; 01(0) Sunday, 19 May 2024"},
		{"between two headings", "17 10:00, 17 11:00, 18 10:00, 19 10:00, 19 11:00", known(day, "00", "04"),
			"00(0) Friday, 17 May 2024; 02 Saturday, 18 May 2024; 03(1) Sunday, 19 May 2024"},
		{"two events that have become one", "18 10:00, 18 10:50, 18 11:40", known(event, "00", "02"), "00(0) Saturday, 18 May 2024, 10:00; 02(1) Saturday, 18 May 2024, 11:40"},
		{"a heading of which everything was taken out", "17 10:00, ~18 10:00, 19 10:00", known(day, "00", "01"),
			"00(0) Friday, 17 May 2024; 01(1) Saturday, 18 May 2024; 02 Sunday, 19 May 2024"},
		{"it gets files again", "17 10:00, ~18 10:00, 18 11:00, 19 10:00", known(day, "00", "01", "03"),
			"00(0) Friday, 17 May 2024; 01(1) Saturday, 18 May 2024; 03(2) Sunday, 19 May 2024"},
		{"a group that was taken out before it had a heading", "17 10:00, ~18 10:00, 19 10:00", day, "00 Friday, 17 May 2024; 02 Sunday, 19 May 2024"},
		{"an event is called by what is left of it", "~18 10:00, 18 10:50, 18 12:00", event, "00 Saturday, 18 May 2024, 10:50; 02 Saturday, 18 May 2024, 12:00"},
		{"a heading whose first file is gone", "18 10:00, 19 10:00, 19 11:00", known(day, "00", "00x"), "00(0) Saturday, 18 May 2024; 00x(1) Sunday, 19 May 2024"},
	} {
		t.Run(c.name, func(t *testing.T) {
			for _, s := range shots(t, c.files) {
				c.cutter.Next(s)
			}
			var got []string
			for _, g := range c.cutter.Groups() {
				known := ""
				if g.Known >= 0 {
					known = fmt.Sprintf("(%d)", g.Known)
				}
				got = append(got, string(g.Sort)+known+" "+c.cutter.Text(g))
			}
			if diff := cmp.Diff(c.want, strings.Join(got, "; ")); diff != "" {
				t.Errorf("groups (-want +got):\n%s", diff)
			}
		})
	}
}

func TestCoordinatesAreReadBack(t *testing.T) {
	for _, c := range [][2]float64{{48.2082, 16.3738}, {-33.9, -18.4}, {0, 0}, {-90, 180}} {
		s := headings.Shot{Sort: []byte("a"), Captured: time.Unix(1, 0), Latitude: &c[0], Longitude: &c[1]}
		cutter := headings.Cutter{By: headings.Place}
		cutter.Next(s)
		text := cutter.Text(cutter.Groups()[0])
		if lat, lon, ok := headings.Coordinates(text); !ok || lat != c[0] || lon != c[1] {
			t.Errorf("%q is read as %v, %v, %v; want %v", text, lat, lon, ok, c)
		}
	}
	if _, _, ok := headings.Coordinates("Pier"); ok {
		t.Error("a name is taken for coordinates")
	}
}
