// Package retry decides whether and when a call to the service is made again, and makes it again: one pure policy, one loop.
//
// [Policy.Next] is the decision: a function of the kind of error, how often the call was tried, and what the service asked for. [Do] is the
// loop around it. What is retried must be safe to repeat: an upload whose source is opened again from the start, a batchCreate with the same
// tokens, a read. Delays have full jitter above the floor that the service asks of its clients (best practices: at least 1 s after a 5xx, at least
// 30 s after a 429).
package retry

import (
	"context"
	"errors"
	"math/rand/v2"
	"sync"
	"time"

	"github.com/albumwright/albumwright/internal/clock"
)

// Kind is what the policy needs to know about an error.
type Kind int

// The kinds. Everything that is not worth a repetition is Final.
const (
	Final       Kind = iota
	Transient        // passes by itself: broken connections, 5xx, 408, 409
	RateLimited      // passes within a minute or so: 429 for a minute's quota
	Stale            // passes with a new access token: 401
)

// Failure is an error as the policy sees it.
type Failure struct {
	Kind  Kind
	After time.Duration // what the service asked to wait; 0 if it did not say
}

// Policy bounds the tries. The zero value is the default.
type Policy struct {
	Tries int // in all, for Transient and RateLimited each; 0 = 7: about two minutes of a service that is down
}

const (
	defaultTries = 7

	transientFloor = time.Second
	transientCap   = time.Minute
	limitedFloor   = 30 * time.Second
	limitedCap     = 4 * time.Minute
)

// Counts says how often a call has failed, by kind.
type Counts [Stale + 1]int

// Next says how long to wait before the call is made again, or that it is not. Failed counts the failures of the call so far, the present one
// included. Jitter is a number from 0 to 1 that spreads clients who fail at the same moment.
func (p Policy) Next(f Failure, failed Counts, jitter float64) (delay time.Duration, again bool) {
	tries := p.Tries
	if tries == 0 {
		tries = defaultTries
	}
	switch f.Kind {
	case Transient:
		delay = spread(transientFloor, transientCap, failed[Transient], jitter)
	case RateLimited:
		delay = spread(limitedFloor, limitedCap, failed[RateLimited], jitter)
	case Stale:
		return 0, failed[Stale] == 1 // once: a second 401 in a row is not about age
	default:
		return 0, false
	}
	return max(delay, f.After), failed[f.Kind] < tries
}

// spread grows from the floor with each failure, up to the cap; the part above the floor is drawn.
func spread(floor, ceiling time.Duration, failed int, jitter float64) time.Duration {
	top := ceiling
	if failed < 16 {
		top = min(ceiling, floor<<failed)
	}
	return floor + time.Duration(jitter*float64(top-floor))
}

// Call is one call that may be repeated.
type Call struct {
	Policy Policy
	// Gate is shared by all calls that a quota hits together: when one of them is rate-limited, all wait. It may be nil.
	Gate *Gate
	// Judge sorts an error, where some are to be taken otherwise than by [Judge]; nil is that.
	Judge func(error) Failure
	// Wait is told how long the call will wait, and why, before it does. It may be nil.
	Wait func(err error, until time.Time)
	// Further tells whether the call, although it failed, got further than all tries before it; what failed until then does not count any more. It may be
	// nil: then no call that fails gets anywhere.
	Further func() bool
	// Clock is what waiting goes by; nil is the system's.
	Clock clock.Clock
}

// Do makes a call until it succeeds or the policy gives up, and returns its last error. If ctx ends first, the error is both the end's cause and the
// call's last error.
func (c Call) Do(ctx context.Context, call func(context.Context) error) error {
	var failed Counts
	now, judge := clock.Or(c.Clock), c.Judge
	if judge == nil {
		judge = Judge
	}
	for {
		if err := c.Gate.pass(ctx, now); err != nil {
			return err
		}
		err := call(ctx)
		if err == nil || ctx.Err() != nil {
			return err
		}
		if c.Further != nil && c.Further() {
			failed = Counts{}
		}
		f := judge(err)
		failed[f.Kind]++
		delay, again := c.Policy.Next(f, failed, rand.Float64())
		if !again {
			return err
		}
		if f.Kind == RateLimited {
			c.Gate.close(now.Now().Add(delay))
		}
		if c.Wait != nil && delay > 0 {
			c.Wait(err, now.Now().Add(delay))
		}
		if ended := now.Sleep(ctx, delay); ended != nil {
			return errors.Join(ended, err)
		}
	}
}

// Gate keeps all calls of one kind waiting after one of them was told to slow down. The zero value is open; it is safe for concurrent use, and a
// nil Gate is always open.
type Gate struct {
	mu    sync.Mutex
	until time.Time // guarded by mu
}

// close keeps the gate shut until a time; a later time goes before an earlier one.
func (g *Gate) close(until time.Time) {
	if g == nil {
		return
	}
	g.mu.Lock()
	defer g.mu.Unlock()
	if until.After(g.until) {
		g.until = until
	}
}

// pass waits until the gate is open. It may be shut again meanwhile.
func (g *Gate) pass(ctx context.Context, now clock.Clock) error {
	for g != nil {
		g.mu.Lock()
		left := g.until.Sub(now.Now())
		g.mu.Unlock()
		if left <= 0 {
			break
		}
		if err := now.Sleep(ctx, left); err != nil {
			return err
		}
	}
	return nil
}
