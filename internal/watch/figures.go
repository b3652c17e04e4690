package watch

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/albumwright/albumwright/internal/report"
	"github.com/albumwright/albumwright/pipeline"
	"github.com/albumwright/albumwright/watcher"
)

// How much is kept to be shown.
const (
	mostFailures      = 50_000 // files that failed, and are remembered: 30 MB
	mostShownFailures = 1_000
	mostLast          = 60
	mostTimes         = 5_000
	rateEvery         = 10 * time.Second
	mostRates         = 180
)

// figures are what was counted since the start. They are guarded by the watch's mu.
type figures struct {
	found    int
	ends     map[report.End]int
	failures map[string]*failure // by path as text
	tooMany  int                 // files that failed and are not remembered
	last     []Item              // the oldest first
	times    []Taken             // the oldest first
	rates    []Rate
	current  []string
	stages   map[pipeline.Stage]pipeline.Progress // sums of the runs that have ended
	handed   int                                  // files given to those
	budgets  []Budget
	lastRun  time.Time
	moved    time.Time // when anything happened last
	waitTill time.Time // until when calls wait
	stalled  time.Time // since when nothing moves; zero is that it does
}

// failure is a file that failed.
type failure struct {
	Failure
	file      watcher.File
	folder    *folder
	permanent bool
	open      bool // it is being tried again
}

func newFigures() figures {
	now := time.Now()
	return figures{
		ends: map[report.End]int{}, failures: map[string]*failure{}, stages: map[pipeline.Stage]pipeline.Progress{},
		moved: now, rates: []Rate{{At: now}},
	}
}

// pauses are how long it takes until a file is tried again that has failed; the last one stays.
func pause(tries int) time.Duration {
	pauses := []time.Duration{time.Minute, 5 * time.Minute, 30 * time.Minute, 2 * time.Hour, 6 * time.Hour}
	return pauses[min(max(tries, 1), len(pauses))-1]
}

// fileEnd counts a file's end. The caller holds mu.
func (w *Watch) fileEnd(f *folder, file watcher.File, end report.File) {
	g := &w.figures
	g.ends[end.End]++
	known := g.failures[end.Path]
	delete(g.failures, end.Path)
	item := Item{File: end, Ended: time.Now(), Captured: end.Captured}
	switch end.End {
	case report.Failed:
		w.failed(f, file, end, known)
	case report.Skipped:
		return
	}
	if end.End != report.AlreadyThere { // or a first look would hide all that is new
		g.last = keep(append(g.last, item), mostLast)
		g.rates[len(g.rates)-1].Items++
	}
	if !end.Captured.IsZero() {
		g.times = keep(append(g.times, Taken{At: end.Captured, Album: end.Album}), mostTimes)
	}
	w.file(end)
}

// failed remembers a file that failed, and when it is tried again.
func (w *Watch) failed(f *folder, file watcher.File, end report.File, before *failure) {
	if len(w.figures.failures) >= mostFailures {
		w.figures.tooMany++
		return
	}
	now := time.Now()
	x := &failure{file: file, folder: f, permanent: end.Permanent, Failure: Failure{Path: end.Path, Stage: stageOf(end), Reason: end.Reason, Tries: 1, Failed: now}}
	if before != nil {
		x.Tries = before.Tries + 1
	}
	if !end.Permanent {
		x.Next = now.Add(pause(x.Tries))
	}
	w.figures.failures[end.Path] = x
	if before == nil || before.Reason != end.Reason {
		w.note(FailedNote, f.job.Root, fmt.Sprintf("%s failed: %s%s", end.Path, end.Reason, again(x.Next)))
	}
}

func again(next time.Time) string {
	if next.IsZero() {
		return "; not tried again until it changes"
	}
	return "; tried again at " + next.Local().Format(time.TimeOnly)
}

// stageOf is where a file failed.
func stageOf(end report.File) string {
	switch {
	case end.Album == "" && end.Captured.IsZero():
		return stageLook
	case end.Permanent:
		return stageCreate
	}
	return stageUpload
}

// again puts a file that failed among those that are due. The caller holds mu.
func (w *Watch) again(x *failure) {
	x.open = true
	w.figures.ends[report.Failed]--
	x.folder.put(x.file, time.Time{})
	x.folder.account.ring()
}

// retryFailures does so with the account's files whose time has come, and says when the next one's will.
func (w *Watch) retryFailures(a *account, now time.Time) (next time.Time) {
	for _, x := range w.figures.failures {
		switch {
		case x.folder.account != a || x.open || x.Next.IsZero() || x.folder.removed || x.folder.root.State == offline:
		case !x.Next.After(now):
			w.again(x)
		default:
			next = earlier(x.Next, next)
		}
	}
	return next
}

