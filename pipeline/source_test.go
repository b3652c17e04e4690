package pipeline_test

import (
	"context"
	"errors"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/albumwright/albumwright/pipeline"
	"github.com/albumwright/albumwright/watcher"
)

// hand lets a run be handed these files below the world's folder.
func (w *world) hand(paths ...string) {
	w.cfg.Source = func(_ context.Context, visit func(watcher.File) error) error {
		for _, p := range paths {
			f, err := watcher.Stat(w.dir, filepath.Join(w.dir, p))
			if err == nil {
				err = visit(f)
			}
			if err != nil {
				return err
			}
		}
		return nil
	}
}

func TestARunThatIsHandedItsFilesTakesNoOthers(t *testing.T) {
	w := newWorld(t)
	w.photo("Pier/a.jpg", 1)
	w.photo("Pier/b.jpg", 2)
	w.hand("Pier/b.jpg")
	wantEnds(t, w.run(), map[pipeline.End]int{pipeline.Uploaded: 1})
	w.hand("Pier/b.jpg", "Pier/a.jpg")
	wantEnds(t, w.run(), map[pipeline.End]int{pipeline.Uploaded: 1, pipeline.AlreadyThere: 1})
	w.wantAlbums(map[string][]string{"Pier": {"a.jpg", "b.jpg"}})
}

func TestARunThatIsHandedItsFilesActsOnTheseAlone(t *testing.T) {
	w := newWorld(t)
	w.photo("Pier/a.jpg", 1)
	w.photo("Pier/b.jpg", 2)
	w.run()
	w.photo("Pier/c.jpg", 3)
	sent := t.TempDir()
	var err error
	if w.cfg.After, err = pipeline.ParseAfter("move:"+sent, ""); err != nil {
		t.Fatal(err)
	}
	w.hand("Pier/a.jpg", "Pier/c.jpg") // one that an earlier run has delivered, as after a kill
	rep := w.run()
	if rep.Confirmation.Done != 2 {
		t.Errorf("%d files were moved, want 2: %+v", rep.Confirmation.Done, rep.Confirmation)
	}
	for name, stays := range map[string]bool{"a.jpg": false, "b.jpg": true, "c.jpg": false} {
		if _, err := os.Stat(filepath.Join(w.dir, "Pier", name)); (err == nil) != stays {
			t.Errorf("%s: %v, want that it stays: %v", name, err, stays)
		}
	}
}

func TestWhatCannotBeReadSinceItsPlaceIsAwayHasNotFailed(t *testing.T) {
	w := newWorld(t)
	names := w.series("Pier", "p", 120, 0)
	away := w.dir + " away"
	sent := 0
	w.through(func(next http.RoundTripper, req *http.Request) (*http.Response, error) {
		if strings.HasSuffix(req.URL.Path, "/uploads") {
			if sent++; sent == 5 {
				if err := os.Rename(w.dir, away); err != nil {
					t.Error(err)
				}
			}
		}
		return next.RoundTrip(req)
	})
	w.cfg.Transfers = 1
	w.cfg.Away = func(string) bool {
		_, err := os.Stat(w.dir)
		return err != nil
	}
	rep, err := w.try(t.Context())
	if !errors.Is(err, pipeline.ErrRootGone) || rep.Ends[pipeline.Failed] != 0 || rep.Ends[pipeline.Unfinished] == 0 {
		t.Errorf("it ended with %v and %v", err, rep.Ends)
	}
	if err := os.Rename(away, w.dir); err != nil {
		t.Fatal(err)
	}
	w.mended()
	w.run()
	w.wantAlbums(map[string][]string{"Pier": names})
}

func TestWhatWasRefusedIsOfferedAgainOnlyIfThatIsWanted(t *testing.T) {
	w := newWorld(t)
	w.write("Pier/junk.jpg", append([]byte("\xff\xd8\xff\xe0 no photo at all "), make([]byte, 100)...))
	rep := w.run()
	if rep.Ends[pipeline.Failed] != 1 {
		t.Fatalf("ends %v", rep.Ends)
	}
	before := w.service.Calls()
	wantEnds(t, w.run(), map[pipeline.End]int{pipeline.Failed: 1})
	wantCalls(t, w.calls(before), map[string]int{})
	w.cfg.Refused = true
	wantEnds(t, w.run(), map[pipeline.End]int{pipeline.Failed: 1})
	if w.calls(before)["mediaItems.batchCreate"] == 0 {
		t.Error("it was not offered again")
	}
}
