package ratelimit

import (
	"container/list"
	"context"
	"fmt"
	"sync"
	"time"
)

const (
	// DefaultLanes is the largest number of uploads at a time.
	DefaultLanes = 32
	// firstLanes is the number to begin with: enough for a home uplink.
	firstLanes = 4

	// opening is the time between two lanes that open, so that a service that has enough can say so before all are there.
	opening = 100 * time.Millisecond
	// settling is the time that a link takes to show what a new number brings.
	settling = 500 * time.Millisecond
	// sampling is the least time over which throughput is measured.
	sampling = 2 * time.Second
	// buffered is about what a connection takes in before it has sent anything. A sample is so long that this does not look like throughput.
	buffered = 1 << 20
)

// LanesConfig sets the bounds of [Lanes]. The zero value is good.
type LanesConfig struct {
	Min   int // 0 = 1
	Max   int // 0 = [DefaultLanes]; the same as Min fixes the number
	Start int // 0 = 4, or what the bounds allow
	// Refused tells which error of an upload means that there were too many: the service said so, or the connection broke. Nil takes every
	// error for that.
	Refused func(error) bool
	// Held is for how long all uploads together have been held back by something else than the link, such as [Limiter.Held]. While that grows,
	// throughput says nothing about the number of lanes. Nil is never.
	Held func() time.Duration
}

// Lanes bounds the number of uploads at a time. The bound follows the link: it goes up while that brings more bytes, down to the fewest lanes
// that bring as much, and down at once when uploads are refused. It is judged only while all lanes are in use.
//
// Every upload goes through [Lanes.Enter] and gives its lane back at its end; [Lanes.Moved] is told of every byte. Waiting uploads enter in the order
// in which they came. Lanes has no goroutine of its own, and needs no end. It is safe for concurrent use.
type Lanes struct {
	cfg   LanesConfig
	began time.Time

	mu      sync.Mutex
	policy  *climber  // guarded by mu, as all below
	open    int       // lanes that may be in use; grows one by one towards the policy's number
	opened  time.Time // when the last one opened
	busy    int       // lanes in use
	waiting list.List // of chan struct{}: closed when its turn has come
	cuts    int       // refusals that were heeded; an upload that began before the last one is no news
	seen    window
}

// window is what has been seen since the number of lanes changed.
type window struct {
	began    time.Time
	settled  bool // only then it is a sample
	enough   int64
	bytes    int64
	laneTime time.Duration // that lanes were in use, together
	counted  time.Time     // up to when laneTime is
	held     time.Duration // what Held said when it began
}

// NewLanes makes Lanes, or says what is wrong with the LanesConfig.
func NewLanes(cfg LanesConfig) (*Lanes, error) {
	if err := cfg.valid(); err != nil {
		return nil, err
	}
	cfg = cfg.withDefaults()
	l := &Lanes{cfg: cfg, began: time.Now(), policy: newClimber(cfg.Min, cfg.Max, cfg.Start), open: cfg.Start}
	l.look(l.began, int64(cfg.Start)*buffered)
	return l, nil
}

func (c LanesConfig) valid() error {
	switch {
	case c.Min < 0 || c.Max < 0 || c.Start < 0:
		return fmt.Errorf("ratelimit: LanesConfig has Min %d, Max %d, Start %d, but none may be negative", c.Min, c.Max, c.Start)
	case c.Max != 0 && c.Min > c.Max, c.Max == 0 && c.Min > DefaultLanes:
		return fmt.Errorf("ratelimit: LanesConfig.Min is %d, more than Max", c.Min)
	}
	return nil
}

func (c LanesConfig) withDefaults() LanesConfig {
	if c.Min == 0 {
		c.Min = 1
	}
	if c.Max == 0 {
		c.Max = DefaultLanes
	}
	if c.Start == 0 {
		c.Start = firstLanes
	}
	c.Start = min(max(c.Start, c.Min), c.Max)
	if c.Refused == nil {
		c.Refused = func(err error) bool { return true }
	}
	if c.Held == nil {
		c.Held = func() time.Duration { return 0 }
	}
	return c
}

// Number is how many uploads there may be at a time, as of now.
func (l *Lanes) Number() int {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.policy.lanes
}

// Enter waits for a lane. The caller gives it back by leave, once, with how its upload ended. The error is the ctx's cause.
func (l *Lanes) Enter(ctx context.Context) (leave func(error), err error) {
	if ctx.Err() != nil {
		return nil, context.Cause(ctx)
	}
	turn := make(chan struct{})
	l.mu.Lock()
	place := l.waiting.PushBack(turn)
	l.step()
	l.mu.Unlock()
	select {
	case <-turn:
	case <-ctx.Done():
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	if ctx.Err() == nil {
		cuts := l.cuts
		return func(err error) { l.leave(err, cuts) }, nil
	}
	select {
	case <-turn: // both at once
		l.count(time.Now())
		l.busy--
		l.step()
	default:
		l.waiting.Remove(place)
	}
	return nil, context.Cause(ctx)
}

// Moved is told of bytes as they leave.
func (l *Lanes) Moved(n int) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.seen.bytes += int64(n)
	l.step()
}

// leave gives a lane back that was entered after so many cuts.
func (l *Lanes) leave(err error, cuts int) {
	refused := err != nil && l.cfg.Refused(err)
	l.mu.Lock()
	defer l.mu.Unlock()
	if refused && cuts == l.cuts {
		l.cuts++
		l.change(time.Now(), l.policy.refused(l.busy, time.Since(l.began)))
	}
	l.count(time.Now())
	l.busy--
	l.step()
}

// step does what time and bytes have made due. It is called with mu held, whenever something happens: while nothing does, nothing is due.
func (l *Lanes) step() {
	now := time.Now()
	l.count(now)
	if l.open < l.policy.lanes && now.Sub(l.opened) >= opening {
		l.open, l.opened = l.open+1, now
	}
	for l.busy < l.open && l.waiting.Len() > 0 {
		l.busy++
		close(l.waiting.Remove(l.waiting.Front()).(chan struct{}))
	}
	l.measure(now)
}

// count brings the lanes' time up to date, before busy changes.
func (l *Lanes) count(now time.Time) {
	l.seen.laneTime += time.Duration(l.busy) * now.Sub(l.seen.counted)
	l.seen.counted = now
}

// measure begins a sample when a new number has settled, and has it judged when it is long enough.
func (l *Lanes) measure(now time.Time) {
	lanes, w := l.policy.lanes, &l.seen
	if l.cfg.Min == l.cfg.Max || l.open < lanes || l.busy > lanes || w.bytes < w.enough {
		return
	}
	took := now.Sub(w.began)
	switch {
	case !w.settled && took >= settling:
		l.look(now, int64(lanes)*buffered)
		w.settled = true
	case w.settled && took >= sampling:
		next := l.policy.judge(sample{
			at: now.Sub(l.began), took: took, bytes: w.bytes, busy: w.laneTime.Seconds() / took.Seconds(), held: l.cfg.Held() - w.held,
		})
		if next != lanes {
			l.change(now, next)
			return
		}
		l.look(now, int64(lanes)*buffered)
		w.settled = true
	}
}

// change goes over to another number. Lanes in use stay so until their uploads end.
func (l *Lanes) change(now time.Time, lanes int) {
	more := max(lanes-l.open, 0)
	l.open = min(l.open, lanes)
	l.look(now, int64(more)*buffered)
}

// look begins to look anew, until so many bytes have left.
func (l *Lanes) look(now time.Time, enough int64) {
	l.seen = window{began: now, counted: now, enough: enough, held: l.cfg.Held()}
}
