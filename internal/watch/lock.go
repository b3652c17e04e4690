package watch

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"github.com/gofrs/flock"

	"github.com/albumwright/albumwright/pipeline"
)

// lock keeps other watches from the folder, as long as the process lives.
func (f *folder) lock(stateDir string) error {
	path := f.statePath(stateDir, f.job.Root, ".lock")
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		return fmt.Errorf("state folder: %w", err)
	}
	f.locked = flock.New(path)
	ok, err := f.locked.TryLock()
	switch {
	case err != nil:
		return fmt.Errorf("lock of the watch: %w", err)
	case !ok:
		f.locked = nil
		return fmt.Errorf("%w%s: %s", ErrWatched, holder(path), f.job.Root)
	}
	_ = os.WriteFile(path+".pid", []byte(fmt.Sprint(os.Getpid())), 0o600) // for a message only
	return nil
}

func (f *folder) unlock() error {
	if f.locked == nil {
		return nil
	}
	_ = os.Remove(f.locked.Path() + ".pid")
	err := f.locked.Unlock()
	f.locked = nil
	return err
}

// statePath names a file for a root and an account.
func (f *folder) statePath(stateDir, root, ending string) string {
	return statePath(stateDir, pipeline.LedgerPath(f.job.Run)+"\x00"+resolved(root), ending)
}

func statePath(stateDir, what, ending string) string {
	sum := sha256.Sum256([]byte(what))
	return filepath.Join(stateDir, "watch", hex.EncodeToString(sum[:8])+ending)
}

func holder(lock string) string {
	pid, err := os.ReadFile(lock + ".pid")
	if err != nil {
		return ""
	}
	return " (process " + strings.TrimSpace(string(pid)) + ")"
}
