// Package ratelimit keeps a client of the Google Photos Library API within the service's limits and the user's.
//
// A [Limiter] belongs to one account; [Limiter.Transport] puts it under an HTTP client, below any retry, so that every attempt pays.
// It keeps writes (the JSON calls that change something) strictly one at a time, as the service demands for each user, and spreads
// them over the minute, so that a 429 does not come up in the first place. Beyond that it holds to what the user asks: so many requests of any
// kind in a second, so many bytes of uploads in a second at this time of day.
//
// [Lanes] bounds the number of uploads at a time, and moves that bound to where the link is full.
//
// Who waits is told why and for how long through Config.Observe. Nothing here retries.
package ratelimit

import (
	"context"
	"fmt"
	"math"
	"sync"
	"time"

	"golang.org/x/time/rate"
)

// DefaultWritesPerMinute is the quota observed for writes of one user (WritesPerMinutePerUser).
const DefaultWritesPerMinute = 30

// Config sets the limits of one account.
type Config struct {
	// WritesPerMinute bounds the writes in any 60 seconds; 0 leaves them unpaced (still one at a time).
	WritesPerMinute int
	// RequestsPerSecond bounds the requests of any kind, uploads included; 0 leaves them unpaced.
	RequestsPerSecond float64
	// RequestsAtOnce is how many requests may come together after a pause, where RequestsPerSecond is set; 0 = 1.
	RequestsAtOnce int
	// UploadBytes bounds the bytes of all uploads together, by the clock; the zero Timetable does not.
	UploadBytes Timetable
	// Observe is told when a request begins to wait, and when none waits any more (Until is zero); never two calls at a time. Bytes that are
	// held back are not told: with a limit on them, that is the normal state. It may be nil.
	Observe func(Wait)
	// Clock is the time by which all this goes; nil is this machine's.
	Clock Clock
}

// valid refuses what cannot be, with the field named.
func (c Config) valid() error {
	switch tps := c.RequestsPerSecond; {
	case c.WritesPerMinute < 0:
		return fmt.Errorf("ratelimit: WritesPerMinute is %d, but must be 0 (unpaced) or more", c.WritesPerMinute)
	case math.IsNaN(tps) || math.IsInf(tps, 0) || tps < 0:
		return fmt.Errorf("ratelimit: RequestsPerSecond is %v, but must be 0 (unpaced) or more", tps)
	case c.RequestsAtOnce < 0:
		return fmt.Errorf("ratelimit: RequestsAtOnce is %d, but must be 1 or more", c.RequestsAtOnce)
	}
	return nil
}

// Wait says what is being waited for.
type Wait struct {
	For   string    // "at most 30 writes a minute"
	Until time.Time // when it goes on; zero when the wait is over
}

// Limiter is the state shared by all calls of one account. It is safe for concurrent use.
type Limiter struct {
	clock    Clock
	writes   pace
	requests pace
	bytes    *bandwidth
	waits    waits
	write    chan struct{} // holds one value while a write is under way
}

// New makes the limiter of one account, or says which limit cannot be.
func New(cfg Config) (*Limiter, error) {
	if err := cfg.valid(); err != nil {
		return nil, err
	}
	if cfg.Observe == nil {
		cfg.Observe = func(Wait) {}
	}
	if cfg.Clock == nil {
		cfg.Clock = machineClock{}
	}
	return &Limiter{
		clock:    cfg.Clock,
		writes:   writePace(cfg.WritesPerMinute),
		requests: requestPace(cfg.RequestsPerSecond, cfg.RequestsAtOnce),
		bytes:    newBandwidth(cfg.UploadBytes, cfg.Clock),
		waits:    waits{observe: cfg.Observe},
		write:    make(chan struct{}, 1),
	}, nil
}

// pace is a bucket, and what it is called to those who wait at it.
type pace struct {
	bucket *rate.Limiter
	why    string
}

// writePace lets a sixth of the minute's writes through at once, so that a small job starts without waiting, and spreads the rest. A bucket lets
// through burst + rate·60s in a minute at the most; that sum is what the quota allows.
func writePace(perMinute int) pace {
	if perMinute == 0 {
		return pace{bucket: rate.NewLimiter(rate.Inf, 0)}
	}
	burst := max(1, perMinute/6)
	spread := max(float64(perMinute-burst), 0.9)
	return pace{rate.NewLimiter(rate.Limit(spread/60), burst), fmt.Sprintf("at most %d writes a minute", perMinute)}
}

func requestPace(perSecond float64, atOnce int) pace {
	if perSecond == 0 {
		return pace{bucket: rate.NewLimiter(rate.Inf, 0)}
	}
	return pace{rate.NewLimiter(rate.Limit(perSecond), max(1, atOnce)), fmt.Sprintf("at most %v requests a second", perSecond)}
}

// wait returns when the pace allows one more. If ctx ends first, nothing was taken.
func (l *Limiter) wait(ctx context.Context, p pace) error {
	if ctx.Err() != nil {
		return context.Cause(ctx)
	}
	now := l.clock.Now()
	slot := p.bucket.ReserveN(now, 1)
	delay := slot.DelayFrom(now)
	if delay == 0 {
		return nil
	}
	defer l.waits.begin(Wait{For: p.why, Until: now.Add(delay)})()
	if err := l.clock.Sleep(ctx, delay); err != nil {
		slot.CancelAt(l.clock.Now())
		return err
	}
	return nil
}

// waits tells the observer what is waited for, one call at a time.
type waits struct {
	observe func(Wait)
	mu      sync.Mutex // held while observe is called
	n       int        // guarded by mu
}

// begin tells of a wait; the returned func ends it.
func (w *waits) begin(wait Wait) (end func()) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.n++
	w.observe(wait)
	return func() {
		w.mu.Lock()
		defer w.mu.Unlock()
		if w.n--; w.n == 0 {
			w.observe(Wait{})
		}
	}
}
