package render

import (
	"image"

	"golang.org/x/image/draw"
)

// shrink is what is seen of a picture in a frame. First a rough cut to four
// times the size, as the good filter is slow on large pictures.
func shrink(img image.Image, f Frame) image.Image {
	whole := img.Bounds()
	part := f.part(whole)
	w, h := f.Fit(whole.Dx(), whole.Dy())
	if part == whole && w == whole.Dx() && h == whole.Dy() {
		return img
	}
	if part.Dx() > 4*w && part.Dy() > 4*h {
		rough := image.NewRGBA(image.Rect(0, 0, 4*w, 4*h))
		draw.ApproxBiLinear.Scale(rough, rough.Bounds(), img, part, draw.Src, nil)
		img, part = rough, rough.Bounds()
	}
	fine := image.NewRGBA(image.Rect(0, 0, w, h))
	draw.CatmullRom.Scale(fine, fine.Bounds(), img, part, draw.Src, nil)
	return fine
}

// onItsSide tells the orientations of pictures whose width is a height.
func onItsSide(orientation int) bool { return orientation >= 5 && orientation <= 8 }

// turn puts a picture upright by its EXIF orientation: 2 to 4 are mirrored or
// upside down, 5 to 8 lie on their side.
func turn(img image.Image, orientation int) image.Image {
	if orientation < 2 || orientation > 8 {
		return img
	}
	src, ok := img.(*image.RGBA)
	if !ok || src.Rect.Min != (image.Point{}) {
		src = image.NewRGBA(image.Rectangle{Max: img.Bounds().Size()})
		draw.Draw(src, src.Rect, img, img.Bounds().Min, draw.Src)
	}
	w, h := src.Rect.Dx(), src.Rect.Dy()
	dst := image.NewRGBA(image.Rect(0, 0, w, h))
	if onItsSide(orientation) {
		dst = image.NewRGBA(image.Rect(0, 0, h, w))
	}
	for y := range h {
		for x := range w {
			tx, ty := turned(x, y, w, h, orientation)
			dst.SetRGBA(tx, ty, src.RGBAAt(x, y))
		}
	}
	return dst
}

// turned is where the pixel at x, y of a w by h picture belongs.
func turned(x, y, w, h, orientation int) (int, int) {
	switch orientation {
	case 2:
		return w - 1 - x, y
	case 3:
		return w - 1 - x, h - 1 - y
	case 4:
		return x, h - 1 - y
	case 5:
		return y, x
	case 6:
		return h - 1 - y, x
	case 7:
		return h - 1 - y, w - 1 - x
	default:
		return y, w - 1 - x
	}
}
