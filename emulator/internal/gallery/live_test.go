package gallery_test

import (
	"context"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/albumwright/albumwright/emulator"
	"github.com/albumwright/albumwright/emulator/internal/gallery"
	"github.com/albumwright/albumwright/internal/browser"
	"github.com/albumwright/albumwright/internal/render"
)

func TestAlbumsAndItemsAppearByThemselves(t *testing.T) {
	s, p := serve(t, emulator.Config{}), newPage(t)
	p.Open(s.base + "/")
	seen(p, "Nothing here yet")
	p.Wait(`document.querySelector("#live.on")`)
	still := onThisPage(p)
	album := s.album("Trip")
	seen(p, "Trip")
	id := s.add(album, "first.png", s.photo())
	p.Wait(`document.querySelector("#album-` + album + ` img[src='/thumbs/` + id + `']")`)
	seen(p, "1 item")
	still()

	p.Open(s.base + "/albums/" + album)
	p.Wait(`document.querySelector("#live.on")`)
	still = onThisPage(p)
	browser.Value[any](p, `document.querySelector("#item-`+id+` a").focus()`)
	second := s.add(album, "second.png", s.photo())
	p.Wait(`document.querySelectorAll(".tiles li").length === 2 && document.querySelector("#item-` + second + ` img").naturalWidth > 0`)
	p.Wait(`document.activeElement.closest("li").id === "item-` + id + `"`) // the focus stays
	still()
}

func TestRequestsAndQuotasAppearByThemselves(t *testing.T) {
	s, p := serve(t, emulator.Config{Quota: emulator.ServiceQuota()}), newPage(t)
	s.album("a")
	p.Open(s.base + "/requests")
	p.Wait(`document.querySelector("#live.on")`)
	still := onThisPage(p)
	s.call("POST", "/v1/mediaItems:batchCreate", map[string]any{"newMediaItems": []any{map[string]any{}}})
	p.Wait(`document.querySelector("#request-2.broke")`)
	seen(p, "Rule broken: "+emulator.RuleTokenPresent)
	seen(p, "of 30")
	p.Wait(`document.querySelector(".meters li:nth-child(3) b").textContent === "2"`)
	still()
	p.Click(`.tabs a[href="/requests?show=violations"]`)
	p.Wait(`document.querySelectorAll(".log tbody tr").length === 1 && document.querySelector("#request-2")`)

	p.Open(s.base + "/service")
	p.Wait(`document.querySelector("#live.on")`)
	still = onThisPage(p)
	if err := s.Plan(emulator.Fault{Operation: "albums.list", Effect: emulator.Effect{Name: "503"}}); err != nil {
		t.Fatal(err)
	}
	seen(p, "1 not met yet")
	s.call("GET", "/v1/albums", nil)
	seen(p, "all met")
	still()
}

// A page comes back when the server does.
func TestAPageConnectsAgain(t *testing.T) {
	s, p := serve(t, emulator.Config{}), newPage(t)
	p.Open(s.base + "/")
	p.Wait(`document.querySelector("#live.on")`)
	still := onThisPage(p)
	s.stop()
	p.Wait(`document.querySelector("#live:not(.on)")`)
	s.album("Made meanwhile")
	s.listen(strings.TrimPrefix(s.base, "http://"))
	seen(p, "Made meanwhile")
	p.Wait(`document.querySelector("#live.on")`)
	still()
}

// Streams are few, end when they are told to, and leave when their page does.
func TestStreamsOfEventsAreBounded(t *testing.T) {
	g := gallery.New(&shelf{}, render.New())
	const most = 100
	begun, ended := make(chan struct{}, most), make(chan int, most)
	open := func(ctx context.Context) {
		w := &begins{httptest.NewRecorder(), begun}
		g.ServeHTTP(w, httptest.NewRequestWithContext(ctx, http.MethodGet, "/events", nil))
		ended <- w.Code
	}
	one, leave := context.WithCancel(t.Context())
	defer leave()
	go open(one)
	<-begun
	for range most - 1 {
		go open(t.Context())
		<-begun
	}
	if w := get(g, "/events"); w.Code != http.StatusServiceUnavailable {
		t.Errorf("one more is answered %d", w.Code)
	}
	leave()
	<-ended
	go open(t.Context())
	<-begun
	g.EndStreams()
	for range most {
		if code := <-ended; code != http.StatusOK {
			t.Errorf("a stream ends with %d", code)
		}
	}
}

// begins is an answer that tells when its first words are sent.
type begins struct {
	*httptest.ResponseRecorder
	begun chan<- struct{}
}

// Flush implements http.Flusher.
func (b *begins) Flush() {
	if !b.Flushed {
		b.begun <- struct{}{}
	}
	b.ResponseRecorder.Flush()
}
