package samples

import (
	"image"
	"math"
)

// The scenes of the birthday, each a picture of its own.

// partyTones are the colours of balloons and bunting.
func partyTones() []tone {
	return []tone{hex(0xe63946), hex(0xf4a261), hex(0xffd166), hex(0x06a77d), hex(0x3a86ff), hex(0x9b5de5), hex(0xf15bb5)}
}

// balloon draws a shining balloon with its string down to the knot's end.
func (c *canvas) balloon(at point, r float64, t tone, tied point) {
	c.line(hex(0xffffff), 0.7, 1.6, arc(point{at.x, at.y + r*1.22}, tied, 0)...)
	c.polygon(t.to(hex(0x000000), 0.2), 1, point{at.x - r*0.12, at.y + r*1.32}, point{at.x + r*0.12, at.y + r*1.32}, point{at.x, at.y + r*1.12})
	c.ellipse(t.to(hex(0x000000), 0.28), 1, at, r, r*1.2, 0)
	const shells = 7
	for i := range shells {
		f := float64(i+1) / shells
		s := 1 - 0.5*f
		c.ellipse(t.to(hex(0xffffff), 0.16*f), 0.55, point{at.x - r*0.2*f, at.y - r*0.26*f}, r*s, r*1.2*s, 0)
	}
	c.ellipse(hex(0xffffff), 0.75, point{at.x - r*0.42, at.y - r*0.55}, r*0.12, r*0.26, 0.5)
}

func balloons() image.Image {
	c := newCanvas(short, long, 41)
	c.gradient(stop{0, hex(0x4aa3e0)}, stop{long, hex(0xe4f4fb)})
	c.clouds(9, 80, 860, 150, hex(0xffffff), 0.8)
	tones := partyTones()
	places := []point{{200, 250}, {330, 190}, {450, 270}, {140, 380}, {270, 350}, {400, 380}, {510, 400}, {210, 490}, {340, 500}, {450, 510}}
	for i, at := range places {
		c.balloon(at, 74, tones[i%len(tones)], point{330, 900})
	}
	return c.finish()
}

func cake() image.Image {
	c := newCanvas(long, short, 42)
	c.outOfFocus(30, hex(0x3a1f2e), hex(0x5b2f2a), hex(0xffb45a), hex(0xff7a5a), hex(0xffe0a0), hex(0xd06a9a))
	c.polygon(hex(0x6b4630), 1, point{0, 520}, point{long, 520}, point{long, short}, point{0, short})
	c.glow(hex(0xffd79a), 0.5, point{480, 540}, 380)
	c.ellipse(hex(0xe9e4dc), 1, point{480, 548}, 300, 34, 0)
	c.ellipse(hex(0xffffff), 1, point{480, 542}, 290, 30, 0)
	c.tier(480, 540, 230, 120, hex(0xf6d5c4), hex(0xe8798a))
	c.tier(480, 424, 150, 96, hex(0xfbeee0), hex(0xf0a04a))
	for i := range 7 {
		x := 380 + 33.0*float64(i)
		y := 330 - 7*math.Sin(float64(i)*math.Pi/6)
		c.polygon(partyTones()[i], 1, point{x - 5, y}, point{x + 5, y}, point{x + 5, y - 62}, point{x - 5, y - 62})
		for k := range 3 {
			c.line(hex(0xffffff), 0.7, 3, point{x - 5, y - 10 - 18*float64(k)}, point{x + 5, y - 18 - 18*float64(k)})
		}
		c.glow(hex(0xffb03a), 0.85, point{x, y - 80}, 52)
		c.ellipse(hex(0xffd75a), 1, point{x, y - 78}, 6, 15, 0)
		c.ellipse(hex(0xfffbe6), 1, point{x, y - 74}, 3, 8, 0)
	}
	return c.finish()
}

