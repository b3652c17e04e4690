package samples

import (
	"image"
	"math"
)

func gullsOverThePier() image.Image {
	c := newCanvas(short, long, 15)
	const horizon = 640
	c.gradient(stop{0, hex(0x3d86c6)}, stop{360, hex(0xa9d3ea)}, stop{horizon, hex(0xf3ead2)})
	c.clouds(9, 90, 520, 150, hex(0xffffff), 0.75)
	c.ridge(5, 632, 18, 200, hex(0x8ea6b2), hex(0x9fb4bc))
	c.water(horizon, hex(0x9cc0c8), hex(0x1e5068), 0.6)
	c.glitter(horizon, 320, 240, 240, hex(0xfff8df))
	c.polygon(hex(0x6d5138), 1, point{250, 668}, point{390, 668}, point{620, 960}, point{20, 960})
	for i := range 16 {
		f := float64(i) / 16
		y := 668 + 292*f*f
		half := 70 + 230*f*f
		c.line(hex(0x3c2b1e), 0.8, 1+4*f, point{320 - half, y}, point{320 + half, y})
	}
	for _, side := range []float64{-1, 1} {
		for _, f := range []float64{0.12, 0.3, 0.55, 0.9} {
			y := 668 + 292*f*f
			x := 320 + side*(74+230*f*f)
			c.line(hex(0x2f2219), 1, 5+14*f, point{x, y - 50 - 110*f}, point{x, y + 10})
		}
	}
	c.gulls(11, point{330, 300}, 150, hex(0xffffff))
	c.gulls(4, point{200, 480}, 60, hex(0x45525c))
	return c.finish()
}

func harbourSunset() image.Image {
	c := newCanvas(long, short, 16)
	const horizon = 380
	c.gradient(stop{0, hex(0x2b2350)}, stop{150, hex(0x8a2f63)}, stop{270, hex(0xe8603c)}, stop{horizon, hex(0xffc75a)})
	c.clouds(8, 70, 250, 190, hex(0xff8d5c), 0.45)
	c.clouds(4, 40, 150, 160, hex(0x5b2a5c), 0.5)
	c.sun(point{400, 352}, 44, hex(0xfff3c2), hex(0xffb640))
	c.ridge(7, 378, 16, 170, hex(0x6a2a4a), hex(0x7a3046))
	c.water(horizon, hex(0xf08a4a), hex(0x2a1838), 0.85)
	c.glitter(horizon, 400, 52, 320, hex(0xffe39a))
	c.sailingBoat(point{640, 440}, 1.9, hex(0x1c1024), hex(0x2c1830))
	c.gulls(6, point{250, 200}, 90, hex(0x2a1530))
	c.polygon(hex(0x150c1c), 1, point{0, 640}, point{0, 560}, point{90, 540}, point{170, 572}, point{260, 588}, point{330, 640})
	return c.finish()
}

func blueHour() image.Image {
	c := newCanvas(long, short, 17)
	const horizon = 400
	c.gradient(stop{0, hex(0x0a1230)}, stop{240, hex(0x1f3a70)}, stop{horizon, hex(0x6f7fae)})
	c.stars(150, 260)
	c.crescent(point{740, 120}, 32)
	c.ridge(2, 330, 60, 300, hex(0x16264e), hex(0x101d3e))
	for x := 8.0; x < long; x += c.between(44, 74) {
		c.lateHouse(point{x, horizon}, c.between(40, 66), c.between(46, 122))
	}
	for x := 40.0; x < long; x += 118 {
		c.line(hex(0x0a1020), 1, 3, point{x, horizon}, point{x, horizon - 48})
		c.glow(hex(0xffd890), 0.8, point{x, horizon - 50}, 34)
		c.glow(hex(0xfffbe8), 1, point{x, horizon - 50}, 8)
	}
	c.water(horizon, hex(0x4a5a8c), hex(0x060c20), 0.9)
	c.sailingBoat(point{500, 480}, 1.25, hex(0x0b1022), hex(0x1a2444))
	return c.finish()
}

// crescent draws a young moon and its light.
func (c *canvas) crescent(at point, r float64) {
	c.glow(hex(0xdfe8ff), 0.35, at, r*4.5)
	var outline []point
	for i := range 25 {
		sin, cos := math.Sincos(math.Pi * (float64(i)/24 - 0.5))
		outline = append(outline, point{at.x + r*cos, at.y + r*sin})
	}
	for i := range 25 {
		sin, cos := math.Sincos(math.Pi * (0.5 - float64(i)/24))
		outline = append(outline, point{at.x + r*0.45*cos, at.y + r*sin})
	}
	c.polygon(hex(0xfdf8e6), 1, outline...)
}

// lateHouse draws a house at night, some of whose windows are lit; at is its
// lower left corner.
func (c *canvas) lateHouse(at point, width, height float64) {
	c.polygon(hex(0x0c142c).to(hex(0x25305a), c.between(0, 0.6)), 1, at, point{at.x + width, at.y},
		point{at.x + width, at.y - height}, point{at.x + width/2, at.y - height - 20}, point{at.x, at.y - height})
	for y := at.y - height + 12; y < at.y-14; y += 20 {
		for x := at.x + 7; x < at.x+width-10; x += 15 {
			if c.rng.Float64() < 0.45 {
				c.glow(hex(0xffb347), 0.3, point{x + 3, y + 4}, 13)
				c.polygon(hex(0xffdf93), 1, point{x, y}, point{x + 7, y}, point{x + 7, y + 9}, point{x, y + 9})
			}
		}
	}
}
