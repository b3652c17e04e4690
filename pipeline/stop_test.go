package pipeline_test

import (
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/albumwright/albumwright/emulator"
	"github.com/albumwright/albumwright/photos"
	"github.com/albumwright/albumwright/pipeline"
)

var errCut = errors.New("cut")

// cutAt drops the n-th request; if applied, the service has carried it out and only its answer is lost. Everything after it fails, as if the process had
// died.
func cutAt(n int64, applied bool) fault {
	var count atomic.Int64
	return func(next http.RoundTripper, req *http.Request) (*http.Response, error) {
		switch i := count.Add(1); {
		case i < n:
			return next.RoundTrip(req)
		case i == n && applied:
			resp, err := next.RoundTrip(req)
			if err == nil {
				err = errors.Join(resp.Body.Close(), errCut)
			}
			return nil, err
		}
		if req.Body != nil {
			_ = req.Body.Close()
		}
		return nil, errCut
	}
}

// Whatever request a run ends at, and whether the service carried it out or not: the next run ends as an undisturbed one would have.
func TestARunThatIsCutAnywhereIsTakenUpByTheNext(t *testing.T) {
	const requests = 14 // 8 uploads, 2 album creates, 1 list, 3 batches
	fill := func(w *world) {
		w.series("Pier", "p", 5, 0)
		w.series("Garden", "g", 3, 0)
		w.write("Garden/copy.jpg", w.photo("Garden/original.jpg", 50))
	}
	undisturbed := newWorld(t)
	fill(undisturbed)
	undisturbed.run()
	want := undisturbed.albums()

	for n := int64(1); n <= requests; n++ {
		for _, applied := range []bool{false, true} {
			inBubble(t, fmt.Sprintf("request %d, applied %v", n, applied), func(t *testing.T) {
				w := newWorld(t)
				fill(w)
				w.through(cutAt(n, applied))
				rep, err := w.try(t.Context())
				if n < requests && (err == nil || photos.Classify(err) != photos.ClassTransient || rep.Ends[pipeline.Unfinished] == 0) {
					t.Fatalf("the cut run ended with %v, %v", rep.Ends, err)
				}
				w.mended()
				w.run()
				w.wantAlbums(want)
				before := w.service.Calls()
				w.run()
				wantCalls(t, w.calls(before), map[string]int{})
			})
		}
	}
}

func TestTheFirstStopCommitsWhatHasATokenAndTheNextRunGoesOn(t *testing.T) {
	w := newWorld(t)
	all := w.series("Pier", "p", 300, 0)
	intake, stop := context.WithCancelCause(t.Context())
	stopped := errors.New("stopped by the test")
	w.cfg.Intake, w.cfg.Transfers = intake, 2
	w.cfg.Observe = func(ev pipeline.Event) {
		if p, ok := ev.(pipeline.Progress); ok && p.Stage == pipeline.StageUpload && p.Done == 60 {
			stop(stopped)
		}
	}
	rep, err := w.try(t.Context())
	if !errors.Is(err, stopped) || !strings.Contains(rep.Cause, "stopped by the test") {
		t.Errorf("Run ended with %v, cause %q", err, rep.Cause)
	}
	uploads := w.service.Calls()["uploads"]
	if uploads < 60 || uploads == 300 || len(w.service.MediaItems()) != uploads || rep.Ends[pipeline.Uploaded] != uploads {
		t.Errorf("%d uploads, %d media items, ends %v: want every token committed, and some files left", uploads, len(w.service.MediaItems()), rep.Ends)
	}
	w.cfg.Intake, w.cfg.Observe = nil, nil
	w.run()
	if got := w.service.Calls()["uploads"]; got != 300 {
		t.Errorf("%d uploads in both runs, want 300: none twice", got)
	}
	w.wantAlbums(map[string][]string{"Pier": all})
}

func TestTheSecondStopDropsEverythingAndTheLedgerStaysTrue(t *testing.T) {
	w := newWorld(t)
	all := w.series("Pier", "p", 200, 0)
	for _, at := range []int{1, 40, 51, 120} {
		ctx, drop := context.WithCancel(t.Context())
		w.cfg.Observe = func(ev pipeline.Event) {
			if p, ok := ev.(pipeline.Progress); ok && p.Stage == pipeline.StageUpload && p.Done == at {
				drop()
			}
		}
		if _, err := w.try(ctx); !errors.Is(err, context.Canceled) {
			t.Errorf("dropped after %d uploads Run ends with %v", at, err)
		}
		drop()
	}
	w.cfg.Observe = nil
	w.run()
	w.wantAlbums(map[string][]string{"Pier": all})
}

