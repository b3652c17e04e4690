package render_test

import (
	"bytes"
	"context"
	"encoding/binary"
	"errors"
	"hash/crc32"
	"image"
	"image/color"
	"image/png"
	"io"
	"strings"
	"testing"

	"github.com/albumwright/albumwright/internal/fixture"
	"github.com/albumwright/albumwright/internal/render"
)

// file is bytes that can be opened as often as one likes.
func file(b []byte) func() (io.ReadSeekCloser, error) {
	return func() (io.ReadSeekCloser, error) {
		return struct {
			*bytes.Reader
			io.Closer
		}{bytes.NewReader(b), io.NopCloser(nil)}, nil
	}
}

// mustPicture makes a picture and decodes it.
func mustPicture(t *testing.T, s render.Subject, f render.Frame) (image.Image, string) {
	t.Helper()
	p, err := render.New().Picture(t.Context(), s, f)
	if err != nil {
		t.Fatal(err)
	}
	return mustDecode(t, p)
}

func mustDecode(t *testing.T, p render.Picture) (image.Image, string) {
	t.Helper()
	img, format, err := image.Decode(bytes.NewReader(p.Bytes))
	if err != nil || p.ContentType != "image/"+format {
		t.Fatalf("%s is %q: %v", p.ContentType, format, err)
	}
	return img, format
}

// thirds is a picture of three upright stripes: red, green, blue.
func thirds(w, h int) image.Image {
	img := image.NewNRGBA(image.Rect(0, 0, w, h))
	for y := range h {
		for x := range w {
			c := color.NRGBA{A: 255}
			*[]*uint8{&c.R, &c.G, &c.B}[3*x/w] = 255
			img.SetNRGBA(x, y, c)
		}
	}
	return img
}

func photo(t *testing.T, img image.Image, orientation int) render.Subject {
	t.Helper()
	return render.Subject{TypeName: "JPEG", Orientation: orientation, Open: file(fixture.JPEG(fixture.Spec{Image: img, Quality: 95}))}
}

// sizes are what becomes of pictures in frames.
func sizes() []struct {
	name  string
	w, h  int
	frame render.Frame
	want  [2]int
} {
	return []struct {
		name  string
		w, h  int
		frame render.Frame
		want  [2]int
	}{
		{"no bounds", 300, 200, render.Frame{}, [2]int{300, 200}},
		{"as wide as asked for", 300, 200, render.Frame{W: 150, H: 150}, [2]int{150, 100}},
		{"as high as asked for", 200, 300, render.Frame{W: 150, H: 150}, [2]int{100, 150}},
		{"only a width", 300, 200, render.Frame{W: 150}, [2]int{150, 100}},
		{"only a height", 300, 200, render.Frame{H: 50}, [2]int{75, 50}},
		{"never enlarged", 300, 200, render.Frame{W: 16383, H: 16383}, [2]int{300, 200}},
		{"never without a pixel", 300, 2, render.Frame{W: 10, H: 10}, [2]int{10, 1}},
		{"cropped to its height", 300, 200, render.Frame{W: 100, H: 100, Crop: true}, [2]int{100, 100}},
		{"cropped to its width", 200, 300, render.Frame{W: 100, H: 100, Crop: true}, [2]int{100, 100}},
		{"cropped, not scaled", 300, 200, render.Frame{W: 250, H: 200, Crop: true}, [2]int{250, 200}},
		{"lower than the crop", 300, 100, render.Frame{W: 256, H: 256, Crop: true}, [2]int{256, 100}},
		{"narrower than the crop", 100, 300, render.Frame{W: 256, H: 256, Crop: true}, [2]int{100, 256}},
		{"smaller than the crop", 100, 50, render.Frame{W: 256, H: 256, Crop: true}, [2]int{100, 50}},
		{"a crop of odd shape", 317, 211, render.Frame{W: 31, H: 100, Crop: true}, [2]int{31, 100}},
	}
}

