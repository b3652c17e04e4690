package watch

import (
	"errors"
	"io/fs"
)

// forgetGone forgets, after each scan, what had failed for good and is gone, or is a folder that can be read by now: neither is tried again, so nobody else
// would notice.
func (f *folder) forgetGone() {
	w := f.watch
	failed := f.failedForGood()
	gone := failed[:0]
	for _, x := range failed {
		info, err := w.disk.stat(x.file.Path)
		if errors.Is(err, fs.ErrNotExist) || err == nil && x.file.Folder && info.IsDir() && w.disk.readable(x.file.Path) {
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