// tier draws one storey of a cake with running icing; foot is its lower edge.
func (c *canvas) tier(x, foot, half, height float64, dough, icing tone) {
	c.ellipse(dough.to(hex(0x000000), 0.2), 1, point{x, foot}, half, half*0.11, 0)
	c.polygon(dough, 1, point{x - half, foot}, point{x + half, foot}, point{x + half, foot - height}, point{x - half, foot - height})
	c.polygon(hex(0x000000), 0.12, point{x + half*0.5, foot}, point{x + half, foot}, point{x + half, foot - height}, point{x + half*0.5, foot - height})
	top := foot - height
	for i := range 13 {
		f := float64(i)/6 - 1
		drop := 14 + 20*c.rng.Float64()
		at := x + f*half*0.95
		edge := top + half*0.11*math.Sqrt(max(0, 1-f*f))
		c.polygon(icing, 1, point{at - half*0.09, top - 4}, point{at + half*0.09, top - 4}, point{at + half*0.07, edge + drop}, point{at - half*0.07, edge + drop})
		c.ellipse(icing, 1, point{at, edge + drop}, half*0.07, half*0.06, 0)
	}
	c.ellipse(icing, 1, point{x, top}, half, half*0.12, 0)
	c.ellipse(icing.to(hex(0xffffff), 0.25), 1, point{x - half*0.1, top - 2}, half*0.85, half*0.085, 0)
}

func bunting() image.Image {
	c := newCanvas(long, short, 43)
	c.gradient(stop{0, hex(0x6fb4de)}, stop{330, hex(0xdff0f2)})
	c.clouds(5, 30, 180, 140, hex(0xffffff), 0.7)
	c.ridge(4, 352, 40, 150, hex(0x5d8f52), hex(0x47753d))
	for range 260 {
		at := point{c.between(0, long), c.between(300, 440)}
		c.puff(hex(0x6fa85a).to(hex(0x2f5f35), c.rng.Float64()), 0.6, at, c.between(20, 60), c.between(14, 40))
	}
	c.gradient(stop{430, hex(0x7fb254)}, stop{short, hex(0x4f8a38)})
	c.grass(1500, 450, 660, 18, hex(0x6aa044))
	for i, line := range [][3]float64{{60, 90, 150}, {150, 40, 120}, {210, 170, 90}} {
		way := arc(point{-10, line[0]}, point{long + 10, line[1]}, line[2])
		c.line(hex(0xf8f4ea), 1, 3, way...)
		c.flags(way, i)
	}
	c.table(point{480, 560})
	return c.finish()
}

// flags hangs pennants on a line.
func (c *canvas) flags(way []point, first int) {
	tones := partyTones()
	for i := range len(way) - 1 {
		a, b := way[i], way[i+1]
		for half := range 2 {
			f, g := float64(half)/2+0.06, float64(half)/2+0.44
			p := point{a.x + (b.x-a.x)*f, a.y + (b.y-a.y)*f}
			q := point{a.x + (b.x-a.x)*g, a.y + (b.y-a.y)*g}
			t := tones[(2*i+half+first*3)%len(tones)]
			c.polygon(t, 1, p, q, point{(p.x + q.x) / 2, (p.y+q.y)/2 + 34})
			c.polygon(hex(0x000000), 0.12, point{(p.x + q.x) / 2, (p.y + q.y) / 2}, q, point{(p.x + q.x) / 2, (p.y+q.y)/2 + 34})
		}
	}
}

// table draws a laid garden table; at is the middle of its edge.
func (c *canvas) table(at point) {
	p := func(x, y float64) point { return point{at.x + x, at.y + y} }
	for _, x := range []float64{-250, 236} {
		c.polygon(hex(0x6b4a30), 1, p(x, 0), p(x+16, 0), p(x+12, 110), p(x+4, 110))
	}
	c.polygon(hex(0xfdfbf4), 1, p(-290, -26), p(290, -26), p(320, 16), p(-320, 16))
	c.polygon(hex(0xe6e0d2), 1, p(-320, 16), p(320, 16), p(312, 58), p(-312, 58))
	for x := -300.0; x < 300; x += 40 {
		c.polygon(hex(0xe63946), 0.75, p(x, 16), p(x+20, 16), p(x+20, 58), p(x, 58))
	}
	for i, t := range partyTones() {
		x := -240 + 80*float64(i)
		c.ellipse(hex(0xd8d2c6), 1, p(x, -4), 26, 8, 0)
		c.ellipse(hex(0xffffff), 1, p(x, -6), 24, 7, 0)
		c.polygon(t, 0.85, p(x+26, -44), p(x+46, -44), p(x+43, -12), p(x+29, -12))
		c.ellipse(t.to(hex(0xffffff), 0.4), 1, p(x+36, -44), 10, 3, 0)
	}
}

