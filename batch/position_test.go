package batch_test

import (
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/albumwright/albumwright/batch"
	"github.com/albumwright/albumwright/photos"
)

func TestEachBatchSaysItsPlaceInTheAPIsWords(t *testing.T) {
	first := &photos.AlbumPosition{Position: photos.FirstInAlbum}
	after := func(id string) *photos.AlbumPosition {
		return &photos.AlbumPosition{Position: photos.AfterMediaItem, RelativeMediaItemID: id}
	}
	for _, tc := range []struct {
		name  string
		items []batch.Item
		want  []*photos.AlbumPosition // of each call
	}{
		{"the end is the service's default", items(1, 101, "A", atEnd), []*photos.AlbumPosition{nil, nil, nil}},
		{"the start, then after the last created", items(1, 101, "A", batch.Place{}), []*photos.AlbumPosition{first, after("m50"), after("m100")}},
		{"after an anchor, then after the last created", items(1, 101, "A", batch.Place{After: "x"}), []*photos.AlbumPosition{after("x"), after("m50"), after("m100")}},
		{"after a heading, then after the last created", items(1, 51, "A", batch.Place{AfterHeading: "h"}), []*photos.AlbumPosition{
			{Position: photos.AfterEnrichmentItem, RelativeEnrichmentItemID: "h"}, after("m50")}},
		{"each place has its own anchor", slices.Concat(items(1, 51, "A", batch.Place{After: "x"}), items(52, 51, "A", batch.Place{After: "y"})),
			[]*photos.AlbumPosition{after("x"), after("m50"), after("y"), after("m101")}},
		{"from a place to the end", slices.Concat(items(1, 1, "A", batch.Place{After: "x"}), items(2, 1, "A", atEnd)), []*photos.AlbumPosition{after("x"), nil}},
		{"each album has its own start", slices.Concat(items(1, 51, "A", batch.Place{}), items(52, 51, "B", batch.Place{})),
			[]*photos.AlbumPosition{first, after("m50"), first, after("m101")}},
		{"the library has no places", slices.Concat(items(1, 1, "", batch.Place{}), items(2, 1, "", batch.Place{After: "x"}), items(3, 1, "", atEnd)),
			[]*photos.AlbumPosition{nil, nil, nil}},
	} {
		s := &service{}
		if err := commit(t, s, tc.items...); err != nil {
			t.Errorf("%s: %v", tc.name, err)
		}
		var got []*photos.AlbumPosition
		for _, in := range s.calls {
			got = append(got, in.AlbumPosition)
		}
		if diff := cmp.Diff(tc.want, got); diff != "" {
			t.Errorf("%s: positions, -want +got\n%s", tc.name, diff)
		}
	}
}

func TestABatchFollowsTheLastItemThatWasReallyCreated(t *testing.T) {
	for _, tc := range []struct {
		name  string
		keep  int // of the first call's items this many are created
		place batch.Place
		want  photos.AlbumPosition
	}{
		{"some", 20, batch.Place{After: "x"}, photos.AlbumPosition{Position: photos.AfterMediaItem, RelativeMediaItemID: "m20"}},
		{"none, after an anchor", 0, batch.Place{After: "x"}, photos.AlbumPosition{Position: photos.AfterMediaItem, RelativeMediaItemID: "x"}},
		{"none, after a heading", 0, batch.Place{AfterHeading: "h"}, photos.AlbumPosition{Position: photos.AfterEnrichmentItem, RelativeEnrichmentItemID: "h"}},
		{"none, at the start", 0, batch.Place{}, photos.AlbumPosition{Position: photos.FirstInAlbum}},
	} {
		s := &service{}
		s.answer = func(in photos.BatchCreateRequest) (photos.BatchCreateResponse, error) {
			out := created(in)
			for i := range out {
				if i >= tc.keep {
					out[i].Status, out[i].MediaItem = photos.Status{Code: 13}, nil
				}
			}
			slices.Reverse(out) // the order of the answer means nothing
			return photos.BatchCreateResponse{NewMediaItemResults: out}, nil
		}
		if err := commit(t, s, items(1, 51, "A", tc.place)...); err != nil {
			t.Fatal(err)
		}
		if got := s.calls[1].AlbumPosition; got == nil || *got != tc.want {
			t.Errorf("%s created: the next batch goes to %+v, want %+v", tc.name, got, tc.want)
		}
	}
}
