package ledgertest

import (
	"fmt"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/albumwright/albumwright/internal/ledger"
)

// volumes: a title whose album is full goes on in others. What was intended for one stays there, the rest is shared out by place, a known file is found in
// any of them, and a file that is wanted anew begins with the first.
func volumes(t *testing.T, l ledger.Ledger, run ledger.RunID) {
	record(t, l, run, sighting("a", "Pier", 1), sighting("b", "Pier", 2), sighting("c", "Pier", 3), sighting("d", "Pier", 4), sighting("x", "Pier (2)", 9))
	album, page := pending(t, l, run)
	create(t, l, run, album, page[0].Item, "a")
	v, err := l.AddVolume(t.Context(), album, func(n int) string { return fmt.Sprintf("Pier (%d)", n) })
	if err != nil || v.Title != "Pier (3)" {
		t.Fatalf("the second volume is %+v (%v), want the first free title", v, err)
	}
	var wanted []ledger.Cursor
	if err := l.Wanted(t.Context(), run, album, func(w ledger.Wanted) { wanted = append(wanted, wantedAt(w)) }); err != nil || len(wanted) != 3 {
		t.Fatalf("wanted %+v (%v), want b, c and d", wanted, err)
	}
	if err := l.ShareOut(t.Context(), run, []ledger.Share{{Album: album, From: wanted[0]}, {Album: v.ID, From: wanted[1]}}); err != nil {
		t.Fatal(err)
	}
	wantPending(t, l, run, map[string][]string{"Pier": {"b"}, "Pier (3)": {"c", "d"}, "Pier (2)": {"x"}})
	if moved, err := l.MoveItem(t.Context(), page[1].Item, v.ID); !moved || err != nil {
		t.Fatalf("MoveItem: %v, %v", moved, err)
	}
	if err := l.FillAlbum(t.Context(), album); err != nil {
		t.Fatal(err)
	}
	create(t, l, run, v.ID, page[2].Item, "c")
	all, err := l.Volumes(t.Context(), run, v.ID)
	want := []ledger.Volume{
		{ID: album, Title: "Pier", Held: 1, First: []byte{1}, Filled: true}, {ID: v.ID, Title: "Pier (3)", Held: 1, First: []byte{3}},
	}
	if diff := cmp.Diff(want, all); diff != "" || err != nil {
		t.Errorf("volumes (-want +got), %v:\n%s", err, diff)
	}
	c, _, _ := l.Content(t.Context(), content("c").SHA256)
	if _, held, err := l.Placed(t.Context(), album, c.ID); !held || err != nil {
		t.Errorf("what another volume holds is not known: %v, %v", held, err)
	}
	if path, err := l.Holder(t.Context(), album, c.ID); path == "" || err != nil {
		t.Errorf("the file that brought it is not known: %v", err)
	}
	if behind, err := l.Behind(t.Context(), run+1, v.ID); string(behind) != "\x01" || err != nil {
		t.Errorf("the last item before the volume is at %x (%v)", behind, err)
	}
	known, _ := l.Folder(t.Context(), sighting("a", "", 0).Dir)
	if it := known.Known("c").Items; len(it) != 1 || it[0].Album != "Pier (3)" || it[0].Continues != "Pier" {
		t.Errorf("c is known as %+v", it)
	}
	if titles, err := l.VolumeTitles(t.Context()); err != nil || !cmp.Equal(titles, map[string]string{"Pier (3)": "Pier"}) {
		t.Errorf("titles of volumes %v (%v)", titles, err)
	}
	changed := sighting("c", "Pier", 3)
	changed.Size++
	record(t, l, run, changed)
	wantPending(t, l, run, map[string][]string{"Pier": {"c"}, "Pier (3)": {"b", "d"}, "Pier (2)": {"x"}})
}

func wantedAt(w ledger.Wanted) ledger.Cursor { return ledger.Cursor{Sort: w.Sort, Item: w.Item} }

// wantPending compares the unfinished files of all albums, by title.
func wantPending(t *testing.T, l ledger.Ledger, run ledger.RunID, want map[string][]string) {
	t.Helper()
	albums, err := l.PendingAlbums(t.Context(), run)
	if err != nil {
		t.Fatal(err)
	}
	got := map[string][]string{}
	for _, a := range albums {
		page, err := l.Pending(t.Context(), run, a.ID, ledger.Cursor{}, 100)
		if err != nil {
			t.Fatal(err)
		}
		for _, p := range page {
			got[a.Title] = append(got[a.Title], p.Name)
		}
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("unfinished files (-want +got):\n%s", diff)
	}
}
