// Package confirm asks the service whether it still has media items.
//
// What the service can prove is little: it shows that it has an item with this id, not that the bytes are equal. That the bytes are those of the file
// is what the ledger knows.
package confirm

import (
	"context"
	"errors"
	"net/http"
	"slices"

	"github.com/albumwright/albumwright/internal/retry"
	"github.com/albumwright/albumwright/photos"
)

// Answer is what the service says about one media item.
type Answer string

// The answers.
const (
	Confirmed  Answer = "confirmed"  // it has the item, and can show it
	Processing Answer = "processing" // it has the video, and is not done with it
	Broken     Answer = "broken"     // it has the video, and will never show it
	Gone       Answer = "gone"       // it knows no such item, or none that this app may see
	Unanswered Answer = "unanswered" // it fails whenever it is asked about this item
)

// API is the one call that this package needs; *photos.MediaItemsService has it.
type API interface {
	BatchGet(ctx context.Context, ids []string) ([]photos.MediaItemResult, error)
}

// Fields are those of a media item that an answer depends on, for a field mask.
func Fields() []string { return []string{"id", "mediaMetadata/video/status"} }

// Items asks about media items, and gives each an answer. The errors are those of [Results].
func Items(ctx context.Context, api API, ids []string) (map[string]Answer, error) {
	ids = slices.Compact(slices.Sorted(slices.Values(ids)))
	results, err := Results(ctx, api, ids)
	answers := make(map[string]Answer, len(ids))
	for _, id := range ids {
		if r, ok := results[id]; ok {
			answers[id] = answer(id, r.MediaItemResult)
		} else if err == nil {
			answers[id] = Unanswered
		}
	}
	return answers, err
}

// Result is what the service says about one id.
type Result struct {
	photos.MediaItemResult
	Err error // it fails whenever it is asked about this id
}

// mostSunk ids in a row that fail, each alone, mean that the reason is not an id.
const mostSunk = 5

// Results asks about different media items, 50 in a request. One bad id has been seen to make a whole call fail with 500 (contract 5, batchGet): such a
// call is halved until that id stands alone. Any other error, and one that comes whatever is asked, ends the asking, and is returned with the results so far.
func Results(ctx context.Context, api API, ids []string) (map[string]Result, error) {
	a := asking{api: api, results: make(map[string]Result, len(ids))}
	for group := range slices.Chunk(ids, photos.MaxBatch) {
		if err := a.ask(ctx, group); err != nil {
			return a.results, err
		}
	}
	return a.results, nil
}

type asking struct {
	api     API
	results map[string]Result
	sunk    int // ids that failed alone, since the last answer
}

func (a *asking) ask(ctx context.Context, ids []string) error {
	answer, err := a.api.BatchGet(ctx, ids)
	switch {
	case AboutOneID(err) && len(ids) == 1:
		if a.sunk++; a.sunk == mostSunk {
			return err
		}
		a.results[ids[0]] = Result{Err: err}
		return nil
	case AboutOneID(err):
		half := len(ids) / 2
		if err := a.ask(ctx, ids[:half]); err != nil {
			return err
		}
		return a.ask(ctx, ids[half:])
	case err != nil:
		return err
	}
	a.sunk = 0
	for i, id := range ids[:min(len(ids), len(answer))] {
		a.results[id] = Result{MediaItemResult: answer[i]}
	}
	return nil
}

// AboutOneID tells whether a whole call probably failed because of one of its ids.
func AboutOneID(err error) bool {
	e := (*photos.Error)(nil)
	return errors.As(err, &e) && e.Status == http.StatusInternalServerError
}

// Judge is the judgement of one BatchGet and its repetitions: a call that fails with 500 is made only once more, as it is probably about one of its ids, which
// is found by asking for fewer; all else is [retry.Judge]'s.
func Judge() func(error) retry.Failure {
	failed := 0
	return func(err error) retry.Failure {
		if AboutOneID(err) {
			failed++
		}
		if failed > 1 {
			return retry.Failure{Kind: retry.Final}
		}
		return retry.Judge(err)
	}
}

// answer reads one result. Results stand in the order of the ids (contract 5), which is checked where it can be.
func answer(id string, r photos.MediaItemResult) Answer {
	switch {
	case IsGone(r):
		return Gone
	case r.MediaItem == nil || r.MediaItem.ID != id:
		return Unanswered
	case r.MediaItem.MediaMetadata.Video == nil:
		return Confirmed
	}
	switch r.MediaItem.MediaMetadata.Video.Status {
	case photos.VideoReady:
		return Confirmed
	case photos.VideoFailed:
		return Broken
	}
	return Processing // also if the service does not say
}

// IsGone tells of a result that says: no such item, or none that this app may see.
func IsGone(r photos.MediaItemResult) bool {
	if r.MediaItem != nil {
		return false
	}
	switch r.Status.Code {
	case photos.CodeInvalidArgument, photos.CodeNotFound, photos.CodePermissionDenied:
		return true
	}
	return false
}
