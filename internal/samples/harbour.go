package samples

import "image"

// Sizes of the photos as they are looked at.
const (
	long  = 960
	short = 640
)

// The scenes of the harbour, each a picture of its own.

func harbourDawn() image.Image {
	c := newCanvas(long, short, 11)
	const horizon = 372
	c.gradient(stop{0, hex(0x39507f)}, stop{170, hex(0x8d7fa8)}, stop{290, hex(0xf0a48a)}, stop{horizon, hex(0xffd9a0)})
	c.clouds(7, 60, 230, 150, hex(0xf7b9a6), 0.55)
	c.sun(point{620, 338}, 26, hex(0xfff6da), hex(0xffc46b))
	c.ridge(1, 352, 30, 210, hex(0x8a7793), hex(0xa98a96))
	c.ridge(2, 374, 22, 130, hex(0x5f5a7d), hex(0x6f6580))
	c.water(horizon, hex(0xe8a98c), hex(0x2f4468), 0.82)
	c.glitter(horizon, 620, 46, 260, hex(0xffe9b8))
	c.sailingBoat(point{270, 430}, 1.5, hex(0x2c2f48), hex(0x4a4a68))
	c.sailingBoat(point{430, 392}, 0.7, hex(0x4b4866), hex(0x67607e))
	c.pier(point{0, 560}, 330, hex(0x231f30))
	return c.finish()
}

func lighthouse() image.Image {
	c := newCanvas(long, short, 12)
	const horizon = 420
	c.gradient(stop{0, hex(0x2f7fc4)}, stop{260, hex(0x8cc4ea)}, stop{horizon, hex(0xe3f1f4)})
	c.clouds(8, 70, 300, 130, hex(0xffffff), 0.8)
	c.ridge(2, 418, 14, 300, hex(0x7f9fb6), hex(0x8fb0c2))
	c.water(horizon, hex(0x6fb0cc), hex(0x14507a), 0.45)
	c.glitter(horizon, 480, 420, 330, hex(0xe9fbff))
	rock := []point{{520, 640}, {540, 520}, {600, 470}, {660, 448}, {740, 440}, {830, 462}, {900, 500}, {960, 520}, {960, 640}}
	c.polygon(hex(0x5d5650), 1, rock...)
	c.polygon(hex(0x8a7f73), 1, point{600, 470}, point{660, 448}, point{740, 440}, point{720, 500}, point{640, 540}, point{560, 560})
	c.polygon(hex(0x3f3a38), 1, point{830, 462}, point{900, 500}, point{960, 520}, point{960, 640}, point{860, 640}, point{800, 540})
	c.tower(point{720, 446}, 270)
	c.gulls(7, point{380, 190}, 130, hex(0xf6fbff))
	c.gulls(3, point{250, 300}, 60, hex(0x3a4a58))
	return c.finish()
}

// tower draws a lighthouse with red bands standing at a place.
func (c *canvas) tower(foot point, height float64) {
	wide, narrow := height*0.13, height*0.085
	at := func(f, side float64) point {
		return point{foot.x + side*(wide+(narrow-wide)*f), foot.y - height*0.8*f}
	}
	for band := range 5 {
		from, to := float64(band)/5, float64(band+1)/5
		t := hex(0xf7f3ea)
		if band%2 == 0 {
			t = hex(0xc8372d)
		}
		c.polygon(t, 1, at(from, -1), at(from, 1), at(to, 1), at(to, -1))
	}
	c.polygon(hex(0x1d2530), 0.28, at(0, 0.3), at(0, 1), at(1, 1), at(1, 0.3))
	top := foot.y - height*0.8
	c.polygon(hex(0x2d3138), 1, point{foot.x - narrow*1.5, top}, point{foot.x + narrow*1.5, top},
		point{foot.x + narrow*1.5, top - 7}, point{foot.x - narrow*1.5, top - 7})
	c.polygon(hex(0xffe9a6), 1, point{foot.x - narrow*0.8, top - 7}, point{foot.x + narrow*0.8, top - 7},
		point{foot.x + narrow*0.8, top - 36}, point{foot.x - narrow*0.8, top - 36})
	for _, x := range []float64{-0.8, -0.1, 0.6} {
		c.line(hex(0x2d3138), 1, 2.5, point{foot.x + narrow*x, top - 7}, point{foot.x + narrow*x, top - 36})
	}
	c.polygon(hex(0xa52d26), 1, point{foot.x - narrow*1.1, top - 36}, point{foot.x + narrow*1.1, top - 36}, point{foot.x, top - 64})
	c.glow(hex(0xfff3c4), 0.7, point{foot.x, top - 22}, 40)
}

func regatta() image.Image {
	c := newCanvas(long, short, 13)
	const horizon = 330
	c.gradient(stop{0, hex(0x1f6fbd)}, stop{horizon, hex(0xbfe3f2)})
	c.clouds(9, 40, 260, 170, hex(0xffffff), 0.85)
	c.ridge(4, 322, 26, 260, hex(0x6f93a6), hex(0x86a8b4))
	c.water(horizon, hex(0x4f9cc4), hex(0x0d4a78), 0.4)
	c.glitter(horizon, 480, 460, 420, hex(0xdff5ff))
	sails := []tone{hex(0xffffff), hex(0xf6d35b), hex(0xe8573f), hex(0xfdfdf8), hex(0x4fb0a5)}
	for i, at := range []point{{150, 366}, {330, 352}, {470, 372}, {840, 360}, {640, 420}, {300, 470}} {
		c.sailingBoat(at, 0.5+(at.y-350)/70, hex(0x24344c), sails[i%len(sails)])
	}
	return c.finish()
}

