package pipeline_test

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/albumwright/albumwright/emulator"
	"github.com/albumwright/albumwright/internal/fixture"
	"github.com/albumwright/albumwright/pipeline"
)

// A service that forgets tokens earlier than it says.
func TestBytesAreSentAgainOnceWhenTheServiceHasForgottenTheirToken(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorldWith(t, emulator.Config{TokenLife: time.Hour})
		names := w.series("Pier", "p", 60, 0)
		w.photo("Everything/last.jpg", 1000) // what sorts before something cannot just be added
		w.run()
		time.Sleep(2 * time.Hour)
		w.cfg.Album, w.cfg.AlbumBy = "Everything", ""
		before := w.service.Calls()
		rep := w.runThroughViolations()
		wantEnds(t, rep, map[pipeline.End]int{pipeline.Uploaded: 60, pipeline.AlreadyThere: 1})
		if got := w.calls(before)["uploads"]; got != 60 {
			t.Errorf("%d uploads, want each of the 60 files once", got)
		}
		w.wantAlbums(map[string][]string{"Pier": names, "Everything": append(names, "last.jpg")})
	})
}

// runThroughViolations is run for a service that expires tokens which the client still trusts: to the service, using one is a violation.
func (w *world) runThroughViolations() pipeline.Report {
	w.t.Helper()
	w.tolerant = true
	defer func() { w.tolerant = false }()
	return w.run()
}

func TestATokenThatGrewOldWhileTheRunWaitedIsRenewed(t *testing.T) {
	inBubble(t, "told to wait for a day", func(t *testing.T) {
		w := newWorld(t)
		names := w.series("Pier", "p", 3, 0)
		w.photo("Garden/1.jpg", 50)
		wait := emulator.Refuse("429-minute")
		wait.RetryAfter = 24 * 60 * 60
		if err := w.service.Plan(emulator.Fault{Operation: "albums.list", Effect: wait}); err != nil { // comes after the first uploads
			t.Fatal(err)
		}
		rep := w.runThroughViolations()
		wantEnds(t, rep, map[pipeline.End]int{pipeline.Uploaded: 4})
		w.wantAlbums(map[string][]string{"Pier": names, "Garden": {"1.jpg"}})
	})
}

func TestAnAlbumThatTakesNothingMoreFailsItsOwnFilesInFewCalls(t *testing.T) {
	inBubble(t, "full album", func(t *testing.T) {
		w := newWorldWith(t, emulator.Config{AlbumLimit: 60})
		w.series("Pier", "p", 560, 0)
		w.photo("Garden/1.jpg", 1)
		rep := w.run()
		if rep.Ends[pipeline.Uploaded] < 51 || rep.Ends[pipeline.Uploaded]+rep.Ends[pipeline.Failed] != 561 {
			t.Errorf("ends %v, want at least the first batch and the other album uploaded", rep.Ends)
		}
		if n := rep.Requests.BatchCreates; n > 30 {
			t.Errorf("%d batchCreate calls, want at most 30 to find out", n)
		}
		if reason := rep.Failures[len(rep.Failures)-1].Reason; !strings.Contains(reason, "takes nothing more into this album") {
			t.Errorf("the reason is %q", reason)
		}
	})
}

// One bad entry of 50, which the error does not name: the other 49 go through, in few calls and in order.
func TestOneEntryThatSinksABatchIsFound(t *testing.T) {
	for _, bad := range []int{0, 17, 49} {
		inBubble(t, fmt.Sprint("entry ", bad), func(t *testing.T) {
			w := newWorld(t)
			names := w.series("Pier", "p", 50, 0)
			sunk := names[bad]
			if err := w.service.Plan(emulator.Fault{
				Operation: "mediaItems.batchCreate", Match: sunk, Times: -1, Effect: emulator.Refuse("413"),
			}); err != nil {
				t.Fatal(err)
			}
			rep := w.run()
			wantEnds(t, rep, map[pipeline.End]int{pipeline.Uploaded: 49, pipeline.Failed: 1})
			if n := rep.Requests.BatchCreates; n > 14 {
				t.Errorf("%d calls to find one of 50, want at most 14", n)
			}
			w.wantAlbums(map[string][]string{"Pier": append(append([]string{}, names[:bad]...), names[bad+1:]...)})
		})
	}
}

func TestAFileLargerThanTheServiceTakesIsSkippedUnread(t *testing.T) {
	w := newWorld(t)
	w.write("Pier/huge.jpg", fixture.TinyJPEG(1, noon(1)))
	if err := os.Truncate(filepath.Join(w.dir, "Pier/huge.jpg"), 200<<20+1); err != nil {
		t.Fatal(err)
	}
	rep := w.run()
	wantEnds(t, rep, map[pipeline.End]int{pipeline.Skipped: 1})
	if rep.SkippedBy["larger than the 200 MB that the service takes of a photo"] != 1 || rep.Bytes.Headers > 64<<10 {
		t.Errorf("skipped by %v after reading %+v", rep.SkippedBy, rep.Bytes)
	}
}
