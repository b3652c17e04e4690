package samples

import (
	"image"
	"math"
)

// The scenes of the mountain hut, each a picture of its own.

func morningHaze() image.Image {
	c := newCanvas(long, short, 21)
	c.gradient(stop{0, hex(0xf6c78f)}, stop{180, hex(0xfde7c2)}, stop{short, hex(0xe6eef2)})
	c.sun(point{250, 150}, 30, hex(0xfffaf0), hex(0xffe3a8))
	far, near := hex(0xc9cfdc), hex(0x24384a)
	for i := range 7 {
		f := float64(i) / 6
		t := far.to(near, f*f*0.75+f*0.25)
		c.ridge(i+2, 250+62*float64(i), 78-f*22, 330-170*f, t, t.to(hex(0xf3e6d6), 0.62*(1-f*0.8)))
	}
	c.firs(46, 590, 70, 50, 120, hex(0x15242c))
	return c.finish()
}

func hutWithSmoke() image.Image {
	c := newCanvas(long, short, 22)
	c.gradient(stop{0, hex(0x3f8fd6)}, stop{360, hex(0xcfe8f5)})
	c.clouds(6, 60, 190, 150, hex(0xffffff), 0.8)
	c.peak(4, point{690, 90}, 430, 470, hex(0x9a96a0), hex(0x5d6577), hex(0xfdfdff), 0.32)
	c.peak(1, point{260, 150}, 430, 380, hex(0xa39d9f), hex(0x666d7c), hex(0xfdfdff), 0.26)
	c.ridge(6, 400, 34, 260, hex(0x4b6f52), hex(0x3c5c3c))
	c.firs(60, 412, 34, 40, 80, hex(0x26432f))
	c.ridge(3, 470, 20, 420, hex(0x86b04f), hex(0x4d7f33))
	c.hut(point{560, 500}, 190)
	c.grass(2600, 500, 660, 24, hex(0x6ea03e))
	c.meadowFlowers(170, 520, 630)
	return c.finish()
}

// hut draws a log house with a stone foot and a smoking chimney; at is the
// middle of its foot.
func (c *canvas) hut(at point, width float64) {
	p := func(x, y float64) point { return point{at.x + x*width, at.y - y*width} }
	for i := range 26 {
		f := float64(i) / 26
		c.puff(hex(0xf4f4f2), 0.34*(1-f), point{p(0.3, 0).x + math.Sin(f*5)*16 + 76*f, p(0, 0.8).y - 150*f}, 10+40*f, 9+30*f)
	}
	c.polygon(hex(0x7a6a60), 1, p(0.25, 0.5), p(0.36, 0.5), p(0.36, 0.82), p(0.25, 0.82))
	c.polygon(hex(0x7d5232), 1, p(-0.5, 0), p(0.5, 0), p(0.5, 0.42), p(-0.5, 0.42))
	for y := 0.1; y < 0.42; y += 0.045 {
		c.line(hex(0x4d2f1b), 0.7, 2, p(-0.5, y), p(0.5, y))
	}
	c.polygon(hex(0x8f8a84), 1, p(-0.52, -0.05), p(0.52, -0.05), p(0.51, 0.09), p(-0.51, 0.09))
	c.polygon(hex(0x46362e), 1, p(-0.62, 0.38), p(0.62, 0.38), p(0.4, 0.72), p(-0.4, 0.72))
	for x := -0.5; x <= 0.5; x += 0.1 {
		c.line(hex(0x2e231e), 0.55, 2, p(x*1.2, 0.385), p(x*0.78, 0.715))
	}
	for _, x := range []float64{-0.36, 0.2} {
		c.polygon(hex(0xf3ead8), 1, p(x-0.02, 0.14), p(x+0.18, 0.14), p(x+0.18, 0.32), p(x-0.02, 0.32))
		c.polygon(hex(0xffd98a), 1, p(x, 0.155), p(x+0.16, 0.155), p(x+0.16, 0.305), p(x, 0.305))
		c.line(hex(0xf3ead8), 1, 3, p(x+0.08, 0.155), p(x+0.08, 0.305))
		c.polygon(hex(0xb23a2e), 1, p(x-0.08, 0.13), p(x-0.02, 0.13), p(x-0.02, 0.33), p(x-0.08, 0.33))
		c.polygon(hex(0xb23a2e), 1, p(x+0.18, 0.13), p(x+0.24, 0.13), p(x+0.24, 0.33), p(x+0.18, 0.33))
	}
	c.polygon(hex(0x3a2417), 1, p(-0.08, -0.04), p(0.07, -0.04), p(0.07, 0.28), p(-0.08, 0.28))
}

func mountainLake() image.Image {
	c := newCanvas(long, short, 23)
	const horizon = 350
	c.gradient(stop{0, hex(0x2f7cc8)}, stop{horizon, hex(0xd6ecf6)})
	c.clouds(5, 40, 130, 140, hex(0xffffff), 0.75)
	c.peak(2, point{470, 70}, horizon, 430, hex(0xa9a3a6), hex(0x626b7d), hex(0xffffff), 0.36)
	c.peak(6, point{140, 150}, horizon, 300, hex(0x99979d), hex(0x5d6577), hex(0xffffff), 0.28)
	c.peak(9, point{830, 140}, horizon, 320, hex(0x9e9a9f), hex(0x606878), hex(0xffffff), 0.28)
	c.ridge(5, 336, 16, 150, hex(0x37593f), hex(0x2b4733))
	c.firs(80, 338, 12, 24, 52, hex(0x1e3a2a))
	c.water(horizon, hex(0x5fa3b4), hex(0x0f4a5c), 0.86)
	for range 60 {
		at := point{c.between(0, long), c.between(590, 650)}
		size := c.between(14, 60)
		grey := hex(0x8c8a86).to(hex(0x4a4b4c), c.between(0, 1))
		c.ellipse(grey.to(hex(0x000000), 0.5), 1, point{at.x + 3, at.y + 4}, size, size*0.5, 0)
		c.ellipse(grey, 1, at, size, size*0.48, 0)
		c.ellipse(grey.to(hex(0xffffff), 0.35), 0.7, point{at.x - size*0.2, at.y - size*0.18}, size*0.55, size*0.2, 0)
	}
	return c.finish()
}

