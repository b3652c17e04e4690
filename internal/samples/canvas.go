package samples

import (
	"image"
	"math"
	"math/rand/v2"

	"golang.org/x/image/vector"
)

// tone is a colour, each part from 0 to 255.
type tone struct{ r, g, b float64 }

// hex is the colour 0xrrggbb.
func hex(v uint32) tone {
	return tone{float64(v >> 16), float64(v >> 8 & 0xff), float64(v & 0xff)}
}

// to is the colour the part t of the way to another.
func (a tone) to(b tone, t float64) tone {
	return tone{a.r + (b.r-a.r)*t, a.g + (b.g-a.g)*t, a.b + (b.b-a.b)*t}
}

// point is a place on a canvas, in pixels from the upper left.
type point struct{ x, y float64 }

// canvas is a picture being drawn. All chance comes from its own seed, so the
// same scene is always the same picture.
type canvas struct {
	img   *image.RGBA
	w, h  int
	rng   *rand.Rand
	waves [256]float64 // of noise
	ras   vector.Rasterizer
}

func newCanvas(w, h int, seed uint64) *canvas {
	c := &canvas{img: image.NewRGBA(image.Rect(0, 0, w, h)), w: w, h: h, rng: rand.New(rand.NewPCG(seed, 2024))}
	for i := range c.waves {
		c.waves[i] = c.rng.Float64()
	}
	for i := 3; i < len(c.img.Pix); i += 4 {
		c.img.Pix[i] = 0xff
	}
	return c
}

// between is a random number from lo to hi.
func (c *canvas) between(lo, hi float64) float64 { return lo + (hi-lo)*c.rng.Float64() }

// blend puts a colour on the pixel at index i with the given strength, 0 to 1.
func (c *canvas) blend(i int, t tone, strength float64) {
	p := c.img.Pix[i : i+3 : i+3]
	p[0] = uint8(float64(p[0]) + (t.r-float64(p[0]))*strength + 0.5)
	p[1] = uint8(float64(p[1]) + (t.g-float64(p[1]))*strength + 0.5)
	p[2] = uint8(float64(p[2]) + (t.b-float64(p[2]))*strength + 0.5)
}

// set puts a colour on the pixel at index i.
func (c *canvas) set(i int, t tone) {
	p := c.img.Pix[i : i+3 : i+3]
	p[0], p[1], p[2] = uint8(t.r+0.5), uint8(t.g+0.5), uint8(t.b+0.5)
}

// at is the index of a pixel.
func (c *canvas) at(x, y int) int { return y*c.img.Stride + x*4 }

// stop is a colour at a height of a gradient.
type stop struct {
	y float64
	tone
}

// gradient fills the canvas from the first stop's height to the lower end; below
// the last stop its colour goes on.
func (c *canvas) gradient(stops ...stop) {
	for i, from := range stops {
		to := stop{float64(c.h), from.tone}
		if i+1 < len(stops) {
			to = stops[i+1]
		}
		for y := max(0, int(from.y)); y < min(c.h, int(math.Ceil(to.y))); y++ {
			t := from.to(to.tone, min(1, max(0, (float64(y)-from.y)/(to.y-from.y))))
			for x := range c.w {
				c.set(c.at(x, y), t)
			}
		}
	}
}

// polygon fills the area within corners.
func (c *canvas) polygon(t tone, alpha float64, corners ...point) {
	c.shape(t, alpha, func(pen *vector.Rasterizer, dx, dy float32) {
		for i, p := range corners {
			if i == 0 {
				pen.MoveTo(float32(p.x)-dx, float32(p.y)-dy)
			} else {
				pen.LineTo(float32(p.x)-dx, float32(p.y)-dy)
			}
		}
		pen.ClosePath()
	}, corners...)
}

// shape has draw trace an outline within the bounds of some points, and fills
// it. The pen works in a window of those bounds only, which starts at (dx, dy).
func (c *canvas) shape(t tone, alpha float64, draw func(pen *vector.Rasterizer, dx, dy float32), bounds ...point) {
	lo, hi := bounds[0], bounds[0]
	for _, p := range bounds {
		lo = point{min(lo.x, p.x), min(lo.y, p.y)}
		hi = point{max(hi.x, p.x), max(hi.y, p.y)}
	}
	area := image.Rect(int(math.Floor(lo.x)), int(math.Floor(lo.y)), int(math.Ceil(hi.x))+1, int(math.Ceil(hi.y))+1)
	if area = area.Intersect(c.img.Rect); area.Empty() {
		return
	}
	c.ras.Reset(area.Dx(), area.Dy())
	draw(&c.ras, float32(area.Min.X), float32(area.Min.Y))
	mask := image.NewAlpha(image.Rect(0, 0, area.Dx(), area.Dy()))
	c.ras.Draw(mask, mask.Rect, image.Opaque, image.Point{})
	for y := range area.Dy() {
		for x, cover := range mask.Pix[y*mask.Stride : y*mask.Stride+area.Dx()] {
			if cover > 0 {
				c.blend(c.at(area.Min.X+x, area.Min.Y+y), t, alpha*float64(cover)/255)
			}
		}
	}
}

