package ledgertest

import (
	"bytes"
	"fmt"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/albumwright/albumwright/internal/ledger"
)

func knowsWhatWasRecorded(t *testing.T, l ledger.Ledger, run ledger.RunID) {
	s := sighting("IMG\n1.JPG", "Pier", 1)
	plain := ledger.Sighting{Dir: s.Dir, Name: "plain.png", Size: 5, ModTime: s.ModTime, Skip: "unsupported content"}
	record(t, l, run, s, plain)
	known, err := l.Folder(t.Context(), s.Dir)
	if err != nil {
		t.Fatal(err)
	}
	got := known.Known(s.Name)
	if got.Size != s.Size || !got.ModTime.Equal(s.ModTime) || !got.Changed.Equal(s.Changed) || got.Content != nil || !cmp.Equal(got.Facts, s.Facts) {
		t.Errorf("Folder gives %+v, want what was recorded: %+v", got, s)
	}
	if len(got.Items) != 1 || got.Items[0].Album != "Pier" || got.Items[0].State != ledger.Described {
		t.Errorf("items %+v, want one of album Pier, described", got.Items)
	}
	if p := known.Known("plain.png"); len(p.Items) != 1 || p.Items[0].State != ledger.Skipped || p.Items[0].Reason != "unsupported content" || !p.Facts.Captured.IsZero() {
		t.Errorf("skipped file is known as %+v", p)
	}
	if other, err := l.Folder(t.Context(), "/photos"); err != nil || len(other.Names()) != 0 {
		t.Errorf("another folder: %v, %v", other, err)
	}
}

func changedFileStartsOver(t *testing.T, l ledger.Ledger, run ledger.RunID) {
	s := sighting("a.jpg", "Pier", 1)
	record(t, l, run, s)
	album, page := pending(t, l, run)
	create(t, l, run, album, page[0].Item, "first")
	s.ModTime = s.ModTime.Add(time.Second)
	record(t, l, run, s)
	_, page = pending(t, l, run)
	if len(page) != 1 || page[0].Content != nil {
		t.Fatalf("a changed file is pending as %+v, want one item without a content", page)
	}
	create(t, l, run, album, page[0].Item, "second")
	held, err := l.Placements(t.Context(), album, run+1)
	if err != nil || len(held) != 2 {
		t.Errorf("the album holds %v (%v), want both versions", held, err)
	}
}

func changedFileIsInNoAlbum(t *testing.T, l ledger.Ledger, run ledger.RunID) {
	s := sighting("a.jpg", "A", 1)
	record(t, l, run, s)
	album, page := pending(t, l, run)
	create(t, l, run, album, page[0].Item, "first")
	s.ModTime, s.Album = s.ModTime.Add(time.Second), "B"
	record(t, l, run, s)
	known, err := l.Folder(t.Context(), s.Dir)
	if err != nil {
		t.Fatal(err)
	}
	for _, it := range known.Known(s.Name).Items {
		if want := map[string]ledger.State{"A": ledger.Gone, "B": ledger.Described}[it.Album]; it.State != want {
			t.Errorf("the new file's item in album %s is %s, want %s", it.Album, it.State, want)
		}
	}
}

func pagesInOrder(t *testing.T, l ledger.Ledger, run ledger.RunID) {
	var seen []ledger.Sighting
	for i := range 25 {
		seen = append(seen, sighting(fmt.Sprint(i), "B", byte(100-i)), sighting(fmt.Sprint("x", i), "A", 7)) // all of A at one place
	}
	record(t, l, run, seen...)
	albums, err := l.PendingAlbums(t.Context(), run)
	if err != nil || len(albums) != 2 || albums[0].Title != "A" || albums[1].Items != 25 || albums[0].Bytes != 25*1007 {
		t.Fatalf("pending albums %+v, %v", albums, err)
	}
	for _, a := range albums {
		var at ledger.Cursor
		var got []ledger.Pending
		for {
			page, err := l.Pending(t.Context(), run, a.ID, at, 7)
			if err != nil {
				t.Fatal(err)
			}
			if len(page) == 0 {
				break
			}
			got, at = append(got, page...), page[len(page)-1].Cursor()
		}
		ids := map[ledger.ItemID]bool{}
		for i, p := range got {
			if ids[p.Item] = true; i > 0 && bytes.Compare(got[i-1].Sort, p.Sort) > 0 {
				t.Errorf("album %s: item %d stands before %d", a.Title, i-1, i)
			}
		}
		if len(ids) != 25 {
			t.Errorf("album %s: %d different items in pages, want 25", a.Title, len(ids))
		}
	}
}
