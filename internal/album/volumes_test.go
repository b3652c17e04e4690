package album_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/albumwright/albumwright/internal/album"
	"github.com/albumwright/albumwright/photos"
)

func TestTheTitleOfAVolumeFitsTheService(t *testing.T) {
	for _, c := range []struct{ title, want string }{
		{"Pier", "Pier (12)"},
		{strings.Repeat("ü", photos.MaxTitle-5), strings.Repeat("ü", photos.MaxTitle-5) + " (12)"},
		{strings.Repeat("ü", photos.MaxTitle), strings.Repeat("ü", photos.MaxTitle-5) + " (12)"},
		{strings.Repeat("ü", photos.MaxTitle-6) + " and", strings.Repeat("ü", photos.MaxTitle-6) + " (12)"},
	} {
		if got := album.VolumeTitle(c.title, 12); got != c.want {
			t.Errorf("volume of %q is called %q, want %q", c.title, got, c.want)
		}
	}
}

func TestFilesGoIntoTheVolumeInWhoseSpanTheyLieOrTheNextWithRoom(t *testing.T) {
	for name, c := range map[string]struct {
		rooms []album.Room
		files string
		want  []int
	}{
		"all of the first":                 {[]album.Room{{Left: 3}}, "abc", []int{0, 0, 0}},
		"more than that":                   {[]album.Room{{Left: 1}}, "abcdef", []int{0, 1, 1, 2, 2, 3}},
		"into the span of the second":      {[]album.Room{{Left: 5, First: []byte("a")}, {Left: 5, First: []byte("m")}}, "bmz", []int{0, 1, 1}},
		"late for a full one":              {[]album.Room{{First: []byte("a")}, {First: []byte("m")}, {Left: 1, First: []byte("t")}}, "bz", []int{2, 3}},
		"what comes late goes first":       {[]album.Room{{First: []byte("a")}, {Left: 2, First: []byte("m")}}, "bcz", []int{1, 1, 2}},
		"an empty one in between":          {[]album.Room{{First: []byte("a")}, {Left: 2}, {Left: 1, First: []byte("m")}}, "bcz", []int{1, 1, 2}},
		"the first, though it was emptied": {[]album.Room{{Left: 2}, {Left: 2, First: []byte("m")}}, "bn", []int{0, 1}},
	} {
		t.Run(name, func(t *testing.T) {
			s := album.Spreader{Rooms: c.rooms, More: func() int { return 2 }}
			var got []int
			for _, place := range strings.Split(c.files, "") {
				got = append(got, s.Next([]byte(place)))
			}
			if diff := cmp.Diff(c.want, got); diff != "" {
				t.Errorf("volumes of %q (-want +got):\n%s", c.files, diff)
			}
		})
	}
}