func flowerMeadow() image.Image {
	c := newCanvas(short, long, 24)
	c.gradient(stop{0, hex(0x3b8ad4)}, stop{430, hex(0xdceff6)})
	c.clouds(6, 60, 260, 130, hex(0xffffff), 0.8)
	c.peak(3, point{380, 190}, 520, 380, hex(0xa7a1a6), hex(0x606a7e), hex(0xffffff), 0.33)
	c.ridge(6, 470, 30, 200, hex(0x4f7a57), hex(0x3d6343))
	c.firs(40, 492, 24, 34, 66, hex(0x28452f))
	c.ridge(4, 530, 16, 300, hex(0x8fb955), hex(0x4a7c31))
	c.grass(3200, 545, 980, 46, hex(0x6da23d))
	c.meadowFlowers(420, 560, 950)
	for range 16 {
		at := point{c.between(20, short-20), c.between(700, 900)}
		c.daisy(at, c.between(20, 36), hex(0xffffff), hex(0xf2b632))
	}
	return c.finish()
}

// meadowFlowers strews small blossoms, larger towards the front.
func (c *canvas) meadowFlowers(n int, y0, y1 float64) {
	tones := []tone{hex(0xffffff), hex(0xf4d03f), hex(0xd4519a), hex(0x7a5ccb), hex(0xe8473a), hex(0x4f86d9)}
	for range n {
		at := point{c.between(0, float64(c.w)), c.between(y0, y1)}
		size := 1.6 + 6*(at.y-y0)/(y1-y0)
		t := tones[c.rng.IntN(len(tones))]
		for i := range 5 {
			sin, cos := math.Sincos(2 * math.Pi * float64(i) / 5)
			c.ellipse(t, 0.95, point{at.x + cos*size*0.7, at.y + sin*size*0.6}, size*0.6, size*0.5, 0)
		}
		c.ellipse(hex(0xf6c945), 1, at, size*0.4, size*0.36, 0)
	}
}

// alpenglow is a burst of two pictures: the light is a little further gone in
// the second.
func alpenglow(gone float64) image.Image {
	c := newCanvas(long, short, 25)
	c.gradient(stop{0, hex(0x24386e)}, stop{200, hex(0x7a6a9c).to(hex(0x5a5688), gone)}, stop{420, hex(0xf7b59a).to(hex(0xd08a94), gone)})
	c.clouds(5, 60, 170, 170, hex(0xff9f8c).to(hex(0xc0708a), gone), 0.5)
	lit, shade := hex(0xff9a6a).to(hex(0xc96a6c), gone), hex(0x6d5a86).to(hex(0x4d4a78), gone)
	c.peak(5, point{560, 80 + 4*gone}, 520, 480, lit, shade, hex(0xffd9c4).to(hex(0xe8a8a8), gone), 0.4)
	c.peak(8, point{170, 190}, 520, 330, lit.to(shade, 0.3), shade, hex(0xffcdb4).to(hex(0xd89aa0), gone), 0.34)
	c.ridge(3, 470, 40, 260, hex(0x3b3a5c), hex(0x2a2a48))
	c.ridge(7, 540, 30, 190, hex(0x24263f), hex(0x151830))
	c.firs(52, 560, 70, 60, 130, hex(0x10131f))
	return c.finish()
}

func alpenglowFirst() image.Image  { return alpenglow(0) }
func alpenglowSecond() image.Image { return alpenglow(0.55) }

func starsOverTheHut() image.Image {
	c := newCanvas(long, short, 26)
	c.gradient(stop{0, hex(0x050a1e)}, stop{330, hex(0x14264e)}, stop{520, hex(0x3c5478)})
	for range 260 {
		f := c.rng.Float64()
		at := point{140 + 760*f + c.rng.NormFloat64()*30, 480 - 470*f + c.rng.NormFloat64()*38}
		c.puff(hex(0xaab6e8).to(hex(0xe8c8d8), c.rng.Float64()), 0.05, at, c.between(30, 90), c.between(20, 60))
	}
	c.stars(950, 500)
	for range 260 {
		f := c.rng.Float64()
		at := point{140 + 760*f + c.rng.NormFloat64()*34, 480 - 470*f + c.rng.NormFloat64()*34}
		c.glow(hex(0xffffff), 0.5, at, c.between(1, 2.2))
	}
	c.peak(5, point{700, 300}, 560, 420, hex(0x232f52), hex(0x141d3a), hex(0x6f80ac), 0.3)
	c.ridge(3, 520, 30, 300, hex(0x0d1428), hex(0x080c1a))
	c.firs(34, 560, 60, 70, 150, hex(0x060a14))
	c.hut(point{330, 566}, 130)
	c.glow(hex(0xffc35a), 0.5, point{330, 535}, 120)
	return c.finish()
}
