// Package ledgertest checks that an implementation keeps the promises of [ledger.Ledger].
//
// [Run] is given a function that opens an empty ledger, and runs every check against a fresh one. The checks know nothing of what
// stands behind the interface.
package ledgertest

import (
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"sync"
	"testing"
	"time"

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
