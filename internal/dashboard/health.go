package dashboard

import (
	"context"
	"encoding/json"
	"net/http"
	"time"

	"github.com/albumwright/albumwright/internal/watch"
)

// answerTime is how long a watch may take to say what it is doing: it only has to look.
const answerTime = 5 * time.Second

// health is the answer of /healthz.
type health struct {
	Status  string    `json:"status"` // "ok" or "stalled"
	State   string    `json:"state"`
	Trouble []string  `json:"trouble"` // kinds
	Reason  string    `json:"reason,omitempty"`
	LastRun time.Time `json:"last_run,omitzero"`
}

// health answers 200 as long as the watch works or knows what it waits for, and 503 when it has stalled or does not answer. It names no folder and no
// account: monitors ask it without the secret.
func (p *Page) health(w http.ResponseWriter, r *http.Request) {
	h := health{Status: "stalled", Trouble: []string{}, Reason: "the watch does not say what it is doing"}
	if s, ok := p.ask(r.Context()); ok {
		h = healthOf(s)
	}
	w.Header().Set("Content-Type", "application/json")
	if h.Status != "ok" {
		w.WriteHeader(http.StatusServiceUnavailable)
	}
	_ = json.NewEncoder(w).Encode(h)
}

func healthOf(s watch.Snapshot) health {
	h := health{Status: "ok", State: string(s.State), Trouble: []string{}, LastRun: s.LastRun}
	for _, t := range s.Trouble {
		h.Trouble = append(h.Trouble, t.Kind)
		if t.Kind == "stalled" {
			h.Status, h.Reason = "stalled", "the work has stood still since "+t.Since.UTC().Format(time.RFC3339)
		}
	}
	return h
}

// ask asks the watch, one at a time, and gives up on one that is stuck.
func (p *Page) ask(ctx context.Context) (watch.Snapshot, bool) {
	ctx, stop := context.WithTimeout(ctx, answerTime)
	defer stop()
	select {
	case p.asking <- struct{}{}:
	case <-ctx.Done():
		return watch.Snapshot{}, false
	}
	answer := make(chan watch.Snapshot, 1)
	go func() {
		answer <- p.cfg.Control.Snapshot()
		<-p.asking
	}()
	select {
	case s := <-answer:
		return s, true
	case <-ctx.Done():
		return watch.Snapshot{}, false
	}
}
