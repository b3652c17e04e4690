package watch_test

import (
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"
)

// A file that changes while it is being sent ends once, as what it is then.
func TestSumsHoldWhenAFileChangesWhileItIsSent(t *testing.T) {
	for _, during := range []string{"uploads", "batchCreate"} {
		t.Run(during, func(t *testing.T) {
			inBubble(t, func(t *testing.T, w *world) {
				wire := w.breakable()
				w.begin()
				pass(time.Minute)
				var once sync.Once
				wire.with(func(req *http.Request) (*http.Response, error) {
					if strings.Contains(req.URL.Path, during) {
						once.Do(func() {
							w.photo("Pier/x.jpg") // another one by now
							<-time.After(5 * time.Minute)
						})
					}
					return wire.next.RoundTrip(req)
				})
				w.photo("Pier/x.jpg")
				for range 40 {
					pass(30 * time.Second)
					w.wantSums()
				}
				if s := w.wantSums(); s.Found != 1 && s.Found != 2 || s.Open != 0 {
					t.Errorf("%d found, %d open, ends %v", s.Found, s.Open, s.Ends)
				}
				w.checkLibrary()
			})
		})
	}
}
