package watch

import (
	"cmp"
	"context"
	"fmt"
	"os"
	"time"

	"github.com/gofrs/flock"

	"github.com/albumwright/albumwright/internal/report"
	"github.com/albumwright/albumwright/photos"
	"github.com/albumwright/albumwright/watcher"
)

const (
	// full is how many files make a group due at once: as many as one batch can take.
	full = photos.MaxBatch
	// mostReady bounds the files of one folder that wait for a run. When it is reached the watcher waits, and what comes then is found by its next scan.
	mostReady = 20_000
	// offline is the State of a folder that is away.
	offline = "offline"
)

// folder is a job that is carried out. Its fields are guarded by the watch's mu.
type folder struct {
	watch   *Watch
	job     Job
	account *account
	eyes    Watcher
	locked  *flock.Flock
	heirOf  *folder // whose lock it is about to take over; nil is nobody's
	stop    context.CancelFunc
	room    chan struct{} // is told when there is room for ready files again
	removed bool          // by a reload

	root     Root
	identity os.FileInfo // of the root when it was last seen to be there
	groups   map[string]*group
	resting  time.Time               // no run is begun before; its root is not what it should be
	odd      time.Time               // since when the root is another one than it was, although the watcher knows nothing of it; zero is not
	ready    int                     // files in groups
	taken    map[string]watcher.File // by path as text; files that runs were handed, and that have no end yet
	asked    map[string]*asked       // by path as text
	arrived  time.Time               // when the last file did
	scanned  bool                    // what was there at first has been handed over
	since    time.Time               // when it went offline
	leaving  leaving
	swept    time.Time // the scan after which files that had failed were looked for
	hadFiles bool      // files of it were known when the watch began
	unread   *Trouble  // why it is not begun with; nil is nothing
}

func newFolder(w *Watch, job Job, eyes Watcher) *folder {
	job.BatchTimeout, job.Settle = cmp.Or(job.BatchTimeout, DefaultBatchTimeout), cmp.Or(job.Settle, DefaultSettle)
	return &folder{
		watch: w, job: job, eyes: eyes, room: make(chan struct{}, 1), stop: func() {}, root: eyes.Root(),
		groups: map[string]*group{}, taken: map[string]watcher.File{}, asked: map[string]*asked{},
	}
}

// start begins to watch a folder. The caller holds mu.
func (w *Watch) start(f *folder) {
	ctx, stop := context.WithCancel(w.ctx)
	f.stop = stop
	w.group.Go(func() error {
		f.rememberAtLast(ctx)
		err := f.eyes.Run(ctx, f.come)
		if ctx.Err() != nil {
			return nil
		}
		return fmt.Errorf("watching %s: %w", f.job.Root, err)
	})
	w.group.Go(func() error { return f.follow(ctx) })
}

// follow notes how it stands with the root.
func (f *folder) follow(ctx context.Context) error {
	scanned := f.eyes.Scanned()
	again := time.NewTicker(time.Second)
	again.Stop()
	defer again.Stop()
	for {
		f.look()
		f.forgetGone()
		select {
		case <-f.eyes.Changed():
		case <-again.C:
		case <-scanned:
			scanned = nil
			again.Reset(time.Second)
		case <-ctx.Done():
			return nil
		}
		if scanned == nil && f.firstLookEnded() {
			again.Stop()
		}
	}
}

// look takes over what the watcher says about the root.
func (f *folder) look() {
	w, root := f.watch, f.eyes.Root()
	w.mu.Lock()
	before, unknown := f.root.State, f.identity == nil
	w.mu.Unlock()
	var identity os.FileInfo
	if root.State != offline && (before != root.State || unknown) {
		identity, _ = w.disk.stat(f.job.Root)
	}
	w.lock()
	defer w.unlock()
	f.root = root
	if identity != nil {
		f.identity = identity
	}
	switch {
	case f.root.State == offline && f.since.IsZero():
		f.since = time.Now()
		w.note(FolderNote, f.job.Root, join(f.job.Root+" is offline", f.root.Why)+"; nothing is forgotten, it goes on when the folder is back")
		f.account.stopIfRunning(f, errOffline)
	case f.root.State != offline && !f.since.IsZero():
		f.since = time.Time{}
		w.note(FolderNote, f.job.Root, fmt.Sprintf("%s is back: %s", f.job.Root, f.root.State))
	case f.root.State == "polling" && before != "polling":
		w.note(FolderNote, f.job.Root, join("looking at "+f.job.Root+" again and again, since nobody tells what changes there", f.root.Why))
	}
	f.account.ring()
}

