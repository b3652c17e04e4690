package batch_test

import (
	"context"
	"fmt"
	"strconv"
	"testing"

	"go.uber.org/goleak"

	"github.com/albumwright/albumwright/batch"
	"github.com/albumwright/albumwright/photos"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// service is the API and the Journal in one: it records what happens, in order, and answers each call.
type service struct {
	log      []string // "album A", "begin 2", "call 2", "done 2"
	calls    []photos.BatchCreateRequest
	outcomes []batch.Outcome
	answer   func(in photos.BatchCreateRequest) (photos.BatchCreateResponse, error) // nil: everything is created
	failAt   string                                                                 // the first word of the step that fails
	err      error
	done     func(ctx context.Context) // looks at the context of Done
}

func (s *service) step(format string, args ...any) error {
	line := fmt.Sprintf(format, args...)
	s.log = append(s.log, line)
	if s.failAt != "" && len(line) >= len(s.failAt) && line[:len(s.failAt)] == s.failAt {
		return s.err
	}
	return nil
}

func (s *service) AlbumID(_ context.Context, album string) (string, error) {
	return "id of " + album, s.step("album %s", album)
}

func (s *service) Begin(_ context.Context, in photos.BatchCreateRequest, items []batch.Item) error {
	if len(in.NewMediaItems) != len(items) {
		return fmt.Errorf("Begin: %d entries for %d items", len(in.NewMediaItems), len(items))
	}
	return s.step("begin %d", len(items))
}

func (s *service) BatchCreate(_ context.Context, in photos.BatchCreateRequest) (photos.BatchCreateResponse, error) {
	s.calls = append(s.calls, in)
	if err := s.step("call %d", len(in.NewMediaItems)); err != nil {
		return photos.BatchCreateResponse{}, err
	}
	if s.answer != nil {
		return s.answer(in)
	}
	return photos.BatchCreateResponse{NewMediaItemResults: created(in)}, nil
}

func (s *service) Done(ctx context.Context, outcomes []batch.Outcome) error {
	if s.done != nil {
		s.done(ctx)
	}
	s.outcomes = append(s.outcomes, outcomes...)
	return s.step("done %d", len(outcomes))
}

// created is a result for each entry: token t7 becomes media item m7.
func created(in photos.BatchCreateRequest) []photos.NewMediaItemResult {
	var out []photos.NewMediaItemResult
	for _, it := range in.NewMediaItems {
		token := it.SimpleMediaItem.UploadToken
		out = append(out, photos.NewMediaItemResult{
			UploadToken: token, Status: photos.Status{Message: "Success"}, MediaItem: &photos.MediaItem{ID: "m" + token[1:]},
		})
	}
	return out
}

// item is the n-th of any number of items: key k7, token t7.
func item(n int, album string, place batch.Place) batch.Item {
	s := strconv.Itoa(n)
	return batch.Item{Key: "k" + s, Token: "t" + s, FileName: s + ".jpg", Album: album, Place: place}
}

// items are n items with one album and place, counted from first.
func items(first, n int, album string, place batch.Place) []batch.Item {
	var all []batch.Item
	for i := range n {
		all = append(all, item(first+i, album, place))
	}
	return all
}

var atEnd = batch.Place{Last: true}

// commit adds all items and flushes.
func commit(t testing.TB, s *service, all ...batch.Item) error {
	t.Helper()
	c, err := batch.New(batch.Config{API: s, Journal: s})
	if err != nil {
		t.Fatal(err)
	}
	for _, it := range all {
		if err := c.Add(t.Context(), it); err != nil {
			return err
		}
	}
	return c.Flush(t.Context())
}

// tokens are a call's upload tokens.
func tokens(in photos.BatchCreateRequest) []string {
	var all []string
	for _, it := range in.NewMediaItems {
		all = append(all, it.SimpleMediaItem.UploadToken)
	}
	return all
}
