package gallery_test

import (
	"bytes"
	"errors"
	"fmt"
	"image"
	"image/color"
	"image/jpeg"
	"image/png"
	"io"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/albumwright/albumwright/emulator/internal/gallery"
	"github.com/albumwright/albumwright/internal/render"
)

// shelf is a library of items whose bytes are given, counting how often they
// are opened.
type shelf struct {
	items   []gallery.Item
	details gallery.Details
	bytes   map[string][]byte
	opens   int
}

// As implements gallery.Host.
func (s *shelf) As(string) (gallery.Library, gallery.Service) { return s, service{} }

func (s *shelf) Users() []gallery.User                      { return nil }
func (s *shelf) Counts() gallery.Counts                     { return gallery.Counts{Items: len(s.items)} }
func (s *shelf) Albums(int, int) []gallery.Album            { return nil }
func (s *shelf) Album(string) (gallery.Album, bool)         { return gallery.Album{}, false }
func (s *shelf) InAlbum(string, int, int) []gallery.Entry   { return nil }
func (s *shelf) Timeline(from, n int) []gallery.Item        { return s.items[from:min(from+n, len(s.items))] }
func (s *shelf) Years() []gallery.Year                      { return nil }
func (s *shelf) Trash(int, int) []gallery.Item              { return nil }
func (s *shelf) Details(string) gallery.Details             { return s.details }
func (s *shelf) Categories() []string                       { return []string{"PETS", "FOOD"} }
func (s *shelf) Around(_, id string) (gallery.Around, bool) { return gallery.Around{}, id != "" }

// service is one to which nothing happens.
type service struct{}

func (service) Requests() []gallery.Request     { return nil }
func (service) Calls() map[string]int           { return nil }
func (service) Violations() []gallery.Violation { return nil }
func (service) Meters() []gallery.Meter         { return nil }
func (service) Faults() []gallery.Fault         { return nil }
func (service) Disturbed() map[string]int       { return nil }
func (service) Now() time.Time                  { return time.Unix(0, 0) }
func (service) Advance(time.Duration) error     { return nil }
func (service) NextChange() time.Duration       { return 0 }

func (s *shelf) Item(id string) (gallery.Item, bool) {
	i := slices.IndexFunc(s.items, func(it gallery.Item) bool { return it.ID == id })
	if i < 0 {
		return gallery.Item{}, false
	}
	return s.items[i], true
}

func (s *shelf) Mark(id string, marks gallery.Marks) error {
	i := slices.IndexFunc(s.items, func(it gallery.Item) bool { return it.ID == id })
	s.items[i].Marks = marks
	return nil
}

func (s *shelf) Open(id string) (io.ReadSeekCloser, error) {
	s.opens++
	b, ok := s.bytes[id]
	if !ok {
		return nil, errors.New("gone")
	}
	return nopCloser{bytes.NewReader(b)}, nil
}

type nopCloser struct{ *bytes.Reader }

func (nopCloser) Close() error { return nil }

func (s *shelf) add(it gallery.Item, media []byte) {
	if s.bytes == nil {
		s.bytes = map[string][]byte{}
	}
	it.SHA256 = it.ID
	s.items = append(s.items, it)
	s.bytes[it.ID] = media
}

func get(h http.Handler, path string) *httptest.ResponseRecorder {
	w := httptest.NewRecorder()
	h.ServeHTTP(w, httptest.NewRequest(http.MethodGet, path, nil))
	return w
}

// corners is a picture that is white with one corner of each colour, so that
// each of the eight orientations is another picture.
func corners(t *testing.T) []byte {
	t.Helper()
	const w, h, c = 60, 40, 16
	img := image.NewRGBA(image.Rect(0, 0, w, h))
	for y := range h {
		for x := range w {
			fill := color.RGBA{255, 255, 255, 255}
			switch {
			case x < c && y < c:
				fill = color.RGBA{255, 0, 0, 255}
			case x >= w-c && y < c:
				fill = color.RGBA{0, 255, 0, 255}
			case x < c && y >= h-c:
				fill = color.RGBA{0, 0, 255, 255}
			}
			img.Set(x, y, fill)
		}
	}
	return encodePNG(t, img)
}

func encodePNG(t *testing.T, img image.Image) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := png.Encode(&b, img); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// cornersOf names the colours of the four corners, row by row.
func cornersOf(img image.Image) string {
	b := img.Bounds()
	var s strings.Builder
	for _, p := range []image.Point{{4, 4}, {b.Dx() - 5, 4}, {4, b.Dy() - 5}, {b.Dx() - 5, b.Dy() - 5}} {
		r, g, bl, _ := img.At(p.X, p.Y).RGBA()
		s.WriteString(map[[3]bool]string{
			{true, false, false}: "R", {false, true, false}: "G", {false, false, true}: "B", {true, true, true}: "W",
		}[[3]bool{r > 0x8000, g > 0x8000, bl > 0x8000}])
	}
	return s.String()
}