// firstLookEnded notes that all that was there at first has been handed over, if it has: a folder that was not there then is looked at first when it comes.
func (f *folder) firstLookEnded() bool {
	root := f.eyes.Root()
	if root.State == offline || root.LastScan.IsZero() || root.Scanning || root.Settling > 0 && time.Since(root.LastScan) < firstPatience*f.job.Settle {
		return false
	}
	f.watch.lock()
	defer f.watch.unlock()
	if f.scanned {
		return true
	}
	f.scanned = true
	f.watch.note(FolderNote, f.job.Root, join(fmt.Sprintf("%s: %s there", f.job.Root, count(int(root.Files), "file")), f.oddlyEmpty(root)))
	f.account.ring()
	return true
}

// oddlyEmpty says what is odd about a folder in which there is nothing, although there was when it was last watched: a disk that was not mounted when the machine
// began looks like that, and nobody could tell otherwise. The caller holds mu.
func (f *folder) oddlyEmpty(root Root) string {
	if root.Files > 0 || !f.hadFiles || !f.scanned || root.State == offline || !f.job.Run.After.Keeps() {
		return ""
	}
	return "empty, and files of it are known: if it is a disk, is it mounted?"
}

// firstPatience is how many settle times a folder may take until what was there at first is complete. What is written then still is not waited for.
const firstPatience = 3

// come takes a file from the watcher. It waits while too many wait already.
func (f *folder) come(ctx context.Context, file watcher.File) error {
	for {
		if f.enter(file) {
			return nil
		}
		select {
		case <-f.room:
		case <-ctx.Done():
			return context.Cause(ctx)
		}
	}
}

// enter puts a file among those that are ready, if there is room.
func (f *folder) enter(file watcher.File) bool {
	w := f.watch
	w.lock()
	defer w.unlock()
	switch {
	case f.removed, w.draining:
		return true // the next start finds it
	case f.ready+len(f.leaving.files) >= mostReady:
		return false
	case file.Skip != "":
		f.leaveOut(file)
		return true
	}
	f.arrived = time.Now()
	f.found(file)
	if !f.leftBefore(file) {
		f.put(file, f.arrived)
	}
	f.account.ring()
	return true
}

// found counts a file, unless it waits already: then this is what it has become. Of one that a run was handed both count, and each has its end.
func (f *folder) found(file watcher.File) {
	w := f.watch
	if a := f.asked[text(file.Path)]; a != nil && !a.open {
		delete(f.asked, text(file.Path)) // it is another one now
	}
	failed := w.figures.forgetFailure(file.Path)
	switch _, taken := f.taken[text(file.Path)]; {
	case f.group(file).has(file.Path):
	case failed && !taken: // it was counted, and is open again
	default:
		w.figures.found++
	}
}

// leaveOut counts a file that is not taken. What cannot be read is a failure: it may be a photo.
func (f *folder) leaveOut(file watcher.File) {
	if file.Folder && file.Skip != watcher.SkipUnreadable {
		return
	}
	end := report.File{Path: text(file.Path), Size: file.Size, End: report.Skipped, Reason: string(file.Skip)}
	if file.Skip == watcher.SkipUnreadable {
		end.End, end.Permanent = report.Failed, true // until it changes
		if file.Err != nil {
			end.Reason = reason(file.Err)
		}
	}
	f.found(file)
	f.drop(file)
	f.watch.fileEnd(f, file, end)
}

// dropTaken forgets the files that runs were handed and did not end.
func (f *folder) dropTaken() {
	f.watch.figures.found -= len(f.taken)
	clear(f.taken)
}

// dropAll forgets all that a folder that was removed has left. The caller holds mu.
func (f *folder) dropAll() {
	f.dropTaken()
	g := &f.watch.figures
	for path, x := range g.failures {
		if x.folder == f && g.forgetFailure(path) && !x.open {
			g.found--
		}
	}
}

// away tells whether the root is not the folder that it was: gone, or another file system. The watcher may not know it yet; if it looks again and finds
// nothing wrong, the root is taken as it is.
func (f *folder) away() bool {
	now, err := f.watch.disk.stat(f.job.Root)
	root := f.eyes.Root()
	f.watch.mu.Lock()
	defer f.watch.mu.Unlock()
	switch {
	case root.State == offline || err != nil:
		return true
	case f.identity == nil || os.SameFile(f.identity, now):
		f.odd = time.Time{}
		return false
	case f.odd.IsZero():
		f.odd = time.Now()
		f.eyes.Rescan()
		return true
	case root.LastScan.After(f.odd):
		f.identity, f.odd = now, time.Time{}
		return false
	}
	return true
}

func join(a, b string) string {
	if b == "" {
		return a
	}
	return a + " (" + b + ")"
}
