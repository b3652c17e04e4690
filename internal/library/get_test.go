package library_test

import (
	"errors"
	"fmt"
	"iter"
	"net/http"
	"slices"
	"strings"
	"testing"
	"testing/synctest"

	"github.com/google/go-cmp/cmp"

	"github.com/albumwright/albumwright/emulator"
	"github.com/albumwright/albumwright/internal/library"
)

// outcome is a Found in a word.
func outcome(f library.Found) string {
	for word, err := range map[string]error{"malformed": library.ErrMalformed, "none": library.ErrNoItem, "unanswered": library.ErrUnanswered} {
		if errors.Is(f.Err, err) {
			return f.ID + ": " + word
		}
	}
	if f.Err != nil || f.Item.ID != f.ID {
		return fmt.Sprintf("%s: %q, %v", f.ID, f.Item.ID, f.Err)
	}
	return f.ID
}

func outcomesOf(list iter.Seq2[library.Found, error]) (all []string, err error) {
	for f, err := range list {
		if err != nil {
			return all, err
		}
		all = append(all, outcome(f))
	}
	return all, nil
}

func TestEachIDHasItsOutcomeInItsPlace(t *testing.T) {
	w := newWorld(t, 3, emulator.Config{})
	ids := []string{"item-00000002", "no such", "item-00000000", "item-00000002", "", "unknown-item", "a/../b", strings.Repeat("x", 300), "item-00000001", "no such"}
	want := []string{
		"item-00000002", "no such: malformed", "item-00000000", ": malformed", "unknown-item: none", "a/../b: malformed", strings.Repeat("x", 300) + ": malformed",
		"item-00000001",
	}
	got, err := outcomesOf(w.Get(t.Context(), slices.Values(ids)))
	if diff := cmp.Diff(want, got); err != nil || diff != "" {
		t.Errorf("%v (-want +got):\n%s", err, diff)
	}
	if n := w.Requests(); n != 1 {
		t.Errorf("%d requests for 4 ids to ask about", n)
	}
}

func TestTenThousandIDsTakeTheLeastRequests(t *testing.T) {
	w := newWorld(t, 10_000, emulator.Config{})
	got, err := outcomesOf(w.Get(t.Context(), slices.Values(append(slices.Clone(w.items), w.items...))))
	if diff := cmp.Diff(w.items, got); err != nil || diff != "" {
		t.Errorf("%v (-want +got):\n%s", err, diff)
	}
	if n := w.Requests(); n != 200 {
		t.Errorf("%d requests, want 10,000 / 50", n)
	}
}

func TestNothingIsAskedWithoutIDs(t *testing.T) {
	w := newWorld(t, 1, emulator.Config{})
	for _, ids := range [][]string{nil, {"not an id", "nor this"}} {
		got, err := outcomesOf(w.Get(t.Context(), slices.Values(ids)))
		if err != nil || len(got) != len(ids) || w.Requests() != 0 {
			t.Errorf("%q: %q in %d requests, %v", ids, got, w.Requests(), err)
		}
	}
}

// sinking fails every batchGet with one of some ids in it, as the service has been seen to do.
type sinking struct {
	http.RoundTripper
	ids   []string
	calls int
}

func (s *sinking) RoundTrip(req *http.Request) (*http.Response, error) {
	s.calls++
	for _, id := range req.URL.Query()["mediaItemIds"] {
		if slices.Contains(s.ids, id) {
			return &http.Response{StatusCode: 500, Body: http.NoBody, Request: req}, nil
		}
	}
	return s.RoundTripper.RoundTrip(req)
}

func TestAnIDThatSinksItsRequestIsFound(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t, 120, emulator.Config{})
		sink := &sinking{RoundTripper: w.server.Transport(), ids: []string{w.items[7], w.items[60]}}
		w.Client = clientOf(t, sink, w.server.AccessToken())
		want := slices.Clone(w.items)
		want[7] += ": unanswered"
		want[60] += ": unanswered"
		got, err := outcomesOf(w.Get(t.Context(), slices.Values(w.items)))
		if diff := cmp.Diff(want, got); err != nil || diff != "" {
			t.Errorf("%v (-want +got):\n%s", err, diff)
		}
		if sink.calls > 45 {
			t.Errorf("%d requests to find 2 bad ids of 120", sink.calls)
		}
	})
}

func TestAServiceThatFailsForEveryIDIsNotAskedAboutEach(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t, 1000, emulator.Config{})
		sink := &sinking{RoundTripper: w.server.Transport(), ids: w.items[50:]}
		w.Client = clientOf(t, sink, w.server.AccessToken())
		got, err := outcomesOf(w.Get(t.Context(), slices.Values(w.items)))
		if err == nil || len(got) < 50 || sink.calls > 40 {
			t.Errorf("%d answers in %d requests, %v; want the first 50 and an error soon", len(got), sink.calls, err)
		}
	})
}
