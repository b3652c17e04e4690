package pipeline_test

import (
	"errors"
	"fmt"
	"os"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/albumwright/albumwright/emulator"
	"github.com/albumwright/albumwright/internal/fixture"
	"github.com/albumwright/albumwright/internal/rebuild"
	"github.com/albumwright/albumwright/photos"
	"github.com/albumwright/albumwright/pipeline"
)

func TestALostLedgerIsRebuilt(t *testing.T) {
	w := newWorld(t)
	files, contents := w.threeHundred()
	wantEnds(t, w.run(), map[pipeline.End]int{pipeline.Uploaded: contents, pipeline.Duplicate: files - contents})
	ids, albums := w.ids(), w.albums()
	w.lose()

	before := w.service.Calls()
	states, rep := w.rebuild()
	wantCalls(t, w.calls(before), map[string]int{"albums.list": 1, "mediaItems.search": 5})
	if rep.States[rebuild.Matched] != files || rep.Requests.Total() != 6 || rep.Albums != 5 {
		t.Errorf("%s; states %v", rep.Verdict(), states)
	}

	before = w.service.Calls()
	wantEnds(t, w.run(), map[pipeline.End]int{pipeline.AlreadyThere: files})
	wantCalls(t, w.calls(before), map[string]int{})

	for name, at := range map[string]int{"LATE_1": -5, "LATE_2": 45} {
		w.write("Pier/"+name+".jpg", fixture.JPEG(fixture.Spec{Width: 16, Height: 16, Seed: at, Captured: noon(at), Offset: "+02:00"}))
	}
	w.photo("Garden/LATE_3.jpg", 30)
	before = w.service.Calls()
	w.run() // checkLibrary sees to the order
	wantCalls(t, w.calls(before), map[string]int{"uploads": 3, "mediaItems.batchCreate": 3})
	late := w.albums()
	if got := late["Pier"]; len(got) != 92 || got[0] != "LATE_1.jpg" {
		t.Errorf("the album is %v", got)
	}
	if got := late["Garden"]; len(got) != 91 || got[31] != "LATE_3.jpg" {
		t.Errorf("the album is %v", got)
	}
	if diff := cmp.Diff(albums["Harbour"], late["Harbour"]); diff != "" {
		t.Error(diff)
	}
	for id := range ids {
		if _, ok := w.ids()[id]; !ok {
			t.Errorf("media item %s is gone", id)
		}
	}
}

func TestWithoutARebuildNothingIsDoubledEither(t *testing.T) {
	w := newWorld(t)
	files, contents := w.threeHundred()
	w.run()
	ids, albums := w.ids(), w.albums()
	w.lose()
	before := w.service.Calls()
	wantEnds(t, w.run(), map[pipeline.End]int{pipeline.Uploaded: contents, pipeline.Duplicate: files - contents})
	wantCalls(t, w.calls(before), map[string]int{"albums.list": 1, "uploads": contents, "mediaItems.batchCreate": 8})
	if diff := cmp.Diff(ids, w.ids()); diff != "" {
		t.Errorf("media items (-before +after):\n%s", diff)
	}
	w.wantAlbums(albums)
}

func TestTheLibraryIsListedForFilesThatAreWantedInNoAlbum(t *testing.T) {
	w := newWorld(t)
	w.cfg.AlbumBy = "none"
	w.series("Pier", "p", 120, 0)
	w.run()
	w.lose()
	before := w.service.Calls()
	if _, rep := w.rebuild(); rep.States[rebuild.Matched] != 120 {
		t.Errorf("states %v, unknown by %v", rep.States, rep.UnknownBy)
	}
	wantCalls(t, w.calls(before), map[string]int{"albums.list": 1, "mediaItems.list": 2})
	before = w.service.Calls()
	wantEnds(t, w.run(), map[pipeline.End]int{pipeline.AlreadyThere: 120})
	wantCalls(t, w.calls(before), map[string]int{})
}

