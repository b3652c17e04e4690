// Package ratelimit keeps a client of the Google Photos Library API within the service's limits.
//
// A [Limiter] belongs to one account; [Limiter.Transport] puts it under an HTTP client, below any retry, so that every attempt pays.
// It keeps writes (the JSON calls that change something) strictly one at a time, as the service demands for each user, and spreads
// them over the minute, so that a 429 does not come up in the first place. Reads and the upload of bytes pass untouched.
//
// Who waits is told why and for how long through Config.Observe. Nothing here retries.
package ratelimit

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"strings"
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
	// Observe is told when a write begins to wait, and when it goes on (Until is zero). It may be nil.
	Observe func(Wait)
}

// Wait says what is being waited for.
type Wait struct {
	For   string    // "at most 30 writes a minute"
	Until time.Time // when it goes on; zero when the wait is over
}

// Limiter is the state shared by all calls of one account. It is safe for concurrent use.
type Limiter struct {
	cfg   Config
	pace  *rate.Limiter
	write chan struct{} // holds one value while a write is under way
}

// New makes the limiter of one account. A negative pace is an error.
func New(cfg Config) (*Limiter, error) {
	if cfg.WritesPerMinute < 0 {
		return nil, fmt.Errorf("ratelimit: WritesPerMinute is %d, but must be 0 (unpaced) or more", cfg.WritesPerMinute)
	}
	if cfg.Observe == nil {
		cfg.Observe = func(Wait) {}
	}
	return &Limiter{cfg: cfg, pace: pace(cfg.WritesPerMinute), write: make(chan struct{}, 1)}, nil
}

// pace lets a sixth of the minute's writes through at once, so that a small job starts without waiting, and spreads the rest. A bucket lets
// through burst + rate·60s in a minute at the most; that sum is what the quota allows.
func pace(perMinute int) *rate.Limiter {
	if perMinute == 0 {
		return rate.NewLimiter(rate.Inf, 0)
	}
	burst := max(1, perMinute/6)
	spread := max(float64(perMinute-burst), 0.9)
	return rate.NewLimiter(rate.Limit(spread/60), burst)
}

// Transport puts the limiter in front of base.
func (l *Limiter) Transport(base http.RoundTripper) http.RoundTripper {
	return &transport{limiter: l, base: base}
}

type transport struct {
	limiter *Limiter
	base    http.RoundTripper
}

// RoundTrip carries one request out when its turn has come. A write keeps its turn until its answer has been read or dropped.
func (t *transport) RoundTrip(req *http.Request) (*http.Response, error) {
	if !isWrite(req) {
		return t.base.RoundTrip(req)
	}
	if err := t.limiter.turn(req.Context()); err != nil {
		closeBody(req)
		return nil, err
	}
	resp, err := t.base.RoundTrip(req)
	if err != nil {
		<-t.limiter.write
		return nil, err
	}
	resp.Body = &turnBody{ReadCloser: resp.Body, end: sync.OnceFunc(func() { <-t.limiter.write })}
	return resp, nil
}

// turn waits until no other write is under way and the pace allows one more.
func (l *Limiter) turn(ctx context.Context) error {
	select {
	case l.write <- struct{}{}:
	case <-ctx.Done():
		return context.Cause(ctx)
	}
	err := context.Cause(ctx) // select picks at random when both are ready
	if err == nil {
		err = l.paced(ctx)
	}
	if err != nil {
		<-l.write
		return err
	}
	return nil
}

func (l *Limiter) paced(ctx context.Context) error {
	slot := l.pace.Reserve()
	delay := slot.Delay()
	if delay == 0 {
		return nil
	}
	l.cfg.Observe(Wait{For: fmt.Sprintf("at most %d writes a minute", l.cfg.WritesPerMinute), Until: time.Now().Add(delay)})
	defer l.cfg.Observe(Wait{})
	timer := time.NewTimer(delay)
	defer timer.Stop()
	select {
	case <-timer.C:
		return nil
	case <-ctx.Done():
		slot.Cancel()
		return context.Cause(ctx)
	}
}

// isWrite tells the calls that count as writes: everything that changes albums or media items. A search is a POST that reads, and the
// upload of bytes has a quota of its own.
func isWrite(req *http.Request) bool {
	switch req.Method {
	case "", http.MethodGet, http.MethodHead, http.MethodOptions: // "" is GET
		return false
	}
	return !strings.HasSuffix(req.URL.Path, "/v1/uploads") && !strings.HasSuffix(req.URL.Path, ":search")
}

// closeBody gives the request's body back, as every RoundTripper must.
func closeBody(req *http.Request) {
	if req.Body != nil {
		_ = req.Body.Close()
	}
}

// turnBody ends the write's turn when the answer's body is closed.
type turnBody struct {
	io.ReadCloser
	end func()
}

// Close ends the turn.
func (b *turnBody) Close() error {
	defer b.end()
	return b.ReadCloser.Close()
}
