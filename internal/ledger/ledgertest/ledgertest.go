// Package ledgertest checks that an implementation keeps the promises of [ledger.Ledger].
//
// [Run] is given a function that opens an empty ledger, and runs every check against a fresh one. The checks know nothing of what
// stands behind the interface.
package ledgertest

import (
	"bytes"
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/albumwright/albumwright/internal/ledger"
)

// Run checks the implementation that open gives an empty instance of. What open returns is closed by the suite.
func Run(t *testing.T, open func(t *testing.T) ledger.Ledger) {
	for _, c := range []struct {
		name  string
		check func(t *testing.T, l ledger.Ledger, run ledger.RunID)
	}{
		{"KnowsWhatWasRecorded", knowsWhatWasRecorded},
		{"AChangedFileStartsOver", changedFileStartsOver},
		{"AChangedFileIsInNoAlbumYet", changedFileIsInNoAlbum},
		{"AFileReplacedUnderItsTimesStartsOver", replacedFileStartsOver},
		{"ASessionIsKeptUntilTheFileHasATokenOrIsAnother", sessions},
		{"PagesComeInOrderAndComplete", pagesInOrder},
		{"AnItemGoesItsWayToCreated", wayToCreated},
		{"ARefusedContentIsRemembered", refusedContent},
		{"TransitionsOutOfOrderAreRefused", transitions},
		{"AdoptTakesWhatAnEarlierRunLeft", adopt},
		{"AdoptFailedTakesWhatFailedAndRefusedOnesOnlyWhenAsked", adoptFailed},
		{"WhatCannotBeReadFailsUntilItIsRecorded", unread},
		{"WhatIsDeliveredCanBeConfirmed", confirm},
		{"PlacementsOfTheRunItselfAreNotBefore", placementsBefore},
		{"NeighboursAreFoundAmongWhatTheAlbumHolds", neighbours},
		{"UnfinishedItemsCanBeGivenOtherPlaces", standing},
		{"AStaleTokenIsForgotten", staleToken},
		{"ALostAlbumIsPutBackButForWhatWasRemoved", loseAlbum},
		{"WhatWasRemovedStaysPlacedAndIsNoNeighbour", removed},
		{"WhatIsForgottenIsSentAgainAndStandsNowhere", forget},
		{"AlbumsAreListedIntendedAndKnown", albums},
		{"ACancelledContextChangesNothing", cancelled},
		{"EventsAreFoundOnceAndKept", events},
		{"AFileOfSeveralAlbumsKnowsItsItems", siblings},
		{"FoldersTellWhatStandsThere", foldersTellWhatStandsThere},
		{"WhatIsLeftOutCanBeTakenLater", whatIsLeftOutCanBeTakenLater},
		{"WhatAMediaItemWasGivenIsRemembered", given},
		{"ATitleHasVolumes", volumes},
		{"HeadingsAreKeptOnceTheyMayBeThere", headings},
		{"ManyWritersAtOnceAreAllKept", manyWriters},
	} {
		t.Run(c.name, func(t *testing.T) {
			l := open(t)
			defer func() {
				if err := l.Close(); err != nil {
					t.Errorf("Close: %v", err)
				}
			}()
			run, err := l.BeginRun(t.Context(), "test")
			if err != nil {
				t.Fatal(err)
			}
			c.check(t, l, run)
		})
	}
}

// sighting makes a file of an album with a place in it.
func sighting(name, album string, place byte) ledger.Sighting {
	offset, lat, lon := 7200, 48.25, -16.5
	return ledger.Sighting{
		Dir: "/photos/a\xff", Name: name, Size: 1000 + int64(place), ModTime: time.Unix(1700000000, 123456789).UTC(), Device: 1, Inode: uint64(place), Changed: time.Unix(1700000100, 7).UTC(),
		Facts: ledger.Facts{
			Captured: time.Date(2024, 5, 18, 10, 0, int(place), 250_000_000, time.UTC), Offset: &offset, CaptureSource: "EXIF:DateTimeOriginal",
			Make: "Acme", Model: "One", Serial: "77", Orientation: 6, Latitude: &lat, Longitude: &lon, Width: 4000, Height: 3000,
			MediaType: "image/jpeg", Description: "the pier", ContentID: "A-B", Duration: 3 * time.Second, Shifted: -90 * time.Minute,
		},
		Album: album, Sort: []byte{place},
	}
}

func record(t *testing.T, l ledger.Ledger, run ledger.RunID, seen ...ledger.Sighting) {
	t.Helper()
	if err := l.Record(t.Context(), run, seen); err != nil {
		t.Fatalf("Record: %v", err)
	}
}

