package planpage_test

import (
	"fmt"
	"image"
	"image/color"
	_ "image/jpeg"
	_ "image/png"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"github.com/albumwright/albumwright/internal/fixture"
	"github.com/albumwright/albumwright/internal/plan"
)

func plainImage(w, h int, c color.Color) image.Image {
	img := image.NewRGBA(image.Rect(0, 0, w, h))
	for i := range w * h {
		img.Set(i%w, i/w, c)
	}
	return img
}

var red, blue = color.RGBA{200, 20, 20, 255}, color.RGBA{20, 20, 200, 255}

// thumb is the picture of a file, by its number.
func (w *world) thumb(n int) image.Image {
	w.t.Helper()
	status, header, body := w.get(fmt.Sprintf("thumbs/%d", n))
	img, _, err := image.Decode(strings.NewReader(body))
	if status != http.StatusOK || err != nil || !strings.HasPrefix(header.Get("Content-Type"), "image/") || len(body) > 200_000 {
		w.t.Fatalf("thumbnail %d: %d, %d bytes, %v", n, status, len(body), err)
	}
	return img
}

func isRed(img image.Image) bool {
	r, _, b, _ := img.At(img.Bounds().Dx()/2, img.Bounds().Dy()/2).RGBA()
	return r > b
}

func TestAThumbnailIsTheCamerasOwnWhereThereIsOne(t *testing.T) {
	bars := plainImage(160, 120, color.Black).(*image.RGBA) // a 3:2 picture in a 4:3 frame
	for i := range 160 * 106 {
		bars.Set(i%160, 7+i/160, red)
	}
	small := func(img image.Image) []byte { return fixture.JPEG(fixture.Spec{Image: img}) }
	spec := fixture.Spec{Image: plainImage(900, 600, blue), Captured: clock(18, 9, 0), Thumbnail: small(bars)}
	w := newWorld(t)
	w.file("with.jpg", fixture.JPEG(spec), clock(18, 9, 0))
	spec.Thumbnail = nil
	w.file("without.jpg", fixture.JPEG(spec), clock(18, 9, 1))
	spec.Thumbnail = []byte("\xff\xd8 and then nothing of a picture")
	w.file("damaged.jpg", fixture.JPEG(spec), clock(18, 9, 2))
	spec.Thumbnail, spec.Orientation = small(bars), 6
	w.file("on its side.jpg", fixture.JPEG(spec), clock(18, 9, 3))
	w.serve()
	if img := w.thumb(0); !isRed(img) || img.Bounds().Size() != image.Pt(160, 106) {
		t.Errorf("%v, red is %v: want the camera's own without its bars", img.Bounds(), isRed(img))
	}
	for _, n := range []int{1, 2} {
		if img := w.thumb(n); isRed(img) || img.Bounds().Size() != image.Pt(320, 213) {
			t.Errorf("%d: %v, red is %v: want the picture itself, small", n, img.Bounds(), isRed(img))
		}
	}
	if img := w.thumb(3); !isRed(img) || img.Bounds().Dx() >= img.Bounds().Dy() {
		t.Errorf("%v: want it upright", img.Bounds())
	}
}

func TestWhatCannotBeDrawnIsATileAndNothingIsWaitedFor(t *testing.T) {
	w := newWorld(t)
	for name, media := range map[string][]byte{
		"a.heic": fixture.HEIC(fixture.Spec{}), "b.mp4": fixture.MP4(fixture.Spec{}), "c.nef": fixture.NEF(fixture.Spec{}), "d.jpg": []byte("\xff\xd8 no photo"),
		"e.gif": fixture.GIF(fixture.Spec{}), "f.webp": fixture.WebP(fixture.Spec{}), "g.png": fixture.PNG(fixture.Spec{}), "h.jpg": nil,
	} {
		w.file(name, media, clock(18, 9, len(w.items)))
	}
	w.file("gone.jpg", photo(1), clock(18, 10, 0))
	if err := os.Remove(w.items[len(w.items)-1].File); err != nil {
		t.Fatal(err)
	}
	w.file("folder.jpg", photo(1), clock(18, 10, 1))
	last := w.items[len(w.items)-1].File
	if err := os.Remove(last); err != nil {
		t.Fatal(err)
	}
	if err := os.Mkdir(last, 0o700); err != nil {
		t.Fatal(err)
	}
	w.serve()
	for n := range w.items {
		w.thumb(n)
	}
}

// While albums change, a file's thumbnail keeps its address, so that a browser keeps its picture.
func TestAThumbnailKeepsItsAddressWhateverTheAlbums(t *testing.T) {
	w := newWorld(t)
	w.file("red.jpg", fixture.JPEG(fixture.Spec{Image: plainImage(90, 60, red)}), clock(18, 12, 0))
	w.file("blue.jpg", fixture.JPEG(fixture.Spec{Image: plainImage(90, 60, blue)}), clock(18, 9, 0))
	w.serve()
	for _, gap := range []string{"1h", "5h", "1h"} {
		w.get("?gap=" + gap)
		if isRed(w.thumb(0)) || !isRed(w.thumb(1)) {
			t.Errorf("gap %s: the pictures have changed places", gap)
		}
	}
}

func TestManyThumbnailsAtOnce(t *testing.T) {
	w := newWorld(t)
	for i := range 40 {
		w.file(fmt.Sprintf("%d.jpg", i), photo(i), clock(18, 9, i))
	}
	w.serve()
	var all sync.WaitGroup
	for n := range w.items {
		all.Go(func() {
			if status, _, body := w.get(fmt.Sprintf("thumbs/%d", n)); status != http.StatusOK || len(body) == 0 {
				t.Errorf("%d: %d", n, status)
			}
		})
	}
	all.Wait()
}

// What the camera left is a few KiB; the rest of its file is not read.
func TestAThumbnailReadsLittleOfALargeFile(t *testing.T) {
	small := fixture.JPEG(fixture.Spec{Image: plainImage(160, 120, red)})
	media := fixture.JPEG(fixture.Spec{Captured: clock(18, 9, 0), Thumbnail: small, Width: 160, Height: 120})
	path := filepath.Join(t.TempDir(), "huge.jpg")
	if err := os.WriteFile(path, media, 0o600); err != nil {
		t.Fatal(err)
	}
	if err := os.Truncate(path, 3<<30); err != nil { // sparse: no disk could give all of it in time
		t.Skip("the file system has no sparse files:", err)
	}
	w := newWorld(t, plan.Item{Path: path, File: path, Captured: clock(18, 9, 0), Source: original})
	w.serve()
	if !isRed(w.thumb(0)) {
		t.Error("want the camera's own")
	}
}
