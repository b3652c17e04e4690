package watch

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"time"

	"github.com/albumwright/albumwright/internal/ledger"
	"github.com/albumwright/albumwright/internal/report"
	"github.com/albumwright/albumwright/pipeline"
	"github.com/albumwright/albumwright/watcher"
)

// leftAtOnce is how many files that are left out are recorded together.
const leftAtOnce = 1000

// reasonLeft is why a file is skipped that was there before its folder was watched.
const reasonLeft = "was there before the folder was watched"

// leaving is what is known about the first time that a folder was watched. It is guarded by the watch's mu.
type leaving struct {
	at       ledger.Watched
	recorded ledger.Watched // what the ledger has of it
	files    []ledger.LeftOut
}

// remember finds out since when a folder is watched, unless that is known.
func (f *folder) remember(ctx context.Context) error {
	f.watch.mu.Lock()
	known := f.leaving.known()
	f.watch.mu.Unlock()
	if known {
		return nil
	}
	var at ledger.Watched
	hadFiles := false
	r, err := ledger.OpenRead(ctx, f.account.ledger)
	if err == nil {
		at, err = r.Watched(ctx, f.job.Root)
		if err == nil {
			hadFiles, err = r.Knows(ctx, f.job.Root)
		}
		err = errors.Join(err, r.Close())
	}
	if err != nil && !errors.Is(err, ledger.ErrNone) {
		return fmt.Errorf("%w: %w", pipeline.ErrLedger, err)
	}
	f.watch.lock()
	defer f.watch.unlock()
	f.leaving.recorded, f.hadFiles = at, hadFiles
	if at.Since.IsZero() {
		at.Since = time.Now().Round(0)
	}
	f.leaving.at = at
	return nil
}

// rememberAtLast does so as soon as the ledger can be read, or ctx ends. Without it the folder must not be looked at: what was left out would be sent.
func (f *folder) rememberAtLast(ctx context.Context) {
	for tries := 0; ; tries++ {
		err := f.remember(ctx)
		if ctx.Err() != nil {
			return
		}
		until := f.notRemembered(err, tries)
		if err == nil {
			return
		}
		timer := time.NewTimer(time.Until(until))
		select {
		case <-timer.C:
		case <-ctx.Done():
		}
		timer.Stop()
	}
}

// notRemembered notes why a folder is not begun with, and until when it waits; or that it is, when err is nil.
func (f *folder) notRemembered(err error, tries int) (next time.Time) {
	w := f.watch
	w.lock()
	defer w.unlock()
	before := f.unread
	if f.unread = nil; err == nil {
		if before != nil {
			w.note(MendedNote, f.job.Root, "going on: "+before.Kind+" is over")
		}
		return time.Time{}
	}
	now := time.Now()
	t := judge(err)
	t.What = f.job.Root + " is not watched yet: " + t.What
	t.Since, t.Until = now, until(err, t.Kind, tries, now)
	if t.Do == "" {
		t.Do = w.cfg.Hint(err)
	}
	if before != nil {
		t.Since = before.Since
	}
	if before == nil || before.What != t.What {
		w.note(TroubleNote, f.job.Root, t.line())
	}
	f.unread = &t
	return t.Until
}

// leftBefore leaves out a file that was there before the folder was watched for the first time, if that is wanted. Until that first look is over it goes by
// the system's own time of change: what has come since is new.
func (f *folder) leftBefore(file watcher.File) bool {
	if f.job.Initial != Skip || !f.leaving.at.Looked.IsZero() || !f.leaving.wasThere(file, time.Now()) {
		return false
	}
	f.drop(file)
	f.leaving.files = append(f.leaving.files, leftOut(file))
	f.watch.fileEnd(f, file, leftEnd(file))
	return true
}

// wasThere tells whether a file was there before. One that is from tomorrow was, too: then it is our clock that is wrong, as of a machine that begins without
// one, and all that is there would be sent.
func (l *leaving) wasThere(file watcher.File, now time.Time) bool {
	changed := file.Changed
	if changed.IsZero() {
		changed = file.ModTime
	}
	return changed.Before(l.at.Since) || changed.After(now.Add(24*time.Hour))
}

func leftEnd(file watcher.File) report.File {
	return report.File{Path: text(file.Path), Size: file.Size, End: report.Skipped, Reason: reasonLeft}
}

// known tells whether it was asked for.
func (l *leaving) known() bool { return !l.at.Since.IsZero() }

// due tells whether something of it is to be written.
func (l *leaving) due(f *folder) bool {
	return l.known() && (l.recorded.Since.IsZero() || len(l.files) >= leftAtOnce || f.scanned && l.recorded.Looked.IsZero())
}

// writeLeft records what is due.
func (f *folder) writeLeft(ctx context.Context) error {
	w := f.watch
	w.mu.Lock()
	due, files, at := f.leaving.due(f), f.leaving.files, f.leaving.at
	if f.scanned && at.Looked.IsZero() {
		at.Looked = time.Now().Round(0)
	}
	w.mu.Unlock()
	if !due {
		return nil
	}
	if err := f.writeLeftNow(ctx, files, at); err != nil {
		return err
	}
	w.lock()
	defer w.unlock()
	f.leaving.files = f.leaving.files[len(files):]
	f.leaving.recorded, f.leaving.at = at, at
	f.hasRoom()
	return nil
}

func (f *folder) writeLeftNow(ctx context.Context, files []ledger.LeftOut, at ledger.Watched) error {
	l, err := ledger.Open(ctx, f.account.ledger)
	if errors.Is(err, ledger.ErrLocked) {
		return err
	}
	if err == nil {
		err = l.LeaveOut(ctx, files)
		if err == nil {
			err = l.SetWatched(ctx, f.job.Root, at)
		}
		err = errors.Join(err, l.Close())
	}
	if err != nil {
		return fmt.Errorf("%w: %w", pipeline.ErrLedger, err)
	}
	return nil
}

// leftReader asks the ledger which files are left out.
type leftReader struct {
	folder *folder
	ledger *ledger.Reader
}

// has tells whether a file is left out, since it was there before its folder was watched and is still the same.
func (l *leftReader) has(ctx context.Context, file watcher.File) (bool, error) {
	if l.folder.job.Initial != Skip {
		return false, nil
	}
	var err error
	if l.ledger == nil {
		if l.ledger, err = ledger.OpenRead(ctx, l.folder.account.ledger); err != nil {
			return false, fmt.Errorf("%w: %w", pipeline.ErrLedger, err)
		}
	}
	yes, err := l.ledger.IsLeftOut(ctx, leftOut(file))
	if err != nil {
		return false, fmt.Errorf("%w: %w", pipeline.ErrLedger, err)
	}
	return yes, nil
}

// leftOut is a file as the ledger remembers it.
func leftOut(file watcher.File) ledger.LeftOut {
	return ledger.LeftOut{Dir: filepath.Dir(file.Path), Name: filepath.Base(file.Path), Size: file.Size, ModTime: file.ModTime}
}

func (l *leftReader) close() {
	if l.ledger != nil {
		_ = l.ledger.Close() // it was only read
	}
}

// stays ends a file that is left out.
func (f *folder) stays(file watcher.File) {
	f.watch.lock()
	defer f.watch.unlock()
	delete(f.taken, text(file.Path))
	f.watch.fileEnd(f, file, leftEnd(file))
}
