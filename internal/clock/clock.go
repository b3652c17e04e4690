// Package clock lets waiting be something else than waiting.
//
// What waits for quotas, retries and resets does so through a [Clock]. [Real] is the system's. A [Still] one never lets anybody wait: whoever
// sleeps moves it ahead, so that a rehearsal of three days takes as long as its work.
package clock

import (
	"context"
	"time"
)

// Clock tells the time and waits. It is safe for concurrent use.
type Clock interface {
	Now() time.Time
	// Sleep waits for d, or until ctx ends, whose cause it then returns.
	Sleep(ctx context.Context, d time.Duration) error
}

// Or is c, or the system's clock if there is none.
func Or(c Clock) Clock {
	if c == nil {
		return Real{}
	}
	return c
}

// Real is the system's clock.
type Real struct{}

// Now is the present time.
func (Real) Now() time.Time { return time.Now() }

// Sleep waits.
func (Real) Sleep(ctx context.Context, d time.Duration) error {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return nil
	case <-ctx.Done():
		return context.Cause(ctx)
	}
}
