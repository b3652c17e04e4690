package watch

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"slices"
	"strings"
	"time"

	"github.com/albumwright/albumwright/pipeline"
	"github.com/albumwright/albumwright/watcher"
)

const (
	// handful is how many files are taken out of the groups at a time.
	handful = 1000
	// mostOpen bounds the files of one run that are looked at and have no end yet: what has to be remembered if it dies. Files that are known end at once.
	mostOpen = 50_000
	// fewLeft is how many files of earlier runs may go together with newer ones; more would keep these waiting.
	fewLeft = full
	// sendingLong is after which time of sending a run makes room for something newer.
	sendingLong = 5 * time.Minute
)

// run is one run of the pipeline.
type run struct {
	account *account
	folder  *folder
	refused bool
	without bool // what earlier runs left is not part of it
	intake  context.Context
	stop    context.CancelCauseFunc
	began   time.Time
	first   bool // what is there at first is still being handed over

	// guarded by the watch's mu
	handed   int             // files given to the pipeline
	open     map[string]bool // of them: those without an end; by path as text
	sending  map[string]bool // by path as text
	looked   time.Time       // when its source ended; zero is not yet
	progress map[pipeline.Stage]pipeline.Progress
	ends     map[string]asked // how its files ended, if they are asked about then; by path as text
}

// begin makes a run, and sees to it that it ends gently when it has to.
func (a *account) begin(ctx context.Context, f *folder) *run {
	w := a.watch
	r := &run{account: a, folder: f, began: time.Now(), progress: map[pipeline.Stage]pipeline.Progress{}, open: map[string]bool{}, sending: map[string]bool{}, ends: map[string]asked{}}
	r.intake, r.stop = context.WithCancelCause(ctx)
	w.lock()
	defer w.unlock()
	a.running, r.first, r.refused = r, !f.scanned, a.refused
	a.refused = false
	switch {
	case w.draining: // it is the last one
	case w.paused:
		r.stop(errPaused)
	}
	return r
}

// end lets the next run begin.
func (r *run) end() {
	w := r.account.watch
	w.lock()
	defer w.unlock()
	r.stop(nil)
	r.account.running = nil
	w.figures.runEnded(r)
}

// source hands the pipeline what is due, and goes on for as long as more is: while what is there at first is still coming, also for what is not due yet.
func (r *run) source(ctx context.Context, visit func(watcher.File) error) error {
	defer r.lookEnded()
	if err := r.handOn(ctx, r.leftBefore(), visit); err != nil {
		return err
	}
	for {
		files, wait := r.more(time.Now())
		if len(files) > 0 {
			if err := r.handOn(ctx, files, visit); err != nil {
				return err
			}
			continue
		}
		if wait == 0 {
			return nil
		}
		timer := time.NewTimer(wait)
		select {
		case <-timer.C:
		case <-r.account.bell:
		case <-r.intake.Done():
			timer.Stop()
			return nil
		}
		timer.Stop()
	}
}

// leftBefore are files that earlier runs did not end, if they are few or nothing newer waits.
func (r *run) leftBefore() []watcher.File {
	w := r.account.watch
	w.lock()
	defer w.unlock()
	newer, _ := r.folder.due(time.Now())
	if r.without = len(r.folder.taken) > fewLeft && newer; r.without {
		return nil
	}
	return r.folder.left()
}

// more takes the next files; if there are none, but more are to be expected, it says how long to wait.
func (r *run) more(now time.Time) (files []watcher.File, wait time.Duration) {
	w, f := r.account.watch, r.folder
	w.lock()
	defer w.unlock()
	if len(r.open) >= mostOpen {
		return nil, 0
	}
	all := r.first && f.scanned // the first look has just ended: nothing of it waits for its batch
	if files = f.take(now, all, handful); len(files) > 0 || all || f.scanned || w.draining {
		return files, 0
	}
	quiet := now.Sub(f.arrived)
	if patience := 3 * f.job.BatchTimeout; quiet < patience {
		return nil, min(patience-quiet, time.Second)
	}
	return nil, 0
}

