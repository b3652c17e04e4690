package control

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"time"

	"github.com/gofrs/flock"
)

// The names of the lock of a ledger's watch, and of what stands beside it about who that is, end so.
const (
	lockName = ".watch.lock"
	recordOf = ".watch"
)

// lockPatience is for how long the lock of a ledger is tried: a caller that looks whether it is held holds it, too, for a moment.
const lockPatience = 500 * time.Millisecond

// record is who watches for a ledger, and where it listens. It is a file of its own, since Windows lets nobody read one that is locked.
type record struct {
	PID    int       `json:"pid"`
	Since  time.Time `json:"since"`
	Socket string    `json:"socket"`
}

// hold is the right to be the watch of a ledger. The lock ends with the process, however that ends.
type hold struct {
	ledger string
	lock   *flock.Flock
}

// takeHold makes this process the watch of a ledger, or says who is.
func takeHold(ledger string) (*hold, error) {
	if err := os.MkdirAll(filepath.Dir(ledger), 0o700); err != nil {
		return nil, fmt.Errorf("watch lock: %w", err)
	}
	h := &hold{ledger: ledger, lock: flock.New(ledger+lockName, flock.SetPermissions(0o600))}
	ctx, cancel := context.WithTimeout(context.Background(), lockPatience)
	defer cancel()
	ok, err := h.lock.TryLockContext(ctx, lockPatience/20)
	switch {
	case err != nil && ctx.Err() == nil:
		return nil, fmt.Errorf("watch lock: %w", err)
	case ok:
		return h, nil
	}
	if r, err := readRecord(ledger); err == nil {
		return nil, fmt.Errorf("%w: process %d, since %s, for %s", ErrRunning, r.PID, r.Since.Local().Format(time.DateTime), ledger)
	}
	return nil, fmt.Errorf("%w for %s", ErrRunning, ledger)
}

// tell writes down where this process listens.
func (h *hold) tell(r record) error {
	text, err := json.Marshal(r)
	if err != nil {
		return err
	}
	temp := h.ledger + recordOf + ".new"
	if err := os.WriteFile(temp, text, 0o600); err != nil {
		return fmt.Errorf("watch record: %w", err)
	}
	return os.Rename(temp, h.ledger+recordOf) // callers read while it is written
}

// end lets another watch in.
func (h *hold) end() error {
	err := os.Remove(h.ledger + recordOf)
	if errors.Is(err, os.ErrNotExist) {
		err = nil
	}
	return errors.Join(err, h.lock.Unlock())
}

func readRecord(ledger string) (r record, err error) {
	text, err := os.ReadFile(ledger + recordOf)
	if err == nil {
		err = json.Unmarshal(text, &r)
	}
	return r, err
}

// held tells whether a process is the watch of a ledger.
func held(ledger string) bool {
	if _, err := os.Stat(ledger + lockName); err != nil {
		return false
	}
	lock := flock.New(ledger + lockName)
	free, err := lock.TryRLock()
	_ = lock.Unlock()
	return err == nil && !free
}