func TestPicturesAndTilesHaveTheSizeOfTheirFrame(t *testing.T) {
	for _, tt := range sizes() {
		img, _ := mustPicture(t, photo(t, thirds(tt.w, tt.h), 1), tt.frame)
		tile, err := render.Tile(render.Subject{TypeName: "HEIC", Width: tt.w, Height: tt.h}, tt.frame, false)
		if err != nil {
			t.Fatal(err)
		}
		drawn, _ := mustDecode(t, tile)
		for what, b := range map[string]image.Rectangle{"picture": img.Bounds(), "tile": drawn.Bounds()} {
			if got := [2]int{b.Dx(), b.Dy()}; got != tt.want {
				t.Errorf("%s: the %s of %d x %d in %+v is %v, want %v", tt.name, what, tt.w, tt.h, tt.frame, got, tt.want)
			}
		}
	}
}

// colours are those of the first pixel, the middle and the last of a line.
func colours(img image.Image, along image.Point) string {
	b := img.Bounds()
	var s strings.Builder
	for _, at := range []int{1, 8, 14} {
		x, y := b.Dx()/2, b.Dy()/2
		if along.X != 0 {
			x = b.Dx() * at / 16
		} else {
			y = b.Dy() * at / 16
		}
		r, g, bl, _ := img.At(x, y).RGBA()
		switch max(r, g, bl) {
		case r:
			s.WriteString("R")
		case g:
			s.WriteString("G")
		default:
			s.WriteString("B")
		}
	}
	return s.String()
}

func TestACropIsTheMiddleAndAFitIsAll(t *testing.T) {
	across, down := image.Pt(1, 0), image.Pt(0, 1)
	square := render.Frame{W: 40, H: 40, Crop: true}
	for _, tt := range []struct {
		name        string
		orientation int
		frame       render.Frame
		along       image.Point
		want        string
	}{
		{"fit", 1, render.Frame{W: 60, H: 60}, across, "RGB"},
		{"crop", 1, square, across, "GGG"},
		{"a crop that is wider", 1, render.Frame{W: 300, H: 60, Crop: true}, across, "RGB"},
		{"fit of one that lies", 6, render.Frame{W: 60, H: 60}, down, "RGB"},
		{"fit of one that lies the other way", 8, render.Frame{W: 60, H: 60}, down, "BGR"},
		{"crop of one that lies", 6, square, down, "GGG"},
		{"a crop that is higher, of one that lies", 6, render.Frame{W: 60, H: 300, Crop: true}, down, "RGB"},
	} {
		img, _ := mustPicture(t, photo(t, thirds(300, 100), tt.orientation), tt.frame)
		if got := colours(img, tt.along); got != tt.want {
			t.Errorf("%s: %s, want %s", tt.name, got, tt.want)
		}
	}
}

func TestAPNGInFullStaysOne(t *testing.T) {
	s := render.Subject{TypeName: "PNG", Open: file(fixture.PNG(fixture.Spec{Width: 40, Height: 30, Lat: fixture.Degrees(1), Lon: fixture.Degrees(2)}))}
	if _, format := mustPicture(t, s, render.Frame{}); format != "png" {
		t.Errorf("a PNG in full is a %s", format)
	}
	if _, format := mustPicture(t, s, render.Frame{W: 20}); format != "jpeg" {
		t.Errorf("an opaque PNG made smaller is a %s", format)
	}
	seen := image.NewNRGBA(image.Rect(0, 0, 40, 30))
	var b bytes.Buffer
	if err := png.Encode(&b, seen); err != nil {
		t.Fatal(err)
	}
	for _, orientation := range []int{1, 2} {
		img, format := mustPicture(t, render.Subject{Orientation: orientation, Open: file(b.Bytes())}, render.Frame{W: 20})
		if _, _, _, alpha := img.At(5, 5).RGBA(); format != "png" || alpha != 0 {
			t.Errorf("orientation %d: one that can be seen through is a %s with alpha %d", orientation, format, alpha)
		}
	}
}

