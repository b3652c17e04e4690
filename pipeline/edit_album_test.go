package pipeline_test

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/albumwright/albumwright/internal/albumedit"
	"github.com/albumwright/albumwright/internal/fixture"
	"github.com/albumwright/albumwright/pipeline"
)

func (w *world) tryChange(ctx context.Context, edit pipeline.AlbumEdit) (pipeline.AlbumEdited, error) {
	w.t.Helper()
	w.cfg.API = pipeline.ClientAPI(w.client())
	out, err := pipeline.EditAlbum(ctx, w.cfg, edit, false)
	w.checkLedger()
	return out, err
}

func (w *world) change(edit pipeline.AlbumEdit) pipeline.AlbumEdited {
	w.t.Helper()
	out, err := w.tryChange(w.t.Context(), edit)
	if err != nil {
		w.t.Fatalf("EditAlbum %+v: %v", edit, err)
	}
	return out
}

// wantMistake is an edit that the user must ask for differently. It makes no call that changes anything.
func (w *world) wantMistake(edit pipeline.AlbumEdit, want string) {
	w.t.Helper()
	before := w.service.Calls()
	_, err := w.tryChange(w.t.Context(), edit)
	if e := (pipeline.AlbumMistake{}); !errors.As(err, &e) || !strings.Contains(err.Error(), want) {
		w.t.Errorf("EditAlbum %+v: %v, want a mistake that says %q", edit, err, want)
	}
	calls := w.calls(before)
	delete(calls, "albums.list")
	wantCalls(w.t, calls, map[string]int{})
}

func (w *world) path(rel string) string { return filepath.Join(w.dir, rel) }

// idOf is the id of an album of the service.
func (w *world) idOf(title string) string {
	w.t.Helper()
	for _, a := range w.service.Albums() {
		if a.Title == title {
			return a.ID
		}
	}
	w.t.Fatalf("the service has no album %q", title)
	return ""
}

// coverOf is the file name of an album's cover.
func (w *world) coverOf(title string) string {
	w.t.Helper()
	a, err := w.client().Albums.Get(w.t.Context(), w.idOf(title))
	if err != nil {
		w.t.Fatal(err)
	}
	for _, m := range w.service.MediaItems() {
		if m.ID == a.CoverPhotoMediaItemID {
			return m.Filename
		}
	}
	return ""
}

func (w *world) itemID(filename string) string {
	w.t.Helper()
	for _, m := range w.service.MediaItems() {
		if m.Filename == filename {
			return m.ID
		}
	}
	w.t.Fatalf("the service has no %s", filename)
	return ""
}

func states(out pipeline.AlbumEdited) map[string]string {
	all := map[string]string{}
	for _, it := range out.Items {
		all[filepath.Base(it.Name)] = string(it.State)
	}
	return all
}

func TestARuleGoesOnIntoTheAlbumThatWasRenamed(t *testing.T) {
	w := newWorld(t)
	w.photo("Trip/b.jpg", 20)
	w.run()
	before := w.service.Calls()
	out := w.change(pipeline.AlbumEdit{Album: "Trip", Rename: "  Summer 2024 "})
	wantCalls(t, w.calls(before), map[string]int{"albums.patch": 1})
	if out.Title != "Summer 2024" || out.Rule != "Trip" || len(out.Calls) != 1 {
		t.Errorf("outcome %+v", out)
	}
	w.wantAlbums(map[string][]string{"Summer 2024": {"b.jpg"}})
	w.photo("Trip/a.jpg", 10)
	w.photo("Trip/c.jpg", 30)
	w.run()
	w.wantAlbums(map[string][]string{"Summer 2024": {"a.jpg", "b.jpg", "c.jpg"}})

	// It is found by both titles and by its id, and to rename it again to what it is called costs nothing.
	before = w.service.Calls()
	for _, name := range []string{"Trip", "Summer 2024", w.idOf("Summer 2024")} {
		w.change(pipeline.AlbumEdit{Album: name, Rename: "Summer 2024"})
	}
	wantCalls(t, w.calls(before), map[string]int{})
	w.change(pipeline.AlbumEdit{Album: "Summer 2024", Rename: "Trip"})
	w.wantAlbums(map[string][]string{"Trip": {"a.jpg", "b.jpg", "c.jpg"}})
}

