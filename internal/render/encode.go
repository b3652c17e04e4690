package render

import (
	"bytes"
	"image"
	"image/color"
	"image/jpeg"
	"image/png"
)

const jpegGrade = 82

// encode makes a JPEG, or a PNG of a picture that can be seen through.
func encode(img image.Image) (Picture, error) {
	if o, ok := img.(interface{ Opaque() bool }); ok && !o.Opaque() {
		return encodePNG(img)
	}
	var b bytes.Buffer
	err := jpeg.Encode(&b, img, &jpeg.Options{Quality: jpegGrade})
	return Picture{"image/jpeg", b.Bytes()}, err
}

func encodePNG(img image.Image) (Picture, error) {
	var b bytes.Buffer
	err := png.Encode(&b, img)
	return Picture{"image/png", b.Bytes()}, err
}

// bytesPerPixel is what a decoder allocates for a pixel of a colour model.
func bytesPerPixel(m color.Model) int64 {
	switch m {
	case color.RGBA64Model, color.NRGBA64Model:
		return 8
	case color.GrayModel, color.AlphaModel:
		return 1
	case color.Gray16Model, color.Alpha16Model:
		return 2
	}
	if _, paletted := m.(color.Palette); paletted {
		return 1
	}
	return 4
}
