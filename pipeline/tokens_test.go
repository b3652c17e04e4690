package pipeline_test

import (
	"net/http"
	"sync/atomic"
	"testing"
	"time"

	"github.com/albumwright/albumwright/internal/ledger"
	"github.com/albumwright/albumwright/pipeline"
)

// Bytes whose token is not in the ledger are sent again by the run that follows a death. So when an upload begins, all tokens but those of the other lanes
// are there.
func TestALaneIsFreeAgainOnlyWhenItsTokenIsInTheLedger(t *testing.T) {
	w := newWorld(t)
	w.series("Pier", "p", 40, 0)
	w.cfg.Transfers = 2
	var begun atomic.Int64
	w.through(func(next http.RoundTripper, req *http.Request) (*http.Response, error) {
		if req.Header.Get("X-Goog-Upload-Protocol") == "raw" {
			begun := int(begun.Add(1))
			if kept := w.recorded(); begun-kept > w.cfg.Transfers {
				t.Errorf("upload %d begins, and the ledger has %d tokens; want all but %d", begun, kept, w.cfg.Transfers)
			}
		}
		return next.RoundTrip(req)
	})
	w.run()
	if begun.Load() != 40 {
		t.Errorf("%d uploads began, want 40", begun.Load())
	}
}

// recorded counts the items that have one, used or not.
func (w *world) recorded() int {
	w.t.Helper()
	r, err := ledger.OpenRead(w.t.Context(), pipeline.LedgerPath(w.cfg))
	if err != nil {
		w.t.Error(err)
		return 0
	}
	s, err := r.Status(w.t.Context(), time.Time{}, 1)
	if err != nil {
		w.t.Error(err)
	}
	if err := r.Close(); err != nil {
		w.t.Error(err)
	}
	return s.States[ledger.Sent] + s.States[ledger.Creating] + s.States[ledger.Created]
}
