package ledgertest

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/albumwright/albumwright/internal/ledger"
)

func placementsBefore(t *testing.T, l ledger.Ledger, run ledger.RunID) {
	record(t, l, run, sighting("b", "A", 2))
	album, page := pending(t, l, run)
	create(t, l, run, album, page[0].Item, "b")
	next, err := l.BeginRun(t.Context(), "again")
	if err != nil {
		t.Fatal(err)
	}
	record(t, l, next, sighting("a", "A", 1))
	_, page = pending(t, l, next)
	create(t, l, next, album, page[0].Item, "a")
	held, err := l.Placements(t.Context(), album, next)
	if err != nil || len(held) != 1 || held[0].MediaItem != "media-b" {
		t.Errorf("before run %d the album held %+v (%v), want only b", next, held, err)
	}
	held, _ = l.Placements(t.Context(), album, next+1)
	if len(held) != 2 || held[0].MediaItem != "media-a" {
		t.Errorf("after it the album holds %+v, want a and b in order", held)
	}
}

func neighbours(t *testing.T, l ledger.Ledger, run ledger.RunID) {
	record(t, l, run, sighting("b", "A", 20), sighting("d", "A", 40))
	album, page := pending(t, l, run)
	create(t, l, run, album, page[0].Item, "b")
	create(t, l, run, album, page[1].Item, "d")
	for _, c := range []struct {
		sort  byte
		after string
		last  bool
	}{{10, "", false}, {30, "media-b", false}, {50, "media-d", true}, {40, "media-b", true}} {
		if after, last, err := l.Neighbour(t.Context(), album, []byte{c.sort}); err != nil || after != c.after || last != c.last {
			t.Errorf("place %d goes after %q, last %v (%v); want %q, %v", c.sort, after, last, err, c.after, c.last)
		}
	}
	if after, last, err := l.Neighbour(t.Context(), album+1, []byte{1}); err != nil || after != "" || !last {
		t.Errorf("in an empty album: after %q, last %v, %v", after, last, err)
	}
}

func albums(t *testing.T, l ledger.Ledger, run ledger.RunID) {
	record(t, l, run, sighting("a", "Pier", 1))
	id, _ := pending(t, l, run)
	if a, err := l.Album(t.Context(), id); err != nil || a != (ledger.Album{ID: id, Title: "Pier"}) {
		t.Errorf("a new album is %+v, %v", a, err)
	}
	if err := l.IntendAlbum(t.Context(), id); err != nil {
		t.Fatal(err)
	}
	if a, _ := l.Album(t.Context(), id); !a.Intended {
		t.Error("an intended album does not say so")
	}
	if err := l.SetAlbum(t.Context(), id, "remote-1"); err != nil {
		t.Fatal(err)
	}
	if a, _ := l.Album(t.Context(), id); a.Intended || a.Remote != "remote-1" {
		t.Errorf("a created album is %+v", a)
	}
	if got, listed, err := l.RemoteAlbums(t.Context(), "Pier"); err != nil || !listed.IsZero() || len(got) != 0 {
		t.Errorf("never listed: %v, %v, %v", got, listed, err)
	}
	twins := []ledger.RemoteAlbum{{Remote: "r1", Title: "Twin", Writeable: true}, {Remote: "r2", Title: "Twin"}}
	if err := l.SetRemoteAlbums(t.Context(), time.Now(), append(twins, ledger.RemoteAlbum{Remote: "r3", Title: "Other"})); err != nil {
		t.Fatal(err)
	}
	got, listed, err := l.RemoteAlbums(t.Context(), "Twin")
	if err != nil || listed.IsZero() || !cmp.Equal(got, twins) {
		t.Errorf("listed: %v, %v, %v", got, listed, err)
	}
	if err := l.SetRemoteAlbums(t.Context(), time.Now(), nil); err != nil {
		t.Fatal(err)
	}
	if got, listed, _ := l.RemoteAlbums(t.Context(), "Twin"); len(got) != 0 || listed.IsZero() {
		t.Errorf("an empty listing is %v, %v", got, listed)
	}
}
