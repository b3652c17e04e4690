package emulator

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
	"strconv"
)

// pageRequest is what a listing was asked for.
type pageRequest struct {
	scope          string // the method and its parameters
	token          string // "" = from the start
	size           int    // as asked for; 0 = the standard size
	standard, most int
}

// cursor is the place of the last thing that a page showed. It names the thing,
// not a count, so that what is added between two pages shifts nothing.
type cursor [2]int

// listing is what pages are cut from, as it is shown.
type listing[T any] struct {
	n      int
	at     func(i int) T               // the i-th thing
	mark   func(thing T, i int) cursor // the cursor of the i-th thing
	resume func(cursor) int            // the index of the first thing after a cursor
}

// page cuts one page out of a listing. next is empty on the last page: only its
// absence ends a listing (contract 0 #19). s.mu is held.
func page[T any](s *Server, p pageRequest, l listing[T]) (shown []T, next string, err *apiError) {
	if err := pageSizeInRange(&p); err != nil {
		return nil, "", err
	}
	from := 0
	if p.token != "" {
		at, ok := s.openPageToken(p)
		if !ok {
			return nil, "", errInvalid("Invalid page token.")
		}
		from = l.resume(at)
	}
	to := min(from+p.size, l.n)
	for i := from; i < to; i++ {
		shown = append(shown, l.at(i))
	}
	if from < to && to < l.n {
		next = s.sealPageToken(p, l.mark(shown[len(shown)-1], to-1))
	}
	return shown, next, nil
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
func (s *Server) sealPageToken(p pageRequest, at cursor) string {
	raw := binary.AppendUvarint(nil, uint64(at[0]))
	raw = binary.AppendUvarint(raw, uint64(at[1]))
	return base64.RawURLEncoding.EncodeToString(append(s.pageSeal(p, raw), raw...))
}

// openPageToken reads a token that this server made for this very request.
func (s *Server) openPageToken(p pageRequest) (at cursor, ok bool) {
	raw, err := base64.RawURLEncoding.Strict().DecodeString(p.token)
	if err != nil || len(raw) < sha256.Size {
		return at, false
	}
	seal, raw := raw[:sha256.Size], raw[sha256.Size:]
	if !hmac.Equal(seal, s.pageSeal(p, raw)) {
		return at, false
	}
	a, n := binary.Uvarint(raw)
	b, _ := binary.Uvarint(raw[n:])
	return cursor{int(a), int(b)}, true
}

func (s *Server) pageSeal(p pageRequest, raw []byte) []byte {
	mac := hmac.New(sha256.New, s.pageKey[:])
	mac.Write([]byte(p.scope + " " + strconv.Itoa(p.size) + "\x00"))
	mac.Write(raw)
	return mac.Sum(nil)
}
