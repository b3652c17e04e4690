package batch_test

import (
	"context"
	"fmt"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/albumwright/albumwright/batch"
	"github.com/albumwright/albumwright/internal/property"
	"github.com/albumwright/albumwright/photos"
)

func TestABatchHoldsAtMost50OfOneAlbumAndPlace(t *testing.T) {
	a, b := batch.Place{After: "x"}, batch.Place{After: "y"}
	for _, tc := range []struct {
		name  string
		items []batch.Item
		want  []int // items in each call
	}{
		{"nothing", nil, nil},
		{"one", items(0, 1, "A", atEnd), []int{1}},
		{"49", items(0, 49, "A", atEnd), []int{49}},
		{"50", items(0, 50, "A", atEnd), []int{50}},
		{"51", items(0, 51, "A", atEnd), []int{50, 1}},
		{"100", items(0, 100, "A", atEnd), []int{50, 50}},
		{"101", items(0, 101, "A", atEnd), []int{50, 50, 1}},
		{"50 and 50 of two albums", slices.Concat(items(0, 50, "A", atEnd), items(50, 50, "B", atEnd)), []int{50, 50}},
		{"50 and 51 of two albums", slices.Concat(items(0, 50, "A", atEnd), items(50, 51, "B", atEnd)), []int{50, 50, 1}},
		{"three albums in turn", []batch.Item{item(0, "A", atEnd), item(1, "B", atEnd), item(2, "A", atEnd)}, []int{1, 1, 1}},
		{"three places", slices.Concat(items(0, 2, "A", a), items(2, 3, "A", b), items(5, 1, "A", atEnd)), []int{2, 3, 1}},
		{"one place twice", slices.Concat(items(0, 1, "A", a), items(1, 1, "A", b), items(2, 1, "A", a)), []int{1, 1, 1}},
		{"the library only", items(0, 51, "", batch.Place{}), []int{50, 1}},
		{"the library, then an album", slices.Concat(items(0, 1, "", batch.Place{}), items(1, 1, "A", batch.Place{})), []int{1, 1}},
	} {
		s := &service{}
		if err := commit(t, s, tc.items...); err != nil {
			t.Errorf("%s: %v", tc.name, err)
		}
		var got []int
		for _, in := range s.calls {
			got = append(got, len(in.NewMediaItems))
		}
		if !slices.Equal(got, tc.want) {
			t.Errorf("%s: calls of %v items, want %v", tc.name, got, tc.want)
		}
	}
}

func TestAFullBatchIsNotKeptWaiting(t *testing.T) {
	s := &service{}
	c, err := batch.New(batch.Config{API: s, Journal: s})
	if err != nil {
		t.Fatal(err)
	}
	for n, it := range items(1, 50, "A", atEnd) {
		if err := c.Add(t.Context(), it); err != nil {
			t.Fatal(err)
		}
		if want := (n + 1) / 50; len(s.calls) != want {
			t.Errorf("after %d items: %d calls, want %d", n+1, len(s.calls), want)
		}
	}
}

func TestFlushTwiceCreatesOnce(t *testing.T) {
	s := &service{}
	c, err := batch.New(batch.Config{API: s, Journal: s})
	if err != nil {
		t.Fatal(err)
	}
	for _, step := range []error{c.Flush(t.Context()), c.Add(t.Context(), item(1, "A", atEnd)), c.Flush(t.Context()), c.Flush(t.Context())} {
		if step != nil {
			t.Error(step)
		}
	}
	if len(s.calls) != 1 {
		t.Errorf("%d calls, want 1", len(s.calls))
	}
}

func TestAnItemIsSentWithItsNameAndWords(t *testing.T) {
	s := &service{}
	it := item(1, "A", atEnd)
	it.Description = "the user's own words"
	if err := commit(t, s, it); err != nil {
		t.Fatal(err)
	}
	want := []photos.BatchCreateRequest{{AlbumID: "id of A", NewMediaItems: []photos.NewMediaItem{
		{Description: "the user's own words", SimpleMediaItem: photos.SimpleMediaItem{UploadToken: "t1", FileName: "1.jpg"}},
	}}}
	if diff := cmp.Diff(want, s.calls); diff != "" {
		t.Errorf("request, -want +got\n%s", diff)
	}
}

