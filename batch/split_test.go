package batch_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"testing"

	"github.com/albumwright/albumwright/batch"
	"github.com/albumwright/albumwright/photos"
)

// picky is a service that refuses a whole call if it holds a bad token.
type picky struct {
	bad   []string // tokens
	names bool     // the refusal names the entry
	err   photos.Error
	calls int
	made  []string
}

func (p *picky) BatchCreate(_ context.Context, in photos.BatchCreateRequest) (out photos.BatchCreateResponse, err error) {
	p.calls++
	for i, it := range in.NewMediaItems {
		if slices.Contains(p.bad, it.SimpleMediaItem.UploadToken) {
			refusal := p.err
			if p.names {
				refusal.Fields = []string{fmt.Sprintf("new_media_items[%d].simple_media_item.upload_token", i)}
			}
			return out, &refusal
		}
	}
	for _, it := range in.NewMediaItems {
		token := it.SimpleMediaItem.UploadToken
		p.made = append(p.made, token)
		out.NewMediaItemResults = append(out.NewMediaItemResults, photos.NewMediaItemResult{UploadToken: token, MediaItem: &photos.MediaItem{ID: "id " + token}})
	}
	return out, nil
}

// notes is a journal that keeps outcomes.
type notes struct{ outcomes map[string]batch.Outcome }

func (*notes) AlbumID(context.Context, string) (string, error) { return "album", nil }
func (*notes) Begin(context.Context, photos.BatchCreateRequest, []batch.Item) error {
	return nil
}
func (n *notes) Done(_ context.Context, outcomes []batch.Outcome) error {
	for _, o := range outcomes {
		n.outcomes[o.Key] = o
	}
	return nil
}

var (
	invalidToken = photos.Error{Op: "mediaItems.batchCreate", Status: 400, Code: photos.CodeInvalidArgument, Message: "Request must contain a valid upload token."}
	invalid      = photos.Error{Op: "mediaItems.batchCreate", Status: 400, Code: photos.CodeInvalidArgument, Message: "Something is wrong."}
)

// fifty creates items 0 to 49 of one album.
func fifty(t *testing.T, p *picky) (map[string]batch.Outcome, error) {
	t.Helper()
	n := &notes{outcomes: map[string]batch.Outcome{}}
	c, err := batch.New(batch.Config{API: p, Journal: n})
	if err != nil {
		t.Fatal(err)
	}
	for i := range 50 {
		key := fmt.Sprint(i)
		if err := c.Add(t.Context(), batch.Item{Key: key, Token: key, Album: "A", Place: batch.Place{Last: true}}); err != nil {
			return n.outcomes, err
		}
	}
	return n.outcomes, c.Flush(t.Context())
}

func TestTheEntryThatSinksACallIsTakenOut(t *testing.T) {
	for _, tc := range []struct {
		name  string
		p     picky
		calls int
	}{
		{"named by the service", picky{bad: []string{"17"}, names: true, err: invalidToken}, 2},
		{"found by halving", picky{bad: []string{"17"}, err: invalidToken}, 13},
		{"two of them named", picky{bad: []string{"3", "40"}, names: true, err: invalid}, 3},
		{"the last", picky{bad: []string{"49"}, err: invalid}, 13},
	} {
		t.Run(tc.name, func(t *testing.T) {
			outcomes, err := fifty(t, &tc.p)
			if err != nil {
				t.Fatal(err)
			}
			for key, o := range outcomes {
				refused := errors.As(o.Err, new(*photos.Error))
				if refused != slices.Contains(tc.p.bad, key) || !refused && o.MediaItemID != "id "+key {
					t.Errorf("item %s: %+v", key, o)
				}
			}
			if len(outcomes) != 50 || tc.p.calls > tc.calls || len(tc.p.made) != 50-len(tc.p.bad) {
				t.Errorf("%d outcomes, %d made after %d calls; want 50, %d and at most %d calls", len(outcomes), len(tc.p.made), tc.p.calls, 50-len(tc.p.bad), tc.calls)
			}
			if !slices.IsSortedFunc(tc.p.made, func(a, b string) int { return len(a) - len(b) }) {
				t.Errorf("made out of order: %v", tc.p.made)
			}
		})
	}
}

func TestACallThatNoEntrySpoilsIsNotHalvedForEver(t *testing.T) {
	p := &picky{err: invalid}
	for i := range 50 {
		p.bad = append(p.bad, fmt.Sprint(i))
	}
	_, err := fifty(t, p)
	if photos.Classify(err) != photos.ClassInvalid || p.calls > 20 {
		t.Errorf("%v after %d calls, want the call's own error after at most 20", err, p.calls)
	}
}

func TestTokensThatGrewOldTogetherAllGetTheirOutcome(t *testing.T) {
	p := &picky{err: invalidToken}
	for i := range 50 {
		p.bad = append(p.bad, fmt.Sprint(i))
	}
	outcomes, err := fifty(t, p)
	if err != nil || len(outcomes) != 50 || p.calls > 20 {
		t.Errorf("%v, %d outcomes after %d calls; want all 50 after at most 20", err, len(outcomes), p.calls)
	}
	for key, o := range outcomes {
		if photos.Classify(o.Err) != photos.ClassInvalidToken {
			t.Errorf("item %s: %v", key, o.Err)
		}
	}
}

func TestAnErrorOfAnotherKindIsNotAnEntrys(t *testing.T) {
	full := photos.Error{Status: 400, Message: "The remaining storage in the user's account is not enough to perform this operation."}
	p := &picky{bad: []string{"0"}, err: full}
	if _, err := fifty(t, p); photos.Classify(err) != photos.ClassStorageFull || p.calls != 1 {
		t.Errorf("%v after %d calls, want storage full after one", err, p.calls)
	}
}
