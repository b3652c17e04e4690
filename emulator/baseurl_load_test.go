package emulator_test

import (
	"bytes"
	"image"
	"image/color"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/albumwright/albumwright/emulator"
	"github.com/albumwright/albumwright/exif"
	"github.com/albumwright/albumwright/internal/fixture"
)

// picture decodes what was loaded.
func (a answer) picture(t *testing.T) image.Image {
	t.Helper()
	a.wantStatus(t, http.StatusOK)
	img, format, err := image.Decode(bytes.NewReader(a.body))
	if err != nil || a.header.Get("Content-Type") != "image/"+format {
		t.Fatalf("%s: %v", a.header.Get("Content-Type"), err)
	}
	return img
}

// Contract 8: within the box, upright, its shape kept, never enlarged; or cropped.
// What is not decoded is a tile of the same size.
func TestPicturesOfBaseURLs(t *testing.T) {
	bothWays(t, emulator.Config{}, func(t *testing.T, c *client) {
		spec := fixture.Spec{Width: 300, Height: 200, Make: "Aldermere"}
		lying := spec
		lying.Orientation = 6
		files := map[string]string{
			"JPEG": c.baseURL(c.made(fixture.JPEG(spec))), "JPEG on its side": c.baseURL(c.made(fixture.JPEG(lying))),
			"PNG": c.baseURL(c.made(fixture.PNG(spec))), "WebP": c.baseURL(c.made(fixture.WebP(spec))), "TIFF": c.baseURL(c.made(fixture.TIFF(spec))),
			"HEIC": c.baseURL(c.made(fixture.HEIC(spec))), "DNG": c.baseURL(c.made(fixture.DNG(spec))),
		}
		for _, tt := range []struct {
			parameters string
			want       [2]int
		}{
			{"=w150-h150", [2]int{150, 100}}, {"=w16383-h16383", [2]int{300, 200}}, {"=h100", [2]int{150, 100}},
			{"=w60-h60-c", [2]int{60, 60}}, {"=w400-h60-c", [2]int{300, 60}}, {"=w1-h1", [2]int{1, 1}},
		} {
			for name, u := range files {
				want := tt.want
				if name == "JPEG on its side" {
					want = map[string][2]int{
						"=w150-h150": {100, 150}, "=w16383-h16383": {200, 300}, "=h100": {67, 100}, "=w60-h60-c": {60, 60}, "=w400-h60-c": {200, 60}, "=w1-h1": {1, 1},
					}[tt.parameters]
				}
				b := c.load(u, tt.parameters).picture(t).Bounds()
				if dx, dy := b.Dx()-want[0], b.Dy()-want[1]; max(dx, -dx, dy, -dy) > 1 {
					t.Errorf("%s%s is %d x %d, want %v", name, tt.parameters, b.Dx(), b.Dy(), want)
				}
			}
		}
	})
}

// Contract 8: a download of a JPEG has its Exif, and no place in it; one of
// anything else has neither.
func TestADownloadHasNoPlaceInIt(t *testing.T) {
	bothWays(t, emulator.Config{}, func(t *testing.T, c *client) {
		spec := fixture.Spec{
			Width: 64, Height: 48, Captured: shot(), Make: "Aldermere", Model: "Field 40", ISO: 400, Orientation: 6,
			Lat: fixture.Degrees(60.39), Lon: fixture.Degrees(5.32), XMP: &fixture.Spec{Lat: fixture.Degrees(60.39), Lon: fixture.Degrees(5.32)},
		}
		for name, tt := range map[string]struct {
			encode func(fixture.Spec) []byte
			kind   string
			maker  string
			size   [2]int
		}{
			"JPEG": {fixture.JPEG, "image/jpeg", "Aldermere", [2]int{64, 48}},
			"PNG":  {fixture.PNG, "image/png", "", [2]int{48, 64}},
			"WebP": {fixture.WebP, "image/jpeg", "", [2]int{48, 64}},
			"TIFF": {fixture.TIFF, "image/jpeg", "", [2]int{48, 64}},
			"HEIC": {fixture.HEIC, "image/jpeg", "", [2]int{48, 64}},
			"NEF":  {fixture.NEF, "image/jpeg", "", [2]int{48, 64}},
		} {
			media := tt.encode(spec)
			body := map[string]any{"newMediaItems": []any{entry(c.upload(media), "früh "+name, "")}}
			a := c.load(c.baseURL(c.createIDs(body)[0]), "=d")
			a.wantStatus(t, http.StatusOK)
			f, err := exif.Read(bytes.NewReader(a.body), int64(len(a.body)))
			if err != nil || !f.Place.IsZero() || f.Make != tt.maker || f.Exposure.ISO != 0 != (tt.maker != "") {
				t.Errorf("%s: at %v, of %q, %+v, %v", name, f.Place, f.Make, f.Exposure, err)
			}
			if b := a.picture(t).Bounds(); a.header.Get("Content-Type") != tt.kind || b.Dx() != tt.size[0] || b.Dy() != tt.size[1] {
				t.Errorf("%s: a %s of %v, want %s of %v", name, a.header.Get("Content-Type"), b, tt.kind, tt.size)
			}
			if d := a.header.Get("Content-Disposition"); d != "attachment; filename*=UTF-8''fr%C3%BCh%20"+name {
				t.Errorf("%s: disposition %q", name, d)
			}
		}
	})
}

