package budget

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/gofrs/flock"
)

// A job lives as long as its process holds its lock file. The kernel gives the lock back when the process ends, however it ends; a machine that was
// suspended, a clock that was set and a process number that is used again change nothing about it.

const lockPrefix, lockSuffix = "job-", ".lock"

func (s *store) lockPath(id string) string { return s.beside(lockPrefix + id + lockSuffix) }

// enlist writes a new job into the database. The write lock is held meanwhile, so that nobody takes its file for one left behind.
func (t *tx) enlist() (id string, lock *flock.Flock, err error) {
	id = rand.Text()
	lock = flock.New(t.store.lockPath(id), flock.SetPermissions(0o600))
	if _, err := lock.TryLock(); err != nil { // nobody else knows its name
		return "", nil, errors.Join(fmt.Errorf("lock file of a job: %w", err), lock.Close())
	}
	if _, err = t.ExecContext(t.ctx, "INSERT INTO jobs (id, held) VALUES (?, 0)", id); err != nil {
		return "", nil, errors.Join(err, lock.Close(), os.Remove(lock.Path()))
	}
	return id, lock, nil
}

// buryDead drops the holds of jobs whose process is gone.
func (t *tx) buryDead() error {
	jobs, err := readJobs(t.ctx, t)
	if err != nil {
		return err
	}
	for id := range jobs {
		if alive(t.store.lockPath(id)) {
			continue
		}
		if _, err := t.ExecContext(t.ctx, "DELETE FROM jobs WHERE id = ?", id); err != nil {
			return err
		}
	}
	return t.sweep()
}

// sweep removes lock files that nobody holds.
func (t *tx) sweep() error {
	files, err := os.ReadDir(filepath.Dir(t.store.path))
	if err != nil {
		return err
	}
	for _, f := range files {
		path := t.store.beside(f.Name())
		if !strings.HasPrefix(f.Name(), lockPrefix) || !strings.HasSuffix(f.Name(), lockSuffix) || alive(path) {
			continue
		}
		if err := os.Remove(path); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return err
		}
	}
	return nil
}

// alive tells whether somebody holds a lock file. It makes no file. Where it cannot be told the answer is yes: a hold too many is harmless.
func alive(path string) bool {
	if _, err := os.Stat(path); err != nil {
		return !errors.Is(err, fs.ErrNotExist)
	}
	lock := flock.New(path, flock.SetFlag(os.O_RDONLY))
	free, err := lock.TryRLock()
	_ = lock.Close()
	return !free || err != nil
}

// alone carries fn out while no other process does the same.
func alone(ctx context.Context, lockFile string, fn func() error) error {
	lock := flock.New(lockFile, flock.SetPermissions(0o600))
	if _, err := lock.TryLockContext(ctx, 10*time.Millisecond); err != nil {
		return errors.Join(err, lock.Close())
	}
	return errors.Join(fn(), lock.Close())
}
