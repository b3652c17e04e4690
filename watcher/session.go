package watcher

import (
	"context"
	"errors"
	"sync"
	"sync/atomic"
	"time"

	"github.com/fsnotify/fsnotify"
)

// session is the work on a root from when it is there until it is not, or until its events can no longer be trusted. What must outlive it is in [watched].
type session struct {
	r       *watched
	here    ground
	root    *root
	watches *watches // nil where it is polled
	until   time.Time

	candidates *candidates
	incomplete atomic.Bool // there was a folder that could not be read

	// Of the goroutine that looks:
	nextScan time.Time
	lastScan time.Time // its end, zero before the first
	first    time.Time // when what the first scan met has settled
}

var (
	errRootChanged = errors.New("the root is gone or another one")
	errTryEvents   = errors.New("it is time to try events again")
)

// run works until ctx ends or the session does, and says why.
func (s *session) run(ctx context.Context) error {
	ctx, end := context.WithCancelCause(ctx)
	var listeners sync.WaitGroup
	if s.watches != nil {
		listeners.Go(func() { s.watches.errors(end) })
		listeners.Go(func() { end(s.watches.events(ctx, s.note)) })
	}
	end(s.look(ctx))
	if s.watches != nil {
		_ = s.watches.source.Close()
	}
	listeners.Wait()
	return context.Cause(ctx)
}

// note makes a candidate of an event. It is only a hint: the look will tell what is there.
func (s *session) note(e fsnotify.Event) {
	switch {
	case e.Name == s.root.path:
		if e.Has(fsnotify.Remove) || e.Has(fsnotify.Rename) {
			notify(s.r.probeNow)
		}
	case e.Op == fsnotify.Chmod && s.watches.has(e.Name) && !s.incomplete.Load():
		// A folder that could be read all the time.
	default:
		s.candidates.hint(e.Name, time.Now(), s.r.w.cfg.nap())
	}
}

// look scans and looks at what is due, for ever.
func (s *session) look(ctx context.Context) error {
	for {
		if err := s.lookNow(ctx); err != nil {
			return err
		}
		timer := time.NewTimer(time.Until(s.nextLook()))
		select {
		case <-ctx.Done():
		case <-timer.C:
		case <-s.candidates.wake:
		case <-s.r.scanNow:
			s.nextScan = time.Now()
		}
		timer.Stop()
		if err := ctx.Err(); err != nil {
			return err
		}
	}
}

func (s *session) lookNow(ctx context.Context) error {
	now := time.Now()
	_, lost := s.candidates.next()
	switch {
	case !s.until.IsZero() && !now.Before(s.until):
		return errTryEvents
	case !now.Before(s.nextScan), lost && !now.Before(s.afterLoss()):
		if err := s.scan(ctx); err != nil {
			return err
		}
	}
	if err := s.lookAtDue(ctx, true); err != nil {
		return err
	}
	if _, lost := s.candidates.next(); !lost && !time.Now().Before(s.first) {
		s.first = time.Time{}
		s.r.firstDone()
	}
	return nil
}

// afterLoss is when a scan may follow the loss of candidates: at once, but when the last one is just over, what it met shall have settled.
func (s *session) afterLoss() time.Time {
	if s.lastScan.IsZero() {
		return s.nextScan
	}
	return s.lastScan.Add(s.r.w.cfg.Settle)
}

func (s *session) nextLook() time.Time {
	next := s.nextScan
	due, lost := s.candidates.next()
	if lost {
		due = s.afterLoss()
	}
	for _, t := range []time.Time{due, s.until, s.first} {
		if !t.IsZero() && t.Before(next) {
			next = t
		}
	}
	return next
}

// scan looks at everything.
func (s *session) scan(ctx context.Context) error {
	began := time.Now()
	completed := false
	s.r.scanning(true, false)
	defer func() { s.r.scanning(false, completed) }()
	s.candidates.found()
	s.r.table.begin()
	complete, err := s.walk(ctx, s.root.path, true)
	if err != nil {
		return err
	}
	if !s.same() {
		return errRootChanged
	}
	if complete {
		s.r.table.sweep()
	}
	s.incomplete.Store(!complete)
	completed = true
	s.lastScan = time.Now()
	s.nextScan = s.lastScan.Add(s.r.pause(s.watches == nil, s.lastScan.Sub(began)))
	return nil
}

// walk looks at everything below a folder, and reports whether all could be read. Between the files of an outer walk, what becomes due elsewhere is looked at:
// a new photo does not wait for the end of a scan of a million.
func (s *session) walk(ctx context.Context, start string, outer bool) (complete bool, err error) {
	root := *s.root
	root.start = start
	w := s.walker(&root)
	complete = true
	met := 0
	err = w.run(ctx, func(f File) error {
		if f.Folder && f.Skip == SkipUnreadable {
			complete = false
		}
		if err := s.meet(ctx, f); err != nil {
			return err
		}
		if met++; outer && met%batchSize == 0 {
			return s.lookAtDue(ctx, false)
		}
		return nil
	})
	return complete, err
}

func (s *session) walker(at *root) *walker {
	w := newWalker(s.r.w.rules, []*root{at}, s.r.w.cfg.workers())
	w.disk = s.r.w.cfg.disk
	if s.watches != nil {
		w.enter = s.watches.add // watch first, then list: what comes in between is met twice, and not never
	}
	return w
}
