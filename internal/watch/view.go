package watch

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"time"

	"github.com/albumwright/albumwright/pipeline"
	"github.com/albumwright/albumwright/watcher"
)

// gathered is for how long changes are gathered before it is said that there are some.
const gathered = 250 * time.Millisecond

// The stages of the funnel.
const (
	stageSettle = "settle"
	stageReady  = "ready"
	stageLook   = "look"
	stageUpload = "upload"
	stageCreate = "create"
)

// Changed implements [Control].
func (w *Watch) Changed() <-chan struct{} {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.news
}

// changed says that there is something new, when that was gathered. The caller holds mu.
func (w *Watch) changed() {
	if w.newsDue {
		return
	}
	w.newsDue = true
	time.AfterFunc(gathered, func() {
		w.mu.Lock()
		defer w.mu.Unlock()
		close(w.news)
		w.news, w.newsDue = make(chan struct{}), false
	})
}

// Snapshot implements [Control].
func (w *Watch) Snapshot() Snapshot {
	w.mu.Lock()
	defer w.mu.Unlock()
	g := &w.figures
	s := Snapshot{
		Time: time.Now(), Since: w.since, Found: g.found, Open: g.open(), Ends: maps.Clone(g.ends), Budget: slices.Clone(g.budgets),
		Current: slices.Clone(g.current), Rates: slices.Clone(g.rates), Times: slices.Clone(g.times), Last: slices.Clone(g.last),
		LastRun: g.lastRun, Moved: g.moved, Trouble: w.troubles(), Folders: w.folderViews(), Stages: w.stageViews(), NextRun: w.nextRun(),
	}
	slices.Reverse(s.Last)
	s.Failures, s.FailureCount = g.shown()
	s.State = w.state()
	return s
}

// state is what the watch as a whole is doing.
func (w *Watch) state() State {
	sending, starting, settling := false, false, false
	for _, a := range w.accounts {
		sending = sending || a.running != nil
	}
	for _, f := range w.folders {
		starting = starting || !f.scanned && f.root.State != offline
		settling = settling || f.root.Settling > 0 || f.ready > 0 || len(f.taken) > 0
	}
	switch {
	case w.draining:
		return Draining
	case w.paused:
		return Paused
	case sending:
		return Sending
	case len(w.troubles()) > 0 && (settling || w.figures.open() > 0):
		return Waiting
	case starting:
		return Starting
	case settling:
		return Settling
	}
	return Idle
}

// troubles are those of the accounts, the folders and the whole.
func (w *Watch) troubles() []Trouble {
	out := []Trouble{}
	for _, path := range slices.Sorted(maps.Keys(w.accounts)) {
		if t := w.accounts[path].trouble; t != nil {
			out = append(out, w.shownTrouble(*t))
		}
	}
	for _, f := range w.folders {
		if f.unread != nil {
			out = append(out, *f.unread)
		}
		if f.root.State == offline {
			out = append(out, Trouble{Kind: troubleOffline, What: join(f.job.Root+" is offline", f.root.Why), Do: doAbout(f.root.Why), Since: f.since})
		}
	}
	if since := w.figures.stalled; !since.IsZero() {
		out = append(out, Trouble{Kind: troubleStalled, What: "nothing has moved since " + since.Format(time.TimeOnly) + " although there is work", Do: "look at the log; if it stays so, start albumwright anew", Since: since})
	}
	if n := w.figures.tooMany; n > 0 {
		out = append(out, Trouble{
			Kind: troubleTooMany, What: fmt.Sprintf("so many files failed that %s more are not tried again", files(n)),
			Do: "mend what they failed for, then start albumwright anew", Since: w.since,
		})
	}
	return out
}

// doAbout is what a person can do about a folder that is offline.
func doAbout(why string) string {
	switch why {
	case watcher.WhyPermission:
		return "let this user read it; it goes on by itself then"
	case watcher.WhyNoFolder:
		return "put the folder back; it goes on by itself then"
	case watcher.WhyOther, watcher.WhyNotMounted:
		return "mount what was there, or plug it in, and it goes on by itself; if it is meant to be as it is now, start albumwright anew"
	case watcher.WhySilent:
		return "see whether its server or disk works; it goes on by itself then"
	}
	return "mount it, or plug it in; it goes on by itself then"
}

// shownTrouble is a trouble of an account as a person sees it. That somebody signs in is noticed at once: the time of the next try would mislead.
func (w *Watch) shownTrouble(t Trouble) Trouble {
	if t.Kind == troubleSignIn && w.cfg.SignIn != nil {
		t.Until = time.Time{}
	}
	return t
}

func (w *Watch) folderViews() []Folder {
	out := make([]Folder, 0, len(w.folders))
	for _, f := range w.folders {
		root := f.eyes.Root()
		state := root.State
		if f.root.State == offline {
			state = offline
		}
		out = append(out, Folder{
			Path: f.job.Root, Account: f.job.Run.Account, Rule: f.job.Rule, State: state, Why: cmp.Or(root.Why, f.oddlyEmpty(root)), Files: root.Files, Settling: root.Settling,
			Ready: f.ready, LastScan: root.LastScan, Scanning: root.Scanning,
		})
	}
	return out
}

// stageViews is the funnel.
func (w *Watch) stageViews() []Stage {
	g := &w.figures
	settle, ready := Stage{Name: stageSettle, Done: g.found}, Stage{Name: stageReady, Done: g.handed}
	look, up, create := sumOf(g, stageLook, pipeline.StageDescribe), sumOf(g, stageUpload, pipeline.StageUpload), sumOf(g, stageCreate, pipeline.StageCreate)
	for _, f := range w.folders {
		settle.Queue += f.root.Settling
		ready.Queue += f.ready + len(f.taken)
	}
	for _, a := range w.accounts {
		r := a.running
		if r == nil {
			continue
		}
		ready.Done += r.handed
		ready.Queue -= len(r.open)
		for _, s := range []struct {
			to   *Stage
			from pipeline.Stage
		}{{&look, pipeline.StageDescribe}, {&up, pipeline.StageUpload}, {&create, pipeline.StageCreate}} {
			p := r.progress[s.from]
			s.to.Queue += max(0, p.Total-p.Done)
			s.to.Done += p.Done
			s.to.Bytes += p.Bytes
		}
	}
	ready.Queue, create.Queue = max(0, ready.Queue), max(0, create.Queue-up.Queue)
	return []Stage{settle, ready, look, up, create}
}

// sumOf is what the runs that have ended did in a stage.
func sumOf(g *figures, name string, stage pipeline.Stage) Stage {
	return Stage{Name: name, Done: g.stages[stage].Done, Bytes: g.stages[stage].Bytes}
}

// nextRun is when something will be due, if nothing else comes; zero is not known, as while it is paused.
func (w *Watch) nextRun() (next time.Time) {
	if w.paused {
		return time.Time{}
	}
	now := time.Now()
	for _, f := range w.folders {
		if f.root.State == offline {
			continue
		}
		at := time.Time{}
		if yes, later := f.due(now); yes || !later.IsZero() {
			at = later
		}
		if t := f.account.trouble; t != nil && !at.IsZero() && at.Before(t.Until) {
			at = w.shownTrouble(*t).Until
		}
		next = earlier(next, at)
	}
	for _, x := range w.figures.failures {
		if !x.open {
			next = earlier(next, x.Next)
		}
	}
	return next
}
