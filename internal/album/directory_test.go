package album_test

import (
	"context"
	"errors"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"golang.org/x/oauth2"

	"github.com/albumwright/albumwright/emulator"
	"github.com/albumwright/albumwright/internal/album"
	"github.com/albumwright/albumwright/internal/ledger"
	"github.com/albumwright/albumwright/photos"
)

func TestAnAlbumThatTheLedgerKnowsCostsNoCall(t *testing.T) {
	w := newWorld(t, &service{}, "Summer")
	if err := w.ledger.SetAlbum(t.Context(), w.ids["Summer"], "known"); err != nil {
		t.Fatal(err)
	}
	w.wantResolved(t, "Summer", "known", false)
	w.wantCalls(t)
}

func TestAnAlbumThatTheServiceHasIsFoundAndRemembered(t *testing.T) {
	w := newWorld(t, &service{albums: []photos.Album{{ID: "s", Title: "Summer", IsWriteable: true}}}, "Summer")
	w.wantResolved(t, "Summer", "s", false)
	w.wantResolved(t, "Summer", "s", false)
	w.wantCalls(t, "list")
}

func TestAMissingAlbumIsCreatedOnce(t *testing.T) {
	w := newWorld(t, &service{}, "Summer")
	w.wantResolved(t, "Summer", "new 0", true)
	w.wantResolved(t, "Summer", "new 0", false)
	w.wantCalls(t, "list", "create Summer")
}

func TestAllPagesAreListed(t *testing.T) {
	s := &service{}
	for _, id := range []string{"a", "b", "c", "d", "e"} {
		s.albums = append(s.albums, photos.Album{ID: id, Title: "title of " + id, IsWriteable: true})
	}
	w := newWorld(t, s, "title of e", "title of a")
	w.wantResolved(t, "title of e", "e", false)
	w.wantResolved(t, "title of a", "a", false)
	w.wantCalls(t, "list", "list 2", "list 4")
}

func TestTheListingIsBelievedForADay(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t, &service{}, "1", "2", "3")
		w.wantResolved(t, "1", "new 0", true)
		time.Sleep(24*time.Hour - 1)
		w.wantResolved(t, "2", "new 1", true)
		w.wantCalls(t, "list", "create 1", "create 2")
		time.Sleep(time.Nanosecond)
		w.wantResolved(t, "3", "new 2", true)
		w.wantCalls(t, "list", "create 3")
	})
}

func TestAListingIsBelievedFromItsTimeOnForADay(t *testing.T) {
	at := time.Date(2026, 1, 2, 3, 4, 5, 6, time.UTC)
	for _, tc := range []struct {
		at, now time.Time
		want    bool
	}{
		{at, at, true}, {at, at.Add(24*time.Hour - 1), true}, {at, at.Add(24 * time.Hour), false},
		{at, at.Add(-1), false}, {time.Time{}, at, false}, {time.Time{}, time.Time{}, false},
	} {
		if got := album.Listed(tc.at, tc.now); got != tc.want {
			t.Errorf("listed at %v, now %v: believed %t, want %t", tc.at, tc.now, got, tc.want)
		}
	}
}

func TestAnAlbumWhoseCreationWasNeverAnsweredIsLookedForAgain(t *testing.T) {
	lost := errors.New("answer lost")
	w := newWorld(t, &service{}, "Summer")
	w.failAt, w.err = "create", lost
	w.wantUnresolved(t, "Summer", lost)
	w.wantCalls(t, "list", "create Summer")

	w.failAt = ""
	w.albums = []photos.Album{{ID: "made", Title: "Summer", IsWriteable: true}} // it was made after all
	w.wantResolved(t, "Summer", "made", false)
	w.wantCalls(t, "list")
}

func TestAnAlbumWhoseCreationReallyFailedIsCreatedAfterAnotherListing(t *testing.T) {
	failed := errors.New("never arrived")
	w := newWorld(t, &service{failAt: "create", err: failed}, "Summer")
	w.wantUnresolved(t, "Summer", failed)
	w.failAt = ""
	w.calls = nil
	w.wantResolved(t, "Summer", "new 0", true)
	w.wantCalls(t, "list", "create Summer")
}

func TestAListingThatFailsCreatesNothingAndIsNotRemembered(t *testing.T) {
	failed := errors.New("the listing broke off")
	albums := []photos.Album{{ID: "a", Title: "A"}, {ID: "b", Title: "B"}, {ID: "s", Title: "Summer", IsWriteable: true}}
	for _, failAt := range []string{"list", "list 2"} {
		w := newWorld(t, &service{albums: albums, failAt: failAt, err: failed}, "Summer")
		w.wantUnresolved(t, "Summer", failed)
		if slices.ContainsFunc(w.calls, func(c string) bool { return strings.HasPrefix(c, "create") }) {
			t.Errorf("%s fails: calls %q, want nothing created", failAt, w.calls)
		}
		w.failAt, w.calls = "", nil
		w.wantResolved(t, "Summer", "s", false)
		w.wantCalls(t, "list", "list 2")
	}
}

