package budget_test

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/albumwright/albumwright/internal/budget"
)

func TestACopyOfABudgetCountsOnByItself(t *testing.T) {
	w := newWorld(t, 100)
	j := w.job() // is under way while the copy is made, and holds what the copy does not
	w.take(j, 30)
	w.reserve(j, 40)
	copied := w.cfg
	copied.Path = filepath.Join(t.TempDir(), "new", "budget.db")
	if err := budget.Copy(t.Context(), w.cfg.Path, copied.Path); err != nil {
		t.Fatal(err)
	}
	other, err := budget.Begin(t.Context(), copied)
	if err != nil {
		t.Fatal(err)
	}
	defer w.close(other)
	w.take(other, 5)
	w.reserve(other, 45)
	for path, want := range map[string]int{w.cfg.Path: 30, copied.Path: 35} {
		cfg := w.cfg
		cfg.Path = path
		if s, err := budget.Read(t.Context(), cfg); err != nil || s.Used != want {
			t.Errorf("%s: %d requests are used (%v), want %d", path, s.Used, err, want)
		}
	}
}

func TestACopyOfNoBudgetIsNone(t *testing.T) {
	dir := t.TempDir()
	to := filepath.Join(dir, "copy", "budget.db")
	if err := budget.Copy(t.Context(), filepath.Join(dir, "none.db"), to); err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat(to); !os.IsNotExist(err) {
		t.Errorf("there is a copy of nothing: %v", err)
	}
}
