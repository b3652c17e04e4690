package batch_test

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/albumwright/albumwright/batch"
	"github.com/albumwright/albumwright/photos"
)

func TestAResultIsJudgedByItsCodeAndItsMediaItem(t *testing.T) {
	item1 := &photos.MediaItem{ID: "m1"}
	for _, tc := range []struct {
		name   string
		result photos.NewMediaItemResult
		want   batch.Outcome
	}{
		{"today's word", photos.NewMediaItemResult{UploadToken: "t1", Status: photos.Status{Message: "Success"}, MediaItem: item1}, batch.Outcome{Key: "k1", MediaItemID: "m1"}},
		{"the older word", photos.NewMediaItemResult{UploadToken: "t1", Status: photos.Status{Message: "OK"}, MediaItem: item1}, batch.Outcome{Key: "k1", MediaItemID: "m1"}},
		{"any word", photos.NewMediaItemResult{UploadToken: "t1", Status: photos.Status{Message: "Failed: or so it says"}, MediaItem: item1}, batch.Outcome{Key: "k1", MediaItemID: "m1"}},
		{"no word", photos.NewMediaItemResult{UploadToken: "t1", MediaItem: item1}, batch.Outcome{Key: "k1", MediaItemID: "m1"}},
		{"a refusal", photos.NewMediaItemResult{UploadToken: "t1", Status: photos.Status{Code: 3, Message: "BAD_IMAGE"}},
			batch.Outcome{Key: "k1", Err: &batch.ItemError{Code: 3, Message: "BAD_IMAGE"}}},
		{"a refusal that says Success", photos.NewMediaItemResult{UploadToken: "t1", Status: photos.Status{Code: 13, Message: "Success"}},
			batch.Outcome{Key: "k1", Err: &batch.ItemError{Code: 13, Message: "Success"}}},
		{"a duplicate with its media item", photos.NewMediaItemResult{UploadToken: "t1", Status: photos.Status{Code: 6, Message: "EXISTS"}, MediaItem: item1},
			batch.Outcome{Key: "k1", Err: &batch.ItemError{Code: 6, Message: "EXISTS"}}},
		{"a success without a media item", photos.NewMediaItemResult{UploadToken: "t1", Status: photos.Status{Message: "Success"}}, batch.Outcome{Key: "k1", Err: batch.ErrNoResult}},
		{"a success without an id", photos.NewMediaItemResult{UploadToken: "t1", MediaItem: &photos.MediaItem{}}, batch.Outcome{Key: "k1", Err: batch.ErrNoResult}},
		{"another token's result", photos.NewMediaItemResult{UploadToken: "t2", MediaItem: item1}, batch.Outcome{Key: "k1", Err: batch.ErrNoResult}},
		{"a result without its token", photos.NewMediaItemResult{MediaItem: item1}, batch.Outcome{Key: "k1", Err: batch.ErrNoResult}},
	} {
		s := &service{answer: func(photos.BatchCreateRequest) (photos.BatchCreateResponse, error) {
			return photos.BatchCreateResponse{NewMediaItemResults: []photos.NewMediaItemResult{tc.result}}, nil
		}}
		if err := commit(t, s, item(1, "A", atEnd)); err != nil {
			t.Errorf("%s: %v", tc.name, err)
		}
		if diff := cmp.Diff([]batch.Outcome{tc.want}, s.outcomes, cmp.Comparer(func(a, b error) bool { return reflect.DeepEqual(a, b) })); diff != "" {
			t.Errorf("%s: outcome, -want +got\n%s", tc.name, diff)
		}
	}
}