// What looks whole, and is not, is no reason to send a place, or half a photo.
func TestADownloadThatBreaksOffIsATile(t *testing.T) {
	c := direct(t, emulator.Config{})
	whole := string(jpegPhoto(40, 30, "2019:05:04 03:02:01"))
	broken := strings.TrimSuffix(whole, "\xFF\xD9") + "\xFF\xC4\x00\x06\xFF\xD9ab" // a table in front of a second scan
	a := c.load(c.baseURL(c.made([]byte(broken))), "=d")
	if b := a.picture(t).Bounds(); b.Dx() != 40 || bytes.Contains(a.body, []byte("2019")) {
		t.Errorf("%v, %d bytes", b, len(a.body))
	}
}

// Contract 8: the bytes of a video are there once it is ready.
func TestAVideoIsLoadedWhenItIsReady(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := direct(t, emulator.Config{})
		media, broken := film(), slices.Concat(film(), make([]byte, 8))
		id, failing := c.made(media), c.made(broken)
		if err := c.s.Mark(failing, emulator.Marks{Failed: true}); err != nil {
			t.Fatal(err)
		}
		time.Sleep(time.Minute)
		u := c.baseURL(id)
		a := c.load(u, "=dv")
		if !bytes.Equal(a.body, media) || a.header.Get("Content-Type") != "video/mp4" || !strings.HasPrefix(a.header.Get("Content-Disposition"), "attachment") {
			t.Errorf("status %d, headers %v, %d bytes", a.status, a.header, len(a.body))
		}
		r := c.request(http.MethodGet, strings.TrimPrefix(u, c.base)+"=dv", nil)
		r.Header.Set("Range", "bytes=4-7")
		if a := c.do(r); a.status != http.StatusPartialContent || string(a.body) != "ftyp" {
			t.Errorf("a range gives %d %q", a.status, a.body)
		}
		if got := c.get("/v1/mediaItems/" + failing).addresses(t); got != nil {
			t.Errorf("a video that failed has %q", got)
		}
		if err := c.s.Mark(id, emulator.Marks{Failed: true}); err != nil {
			t.Fatal(err)
		}
		c.load(u, "=dv").wantPage(t, "one that failed since", http.StatusNotFound)
	})
}

// Contract 8: the thumbnail of a video has a button on it unless it is asked
// without; a photo has none.
func TestTheThumbnailOfAVideoHasAButton(t *testing.T) {
	c := direct(t, emulator.Config{VideoProcessing: 1})
	film, photo := c.baseURL(c.made(film())), c.baseURL(c.made(fixture.JPEG(fixture.Spec{Width: 64, Height: 36})))
	load := func(u, parameters string) string { return string(c.load(u, parameters).body) }
	if load(film, "=w64-h36") == load(film, "=w64-h36-no") {
		t.Error("-no changes nothing on a video")
	}
	if load(photo, "=w64-h36") != load(photo, "=w64-h36-no") {
		t.Error("-no changes a photo")
	}
	if got := c.load(film, "=w32-h32-c-no").picture(t).Bounds().Size(); got != image.Pt(32, 32) {
		t.Errorf("a cropped thumbnail is %v", got)
	}
}

// Contract 8: of a motion photo dv is the video and d the still.
func TestAMotionPhotoHasAStillAndAVideo(t *testing.T) {
	bothWays(t, emulator.Config{}, func(t *testing.T, c *client) {
		video := film()
		for name, media := range map[string][]byte{
			"Google's":  fixture.JPEG(fixture.Spec{Width: 40, Height: 30, Make: "Aldermere", Motion: video}),
			"Samsung's": fixture.SamsungMotion(fixture.JPEG(fixture.Spec{Width: 40, Height: 30, Make: "samsung"}), video),
		} {
			u := c.baseURL(c.made(media))
			if a := c.load(u, "=dv"); !bytes.Equal(a.body, video) || a.header.Get("Content-Type") != "video/mp4" {
				t.Errorf("%s video: %d %s, %d bytes, want %d", name, a.status, a.header.Get("Content-Type"), len(a.body), len(video))
			}
			still := c.load(u, "=d")
			if still.picture(t).Bounds().Dx() != 40 || bytes.Contains(still.body, []byte("ftyp")) {
				t.Errorf("%s still has the video in it, or is none", name)
			}
			c.load(u, "=w10-h10").picture(t)
		}
		plain := c.baseURL(c.made(fixture.JPEG(fixture.Spec{Make: "Aldermere"})))
		c.load(plain, "=dv").wantPage(t, "a photo that does not move", http.StatusNotFound)
	})
}