// forgetFailure forgets that a file failed, since it is another one now or is gone, and tells whether it was counted.
func (g *figures) forgetFailure(path string) bool {
	x := g.failures[text(path)]
	if x == nil {
		return false
	}
	if delete(g.failures, text(path)); !x.open {
		g.ends[report.Failed]--
	}
	return true
}

// observe takes what the pipeline tells about a run.
func (r *run) observe(ev pipeline.Event) {
	w := r.account.watch
	w.lock()
	defer w.unlock()
	g := &w.figures
	g.moved = time.Now()
	switch ev := ev.(type) {
	case pipeline.Progress:
		g.rates[len(g.rates)-1].Bytes += max(0, ev.Bytes-r.progress[ev.Stage].Bytes)
		r.progress[ev.Stage] = ev
	case pipeline.Sending:
		delete(r.sending, ev.Path)
		if g.current = slices.DeleteFunc(g.current, func(p string) bool { return p == ev.Path }); !ev.Over {
			g.current, r.sending[ev.Path] = append(g.current, ev.Path), true
		}
	case pipeline.FileEnd:
		file, ok := r.folder.taken[ev.Path]
		if !ok {
			return // the watcher has come with what it is now
		}
		delete(r.folder.taken, ev.Path)
		delete(r.open, ev.Path)
		w.fileEnd(r.folder, file, r.endOf(file, ev.File))
	case pipeline.FileConfirmed:
		w.confirmed(r.folder, ev)
		r.confirmed(ev)
	case pipeline.Waiting:
		w.waits(ev.For, ev.Until)
	}
}

// confirmed tells what became of a file whose media item was asked about.
func (w *Watch) confirmed(f *folder, ev pipeline.FileConfirmed) {
	switch {
	case ev.Did != "":
		w.note(AfterNote, f.job.Root, fmt.Sprintf("%s %s", ev.Did, ev.Path))
	case ev.Kept != "":
		w.note(AfterNote, f.job.Root, fmt.Sprintf("%s stays: %s", ev.Path, ev.Kept))
	}
}

// waits notes that calls wait. The caller holds mu.
func (w *Watch) waits(reason string, until time.Time) {
	g := &w.figures
	if until.After(g.waitTill) {
		g.waitTill = until
	}
	if strings.Contains(reason, "slow down") {
		g.rates[len(g.rates)-1].Limited++
	}
}

// waits is told so by a connection.
func (a *account) waits(reason string, until time.Time) {
	a.watch.lock()
	defer a.watch.unlock()
	a.watch.waits(reason, until)
}

// runEnded adds what a run has done to the sums.
func (g *figures) runEnded(r *run) {
	for stage, p := range r.progress {
		sum := g.stages[stage]
		sum.Done, sum.Bytes = sum.Done+p.Done, sum.Bytes+p.Bytes
		g.stages[stage] = sum
	}
	g.handed += r.handed
	for path := range r.sending {
		g.current = slices.DeleteFunc(g.current, func(p string) bool { return p == path })
	}
}

// roll begins the next ten seconds.
func (g *figures) roll(now time.Time) {
	last := &g.rates[len(g.rates)-1]
	if g.waitTill.After(last.At) {
		end := now
		if g.waitTill.Before(now) {
			end = g.waitTill
		}
		last.Waited = end.Sub(last.At)
	}
	g.rates = keep(append(g.rates, Rate{At: now}), mostRates)
}

// sums says all ends in a line.
func (g *figures) sums() string {
	var parts []string
	for _, e := range report.Ends() {
		if n := g.ends[e]; n > 0 {
			parts = append(parts, fmt.Sprintf("%d %s", n, e))
		}
	}
	if open := g.open(); open > 0 {
		parts = append(parts, fmt.Sprintf("%d left for the next start", open))
	}
	if len(parts) == 0 {
		return "no file was found"
	}
	return fmt.Sprintf("%d found = %s", g.found, strings.Join(parts, " + "))
}

// open is the number of files that have no end yet.
func (g *figures) open() int {
	n := g.found
	for _, ended := range g.ends {
		n -= ended
	}
	return n
}

// shown are the failures as a person sees them, the newest first.
func (g *figures) shown() (out []Failure, total int) {
	for _, x := range g.failures {
		if !x.open {
			out = append(out, x.Failure)
		}
	}
	slices.SortFunc(out, func(a, b Failure) int { return cmp.Or(b.Failed.Compare(a.Failed), strings.Compare(a.Path, b.Path)) })
	return out[:min(len(out), mostShownFailures)], max(len(out), g.ends[report.Failed])
}

// keep keeps the last values of a list.
func keep[T any](list []T, most int) []T {
	if len(list) <= most {
		return list
	}
	return slices.Delete(list, 0, len(list)-most)
}