// ellipse fills an ellipse turned by an angle in radians.
func (c *canvas) ellipse(t tone, alpha float64, at point, rx, ry, angle float64) {
	const corners = 40
	sin, cos := math.Sincos(angle)
	outline := make([]point, corners)
	for i := range outline {
		s, k := math.Sincos(2 * math.Pi * float64(i) / corners)
		outline[i] = point{at.x + rx*k*cos - ry*s*sin, at.y + rx*k*sin + ry*s*cos}
	}
	c.polygon(t, alpha, outline...)
}

// line draws a stroke through points.
func (c *canvas) line(t tone, alpha, width float64, through ...point) {
	for i := range len(through) - 1 {
		a, b := through[i], through[i+1]
		d := math.Hypot(b.x-a.x, b.y-a.y)
		if d == 0 {
			continue
		}
		nx, ny := (b.y-a.y)/d*width/2, (a.x-b.x)/d*width/2
		c.polygon(t, alpha, point{a.x + nx, a.y + ny}, point{b.x + nx, b.y + ny},
			point{b.x - nx, b.y - ny}, point{a.x - nx, a.y - ny})
	}
}

// arc is a stroke's way from a to b, sagging by the given pixels in its middle.
func arc(a, b point, sag float64) []point {
	const parts = 16
	way := make([]point, parts+1)
	for i := range way {
		t := float64(i) / parts
		way[i] = point{a.x + (b.x-a.x)*t, a.y + (b.y-a.y)*t + sag*4*t*(1-t)}
	}
	return way
}

// glow lays light around a place, strongest there and gone at the radius.
func (c *canvas) glow(t tone, strength float64, at point, radius float64) {
	x0, x1 := max(0, int(at.x-radius)), min(c.w, int(at.x+radius)+1)
	y0, y1 := max(0, int(at.y-radius)), min(c.h, int(at.y+radius)+1)
	for y := y0; y < y1; y++ {
		dy := float64(y) - at.y
		for x := x0; x < x1; x++ {
			dx := float64(x) - at.x
			if near := 1 - (dx*dx+dy*dy)/(radius*radius); near > 0 {
				c.blend(c.at(x, y), t, strength*near*near)
			}
		}
	}
}

// noise is a smooth random curve through x, from 0 to 1; seed picks which one.
func (c *canvas) noise(x float64, seed int) float64 {
	sum, weight, scale := 0.0, 0.0, 1.0
	for octave := range 5 {
		f := x * scale
		i := math.Floor(f)
		t := f - i
		t = t * t * (3 - 2*t)
		a := c.waves[(int(i)+seed*31+octave*71)&255]
		b := c.waves[(int(i)+1+seed*31+octave*71)&255]
		sum += (a + (b-a)*t) / scale
		weight += 1 / scale
		scale *= 2
	}
	return sum / weight
}

// finish gives the picture the darker corners and the grain of a photograph.
func (c *canvas) finish() *image.RGBA {
	const corner, grain = 0.30, 5.0
	cx, cy := float64(c.w)/2, float64(c.h)/2
	state := c.rng.Uint32() | 1
	for y := range c.h {
		dy := (float64(y) - cy) / cy
		row := c.img.Pix[y*c.img.Stride : y*c.img.Stride+4*c.w]
		for x := range c.w {
			dx := (float64(x) - cx) / cx
			d := (dx*dx + dy*dy) / 2
			light := 1 - corner*d*d
			state ^= state << 13 // xorshift: fast, and good enough for grain
			state ^= state >> 17
			state ^= state << 5
			speck := (float64(state>>24)/255 - 0.5) * grain
			p := row[4*x : 4*x+3 : 4*x+3]
			for i, v := range p {
				p[i] = uint8(min(255, max(0, float64(v)*light+speck+0.5)))
			}
		}
	}
	return c.img
}
