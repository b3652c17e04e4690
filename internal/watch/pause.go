package watch

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
)

// Pause implements [Control].
func (w *Watch) Pause(context.Context) error {
	w.lock()
	defer w.unlock()
	if err := w.writePause(); err != nil {
		return err
	}
	if !w.paused {
		w.paused = true
		w.note(PausedNote, "", "paused: what is being sent is finished, folders are watched on")
	}
	for _, a := range w.accounts {
		a.stopRun(errPaused)
	}
	return nil
}

// Resume implements [Control].
func (w *Watch) Resume(context.Context) error {
	w.lock()
	defer w.unlock()
	for path, a := range w.accounts {
		if err := os.Remove(w.pauseFile(path)); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return fmt.Errorf("resume: %w", err)
		}
		a.again()
	}
	if w.paused {
		w.paused = false
		w.note(ResumedNote, "", "going on")
	}
	return nil
}

// writePause notes for each account that it is paused. The caller holds mu.
func (w *Watch) writePause() error {
	for path := range w.accounts {
		if err := os.MkdirAll(filepath.Join(w.cfg.StateDir, "watch"), 0o700); err != nil {
			return fmt.Errorf("pause: %w", err)
		}
		if err := os.WriteFile(w.pauseFile(path), nil, 0o600); err != nil {
			return fmt.Errorf("pause: %w", err)
		}
	}
	return nil
}

// readPause tells whether an account was paused when the program ended.
func (w *Watch) readPause() bool {
	for path := range w.accounts {
		if _, err := os.Stat(w.pauseFile(path)); err == nil {
			return true
		}
	}
	return false
}

func (w *Watch) pauseFile(ledger string) string { return statePath(w.cfg.StateDir, ledger, ".paused") }