// failing is a ledger that fails in one method.
type failing struct {
	ledger.Ledger
	intend, remote error
}

func (f failing) IntendAlbum(ctx context.Context, id ledger.AlbumID) error {
	if f.intend != nil {
		return f.intend
	}
	return f.Ledger.IntendAlbum(ctx, id)
}

func (f failing) RemoteAlbums(ctx context.Context, title string) ([]ledger.RemoteAlbum, time.Time, error) {
	if f.remote != nil {
		return nil, time.Time{}, f.remote
	}
	return f.Ledger.RemoteAlbums(ctx, title)
}

func TestWhatCannotBeRecordedIsNotCreated(t *testing.T) {
	full := errors.New("disk full")
	for _, tc := range []struct {
		ledger failing
		want   []string // calls
	}{
		{failing{intend: full}, []string{"list"}},
		{failing{remote: full}, nil},
	} {
		w := newWorld(t, &service{}, "Summer")
		tc.ledger.Ledger = w.ledger
		w.dir.Ledger = tc.ledger
		w.wantUnresolved(t, "Summer", full)
		w.wantCalls(t, tc.want...)
	}
}

func TestAnAlbumIntoWhichNothingMayBeWrittenIsExplainedAndNotDoubled(t *testing.T) {
	w := newWorld(t, &service{albums: []photos.Album{{ID: "a", Title: "Summer"}}}, "Summer")
	w.wantUnresolved(t, "Summer", album.ErrForeign)
	w.wantCalls(t, "list")
}

func TestOfTwoAlbumsOfOneTitleTheOneThatCanBeWrittenToIsUsed(t *testing.T) {
	w := newWorld(t, &service{albums: []photos.Album{{ID: "a", Title: "Summer"}, {ID: "b", Title: "Summer", IsWriteable: true}}}, "Summer")
	w.wantResolved(t, "Summer", "b", false)
	w.wantCalls(t, "list")
}

func TestTitlesAreComparedComposed(t *testing.T) {
	title := album.CleanTitle("Mu\u0308nchen")
	w := newWorld(t, &service{albums: []photos.Album{{ID: "m", Title: " Mu\u0308nchen\n", IsWriteable: true}}}, title)
	w.wantResolved(t, title, "m", false)
	w.wantCalls(t, "list")
}

func TestTitlesAreComparedExactly(t *testing.T) {
	w := newWorld(t, &service{albums: []photos.Album{{ID: "a", Title: "summer", IsWriteable: true}, {ID: "b", Title: "Summer 2", IsWriteable: true}}}, "Summer")
	w.wantResolved(t, "Summer", "new 2", true)
}

func TestACreatedAlbumIsRememberedThoughTheContextEnded(t *testing.T) {
	w := newWorld(t, &service{}, "Summer")
	ctx, cancel := context.WithCancel(t.Context())
	w.dir.API = cancelling{w.service, cancel}
	if _, err := w.dir.Resolve(ctx, w.ids["Summer"]); err != nil {
		t.Errorf("error %v, want the album remembered all the same", err)
	}
	w.wantResolved(t, "Summer", "new 0", false)
	w.wantCalls(t, "list", "create Summer")
}

// cancelling ends the context while an album is created.
type cancelling struct {
	album.API
	cancel func()
}

func (c cancelling) Create(ctx context.Context, title string) (photos.Album, error) {
	c.cancel()
	return c.API.Create(ctx, title)
}

func TestTheEmulatedServiceNeverGetsASecondAlbumOfATitle(t *testing.T) {
	s, err := emulator.New(emulator.Config{})
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	client, err := photos.New(photos.Config{TokenSource: oauth2.StaticTokenSource(&oauth2.Token{AccessToken: s.AccessToken()}), Transport: s.Transport()})
	if err != nil {
		t.Fatal(err)
	}
	var ids []string
	for range 3 { // each time with a ledger that knows nothing
		w := newWorld(t, nil, "Summer")
		w.dir.API = client.Albums
		got, err := w.dir.Resolve(t.Context(), w.ids["Summer"])
		if err != nil {
			t.Fatal(err)
		}
		ids = append(ids, got.ID)
	}
	if albums := s.Albums(); len(albums) != 1 || slices.ContainsFunc(ids, func(id string) bool { return id != albums[0].ID }) {
		t.Errorf("ids %q, albums %v, want one", ids, albums)
	}
}