func TestARenamingWhoseAnswerIsLostIsDoneAgain(t *testing.T) {
	inBubble(t, "cut", func(t *testing.T) {
		w := newWorld(t)
		w.photo("Trip/a.jpg", 1)
		w.run()
		w.cfg.Tries = 1
		w.through(cutAt(1, true))
		if _, err := w.tryChange(t.Context(), pipeline.AlbumEdit{Album: "Trip", Rename: "New"}); err == nil {
			t.Error("it ended well")
		}
		w.mended()
		w.change(pipeline.AlbumEdit{Album: "Trip", Rename: "New"})
		w.wantAlbums(map[string][]string{"New": {"a.jpg"}})
	})
}

func TestAnAlbumThatIsMeantMustBeTheOnlyOneAndOurs(t *testing.T) {
	w := newWorld(t)
	w.tolerant = true
	w.photo("Harbour/a.jpg", 1)
	w.photo("Garden/b.jpg", 2)
	w.service.AddForeignAlbum("Theirs")
	w.run()
	w.wantMistake(pipeline.AlbumEdit{Album: "Harbor", Rename: "x"}, `there is no album "Harbor" that this app made; the nearest titles are "Harbour", "Garden"`)
	w.wantMistake(pipeline.AlbumEdit{Album: "gard", Rename: "x"}, `the nearest titles are "Garden"`)
	w.wantMistake(pipeline.AlbumEdit{Album: "nothing like it", Rename: "x"}, "that this app made")
	w.wantMistake(pipeline.AlbumEdit{Album: "Harbour", Rename: "Garden"}, `there is an album "Garden" already, `+w.idOf("Garden"))
	w.wantMistake(pipeline.AlbumEdit{Album: "Harbour", Rename: " \t"}, "no visible character")
	w.wantMistake(pipeline.AlbumEdit{Album: "Harbour", Rename: strings.Repeat("x", 501)}, "501 characters")

	made, err := w.client().Albums.Create(t.Context(), "Garden")
	if err != nil {
		t.Fatal(err)
	}
	w.lose() // so that the albums are listed
	w.wantMistake(pipeline.AlbumEdit{Album: "Garden", Rename: "x"}, "there are 2 albums")
	w.wantMistake(pipeline.AlbumEdit{Album: "Garden", Rename: "x"}, made.ID)
	w.change(pipeline.AlbumEdit{Album: made.ID, Rename: "Second garden"})
	w.wantMistake(pipeline.AlbumEdit{Album: "Theirs", Rename: "x"}, "")
}

func TestAlbumsAreListedOnceForATitleThatIsNotKnown(t *testing.T) {
	w := newWorld(t)
	w.photo("Trip/a.jpg", 1)
	w.run()
	w.lose()
	before := w.service.Calls()
	w.change(pipeline.AlbumEdit{Album: "Trip", Rename: "New"})
	w.wantMistake(pipeline.AlbumEdit{Album: "nothing", Rename: "x"}, "there is no album")
	wantCalls(t, w.calls(before), map[string]int{"albums.list": 1, "albums.patch": 1})
}