func lanterns() image.Image {
	c := newCanvas(long, short, 44)
	c.gradient(stop{0, hex(0x0b1230)}, stop{380, hex(0x2c2a5a)}, stop{short, hex(0x6a3f5c)})
	c.stars(140, 300)
	c.ridge(4, 500, 60, 170, hex(0x12142c), hex(0x0a0b1c))
	tones := partyTones()
	for row, ends := range [][3]float64{{70, 40, 130}, {170, 220, 130}} {
		way := arc(point{-20, ends[0]}, point{long + 20, ends[1]}, ends[2])
		c.line(hex(0x05060f), 1, 2.5, way...)
		for i := 1; i < len(way)-1; i += 2 {
			t := tones[(i/2+row*3)%len(tones)]
			r := 34 + 9*float64(row)
			at := point{way[i].x, way[i].y + r + 12}
			c.glow(t.to(hex(0xffd9a0), 0.5), 0.65, at, r*3.2)
			c.ellipse(t, 1, at, r, r*1.08, 0)
			c.glow(hex(0xfff2cc), 0.85, at, r*0.95)
			for _, x := range []float64{-0.6, 0, 0.6} {
				c.line(t.to(hex(0x000000), 0.35), 0.4, 1.5, arc(point{at.x + x*r*0.5, at.y - r}, point{at.x + x*r*0.5, at.y + r}, 0)...)
			}
			c.line(hex(0x1a1020), 1, 5, point{at.x - 10, at.y - r*1.08}, point{at.x + 10, at.y - r*1.08})
			c.line(hex(0x1a1020), 1, 5, point{at.x - 10, at.y + r*1.08}, point{at.x + 10, at.y + r*1.08})
		}
	}
	for _, x := range []float64{190, 300, 420, 560, 690, 790} {
		c.person(point{x + c.between(-14, 14), 640}, c.between(150, 205))
	}
	return c.finish()
}

// person draws somebody's outline against the light, one arm raised.
func (c *canvas) person(foot point, height float64) {
	t := hex(0x07070f)
	p := func(x, y float64) point { return point{foot.x + x*height, foot.y - y*height} }
	c.ellipse(t, 1, p(0, 0.92), height*0.075, height*0.09, 0)
	c.polygon(t, 1, p(-0.035, 0.9), p(0.035, 0.9), p(0.06, 0.8), p(0.16, 0.77), p(0.12, 0.4), p(0.13, 0), p(0.03, 0),
		p(0, 0.36), p(-0.04, 0), p(-0.14, 0), p(-0.12, 0.4), p(-0.16, 0.77), p(-0.06, 0.8))
	side := 1.0
	if c.rng.Float64() < 0.5 {
		side = -1
	}
	reach := c.between(0.7, 1.05)
	c.line(t, 1, height*0.06, p(side*0.13, 0.75), p(side*0.22, 0.62), p(side*0.27, reach))
	c.line(t, 1, height*0.06, p(-side*0.13, 0.75), p(-side*0.2, 0.56), p(-side*0.17, 0.4))
	if reach > 0.9 {
		c.glow(hex(0xffd08a), 0.9, p(side*0.27, reach+0.04), height*0.1)
	}
}

func fireworks() image.Image {
	c := newCanvas(long, short, 45)
	c.gradient(stop{0, hex(0x060818)}, stop{short, hex(0x2a2148)})
	c.stars(120, 400)
	tones := partyTones()
	for i, at := range []point{{230, 190}, {520, 130}, {770, 230}, {400, 320}, {640, 350}} {
		t := tones[(i*3)%len(tones)]
		r := c.between(100, 170)
		c.glow(t, 0.35, at, r*1.4)
		for range 90 {
			sin, cos := math.Sincos(c.between(0, 2*math.Pi))
			d := r * math.Sqrt(c.between(0.15, 1))
			end := point{at.x + cos*d, at.y + sin*d + d*0.12}
			c.line(t.to(hex(0xffffff), 0.25), c.between(0.35, 0.95), 1.6, point{at.x + cos*d*0.45, at.y + sin*d*0.45}, end)
			c.glow(hex(0xffffff), 0.9, end, 3.2)
		}
	}
	c.ridge(6, 590, 40, 200, hex(0x0a0a18), hex(0x05050c))
	c.firs(24, 620, 30, 60, 130, hex(0x04050a))
	return c.finish()
}