// header is a PNG that says its size and colours, and has nothing behind that.
func header(t testing.TB, w, h uint32, pixel image.Image) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := png.Encode(&b, pixel); err != nil {
		t.Fatal(err)
	}
	const signature, name = 8, 12 // the header's chunk: length, name, 13 bytes, checksum
	out := b.Bytes()[:signature+8+13+4]
	binary.BigEndian.PutUint32(out[name+4:], w)
	binary.BigEndian.PutUint32(out[name+8:], h)
	binary.BigEndian.PutUint32(out[name+4+13:], crc32.ChecksumIEEE(out[name:name+4+13]))
	return out
}

// Pictures of one pixel, of one byte and of eight.
func gray() image.Image { return image.NewGray(image.Rect(0, 0, 1, 1)) }
func deep() image.Image { return image.NewNRGBA64(image.Rect(0, 0, 1, 1)) }

func TestWhatIsNotDrawnIsSaid(t *testing.T) {
	heic := fixture.HEIC(fixture.Spec{})
	for name, tt := range map[string]struct {
		subject render.Subject
		want    error // nil = any
	}{
		"a video":                {render.Subject{Video: true}, render.ErrNotDrawn},
		"a raw photo":            {render.Subject{Raw: true}, render.ErrNotDrawn},
		"more than 60 million":   {render.Subject{Open: file(header(t, 7746, 7747, gray()))}, render.ErrTooLarge},
		"of 16 bits, 40 million": {render.Subject{Open: file(header(t, 8000, 5000, deep()))}, render.ErrTooLarge},
		"no decoder":             {render.Subject{Open: file(heic)}, image.ErrFormat},
		"cut short":              {render.Subject{Open: file(fixture.PNG(fixture.Spec{Seed: 1})[:60])}, io.ErrUnexpectedEOF},
		"nothing":                {render.Subject{Open: file(nil)}, image.ErrFormat},
		"bytes that are gone":    {render.Subject{Open: func() (io.ReadSeekCloser, error) { return nil, errGone }}, errGone},
	} {
		if _, err := render.New().Picture(t.Context(), tt.subject, render.Frame{W: 10}); !errors.Is(err, tt.want) {
			t.Errorf("%s: %v, want %v", name, err, tt.want)
		}
	}
}

var errGone = errors.New("gone")

// halting is a file that stops before it is decoded, until it is told to go on.
type halting struct {
	*bytes.Reader
	decoding chan<- bool
	goOn     <-chan bool
}

func (h halting) Seek(at int64, from int) (int64, error) {
	h.decoding <- true
	<-h.goOn
	return h.Reader.Seek(at, from)
}

func (halting) Close() error { return nil }

func TestOnlySoManyPixelsAreDecodedAtOnce(t *testing.T) {
	m := render.New()
	decoding, goOn := make(chan bool), make(chan bool)
	large := render.Subject{Key: "large", Open: func() (io.ReadSeekCloser, error) {
		return halting{bytes.NewReader(header(t, 7745, 7746, gray())), decoding, goOn}, nil
	}}
	ended := make(chan error)
	go func() {
		_, err := m.Picture(t.Context(), large, render.Frame{W: 10})
		ended <- err
	}()
	<-decoding
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	small := photo(t, thirds(100, 100), 1)
	if _, err := m.Picture(ctx, small, render.Frame{W: 10}); !errors.Is(err, context.Canceled) {
		t.Errorf("beside a picture of 60 million pixels, one of 10,000 gives %v, want %v", err, context.Canceled)
	}
	goOn <- true
	if err := <-ended; err == nil {
		t.Error("a PNG of a header was decoded")
	}
	if _, err := m.Picture(t.Context(), small, render.Frame{W: 10}); err != nil {
		t.Errorf("afterwards: %v", err)
	}
}
