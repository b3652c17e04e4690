package watch

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"slices"
	"sync"
	"time"

	"golang.org/x/sync/errgroup"

	"github.com/albumwright/albumwright/internal/report"
	"github.com/albumwright/albumwright/pipeline"
	"github.com/albumwright/albumwright/watcher"
)

// How a watch goes on where a Config or a Job does not say.
const (
	DefaultSettle       = 10 * time.Second
	DefaultRescan       = time.Hour
	DefaultBatchTimeout = 10 * time.Second
)

// Initial says what becomes of files that are in a folder when it is watched for the first time ever.
type Initial string

// The choices. The zero value is Upload.
const (
	Upload Initial = "upload"
	Skip   Initial = "skip"
)

// Watcher hands over the complete files of one folder.
type Watcher interface {
	// Run hands each complete file to ready, again when it changed, until ctx ends. Files that are not taken come with the reason, once each. Ready may block.
	Run(ctx context.Context, ready func(context.Context, watcher.File) error) error
	Rescan()
	Root() Root
	Changed() <-chan struct{} // Root says something else
	Scanned() <-chan struct{} // closed when all that was there at first has been handed over
}

// Root is how it stands with a watched folder.
type Root struct {
	State    string // "starting", "watching", "polling", "offline"
	Why      string
	Files    int64
	Settling int
	LastScan time.Time
	Scanning bool
}

// Service is a connection to the service.
type Service struct {
	Use   func(*pipeline.Config) // gives a run its API, Budget and Lanes
	Close func() error           // nil is nothing to close
}

// Config says what to watch, and by what means. Open and Connect are required.
type Config struct {
	Jobs []Job
	Once bool // end when all is sent that is there at first

	Open func(Job) (Watcher, error)
	// Connect makes a connection for an account, which is used until the sign-in ends. Waiting is told what calls wait for.
	Connect func(ctx context.Context, job Job, waiting func(reason string, until time.Time)) (Service, error)
	// SignIn is another text when somebody has signed in since; nil: nobody can tell.
	SignIn func(Job) string
	// Budgets says how the days of all projects stand; nil: nobody counts.
	Budgets func(context.Context) []Budget
	// Hint says what a person can do about an error; nil has no advice.
	Hint func(error) string
	// Tell is told what a person wants to know, one note after the other. It must be quick, and must not call the watch. Nil is told nothing.
	Tell func(Note)
	// StateDir holds locks and what outlives a restart.
	StateDir string
	// Intake ends when the watch is to end: what was begun is finished. Nil never does.
	Intake context.Context

	disk disk // nil is that of this machine
}

// Errors of a watch that cannot begin.
var (
	ErrNested        = errors.New("watched folders must not lie in one another")
	ErrWatched error = lockedError("another watch looks after this folder already") // it is a pipeline.ErrLocked
)

// lockedError is a reason of our own for which something is locked.
type lockedError string

// Error is the reason.
func (e lockedError) Error() string { return string(e) }

// Unwrap says what kind of error it is.
func (lockedError) Unwrap() error { return pipeline.ErrLocked }

// Watch is a watch that goes on, or is about to. Make it with [New]; it implements [Control].
type Watch struct {
	cfg   Config
	disk  *asker
	since time.Time

	mu       sync.Mutex
	accounts map[string]*account // guarded by mu, by the path of the ledger
	folders  []*folder           // guarded by mu, in the order of the jobs
	paused   bool                // guarded by mu
	draining bool                // guarded by mu
	flushing bool                // guarded by mu; what is ready is due
	ended    error               // guarded by mu; why the watch ends before it was told to
	figures  figures             // guarded by mu
	notes    []Note              // guarded by mu; to be told when mu is free
	news     chan struct{}       // guarded by mu; see Changed
	newsDue  bool                // guarded by mu; it is about to be closed

	telling sync.Mutex // held while notes are told, so that they stay in order
	group   *errgroup.Group
	ctx     context.Context // of Run
	end     context.CancelCauseFunc
}

var _ Control = (*Watch)(nil)

// New makes a watch. It takes the folders' locks, and looks at nothing yet; Close it if it is never run.
func New(cfg Config) (*Watch, error) {
	if cfg.Intake == nil {
		cfg.Intake = context.Background()
	}
	if cfg.Tell == nil {
		cfg.Tell = func(Note) {}
	}
	if cfg.Hint == nil {
		cfg.Hint = func(error) string { return "" }
	}
	w := &Watch{cfg: cfg, disk: newAsker(cfg.disk), since: time.Now(), accounts: map[string]*account{}, news: make(chan struct{}), figures: newFigures()}
	places, err := w.check(cfg.Jobs)
	if err != nil {
		return nil, err
	}
	for _, job := range cfg.Jobs {
		f, err := w.prepare(job, places[job.Root])
		if err != nil {
			return nil, errors.Join(err, w.Close())
		}
		w.add(f)
	}
	w.paused = w.readPause()
	return w, nil
}