// pending returns the unfinished items of the only album that has any.
func pending(t *testing.T, l ledger.Ledger, run ledger.RunID) (ledger.AlbumID, []ledger.Pending) {
	t.Helper()
	albums, err := l.PendingAlbums(t.Context(), run)
	if err != nil {
		t.Fatal(err)
	}
	if len(albums) == 0 {
		return 0, nil
	}
	page, err := l.Pending(t.Context(), run, albums[0].ID, ledger.Cursor{}, 1000)
	if err != nil {
		t.Fatal(err)
	}
	return albums[0].ID, page
}

func content(text string) ledger.Content {
	return ledger.Content{SHA256: sha256.Sum256([]byte(text)), Size: int64(len(text)), Token: "token-" + text, Issued: time.Unix(1700000001, 5).UTC()}
}

// create leads one item from described to created.
func create(t *testing.T, l ledger.Ledger, run ledger.RunID, album ledger.AlbumID, item ledger.ItemID, text string) {
	t.Helper()
	if err := l.Sent(t.Context(), item, content(text)); err != nil {
		t.Fatalf("Sent: %v", err)
	}
	batch, err := l.BeginBatch(t.Context(), ledger.Batch{Run: run, Album: album, Items: []ledger.ItemID{item}})
	if err != nil {
		t.Fatalf("BeginBatch: %v", err)
	}
	if err := l.FinishBatch(t.Context(), batch, []ledger.End{{Item: item, State: ledger.Created, MediaItem: "media-" + text}}); err != nil {
		t.Fatalf("FinishBatch: %v", err)
	}
}

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

func wayToCreated(t *testing.T, l ledger.Ledger, run ledger.RunID) {
	record(t, l, run, sighting("a.jpg", "Pier", 1))
	album, page := pending(t, l, run)
	c := content("bytes")
	if err := l.Sent(t.Context(), page[0].Item, c); err != nil {
		t.Fatal(err)
	}
	if _, page = pending(t, l, run); page[0].Content == nil || page[0].Content.Token != c.Token || !page[0].Content.Issued.Equal(c.Issued) {
		t.Fatalf("after Sent the item's content is %+v", page[0].Content)
	}
	create(t, l, run, album, page[0].Item, "bytes")
	if n, err := l.Unfinished(t.Context(), run); n != 0 || err != nil {
		t.Errorf("%d unfinished (%v), want 0", n, err)
	}
	got, ok, err := l.Content(t.Context(), c.SHA256)
	if err != nil || !ok || got.MediaItem != "media-bytes" || got.Size != c.Size {
		t.Errorf("content %+v, %v, %v", got, ok, err)
	}
	p, ok, err := l.Placed(t.Context(), album, got.ID)
	if err != nil || !ok || p.MediaItem != "media-bytes" || p.Run != run || !bytes.Equal(p.Sort, []byte{1}) {
		t.Errorf("placement %+v, %v, %v", p, ok, err)
	}
	if path, err := l.Holder(t.Context(), album, got.ID); err != nil || path != "/photos/a\xff/a.jpg" {
		t.Errorf("Holder gives %q, %v", path, err)
	}
	if has, err := l.HasSize(t.Context(), c.Size); !has || err != nil {
		t.Errorf("HasSize(%d) = %v, %v", c.Size, has, err)
	}
	if has, _ := l.HasSize(t.Context(), c.Size+1); has {
		t.Error("HasSize is true for a size that no content has")
	}
}

func refusedContent(t *testing.T, l ledger.Ledger, run ledger.RunID) {
	record(t, l, run, sighting("a.jpg", "", 1))
	album, page := pending(t, l, run)
	c := content("junk")
	if err := l.Sent(t.Context(), page[0].Item, c); err != nil {
		t.Fatal(err)
	}
	batch, err := l.BeginBatch(t.Context(), ledger.Batch{Run: run, Album: album, Items: []ledger.ItemID{page[0].Item}})
	if err != nil {
		t.Fatal(err)
	}
	if err := l.FinishBatch(t.Context(), batch, []ledger.End{{Item: page[0].Item, State: ledger.Failed, Reason: "NOT_IMAGE", Permanent: true}}); err != nil {
		t.Fatal(err)
	}
	if got, _, _ := l.Content(t.Context(), c.SHA256); got.Refused != "NOT_IMAGE" || got.MediaItem != "" {
		t.Errorf("content %+v, want it refused", got)
	}
	known, err := l.Folder(t.Context(), "/photos/a\xff")
	if it := known.Known("a.jpg").Items; err != nil || len(it) != 1 || it[0].State != ledger.Failed || !it[0].Permanent || it[0].Reason != "NOT_IMAGE" {
		t.Errorf("item %+v, %v", it, err)
	}
}

