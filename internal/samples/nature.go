package samples

import "math"

// ridge draws a range of hills: its outline is noise around base, and its colour
// goes from top at the outline to bottom at the canvas's lower end.
func (c *canvas) ridge(seed int, base, height, length float64, top, bottom tone) {
	for x := range c.w {
		y := base - height*(c.noise(float64(x)/length, seed)-0.5)*2
		c.column(x, y, float64(c.h), top, bottom)
	}
}

// column fills one column of pixels from y0 down to y1, the first one softly.
func (c *canvas) column(x int, y0, y1 float64, top, bottom tone) {
	first := int(math.Floor(y0))
	if first >= 0 && first < c.h {
		c.blend(c.at(x, first), top, 1-(y0-float64(first)))
	}
	for y := max(0, first+1); y < min(c.h, int(y1)); y++ {
		c.set(c.at(x, y), top.to(bottom, (float64(y)-y0)/(y1-y0)))
	}
}

// peak draws a mountain with a lit and a shaded side and snow above a line.
func (c *canvas) peak(seed int, top point, foot, width float64, lit, shade, snow tone, snowLine float64) {
	for x := max(0, int(top.x-width)); x < min(c.w, int(top.x+width)); x++ {
		d := (float64(x) - top.x) / width
		rough := (c.noise(float64(x)/60, seed) - 0.5) * 90 * (1 - math.Abs(d))
		start := top.y + (foot-top.y)*math.Pow(math.Abs(d), 0.85) + rough*math.Min(1, math.Abs(d)*8)
		for y := max(0, int(start)); y < min(c.h, int(foot)); y++ {
			fy := float64(y)
			// The edge between light and shade wanders down from the summit.
			edge := top.x + (c.noise(fy/70, seed+3)-0.5)*150*(fy-top.y)/(foot-top.y)
			side := shade
			if float64(x) < edge+(c.noise(fy/9+float64(x)/30, seed+5)-0.5)*26 {
				side = lit
			}
			depth := (fy - top.y) / (foot - top.y)
			line := snowLine + (c.noise(float64(x)/22, seed+7)-0.5)*0.55
			if depth < line {
				white := snow
				if side == shade {
					white = snow.to(shade, 0.45)
				}
				side = side.to(white, math.Min(1, (line-depth)*14))
			}
			c.set(c.at(x, y), side.to(lit.to(snow, 0.25), depth*0.35))
		}
	}
}

// sun draws the disc and its light.
func (c *canvas) sun(at point, radius float64, core, halo tone) {
	c.glow(halo, 0.55, at, radius*9)
	c.glow(halo, 0.75, at, radius*3.2)
	c.glow(core, 0.9, at, radius*1.7)
	c.ellipse(core, 1, at, radius, radius, 0)
}

// clouds scatters soft clouds between two heights.
func (c *canvas) clouds(n int, y0, y1, size float64, t tone, strength float64) {
	for range n {
		at := point{c.between(0, float64(c.w)), c.between(y0, y1)}
		s := size * c.between(0.6, 1.4)
		for range 22 {
			dx, dy := c.between(-1, 1), c.between(-0.22, 0.18)
			r := s * (0.32 - 0.18*math.Abs(dx)) * c.between(0.7, 1.3)
			c.puff(t, strength*c.between(0.3, 0.6), point{at.x + dx*s, at.y + dy*s*0.8}, r*1.9, r)
		}
	}
}

// puff is a glow that is wider than high.
func (c *canvas) puff(t tone, strength float64, at point, rx, ry float64) {
	for y := max(0, int(at.y-ry)); y < min(c.h, int(at.y+ry)+1); y++ {
		dy := (float64(y) - at.y) / ry
		for x := max(0, int(at.x-rx)); x < min(c.w, int(at.x+rx)+1); x++ {
			dx := (float64(x) - at.x) / rx
			if near := 1 - dx*dx - dy*dy; near > 0 {
				c.blend(c.at(x, y), t, strength*near*near)
			}
		}
	}
}

