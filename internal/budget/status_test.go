package budget_test

import (
	"io/fs"
	"os"
	"path/filepath"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/albumwright/albumwright/internal/budget"
)

// snapshot reads all files of the budget's folder.
func (w *world) snapshot() map[string]string {
	w.t.Helper()
	files := map[string]string{}
	err := filepath.WalkDir(filepath.Dir(w.cfg.Path), func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		b, err := os.ReadFile(path)
		files[filepath.Base(path)] = string(b)
		return err
	})
	if err != nil {
		w.t.Fatal(err)
	}
	return files
}

func TestBeforeTheFirstRunTheWholeDayIsLeft(t *testing.T) {
	w := newWorld(t, 10_000)
	s := w.status()
	if s.Used != 0 || s.Left != 9_950 || s.Today.Date != "2026-11-22" || len(s.Days) != 1 || !s.Reset.Equal(budget.NextReset(noon)) || s.BytesPerSecond() != 0 {
		t.Errorf("status %+v, want an untouched day", s)
	}
	if files := w.snapshot(); len(files) != 0 {
		t.Errorf("reading made %v", files)
	}
}

func TestReadingWritesNothingAndStandsInNobodysWay(t *testing.T) {
	w := newWorld(t, 100)
	j := w.begin()
	w.reserve(j, 12)
	w.take(j, 2)
	for range 3 { // while the job is under way
		if s := w.status(); s.Used != 2 || s.Held != 10 || s.Jobs != 1 || s.Left != 68 {
			t.Errorf("status %+v, want 2 used, 10 held, 68 left", s)
		}
		w.take(j, 0)
	}
	w.close(j)
	before := w.snapshot()
	w.now = budget.NextReset(w.now)
	s := w.status()
	if s.Used != 0 || s.Held != 0 || s.Left != 80 || len(s.Days) != 2 || s.Days[1].Used() != 2 || s.Days[1].Date != "2026-11-22" {
		t.Errorf("status %+v, want a new day, and yesterday in the history", s)
	}
	if diff := cmp.Diff(before, w.snapshot()); diff != "" {
		t.Errorf("reading changed files (-before +after):\n%s", diff)
	}
}

func TestAnEndedJobLeavesOnlyTheBudget(t *testing.T) {
	w := newWorld(t, 100)
	w.close(w.begin())
	files := w.snapshot()
	delete(files, "open.lock")
	delete(files, "budget.db")
	if len(files) != 0 {
		t.Errorf("left behind: %v", files)
	}
}
