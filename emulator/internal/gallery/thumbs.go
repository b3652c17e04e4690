package gallery

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"image"
	_ "image/gif" // decoders of what the service takes and we can show
	"image/jpeg"
	"image/png"
	"io"
	"net/http"
	"strconv"

	_ "golang.org/x/image/bmp"
	"golang.org/x/image/draw"
	_ "golang.org/x/image/tiff"
	_ "golang.org/x/image/webp"
)

// Bounds of what a thumbnail may cost.
const (
	maxPixels  = 60_000_000 // decoded at 3 to 8 bytes a pixel
	decoders   = 2          // pictures decoded at once
	cacheBytes = 32 << 20
	jpegGrade  = 82

	maxHandedOver = 8 << 20 // bytes of an original that stands in for its thumbnail
)

// box is what a picture has to fit into, in pixels.
type box struct{ w, h int }

// The two sizes: a tile in the grid, twice for dense screens; a screen.
func thumbBox() box   { return box{640, 440} }
func previewBox() box { return box{1600, 1200} }

// thumbnailer makes pictures and remembers the last ones.
type thumbnailer struct {
	cache *cache
	slots chan struct{} // one for each decode that may run
}

func newThumbnailer() *thumbnailer {
	return &thumbnailer{cache: newCache(cacheBytes), slots: make(chan struct{}, decoders)}
}

func (g *Gallery) thumb(w http.ResponseWriter, r *http.Request)   { g.picture(w, r, thumbBox()) }
func (g *Gallery) preview(w http.ResponseWriter, r *http.Request) { g.picture(w, r, previewBox()) }

// picture answers with an item's picture, or with a tile that names its type.
func (g *Gallery) picture(w http.ResponseWriter, r *http.Request, size box) {
	it, ok := g.lib.Item(r.PathValue("item"))
	if !ok {
		http.NotFound(w, r)
		return
	}
	p, err := g.thumbs.make(r.Context(), it, size, func() (io.ReadSeekCloser, error) { return g.lib.Open(it.ID) })
	if r.Context().Err() != nil {
		return // the browser has gone on
	}
	if err != nil && browserMay(it) {
		g.media(w, r)
		return
	}
	if err != nil {
		p = placeholder(it)
	}
	h := w.Header()
	h.Set("Content-Type", p.contentType)
	h.Set("Content-Length", strconv.Itoa(len(p.bytes)))
	h.Set("Cache-Control", "private, max-age=86400") // an item's bytes never change
	_, _ = w.Write(p.bytes)
}

// browserMay reports whether a browser can be handed the bytes instead: it has
// decoders that we have not, and forgives what ours refuse. Large ones are not
// for a grid.
func browserMay(it Item) bool {
	switch it.MIMEType {
	case "image/jpeg", "image/webp", "image/avif":
		return it.Size <= maxHandedOver && it.Width*it.Height <= maxPixels
	}
	return false
}

// make finds or makes a picture of at most the given size.
func (t *thumbnailer) make(ctx context.Context, it Item, size box, open func() (io.ReadSeekCloser, error)) (picture, error) {
	key := fmt.Sprintf("%s %dx%d", it.SHA256, size.w, size.h)
	if p, ok := t.cache.get(key); ok {
		return p, nil
	}
	select {
	case t.slots <- struct{}{}:
		defer func() { <-t.slots }()
	case <-ctx.Done():
		return picture{}, ctx.Err()
	}
	if p, ok := t.cache.get(key); ok { // made while we waited
		return p, nil
	}
	src, err := open()
	if err != nil {
		return picture{}, err
	}
	defer src.Close()
	p, err := scaled(src, size, it.Orientation)
	if err == nil {
		t.cache.put(key, p)
	}
	return p, err
}

// scaled decodes, scales down and turns. Decoders meet strangers' files: what
// panics is an error here.
func scaled(src io.ReadSeeker, size box, orientation int) (p picture, err error) {
	defer func() {
		if r := recover(); r != nil {
			err = fmt.Errorf("decoder panicked: %v", r)
		}
	}()
	c, _, err := image.DecodeConfig(src)
	if err != nil {
		return p, err
	}
	if c.Width <= 0 || c.Height <= 0 || c.Width > maxPixels/c.Height {
		return p, errors.New("too many pixels")
	}
	if _, err := src.Seek(0, io.SeekStart); err != nil {
		return p, err
	}
	img, _, err := image.Decode(src)
	if err != nil {
		return p, err
	}
	if orientation >= 5 { // it will lie on its side
		size.w, size.h = size.h, size.w
	}
	return encode(turn(shrink(img, size), orientation))
}

// shrink fits img into the box and never enlarges it. First a rough cut to four
// times the size, as the good filter is slow on large pictures.
func shrink(img image.Image, size box) *image.RGBA {
	w, h := fit(img.Bounds().Dx(), img.Bounds().Dy(), size)
	if img.Bounds().Dx() > 4*w {
		rough := image.NewRGBA(image.Rect(0, 0, 4*w, 4*h))
		draw.ApproxBiLinear.Scale(rough, rough.Bounds(), img, img.Bounds(), draw.Src, nil)
		img = rough
	}
	fine := image.NewRGBA(image.Rect(0, 0, w, h))
	draw.CatmullRom.Scale(fine, fine.Bounds(), img, img.Bounds(), draw.Src, nil)
	return fine
}

// fit is the largest size of the same shape within the box.
func fit(w, h int, size box) (int, int) {
	if w <= size.w && h <= size.h {
		return w, h
	}
	if w*size.h > h*size.w {
		return size.w, max(1, h*size.w/w)
	}
	return max(1, w*size.h/h), size.h
}

// turn puts a picture upright by its EXIF orientation: 2 to 4 are mirrored or
// upside down, 5 to 8 lie on their side.
func turn(src *image.RGBA, orientation int) *image.RGBA {
	if orientation < 2 || orientation > 8 {
		return src
	}
	w, h := src.Rect.Dx(), src.Rect.Dy()
	dst := image.NewRGBA(image.Rect(0, 0, w, h))
	if orientation >= 5 {
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

// encode makes a JPEG, or a PNG of a picture that can be seen through.
func encode(img *image.RGBA) (p picture, err error) {
	var b bytes.Buffer
	if img.Opaque() {
		p.contentType, err = "image/jpeg", jpeg.Encode(&b, img, &jpeg.Options{Quality: jpegGrade})
	} else {
		p.contentType, err = "image/png", png.Encode(&b, img)
	}
	p.bytes = b.Bytes()
	return p, err
}
