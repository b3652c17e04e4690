// Package clock lets waiting be something else than waiting.
//
// What waits for quotas, retries and resets does so through a [Clock]. [Real] is the system's. A [Jumping] clock never lets anybody wait: whoever
// sleeps moves it ahead, so that a rehearsal of three days takes as long as its work.
package clock

import (
	"context"
	"sync"
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

// Jumping goes on by itself like the system's clock, and jumps ahead when somebody sleeps. Several who sleep at once share the jump, as they would share
// the time.
type Jumping struct {
	mu    sync.Mutex
	ahead time.Duration // guarded by mu; of the system's clock
}

// Now is the system's time and all the time that was slept away.
func (j *Jumping) Now() time.Time {
	j.mu.Lock()
	defer j.mu.Unlock()
	return j.now()
}

func (j *Jumping) now() time.Time { return time.Now().Add(j.ahead) }

// Sleep jumps ahead by d.
func (j *Jumping) Sleep(ctx context.Context, d time.Duration) error {
	if ctx.Err() != nil {
		return context.Cause(ctx)
	}
	j.JumpTo(j.Now().Add(d))
	return nil
}

// JumpTo moves the clock to a time, if that is ahead.
func (j *Jumping) JumpTo(t time.Time) {
	j.mu.Lock()
	defer j.mu.Unlock()
	if d := t.Sub(j.now()); d > 0 {
		j.ahead += d
	}
}
