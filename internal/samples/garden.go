package samples

import (
	"image"
	"math"
)

// The scenes of the garden, each a picture of its own.

// outOfFocus fills the canvas with the soft light behind a near thing.
func (c *canvas) outOfFocus(n int, top, bottom tone, lights ...tone) {
	c.gradient(stop{0, top}, stop{float64(c.h), bottom})
	for range n {
		at := point{c.between(0, float64(c.w)), c.between(0, float64(c.h))}
		r := c.between(20, 90)
		t := lights[c.rng.IntN(len(lights))]
		c.ellipse(t, c.between(0.06, 0.22), at, r, r, 0)
		c.glow(t, c.between(0.1, 0.35), at, r*1.5)
	}
}

// stem draws a stalk that sways to one side.
func (c *canvas) stem(from, to point, sway, width float64, t tone) {
	way := arc(from, to, 0)
	for i := range way {
		f := float64(i) / float64(len(way)-1)
		way[i].x += sway * 4 * f * (1 - f)
	}
	c.line(t.to(hex(0x000000), 0.25), 1, width, way...)
	for i := range way {
		way[i].x -= width * 0.2
	}
	c.line(t, 1, width*0.5, way...)
}

// leaf draws a leaf with its middle rib, from its foot in a direction.
func (c *canvas) leaf(foot point, length, width, angle float64, t tone) {
	sin, cos := math.Sincos(angle)
	p := func(along, aside float64) point {
		return point{foot.x + cos*along - sin*aside, foot.y + sin*along + cos*aside}
	}
	var left, right []point
	for i := range 13 {
		f := float64(i) / 12
		w := width * math.Sin(math.Pi*math.Pow(f, 0.8)) / 2
		left, right = append(left, p(length*f, w)), append(right, p(length*f, -w))
	}
	outline := append([]point{}, left...)
	for i := len(right) - 1; i >= 0; i-- {
		outline = append(outline, right[i])
	}
	c.polygon(t, 1, outline...)
	half := append(append([]point{}, left...), p(length, 0), p(0, 0))
	c.polygon(hex(0x000000), 0.14, half...)
	c.line(t.to(hex(0xffffff), 0.35), 0.8, 2, p(0, 0), p(length*0.96, 0))
}

// daisy draws a blossom of petals around a disc.
func (c *canvas) daisy(at point, r float64, petal, heart tone) {
	const petals = 15
	for i := range petals {
		angle := 2*math.Pi*float64(i)/petals + c.between(-0.08, 0.08)
		sin, cos := math.Sincos(angle)
		shade := petal.to(hex(0x8090b0), c.between(0, 0.25))
		c.ellipse(shade, 1, point{at.x + cos*r*0.66, at.y + sin*r*0.6}, r*0.42, r*0.13, angle)
	}
	c.ellipse(heart.to(hex(0x7a4a10), 0.4), 1, point{at.x, at.y + 1}, r*0.3, r*0.28, 0)
	c.ellipse(heart, 1, point{at.x - r*0.03, at.y - r*0.03}, r*0.26, r*0.23, 0)
}

func sunflower() image.Image {
	c := newCanvas(short, long, 31)
	c.outOfFocus(46, hex(0x8fc7e8), hex(0x4d7f35), hex(0xd9f0b0), hex(0xfff3b0), hex(0x86b95a), hex(0xbfe2f2))
	heart := point{320, 360}
	c.stem(point{350, 980}, heart, -30, 26, hex(0x5f9a3a))
	c.leaf(point{345, 720}, 240, 120, -0.55, hex(0x5b9638))
	c.leaf(point{338, 800}, 230, 110, math.Pi+0.5, hex(0x4f8a33))
	for ring := range 2 {
		const petals = 24
		for i := range petals {
			angle := 2*math.Pi*(float64(i)+0.5*float64(ring))/petals + c.between(-0.05, 0.05)
			t := hex(0xf7b313).to(hex(0xffd84a), c.between(0, 1)).to(hex(0xd8860b), 0.35*float64(1-ring))
			c.leaf(point{heart.x + math.Cos(angle)*70, heart.y + math.Sin(angle)*70}, 170-22*float64(ring), 52, angle, t)
		}
	}
	c.ellipse(hex(0x3a2412), 1, heart, 108, 108, 0)
	// Seeds stand in the golden angle, as in the real one.
	const golden = 2.399963
	for i := range 620 {
		r := 104 * math.Sqrt(float64(i)/620)
		sin, cos := math.Sincos(float64(i) * golden)
		t := hex(0x6b4420).to(hex(0xc98a2c), r/104*0.8)
		c.ellipse(t, 0.9, point{heart.x + cos*r, heart.y + sin*r}, 2.6, 2.6, 0)
	}
	c.glow(hex(0x1d1008), 0.6, heart, 54)
	return c.finish()
}

