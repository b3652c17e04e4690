package emulator

import (
	"crypto/sha256"
	"encoding/binary"
	"errors"
	"fmt"
	"strings"
	"time"
)

// Hostility is what the service is free to do and what clients tend not to
// expect. Unlike a [Fault] nothing of it is a failure: a good client does not
// notice. The zero value is a service that does none of it.
//
// What happens is drawn from Seed and from what is asked for, so that the same
// listing is cut into the same pages and the same answer written in the same
// way, in this run of the emulator and in any other.
type Hostility struct {
	// Seed picks one of many hostilities.
	Seed uint64

	// ShortPages lets pages of all listings be shorter than asked for, or empty,
	// and go on; even where nothing more comes (contract 0 #19).
	ShortPages bool

	// RepeatedItems lets a page begin with the thing at which the page before it
	// ended (contract 5, search).
	RepeatedItems bool

	// VisibleAfter is how long a new media item is missing from listings and
	// searches. By its id it is found at once (contract 12 #28).
	VisibleAfter time.Duration

	// ShuffleFields writes the members of JSON objects in another order, and adds
	// some of names that the API does not have.
	ShuffleFields bool
}

func (h Hostility) valid() error {
	if h.VisibleAfter < 0 {
		return errors.New("emulator: Config.Hostility.VisibleAfter is negative")
	}
	return nil
}

// seen reports whether an item is old enough for listings.
func (h Hostility) seen(it *item, now time.Time) bool {
	return h.VisibleAfter == 0 || now.Sub(it.created) >= h.VisibleAfter
}

// unrulyPage is what becomes of a page. The zero value but for size is nothing.
type unrulyPage struct {
	size    int  // things on it, at most
	goesOn  bool // it has a token, even if nothing follows
	repeats bool // the next one begins with its last thing
}

// page draws what becomes of a page of a listing: of four, one is empty, two are
// short and one is full.
func (h Hostility) page(p pageRequest, turn int) unrulyPage {
	u := unrulyPage{size: p.size}
	method, _, _ := strings.Cut(p.scope, " ") // the parameters have ids, which are random
	lot := h.draw(fmt.Sprintf("page %d of %d of %s", turn, p.size, method))
	if h.ShortPages {
		switch lot % 4 {
		case 0:
			u.size = 0
		case 1, 2:
			u.size = 1 + int(lot>>8%uint64(p.size))
		}
		u.goesOn = lot>>40%2 == 0
	}
	u.repeats = h.RepeatedItems && lot>>48%2 == 0
	return u
}

// draw is a number that depends on the seed and on what it is for, and on
// nothing else.
func (h Hostility) draw(what string) uint64 {
	sum := sha256.Sum256(append(binary.BigEndian.AppendUint64(nil, h.Seed), what...))
	return binary.BigEndian.Uint64(sum[:])
}
