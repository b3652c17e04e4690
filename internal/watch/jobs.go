package watch

import (
	"errors"
	"fmt"
	"maps"
	"path/filepath"
	"slices"
	"time"

	"github.com/albumwright/albumwright/pipeline"
	"github.com/albumwright/albumwright/watcher"
)

// Job is a folder with all that is wanted of it. Root and Run are required.
type Job struct {
	Root string // absolute
	// Run is how its files are imported. The watch fills in Paths, API, Budget, Lanes, Source, Away, Intake and Observe.
	Run      pipeline.Config
	Rule     string // the rule for albums, in words
	ByFolder bool   // the files of a folder belong together; else those of the job do

	Settle, Rescan, Poll time.Duration // see watcher.WatchConfig; 0 is the default
	BatchTimeout         time.Duration // 0 is DefaultBatchTimeout
	Initial              Initial

	// Print is the same for two jobs that were configured alike. A job whose print stays is left alone by Reload.
	Print string
}

// checkJobs refuses jobs that cannot be carried out together.
func checkJobs(jobs []Job) error {
	if len(jobs) == 0 {
		return errors.New("no folder to watch")
	}
	for i, a := range jobs {
		if err := a.config(a.Root).Valid(); err != nil {
			return fmt.Errorf("%s: %w", a.Root, err)
		}
		for _, b := range jobs[:i] {
			for _, pair := range [][2]Job{{a, b}, {b, a}} {
				if inner, outer := pair[0], pair[1]; within(inner.Root, outer.Root) && !outer.excludes(inner.Root) {
					return fmt.Errorf("%w: %s lies in %s; exclude it there, or leave it out", ErrNested, inner.Root, outer.Root)
				}
			}
		}
	}
	return nil
}

// within tells whether a folder is another one, or lies in it. Links count: two names of one folder are one.
func within(inner, outer string) bool {
	inner, outer = resolved(inner), resolved(outer)
	rel, err := filepath.Rel(outer, inner)
	return err == nil && (rel == "." || filepath.IsLocal(rel))
}

func resolved(path string) string {
	if real, err := filepath.EvalSymlinks(path); err == nil {
		return real
	}
	return filepath.Clean(path)
}

// Reload makes these the jobs of the watch. Those that stay as they are go on undisturbed; a run under way ends as it was begun.
func (w *Watch) Reload(jobs []Job) error {
	if err := checkJobs(jobs); err != nil {
		return err
	}
	w.lock()
	defer w.unlock()
	wanted := map[string]Job{}
	for _, job := range jobs {
		wanted[job.id()] = job
	}
	var err error
	w.folders = slices.DeleteFunc(w.folders, func(f *folder) bool {
		_, stays := wanted[f.job.id()]
		if !stays {
			err = errors.Join(err, w.remove(f))
		}
		delete(wanted, f.job.id())
		return !stays
	})
	for _, id := range slices.Sorted(maps.Keys(wanted)) {
		if failed := w.add(wanted[id]); failed != nil {
			err = errors.Join(err, failed)
			continue
		}
		f := w.folders[len(w.folders)-1]
		if failed := f.remember(w.ctx); failed != nil {
			err = errors.Join(err, failed)
			continue
		}
		w.start(f)
		f.account.start()
	}
	w.note(Reloaded, "", fmt.Sprintf("configuration read again: watching %s", count(len(w.folders), "folder")))
	return err
}

// add enters a job. The caller holds mu, or is alone.
func (w *Watch) add(job Job) error {
	eyes, err := w.cfg.Open(job)
	if err != nil {
		return err
	}
	f := newFolder(w, job, eyes)
	if err := f.lock(w.cfg.StateDir); err != nil {
		return err
	}
	path := pipeline.LedgerPath(job.Run)
	if w.accounts[path] == nil {
		w.accounts[path] = newAccount(w, path, job)
	}
	f.account = w.accounts[path]
	f.account.job, f.account.stale, f.account.over = job, true, false
	w.folders = append(w.folders, f)
	return nil
}

// remove ends the watching of a folder. The caller holds mu.
func (w *Watch) remove(f *folder) error {
	f.stop()
	f.removed = true
	w.figures.found -= f.ready
	f.ready = 0
	clear(f.groups)
	if r := f.account.running; r == nil || r.folder != f {
		f.dropTaken()
	}
	for path, x := range w.figures.failures {
		if x.folder == f && w.figures.forgetFailure(path) && !x.open {
			w.figures.found--
		}
	}
	return f.unlock()
}

// config is how the files of a job are imported.
func (j Job) config(paths ...string) pipeline.Config {
	cfg := j.Run
	cfg.Paths = paths
	return cfg
}

// id tells jobs apart, those with other settings included.
func (j Job) id() string { return pipeline.LedgerPath(j.Run) + "\x00" + j.Root + "\x00" + j.Print }

// excludes tells whether the job leaves out what is below a path.
func (j Job) excludes(path string) bool {
	rel, err := filepath.Rel(resolved(j.Root), resolved(path))
	if err != nil || rel == "." {
		return false
	}
	return watcher.Excludes(j.Run.Exclude, filepath.ToSlash(rel))
}
