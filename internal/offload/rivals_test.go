package offload_test

import (
	"testing"

	"github.com/albumwright/albumwright/internal/offload"
)

func TestRivalsAreJobsThatMayWantOneName(t *testing.T) {
	for _, c := range []struct {
		a, b string
		want bool
	}{
		{"d/IMG_1.JPG", "d/IMG_1.JPG", true},
		{"d/IMG_1.JPG", "d/img_1.jpg", true}, // on some disks
		{"d/IMG_1.JPG", "d/IMG_1-1.JPG", true},
		{"d/IMG_1-2.JPG", "d/IMG_1.JPG", true},
		{"d/IMG_1.JPG.xmp", "d/IMG_1-1.JPG.xmp", true},
		{"d/IMG_1.JPG", "d/IMG_1.CR3", false},
		{"d/IMG_1.JPG", "d/IMG_10.JPG", false},
		{"d/IMG-0001.JPG", "d/IMG-0002.JPG", false},
		{"d/IMG_1.JPG", "e/IMG_1.JPG", false},
	} {
		a, b := offload.Job{Dests: []string{at("x"), at(c.a)}}, offload.Job{Dests: []string{at(c.b)}}
		if got := offload.Rivals(a, b); got != c.want || offload.Rivals(b, a) != got {
			t.Errorf("%s and %s: %v, want %v", c.a, c.b, got, c.want)
		}
	}
}