// Files of an earlier run, some at their end, some left, and new ones: whatever the look was at when it was dropped, each counts once.
func TestAStopAtAnyEventCountsEachFileOnce(t *testing.T) {
	for _, by := range []string{"{folder}", "{folder} {event:%Y}"} {
		for n := 1; n <= 30; n++ {
			inBubble(t, fmt.Sprintf("by %s, event %d", by, n), func(t *testing.T) {
				w := newWorld(t)
				w.by(by)
				w.series("Pier", "p", 4, 0)
				w.series("Garden", "g", 4, 300)
				w.through(cutAt(12, false)) // 8 uploads, a listing, one album with its batch
				if _, err := w.try(t.Context()); err == nil {
					t.Fatal("the first run was not cut")
				}
				w.mended()
				w.series("Pier", "q", 2, 20)
				w.cfg.Naming.EventGap = 2 * time.Hour // events are found anew, and named as before
				ctx, drop := context.WithCancel(t.Context())
				defer drop()
				events := 0
				w.cfg.Observe = func(pipeline.Event) {
					if events++; events == n {
						drop()
					}
				}
				if _, err := w.try(ctx); events >= n && !errors.Is(err, context.Canceled) {
					t.Errorf("the run was dropped and ends with %v", err)
				}
			})
		}
	}
}

func TestAStopWhileLookingLeavesNothingBehindButUnfinishedFiles(t *testing.T) {
	w := newWorld(t)
	w.series("Pier", "p", 100, 0)
	ctx, drop := context.WithCancel(t.Context())
	w.cfg.Observe = func(ev pipeline.Event) {
		if p, ok := ev.(pipeline.Progress); ok && p.Stage == pipeline.StageWalk && p.Done == 50 {
			drop()
		}
	}
	rep, err := w.try(ctx)
	if !errors.Is(err, context.Canceled) || rep.Found != rep.Ends[pipeline.Unfinished] || rep.Found == 0 {
		t.Errorf("ended with %v, found %d, ends %v", err, rep.Found, rep.Ends)
	}
	wantCalls(t, w.service.Calls(), map[string]int{})
}

// afterTheLook does something when all files have been looked at and none has been sent.
func (w *world) afterTheLook(do func()) {
	w.cfg.Observe = func(ev pipeline.Event) {
		if p, ok := ev.(pipeline.Progress); ok && p.Stage == pipeline.StageDescribe && p.Complete {
			do()
		}
	}
}

func TestAFileThatChangesAfterTheLookIsLookedAtAndSentOnceMore(t *testing.T) {
	for _, size := range []int64{1 << 10, 5 << 20} {
		w := newWorld(t)
		w.write("Pier/1.jpg", big(1, size))
		w.write("Pier/2.jpg", big(2, size+1))
		finished := big(1, size+100)
		w.afterTheLook(func() { w.write("Pier/1.jpg", finished) })
		rep := w.run()
		wantEnds(t, rep, map[pipeline.End]int{pipeline.Uploaded: 2})
		w.wantAlbums(map[string][]string{"Pier": {"1.jpg", "2.jpg"}})
		sum, items := sha256.Sum256(finished), w.service.MediaItems()
		if !slices.ContainsFunc(items, func(m emulator.MediaItem) bool { return m.SHA256 == sum }) {
			t.Errorf("size %d: the service does not have the file as it became: %+v", size, items)
		}
	}
}

func TestAFileThatGoesOnChangingFailsAndIsTakenByTheNextRun(t *testing.T) {
	w := newWorld(t)
	growing := func() { // every time somebody reads it, it is longer
		f, err := os.OpenFile(filepath.Join(w.dir, "Pier/1.jpg"), os.O_APPEND|os.O_WRONLY, 0)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := f.Write([]byte("more")); err != nil {
			t.Error(err)
		}
		if err := f.Close(); err != nil {
			t.Error(err)
		}
	}
	w.write("Pier/1.jpg", big(1, 5<<20))
	w.photo("Pier/2.jpg", 2)
	w.afterTheLook(growing)
	w.through(func(next http.RoundTripper, req *http.Request) (*http.Response, error) {
		if req.ContentLength > 5<<20 {
			growing()
		}
		return next.RoundTrip(req)
	})
	rep := w.run()
	wantEnds(t, rep, map[pipeline.End]int{pipeline.Uploaded: 1, pipeline.Failed: 1})
	if len(rep.Failures) != 1 || !strings.Contains(rep.Failures[0].Reason, "changed while it was read") {
		t.Errorf("failures %+v", rep.Failures)
	}
	w.wantAlbums(map[string][]string{"Pier": {"2.jpg"}})
	w.mended()
	w.cfg.Observe = nil
	w.run()
	w.wantAlbums(map[string][]string{"Pier": {"1.jpg", "2.jpg"}})
}

func TestAFileThatVanishesFailsAlone(t *testing.T) {
	w := newWorld(t)
	w.photo("Pier/1.jpg", 1)
	w.photo("Pier/2.jpg", 2)
	w.afterTheLook(func() {
		if err := os.Remove(filepath.Join(w.dir, "Pier/1.jpg")); err != nil {
			t.Error(err)
		}
	})
	rep := w.run()
	wantEnds(t, rep, map[pipeline.End]int{pipeline.Uploaded: 1, pipeline.Failed: 1})
	if len(rep.Failures) != 1 || rep.Failures[0].Reason != "no such file or directory" {
		t.Errorf("failures %+v", rep.Failures)
	}
}

func TestARootThatIsMissingEndsTheRunBeforeAnythingIsSent(t *testing.T) {
	w := newWorld(t)
	w.cfg.Paths = []string{filepath.Join(w.dir, "missing")}
	if _, err := w.try(t.Context()); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("Run ends with %v, want ErrNotExist", err)
	}
	wantCalls(t, w.service.Calls(), map[string]int{})
}
