package watch_test

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/albumwright/albumwright/internal/watch"
)

// stalled is the trouble of a watch that stands still, if there is one.
func stalled(s watch.Snapshot) bool {
	for _, t := range s.Trouble {
		if t.Kind == "stalled" {
			return true
		}
	}
	return false
}

func TestWorkThatStandsStillIsSaidAndItsEndToo(t *testing.T) {
	inBubble(t, func(t *testing.T, w *world) {
		wire := w.breakable()
		goOn := make(chan struct{})
		wire.with(func(req *http.Request) (*http.Response, error) {
			if strings.HasSuffix(req.URL.Path, "/albums") {
				<-goOn // whatever the request's own patience is
			}
			return wire.next.RoundTrip(req)
		})
		w.begin()
		pass(time.Hour) // nothing to do is no stall
		w.photo("Pier/x.jpg")
		early, late := false, false
		for range 30 {
			pass(time.Minute)
			late = late || stalled(w.wantSums())
			if !late {
				early = true
			}
		}
		if !early || !late {
			t.Fatalf("it stalled: %t; and worked before: %t", late, early)
		}
		wire.mend()
		close(goOn)
		pass(time.Hour)
		if stalled(w.wantSums()) {
			t.Error("it is still said to stand still")
		}
		w.wantTold(watch.MendedNote, "stalled")
		w.wantAll()
	})
}

func TestAFullDiskOfTheStateFolderIsSaidAndPasses(t *testing.T) {
	inBubble(t, func(t *testing.T, w *world) {
		w.begin()
		pass(time.Minute)
		w.photo("Pier/a.jpg")
		pass(time.Minute)
		w.kill()
		w.setConnect(noSpace())
		w.begin()
		w.photo("Pier/b.jpg")
		pass(time.Hour)
		s := w.wantSums()
		if len(s.Trouble) != 1 || s.Trouble[0].Kind != "disk full" || s.Trouble[0].Do == "" || s.State != watch.Waiting {
			t.Fatalf("it is %s in %+v", s.State, s.Trouble)
		}
		w.setConnect(nil)
		pass(6 * time.Minute)
		w.wantAll()
		w.wantTold(watch.MendedNote, "disk full")
	})
}
