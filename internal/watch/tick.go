package watch

import (
	"context"
	"fmt"
	"time"
)

const (
	// stillFor is after which time without any event a run that does not wait for anything is said to be stalled.
	stillFor = 15 * time.Minute
	// asleep is how far the clock on the wall may get ahead of our own before the machine is taken to have slept.
	asleep = 30 * time.Second
	// budgetsEvery is how often one looks how the days stand.
	budgetsEvery = time.Minute
)

// tick does what has to be done now and then.
func (w *Watch) tick(ctx context.Context) error {
	ticker := time.NewTicker(rateEvery)
	defer ticker.Stop()
	before, counted := time.Now(), time.Time{}
	for {
		if w.cfg.Budgets != nil && time.Since(counted) >= budgetsEvery {
			budgets := w.cfg.Budgets(ctx)
			counted = time.Now()
			w.mu.Lock()
			w.figures.budgets = budgets
			w.mu.Unlock()
		}
		select {
		case <-ticker.C:
		case <-ctx.Done():
			return nil
		}
		now := time.Now()
		if slept := Slept(now.Sub(before), now.Round(0).Sub(before.Round(0))); slept > 0 {
			w.woke(slept)
		}
		before = now
		w.lock()
		w.figures.roll(now)
		w.stalls(now)
		w.unlock()
	}
}

// Slept is for how long the machine was suspended between two readings of its clocks: its own stood then, and the one on the wall went on.
func Slept(own, wall time.Duration) time.Duration {
	if d := wall - own; d > asleep {
		return d
	}
	return 0
}

// woke lets a watch go on that was suspended: what happened meanwhile nobody has told.
func (w *Watch) woke(slept time.Duration) {
	w.lock()
	w.note(WarningNote, "", fmt.Sprintf("the machine has slept for %s: all folders are looked at again", slept.Round(time.Second)))
	for _, a := range w.accounts {
		a.again()
	}
	w.unlock()
	w.Rescan()
}

// stalls notes whether a run is at work of which nothing is heard.
func (w *Watch) stalls(now time.Time) {
	g := &w.figures
	sending := false
	for _, a := range w.accounts {
		sending = sending || a.running != nil
	}
	still := sending && now.Sub(g.moved) > stillFor && now.After(g.waitTill)
	switch {
	case still && g.stalled.IsZero():
		g.stalled = g.moved
		w.note(TroubleNote, "", "stalled: nothing has moved since "+g.moved.Format(time.TimeOnly)+" although there is work")
	case !still && !g.stalled.IsZero():
		g.stalled = time.Time{}
		w.note(MendedNote, "", "going on: stalled is over")
	}
}
