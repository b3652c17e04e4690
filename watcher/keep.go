package watcher

import (
	"context"
	"errors"
	"sync"
	"time"
)

// watched is a root and what is known of it for as long as the watcher runs, whatever happens to the root.
type watched struct {
	w     *Watcher
	path  string
	apart map[string]bool // paths below it that are roots of their own
	table *table

	probeNow chan struct{} // capacity 1: look at the root itself
	scanNow  chan struct{} // capacity 1: scan all
	first    sync.Once

	mu     sync.Mutex
	status RootStatus // but for its counts

	// Of the goroutine of keep:
	limit   limitError
	tryAt   time.Time   // when to try events again, after a limit
	probing chan probed // where the answer of a probe will be, nil if there is none under way

	// Of the probe that is under way:
	known   *ground // what the root was when it was last online
	refused *ground // what was there last, and was another one
}

func newWatched(w *Watcher, path string) *watched {
	return &watched{
		w: w, path: path, apart: make(map[string]bool), table: newTable(),
		probeNow: make(chan struct{}, 1), scanNow: make(chan struct{}, 1),
		status: RootStatus{Root: path, State: RootStarting, Since: time.Now()},
	}
}

func (r *watched) rescan() { notify(r.scanNow) }

// keep looks after the root until ctx ends or ready refuses a file.
func (r *watched) keep(ctx context.Context) error {
	for {
		here, why := r.probe(ctx)
		if why == "" {
			var err error
			if why, err = r.watch(ctx, here); err != nil {
				return err
			}
		}
		if why != "" && ctx.Err() == nil {
			r.set(RootOffline, why)
			r.firstDone() // there is nothing to wait for
		}
		if err := r.wait(ctx, why); err != nil {
			return err
		}
	}
}

// wait until it is time for the next probe, or after a session that lost track, for a moment.
func (r *watched) wait(ctx context.Context, why string) error {
	pause := r.w.cfg.probe
	if why == "" {
		pause = restartAfter
	}
	timer := time.NewTimer(pause)
	defer timer.Stop()
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-timer.C:
	case <-r.probeNow:
	}
	return nil
}

// watch holds a session until it ends. It returns why the root is offline, "" if it is not and another session may begin, or the error that ends the run.
func (r *watched) watch(ctx context.Context, here ground) (offline string, err error) {
	s := r.newSession(here)
	r.listen(s)
	sctx, cancel := context.WithCancel(ctx)
	defer cancel()
	done := make(chan error, 1)
	go func() { done <- s.run(sctx) }()
	probes := time.NewTicker(r.w.cfg.probe)
	defer probes.Stop()
	for {
		select {
		case err := <-done:
			return r.judge(ctx, err)
		case <-ctx.Done():
			return "", r.leave(ctx, done)
		case <-probes.C:
		case <-r.probeNow:
		}
		now, why := r.probe(ctx)
		if why == "" && now.id == here.id {
			continue
		}
		if why != "" && ctx.Err() == nil {
			r.set(RootOffline, why)
			r.firstDone()
		}
		cancel()
		select { // it may be in the middle of handing on a file
		case err = <-done:
		case <-ctx.Done():
			return "", r.leave(ctx, done)
		}
		if _, err = r.judge(ctx, err); err != nil {
			return "", err
		}
		return why, nil
	}
}

// leave waits for a session after the end of ctx, but not for ever: it may look at a share that does not answer.
func (r *watched) leave(ctx context.Context, done <-chan error) error {
	timer := time.NewTimer(probeLimit)
	defer timer.Stop()
	select {
	case err := <-done:
		if _, err := r.judge(ctx, err); err != nil {
			return err
		}
	case <-timer.C:
	}
	return ctx.Err()
}

// judge says what the end of a session means.
func (r *watched) judge(ctx context.Context, err error) (offline string, fatal error) {
	var refused readyError
	var limit limitError
	switch {
	case errors.As(err, &refused):
		return "", err
	case ctx.Err() != nil:
		return "", ctx.Err()
	case errors.As(err, &limit):
		r.noEvents(limit)
		return "", nil
	case errors.Is(err, errOverflow), errors.Is(err, errTryEvents), errors.Is(err, errRootChanged), errors.Is(err, context.Canceled):
		return "", nil
	}
	return offlineBecause(err), nil
}

// noEvents notes why the root has to be polled for now.
func (r *watched) noEvents(limit limitError) {
	r.limit, r.tryAt = limit, time.Now().Add(r.w.cfg.Rescan)
}

// newSession is a session that gets no events.
func (r *watched) newSession(here ground) *session {
	return &session{
		r: r, here: here,
		root:       &root{path: r.path, start: r.path, real: r.path, info: here.info, apart: r.apart},
		candidates: newCandidates(r.w.cfg.room),
		nextScan:   time.Now(),
	}
}

// listen gets events for a session, where they can be had.
func (r *watched) listen(s *session) {
	why := r.whyPoll(s.here)
	if why == "" {
		src, err := r.w.cfg.listen()
		if err == nil {
			s.watches = &watches{source: src, folders: make(map[string]struct{})}
			r.set(RootWatching, "")
			return
		}
		r.noEvents(limitOf(err))
		why = r.limit.why
	}
	if why == r.limit.why {
		s.until = r.tryAt
	}
	r.set(RootPolling, why)
}

// whyPoll is why there will be no events, "" if there will be.
func (r *watched) whyPoll(here ground) string {
	switch {
	case r.w.cfg.Poll > 0:
		return "as configured"
	case here.Kind != "":
		return here.Kind
	case time.Now().Before(r.tryAt):
		return r.limit.why
	}
	return ""
}

// pause is the time from the end of one scan to the next.
func (r *watched) pause(polled bool, took time.Duration) time.Duration {
	cfg := &r.w.cfg
	switch {
	case !polled:
		return cfg.Rescan
	case cfg.Poll > 0:
		return min(cfg.Poll, cfg.Rescan)
	}
	// Polling that was not asked for takes a tenth of the time at the most.
	return min(max(defaultPoll, 9*took), cfg.Rescan)
}