func TestResultsAreMatchedByTokenWhateverTheirOrder(t *testing.T) {
	s := &service{answer: func(in photos.BatchCreateRequest) (photos.BatchCreateResponse, error) {
		out := created(in)[:45] // five are missing
		rand.New(rand.NewPCG(1, 2)).Shuffle(len(out), func(i, j int) { out[i], out[j] = out[j], out[i] })
		return photos.BatchCreateResponse{NewMediaItemResults: out}, nil
	}}
	if err := commit(t, s, items(1, 50, "A", atEnd)...); err != nil {
		t.Fatal(err)
	}
	for i, o := range s.outcomes {
		want := batch.Outcome{Key: fmt.Sprintf("k%d", i+1), MediaItemID: fmt.Sprintf("m%d", i+1)}
		if i >= 45 {
			want = batch.Outcome{Key: want.Key, Err: batch.ErrNoResult}
		}
		if o != want {
			t.Errorf("outcome %d is %+v, want %+v", i, o, want)
		}
	}
	if len(s.outcomes) != 50 {
		t.Errorf("%d outcomes, want 50", len(s.outcomes))
	}
}

func TestAnItemErrorIsPermanentIfTheSameBytesWouldBeRefusedAgain(t *testing.T) {
	for code := range photos.Code(18) {
		want := slices.Contains([]photos.Code{3, 5, 7, 9, 11, 12}, code)
		if got := (&batch.ItemError{Code: code}).Permanent(); got != want {
			t.Errorf("%s: permanent %t, want %t", code, got, want)
		}
	}
}

func TestAnItemErrorSaysTheServicesWords(t *testing.T) {
	err := &batch.ItemError{Code: 3, Message: "NOT_IMAGE: There was an error while trying to create this media item."}
	if want := "INVALID_ARGUMENT: NOT_IMAGE: There was an error while trying to create this media item."; err.Error() != want {
		t.Errorf("text %q, want %q", err.Error(), want)
	}
}

func TestTheJournalHearsOfEachStepInItsOrder(t *testing.T) {
	s := &service{}
	if err := commit(t, s, slices.Concat(items(1, 51, "A", atEnd), items(52, 1, "", atEnd))...); err != nil {
		t.Fatal(err)
	}
	want := []string{"album A", "begin 50", "call 50", "done 50", "album A", "begin 1", "call 1", "done 1", "begin 1", "call 1", "done 1"}
	if diff := cmp.Diff(want, s.log); diff != "" {
		t.Errorf("steps, -want +got\n%s", diff)
	}
}

func TestAnErrorEndsTheWorkAtItsStep(t *testing.T) {
	boom := errors.New("boom")
	for failAt, want := range map[string][]string{
		"album": {"album A"},
		"begin": {"album A", "begin 50"},
		"call":  {"album A", "begin 50", "call 50"},
		"done":  {"album A", "begin 50", "call 50", "done 50"},
	} {
		s := &service{failAt: failAt, err: boom}
		err := commit(t, s, items(1, 120, "A", atEnd)...)
		if diff := cmp.Diff(want, s.log); !errors.Is(err, boom) || diff != "" {
			t.Errorf("%s fails: error %v, steps, -want +got\n%s", failAt, err, diff)
		}
		if failAt != "done" && len(s.outcomes) != 0 {
			t.Errorf("%s fails: outcomes %v, want none: nobody knows", failAt, s.outcomes)
		}
	}
}

func TestAnErrorEndsTheWorkWhereTheNextAlbumBegins(t *testing.T) {
	boom := errors.New("boom")
	s := &service{failAt: "call", err: boom}
	c, err := batch.New(batch.Config{API: s, Journal: s})
	if err != nil {
		t.Fatal(err)
	}
	if err := c.Add(t.Context(), item(1, "A", atEnd)); err != nil {
		t.Fatal(err)
	}
	if err := c.Add(t.Context(), item(2, "B", atEnd)); !errors.Is(err, boom) || len(s.calls) != 1 {
		t.Errorf("error %v after %d calls, want album A's after one", err, len(s.calls))
	}
}

