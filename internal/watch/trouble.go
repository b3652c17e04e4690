package watch

import (
	"context"
	"errors"
	"io/fs"
	"strings"
	"syscall"
	"time"

	"github.com/albumwright/albumwright/internal/auth"
	"github.com/albumwright/albumwright/internal/budget"
	"github.com/albumwright/albumwright/photos"
	"github.com/albumwright/albumwright/pipeline"
)

// The kinds of Trouble.
const (
	troubleSignIn  = "sign-in"
	troubleQuota   = "quota"
	troubleStorage = "storage full"
	troubleNetwork = "network"
	troubleDisk    = "disk full"
	troubleLocked  = "locked"
	troubleOffline = "offline"
	troubleStalled = "stalled"
	troubleTooMany = "failures"
	troubleError   = "error"
)

// signInEvery is how often one looks whether somebody has signed in.
const signInEvery = 30 * time.Second

// awayFor is how long a folder rests that turned out to be away, before one looks again.
const awayFor = 5 * time.Second

// sortOut deals with how a run ended: it may go on at once, or there is a trouble that has to pass. The trouble's error comes back.
func (a *account) sortOut(f *folder, err error) error {
	w := a.watch
	w.lock()
	defer w.unlock()
	switch {
	case err == nil, errors.Is(err, errNewer), errors.Is(err, errPaused), errors.Is(err, errDraining):
		a.mended()
		return nil
	case errors.Is(err, errOffline), errors.Is(err, pipeline.ErrRootGone):
		f.resting = time.Now().Add(awayFor)
		return err
	}
	now := time.Now()
	t := judge(err)
	if a.trouble == nil || a.trouble.Kind != t.Kind {
		t.Since, a.tries = now, 0
	} else {
		t.Since = a.trouble.Since
	}
	news := a.trouble == nil || a.trouble.Kind != t.Kind || a.trouble.What != t.What
	t.Until = until(err, t.Kind, a.tries, now)
	if t.Do == "" && (t.Kind == troubleSignIn || t.Kind == troubleError) {
		t.Do = w.cfg.Hint(err)
	}
	a.trouble = &t
	a.tries++
	if t.Kind == troubleSignIn {
		a.disconnect() // what the client thinks of the old token does not count for the next one
		if w.cfg.SignIn != nil {
			a.signIn = w.cfg.SignIn(a.job)
		}
	}
	if news {
		w.note(TroubleNote, "", t.line())
	}
	return err
}

// mended notes that the account works. The caller holds mu.
func (a *account) mended() {
	if a.trouble != nil {
		a.watch.note(MendedNote, "", "going on: "+a.trouble.Kind+" is over")
	}
	a.trouble, a.tries = nil, 0
}

// judge says what an error means for a watch.
func judge(err error) Trouble {
	t := Trouble{Kind: troubleError, What: err.Error()}
	missing := (*auth.Error)(nil)
	class := photos.Classify(err)
	switch {
	case errors.As(err, &missing):
		t.Kind, t.Do = troubleSignIn, missing.Do
	case class == photos.ClassUnauthenticated, class == photos.ClassForbidden:
		t.Kind = troubleSignIn
	case class == photos.ClassDailyQuota:
		t.Kind = troubleQuota
	case class == photos.ClassStorageFull:
		t.Kind, t.Do = troubleStorage, "make room in the Google account; it goes on by itself then"
	case class == photos.ClassTransient, class == photos.ClassRateLimited, errors.Is(err, auth.ErrUnreachable):
		t.Kind = troubleNetwork
	case errors.Is(err, pipeline.ErrLocked):
		t.Kind, t.Do = troubleLocked, "nothing: it goes on when the other one has ended"
	case noRoom(err):
		t.Kind, t.Do = troubleDisk, "make room on the disk of the state folder; it goes on by itself then"
	case errors.Is(err, fs.ErrPermission):
		t.Do = "check the permissions of the state folder"
	}
	return t
}

// noRoom tells whether the disk of the state folder is full.
func noRoom(err error) bool {
	if !errors.Is(err, pipeline.ErrLedger) && !errors.Is(err, budget.ErrUnusable) {
		return errors.Is(err, syscall.ENOSPC)
	}
	return errors.Is(err, syscall.ENOSPC) || strings.Contains(err.Error(), "full") || strings.Contains(err.Error(), "no space")
}

// until is when a trouble is tried again that has come so many times before.
func until(err error, kind string, tries int, now time.Time) time.Time {
	growing := func(steps ...time.Duration) time.Time { return now.Add(steps[min(tries, len(steps)-1)]) }
	switch kind {
	case troubleQuota:
		spent := budget.ErrSpent{}
		if errors.As(err, &spent) && spent.Until.After(now) {
			return spent.Until
		}
		return budget.NextReset(now)
	case troubleSignIn, troubleStorage:
		return now.Add(time.Hour)
	case troubleLocked:
		return growing(5*time.Second, 15*time.Second, 30*time.Second)
	case troubleDisk:
		return growing(30*time.Second, time.Minute, 5*time.Minute)
	case troubleNetwork:
		return growing(30*time.Second, time.Minute, 2*time.Minute, 5*time.Minute, 10*time.Minute)
	}
	return growing(time.Minute, 5*time.Minute, 30*time.Minute, time.Hour)
}

// line is a trouble for a log.
func (t Trouble) line() string {
	line := t.Kind + ": " + t.What
	if t.Do != "" {
		line += "; " + t.Do
	}
	if t.Kind == troubleQuota && !t.Until.IsZero() {
		line += "; waiting until " + t.Until.Local().Format("Mon 2006-01-02 15:04 MST")
	}
	return line
}

// Retry implements [Control].
func (w *Watch) Retry(_ context.Context, path string) (int, error) {
	w.lock()
	defer w.unlock()
	n := 0
	for _, a := range w.accounts {
		a.again()
	}
	for key, x := range w.figures.failures {
		if path != "" && key != text(path) || x.open {
			continue
		}
		if !x.folder.removed {
			x.folder.account.refused = x.folder.account.refused || x.permanent
			w.again(x)
			n++
		}
	}
	return n, nil
}

// Rescan implements [Control].
func (w *Watch) Rescan() {
	w.mu.Lock()
	folders := append([]*folder(nil), w.folders...)
	w.mu.Unlock()
	for _, f := range folders {
		f.eyes.Rescan()
	}
}

// reason is what the system said, without the path.
func reason(err error) string {
	if p := (*fs.PathError)(nil); errors.As(err, &p) {
		return p.Err.Error()
	}
	return err.Error()
}