func poppies() image.Image {
	c := newCanvas(long, short, 32)
	c.gradient(stop{0, hex(0x5aa9e0)}, stop{260, hex(0xd9effa)})
	c.clouds(5, 30, 150, 150, hex(0xffffff), 0.8)
	c.ridge(3, 262, 26, 300, hex(0x6f9a6a), hex(0x86a653))
	c.grass(2600, 270, 660, 40, hex(0x8aa84a))
	for i := range 190 {
		f := math.Pow(float64(i)/190, 1.5)
		at := point{c.between(-10, long+10), 290 + 330*f + c.between(-8, 8)}
		c.poppy(at, 4+30*f)
	}
	return c.finish()
}

// poppy draws a red blossom on its stalk.
func (c *canvas) poppy(at point, r float64) {
	c.line(hex(0x4f7a34), 1, 1+r*0.08, arc(at, point{at.x + r*0.4, at.y + r*3.2}, 0)...)
	red := hex(0xd92a1c).to(hex(0xf4553a), c.rng.Float64())
	c.ellipse(red.to(hex(0x000000), 0.3), 1, point{at.x, at.y + r*0.1}, r, r*0.72, 0)
	c.ellipse(red, 1, point{at.x - r*0.4, at.y - r*0.06}, r*0.62, r*0.6, 0.3)
	c.ellipse(red.to(hex(0xffffff), 0.1), 1, point{at.x + r*0.4, at.y - r*0.04}, r*0.62, r*0.58, -0.3)
	c.ellipse(red.to(hex(0x000000), 0.14), 1, point{at.x, at.y + r*0.3}, r*0.7, r*0.42, 0)
	c.ellipse(hex(0x1e1410), 1, at, r*0.2, r*0.17, 0)
}

func tulips() image.Image {
	c := newCanvas(long, short, 33)
	c.outOfFocus(34, hex(0xcfe6d0), hex(0x3f6f35), hex(0xf6f3c8), hex(0x9cc46a), hex(0xf4c0d0), hex(0xffffff))
	tones := []tone{hex(0xe8415c), hex(0xf6a11f), hex(0xf7d94c), hex(0xb03a9a), hex(0xf27aa0)}
	for row := range 3 {
		size := 0.62 + 0.3*float64(row)
		for i := range 9 - 2*row {
			gap := long / float64(9-2*row)
			x := gap*(float64(i)+0.5) + c.between(-16, 16)
			y := 250 + 74*float64(row) + c.between(-22, 22)
			c.tulip(point{x, y}, size, tones[c.rng.IntN(len(tones))])
		}
	}
	c.grass(420, 610, 680, 60, hex(0x4f8a36))
	return c.finish()
}

