package watch_test

import (
	"net/http"
	"os"
	"path/filepath"
	"syscall"
	"testing"
	"time"

	"github.com/albumwright/albumwright/internal/watch"
)

func TestASuspendIsToldByTheTwoClocks(t *testing.T) {
	for _, c := range []struct {
		name            string
		own, wall, want time.Duration
	}{
		{"awake", 10 * time.Second, 10 * time.Second, 0},
		{"a night", 10 * time.Second, 8*time.Hour + 10*time.Second, 8 * time.Hour},
		{"the wall clock is set a little", 10 * time.Second, 30 * time.Second, 0},
		{"it is set back", 10 * time.Second, -time.Hour, 0},
		{"a busy machine ticks late", 2 * time.Minute, 2 * time.Minute, 0},
	} {
		if slept := watch.Slept(c.own, c.wall); slept != c.want {
			t.Errorf("%s: it slept for %v, want %v", c.name, slept, c.want)
		}
	}
}

func TestAfterASuspendFoldersAreLookedAtAndTroublesTriedAgain(t *testing.T) {
	inBubble(t, func(t *testing.T, w *world) {
		wire := w.breakable()
		wire.with(func(req *http.Request) (*http.Response, error) {
			if req.Body != nil {
				_ = req.Body.Close()
			}
			return nil, syscall.ENETUNREACH
		})
		w.begin()
		pass(time.Minute)
		w.photo("Pier/before.jpg")
		pass(3 * time.Hour) // it is tried every ten minutes
		wire.mend()
		asleep := filepath.Join(w.dir, "Pier/asleep.jpg") // nobody tells of it
		if err := os.WriteFile(asleep, w.photoBody(), 0o644); err != nil {
			t.Fatal(err)
		}
		if err := os.Chtimes(asleep, time.Now(), time.Now()); err != nil {
			t.Fatal(err)
		}
		watch.Woke(w.watch, 8*time.Hour)
		pass(time.Minute)
		w.wantAll()
		w.wantCount(2)
		w.wantTold(watch.WarningNote, "has slept for 8h")
	})
}
