package dashboard

import (
	"encoding/json"
	"net/http"
	"time"
)

// health is the answer of /healthz.
type health struct {
	Status  string    `json:"status"` // "ok" or "stalled"
	State   string    `json:"state"`
	Trouble []string  `json:"trouble"` // kinds
	Reason  string    `json:"reason,omitempty"`
	LastRun time.Time `json:"last_run,omitzero"`
}

// health answers 200 as long as the watch works or knows what it waits for, and 503 when it has stalled. It names no folder and no account: monitors ask
// it without the secret.
func (p *Page) health(w http.ResponseWriter, _ *http.Request) {
	s := p.cfg.Control.Snapshot()
	h, status := health{Status: "ok", State: string(s.State), Trouble: []string{}, LastRun: s.LastRun}, http.StatusOK
	for _, t := range s.Trouble {
		h.Trouble = append(h.Trouble, t.Kind)
		if t.Kind == "stalled" {
			h.Status, h.Reason, status = "stalled", "the work has stood still since "+t.Since.UTC().Format(time.RFC3339), http.StatusServiceUnavailable
		}
	}
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	_ = json.NewEncoder(w).Encode(h)
}