func TestACoverIsTheFirstTheBestAFileOrAnItem(t *testing.T) {
	w := newWorld(t)
	rated := func(path string, minutes, stars int) {
		w.n++
		w.write(path, fixture.JPEG(fixture.Spec{Seed: w.n, Captured: noon(minutes), Rating: stars}))
	}
	rated("Trip/z.jpg", 1, 0)
	rated("Trip/best.jpg", 2, 4)
	rated("Trip/alike.jpg", 3, 4)
	rated("Trip/beside.jpg", 4, 1)
	rated("Plain/a.jpg", 5, 0)
	w.run()
	for _, c := range []struct {
		cover albumedit.Cover
		want  string
	}{
		{albumedit.Cover{Best: true}, "best.jpg"},
		{albumedit.Cover{First: true}, "z.jpg"},
		{albumedit.Cover{File: w.path("Trip/alike.jpg")}, "alike.jpg"},
		{albumedit.Cover{Item: w.itemID("beside.jpg")}, "beside.jpg"},
	} {
		before := w.service.Calls()
		w.change(pipeline.AlbumEdit{Album: "Trip", Cover: &c.cover})
		wantCalls(t, w.calls(before), map[string]int{"albums.patch": 1})
		if got := w.coverOf("Trip"); got != c.want {
			t.Errorf("%+v makes %s the cover, want %s", c.cover, got, c.want)
		}
	}
	// Ratings count that were given since, beside the photo.
	w.write("Trip/beside.jpg.xmp", fixture.XMP(fixture.Spec{Rating: 5}))
	w.change(pipeline.AlbumEdit{Album: "Trip", Cover: &albumedit.Cover{Best: true}})
	if got := w.coverOf("Trip"); got != "beside.jpg" {
		t.Errorf("the best is %s now, want beside.jpg", got)
	}
	if out := w.change(pipeline.AlbumEdit{Album: "Plain", Cover: &albumedit.Cover{Best: true}}); len(out.Notes) != 1 {
		t.Errorf("notes %q, want that nothing is rated", out.Notes)
	}
	w.wantMistake(pipeline.AlbumEdit{Album: "Trip", Cover: &albumedit.Cover{File: w.path("Plain/a.jpg")}}, "is not in the album")
	w.photo("Trip/new.jpg", 9)
	w.wantMistake(pipeline.AlbumEdit{Album: "Trip", Cover: &albumedit.Cover{File: w.path("Trip/new.jpg")}}, "was not delivered")
	_, err := w.tryChange(t.Context(), pipeline.AlbumEdit{Album: "Trip", Cover: &albumedit.Cover{Item: w.itemID("a.jpg")}})
	if err == nil || !strings.Contains(err.Error(), "only an item that is in the album") {
		t.Errorf("an item of another album: %v", err)
	}
}

func TestAFileInAnotherVolumeIsLookedForThere(t *testing.T) {
	w := newSmallAlbums(t, 2)
	w.minutes(1, 2, 3)
	w.run()
	late := w.path("Pier/03.jpg")
	out := w.change(pipeline.AlbumEdit{Album: "Pier", Remove: []string{late}})
	if len(out.Items) != 1 || out.Items[0].State != albumedit.Failed || !strings.Contains(out.Items[0].Reason, `it is in the album "Pier (2)"`) {
		t.Errorf("outcome %+v", out)
	}
	w.wantMistake(pipeline.AlbumEdit{Album: "Pier", Cover: &albumedit.Cover{File: late}}, `is in the album "Pier (2)"`)
	out = w.change(pipeline.AlbumEdit{Album: "Pier (2)", Remove: []string{late}})
	wantStates(t, states(out), map[string]string{"03.jpg": "removed"})
	w.wantAlbums(map[string][]string{"Pier": {"01.jpg", "02.jpg"}, "Pier (2)": {}})
}

func TestWhatIsAddedStandsAtTheEndAndLaterFilesGoToTheirPlace(t *testing.T) {
	w := newWorld(t)
	w.photo("Trip/b.jpg", 20)
	w.photo("Trip/d.jpg", 40)
	w.photo("Other/early.jpg", 1)
	w.photo("Other/x.jpg", 2)
	w.run()
	w.unseen = true // this album is not in the order of times any more, because somebody wanted it so
	before := w.service.Calls()
	out := w.change(pipeline.AlbumEdit{Album: "Trip", Add: []string{w.path("Other/early.jpg"), w.itemID("x.jpg"), w.path("Trip/b.jpg")}})
	wantCalls(t, w.calls(before), map[string]int{"albums.batchAddMediaItems": 1})
	wantStates(t, states(out), map[string]string{"early.jpg": "added", w.itemID("x.jpg"): "added", "b.jpg": "already"})
	w.photo("Trip/a.jpg", 10)
	w.photo("Trip/c.jpg", 30)
	w.photo("Trip/e.jpg", 50)
	w.run()
	w.wantAlbums(map[string][]string{"Trip": {"a.jpg", "b.jpg", "c.jpg", "d.jpg", "early.jpg", "x.jpg", "e.jpg"}, "Other": {"early.jpg", "x.jpg"}})

	before = w.service.Calls()
	out = w.change(pipeline.AlbumEdit{Album: "Trip", Add: []string{w.path("Other/early.jpg")}})
	wantStates(t, states(out), map[string]string{"early.jpg": "already"})
	wantCalls(t, w.calls(before), map[string]int{})
}

