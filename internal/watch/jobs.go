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

// check refuses jobs that cannot be carried out together, and says where their roots are.
func (w *Watch) check(jobs []Job) (map[string]place, error) {
	if len(jobs) == 0 {
		return nil, errors.New("no folder to watch")
	}
	places := w.disk.places(jobs)
	for i, a := range jobs {
		if err := places[a.Root].wrong; err != nil {
			return nil, fmt.Errorf("%s: %w", a.Root, err)
		}
		for _, b := range jobs[:i] {
			for _, pair := range [][2]Job{{a, b}, {b, a}} {
				inner, outer := pair[0], pair[1]
				if rel, ok := within(places[inner.Root], places[outer.Root]); ok && !outer.excludes(rel) {
					return nil, fmt.Errorf("%w: %s lies in %s; exclude it there, or leave it out", ErrNested, inner.Root, outer.Root)
				}
			}
		}
	}
	return places, nil
}

// within tells whether a folder is another one, or lies in it, and where. Links count: two names of one folder are one.
func within(inner, outer place) (rel string, yes bool) {
	rel, err := filepath.Rel(outer.path, inner.path)
	return rel, err == nil && (rel == "." || filepath.IsLocal(rel))
}

// Reload makes these the jobs of the watch, or with an error changes nothing. Those that stay as they are go on undisturbed; a run under way ends as it was begun.
func (w *Watch) Reload(jobs []Job) error {
	places, err := w.check(jobs)
	if err != nil {
		return err
	}
	w.lock()
	defer w.unlock()
	if w.draining {
		return errDraining
	}
	wanted := map[string]Job{}
	for _, job := range jobs {
		wanted[job.id()] = job
	}
	var removed []*folder
	for _, f := range w.folders {
		if _, stays := wanted[f.job.id()]; !stays {
			removed = append(removed, f)
		}
		delete(wanted, f.job.id())
	}
	added, err := w.prepareAll(wanted, places)
	if err != nil {
		return err
	}
	for _, f := range removed {
		err = errors.Join(err, w.remove(f))
	}
	for _, f := range added {
		w.add(f)
		w.start(f)
		f.account.start()
	}
	for _, a := range w.accounts {
		a.ring() // one without a folder ends
	}
	if w.paused {
		err = errors.Join(err, w.writePause())
	}
	w.note(Reloaded, "", fmt.Sprintf("configuration read again: watching %s", count(len(w.folders), "folder")))
	return err
}

// prepareAll makes folders, all or none. The caller holds mu.
func (w *Watch) prepareAll(jobs map[string]Job, places map[string]place) (all []*folder, err error) {
	for _, id := range slices.Sorted(maps.Keys(jobs)) {
		f, err := w.prepare(jobs[id], places[jobs[id].Root])
		if err != nil {
			for _, f := range all {
				err = errors.Join(err, f.unlock())
			}
			return nil, err
		}
		all = append(all, f)
	}
	for _, f := range all {
		f.inherit()
	}
	return all, nil
}

// prepare makes the folder of a job, which has its lock. The caller holds mu, or is alone.
func (w *Watch) prepare(job Job, at place) (*folder, error) {
	eyes, err := w.cfg.Open(job)
	if err != nil {
		return nil, err
	}
	f := newFolder(w, job, eyes)
	return f, f.lock(w.cfg.StateDir, at.path)
}

// add enters a folder. The caller holds mu, or is alone.
func (w *Watch) add(f *folder) {
	path := pipeline.LedgerPath(f.job.Run)
	if w.accounts[path] == nil {
		w.accounts[path] = newAccount(w, path, f.job)
	}
	f.account = w.accounts[path]
	f.account.job, f.account.stale, f.account.over = f.job, true, false
	w.folders = append(w.folders, f)
}

// remove ends the watching of a folder. The caller holds mu.
func (w *Watch) remove(f *folder) error {
	w.folders = slices.DeleteFunc(w.folders, func(other *folder) bool { return other == f })
	f.stop()
	f.removed = true
	w.figures.found -= f.ready
	f.ready = 0
	clear(f.groups)
	if r := f.account.running; r == nil || r.folder != f {
		f.dropAll()
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

// excludes tells whether the job leaves out what is at a path below its root.
func (j Job) excludes(rel string) bool {
	return rel != "." && watcher.Excludes(j.Run.Exclude, filepath.ToSlash(rel))
}
