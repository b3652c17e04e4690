package ingest

import (
	"os"

	"github.com/gofrs/flock"

	"github.com/albumwright/albumwright/internal/card"
)

// Hold keeps other processes of this machine from a card, whatever state folder they have: two of them would take each other's partial files for what a kill has
// left. It is [ErrLocked] if one of them is at work. The lock is on the open folder of the card, so nothing is written there, and it ends with the process; where a
// system has no such locks, nobody is kept out.
func Hold(c card.Card) (release func() error, err error) {
	lock := flock.New(c.Mount, flock.SetFlag(os.O_RDONLY))
	ok, err := lock.TryLock()
	switch {
	case err != nil:
		return func() error { return nil }, nil
	case !ok:
		return nil, ErrLocked
	}
	return lock.Unlock, nil
}
