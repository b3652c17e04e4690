package photos

import (
	"errors"
	"fmt"
	"unicode/utf8"
)

// notSent turns the first problem of a request into the error of its call: what breaks a documented limit would be refused, and is not worth
// one of the day's requests. Texts are for who wrote the request; tokens never stand in them.
func notSent(op string, problems ...error) error {
	for _, p := range problems {
		if p != nil {
			return &Error{Op: op, Err: fmt.Errorf("%w: %w", ErrNotSent, p)}
		}
	}
	return nil
}

// wantID keeps an empty id from becoming another request: GET /v1/albums/ is not an album.
func wantID(what, id string) error {
	if id == "" {
		return fmt.Errorf("the id of the %s is empty", what)
	}
	return nil
}

// wantToken is wantID for a share token.
func wantToken(token string) error {
	if token == "" {
		return errors.New("the share token is empty")
	}
	return nil
}

// wantSome: at least one id, none empty.
func wantSome(ids []string) error {
	if len(ids) == 0 {
		return errors.New("there is no id")
	}
	for i, id := range ids {
		if id == "" {
			return fmt.Errorf("mediaItemIds[%d] is empty", i)
		}
	}
	return nil
}

// wantIDs: 1 to 50 ids, none empty, none twice (reference "albums.batchAddMediaItems", "albums.batchRemoveMediaItems").
func wantIDs(ids []string) error {
	if len(ids) == 0 || len(ids) > MaxBatch {
		return fmt.Errorf("mediaItemIds has %d ids, want 1 to %d", len(ids), MaxBatch)
	}
	first := make(map[string]int, len(ids))
	for i, id := range ids {
		if id == "" {
			return fmt.Errorf("mediaItemIds[%d] is empty", i)
		}
		if earlier, ok := first[id]; ok {
			return fmt.Errorf("mediaItemIds[%d] repeats mediaItemIds[%d]", i, earlier)
		}
		first[id] = i
	}
	return nil
}

// fits counts code points: which unit the service counts is not known.
func fits(field, text string, most int) error {
	if n := utf8.RuneCountInString(text); n > most {
		return fmt.Errorf("%s has %d characters, at most %d are allowed", field, n, most)
	}
	return nil
}

// wantTitle: 1 to 500 characters (guide "Manage albums"; that an empty one is refused is not documented).
func wantTitle(title string) error {
	if title == "" {
		return errors.New("the title is empty")
	}
	return fits("the title", title, MaxTitle)
}

// problem is what is wrong with a batch. Its upload tokens are left to the service: only it knows which are good.
func (in BatchCreateRequest) problem() error {
	if n := len(in.NewMediaItems); n == 0 || n > MaxBatch {
		return fmt.Errorf("newMediaItems has %d items, want 1 to %d", n, MaxBatch)
	}
	for i, it := range in.NewMediaItems {
		if err := errors.Join(
			fits(fmt.Sprintf("newMediaItems[%d].description", i), it.Description, MaxDescription),
			fits(fmt.Sprintf("newMediaItems[%d].simpleMediaItem.fileName", i), it.SimpleMediaItem.FileName, MaxFileName),
		); err != nil {
			return err
		}
	}
	switch {
	case in.AlbumPosition == nil:
		return nil
	case in.AlbumID == "":
		return errors.New("albumPosition needs an albumId")
	}
	return in.AlbumPosition.problem()
}

// problem: each relative id goes with one position, which needs it.
func (p AlbumPosition) problem() error {
	for _, of := range []struct {
		field, id string
		position  Position
	}{
		{"relativeMediaItemId", p.RelativeMediaItemID, AfterMediaItem},
		{"relativeEnrichmentItemId", p.RelativeEnrichmentItemID, AfterEnrichmentItem},
	} {
		if (of.id != "") != (p.Position == of.position) {
			return fmt.Errorf("albumPosition: %s goes with %s, and with nothing else", of.field, of.position)
		}
	}
	return nil
}
