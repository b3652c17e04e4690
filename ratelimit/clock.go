package ratelimit

import (
	"context"
	"time"
)

// Clock tells the time and waits. A rehearsal may bring one that jumps over its waits.
type Clock interface {
	// Now is the time, in the zone by which a [Timetable] goes.
	Now() time.Time
	// Sleep returns nil after d, or the ctx's cause as soon as it ends.
	Sleep(ctx context.Context, d time.Duration) error
}

// machineClock is the clock of this machine.
type machineClock struct{}

// Now is the local time.
func (machineClock) Now() time.Time { return time.Now() }

// Sleep waits, unless ctx ends first.
func (machineClock) Sleep(ctx context.Context, d time.Duration) error {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return nil
	case <-ctx.Done():
		return context.Cause(ctx)
	}
}
