package ledgertest

import (
	"slices"
	"testing"

	"github.com/albumwright/albumwright/internal/ledger"
)

// foldersTellWhatStandsThere looks at a folder with an item that its album holds, one that waits, and one that was skipped.
func foldersTellWhatStandsThere(t *testing.T, l ledger.Ledger, first ledger.RunID) {
	record(t, l, first, sighting("held.jpg", "Pier", 1))
	album, page := pending(t, l, first)
	create(t, l, first, album, page[0].Item, "held")
	run, err := l.BeginRun(t.Context(), "import")
	if err != nil {
		t.Fatal(err)
	}
	other, skipped := sighting("alone.jpg", "Garden", 4), sighting("not.jpg", "Pier", 3)
	other.Dir, skipped.Skip = "/photos/b", "unsupported"
	record(t, l, first, other)
	record(t, l, run, sighting("waits.jpg", "Pier", 2), skipped)
	var got []string
	err = l.EachFolder(t.Context(), run, func(dir string, items []ledger.FolderItem) {
		for _, it := range items {
			got = append(got, dir+"/"+it.Name+" in "+it.Title)
			if want := it.Name == "waits.jpg"; it.Pending != want || it.Held == want || it.Fixed == want || it.Facts.ContentID != "A-B" || len(it.Sort) != 1 {
				t.Errorf("item %+v", it)
			}
		}
	})
	slices.Sort(got)
	if want := []string{"/photos/a\xff/held.jpg in Pier", "/photos/a\xff/waits.jpg in Pier"}; err != nil || !slices.Equal(got, want) {
		t.Errorf("EachFolder: %q, %v; want %q", got, err, want)
	}
}

// whatIsLeftOutCanBeTakenLater gives an item another place, leaves it out, and takes it in the next run.
func whatIsLeftOutCanBeTakenLater(t *testing.T, l ledger.Ledger, run ledger.RunID) {
	s := sighting("a.jpg", "Pier", 1)
	record(t, l, run, s)
	_, page := pending(t, l, run)
	arrange := func(a ledger.Arranged) {
		t.Helper()
		if err := l.Arrange(t.Context(), []ledger.Arranged{a}); err != nil {
			t.Fatalf("Arrange: %v", err)
		}
	}
	arrange(ledger.Arranged{Item: page[0].Item, Sort: []byte{9}})
	if _, page = pending(t, l, run); page[0].Sort[0] != 9 {
		t.Errorf("its place is %x, want 09", page[0].Sort)
	}
	arrange(ledger.Arranged{Item: page[0].Item, LeftOut: "its RAW is taken"})
	known, err := l.Folder(t.Context(), s.Dir)
	if err != nil {
		t.Fatal(err)
	}
	it := known.Known("a.jpg").Items[0]
	if it.State != ledger.Skipped || !it.LeftOut || it.Reason != "its RAW is taken" {
		t.Errorf("left out it is %+v", it)
	}
	if err := l.Arrange(t.Context(), []ledger.Arranged{{Item: it.Item, Sort: []byte{1}}}); err != nil {
		t.Errorf("Arrange of an item that has ended: %v", err)
	}
	next, err := l.BeginRun(t.Context(), "import")
	if err != nil {
		t.Fatal(err)
	}
	if err := l.Adopt(t.Context(), next, []ledger.ItemID{it.Item}); err != nil {
		t.Fatalf("Adopt: %v", err)
	}
	if _, page = pending(t, l, next); len(page) != 1 || page[0].Sort[0] != 9 {
		t.Errorf("the next run has %+v", page)
	}
}