// Contract 12 #42: a cover is an image like others, that of an empty album a
// placeholder.
func TestACoverIsThatOfItsItem(t *testing.T) {
	bothWays(t, emulator.Config{VideoProcessing: time.Hour}, func(t *testing.T, c *client) {
		album := c.album("Summer")
		cover := func() string { return c.get("/v1/albums/" + album).json(t)["coverPhotoBaseUrl"].(string) }
		empty := cover()
		if got := c.load(empty, "=w100-h100-c").picture(t).Bounds().Size(); got != image.Pt(100, 100) {
			t.Errorf("the placeholder is %v", got)
		}
		red := image.NewUniform(color.RGBA{200, 20, 20, 255})
		token := c.upload(fixture.JPEG(fixture.Spec{Image: &sized{red, image.Rect(0, 0, 50, 40)}}))
		c.createIDs(batch(album, nil, token))
		if r, g, b, _ := c.load(cover(), "=w20-h20-c").picture(t).At(10, 10).RGBA(); r>>8 < 180 || g>>8 > 60 || b>>8 > 60 {
			t.Errorf("the cover is %d %d %d, want red", r>>8, g>>8, b>>8)
		}
		c.createIDs(batch(album, position("FIRST_IN_ALBUM"), c.upload(film())))
		c.load(cover(), "=w20").picture(t) // a video that is not ready yet
		for _, u := range []string{empty, cover()} {
			c.load(u, "=dv").wantPage(t, "a cover as a video", http.StatusNotFound)
			c.load(u, "").wantPage(t, "a bare cover", http.StatusForbidden)
		}
	})
}

// sized is an image without end, cut to a size.
type sized struct {
	image.Image
	bounds image.Rectangle
}

func (s *sized) Bounds() image.Rectangle { return s.bounds }

// Contract 7, ContributorInfo; 12 #42.
func TestContributorsHavePicturesIn2024(t *testing.T) {
	c := in2024(direct(t, emulator.Config{Era: emulator.Era2024}))
	id, token, _ := lent(c)
	c.join(token)
	a := c.post("/v1/mediaItems:search", map[string]any{"albumId": id})
	var portraits []string
	for _, address := range a.addresses(t) {
		if u, found := strings.CutPrefix(address, "profilePictureBaseUrl "); found {
			portraits = append(portraits, u)
		}
	}
	if len(portraits) != 1 {
		t.Fatalf("portraits %q in %s", portraits, a.body)
	}
	if got := c.load(portraits[0], "=w64-h64-c").picture(t).Bounds().Size(); got != image.Pt(64, 64) {
		t.Errorf("the portrait is %v", got)
	}
	c.load(portraits[0], "=dv").wantPage(t, "a portrait as a video", http.StatusNotFound)
}

// Bytes are strangers': no browser runs them as a page of this server.
func TestLoadsAreNoPages(t *testing.T) {
	c := direct(t, emulator.Config{})
	u := c.baseURL(c.made(fixture.JPEG(fixture.Spec{Make: "<script>"})))
	for _, parameters := range []string{"=w10", "=d"} {
		h := c.load(u, parameters).header
		if h.Get("X-Content-Type-Options") != "nosniff" || !strings.Contains(h.Get("Content-Security-Policy"), "sandbox") ||
			!strings.HasPrefix(h.Get("Cache-Control"), "private") {
			t.Errorf("%s: headers %v", parameters, h)
		}
	}
}

// FuzzBaseURLParameters: whatever stands behind a base URL, the answer is a
// picture of a size that was asked for, bytes, or a page that refuses.
func FuzzBaseURLParameters(f *testing.F) {
	for _, seed := range []string{
		"=w100-h50-c", "=w16383-h16383-no", "=d", "=dv", "=d-no", "", "=", "==w1", "=w-h-c", "=w00000000000000000001", "=no", "/=w1", "=w1/../w2", "=w%31", "=w1?h=2",
	} {
		f.Add(seed)
	}
	s, err := emulator.New(emulator.Config{VideoProcessing: 1})
	if err != nil {
		f.Fatal(err)
	}
	f.Cleanup(func() { _ = s.Close() })
	f.Fuzz(func(t *testing.T, parameters string) {
		c := &client{t: t, s: s, http: &http.Client{Transport: s.Transport()}, base: "http://emulator.test"}
		for _, media := range [][]byte{fixture.JPEG(fixture.Spec{}), film()} {
			a := c.load(c.baseURL(c.made(media)), url.PathEscape(parameters))
			switch a.status {
			case http.StatusOK:
				if a.header.Get("Content-Type") != "video/mp4" {
					a.picture(t)
				}
			case http.StatusBadRequest, http.StatusForbidden, http.StatusNotFound:
				a.wantPage(t, parameters, a.status)
			default:
				t.Errorf("status %d", a.status)
			}
		}
	})
}
