package emulator

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
	"math/bits"
	"strconv"
)

// maxLooked is how many things one page looks at, at most. A page of a search
// that matches little is then short, or empty, and the listing goes on behind it
// (contract 0 #19). So no page takes long, however large the library is.
const maxLooked = 10_000

// pageRequest is what a listing was asked for.
type pageRequest struct {
	scope          string // the method and its parameters
	token          string // "" = from the start
	size           int    // as asked for; 0 = the standard size
	standard, most int
}

// cursor is the place of a thing in a listing. It names the thing, not a count,
// so that what is added between two pages shifts nothing.
type cursor [2]int

// pagePlace is what a page token says: where the next page begins.
type pagePlace struct {
	turn  int // how many pages came before
	begun bool
	after cursor // the last thing that was looked at, if begun
}

// listing is what pages are cut from, as it is shown.
type listing[T any] struct {
	n      int
	at     func(i int) T               // the i-th thing
	mark   func(thing T, i int) cursor // the cursor of the i-th thing
	resume func(cursor) int            // the index of the first thing after a cursor; -1: there is no such place
	shows  func(T) bool                // whether a thing is shown; nil: all are
	skip   func(i int) int             // the first index from i on whose thing may be shown; nil: i
}

// page cuts one page out of a listing. next is empty on the last page: only its
// absence ends a listing (contract 0 #19). s.mu is held.
func page[T any](s *Server, p pageRequest, l listing[T]) (shown []T, next string, err *apiError) {
	if err := pageSizeInRange(&p); err != nil {
		return nil, "", err
	}
	at, known := s.openPageToken(p)
	from := 0
	if at.begun {
		from = l.resume(at.after)
	}
	if !known || from < 0 {
		return nil, "", errInvalid("Invalid page token.")
	}
	unruly := s.config.Hostility.page(p, at.turn)
	shown, last, to := l.look(from, unruly.size)
	if to < l.n || unruly.goesOn && len(shown) > 0 {
		if unruly.repeats && len(shown) > 1 {
			to = last
		}
		at.turn++
		if at.begun = to > 0; at.begun {
			at.after = l.mark(l.at(to-1), to-1)
		}
		next = s.sealPageToken(p, at)
	}
	return shown, next, nil
}

// look takes up to size things that are shown, from an index on; last is the
// index of the last of them. to is where the next page begins: at a thing that is
// shown, or where looking became too much, or at the end.
func (l listing[T]) look(from, size int) (shown []T, last, to int) {
	looked := 0
	for to = from; to < l.n && looked < maxLooked; looked++ {
		if l.skip != nil {
			if i := l.skip(to); i != to {
				to = i
				looked += bits.Len(uint(l.n)) // it was searched for
				continue
			}
		}
		if thing := l.at(to); l.shows == nil || l.shows(thing) {
			if len(shown) == size {
				break
			}
			shown, last = append(shown, thing), to
		}
		to++
	}
	return shown, last, to
}

// pageSizeInRange is strict where the service may clamp (contract 12 #14).
func pageSizeInRange(p *pageRequest) *apiError {
	switch {
	case p.size == 0:
		p.size = p.standard
	case p.size < 0 || p.size > p.most:
		return errField("page_size", "Page size must be between 1 and %d, not %d.", p.most, p.size)
	}
	return nil
}

// sealPageToken makes an opaque token that is good for the same request only
// (contract 5, search; 12 #15).
func (s *Server) sealPageToken(p pageRequest, at pagePlace) string {
	raw := binary.AppendUvarint(nil, uint64(at.turn))
	if at.begun {
		raw = binary.AppendUvarint(raw, uint64(at.after[0]))
		raw = binary.AppendUvarint(raw, uint64(at.after[1]))
	}
	return base64.RawURLEncoding.EncodeToString(append(s.pageSeal(p, raw), raw...))
}

// openPageToken reads a token that this server made for this very request. No
// token is the start.
func (s *Server) openPageToken(p pageRequest) (at pagePlace, known bool) {
	if p.token == "" {
		return at, true
	}
	raw, err := base64.RawURLEncoding.Strict().DecodeString(p.token)
	if err != nil || len(raw) < sha256.Size {
		return at, false
	}
	seal, raw := raw[:sha256.Size], raw[sha256.Size:]
	if !hmac.Equal(seal, s.pageSeal(p, raw)) {
		return at, false
	}
	turn, n := binary.Uvarint(raw)
	at.turn, raw = int(turn), raw[n:]
	if at.begun = len(raw) > 0; at.begun {
		a, n := binary.Uvarint(raw)
		b, _ := binary.Uvarint(raw[n:])
		at.after = cursor{int(a), int(b)}
	}
	return at, true
}

func (s *Server) pageSeal(p pageRequest, raw []byte) []byte {
	mac := hmac.New(sha256.New, s.pageKey[:])
	mac.Write([]byte(p.scope + " " + strconv.Itoa(p.size) + "\x00"))
	mac.Write(raw)
	return mac.Sum(nil)
}