func TestItemsAreAddedAndRemovedFiftyInACall(t *testing.T) {
	inBubble(t, "120 files", func(t *testing.T) {
		w := newWorld(t)
		names := w.series("Other", "o", 120, 0)
		w.photo("Trip/a.jpg", 500)
		w.run()
		w.unseen = true
		var paths []string
		for _, n := range names {
			paths = append(paths, w.path("Other/"+n))
		}
		before := w.service.Calls()
		out := w.change(pipeline.AlbumEdit{Album: "Trip", Add: paths})
		wantCalls(t, w.calls(before), map[string]int{"albums.batchAddMediaItems": 3})
		if diff := cmp.Diff(append([]string{"a.jpg"}, names...), w.albums()["Trip"]); diff != "" || len(out.Calls) != 3 {
			t.Errorf("the album (-want +got):\n%s", diff)
		}
		w.change(pipeline.AlbumEdit{Album: "Trip", Remove: paths})
		wantCalls(t, w.calls(before), map[string]int{"albums.batchAddMediaItems": 3, "albums.batchRemoveMediaItems": 3})
		w.wantAlbums(map[string][]string{"Trip": {"a.jpg"}, "Other": names})
	})
}

func TestWhatWasTakenOutIsNotBroughtBackAndIsNoAnchor(t *testing.T) {
	w := newWorld(t)
	w.photo("Trip/a.jpg", 10)
	w.photo("Trip/b.jpg", 20)
	w.photo("Trip/d.jpg", 40)
	w.run()
	out := w.change(pipeline.AlbumEdit{Album: "Trip", Remove: []string{w.path("Trip/b.jpg")}})
	wantStates(t, states(out), map[string]string{"b.jpg": "removed"})
	w.photo("Trip/c.jpg", 30) // b would be its neighbour
	rep := w.run()
	wantEnds(t, rep, map[pipeline.End]int{pipeline.Uploaded: 1, pipeline.AlreadyThere: 3})
	w.wantAlbums(map[string][]string{"Trip": {"a.jpg", "c.jpg", "d.jpg"}})

	before := w.service.Calls()
	out = w.change(pipeline.AlbumEdit{Album: "Trip", Remove: []string{w.path("Trip/b.jpg")}}) // nobody knows whether the first one was carried out
	wantStates(t, states(out), map[string]string{"b.jpg": "already"})
	wantCalls(t, w.calls(before), map[string]int{"albums.batchRemoveMediaItems": 1})

	w.unseen = true
	w.change(pipeline.AlbumEdit{Album: "Trip", Add: []string{w.path("Trip/b.jpg")}})
	w.wantAlbums(map[string][]string{"Trip": {"a.jpg", "c.jpg", "d.jpg", "b.jpg"}})
}

func TestARefusedCallLeavesTheLedgerAsItWas(t *testing.T) {
	w := newWorld(t)
	w.photo("Trip/a.jpg", 10)
	w.photo("Trip/b.jpg", 20)
	w.photo("Other/x.jpg", 5)
	w.run()
	out := w.change(pipeline.AlbumEdit{Album: "Trip", Remove: []string{w.path("Trip/a.jpg"), w.itemID("x.jpg"), w.path("Other/x.jpg")}})
	wantStates(t, states(out), map[string]string{"a.jpg": "failed", w.itemID("x.jpg"): "failed", "x.jpg": "already"})
	if !strings.Contains(out.Items[1].Reason, "is not in the album, or was not put there by this app") {
		t.Errorf("reason %q", out.Items[1].Reason)
	}
	w.wantAlbums(map[string][]string{"Trip": {"a.jpg", "b.jpg"}, "Other": {"x.jpg"}})
	out = w.change(pipeline.AlbumEdit{Album: "Trip", Remove: []string{w.path("Trip/a.jpg")}}) // a is known to be there
	wantStates(t, states(out), map[string]string{"a.jpg": "removed"})

	out = w.change(pipeline.AlbumEdit{Album: "Trip", Add: []string{w.path("Trip/a.jpg"), strings.Repeat("A", 60)}})
	wantStates(t, states(out), map[string]string{"a.jpg": "failed", strings.Repeat("A", 60): "failed"})
	w.wantAlbums(map[string][]string{"Trip": {"b.jpg"}, "Other": {"x.jpg"}})
}

