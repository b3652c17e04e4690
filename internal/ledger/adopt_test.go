package ledger_test

import (
	"fmt"
	"path/filepath"
	"testing"
	"time"

	"github.com/albumwright/albumwright/internal/ledger"
)

// A run takes up what earlier ones left group by group. If a group cost as much as all that is left, 100,000 files would take minutes.
func TestTakingItemsUpDoesNotCostMoreTheMoreThereAre(t *testing.T) {
	few, many := adopting(t, 200), adopting(t, 20_000)
	if many > 20*few {
		t.Errorf("of 20,000 items one is taken up in %v, of 200 in %v: it went through all of them", many, few)
	}
}

// adopting is the least time that it takes to take up an item of so many.
func adopting(t *testing.T, items int) time.Duration {
	l, err := ledger.OpenCopy(t.Context(), filepath.Join(t.TempDir(), "none.db")) // in memory: no disk to wait for
	must(t, err)
	defer l.Close()
	run, err := l.BeginRun(t.Context(), "earlier")
	must(t, err)
	seen := make([]ledger.Sighting, items)
	for i := range seen {
		seen[i] = file
		seen[i].Name = fmt.Sprint(i)
	}
	must(t, l.Record(t.Context(), run, seen))
	least := time.Hour
	for i := range 20 {
		next, err := l.BeginRun(t.Context(), "next")
		must(t, err)
		began := time.Now()
		must(t, l.Adopt(t.Context(), next, []ledger.ItemID{ledger.ItemID(i + 1)}))
		least = min(least, time.Since(began))
	}
	return least
}
