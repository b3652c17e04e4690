package pipeline_test

import (
	"testing"
	"time"

	"github.com/albumwright/albumwright/pipeline"
	"github.com/albumwright/albumwright/ratelimit"
)

// A pace of one request in 100 s lets the eighth upload wait longer than anything else may: that is no upload that stands still.
func TestASlowPaceIsNoStall(t *testing.T) {
	inBubble(t, "one request in 100 seconds", func(t *testing.T) {
		w := newWorld(t)
		w.series("Pier", "p", 20, 0)
		limiter, err := ratelimit.New(ratelimit.Config{RequestsPerSecond: 0.01, RequestsAtOnce: 1})
		if err != nil {
			t.Fatal(err)
		}
		w.wire = limiter.Transport(w.service.Transport())
		w.cfg.Transfers, w.cfg.Patience = 8, 20*time.Minute
		rep := w.run()
		wantEnds(t, rep, map[pipeline.End]int{pipeline.Uploaded: 20})
		if rep.Requests.Uploads != 20 {
			t.Errorf("%d uploads were begun for 20 files", rep.Requests.Uploads)
		}
	})
}
