package watch

import (
	"context"
	"errors"
	"math"
	"os"
	"time"

	"github.com/albumwright/albumwright/pipeline"
)

// account carries out the jobs that share a ledger, one run after the other. Its fields are guarded by the watch's mu, but for what belongs to its worker.
type account struct {
	watch  *Watch
	ledger string // path
	job    Job    // one of its jobs: how to connect, and as whom
	bell   chan struct{}

	working bool
	over    bool // nothing more will be done
	running *run
	turn    *folder  // whose turn was last
	trouble *Trouble // why nothing is begun; nil is nothing
	tries   int      // runs that ended in this trouble
	signIn  string   // as whom, when the sign-in was refused
	asked   time.Time
	refused bool // the next run offers what was refused, too
	stale   bool // the settings are others than those that it is connected with

	service *Service // belongs to the worker; nil is not connected
}

func newAccount(w *Watch, ledger string, job Job) *account {
	return &account{watch: w, ledger: ledger, job: job, bell: make(chan struct{}, 1)}
}

// start begins to work, unless it is at it. The caller holds mu.
func (a *account) start() {
	if a.working {
		a.ring()
		return
	}
	a.working, a.over = true, false
	a.watch.group.Go(func() error { return a.work(a.watch.ctx) })
}

// ring lets the worker look whether there is something to do.
func (a *account) ring() {
	select {
	case a.bell <- struct{}{}:
	default:
	}
}

// again ends the waiting in a trouble. The caller holds mu.
func (a *account) again() {
	if a.trouble != nil {
		a.trouble.Until, a.asked = time.Time{}, time.Time{}
	}
	a.ring()
}

// work carries out what is due, until there will be nothing more.
func (a *account) work(ctx context.Context) error {
	defer a.disconnect()
	for ctx.Err() == nil {
		f, wait, over := a.next(time.Now())
		switch {
		case over:
			return a.finish(nil)
		case f == nil:
			a.rest(ctx, wait)
			continue
		}
		err := a.carryOut(ctx, f)
		if ctx.Err() != nil {
			break
		}
		if err = a.sortOut(f, err); err != nil && a.watch.cfg.Once {
			return a.finish(err)
		}
	}
	return nil
}

func (a *account) finish(err error) error {
	a.watch.lock()
	a.over, a.working = true, false
	a.watch.unlock()
	return a.watch.accountEnded(err)
}

// retire takes an account out whose last folder was removed. If it gets a folder again, that is another worker's. The caller holds mu.
func (a *account) retire() {
	w := a.watch
	delete(w.accounts, a.ledger)
	if len(w.accounts) > 0 {
		_ = os.Remove(w.pauseFile(a.ledger)) // those that go on keep theirs
	}
}

// rest waits until the bell rings, or for a time; 0 is as long as it takes.
func (a *account) rest(ctx context.Context, wait time.Duration) {
	var alarm <-chan time.Time
	if wait > 0 {
		timer := time.NewTimer(wait)
		defer timer.Stop()
		alarm = timer.C
	}
	select {
	case <-a.bell:
	case <-alarm:
	case <-ctx.Done():
	}
}

// next is the folder of which something is to be done now, or else how long to wait before one looks again.
func (a *account) next(now time.Time) (f *folder, wait time.Duration, over bool) {
	w := a.watch
	w.lock()
	defer w.unlock()
	own := a.inTurn()
	if len(own) == 0 && !w.draining {
		a.retire()
		return nil, 0, true
	}
	if w.draining && (w.paused || a.trouble != nil) {
		return nil, 0, true
	}
	if w.paused {
		return nil, 0, false
	}
	if wait, ok := a.mayTry(now); !ok {
		return nil, wait, false
	}
	at := w.retryFailures(a, now)
	for _, f := range own {
		again := f.askAgain(now)
		yes, next := f.due(now)
		next = earlier(next, again)
		if yes && f.mayRun() {
			a.turn = f
			return f, 0, false
		}
		if f.resting.After(now) {
			next = f.resting
		}
		if f.root.State != offline {
			at = earlier(at, next)
		}
	}
	if w.draining {
		return nil, 0, true
	}
	waiting := false
	for _, f := range own {
		switch {
		case !f.mayRun():
		case len(f.taken) > 0 || f.leaving.due(f):
			a.turn = f
			return f, 0, false
		}
		waiting = waiting || f.root.State != offline && (!f.scanned || f.ready > 0 || len(f.taken) > 0)
	}
	if w.flushing && !waiting {
		return nil, 0, true
	}
	if !at.IsZero() {
		wait = max(at.Sub(now), time.Millisecond)
	}
	return nil, wait, false
}