func TestItemsWithoutATokenPassThroughUnsent(t *testing.T) {
	unreadable := errors.New("permission denied")
	bad := item(2, "A", atEnd)
	bad.Err, bad.Token = unreadable, ""
	s := &service{}
	if err := commit(t, s, item(1, "A", atEnd), bad, item(3, "A", atEnd)); err != nil {
		t.Fatal(err)
	}
	want := []batch.Outcome{{Key: "k2", Err: unreadable}, {Key: "k1", MediaItemID: "m1"}, {Key: "k3", MediaItemID: "m3"}}
	if diff := cmp.Diff(want, s.outcomes, cmpopts.EquateErrors()); diff != "" || len(s.calls) != 1 {
		t.Errorf("%d calls, want one; outcomes, -want +got\n%s", len(s.calls), diff)
	}
}

func TestAnItemThatWouldSinkItsBatchIsNotSent(t *testing.T) {
	for name, spoil := range map[string]func(*batch.Item){
		"without an upload token":                 func(it *batch.Item) { it.Token = "" },
		"file name of more than 255 characters":   func(it *batch.Item) { it.FileName = strings.Repeat("x", 256) },
		"not as FitFileName makes it":             func(it *batch.Item) { it.FileName = "a\x00.jpg" },
		"description of more than 999 characters": func(it *batch.Item) { it.Description = strings.Repeat("x", 1000) },
		"not as FitDescription makes it":          func(it *batch.Item) { it.Description = "\xff" },
	} {
		s := &service{}
		bad := item(2, "A", atEnd)
		spoil(&bad)
		if err := commit(t, s, item(1, "A", atEnd), bad); err != nil {
			t.Errorf("%s: %v", name, err)
		}
		if got := s.outcomes[0]; len(s.outcomes) != 2 || got.Key != "k2" || got.Err == nil || !strings.Contains(got.Err.Error(), name) {
			t.Errorf("%s: outcomes %v, want k2 to say so", name, s.outcomes)
		}
		if len(s.calls) != 1 || !slices.Equal(tokens(s.calls[0]), []string{"t1"}) {
			t.Errorf("%s: calls %v, want one with the good item", name, s.calls)
		}
	}
}

func TestACancelledContextCreatesNothing(t *testing.T) {
	s := &service{}
	c, err := batch.New(batch.Config{API: s, Journal: s})
	if err != nil {
		t.Fatal(err)
	}
	if err := c.Add(t.Context(), item(1, "A", atEnd)); err != nil {
		t.Fatal(err)
	}
	stopped := errors.New("stopped")
	ctx, cancel := context.WithCancelCause(t.Context())
	cancel(stopped)
	if err := c.Flush(ctx); !errors.Is(err, stopped) || len(s.log) != 0 {
		t.Errorf("error %v, steps %q, want the cause and no step", err, s.log)
	}
}

func TestWhatTheServiceDidIsRecordedThoughTheContextEnded(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	s := &service{}
	s.answer = func(in photos.BatchCreateRequest) (photos.BatchCreateResponse, error) {
		cancel() // the answer was on its way already
		return photos.BatchCreateResponse{NewMediaItemResults: created(in)}, nil
	}
	s.done = func(ctx context.Context) {
		if ctx.Err() != nil {
			t.Errorf("the context of Done has ended (%v): what was created would not be recorded", ctx.Err())
		}
	}
	c, err := batch.New(batch.Config{API: s, Journal: s})
	if err != nil {
		t.Fatal(err)
	}
	if err := errors.Join(c.Add(ctx, item(1, "A", atEnd)), c.Flush(ctx)); err != nil || len(s.outcomes) != 1 {
		t.Errorf("error %v, outcomes %v, want one", err, s.outcomes)
	}
}

func TestABadConfigIsRefused(t *testing.T) {
	s := &service{}
	for _, cfg := range []batch.Config{{}, {API: s}, {Journal: s}} {
		if _, err := batch.New(cfg); err == nil {
			t.Errorf("config %+v is taken, want it refused", cfg)
		}
	}
}
