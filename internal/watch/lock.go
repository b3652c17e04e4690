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

// lock keeps other watches from the folder, wherever it is, as long as the process lives. One that is watched already, with other settings, leaves its lock
// to this one; see inherit.
func (f *folder) lock(stateDir, place string) error {
	path := statePath(stateDir, pipeline.LedgerPath(f.job.Run)+"\x00"+place, ".lock")
	for _, other := range f.watch.folders {
		if other.locked != nil && other.locked.Path() == path {
			f.heirOf = other
			return nil
		}
	}
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		return fmt.Errorf("state folder: %w", err)
	}
	lock := flock.New(path)
	ok, err := lock.TryLock()
	switch {
	case err != nil:
		return fmt.Errorf("lock of the watch: %w", err)
	case !ok:
		return fmt.Errorf("%w%s: %s", ErrWatched, holder(path), f.job.Root)
	}
	f.locked = lock
	_ = os.WriteFile(path+".pid", []byte(fmt.Sprint(os.Getpid())), 0o600) // for a message only
	return nil
}

// inherit takes over the lock of the folder that this one is in the place of.
func (f *folder) inherit() {
	if f.heirOf != nil {
		f.locked, f.heirOf.locked, f.heirOf = f.heirOf.locked, nil, nil
	}
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

// statePath names a file of the state folder.
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
