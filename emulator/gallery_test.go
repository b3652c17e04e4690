package emulator_test

import (
	"bytes"
	"image"
	"image/color"
	"image/jpeg"
	"image/png"
	"net/http"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/albumwright/albumwright/emulator"
)

// page gets a page of the gallery, without a token.
func (c *client) page(path string) string {
	c.t.Helper()
	a := c.open(path)
	a.wantStatus(c.t, http.StatusOK)
	return string(a.body)
}

func (c *client) open(path string) answer {
	c.t.Helper()
	r := c.request(http.MethodGet, path, nil)
	r.Header.Del("Authorization")
	return c.do(r)
}

// links are the targets of a page's links that match a pattern, in order.
func links(page, pattern string) (all []string) {
	for _, m := range regexp.MustCompile(`href="(`+pattern+`)"`).FindAllStringSubmatch(page, -1) {
		if !slices.Contains(all, m[1]) {
			all = append(all, m[1])
		}
	}
	return all
}

const idPattern = `[A-Za-z0-9_-]{55,}`

// picturePNG is a picture that can be decoded, of one colour.
func picturePNG(t *testing.T, w, h int, fill color.Color) []byte {
	t.Helper()
	img := image.NewPaletted(image.Rect(0, 0, w, h), color.Palette{fill})
	var b bytes.Buffer
	if err := png.Encode(&b, img); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func TestAnEmptyGallerySaysHowToFillIt(t *testing.T) {
	bothWays(t, emulator.Config{}, func(t *testing.T, c *client) {
		for _, path := range []string{"/", "/library", "/requests"} {
			if !strings.Contains(c.page(path), "albumwright import") {
				t.Errorf("%s does not say how to import", path)
			}
		}
		c.album("Empty")
		album := links(c.page("/"), "/albums/"+idPattern)[0]
		if !strings.Contains(c.page(album), "albumwright import") {
			t.Error("an empty album does not say how to import")
		}
	})
}

func TestTheGalleryShowsAlbumsInOrderOfCreationAndItemsInAlbumOrder(t *testing.T) {
	bothWays(t, emulator.Config{}, func(t *testing.T, c *client) {
		winter, summer := c.album("Winter & <snow>"), c.album("Summer")
		last := c.add(summer, nil, 1, 2)
		first := c.add(summer, position("FIRST_IN_ALBUM"), 10, 1)
		want := append(first, last...)

		home := c.page("/")
		if got := links(home, "/albums/"+idPattern); !slices.Equal(got, []string{"/albums/" + winter, "/albums/" + summer}) {
			t.Errorf("albums %v", got)
		}
		if strings.Contains(home, "<snow>") || !strings.Contains(home, "Winter &amp; &lt;snow&gt;") || !strings.Contains(home, "3 items") {
			t.Errorf("titles are not escaped, or the count is missing:\n%s", home)
		}
		album := c.page("/albums/" + summer)
		var hrefs []string
		for _, id := range want {
			hrefs = append(hrefs, "/albums/"+summer+"/"+id)
		}
		if got := links(album, "/albums/"+summer+"/"+idPattern); !slices.Equal(got, hrefs) {
			t.Errorf("items %v\nwant %v", got, hrefs)
		}
		middle := c.page(hrefs[1])
		for _, s := range []string{`rel="prev" href="` + hrefs[0], `rel="next" href="` + hrefs[2], "2 of 3", `rel="up" href="/albums/` + summer} {
			if !strings.Contains(middle, s) {
				t.Errorf("the middle item's page lacks %s", s)
			}
		}
		if strings.Contains(c.page(hrefs[0]), `rel="prev"`) || strings.Contains(c.page(hrefs[2]), `rel="next"`) {
			t.Error("the ends of the album have neighbours beyond it")
		}
		if got := links(c.page("/library"), "/items/"+idPattern); len(got) != 3 {
			t.Errorf("the library shows %v", got)
		}
	})
}

func TestAnItemsPageTellsItsFacts(t *testing.T) {
	bothWays(t, emulator.Config{}, func(t *testing.T, c *client) {
		one, two := c.album("First"), c.album("Second")
		token := c.upload(jpegPhoto(40, 30, "2019:05:04 03:02:01"))
		id := c.create(map[string]any{"albumId": one, "newMediaItems": []any{entry(token, "<b>.jpg", "At the lake")}})[0].MediaItem.ID
		c.add(two, nil, 1, 1)
		c.createIDs(batch(two, nil, token))
		page := c.page("/items/" + id)
		for _, want := range []string{
			"&lt;b&gt;.jpg", "At the lake", "JPEG", "image/jpeg", "40 × 30 pixels", "4 May 2019, 03:02:01",
			`First</a> <span class="muted">1 of 1`, `Second</a> <span class="muted">2 of 2`, id, "https://photos.google.com/lr/photo/",
		} {
			if !strings.Contains(page, want) {
				t.Errorf("the page lacks %q", want)
			}
		}
	})
}

// Everything the pages load is their own, and nothing else may enter.
func TestTheGalleryIsClosedToForeignContent(t *testing.T) {
	bothWays(t, emulator.Config{}, func(t *testing.T, c *client) {
		album := c.album("Summer")
		id := c.createIDs(batch(album, nil, c.upload(video(1))))[0]
		for _, path := range []string{"/", "/library", "/requests", "/service", "/albums/" + album, "/items/" + id, "/nowhere", "/thumbs/" + id, "/media/" + id} {
			a := c.open(path)
			csp := a.header.Get("Content-Security-Policy")
			if !strings.HasPrefix(csp, "default-src 'none';") || strings.Contains(csp, "unsafe") ||
				a.header.Get("X-Content-Type-Options") != "nosniff" || a.header.Get("Referrer-Policy") != "no-referrer" {
				t.Errorf("%s: headers %v", path, a.header)
			}
			for _, inline := range []string{"<script>", " style=", " onclick", "http-equiv"} {
				if strings.Contains(string(a.body), inline) {
					t.Errorf("%s has %q, which its own policy forbids", path, inline)
				}
			}
			for _, m := range regexp.MustCompile(`(?:src|href|poster)="([^"]*)"`).FindAllStringSubmatch(string(a.body), -1) {
				if m[1] != "#content" && !strings.HasPrefix(m[1], "/") {
					t.Errorf("%s loads or links %s", path, m[1])
				}
			}
		}
		for _, file := range []string{"look.css", "gallery.css", "gallery.js", "icon.svg"} {
			if a := c.open("/static/" + file); a.status != http.StatusOK || len(a.body) < 100 {
				t.Errorf("%s: status %d, %d bytes", file, a.status, len(a.body))
			}
		}
		for _, path := range []string{"/static/", "/static/none.css", "/nowhere", "/albums/x", "/items/x", "/thumbs/x", "/media/x", "/albums/" + album + "/x", "/favicon.ico"} {
			if a := c.open(path); a.status != http.StatusNotFound {
				t.Errorf("%s: status %d, want 404", path, a.status)
			}
		}
		if a := c.do(c.request(http.MethodPost, "/library", nil)); a.status != http.StatusMethodNotAllowed {
			t.Errorf("a POST to the gallery: status %d", a.status)
		}
	})
}

// A thumbnail is made from the bytes, fits its box and keeps its shape; what
// cannot be decoded is a tile with the type's name.
func TestThumbnails(t *testing.T) {
	bothWays(t, emulator.Config{}, func(t *testing.T, c *client) {
		red := color.RGBA{200, 30, 30, 255}
		tests := []struct {
			name  string
			media []byte
			w, h  int    // of the thumbnail
			tile  string // the name on the tile instead
		}{
			{"a large picture", picturePNG(t, 3000, 300, red), 640, 64, ""},
			{"a tall picture", picturePNG(t, 100, 2000, red), 22, 440, ""},
			{"a small picture", picturePNG(t, 30, 20, red), 30, 20, ""},
			{"a video", video(1), 0, 0, "MP4"},
			{"a picture without pixels", photo(1)[:30], 0, 0, "GIF"},
		}
		for _, tt := range tests {
			t.Run(tt.name, func(t *testing.T) {
				id := c.createIDs(batch("", nil, c.upload(tt.media)))[0]
				a := c.open("/thumbs/" + id)
				a.wantStatus(t, http.StatusOK)
				if tt.tile != "" {
					if a.header.Get("Content-Type") != "image/svg+xml" || !strings.Contains(string(a.body), tt.tile) {
						t.Errorf("got %s, want a tile that says %s", a.header.Get("Content-Type"), tt.tile)
					}
					return
				}
				img, err := jpeg.Decode(bytes.NewReader(a.body))
				if err != nil {
					t.Fatal(err)
				}
				if b := img.Bounds(); b.Dx() != tt.w || b.Dy() != tt.h {
					t.Errorf("%d x %d, want %d x %d", b.Dx(), b.Dy(), tt.w, tt.h)
				}
				r, g, b, _ := img.At(img.Bounds().Dx()/2, img.Bounds().Dy()/2).RGBA()
				if r>>8 < 180 || g>>8 > 60 || b>>8 > 60 {
					t.Errorf("the middle is %d %d %d, want red", r>>8, g>>8, b>>8)
				}
			})
		}
	})
}

// The bytes come back as they went in. Types that a browser would run are
// downloads.
func TestTheOriginalBytesCanBeFetched(t *testing.T) {
	bothWays(t, emulator.Config{Dir: t.TempDir()}, func(t *testing.T, c *client) {
		media := picturePNG(t, 8, 8, color.White)
		body := map[string]any{"newMediaItems": []any{
			entry(c.upload(media), "a \"b\".png", ""), entry(c.upload([]byte("\xFF\x0A\x00<html><script>")), "x.html", ""),
		}}
		ids := c.createIDs(body)
		a := c.open("/media/" + ids[0])
		if !bytes.Equal(a.body, media) || a.header.Get("Content-Type") != "image/png" ||
			!strings.HasPrefix(a.header.Get("Content-Disposition"), "inline") {
			t.Errorf("headers %v, %d bytes", a.header, len(a.body))
		}
		if d := c.open("/media/" + ids[0] + "?download").header.Get("Content-Disposition"); d != "attachment; filename*=UTF-8''a%20%22b%22.png" {
			t.Errorf("disposition %q", d)
		}
		a = c.open("/media/" + ids[1])
		if a.header.Get("Content-Type") != "image/jxl" || !strings.HasPrefix(a.header.Get("Content-Disposition"), "attachment") {
			t.Errorf("headers %v", a.header)
		}
		r := c.request(http.MethodGet, "/media/"+ids[0], nil)
		r.Header.Set("Range", "bytes=1-3")
		if a := c.do(r); a.status != http.StatusPartialContent || string(a.body) != "PNG" {
			t.Errorf("a range gives %d %q", a.status, a.body)
		}
	})
}

// A full album is shown in pages, and its numbers go on.
func TestALargeAlbumIsShownInPages(t *testing.T) {
	c := direct(t, emulator.Config{})
	album := c.album("Everything")
	for n := 0; n < 250; n += 50 {
		c.add(album, nil, n, 50)
	}
	first, second := c.page("/albums/"+album), c.page("/albums/"+album+"?page=2")
	for _, tt := range []struct{ page, has, hasNot string }{
		{first, `<span class="place">240</span>`, `<span class="place">241</span>`},
		{first, `rel="next" href="/albums/` + album + `?page=2"`, `rel="prev"`},
		{second, `<span class="place">250</span>`, `<span class="place">240</span>`},
		{second, `rel="prev" href="/albums/` + album + `?page=1"`, `rel="next"`},
	} {
		if !strings.Contains(tt.page, tt.has) || strings.Contains(tt.page, tt.hasNot) {
			t.Errorf("a page lacks %s or has %s", tt.has, tt.hasNot)
		}
	}
	same := func(page, other string) bool {
		clock := regexp.MustCompile(` data-now="[^"]*"`)
		return clock.ReplaceAllString(page, "") == clock.ReplaceAllString(other, "")
	}
	if !same(c.page("/albums/"+album+"?page=99"), second) || !same(c.page("/albums/"+album+"?page=-1"), first) {
		t.Error("a page number out of range is not the nearest page")
	}
}

func TestTheRequestsPageShowsCountsAndViolations(t *testing.T) {
	c := direct(t, emulator.Config{})
	c.get("/v1/albums")
	if page := c.page("/requests"); !strings.Contains(page, "albums.list") || !strings.Contains(page, "None.") {
		t.Errorf("page %s", page)
	}
	c.post("/v1/mediaItems:batchCreate", batch("", nil, ""))
	page := c.page("/requests")
	if !strings.Contains(page, emulator.RuleTokenPresent) || strings.Contains(page, "None.") || !strings.Contains(page, "2 requests") {
		t.Errorf("page %s", page)
	}
}
