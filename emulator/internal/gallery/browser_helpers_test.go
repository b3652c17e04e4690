package gallery_test

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"image"
	"image/color"
	"image/png"
	"io"
	"net"
	"net/http"
	"testing"

	"github.com/albumwright/albumwright/emulator"
	"github.com/albumwright/albumwright/internal/browser"
)

// live is an emulator on a socket, and a client of its API.
type live struct {
	*emulator.Server
	t    *testing.T
	base string
	stop func() // the listener, and what comes through it
	made int
}

// serve starts an emulator that stops at the end of the test.
func serve(t *testing.T, config emulator.Config) *live {
	t.Helper()
	s, err := emulator.New(config)
	if err != nil {
		t.Fatal(err)
	}
	l := &live{Server: s, t: t}
	l.listen("127.0.0.1:0")
	t.Cleanup(func() {
		l.stop()
		if err := s.Close(); err != nil {
			t.Error("close:", err)
		}
	})
	return l
}

// listen serves until stop is called.
func (s *live) listen(address string) {
	s.t.Helper()
	ln, err := net.Listen("tcp", address)
	if err != nil {
		s.t.Fatal(err)
	}
	ctx, stop := context.WithCancel(context.Background())
	ended := make(chan error, 1)
	go func() { ended <- s.Serve(ctx, ln) }()
	s.base = "http://" + ln.Addr().String()
	s.stop = func() {
		stop()
		if err := <-ended; err != nil {
			s.t.Error("serve:", err)
		}
	}
}

// call sends a request of the API, and returns the answer.
func (s *live) call(method, path string, body any) []byte {
	s.t.Helper()
	raw, isBytes := body.([]byte)
	if !isBytes && body != nil {
		raw, _ = json.Marshal(body)
	}
	r, err := http.NewRequestWithContext(s.t.Context(), method, s.base+path, bytes.NewReader(raw))
	if err != nil {
		s.t.Fatal(err)
	}
	r.Header.Set("Authorization", "Bearer "+s.AccessToken())
	if isBytes {
		r.Header.Set("Content-Type", "application/octet-stream")
		r.Header.Set("X-Goog-Upload-Protocol", "raw")
	}
	res, err := s.Transport().RoundTrip(r)
	if err != nil {
		s.t.Fatal(err)
	}
	text, err := io.ReadAll(res.Body)
	if err != nil {
		s.t.Fatal(err)
	}
	return text
}

// text is a field of an answer, by its path.
func (s *live) text(answer []byte, path ...string) string {
	s.t.Helper()
	var v any
	if err := json.Unmarshal(answer, &v); err != nil {
		s.t.Fatal(err, string(answer))
	}
	for _, name := range path {
		switch at := v.(type) {
		case map[string]any:
			v = at[name]
		case []any:
			v = at[0]
		}
	}
	text, ok := v.(string)
	if !ok {
		s.t.Fatalf("no %q in %s", path, answer)
	}
	return text
}

func (s *live) album(title string) string {
	s.t.Helper()
	return s.text(s.call("POST", "/v1/albums", map[string]any{"album": map[string]any{"title": title}}), "id")
}

// add uploads a file into an album, or into the library.
func (s *live) add(album, name string, media []byte) (id string) {
	s.t.Helper()
	token := string(s.call("POST", "/v1/uploads", media))
	entry := map[string]any{"description": "About " + name, "simpleMediaItem": map[string]any{"uploadToken": token, "fileName": name}}
	body := map[string]any{"newMediaItems": []any{entry}}
	if album != "" {
		body["albumId"] = album
	}
	return s.text(s.call("POST", "/v1/mediaItems:batchCreate", body), "newMediaItemResults", "0", "mediaItem", "id")
}

// photo is another picture each time.
func (s *live) photo() []byte {
	s.t.Helper()
	s.made++
	img := image.NewPaletted(image.Rect(0, 0, 90, 60), color.Palette{color.RGBA{uint8(s.made * 40), 90, 160, 255}})
	var b bytes.Buffer
	if err := png.Encode(&b, img); err != nil {
		s.t.Fatal(err)
	}
	return b.Bytes()
}

// marks are those of the item with this name.
func (s *live) marks(name string) emulator.Marks {
	s.t.Helper()
	for _, it := range s.MediaItems() {
		if it.Filename == name {
			return it.Marks
		}
	}
	s.t.Fatalf("no item %s", name)
	return emulator.Marks{}
}

// trip is an album of three photos, with a text before the second.
func (s *live) trip() (album string, ids []string) {
	s.t.Helper()
	album = s.album("Trip")
	for i := range 3 {
		ids = append(ids, s.add(album, fmt.Sprintf("photo%d.png", i+1), s.photo()))
	}
	s.call("POST", "/v1/albums/"+album+":addEnrichment", map[string]any{
		"newEnrichmentItem": map[string]any{"textEnrichment": map[string]any{"text": "Then it rained."}},
		"albumPosition":     map[string]any{"position": "AFTER_MEDIA_ITEM", "relativeMediaItemId": ids[0]},
	})
	return album, ids
}

// onThisPage marks a page, to tell whether it is still the same.
func onThisPage(p *browser.Page) (still func()) {
	browser.Value[bool](p, `window.same = true`)
	return func() { p.Wait(`window.same === true`) }
}

// seen wants a text on the page.
func seen(p *browser.Page, text string) {
	quoted, _ := json.Marshal(text)
	p.Wait(`document.querySelector("main").innerText.includes(` + string(quoted) + `)`)
}
