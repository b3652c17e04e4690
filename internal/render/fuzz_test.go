package render_test

import (
	"bytes"
	"image"
	"image/color"
	"image/color/palette"
	"image/gif"
	"runtime"
	"testing"

	"golang.org/x/image/bmp"

	"github.com/albumwright/albumwright/internal/fixture"
	"github.com/albumwright/albumwright/internal/render"
)

// maxAllocated is what one picture may allocate in all: the pixels of the largest
// photo, as its decoder keeps them, and what is made of them.
const maxAllocated = 2 << 30

// Whatever the bytes are, there is a picture that fits its frame, or an error, for
// a bounded price.
func FuzzRender(f *testing.F) {
	spec := fixture.Spec{Width: 33, Height: 17}
	for _, encode := range []func(fixture.Spec) []byte{
		fixture.JPEG, fixture.PNG, fixture.GIF, fixture.BMP, fixture.TIFF, fixture.WebP, fixture.HEIC, fixture.NEF,
	} {
		f.Add(encode(spec), 6, 16, 9, true)
	}
	var aside, old bytes.Buffer // a first frame that is not in the corner; the old format of Windows
	if err := gif.EncodeAll(&aside, &gif.GIF{
		Image:  []*image.Paletted{image.NewPaletted(image.Rect(2, 3, 9, 8), palette.Plan9)},
		Delay:  []int{0},
		Config: image.Config{ColorModel: color.Palette(palette.Plan9), Width: 20, Height: 20},
	}); err != nil {
		f.Fatal(err)
	}
	f.Add(aside.Bytes(), 3, 5, 0, false)
	if err := bmp.Encode(&old, thirds(9, 5)); err != nil {
		f.Fatal(err)
	}
	f.Add(old.Bytes(), 1, 0, 0, false)
	f.Add(header(f, 7746, 7747, gray()), 1, 10, 10, false)
	f.Add(header(f, 3000, 2000, deep()), 1, 10, 10, false)
	f.Fuzz(func(t *testing.T, media []byte, orientation, w, h int, crop bool) {
		frame := render.Frame{W: bounded(w), H: bounded(h), Crop: crop && w != 0 && h != 0}
		var before, after runtime.MemStats
		runtime.ReadMemStats(&before)
		p, err := render.New().Picture(t.Context(), render.Subject{Orientation: orientation, Open: file(media)}, frame)
		runtime.ReadMemStats(&after)
		if spent := after.TotalAlloc - before.TotalAlloc; spent > maxAllocated {
			t.Errorf("%d bytes were allocated", spent)
		}
		if err != nil {
			return
		}
		c, _, err := image.DecodeConfig(bytes.NewReader(p.Bytes))
		if err != nil || frame.W > 0 && c.Width > frame.W || frame.H > 0 && c.Height > frame.H {
			t.Errorf("%d x %d in %+v: %v", c.Width, c.Height, frame, err)
		}
	})
}

// bounded is one of the sides that can be asked for, or none.
func bounded(side int) int {
	if side < 0 || side > 16383 {
		return 0
	}
	return side
}