// Close gives the locks back. Run does so, too.
func (w *Watch) Close() error {
	w.mu.Lock()
	defer w.mu.Unlock()
	var err error
	for _, f := range w.folders {
		err = errors.Join(err, f.unlock())
	}
	return err
}

// Run watches until the intake ends, and what was begun then is finished; or, with Config.Once, until all is sent. When ctx ends everything is dropped, which
// loses nothing: the next watch finds it again. The error is nil after a drain, and ctx's cause after a drop.
func (w *Watch) Run(ctx context.Context) (err error) {
	defer func() { err = errors.Join(err, w.Close()) }()
	ctx, w.end = context.WithCancelCause(ctx)
	defer w.end(nil)
	w.group, w.ctx = errgroup.WithContext(ctx)
	for _, f := range w.folders {
		if err := f.remember(ctx); err != nil { // who starts it is there to see it
			return err
		}
	}
	w.lock()
	for _, f := range w.folders {
		w.start(f)
	}
	for _, a := range w.accounts {
		a.start()
	}
	w.note(Started, "", fmt.Sprintf("watching %s", count(len(w.folders), "folder")))
	if w.paused {
		w.note(PausedNote, "", "paused, as it was when it ended; albumwright resume goes on")
	}
	w.unlock()
	w.group.Go(func() error { return w.tick(w.ctx) })
	if w.cfg.Once {
		w.group.Go(func() error { return w.once(w.ctx) })
	}
	stopped := context.AfterFunc(w.cfg.Intake, w.drain)
	defer stopped()
	err = w.group.Wait()
	w.lock()
	defer w.unlock()
	switch {
	case errors.Is(err, errDone):
		err = w.ended
	case ctx.Err() != nil:
		err = context.Cause(ctx)
	}
	w.note(Stopped, "", "stopped: "+w.figures.sums())
	return err
}

// errNotThere ends a watch that is to send what is there once, if a folder is not.
var errNotThere = fmt.Errorf("the folder is not there: %w", fs.ErrNotExist)

// errDone ends the group when all is done. It never leaves the package.
var errDone = errors.New("done")

// drain lets the accounts finish what was begun, and end.
func (w *Watch) drain() {
	w.lock()
	defer w.unlock()
	w.draining = true
	w.note(DrainingNote, "", "stopping: what is being sent is finished; once more leaves at once")
	for _, a := range w.accounts {
		a.stopRun(errDraining)
		a.ring()
	}
}

// once ends the watch when what was there at first is sent.
func (w *Watch) once(ctx context.Context) error {
	w.mu.Lock()
	folders := slices.Clone(w.folders)
	w.mu.Unlock()
	for _, f := range folders {
		select {
		case <-f.eyes.Scanned():
		case <-ctx.Done():
			return nil
		}
	}
	w.lock()
	defer w.unlock()
	w.flushing = true
	for _, f := range folders {
		if root := f.eyes.Root(); root.State == offline {
			f.root = root
			w.ended = errors.Join(w.ended, fmt.Errorf("%s: %w", join(f.job.Root, root.Why), errNotThere))
		}
	}
	for _, a := range w.accounts {
		a.ring()
	}
	return nil
}

// accountEnded is told by an account that has nothing more to do; the last one ends the watch.
func (w *Watch) accountEnded(err error) error {
	w.lock()
	defer w.unlock()
	if err != nil && w.ended == nil {
		w.ended = err
	}
	for _, a := range w.accounts {
		if !a.over {
			return nil
		}
	}
	return errDone
}

// lock and unlock frame what changes the state; what has to be told then is told when it is free again.
func (w *Watch) lock() { w.mu.Lock() }

func (w *Watch) unlock() {
	w.changed()
	notes := w.notes
	w.notes = nil
	if len(notes) == 0 {
		w.mu.Unlock()
		return
	}
	w.telling.Lock()
	w.mu.Unlock()
	defer w.telling.Unlock()
	for _, n := range notes {
		w.cfg.Tell(n)
	}
}

// count is a number of things in words.
func count(n int, what string) string {
	if n == 1 {
		return "1 " + what
	}
	return fmt.Sprintf("%d %ss", n, what)
}

// text is a path as reports and events show it.
func text(path string) string { return report.Text(path) }