func transitions(t *testing.T, l ledger.Ledger, run ledger.RunID) {
	record(t, l, run, sighting("a.jpg", "Pier", 1))
	album, page := pending(t, l, run)
	item := page[0].Item
	if err := l.FinishBatch(t.Context(), 1, []ledger.End{{Item: item, State: ledger.Created, MediaItem: "m"}}); !errors.Is(err, ledger.ErrTransition) {
		t.Errorf("described to created: %v, want ErrTransition", err)
	}
	create(t, l, run, album, item, "x")
	for _, state := range []ledger.State{ledger.Failed, ledger.Already, ledger.Duplicate, ledger.Skipped} {
		if err := l.Finish(t.Context(), ledger.End{Item: item, State: state}); !errors.Is(err, ledger.ErrTransition) {
			t.Errorf("created to %s: %v, want ErrTransition", state, err)
		}
	}
	if err := l.Sent(t.Context(), item, content("x")); !errors.Is(err, ledger.ErrTransition) {
		t.Errorf("created to sent: %v, want ErrTransition", err)
	}
	if err := l.Adopt(t.Context(), run, []ledger.ItemID{item}); !errors.Is(err, ledger.ErrTransition) {
		t.Errorf("adopting an ended item: %v, want ErrTransition", err)
	}
	if err := l.EndRun(t.Context(), run, "{}"); err != nil {
		t.Error(err)
	}
	if err := l.EndRun(t.Context(), run, "{}"); !errors.Is(err, ledger.ErrTransition) {
		t.Errorf("ending a run twice: %v, want ErrTransition", err)
	}
}

func adopt(t *testing.T, l ledger.Ledger, run ledger.RunID) {
	record(t, l, run, sighting("described", "A", 1), sighting("creating", "A", 2), sighting("failed", "A", 3))
	album, page := pending(t, l, run)
	if err := l.Sent(t.Context(), page[1].Item, content("x")); err != nil {
		t.Fatal(err)
	}
	if _, err := l.BeginBatch(t.Context(), ledger.Batch{Run: run, Album: album, Items: []ledger.ItemID{page[1].Item}}); err != nil {
		t.Fatal(err)
	}
	if err := l.Finish(t.Context(), ledger.End{Item: page[2].Item, State: ledger.Failed, Reason: "broken pipe"}); err != nil {
		t.Fatal(err)
	}
	next, err := l.BeginRun(t.Context(), "again")
	if err != nil {
		t.Fatal(err)
	}
	if err := l.Adopt(t.Context(), next, []ledger.ItemID{page[0].Item, page[1].Item, page[2].Item}); err != nil {
		t.Fatal(err)
	}
	if n, _ := l.Unfinished(t.Context(), run); n != 0 {
		t.Errorf("the old run still has %d unfinished items", n)
	}
	if n, _ := l.Unfinished(t.Context(), next); n != 3 {
		t.Errorf("the new run has %d unfinished items, want 3", n)
	}
	create(t, l, next, album, page[1].Item, "x") // from creating, by way of sent
}

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

func staleToken(t *testing.T, l ledger.Ledger, run ledger.RunID) {
	record(t, l, run, sighting("a", "A", 1))
	album, page := pending(t, l, run)
	c := content("x")
	if err := l.Sent(t.Context(), page[0].Item, c); err != nil {
		t.Fatal(err)
	}
	batch, err := l.BeginBatch(t.Context(), ledger.Batch{Run: run, Album: album, Items: []ledger.ItemID{page[0].Item}})
	if err != nil {
		t.Fatal(err)
	}
	if err := l.FinishBatch(t.Context(), batch, []ledger.End{{Item: page[0].Item, State: ledger.Described}}); err != nil {
		t.Fatal(err)
	}
	if got, ok, err := l.Content(t.Context(), c.SHA256); err != nil || !ok || got.Token != "" || !got.Issued.IsZero() {
		t.Errorf("content %+v, %v, %v; want it known without a token", got, ok, err)
	}
	create(t, l, run, album, page[0].Item, "x")
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

func cancelled(t *testing.T, l ledger.Ledger, run ledger.RunID) {
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if err := l.Record(ctx, run, []ledger.Sighting{sighting("a", "A", 1)}); !errors.Is(err, context.Canceled) {
		t.Errorf("Record with a cancelled context: %v", err)
	}
	if known, _ := l.Folder(t.Context(), "/photos/a\xff"); len(known.Names()) != 0 {
		t.Errorf("it was recorded all the same: %v", known)
	}
}

func manyWriters(t *testing.T, l ledger.Ledger, run ledger.RunID) {
	const writers, each = 16, 25
	var wg sync.WaitGroup
	errs := make(chan error, 2*writers*each)
	for w := range writers {
		wg.Go(func() {
			for i := range each {
				errs <- l.Record(t.Context(), run, []ledger.Sighting{sighting(fmt.Sprint(w, "-", i), "A", byte(i))})
				_, err := l.HasSize(t.Context(), int64(i))
				errs <- err
			}
		})
	}
	wg.Wait()
	close(errs)
	for err := range errs {
		if err != nil {
			t.Fatal(err)
		}
	}
	if n, err := l.Unfinished(t.Context(), run); n != writers*each || err != nil {
		t.Errorf("%d items (%v), want %d", n, err, writers*each)
	}
}
