package ledgertest

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/albumwright/albumwright/internal/ledger"
)

func standing(t *testing.T, l ledger.Ledger, run ledger.RunID) {
	record(t, l, run, sighting("a", "A", 10), sighting("b", "A", 20), sighting("c", "A", 30), sighting("other", "B", 40))
	album, page := pending(t, l, run)
	create(t, l, run, album, page[0].Item, "a")
	if err := l.SetPlaces(t.Context(), map[ledger.ItemID][]byte{page[0].Item: {99}, page[2].Item: {15}}); err != nil {
		t.Fatal(err)
	}
	got, err := l.Standing(t.Context(), "A")
	if err != nil {
		t.Fatal(err)
	}
	want := map[string]ledger.Standing{
		"/photos/a\xff/a": {Item: page[0].Item, Sort: []byte{10}, Placed: true, Run: run}, // it is there: it cannot move
		"/photos/a\xff/b": {Item: page[1].Item, Sort: []byte{20}, Run: run},
		"/photos/a\xff/c": {Item: page[2].Item, Sort: []byte{15}, Run: run},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	if _, page = pending(t, l, run); len(page) != 2 || page[0].Name != "c" {
		t.Errorf("pending are %+v, want c before b", page)
	}
	if none, err := l.Standing(t.Context(), "not there"); err != nil || len(none) != 0 {
		t.Errorf("an album that nothing was wanted in: %v, %v", none, err)
	}
}
