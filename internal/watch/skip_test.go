package watch_test

import (
	"fmt"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/albumwright/albumwright/internal/ledger"
	"github.com/albumwright/albumwright/internal/report"
	"github.com/albumwright/albumwright/internal/watch"
	"github.com/albumwright/albumwright/pipeline"
)

// More files than may wait are left out while nothing can be recorded; when it can be, the watch goes on.
func TestLeavingOutMoreFilesThanMayWaitGoesOnWhenTheLedgerIsFree(t *testing.T) {
	inBubble(t, func(t *testing.T, w *world) {
		const many = 20_010 // 20,000 may wait
		w.job.Initial = watch.Skip
		w.photo("Pier/0.jpg")
		for i := range many - 1 {
			if err := os.Link(filepath.Join(w.dir, "Pier/0.jpg"), filepath.Join(w.dir, fmt.Sprintf("Pier/%d.jpg", i+1))); err != nil {
				t.Fatal(err)
			}
		}
		pass(time.Hour)
		other, err := ledger.Open(t.Context(), pipeline.LedgerPath(w.job.Run)) // as an import has it
		if err != nil {
			t.Fatal(err)
		}
		w.begin()
		pass(10 * time.Minute)
		if err := other.Close(); err != nil {
			t.Fatal(err)
		}
		pass(10 * time.Minute)
		w.photo("Pier/new.jpg")
		pass(10 * time.Minute)
		if s := w.wantSums(); s.Ends[report.Skipped] != many || s.Ends[report.Uploaded] != 1 || s.State != watch.Idle {
			t.Errorf("it is %s, with ends %v", s.State, s.Ends)
		}
	})
}