// anyItems is a work list: runs of items in a few albums and places, some of them failed before.
func anyItems(t *rapid.T) []batch.Item {
	var all []batch.Item
	for range rapid.IntRange(0, 6).Draw(t, "runs") {
		album := rapid.SampledFrom([]string{"", "A", "B"}).Draw(t, "album")
		place := rapid.SampledFrom([]batch.Place{atEnd, {}, {After: "x"}, {After: "y"}}).Draw(t, "place")
		n := rapid.OneOf(rapid.IntRange(1, 5), rapid.IntRange(48, 52), rapid.IntRange(98, 102)).Draw(t, "n")
		run := items(len(all), n, album, place)
		for i := range run {
			if rapid.IntRange(0, 19).Draw(t, "bad") == 0 {
				run[i].Err = fmt.Errorf("no token for %s", run[i].Key)
			}
		}
		all = append(all, run...)
	}
	return all
}

func TestAPlanCountsTheCallsThatTheWorkMakes(t *testing.T) {
	property.Check(t, func(t *rapid.T) {
		all := anyItems(t)
		var grouper batch.Grouper
		starts := 0
		var sent []string
		for _, it := range all {
			if it.Err != nil {
				continue
			}
			sent = append(sent, it.Token)
			if begins, _ := grouper.Next(it.Album, it.Place); begins {
				starts++
			}
		}

		s := &service{}
		c, err := batch.New(batch.Config{API: s, Journal: s})
		if err != nil {
			t.Fatal(err)
		}
		ctx := context.Background()
		for _, it := range all {
			if err := c.Add(ctx, it); err != nil {
				t.Fatal(err)
			}
		}
		if err := c.Flush(ctx); err != nil {
			t.Fatal(err)
		}

		if len(s.calls) != starts {
			t.Fatalf("%d calls, but the grouper starts %d batches", len(s.calls), starts)
		}
		var got []string
		for _, in := range s.calls {
			if n := len(in.NewMediaItems); n > photos.MaxBatch {
				t.Fatalf("a call with %d items", n)
			}
			got = append(got, tokens(in)...)
		}
		if !slices.Equal(got, sent) {
			t.Fatalf("sent %q, want %q", got, sent)
		}
		ends := map[string]batch.Outcome{}
		for _, o := range s.outcomes {
			if _, twice := ends[o.Key]; twice {
				t.Fatalf("item %s has two outcomes", o.Key)
			}
			ends[o.Key] = o
		}
		for _, it := range all {
			if o, ok := ends[it.Key]; !ok || o.Err != it.Err || (o.MediaItemID == "") != (it.Err != nil) { //nolint:errorlint // the very error
				t.Fatalf("item %s with error %v ended as %+v", it.Key, it.Err, o)
			}
		}
	})
}

func TestAGrouperTellsWhenTheBatchIsFullAndWhenThePlaceMoves(t *testing.T) {
	var g batch.Grouper
	if g.Full() {
		t.Error("a new grouper is full")
	}
	for n := 1; n <= 101; n++ {
		starts, moves := g.Next("A", atEnd)
		if wantStarts, wantMoves, wantFull := n%50 == 1, n == 1, n%50 == 0; starts != wantStarts || moves != wantMoves || g.Full() != wantFull {
			t.Errorf("item %d: starts %t, moves %t, full %t, want %t, %t, %t", n, starts, moves, g.Full(), wantStarts, wantMoves, wantFull)
		}
	}
	if starts, moves := g.Next("A", batch.Place{}); !starts || !moves {
		t.Errorf("another place: starts %t, moves %t, want both", starts, moves)
	}
	if starts, moves := g.Next("B", batch.Place{}); !starts || !moves {
		t.Errorf("another album: starts %t, moves %t, want both", starts, moves)
	}
}
