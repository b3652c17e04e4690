package clock

import (
	"context"
	"sync"
	"time"
)

// Still is a clock for rehearsals: it stands while work is done, and goes on only by what is waited for. Whoever sleeps moves it ahead and goes on at once;
// several who sleep at once share the time. Make it with [NewStill].
type Still struct {
	mu    sync.Mutex
	now   time.Time // guarded by mu
	since time.Time // guarded by mu; the system's time from which on it goes by itself; zero: it stands
}

// NewStill makes a clock that shows a time, in its zone.
func NewStill(at time.Time) *Still { return &Still{now: at.Round(0)} }

// Now is the time that it shows.
func (s *Still) Now() time.Time {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.since.IsZero() {
		return s.now
	}
	return s.now.Add(time.Since(s.since))
}

// Sleep moves the clock ahead by d.
func (s *Still) Sleep(ctx context.Context, d time.Duration) error {
	if ctx.Err() != nil {
		return context.Cause(ctx)
	}
	s.JumpTo(s.Now().Add(d))
	return nil
}

// JumpTo moves the clock to a time, if that is ahead. It goes on showing the zone that it was made with.
func (s *Still) JumpTo(t time.Time) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if t.After(s.now) {
		s.now = t.Round(0).In(s.now.Location())
	}
}

// Release lets the clock go on by itself from now on.
func (s *Still) Release() {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.since.IsZero() {
		s.since = time.Now()
	}
}