// sailingBoat draws a boat whose water line's middle is at a place.
func (c *canvas) sailingBoat(at point, size float64, hull, sail tone) {
	p := func(x, y float64) point { return point{at.x + x*size, at.y + y*size} }
	c.ellipse(hull.to(hex(0x0a1a2c), 0.4), 0.35, p(0, 12), 54*size, 7*size, 0)
	c.line(hull, 1, 2*size, p(2, 0), p(2, -112))
	c.polygon(sail, 1, p(5, -110), p(5, -14), p(48, -14), p(30, -60))
	c.polygon(sail.to(hex(0x000000), 0.16), 1, p(-1, -98), p(-1, -12), p(-40, -12), p(-22, -52))
	c.polygon(hull, 1, p(-50, -6), p(54, -8), p(40, 11), p(-34, 11))
	c.polygon(hull.to(hex(0xffffff), 0.75), 1, p(-50, -6), p(54, -8), p(52, -4), p(-48, -2))
}

// pier draws planks on posts from the left edge.
func (c *canvas) pier(at point, length float64, t tone) {
	for x := at.x + 20; x < at.x+length; x += 62 {
		c.polygon(t, 1, point{x, at.y - 26}, point{x + 13, at.y - 26}, point{x + 13, at.y + 90}, point{x, at.y + 90})
	}
	c.polygon(t, 1, point{at.x, at.y}, point{at.x + length, at.y + 4}, point{at.x + length, at.y + 18}, point{at.x, at.y + 22})
}

func wharfHouses() image.Image {
	c := newCanvas(long, short, 14)
	const horizon = 430
	c.gradient(stop{0, hex(0x6aa9d8)}, stop{horizon, hex(0xe8f2ee)})
	c.clouds(6, 30, 150, 140, hex(0xffffff), 0.8)
	c.ridge(3, 250, 70, 300, hex(0x6e8f79), hex(0x4d6f5c))
	colours := []tone{hex(0xb5402f), hex(0xe3b04b), hex(0xf1e8d6), hex(0xc9683a), hex(0x8f2f2c), hex(0xd9a441), hex(0x7c9a8b), hex(0xb5402f)}
	for i, t := range colours {
		x := 20 + float64(i)*118
		c.house(point{x, horizon - 14}, 108, 190+38*c.between(-0.6, 1), t)
	}
	c.polygon(hex(0x6b5d50), 1, point{0, horizon - 16}, point{long, horizon - 16}, point{long, horizon}, point{0, horizon})
	c.water(horizon, hex(0x86a8ae), hex(0x1f4152), 0.75)
	c.rowingBoat(point{330, 520}, 1.2, hex(0x2f6f8f))
	c.rowingBoat(point{640, 486}, 0.85, hex(0xb5402f))
	return c.finish()
}

// house draws a gabled front with windows, its lower left corner at a place.
func (c *canvas) house(at point, width, height float64, t tone) {
	p := func(x, y float64) point { return point{at.x + x*width, at.y - y*height} }
	c.polygon(t, 1, p(0, 0), p(1, 0), p(1, 0.74), p(0.5, 1), p(0, 0.74))
	c.polygon(hex(0x000000), 0.12, p(0.82, 0), p(1, 0), p(1, 0.74), p(0.82, 0.83))
	c.line(hex(0x3a2c28), 1, 6, p(-0.04, 0.72), p(0.5, 1.02), p(1.04, 0.72))
	for row := range 3 {
		for column := range 3 {
			x, y := 0.14+0.27*float64(column), 0.12+0.21*float64(row)
			c.polygon(hex(0xfaf6ea), 1, p(x-0.015, y-0.01), p(x+0.165, y-0.01), p(x+0.165, y+0.135), p(x-0.015, y+0.135))
			glass := hex(0x2b3d4c).to(hex(0x9cc3d8), c.between(0, 0.6))
			c.polygon(glass, 1, p(x, y), p(x+0.15, y), p(x+0.15, y+0.125), p(x, y+0.125))
		}
	}
	c.ellipse(hex(0x2b3d4c), 1, p(0.5, 0.84), width*0.06, width*0.07, 0)
}

// rowingBoat draws an empty boat with its shadow on the water.
func (c *canvas) rowingBoat(at point, size float64, t tone) {
	p := func(x, y float64) point { return point{at.x + x*size, at.y + y*size} }
	c.ellipse(hex(0x0a1c28), 0.35, p(0, 20), 74*size, 9*size, 0)
	c.polygon(t, 1, p(-72, -8), p(76, -12), p(54, 18), p(-52, 18))
	c.polygon(t.to(hex(0x000000), 0.45), 1, p(-64, -7), p(68, -10), p(58, -1), p(-54, 1))
	c.line(hex(0xf4ead6), 1, 3*size, p(-72, -8), p(76, -12))
	c.line(hex(0x8f6a45), 1, 5*size, p(-18, -5), p(-14, 3))
	c.line(hex(0x8f6a45), 1, 5*size, p(24, -6), p(22, 2))
}
