package render_test

import (
	"bytes"
	"image"
	"testing"

	"github.com/albumwright/albumwright/internal/render"
)

// mustTile draws a tile and decodes it.
func mustTile(t *testing.T, s render.Subject, f render.Frame, button bool) image.Image {
	t.Helper()
	p, err := render.Tile(s, f, button)
	if err != nil {
		t.Fatal(err)
	}
	img, _ := mustDecode(t, p)
	return img
}

// white counts the pixels that are almost white.
func white(img image.Image) (n int) {
	b := img.Bounds()
	for y := range b.Dy() {
		for x := range b.Dx() {
			if r, g, bl, _ := img.At(x, y).RGBA(); min(r, g, bl) > 0xE000 {
				n++
			}
		}
	}
	return n
}

func TestATileNamesTheType(t *testing.T) {
	frame := render.Frame{W: 400, H: 300}
	none := white(mustTile(t, render.Subject{}, frame, false))
	short, long := white(mustTile(t, render.Subject{TypeName: "HEIC"}, frame, false)), white(mustTile(t, render.Subject{TypeName: "HEIC HEIC"}, frame, false))
	if none != 0 || short < 100 || long <= short {
		t.Errorf("white pixels: %d without a name, %d with one, %d with twice the name", none, short, long)
	}
}

func TestOnlyAVideoHasAButtonUnlessItIsLeftOut(t *testing.T) {
	frame := render.Frame{W: 200, H: 200}
	middle := func(s render.Subject, button bool) bool {
		img := mustTile(t, s, frame, button)
		b := img.Bounds()
		r, _, _, _ := img.At(b.Dx()/2-b.Dy()/8, b.Dy()/2).RGBA() // in the disc, left of the triangle
		return r > 0xE000
	}
	for _, tt := range []struct {
		video, button, want bool
	}{{true, true, true}, {true, false, false}, {false, true, false}} {
		s := render.Subject{TypeName: "MP4", Video: tt.video, Width: 640, Height: 480}
		if got := middle(s, tt.button); got != tt.want {
			t.Errorf("video %v, button wanted %v: there is one: %v", tt.video, tt.button, got)
		}
	}
}

func TestATileIsOfTheShapeOfItsPhotoAndNotTooLarge(t *testing.T) {
	for _, tt := range []struct {
		name    string
		subject render.Subject
		frame   render.Frame
		want    image.Point
	}{
		{"of unknown size", render.Subject{}, render.Frame{}, image.Pt(400, 300)},
		{"on its side", render.Subject{Width: 400, Height: 200, Orientation: 6}, render.Frame{W: 100}, image.Pt(100, 200)},
		{"as large as can be", render.Subject{Width: 16384, Height: 8192}, render.Frame{W: 16383, H: 16383}, image.Pt(2048, 1024)},
		{"of one row", render.Subject{Width: 1 << 24, Height: 1}, render.Frame{}, image.Pt(2048, 1)},
		{"of one pixel", render.Subject{TypeName: "MP4", Video: true, Width: 1, Height: 1}, render.Frame{}, image.Pt(1, 1)},
		{"a crop", render.Subject{TypeName: "MP4", Video: true, Width: 1920, Height: 1080}, render.Frame{W: 256, H: 256, Crop: true}, image.Pt(256, 256)},
	} {
		if got := mustTile(t, tt.subject, tt.frame, true).Bounds().Size(); got != tt.want {
			t.Errorf("%s: %v, want %v", tt.name, got, tt.want)
		}
	}
}

func TestPortraitsDifferByName(t *testing.T) {
	seen := map[string]string{}
	for _, name := range []string{"Ada", "Ben", "", "日本"} {
		p, err := render.Portrait(name, render.Frame{W: 64, H: 64, Crop: true})
		if err != nil {
			t.Fatal(err)
		}
		again, err := render.Portrait(name, render.Frame{W: 64, H: 64, Crop: true})
		if err != nil || !bytes.Equal(p.Bytes, again.Bytes) {
			t.Errorf("%q: two portraits differ, or %v", name, err)
		}
		if img, _ := mustDecode(t, p); img.Bounds().Size() != image.Pt(64, 64) {
			t.Errorf("%q: %v", name, img.Bounds())
		}
		if other, found := seen[string(p.Bytes)]; found {
			t.Errorf("%q looks like %q", name, other)
		}
		seen[string(p.Bytes)] = name
	}
}
