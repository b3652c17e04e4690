package ledgertest

import (
	"errors"
	"slices"
	"testing"
	"time"

	"github.com/albumwright/albumwright/internal/ledger"
)

func loseAlbum(t *testing.T, l ledger.Ledger, run ledger.RunID) {
	record(t, l, run, sighting("a", "A", 1), sighting("b", "A", 2), sighting("c", "A", 3))
	album, page := pending(t, l, run)
	if err := l.SetRemoteAlbums(t.Context(), time.Now(), []ledger.RemoteAlbum{{Remote: "r", Title: "A", Writeable: true}}); err != nil {
		t.Fatal(err)
	}
	if err := l.SetAlbum(t.Context(), album, "r"); err != nil {
		t.Fatal(err)
	}
	for i, name := range []string{"a", "b", "c"} {
		create(t, l, run, album, page[i].Item, name)
	}
	held, _ := l.Placements(t.Context(), album, run+1)
	if err := errors.Join(l.SetRemoved(t.Context(), album, []ledger.ContentID{held[1].Content}), l.LoseAlbum(t.Context(), album)); err != nil {
		t.Fatal(err)
	}
	a, err := l.Album(t.Context(), album)
	now, _ := l.Placements(t.Context(), album, run+1)
	listed, _, _ := l.RemoteAlbums(t.Context(), "A")
	if err != nil || a.Remote != "" || a.Intended || len(now) != 0 || len(listed) != 0 {
		t.Errorf("album %+v (%v) holds %v and is listed as %v", a, err, now, listed)
	}
	if all, err := l.LostAlbums(t.Context()); err != nil || len(all) != 1 || all[0].ID != album || !all[0].Missing {
		t.Errorf("lost albums %+v, %v", all, err)
	}
	wantLost(t, l, album, nil, "media-a", "media-c")
	wantLost(t, l, album, held[2].Sort, "media-a")
	first := []ledger.ContentID{held[0].Content}
	if err := l.IntendBack(t.Context(), album, first); err != nil {
		t.Fatal(err)
	}
	if lost, _ := l.Lost(t.Context(), album, nil, 1); len(lost) != 1 || !lost[0].Doubt {
		t.Errorf("lost %+v, want the first in doubt", lost)
	}
	if err := errors.Join(l.PutBack(t.Context(), album, first), l.SetAlbum(t.Context(), album, "r2")); err != nil {
		t.Fatal(err)
	}
	wantLost(t, l, album, nil, "media-c")
	if all, err := l.LostAlbums(t.Context()); err != nil || len(all) != 1 || all[0].Missing || !all[0].Remote {
		t.Errorf("lost albums %+v (%v), want one that is made anew", all, err)
	}
}

func wantLost(t *testing.T, l ledger.Ledger, album ledger.AlbumID, before []byte, want ...string) {
	t.Helper()
	lost, err := l.Lost(t.Context(), album, before, 10)
	var got []string
	for _, p := range lost {
		got = append(got, p.MediaItem)
	}
	if err != nil || !slices.Equal(got, want) {
		t.Errorf("lost before %v: %q (%v), want %q", before, got, err, want)
	}
}

func removed(t *testing.T, l ledger.Ledger, run ledger.RunID) {
	record(t, l, run, sighting("a", "A", 10), sighting("b", "A", 20))
	album, page := pending(t, l, run)
	create(t, l, run, album, page[0].Item, "a")
	create(t, l, run, album, page[1].Item, "b")
	held, _ := l.Placements(t.Context(), album, run+1)
	b := held[1].Content
	if err := l.SetRemoved(t.Context(), album, []ledger.ContentID{b}); err != nil {
		t.Fatal(err)
	}
	if _, placed, err := l.Placed(t.Context(), album, b); err != nil || !placed {
		t.Errorf("placed %v, %v: it would be brought back", placed, err)
	}
	if after, last, err := l.Neighbour(t.Context(), album, []byte{30}); err != nil || after != "media-a" || !last {
		t.Errorf("after %q, last %v, %v; want media-a, last", after, last, err)
	}
	if _, last, _ := l.Neighbour(t.Context(), album, []byte{15}); !last {
		t.Error("what was removed still stands behind others")
	}
	if held, _ = l.Placements(t.Context(), album, run+1); len(held) != 1 || held[0].MediaItem != "media-a" {
		t.Errorf("the album holds %+v, want a alone", held)
	}
}

func forget(t *testing.T, l ledger.Ledger, run ledger.RunID) {
	record(t, l, run, sighting("a", "A", 10), sighting("b", "A", 20))
	album, page := pending(t, l, run)
	create(t, l, run, album, page[0].Item, "a")
	create(t, l, run, album, page[1].Item, "b")
	held, _ := l.Placements(t.Context(), album, run+1)
	if err := l.SetRemoved(t.Context(), album, []ledger.ContentID{held[1].Content}); err != nil {
		t.Fatal(err)
	}
	if err := l.Forget(t.Context(), []ledger.ContentID{held[1].Content}); err != nil {
		t.Fatal(err)
	}
	if _, placed, err := l.Placed(t.Context(), album, held[1].Content); err != nil || placed {
		t.Errorf("placed %v, %v: it would not be brought back", placed, err)
	}
	known, err := l.Folder(t.Context(), page[0].Dir)
	if err != nil {
		t.Fatal(err)
	}
	if b := known.Known("b"); b.Content == nil || b.Content.MediaItem != "" || b.Content.Token != "" || b.Items[0].State != ledger.Gone {
		t.Errorf("b is %+v with %+v, want a content without an item or a token, and an item that is gone", b, b.Content)
	}
	if a := known.Known("a"); a.Content.MediaItem != "media-a" || a.Items[0].State != ledger.Created {
		t.Errorf("a is %+v with %+v, want it as it was", a, a.Content)
	}
}