// mayTry tells whether a trouble lets the next try begin, and else when to look again.
func (a *account) mayTry(now time.Time) (time.Duration, bool) {
	t := a.trouble
	switch {
	case t == nil || !t.Until.After(now):
		return 0, true
	case t.Kind == troubleSignIn && a.watch.cfg.SignIn != nil:
		if a.watch.cfg.SignIn(a.job) != a.signIn {
			return 0, true
		}
		return min(signInEvery, t.Until.Sub(now)), false
	}
	return t.Until.Sub(now), false
}

// inTurn are the account's folders, the one whose turn was last at the end.
func (a *account) inTurn() []*folder {
	var before, after []*folder
	passed := false
	for _, f := range a.watch.folders {
		switch {
		case f.account != a:
		case passed:
			after = append(after, f)
		default:
			before = append(before, f)
		}
		passed = passed || f == a.turn
	}
	return append(after, before...)
}

// mayRun tells whether a run may be begun for a folder.
func (f *folder) mayRun() bool {
	return f.root.State != offline && !f.watch.drainTooMuch(f) && !f.resting.After(time.Now())
}

// lastRun is how many files may wait for their batches when the watch is stopped, and are sent all the same. More are left to the next start, which finds them.
const lastRun = 4 * full

func (w *Watch) drainTooMuch(f *folder) bool { return w.draining && f.ready > lastRun }

func earlier(a, b time.Time) time.Time {
	if a.IsZero() || !b.IsZero() && b.Before(a) {
		return b
	}
	return a
}

// The causes with which a run is ended gently.
var (
	errDraining = errors.New("the watch is stopped")
	errPaused   = errors.New("the watch is paused")
	errNewer    = errors.New("something newer is due")
	errOffline  = errors.New("its folder is offline")
)

// carryOut runs the pipeline once, for what is due of a folder.
func (a *account) carryOut(ctx context.Context, f *folder) error {
	if err := f.writeLeft(ctx); err != nil {
		return err
	}
	if !f.hasWork() {
		return nil
	}
	if f.away() {
		return errOffline
	}
	if err := a.connect(ctx, f.job); err != nil {
		return err
	}
	r := a.begin(ctx, f)
	defer r.end()
	cfg := f.job.config(f.job.Root)
	a.service.Use(&cfg)
	cfg.Source, cfg.Away, cfg.Intake, cfg.Observe, cfg.Refused = r.source, r.away, r.intake, r.observe, r.refused
	cfg.Command = "watch " + f.job.Root
	rep, err := pipeline.Run(ctx, cfg)
	if cfg.Budget != nil {
		cfg.Budget.Release(math.MaxInt) // the connection outlives the run: what it held and did not need would stay held
	}
	r.ended(rep, err)
	return err
}

// hasWork tells whether a run would have something to do.
func (f *folder) hasWork() bool {
	f.watch.mu.Lock()
	defer f.watch.mu.Unlock()
	yes, _ := f.due(time.Now())
	return yes || len(f.taken) > 0
}

// stopRun ends the run under way gently. The caller holds mu.
func (a *account) stopRun(why error) {
	if a.running != nil {
		a.running.stop(why)
	}
}

// stopIfRunning does so if it is a folder's.
func (a *account) stopIfRunning(f *folder, why error) {
	if a.running != nil && a.running.folder == f {
		a.running.stop(why)
	}
}
