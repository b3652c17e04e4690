package watch

import (
	"errors"
	"io/fs"
)

// forgetGone forgets, after each scan, the files that had failed for good and are gone: they are not tried again, so nobody else would notice.
func (f *folder) forgetGone() {
	w := f.watch
	failed := f.failedForGood()
	gone := failed[:0]
	for _, x := range failed {
		if _, err := w.disk.stat(x.file.Path); errors.Is(err, fs.ErrNotExist) {
			gone = append(gone, x)
		}
	}
	if len(gone) == 0 || f.away() {
		return
	}
	w.lock()
	defer w.unlock()
	for _, x := range gone {
		if w.figures.failures[x.Path] == x && !x.open {
			w.figures.forgetFailure(x.Path)
			w.figures.found--
		}
	}
}

// failedForGood are the files that are not tried again by themselves, if there was a scan since they were asked for.
func (f *folder) failedForGood() (failed []*failure) {
	f.watch.mu.Lock()
	defer f.watch.mu.Unlock()
	if f.root.State == offline || !f.root.LastScan.After(f.swept) {
		return nil
	}
	f.swept = f.root.LastScan
	for _, x := range f.watch.figures.failures {
		if x.folder == f && x.permanent && !x.open {
			failed = append(failed, x)
		}
	}
	return failed
}
