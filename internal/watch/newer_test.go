package watch_test

import (
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"
)

// A run that has been sending for long makes room for something newer, and what it left then goes, too.
func TestALongRunMakesRoomForSomethingNewer(t *testing.T) {
	inBubble(t, func(t *testing.T, w *world) {
		const many = 700
		wire := w.breakable()
		wire.with(func(req *http.Request) (*http.Response, error) {
			if strings.HasSuffix(req.URL.Path, "/uploads") {
				<-time.After(5 * time.Second)
			}
			return wire.next.RoundTrip(req)
		})
		for i := range many {
			w.photo(fmt.Sprintf("Big/%04d.jpg", i))
		}
		w.begin()
		pass(7 * time.Minute)
		w.photo("Pier/new.jpg")
		pass(3 * time.Minute)
		if got := len(w.albums()["Pier"]); got != 1 {
			t.Errorf("the newer photo waits, with %d of the others sent", len(w.service.MediaItems()))
		}
		if len(w.service.MediaItems()) > many {
			t.Error("the others were all sent before")
		}
		pass(2 * time.Hour)
		w.wantCount(many + 1)
		w.wantAll()
		if s := w.wantSums(); s.Open != 0 || s.Found != many+1 {
			t.Errorf("%d found, %d open, ends %v", s.Found, s.Open, s.Ends)
		}
	})
}