// The eight EXIF orientations, as the standard draws them: the stored picture
// has red top left, green top right and blue bottom left.
func TestPicturesStandUpright(t *testing.T) {
	want := []string{"RGBW", "RGBW", "GRWB", "WBGR", "BWRG", "RBGW", "BRWG", "WGBR", "GWRB"}
	s := &shelf{}
	for o := range want {
		s.add(gallery.Item{ID: fmt.Sprint(o), Orientation: o, MIMEType: "image/png"}, corners(t))
	}
	g := gallery.New(s, render.New())
	for o, want := range want {
		img, err := jpeg.Decode(get(g, "/thumbs/"+fmt.Sprint(o)).Body)
		if err != nil {
			t.Fatal(err)
		}
		if got := cornersOf(img); got != want {
			t.Errorf("orientation %d: corners %s, want %s", o, got, want)
		}
		if sideways := img.Bounds().Dx() < img.Bounds().Dy(); sideways != (o >= 5) {
			t.Errorf("orientation %d: %v", o, img.Bounds())
		}
	}
}

// A picture that claims more pixels than a thumbnail is worth is never
// decoded.
func TestAPictureOfTooManyPixelsIsATile(t *testing.T) {
	bomb := encodePNG(t, image.NewGray(image.Rect(0, 0, 1, 1)))
	copy(bomb[16:], "\x00\x00\xC3\x50\x00\x00\xC3\x50") // 50,000 by 50,000
	copy(bomb[29:], "\x9C\x5C\x8F\x35")
	s := &shelf{}
	s.add(gallery.Item{ID: "bomb", TypeName: "PNG", MIMEType: "image/png"}, bomb)
	allocated := testing.Benchmark(func(b *testing.B) {
		b.ReportAllocs()
		for range b.N {
			if w := get(gallery.New(s, render.New()), "/thumbs/bomb"); w.Header().Get("Content-Type") != "image/svg+xml" {
				b.Fatalf("got %s", w.Header().Get("Content-Type"))
			}
			if b.N > 1 {
				break
			}
		}
	}).AllocedBytesPerOp()
	if allocated > 10<<20 {
		t.Errorf("%d bytes were allocated", allocated)
	}
}

// A picture that can be seen through stays so.
func TestTransparencyIsKept(t *testing.T) {
	s := &shelf{}
	s.add(gallery.Item{ID: "a"}, encodePNG(t, image.NewRGBA(image.Rect(0, 0, 10, 10))))
	w := get(gallery.New(s, render.New()), "/thumbs/a")
	img, err := png.Decode(w.Body)
	if err != nil {
		t.Fatal(w.Header(), err)
	}
	if _, _, _, alpha := img.At(5, 5).RGBA(); alpha != 0 {
		t.Errorf("alpha %d", alpha)
	}
}

// What a browser can decode better than we can is handed to it; everything
// else that cannot be shown is a tile.
func TestWhatCannotBeDecoded(t *testing.T) {
	tests := []struct {
		item gallery.Item
		want string
	}{
		{gallery.Item{MIMEType: "image/avif", TypeName: "AVIF", Size: 9}, "image/avif"},
		{gallery.Item{MIMEType: "image/avif", TypeName: "AVIF", Size: 9 << 20}, "image/svg+xml"},
		{gallery.Item{MIMEType: "image/jpeg", TypeName: "JPEG", Size: 9}, "image/jpeg"},
		{gallery.Item{MIMEType: "image/jpeg", TypeName: "JPEG", Size: 9, Width: 10_000, Height: 10_000}, "image/svg+xml"},
		{gallery.Item{MIMEType: "image/heic", TypeName: "HEIC"}, "image/svg+xml"},
		{gallery.Item{MIMEType: "video/mp4", TypeName: "MP4", Video: true}, "image/svg+xml"},
	}
	for i, tt := range tests {
		s := &shelf{}
		tt.item.ID = fmt.Sprint(i)
		s.add(tt.item, []byte("no decoder of ours reads this"))
		g := gallery.New(s, render.New())
		for _, path := range []string{"/thumbs/", "/previews/"} {
			w := get(g, path+tt.item.ID)
			if got := w.Header().Get("Content-Type"); w.Code != http.StatusOK || got != tt.want {
				t.Errorf("%+v: %d %s, want %s", tt.item, w.Code, got, tt.want)
			}
			if tt.want == "image/svg+xml" && !strings.Contains(w.Body.String(), tt.item.TypeName) {
				t.Errorf("%+v: the tile does not say the type", tt.item)
			}
		}
	}
}

// A thumbnail is made once; the cache forgets the ones not asked for longest.
func TestThumbnailsAreMadeOnce(t *testing.T) {
	s := &shelf{}
	for i := range 3 {
		s.add(gallery.Item{ID: fmt.Sprint(i)}, corners(t))
	}
	g := gallery.New(s, render.New())
	for range 5 {
		for i := range 3 {
			get(g, "/thumbs/"+fmt.Sprint(i))
		}
	}
	if s.opens != 3 {
		t.Errorf("three items were opened %d times", s.opens)
	}
}

func TestMissingBytesAreSaid(t *testing.T) {
	s := &shelf{}
	s.add(gallery.Item{ID: "a", MIMEType: "image/png"}, nil)
	delete(s.bytes, "a")
	if w := get(gallery.New(s, render.New()), "/media/a"); w.Code != http.StatusGone {
		t.Errorf("status %d, want %d", w.Code, http.StatusGone)
	}
}