// water mirrors what is above the horizon, trembling more the nearer it is, and
// tints it from far to near.
func (c *canvas) water(horizon int, far, near tone, clarity float64) {
	for y := horizon; y < c.h; y++ {
		depth := float64(y-horizon) / float64(c.h-horizon)
		tint := far.to(near, depth)
		swell := 1.5 + 16*depth
		for x := range c.w {
			wobble := math.Sin(float64(y)*(0.55-0.25*depth)+float64(x)*0.012) +
				0.6*math.Sin(float64(y)*0.23-float64(x)*0.031+3*c.waves[y&255])
			sy := min(horizon-1, max(0, 2*horizon-y+int(wobble*swell*0.5)))
			sx := min(c.w-1, max(0, x+int(wobble*swell*0.35)))
			s := c.img.Pix[c.at(sx, sy):]
			mirrored := tone{float64(s[0]), float64(s[1]), float64(s[2])}
			c.set(c.at(x, y), tint.to(mirrored, clarity*(1-0.45*depth)))
		}
	}
}

// glitter puts short strokes of light on water, around x and wider in front.
func (c *canvas) glitter(horizon int, x, spread float64, n int, t tone) {
	for range n {
		depth := math.Pow(c.rng.Float64(), 1.4)
		y := float64(horizon) + depth*float64(c.h-horizon)
		at := x + c.rng.NormFloat64()*spread*(0.25+depth)
		half := c.between(2, 7) * (0.5 + 2.2*depth)
		c.ellipse(t, c.between(0.25, 0.8), point{at, y}, half, 0.6+1.3*depth, 0)
	}
}

// stars fills the sky down to a height.
func (c *canvas) stars(n int, to float64) {
	for range n {
		at := point{c.between(0, float64(c.w)), c.between(0, to)}
		size := math.Pow(c.rng.Float64(), 6)
		c.glow(hex(0xffffff), 0.35+0.6*size, at, 1.3+2.8*size)
	}
}

// fir draws a conifer standing at a place.
func (c *canvas) fir(at point, height float64, t tone) {
	c.polygon(t, 1, point{at.x - height*0.025, at.y}, point{at.x + height*0.025, at.y},
		point{at.x + height*0.02, at.y - height*0.2}, point{at.x - height*0.02, at.y - height*0.2})
	for tier := range 5 {
		f := float64(tier) / 5
		bottom := at.y - height*(0.1+0.7*f)
		half := height * 0.24 * (1 - 0.78*f)
		c.polygon(t, 1, point{at.x - half, bottom}, point{at.x - half*0.3, bottom - height*0.02}, point{at.x + half*0.35, bottom},
			point{at.x + half, bottom + height*0.01}, point{at.x, bottom - height*0.3})
	}
}

// firs plants a wood along a line.
func (c *canvas) firs(n int, y, spread, lo, hi float64, t tone) {
	for range n {
		c.fir(point{c.between(-20, float64(c.w)+20), y + c.between(0, spread)}, c.between(lo, hi), t.to(hex(0x000000), c.between(0, 0.25)))
	}
}

// grass draws blades along the lower end of the canvas.
func (c *canvas) grass(n int, y0, y1, height float64, t tone) {
	for range n {
		root := point{c.between(0, float64(c.w)), c.between(y0, y1)}
		size := height * (0.4 + 0.8*(root.y-y0)/(y1-y0+1)) * c.between(0.6, 1.2)
		lean := c.between(-0.45, 0.45) * size
		shade := t.to(hex(0xdff09a), c.between(0, 0.28)).to(hex(0x10240c), c.between(0, 0.35))
		c.polygon(shade, 0.9, point{root.x - 1.4, root.y}, point{root.x + 1.4, root.y}, point{root.x + lean, root.y - size})
	}
}

// gulls draws birds as two arcs each.
func (c *canvas) gulls(n int, around point, spread float64, t tone) {
	for range n {
		at := point{around.x + c.rng.NormFloat64()*spread, around.y + c.rng.NormFloat64()*spread*0.45}
		size := c.between(7, 20)
		lift := size * c.between(0.3, 0.6)
		c.line(t, 0.95, 1+size*0.09, arc(point{at.x - size, at.y - lift*0.3}, at, -lift*0.6)...)
		c.line(t, 0.95, 1+size*0.09, arc(at, point{at.x + size, at.y - lift*0.5}, -lift*0.6)...)
	}
}