func TestADryRunOfAnEditSaysTheCallsAndMakesNone(t *testing.T) {
	w := newWorld(t)
	w.photo("Trip/a.jpg", 10)
	w.photo("Other/x.jpg", 5)
	w.run()
	trip, a, x := w.idOf("Trip"), w.itemID("a.jpg"), w.itemID("x.jpg")
	before, ledger := w.service.Calls(), snapshot(t, w.cfg.StateDir)
	for _, c := range []struct {
		edit pipeline.AlbumEdit
		want albumedit.Call
	}{
		{pipeline.AlbumEdit{Rename: "New"}, albumedit.Call{Method: "albums.patch", Album: trip, Title: "New"}},
		{pipeline.AlbumEdit{Cover: &albumedit.Cover{Best: true}}, albumedit.Call{Method: "albums.patch", Album: trip, Cover: a}},
		{pipeline.AlbumEdit{Add: []string{w.path("Other/x.jpg")}}, albumedit.Call{Method: "albums.batchAddMediaItems", Album: trip, Items: []string{x}}},
		{pipeline.AlbumEdit{Remove: []string{w.path("Trip/a.jpg")}}, albumedit.Call{Method: "albums.batchRemoveMediaItems", Album: trip, Items: []string{a}}},
	} {
		c.edit.Album = "Trip"
		w.cfg.API = pipeline.API{}
		out, err := pipeline.EditAlbum(t.Context(), w.cfg, c.edit, true)
		if diff := cmp.Diff([]albumedit.Call{c.want}, out.Calls); diff != "" || err != nil {
			t.Errorf("calls (-want +got), %v:\n%s", err, diff)
		}
	}
	wantCalls(t, w.calls(before), map[string]int{})
	if after := snapshot(t, w.cfg.StateDir); fmt.Sprint(after) != fmt.Sprint(ledger) {
		t.Error("a dry run wrote into the state folder")
	}
}

func TestWhatCannotBePutIntoAnAlbumIsSaidBeforeAnythingIsDone(t *testing.T) {
	w := newWorld(t)
	w.photo("Trip/a.jpg", 10)
	w.photo("Other/x.jpg", 5)
	w.photo("Other/changed.jpg", 6)
	w.run()
	w.photo("Other/new.jpg", 7)
	w.photo("Other/changed.jpg", 6)
	if err := os.Chtimes(w.path("Other/changed.jpg"), time.Time{}, time.Now().Add(time.Hour)); err != nil {
		t.Fatal(err)
	}
	for name, want := range map[string]string{
		w.path("Other/new.jpg"): "was not delivered", w.path("Other/changed.jpg"): "was changed since", w.path("Other"): "is a folder",
		w.path("Other/none.jpg"): "neither a file nor the id",
	} {
		w.wantMistake(pipeline.AlbumEdit{Album: "Trip", Add: []string{w.path("Other/x.jpg"), name}}, want)
	}
	w.wantAlbums(map[string][]string{"Trip": {"a.jpg"}, "Other": {"x.jpg", "changed.jpg"}})
}

func TestAnAlbumThatNoRuleNamesIsRememberedWhenSomethingIsPutIntoIt(t *testing.T) {
	w := newWorld(t)
	w.photo("Other/x.jpg", 5)
	w.run()
	made, err := w.client().Albums.Create(t.Context(), "By hand")
	if err != nil {
		t.Fatal(err)
	}
	w.cfg.Clock = wrongClock{ahead: 25 * time.Hour} // the listing of the import is of yesterday
	out := w.change(pipeline.AlbumEdit{Album: "By hand", Add: []string{w.path("Other/x.jpg")}})
	if out.Album != made.ID {
		t.Errorf("outcome %+v", out)
	}
	w.wantAlbums(map[string][]string{"By hand": {"x.jpg"}, "Other": {"x.jpg"}})
	w.cfg.Clock = nil
	w.cfg.AlbumBy, w.cfg.Album = "", "By hand"
	wantEnds(t, w.run(), map[pipeline.End]int{pipeline.AlreadyThere: 1})
}
