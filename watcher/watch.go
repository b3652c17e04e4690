package watcher

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"slices"
	"sync/atomic"
	"time"

	"golang.org/x/sync/errgroup"
)

// WatchConfig says what to watch and what to take. Only Roots is needed.
type WatchConfig struct {
	// WalkConfig is what a [Walk] takes, with one difference: Roots are folders, and need not be there yet. A root inside another one is watched as a part of it.
	WalkConfig
	// Settle is how long a file must have stayed the same, in size, modification time and identity, before it is complete. It is measured on our own clock,
	// whatever time the file claims. 0 means 10 s. What is empty or has a temporary name must stay so for six times as long before it is handed on as left out.
	Settle time.Duration
	// Rescan is after what time all is looked at again even if there were no events. 0 means 1 h.
	Rescan time.Duration
	// Poll, if it is not 0, is after what time all is looked at again instead of waiting for events. With 0 events are used where they can be had. Where they
	// cannot (network shares, FUSE, limits of inotify), a root is polled every 30 s, or more slowly if a scan takes long.
	Poll time.Duration

	// Whole, if it is not nil, tells whether a file of some size seems to have its end. One that does not is waited for, until it has not been changed for six
	// settle times: its writer may be slow, and nobody can tell by other signs on a network share. It is called when a file would be handed on.
	Whole func(path string, size int64) bool

	disk   disk
	listen func() (source, error)
	probe  time.Duration // probeEvery, but for tests
	// room is for how many candidates of a root there is room at a time.
	room int
}

const (
	defaultSettle = 10 * time.Second
	defaultRescan = time.Hour
	defaultPoll   = 30 * time.Second
	// defaultRoom is about 3 MB, and as many events as the queue of inotify holds.
	defaultRoom = 1 << 14
	// emptyPatience is how many settle times a file may take to get its first byte, its real name, or its end.
	emptyPatience = 6
	// probeEvery is how soon it is noticed that a root went away or came back.
	probeEvery = 5 * time.Second
	// restartAfter is the pause before events that got lost are begun anew.
	restartAfter = time.Second
	// probeLimit is how long a share may take to answer.
	probeLimit = 10 * time.Second
)

// Valid reports what is wrong with the configuration, naming the field. It does not look at the disk.
func (c WatchConfig) Valid() error {
	if err := c.WalkConfig.Valid(); err != nil {
		return err
	}
	for _, d := range []struct {
		field string
		value time.Duration
	}{{"Settle", c.Settle}, {"Rescan", c.Rescan}, {"Poll", c.Poll}} {
		if d.value < 0 {
			return fmt.Errorf("with %s %v: it is less than none", d.field, d.value)
		}
	}
	return nil
}

func (c *WatchConfig) fillIn() {
	orElse := func(d *time.Duration, or time.Duration) {
		if *d == 0 {
			*d = or
		}
	}
	orElse(&c.Settle, defaultSettle)
	orElse(&c.Rescan, defaultRescan)
	if c.disk == nil {
		c.disk = realDisk{}
	}
	if c.listen == nil {
		c.listen = newNotifier
	}
	orElse(&c.probe, probeEvery)
	if c.room == 0 {
		c.room = defaultRoom
	}
}

// patience is how long something must stay as it is before it is handed on. What is empty or temporary is about to become something else. What is left out
// for good need not wait.
func (c *WatchConfig) patience(skip Reason) time.Duration {
	switch skip {
	case "":
		return c.Settle
	case SkipEmpty, SkipTemporary:
		return emptyPatience * c.Settle
	}
	return 0
}

// nap is the least time between two looks at a file because of events.
func (c *WatchConfig) nap() time.Duration { return min(c.Settle/4, 50*time.Millisecond) }

// Watcher turns folders into complete files, for as long as it runs. It only reads: nothing is ever written into a root.
type Watcher struct {
	cfg     WatchConfig
	rules   *rules
	roots   []*watched
	changed chan struct{}
	ready   func(context.Context, File) error
	handing chan struct{} // capacity 1: in it while ready is called
	scanned chan struct{}
	scans   atomic.Int64 // roots whose first scan is not over
	ran     atomic.Bool
}