func TestAFileInSeveralAlbumsIsFoundInEach(t *testing.T) {
	w := newWorld(t)
	w.cfg.Rules = []pipeline.AlbumRule{{By: "event"}}
	w.series("Pier", "p", 20, 0)
	w.series("Garden", "g", 20, 300)
	w.run()
	albums := w.albums()
	w.lose()
	if _, rep := w.rebuild(); rep.States[rebuild.Matched] != 80 || rep.Albums != 4 {
		t.Errorf("states %v in %d albums, unknown by %v", rep.States, rep.Albums, rep.UnknownBy)
	}
	before := w.service.Calls()
	wantEnds(t, w.run(), map[pipeline.End]int{pipeline.AlreadyThere: 40})
	wantCalls(t, w.calls(before), map[string]int{})
	w.wantAlbums(albums)
}

func TestADryRunOfARebuildReadsAndWritesNothing(t *testing.T) {
	w := newWorld(t)
	w.series("Pier", "p", 10, 0)
	w.run()
	w.lose()
	_, rep := w.rebuild(func(c *pipeline.Rebuilding) { c.DryRun = true })
	if rep.States[rebuild.Matched] != 10 || rep.Bytes != 0 {
		t.Errorf("states %v, %d bytes read", rep.States, rep.Bytes)
	}
	if _, err := os.Stat(pipeline.LedgerPath(w.cfg)); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("a dry run made a ledger: %v", err)
	}
	if _, rep = w.rebuild(); rep.States[rebuild.Matched] != 10 {
		t.Errorf("after the dry run: states %v", rep.States)
	}
}

func TestARebuildThatBreaksOffGoesOn(t *testing.T) {
	inBubble(t, "the service is gone", func(t *testing.T) {
		w := newWorld(t)
		w.series("A", "a", 30, 0)
		w.series("B", "b", 30, 100)
		w.run()
		w.lose()
		if err := w.service.Plan(emulator.Fault{Operation: "mediaItems.search", Nth: 2, Times: -1, Effect: emulator.Refuse("503")}); err != nil {
			t.Fatal(err)
		}
		_, rep, err := w.tryRebuild(t.Context())
		if photos.Classify(err) != photos.ClassTransient || rep.States[rebuild.Matched] != 30 || rep.States[rebuild.Unasked] != 30 {
			t.Errorf("%v; states %v", err, rep.States)
		}
		w.service.ForgetPlan()
		if _, rep = w.rebuild(); rep.States[rebuild.Known] != 30 || rep.States[rebuild.Matched] != 30 || rep.Requests.Searches != 1 {
			t.Errorf("states %v after %+v", rep.States, rep.Requests)
		}
		wantEnds(t, w.run(), map[pipeline.End]int{pipeline.AlreadyThere: 60})
	})
}

func TestAnUnexpectedServiceIsRebuiltFromAllTheSame(t *testing.T) {
	for seed := range uint64(2) {
		inBubble(t, fmt.Sprint("seed ", seed), func(t *testing.T) {
			w := newWorldWith(t, emulator.Config{Hostility: emulator.Hostility{
				Seed: seed, ShortPages: true, RepeatedItems: true, ShuffleFields: true, VisibleAfter: time.Minute,
			}})
			files, contents := w.threeHundred()
			w.run()
			w.lose()
			pass(30 * time.Second)
			_, rep := w.rebuild() // nothing is listed yet, so nothing is found, and nothing is wrong
			if rep.States[rebuild.Matched] != 0 || rep.States[rebuild.Unknown] != files {
				t.Errorf("states %v", rep.States)
			}
			pass(time.Minute)
			if _, rep = w.rebuild(); rep.States[rebuild.Matched] != files {
				t.Errorf("states %v, %v", rep.States, rep.UnknownBy)
			}
			wantEnds(t, w.run(), map[pipeline.End]int{pipeline.AlreadyThere: files})
			if n := len(w.ids()); n != contents {
				t.Errorf("%d media items, want %d", n, contents)
			}
		})
	}
}
