package watch_test

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"github.com/albumwright/albumwright/emulator"
	"github.com/albumwright/albumwright/internal/report"
	"github.com/albumwright/albumwright/internal/watch"
)

// beginReal starts a watch of the world's folder with the real watcher, in real time, until the test ends.
func (w *world) beginReal(settle time.Duration) {
	w.t.Helper()
	w.job.Settle, w.job.BatchTimeout = settle, 50*time.Millisecond
	intake, drain := context.WithCancel(context.Background())
	cfg := w.config(intake)
	cfg.Open = watch.Open
	var err error
	if w.watch, err = watch.New(cfg); err != nil {
		w.t.Fatal(err)
	}
	ctx, end := context.WithCancelCause(context.Background())
	w.drain, w.end, w.done = drain, end, make(chan error, 1)
	go func() { w.done <- w.watch.Run(ctx) }()
	w.t.Cleanup(w.kill)
}

// until waits for a snapshot that is as wanted; each time that there is news one looks.
func (w *world) until(what string, wanted func(watch.Snapshot) bool) {
	w.t.Helper()
	limit := time.NewTimer(3 * time.Minute)
	defer limit.Stop()
	for {
		changed := w.watch.Changed()
		s := w.watch.Snapshot()
		if wanted(s) {
			return
		}
		select {
		case <-changed:
		case <-limit.C:
			w.t.Fatalf("%s has not come about: it is %s in %+v, ends %v, %d open, folders %+v", what, s.State, s.Trouble, s.Ends, s.Open, s.Folders)
		}
	}
}

// allDone tells whether so many files were uploaded and nothing is under way.
func allDone(uploaded int) func(watch.Snapshot) bool {
	return func(s watch.Snapshot) bool {
		return s.Ends[report.Uploaded] == uploaded && s.State == watch.Idle && s.Open == 0
	}
}

func (w *world) rename(from, to string) {
	w.t.Helper()
	to = filepath.Join(w.dir, to)
	if err := errors.Join(os.MkdirAll(filepath.Dir(to), 0o755), os.Rename(filepath.Join(w.dir, from), to)); err != nil {
		w.t.Fatal(err)
	}
}

// What the weeks tell with eyes of their own, told once with the real ones.
func TestTheRealWatcherAndTheWatchTogether(t *testing.T) {
	w := newWorldWith(t, emulator.Config{})
	w.photo("Pier/there before.jpg")
	w.beginReal(100 * time.Millisecond)
	w.until("the first look", allDone(1))

	for i := range 5 { // into a folder that is new, as fast as possible
		w.photo(fmt.Sprintf("Quay/%d.jpg", i))
	}
	w.photo("Quay/gone.jpg")
	if err := os.Remove(filepath.Join(w.dir, "Quay/gone.jpg")); err != nil {
		t.Fatal(err)
	}
	w.until("the new folder", allDone(6))
	w.wantAll()

	w.rename("Quay/3.jpg", "Pier/3.jpg") // known content: it gets into the other album, too, and is not sent again
	w.until("the file that moved", func(s watch.Snapshot) bool {
		return s.Ends[report.AlreadyThere]+s.Ends[report.Duplicate] > 0 && s.State == watch.Idle
	})
	if pier := w.albums()["Pier"]; len(pier) != 2 {
		t.Errorf("Pier has %v", pier)
	}

	for i := range 20 { // while they settle, their folder gets another name
		w.photo(fmt.Sprintf("New folder/%02d.jpg", i))
	}
	w.rename("New folder", "Harbour/Deep")
	w.until("the renamed folder", allDone(26))
	albums := w.albums()
	if deep := albums["Deep"]; len(deep) != 20 || !slices.IsSorted(deep) || albums["New folder"] != nil {
		t.Errorf("Deep has %v, and the folder's first name %v", deep, albums["New folder"])
	}

	away := w.dir + " away"
	if err := os.Rename(w.dir, away); err != nil {
		t.Fatal(err)
	}
	w.until("the root's end", func(s watch.Snapshot) bool { return len(s.Trouble) == 1 && s.Trouble[0].Kind == "offline" })
	if err := os.WriteFile(filepath.Join(away, "Pier", "meanwhile.jpg"), w.photoBody(), 0o644); err != nil {
		t.Fatal(err)
	}
	if err := os.Rename(away, w.dir); err != nil {
		t.Fatal(err)
	}
	w.until("the root's return", func(s watch.Snapshot) bool { return allDone(27)(s) && len(s.Trouble) == 0 })
	w.checkLibrary()
	w.wantCount(27)
	w.wantSums()
	if err := w.stop(); err != nil {
		t.Error(err)
	}
}

// Half a photo on a network share, whose writer has a pause that is longer than the settle time, is not sent.
func TestAPhotoWithoutItsEndIsWaitedFor(t *testing.T) {
	w := newWorldWith(t, emulator.Config{})
	const settle = time.Second
	w.beginReal(settle)
	all, began := w.photoBody(), time.Now()
	w.write("Pier/slow.jpg", all[:len(all)/2])
	w.photo("Quay/quick.jpg")
	w.until("the photo that came later", func(s watch.Snapshot) bool { return s.Ends[report.Uploaded] > 0 })
	if took := time.Since(began); took > 5*settle { // it is waited for six of them
		t.Skipf("this machine stood still: what takes %v took %v", settle, took)
	}
	w.wantCount(1)
	w.write("Pier/slow.jpg", all)
	w.until("the whole photo", allDone(2))
	w.wantAll()
	w.wantCount(2)
}