// tulip draws a blossom, whose middle is at a place, with stalk and leaves.
func (c *canvas) tulip(at point, size float64, t tone) {
	p := func(x, y float64) point { return point{at.x + x*size, at.y + y*size} }
	c.stem(p(6, 460), p(0, 40), 12*size, 9*size, hex(0x6aa845))
	c.leaf(p(5, 400), 250*size, 44*size, -math.Pi/2-0.3, hex(0x5c9a40))
	c.leaf(p(7, 420), 230*size, 42*size, -math.Pi/2+0.34, hex(0x4c8836))
	c.leaf(p(0, 62), 130*size, 70*size, -math.Pi/2-0.26, t.to(hex(0x000000), 0.2))
	c.leaf(p(0, 62), 130*size, 70*size, -math.Pi/2+0.26, t.to(hex(0x000000), 0.12))
	c.leaf(p(0, 66), 132*size, 78*size, -math.Pi/2, t)
	c.glow(hex(0xffffff), 0.35, p(-12, 10), 34*size)
}

func daisies() image.Image {
	c := newCanvas(long, short, 34)
	c.outOfFocus(40, hex(0x2f5f3a), hex(0x16381f), hex(0x7fb069), hex(0xd8f0a8), hex(0x4f8a5a))
	for _, d := range []struct {
		at point
		r  float64
	}{{point{180, 200}, 84}, {point{430, 320}, 140}, {point{740, 230}, 108}, {point{650, 500}, 96}, {point{230, 500}, 78}, {point{880, 460}, 64}} {
		c.stem(point{d.at.x + 30, short + 60}, d.at, -24, 8, hex(0x5f9a4a))
		c.glow(hex(0x0a1c0e), 0.45, point{d.at.x + 10, d.at.y + 20}, d.r*1.2)
		c.daisy(d.at, d.r, hex(0xffffff), hex(0xf5bf2b))
	}
	return c.finish()
}

// theBeds is a plan of the garden on paper, as a scanner sees it.
func theBeds() image.Image {
	c := newCanvas(long, short, 35)
	c.gradient(stop{0, hex(0xf6efdd)}, stop{short, hex(0xeee2c6)})
	for x := 40.0; x < long; x += 40 {
		c.line(hex(0x8fb3c4), 0.35, 1, point{x, 0}, point{x, short})
	}
	for y := 40.0; y < short; y += 40 {
		c.line(hex(0x8fb3c4), 0.35, 1, point{0, y}, point{long, y})
	}
	ink := hex(0x3b3a52)
	beds := [][4]float64{{90, 90, 300, 170}, {340, 90, 610, 170}, {90, 220, 300, 330}, {340, 220, 610, 330}, {90, 400, 610, 540}}
	fills := []tone{hex(0xe8736a), hex(0xf2c14e), hex(0x9b72c0), hex(0xf08fb0), hex(0x8ab66a)}
	for i, b := range beds {
		c.polygon(fills[i], 0.28, point{b[0], b[1]}, point{b[2], b[1]}, point{b[2], b[3]}, point{b[0], b[3]})
		c.line(ink, 0.9, 3, point{b[0], b[1]}, point{b[2], b[1] + 3}, point{b[2] + 2, b[3]}, point{b[0] - 2, b[3] + 2}, point{b[0], b[1]})
		for x := b[0] + 26; x < b[2]-16; x += 34 {
			for y := b[1] + 26; y < b[3]-12; y += 34 {
				c.ellipse(fills[i].to(ink, 0.2), 0.8, point{x + c.between(-3, 3), y + c.between(-3, 3)}, 7, 7, 0)
			}
		}
	}
	for range 90 {
		sin, cos := math.Sincos(c.between(0, 2*math.Pi))
		r := 100 * math.Sqrt(c.rng.Float64())
		c.ellipse(hex(0x5f9a5a), 0.3, point{780 + cos*r, 200 + sin*r}, 14, 12, 0)
	}
	c.ellipse(hex(0x7a5230), 1, point{780, 200}, 10, 10, 0)
	c.ellipse(hex(0x6fb0d0), 0.5, point{780, 450}, 110, 70, 0.2)
	c.ellipse(hex(0xbfe0ee), 0.6, point{760, 436}, 60, 26, 0.2)
	c.line(ink, 0.8, 2, arc(point{650, 70}, point{660, 580}, 30)...)
	return c.finish()
}
