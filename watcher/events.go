package watcher

import (
	"context"
	"errors"
	"io/fs"
	"runtime"
	"strings"
	"sync"
	"syscall"

	"github.com/fsnotify/fsnotify"
)

// source tells of events in folders, not in those below them; tests have one of their own.
type source interface {
	Add(folder string) error
	Remove(folder string) error
	Events() <-chan fsnotify.Event
	Errors() <-chan error
	Close() error
}

type notifier struct{ w *fsnotify.Watcher }

func newNotifier() (source, error) {
	w, err := fsnotify.NewWatcher()
	if err != nil {
		return nil, err
	}
	return notifier{w}, nil
}

func (n notifier) Add(folder string) error       { return n.w.Add(folder) }
func (n notifier) Remove(folder string) error    { return n.w.Remove(folder) }
func (n notifier) Events() <-chan fsnotify.Event { return n.w.Events }
func (n notifier) Errors() <-chan error          { return n.w.Errors }
func (n notifier) Close() error                  { return n.w.Close() }

// errOverflow: events were lost, and with them what folders are called now. All has to be watched and listed anew.
var errOverflow = errors.New("events were lost")

// limitError is why folders cannot be watched for events.
type limitError struct{ why string }

func (e limitError) Error() string { return e.why }

// limitOf says why there are no events, and what can be done about it.
func limitOf(err error) limitError {
	switch {
	case runtime.GOOS == "linux" && errors.Is(err, syscall.ENOSPC):
		return limitError{"inotify limit: raise fs.inotify.max_user_watches" + sysctl("max_user_watches")}
	case runtime.GOOS == "linux" && errors.Is(err, syscall.EMFILE):
		return limitError{"inotify limit: raise fs.inotify.max_user_instances" + sysctl("max_user_instances")}
	case errors.Is(err, syscall.EMFILE), errors.Is(err, syscall.ENFILE):
		return limitError{"too many open files: raise the limit (ulimit -n)"}
	}
	return limitError{"no events: " + err.Error()}
}

// ofOneFolder reports whether a refusal to watch is about this folder alone: it is gone, or the listing will complain about it, too.
func ofOneFolder(err error) bool {
	return isGone(err) || errors.Is(err, fs.ErrPermission) || errors.Is(err, syscall.ELOOP) || errors.Is(err, syscall.ENAMETOOLONG)
}

// watches are the folders of a session that send events. The events themselves are taken by one goroutine, errors by another, and neither ever waits for the
// rest of the session: the system's queue is always drained.
type watches struct {
	source source

	mu      sync.Mutex
	folders map[string]struct{}
}

// add watches a folder, again if need be: it may be another one than the last time.
func (w *watches) add(folder string) error {
	// Noted first: if the folder moves away now, its event finds it here and removes it.
	w.mu.Lock()
	w.folders[folder] = struct{}{}
	w.mu.Unlock()
	err := w.source.Add(folder)
	if err == nil {
		return nil
	}
	w.mu.Lock()
	delete(w.folders, folder)
	w.mu.Unlock()
	switch {
	case ofOneFolder(err):
		return nil
	case errors.Is(err, fsnotify.ErrClosed):
		return context.Canceled // the session is at its end
	}
	return limitOf(err)
}

// remove forgets a folder that went away, and when it was moved, all below it: they would go on to send events under their old names.
func (w *watches) remove(folder string, moved bool) {
	for _, f := range w.forget(folder, moved) {
		_ = w.source.Remove(f) // it fails where the system was faster
	}
}

func (w *watches) forget(folder string, moved bool) (gone []string) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if _, ok := w.folders[folder]; !ok {
		return nil // a file, most of the time
	}
	gone = append(gone, folder)
	if moved {
		prefix := join(folder, "")
		for f := range w.folders {
			if strings.HasPrefix(f, prefix) {
				gone = append(gone, f)
			}
		}
	}
	for _, f := range gone {
		delete(w.folders, f)
	}
	return gone
}

func (w *watches) has(folder string) bool {
	w.mu.Lock()
	defer w.mu.Unlock()
	_, ok := w.folders[folder]
	return ok
}

// events calls note with each event until ctx ends.
func (w *watches) events(ctx context.Context, note func(fsnotify.Event)) error {
	for {
		select {
		case <-ctx.Done():
			return ctx.Err()
		case e, ok := <-w.source.Events():
			if !ok {
				return errOverflow // it ended by itself: begin anew
			}
			if e.Has(fsnotify.Remove) || e.Has(fsnotify.Rename) {
				w.remove(e.Name, e.Has(fsnotify.Rename))
			}
			note(e)
		}
	}
}

// errors ends the session with the first error: whatever it is, events may have been lost. It goes on until the source is closed, which would else wait to
// tell the next one.
func (w *watches) errors(end context.CancelCauseFunc) {
	for range w.source.Errors() {
		end(errOverflow)
	}
}
