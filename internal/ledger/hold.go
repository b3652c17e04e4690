package ledger

import (
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"time"

	"github.com/gofrs/flock"
)

// The names of a ledger's lock and of what stands beside it about who has it end so.
const (
	lockName = ".lock"
	heldBy   = ".held-by"
)

// holder is who holds a ledger. It stands in a file of its own, since Windows lets nobody read or write one that is locked.
type holder struct {
	PID   int       `json:"pid"`
	Since time.Time `json:"since"`
}

// hold is the right to write a ledger.
type hold struct {
	path string
	lock *flock.Flock
}

// takeHold takes the lock beside the ledger. The lock belongs to the open file, so it ends with the process, however that ends.
func takeHold(path string) (*hold, error) {
	h := &hold{path: path, lock: flock.New(path + lockName)}
	ok, err := h.lock.TryLock()
	if err != nil {
		return nil, fmt.Errorf("ledger lock: %w", err)
	}
	if !ok {
		return nil, fmt.Errorf("%w%s: %s", ErrLocked, who(path), path)
	}
	me, err := json.Marshal(holder{PID: os.Getpid(), Since: time.Now().UTC().Truncate(time.Second)})
	if err == nil {
		err = os.WriteFile(path+heldBy, me, 0o600)
	}
	if err != nil {
		return nil, errors.Join(fmt.Errorf("ledger lock: %w", err), h.lock.Unlock())
	}
	return h, nil
}

// end lets others in.
func (h *hold) end() error { return errors.Join(os.Remove(h.path+heldBy), h.lock.Unlock()) }

func who(path string) string {
	var h holder
	if b, err := os.ReadFile(path + heldBy); err != nil || json.Unmarshal(b, &h) != nil {
		return " by another process"
	}
	return fmt.Sprintf(" by process %d since %s", h.PID, h.Since.Local().Format("2006-01-02 15:04:05"))
}
