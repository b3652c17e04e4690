package library

import (
	"context"
	"errors"
	"fmt"
	"hash/maphash"
	"iter"
	"strings"

	"github.com/albumwright/albumwright/internal/confirm"
	"github.com/albumwright/albumwright/photos"
)

// Why an id has no media item.
var (
	// ErrMalformed is a text that cannot be the id of a media item. It was not asked about: one such id has been seen to make a whole request fail.
	ErrMalformed = errors.New("this is no id of a media item")
	// ErrNoItem is an id of which the service knows no media item, or none that this app created.
	ErrNoItem = errors.New("the service shows this app no such media item")
	// ErrUnanswered is an id of which the service fails to say anything.
	ErrUnanswered = errors.New("the service fails whenever it is asked about it")
)

// Found is what became of one id.
type Found struct {
	ID   string
	Item photos.MediaItem // if Err is nil
	Err  error            // ErrMalformed, ErrNoItem or ErrUnanswered, with the service's words
}

// mostWaiting bounds what waits for a group to be full, when most of it needs no answer.
const mostWaiting = 10 * photos.MaxBatch

// Get reads media items by their ids, [photos.MaxBatch] in a request, in the order of the ids. An id that comes again is left out. What is wrong with one id
// stands in its Found; an error ends it.
func (r *Reader) Get(ctx context.Context, ids iter.Seq[string]) iter.Seq2[Found, error] {
	return func(yield func(Found, error) bool) {
		g := group{reader: r}
		for id := range unrepeated(ids) {
			g.add(id)
			if g.full() && !g.hand(ctx, yield) {
				return
			}
		}
		g.hand(ctx, yield)
	}
}

// group is ids that are asked about together, in their order.
type group struct {
	reader  *Reader
	waiting []Found
	ids     []string // of those that need an answer
}

func (g *group) add(id string) {
	if !wellFormed(id) {
		g.waiting = append(g.waiting, Found{ID: id, Err: ErrMalformed})
		return
	}
	g.waiting, g.ids = append(g.waiting, Found{ID: id}), append(g.ids, id)
}

func (g *group) full() bool {
	return len(g.ids) == photos.MaxBatch || len(g.ids) == 0 || len(g.waiting) >= mostWaiting
}

// hand asks and hands the answers on. It reports whether more is wanted.
func (g *group) hand(ctx context.Context, yield func(Found, error) bool) bool {
	answers, err := g.ask(ctx)
	for _, f := range g.waiting {
		if answer, ok := answers[f.ID]; ok {
			f = answer
		} else if f.Err == nil {
			break // the error came first
		}
		if !yield(f, nil) {
			return false
		}
	}
	if err != nil {
		yield(Found{}, err)
		return false
	}
	g.waiting, g.ids = g.waiting[:0], g.ids[:0]
	return true
}

// ask asks about the ids that need an answer. With an error come the answers so far.
func (g *group) ask(ctx context.Context) (map[string]Found, error) {
	if len(g.ids) == 0 {
		return nil, nil
	}
	results, err := confirm.Results(ctx, patient{g.reader, g.reader.Client.MediaItems}, g.ids)
	answers := make(map[string]Found, len(results))
	for id, r := range results {
		answers[id] = found(id, r)
	}
	return answers, err
}

// Confirm asks whether the service still has media items, [photos.MaxBatch] in a request, and gives each id an answer. It needs no Client.
func (r *Reader) Confirm(ctx context.Context, api confirm.API, ids []string) (map[string]confirm.Answer, error) {
	return confirm.Items(ctx, patient{r, api}, ids)
}

// patient makes the call for items by their ids with patience. One that fails with 500 is tried only once more: it is probably about one of its ids.
type patient struct {
	reader *Reader
	api    confirm.API
}

// BatchGet implements confirm.API.
func (p patient) BatchGet(ctx context.Context, ids []string) (results []photos.MediaItemResult, err error) {
	err = p.reader.patiently(ctx, confirm.Judge(), func(ctx context.Context) error {
		results, err = p.api.BatchGet(ctx, ids)
		return err
	})
	return results, err
}

// found reads one result. Results stand in the order of the ids, which is checked where it can be.
func found(id string, r confirm.Result) Found {
	switch {
	case r.Err != nil:
		return Found{ID: id, Err: fmt.Errorf("%w: %w", ErrUnanswered, r.Err)}
	case r.MediaItem != nil && r.MediaItem.ID == id:
		return Found{ID: id, Item: *r.MediaItem}
	case r.MediaItem != nil:
		return Found{ID: id, Err: fmt.Errorf("%w: it answers with another", ErrUnanswered)}
	case confirm.IsGone(r.MediaItemResult):
		return Found{ID: id, Err: fmt.Errorf("%w: %s: %s", ErrNoItem, r.Status.Code, r.Status.Message)}
	}
	return Found{ID: id, Err: fmt.Errorf("%w: %s: %s", ErrUnanswered, r.Status.Code, r.Status.Message)}
}

// longestID is about twice the longest that was seen. Fifty of them fit in an address.
const longestID = 256

// wellFormed tells whether a text can be the service's id: letters, digits, - and _ (contract 7).
func wellFormed(id string) bool {
	return id != "" && len(id) <= longestID && !strings.ContainsFunc(id, func(c rune) bool {
		return (c < 'a' || c > 'z') && (c < 'A' || c > 'Z') && (c < '0' || c > '9') && c != '-' && c != '_'
	})
}

// unrepeated leaves out what comes again: 8 bytes are kept for each text.
func unrepeated(texts iter.Seq[string]) iter.Seq[string] {
	return func(yield func(string) bool) {
		seed, seen := maphash.MakeSeed(), map[uint64]struct{}{}
		for text := range texts {
			key := maphash.String(seed, text)
			if _, again := seen[key]; again {
				continue
			}
			seen[key] = struct{}{}
			if !yield(text) {
				return
			}
		}
	}
}
