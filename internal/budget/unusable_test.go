package budget_test

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/albumwright/albumwright/internal/budget"
)

func TestABudgetThatCannotBeUsedSaysWhatToDo(t *testing.T) {
	for name, tc := range map[string]struct {
		spoil func(*world) error
		want  string
	}{
		"garbage": {func(w *world) error {
			return os.WriteFile(w.cfg.Path, []byte(strings.Repeat("not a database ", 1000)), 0o600)
		}, "delete the file"},
		"cut off": {func(w *world) error { return os.Truncate(w.cfg.Path, 5000) }, "delete the file"},
		"scribbled over": {func(w *world) error {
			f, err := os.OpenFile(w.cfg.Path, os.O_RDWR, 0)
			if err != nil {
				return err
			}
			_, err = f.WriteAt([]byte(strings.Repeat("\xff", 12_000)), 4096)
			return errors.Join(err, f.Close())
		}, "delete the file"},
		"of a newer version": {func(w *world) error { w.sql("PRAGMA user_version = 99"); return nil }, "newer version"},
		"a folder":           {func(w *world) error { return errors.Join(os.Remove(w.cfg.Path), os.Mkdir(w.cfg.Path, 0o700)) }, "budget.db"},
		"no row of a clock":  {func(w *world) error { w.sql("DELETE FROM clock"); return nil }, "cannot be used"},
	} {
		t.Run(name, func(t *testing.T) {
			w := newWorld(t, 10)
			j := w.begin()
			w.take(j, 1)
			w.close(j)
			if err := tc.spoil(w); err != nil {
				t.Fatal(err)
			}
			_, err := budget.Begin(t.Context(), w.cfg)
			if !errors.Is(err, budget.ErrUnusable) || !strings.Contains(err.Error(), tc.want) || !strings.Contains(err.Error(), w.cfg.Path) {
				t.Errorf("error %v, want an ErrUnusable that names the file and says %q", err, tc.want)
			}
			if _, err := budget.Read(t.Context(), w.cfg); !errors.Is(err, budget.ErrUnusable) {
				t.Errorf("reading it: %v, want an ErrUnusable", err)
			}
			if tc.want != "delete the file" {
				return
			}
			if err := os.Remove(w.cfg.Path); err != nil {
				t.Fatal(err)
			}
			w.take(w.job(), 1)
		})
	}
}

func TestAFolderThatCannotBeMadeIsAnUnusableBudget(t *testing.T) {
	w := newWorld(t, 10)
	file := filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(file, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	w.cfg.Path = filepath.Join(file, "budget.db")
	if _, err := budget.Begin(t.Context(), w.cfg); !errors.Is(err, budget.ErrUnusable) {
		t.Errorf("error %v, want an ErrUnusable", err)
	}
}

func TestAnEmptyFileIsANewBudget(t *testing.T) {
	w := newWorld(t, 10)
	if err := os.WriteFile(w.cfg.Path, nil, 0o644); err != nil {
		t.Fatal(err)
	}
	if s, err := budget.Read(t.Context(), w.cfg); err != nil || s.Used != 0 {
		t.Errorf("read as %+v (%v), want an untouched day", s, err)
	}
	w.take(w.job(), 1)
}