// NewWatcher makes a watcher, and reports what is wrong with the configuration. It does not look at the disk.
func NewWatcher(cfg WatchConfig) (*Watcher, error) {
	if err := cfg.Valid(); err != nil {
		return nil, err
	}
	rules, err := cfg.rules()
	if err != nil {
		return nil, err
	}
	cfg.fillIn()
	w := &Watcher{
		cfg: cfg, rules: rules,
		changed: make(chan struct{}, 1), handing: make(chan struct{}, 1), scanned: make(chan struct{}),
	}
	if w.roots, err = w.separate(cfg.Roots); err != nil {
		return nil, err
	}
	w.scans.Store(int64(len(w.roots)))
	return w, nil
}

// separate makes the roots that need watching, going by their paths alone: what they lead to is not known before they are there.
func (w *Watcher) separate(given []string) ([]*watched, error) {
	var paths []string
	for _, g := range given {
		path, err := filepath.Abs(g)
		if err != nil {
			return nil, rootError(g, err)
		}
		paths = append(paths, path)
	}
	slices.Sort(paths) // outer ones first
	var all []*watched
	for _, path := range slices.Compact(paths) {
		reached := false
		for _, outer := range all {
			prefix := join(outer.path, "")
			if len(path) < len(prefix) || path[:len(prefix)] != prefix {
				continue
			}
			rel := relative(outer.path, path)
			if reaches(rel, true) {
				reached = true
			} else {
				outer.apart[rel] = true
			}
		}
		if !reached {
			all = append(all, newWatched(w, path))
		}
	}
	return all, nil
}

// Run watches until ctx ends, and returns its error, or ready returns an error, which it returns as it is. It may be called once.
//
// ready gets each file once it is complete, and again whenever it has changed since; and each file or folder that is left out, with its Skip reason, once. It
// is called by several goroutines, one call at a time. It may block: no event is lost meanwhile and memory stays bounded. Its ctx ends with Run, or when the
// root of the file goes away: an error that it returns then counts for nothing, and the file comes again. What was handed on is
// forgotten when a scan finds that it is gone, and else only by [Watcher.Again].
//
// A file is complete when it has stayed the same over the settle time, at two looks at least, and, on Linux where the file is ours and on a local disk, when
// nobody has it open for writing. That is the only reason to open a file, but for what Whole does; it is not read.
//
// After ctx has ended, Run waits a few seconds at the most for a look at a share that does not answer, and leaves it behind then.
func (w *Watcher) Run(ctx context.Context, ready func(context.Context, File) error) error {
	if w.ran.Swap(true) {
		return errors.New("a Watcher runs once")
	}
	g, ctx := errgroup.WithContext(ctx)
	w.ready = ready
	for _, r := range w.roots {
		g.Go(func() error { return r.keep(ctx) })
	}
	err := g.Wait()
	var refused readyError
	if errors.As(err, &refused) {
		return refused.error
	}
	return err
}

// readyError tells the caller's errors from ours.
type readyError struct{ error }

func (e readyError) Unwrap() error { return e.error }

// Rescan looks at everything now. It does not wait for it.
func (w *Watcher) Rescan() {
	for _, r := range w.roots {
		r.rescan()
	}
}

// Again forgets that a file was handed on: the next scan that meets it, or the next event, hands it on again when it has settled. It is for a file that could
// not be dealt with.
func (w *Watcher) Again(f File) {
	for _, r := range w.roots {
		if r.path == f.Root {
			r.table.again(f.Path)
		}
	}
}

// Changed has something in it when Roots may say something new. Its capacity is one: many changes are one.
func (w *Watcher) Changed() <-chan struct{} { return w.changed }

// Scanned is closed when all that the first scans of the roots met has settled and was handed on: what changes without end, or is still being written then,
// is not waited for, nor is a root that is offline.
func (w *Watcher) Scanned() <-chan struct{} { return w.scanned }

// Roots is the state of each root now, by path.
func (w *Watcher) Roots() []RootStatus {
	all := make([]RootStatus, 0, len(w.roots))
	for _, r := range w.roots {
		all = append(all, r.now())
	}
	return all
}
