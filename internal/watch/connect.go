package watch

import (
	"context"
	"fmt"
)

// connect makes the account's connection to the service, unless there is one with the present settings.
func (a *account) connect(ctx context.Context, job Job) error {
	a.watch.mu.Lock()
	stale := a.stale
	a.stale = false
	a.watch.mu.Unlock()
	if stale {
		a.disconnect()
	}
	if a.service != nil {
		return nil
	}
	s, err := a.watch.cfg.Connect(ctx, job, a.waits)
	if err != nil {
		return fmt.Errorf("account %s: %w", job.Run.Account, err)
	}
	a.service = &s
	return nil
}

// disconnect ends it.
func (a *account) disconnect() {
	if a.service != nil && a.service.Close != nil {
		_ = a.service.Close() // what it holds is given back when the process ends, at the latest
	}
	a.service = nil
}
