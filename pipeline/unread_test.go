package pipeline_test

import (
	"context"
	"io/fs"
	"path/filepath"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/albumwright/albumwright/internal/ledger"
	"github.com/albumwright/albumwright/pipeline"
	"github.com/albumwright/albumwright/watcher"
)

// failed are the files that the ledger knows to have failed, below the world's folder, each with its reason.
func (w *world) failed() map[string]string {
	w.t.Helper()
	r, err := ledger.OpenRead(w.t.Context(), pipeline.LedgerPath(w.cfg))
	if err != nil {
		w.t.Fatal(err)
	}
	defer r.Close()
	failed := map[string]string{}
	err = r.Failed(w.t.Context(), func(f ledger.FailedFile) error {
		rel, err := filepath.Rel(w.dir, f.Path)
		failed[rel] = f.Reason
		return err
	})
	if err != nil {
		w.t.Fatal(err)
	}
	return failed
}

func (w *world) wantFailed(want map[string]string) {
	w.t.Helper()
	if diff := cmp.Diff(want, w.failed()); diff != "" {
		w.t.Errorf("what the ledger knows to have failed (-want +got):\n%s", diff)
	}
}

// cannotRead hands a run what the system will not show: a file, a folder, and a file that is good until its header is read.
func (w *world) cannotRead(good ...string) {
	when := time.Date(2024, 5, 18, 12, 0, 0, 0, time.UTC)
	w.cfg.Source = func(_ context.Context, visit func(watcher.File) error) error {
		files := []watcher.File{
			{Root: w.dir, Path: filepath.Join(w.dir, "Pier/closed.jpg"), Skip: watcher.SkipUnreadable, Err: fs.ErrPermission},
			{Root: w.dir, Path: filepath.Join(w.dir, "secret"), Folder: true, Skip: watcher.SkipUnreadable, Err: fs.ErrPermission},
			{Root: w.dir, Path: filepath.Join(w.dir, "Pier/a.jpg/late.jpg"), Size: 1000, ModTime: when},
		}
		for _, name := range good {
			f, err := watcher.Stat(w.dir, filepath.Join(w.dir, name))
			if err != nil {
				return err
			}
			files = append(files, f)
		}
		for _, f := range files {
			if err := visit(f); err != nil {
				return err
			}
		}
		return nil
	}
}

func TestWhatCannotBeReadIsKnownUntilItCan(t *testing.T) {
	w := newWorld(t)
	w.photo("Pier/a.jpg", 1)
	w.cannotRead("Pier/a.jpg")
	wantEnds(t, w.run(), map[pipeline.End]int{pipeline.Uploaded: 1, pipeline.Failed: 3})
	unread := map[string]string{"Pier/closed.jpg": "permission denied", "secret": "permission denied", "Pier/a.jpg/late.jpg": "not a directory"}
	w.wantFailed(unread)
	if rep := w.retry(true); rep.Found != 0 || len(rep.Warnings) != 1 {
		t.Errorf("a retry found %d files, with warnings %q; want none, and a warning", rep.Found, rep.Warnings)
	}
	wantEnds(t, w.run(), map[pipeline.End]int{pipeline.AlreadyThere: 1, pipeline.Failed: 3}) // as before
	w.wantFailed(unread)

	w.cfg.Source = nil
	w.photo("Pier/closed.jpg", 2) // may be read now; of the others nothing is left
	if p := w.plan(); p.Ends[pipeline.Uploaded] != 1 || p.Ends[pipeline.AlreadyThere] != 1 {
		t.Errorf("the plan is %v, want one to upload and one already there", p.Ends)
	}
	wantEnds(t, w.run(), map[pipeline.End]int{pipeline.AlreadyThere: 1, pipeline.Uploaded: 1})
	w.wantFailed(map[string]string{})
	w.wantAlbums(map[string][]string{"Pier": {"a.jpg", "closed.jpg"}})
	if rep := w.retry(true); rep.Found != 0 || len(rep.Warnings) != 0 {
		t.Errorf("a retry found %d files, with warnings %q; want neither", rep.Found, rep.Warnings)
	}
}

// Another folder's import says nothing about it.
func TestWhatCouldNotBeReadElsewhereStaysKnown(t *testing.T) {
	w := newWorld(t)
	w.photo("Pier/a.jpg", 1)
	w.cannotRead()
	w.run()
	w.cfg.Source, w.cfg.Paths = nil, []string{filepath.Join(w.dir, "Pier")}
	w.run()
	w.wantFailed(map[string]string{"secret": "permission denied"})
}

// What the service has of a file is true also on a day on which the disk will not show it.
func TestADeliveredFileThatCannotBeReadStaysDelivered(t *testing.T) {
	w := newWorld(t)
	w.photo("Pier/a.jpg", 1)
	w.photo("Pier/closed.jpg", 2)
	w.run()
	w.cannotRead("Pier/a.jpg")
	wantEnds(t, w.run(), map[pipeline.End]int{pipeline.AlreadyThere: 1, pipeline.Failed: 3})
	w.cfg.Source = nil
	before := w.service.Calls()
	wantEnds(t, w.run(), map[pipeline.End]int{pipeline.AlreadyThere: 2})
	wantCalls(t, w.calls(before), map[string]int{})
	w.wantFailed(map[string]string{})
}