// handOn hands files to the pipeline, but for those that are no longer what they were: the watcher comes with what they are now.
func (r *run) handOn(ctx context.Context, files []watcher.File, visit func(watcher.File) error) error {
	left := leftReader{folder: r.folder}
	defer left.close()
	for _, file := range files {
		skip, err := left.has(ctx, file)
		if err != nil {
			return err
		}
		if skip {
			r.folder.stays(file)
			continue
		}
		if !r.still(file) {
			continue
		}
		r.hands(file)
		if err := visit(file); err != nil {
			return err
		}
	}
	return nil
}

func (r *run) hands(file watcher.File) {
	r.account.watch.mu.Lock()
	defer r.account.watch.mu.Unlock()
	r.handed++
	r.open[text(file.Path)] = true
}

// still tells whether a file is still there. One that is gone is forgotten, unless its folder is away.
func (r *run) still(file watcher.File) bool {
	now, err := r.account.watch.disk.stat(file.Path)
	switch {
	case err != nil && r.away(file.Path):
		return false // it stays taken
	case errors.Is(err, fs.ErrNotExist), err == nil && (now.Size() != file.Size || !now.ModTime().Equal(file.ModTime)):
		r.folder.forget(file)
		return false
	}
	return true
}

// forget drops a file that is gone, or another one by now.
func (f *folder) forget(file watcher.File) {
	f.watch.lock()
	defer f.watch.unlock()
	delete(f.taken, text(file.Path))
	delete(f.asked, text(file.Path))
	f.watch.figures.found--
}

// away tells whether a file cannot be read because its folder is away; then nothing more of it is begun.
func (r *run) away(string) bool {
	if !r.folder.away() {
		return false
	}
	r.stop(errOffline)
	return true
}

// lookEnded notes that the run begins to send, and lets it end when it does so for long and something newer is due.
func (r *run) lookEnded() {
	w := r.account.watch
	w.lock()
	defer w.unlock()
	r.looked = time.Now()
	w.group.Go(func() error {
		timer := time.NewTimer(sendingLong)
		defer timer.Stop()
		for {
			select {
			case <-timer.C:
			case <-r.intake.Done():
				return nil
			}
			if r.account.somethingNewer() {
				r.stop(errNewer)
				return nil
			}
			timer.Reset(10 * time.Second)
		}
	})
}

// somethingNewer tells whether anything is due that no run has taken yet.
func (a *account) somethingNewer() bool {
	a.watch.mu.Lock()
	defer a.watch.mu.Unlock()
	for _, f := range a.watch.folders {
		if yes, _ := f.due(time.Now()); yes && f.account == a && f.mayRun() {
			return true
		}
	}
	return false
}

// ended tells how the run ended.
func (r *run) ended(rep pipeline.Report, err error) {
	w := r.account.watch
	w.lock()
	defer w.unlock()
	w.figures.lastRun = time.Now()
	switch {
	case r.folder.removed: // nobody wants the others any more
		r.folder.dropAll()
	case err == nil && !r.without: // every file has its end
		r.folder.dropTaken()
	}
	var into []string
	for _, a := range rep.Albums {
		if a.Added > 0 {
			into = append(into, fmt.Sprintf("%s -> %s", count(a.Added, "file"), a.Title))
		}
	}
	slices.Sort(into)
	n := rep.Ends[pipeline.Uploaded]
	switch {
	case len(into) > 5:
		w.note(BatchNote, r.folder.job.Root, fmt.Sprintf("%s -> %d albums", count(n, "file"), len(into)))
	case len(into) > 0:
		w.note(BatchNote, r.folder.job.Root, strings.Join(into, ", "))
	case n > 0:
		w.note(BatchNote, r.folder.job.Root, count(n, "file")+" -> library")
	}
	for _, warning := range rep.Warnings {
		w.note(WarningNote, r.folder.job.Root, warning)
	}
}
