package render

import (
	"image"
	"image/color"
	"math"

	"golang.org/x/image/draw"
	"golang.org/x/image/font"
	"golang.org/x/image/font/basicfont"
	"golang.org/x/image/math/fixed"
)

// maxTileSide is as large as a tile is drawn, whatever it stands for: it has
// nothing to show.
const maxTileSide = 2048

// Tile is the picture of what is not drawn, with the name of its type: in the
// frame as the photo or video would be, if its size is known. That of a video has
// the button that starts it, unless it is left out.
func Tile(s Subject, f Frame, button bool) (Picture, error) {
	w, h := s.Width, s.Height
	if w <= 0 || h <= 0 {
		w, h = 400, 300
	}
	if onItsSide(s.Orientation) {
		w, h = h, w
	}
	w, h = Frame{W: maxTileSide, H: maxTileSide}.Fit(w, h)
	t := newTile(f, w, h, color.RGBA{0x6d, 0x7f, 0x9e, 255}, color.RGBA{0x47, 0x56, 0x7a, 255})
	if s.Video {
		t = newTile(f, w, h, color.RGBA{0x8a, 0x6d, 0x93, 255}, color.RGBA{0x5b, 0x44, 0x70, 255})
	}
	if s.Video && button {
		t.button()
		t.write(s.TypeName, 0.78)
	} else {
		t.write(s.TypeName, 0.5)
	}
	return encode(t)
}

// Portrait is the picture of a person without one: the first letter of the name.
func Portrait(name string, f Frame) (Picture, error) {
	const side = 512
	hue := uint8(0)
	for i := range len(name) {
		hue = hue*31 + name[i]
	}
	t := newTile(f, side, side, color.RGBA{0x40 + hue%0x60, 0x60, 0xa0 - hue%0x60, 255}, color.RGBA{0x30 + hue%0x60, 0x50, 0x90 - hue%0x60, 255})
	for _, letter := range name {
		t.write(string(letter), 0.5)
		break
	}
	return encode(t)
}

// tile is a picture of our own, opaque.
type tile struct{ *image.RGBA }

// newTile shades a tile from its upper left to its lower right, as much of a
// picture of w by h pixels as is seen in a frame.
func newTile(f Frame, w, h int, from, to color.RGBA) tile {
	w, h = f.Fit(w, h)
	t := tile{image.NewRGBA(image.Rect(0, 0, w, h))}
	for y := range h {
		for x := range w {
			at := (float64(x)/float64(w) + float64(y)/float64(h)) / 2
			t.SetRGBA(x, y, color.RGBA{mix(from.R, to.R, at), mix(from.G, to.G, at), mix(from.B, to.B, at), 255})
		}
	}
	return t
}

func mix(a, b uint8, at float64) uint8 { return uint8(float64(a)*(1-at) + float64(b)*at) }

// unit is a tenth of the shorter side.
func (t tile) unit() float64 { return float64(min(t.Rect.Dx(), t.Rect.Dy())) / 10 }

// write puts words into the middle of the tile, at a height from 0 to 1. What is
// too small to be read is left out.
func (t tile) write(words string, height float64) {
	face := basicfont.Face7x13
	width := font.MeasureString(face, words).Ceil()
	scale := min(t.unit()*1.6/float64(face.Height), float64(t.Rect.Dx())*0.9/float64(max(width, 1)))
	if width == 0 || scale < 0.5 {
		return
	}
	text := image.NewRGBA(image.Rect(0, 0, width, face.Height))
	d := font.Drawer{Dst: text, Src: image.White, Face: face, Dot: fixed.P(0, face.Ascent)}
	d.DrawString(words)
	w, h := int(float64(width)*scale), int(float64(face.Height)*scale)
	at := image.Pt((t.Rect.Dx()-w)/2, int(float64(t.Rect.Dy())*height)-h/2)
	draw.ApproxBiLinear.Scale(t.RGBA, image.Rectangle{at, at.Add(image.Pt(w, h))}, text, text.Rect, draw.Over, nil)
}

// button draws a white disc with a triangle in it.
func (t tile) button() {
	cx, cy, r := float64(t.Rect.Dx())/2, float64(t.Rect.Dy())/2, 1.6*t.unit()
	for y := int(cy - r); y <= int(cy+r); y++ {
		for x := int(cx - r); x <= int(cx+r); x++ {
			dx, dy := (float64(x)+0.5-cx)/r, (float64(y)+0.5-cy)/r
			switch {
			case dx*dx+dy*dy > 1:
			case dx > -0.35 && dx < 0.55 && math.Abs(dy) < (0.55-dx)*0.6:
				t.SetRGBA(x, y, color.RGBA{0x30, 0x30, 0x30, 255})
			default:
				t.SetRGBA(x, y, color.RGBA{255, 255, 255, 255})
			}
		}
	}
}
