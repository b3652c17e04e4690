package watch_test

import (
	"flag"
	"fmt"
	"testing"
	"time"

	"github.com/albumwright/albumwright/internal/fixture"
	"github.com/albumwright/albumwright/internal/report"
	"github.com/albumwright/albumwright/internal/watch"
)

func TestFiftyFilesOfAnAlbumGoAtOnce(t *testing.T) {
	inBubble(t, func(t *testing.T, w *world) {
		w.job.BatchTimeout = time.Hour
		w.begin()
		pass(time.Minute)
		for i := range 49 {
			w.photo(fmt.Sprintf("Pier/%02d.jpg", i))
		}
		pass(settle + time.Second)
		w.wantCount(0)
		w.photo("Pier/50.jpg")
		pass(settle + time.Second)
		w.wantCount(50)
		w.photo("Pier/late.jpg")
		pass(settle + 59*time.Minute)
		w.wantCount(50)
		pass(2 * time.Minute)
		w.wantCount(51)
		w.wantAll()
	})
}

func TestEachAlbumWaitsForItsOwnQuiet(t *testing.T) {
	inBubble(t, func(t *testing.T, w *world) {
		w.job.BatchTimeout = 30 * time.Second
		w.begin()
		pass(time.Minute)
		w.photo("Quiet/one.jpg")
		for i := range 6 { // never quiet for half a minute
			w.photo(fmt.Sprintf("Busy/%d.jpg", i))
			pass(20 * time.Second)
		}
		if got := len(w.albums()["Quiet"]); got != 1 {
			t.Errorf("the quiet album has %d photos, want 1", got)
		}
		if got := len(w.albums()["Busy"]); got != 0 {
			t.Errorf("the busy album has %d photos, want none yet", got)
		}
		pass(time.Minute)
		w.wantAll()
		if n := w.service.Calls()["mediaItems.batchCreate"]; n != 2 {
			t.Errorf("%d batches, want one for each album", n)
		}
	})
}

var burst = flag.Int("burst", 2_000, "files of the burst; make soak takes 20,000")

func TestABurstOfFilesComesInAFewRuns(t *testing.T) {
	inBubble(t, func(t *testing.T, w *world) {
		w.job.Run.Transfers = 4
		w.begin()
		pass(time.Minute)
		body := fixture.TinyJPEG(1, time.Date(2024, 5, 18, 12, 0, 0, 0, time.UTC))
		w.eyes.mute(true)
		for i := range *burst { // the same content: what is measured is what comes before the sending
			w.write(fmt.Sprintf("Album %02d/%05d.jpg", i%20, i), body)
		}
		w.eyes.mute(false)
		w.poke()
		pass(10 * time.Minute)
		s := w.wantSums()
		if s.Found != *burst || s.Open != 0 || s.Ends[report.Failed] != 0 {
			t.Errorf("%d found, %d open, ends %v", s.Found, s.Open, s.Ends)
		}
		w.wantCount(1)
		if n := w.runs(); n > 5 {
			t.Errorf("%d runs, want a few", n)
		}
		w.checkLibrary()
	})
}

func TestAFileThatChangesWhileItWaitsIsSentOnceAsWhatItIs(t *testing.T) {
	inBubble(t, func(t *testing.T, w *world) {
		w.begin()
		pass(time.Minute)
		w.photo("Pier/x.jpg")
		pass(settle + time.Second) // it waits for its batch
		w.photo("Pier/x.jpg")
		pass(time.Minute)
		w.wantCount(1)
		w.wantAll()
		if s := w.wantSums(); s.Found != 1 || s.Ends[report.Uploaded] != 1 {
			t.Errorf("%d found, ends %v", s.Found, s.Ends)
		}
	})
}

func TestWhatWaitsForItsBatchGoesWhenTheWatchIsStopped(t *testing.T) {
	inBubble(t, func(t *testing.T, w *world) {
		w.job.BatchTimeout = time.Hour
		w.begin()
		pass(time.Minute)
		w.photo("Pier/x.jpg")
		pass(settle + time.Second)
		if err := w.stop(); err != nil {
			t.Errorf("it ended with %v", err)
		}
		w.wantCount(1)
		w.wantTold(watch.Stopped, "1 uploaded")
	})
}
