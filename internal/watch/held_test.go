package watch_test

import (
	"net/http"
	"path/filepath"
	"syscall"
	"testing"
	"time"

	"github.com/albumwright/albumwright/internal/budget"
)

// A watch keeps its connection for months. What each run held of the day and did not need would add up until no request was left.
func TestBetweenRunsNothingOfTheDayIsHeld(t *testing.T) {
	inBubble(t, func(t *testing.T, w *world) {
		w.limit = 10_000
		wire := w.breakable()
		w.begin()
		pass(time.Minute)
		for _, album := range []string{"Pier", "Lake", "Sea"} {
			w.photo(album + "/x.jpg")
			pass(time.Minute)
			w.wantHeld(0)
		}
		wire.with(func(req *http.Request) (*http.Response, error) {
			if req.Body != nil {
				_ = req.Body.Close()
			}
			return nil, syscall.ECONNREFUSED
		})
		w.photo("Hill/x.jpg")
		pass(6 * time.Hour)
		wire.mend()
		pass(time.Hour)
		w.wantHeld(0)
		w.wantAll()
	})
}

func (w *world) wantHeld(want int) {
	w.t.Helper()
	s, err := budget.Read(w.t.Context(), budget.Config{Path: filepath.Join(w.state, "budget.db"), Limit: w.limit})
	if err != nil {
		w.t.Fatal(err)
	}
	if s.Held != want {
		w.t.Errorf("%d requests are held, want %d", s.Held, want)
	}
}
