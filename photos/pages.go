package photos

import (
	"errors"
	"fmt"
	"hash/maphash"
	"iter"
	"slices"
)

// ErrPageToken says that the service does not take a page token, any more: it is too old, or of another listing. Only from its beginning can the listing be read
// then.
var ErrPageToken = errors.New("the page token is too old, or of another listing: begin anew")

// errRepeatedPage is a listing that would never end.
var errRepeatedPage = errors.New("the service answers with the page token that it was given")

// PageError is an error that ended a listing. What came before it was whole pages; From(Token) goes on with the page that failed.
type PageError struct {
	Token string // of the page that failed; "" is the first
	Err   error
}

// Error is that of the call.
func (e *PageError) Error() string { return e.Err.Error() }

// Unwrap is the error of the call.
func (e *PageError) Unwrap() error { return e.Err }

// Pages turns a page-by-page call into an iterator, beginning with the page of a token: what List, Search and InAlbum do, for those who make the calls in a way
// of their own. Pages may be short or empty and go on; only a missing token ends the
// listing. What comes again, since pages moved while they were read, is left out: 8 bytes are kept for each id, of which two in some billion may be taken for one.
func Pages[T any](from string, id func(T) string, page func(token string) (items []T, next string, err error)) iter.Seq2[T, error] {
	return func(yield func(T, error) bool) {
		var none T
		seen := seenIDs{seed: maphash.MakeSeed()}
		for token := from; ; {
			items, next, err := page(token)
			if err == nil && next != "" && next == token { // the same page for ever
				err = &Error{Op: "listing", Err: errRepeatedPage}
			}
			if err != nil {
				yield(none, &PageError{token, ofToken(token, err)})
				return
			}
			for _, it := range items {
				if id(it) != "" && seen.again(id(it)) {
					continue
				}
				if !yield(it, nil) {
					return
				}
			}
			if next == "" {
				return
			}
			token = next
		}
	}
}

// seenIDs remembers ids by their hashes, in many short lists: a map would take four times as much, and a listing may be of a million items.
type seenIDs struct {
	seed  maphash.Seed
	lists [1024][]uint64
}

// again tells whether an id was there before, and remembers it.
func (s *seenIDs) again(id string) bool {
	hash := maphash.String(s.seed, id)
	list := &s.lists[hash%uint64(len(s.lists))]
	if slices.Contains(*list, hash) {
		return true
	}
	*list = append(*list, hash)
	return false
}

// ofToken blames a refusal on the page token, which is all that tells this page from those before it.
func ofToken(token string, err error) error {
	if token == "" || Classify(err) != ClassInvalid || errors.Is(err, ErrNotSent) {
		return err
	}
	return fmt.Errorf("%w: %w", ErrPageToken, err)
}
