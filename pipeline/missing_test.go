package pipeline_test

import (
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/albumwright/albumwright/emulator"
	"github.com/albumwright/albumwright/internal/ledger"
	"github.com/albumwright/albumwright/pipeline"
)

func (w *world) deleteAlbum(title string) {
	w.t.Helper()
	if !w.service.DeleteAlbum(w.album(title).ID) {
		w.t.Fatalf("album %q was not deleted", title)
	}
}

// deletedPier is an album of photos at four minutes that the user has deleted, with late arrivals before, between and behind them.
func deletedPier(t *testing.T) *world {
	w := newWorld(t)
	w.minutes(10, 20, 30, 40)
	w.run()
	w.deleteAlbum("Pier")
	w.minutes(5, 25, 26, 50)
	return w
}

var wholePier = []string{"05.jpg", "10.jpg", "20.jpg", "25.jpg", "26.jpg", "30.jpg", "40.jpg", "50.jpg"}

func TestADeletedAlbumIsMadeAnewWithWhatItHeld(t *testing.T) {
	w := deletedPier(t)
	w.photo("Garden/1.jpg", 1)
	before := w.service.Calls()
	rep := w.run()
	wantEnds(t, rep, map[pipeline.End]int{pipeline.Uploaded: 5, pipeline.AlreadyThere: 4})
	w.wantAlbums(map[string][]string{"Pier": wholePier, "Garden": {"1.jpg"}})
	// Garden, and Pier: one batch refused, a listing, then 05 | 10 20 | 25 26 | 30 40 | 50.
	wantCalls(t, w.calls(before), map[string]int{
		"uploads": 5, "mediaItems.batchCreate": 5, "albums.batchAddMediaItems": 2, "albums.list": 1, "albums.create": 2,
	})
	if a := rep.Albums[1]; !a.New || a.Added != 8 || a.ID != w.album("Pier").ID {
		t.Errorf("reported %+v, want the new album with all eight", a)
	}
	before = w.service.Calls()
	w.run()
	wantCalls(t, w.calls(before), map[string]int{})
}

func TestWhatTheUserHadTakenOutDoesNotComeBackWithItsAlbum(t *testing.T) {
	w := newWorld(t)
	w.minutes(10, 20, 30)
	w.run()
	w.takeOut("Pier", "20.jpg")
	w.minutes(25)
	w.run() // finds it out
	w.deleteAlbum("Pier")
	w.minutes(40)
	w.run()
	w.wantAlbums(map[string][]string{"Pier": {"10.jpg", "25.jpg", "30.jpg", "40.jpg"}})
}

func TestWhatTheLibraryNoLongerHasDoesNotComeBackWithItsAlbum(t *testing.T) {
	w := deletedPier(t)
	if err := w.service.Mark(w.service.MediaItems()[1].ID, emulator.Marks{Trashed: true}); err != nil {
		t.Fatal(err)
	}
	w.run()
	want := slices.DeleteFunc(slices.Clone(wholePier), func(name string) bool { return name == "20.jpg" })
	w.wantAlbums(map[string][]string{"Pier": want})
}

func TestFilesOfADeletedAlbumAreSkippedIfTheUserWantsSo(t *testing.T) {
	w := deletedPier(t)
	w.photo("Garden/1.jpg", 1)
	w.cfg.OnMissingAlbum = pipeline.SkipAlbum
	rep := w.run()
	wantEnds(t, rep, map[pipeline.End]int{pipeline.Uploaded: 1, pipeline.Skipped: 4, pipeline.AlreadyThere: 4})
	if rep.SkippedBy[ledger.AlbumMissing] != 4 {
		t.Errorf("skipped by %v", rep.SkippedBy)
	}
	w.wantAlbums(map[string][]string{"Garden": {"1.jpg"}})
	before := w.service.Calls()
	plan := w.plan()
	rep = w.run()
	wantEnds(t, rep, map[pipeline.End]int{pipeline.Skipped: 4, pipeline.AlreadyThere: 5})
	wantCalls(t, w.calls(before), map[string]int{})
	if plan.Requests.Total() != 0 || plan.Ends[pipeline.Skipped] != 4 {
		t.Errorf("the plan is %v, %+v", plan.Ends, plan.Requests)
	}
	w.cfg.OnMissingAlbum = pipeline.RecreateAlbum
	rep = w.foreseenExactly()
	wantEnds(t, rep, map[pipeline.End]int{pipeline.Uploaded: 4, pipeline.AlreadyThere: 5})
	w.wantAlbums(map[string][]string{"Pier": wholePier, "Garden": {"1.jpg"}})
}

func TestADeletedAlbumEndsTheRunIfTheUserWantsSo(t *testing.T) {
	w := deletedPier(t)
	w.cfg.OnMissingAlbum = pipeline.StopForMissing
	rep, err := w.try(t.Context())
	if !errors.Is(err, pipeline.ErrAlbumMissing) || !strings.Contains(err.Error(), `"Pier"`) {
		t.Errorf("it ended with %v", err)
	}
	wantEnds(t, rep, map[pipeline.End]int{pipeline.Unfinished: 4, pipeline.AlreadyThere: 4})
	before := w.service.Calls()
	if _, err := w.try(t.Context()); !errors.Is(err, pipeline.ErrAlbumMissing) {
		t.Errorf("the next run ended with %v", err)
	}
	if _, err := pipeline.Plan(t.Context(), w.cfg); !errors.Is(err, pipeline.ErrAlbumMissing) {
		t.Errorf("its plan ended with %v", err)
	}
	wantCalls(t, w.calls(before), map[string]int{})
	w.cfg.OnMissingAlbum = ""
	w.foreseenExactly()
	w.wantAlbums(map[string][]string{"Pier": wholePier})
}

// The album is deleted after its first batch of this run.
func TestAnAlbumThatIsDeletedInTheMiddleOfARun(t *testing.T) {
	for _, c := range []struct {
		choice pipeline.MissingAlbum
		ends   map[pipeline.End]int
		err    error
	}{
		{pipeline.RecreateAlbum, map[pipeline.End]int{pipeline.Uploaded: 120}, nil},
		{pipeline.SkipAlbum, map[pipeline.End]int{pipeline.Uploaded: 50, pipeline.Skipped: 70}, nil},
		{pipeline.StopForMissing, map[pipeline.End]int{pipeline.Uploaded: 50, pipeline.Unfinished: 70}, pipeline.ErrAlbumMissing},
	} {
		t.Run(string(c.choice), func(t *testing.T) {
			w := newWorld(t)
			names := w.series("Pier", "p", 120, 0)
			w.cfg.OnMissingAlbum = c.choice
			batches := 0
			w.through(func(next http.RoundTripper, req *http.Request) (*http.Response, error) {
				if strings.HasSuffix(req.URL.Path, "batchCreate") {
					if batches++; batches == 2 {
						w.deleteAlbum("Pier")
					}
				}
				return next.RoundTrip(req)
			})
			rep, err := w.try(t.Context())
			if !errors.Is(err, c.err) {
				t.Errorf("it ended with %v", err)
			}
			wantEnds(t, rep, c.ends)
			w.mended()
			w.cfg.OnMissingAlbum = ""
			w.run()
			w.wantAlbums(map[string][]string{"Pier": names})
		})
	}
}

// Wherever the making anew is cut, the next run goes on with it, and there is one album.
func TestMakingAnAlbumAnewIsTakenUpWhereverItIsCut(t *testing.T) {
	for n := int64(1); n <= 13; n++ {
		for _, applied := range []bool{false, true} {
			inBubble(t, fmt.Sprintf("request %d, applied %v", n, applied), func(t *testing.T) {
				w := deletedPier(t)
				pass(time.Hour)
				w.through(jealous(w))
				wire := w.wire
				w.wire = faulty{wire, cutAt(n, applied)}
				if _, err := w.try(t.Context()); err == nil && n < 12 {
					t.Error("it was not cut")
				}
				w.wire = wire
				w.run()
				w.wantAlbums(map[string][]string{"Pier": wholePier})
				before := w.service.Calls()
				w.run()
				wantCalls(t, w.calls(before), map[string]int{})
			})
		}
	}
}

func TestAnAlbumOfWhichTheServiceIsWrongOnceIsNotMadeAnew(t *testing.T) {
	w := newWorld(t)
	w.minutes(10, 20)
	w.run()
	id := w.album("Pier").ID
	w.minutes(15, 30)
	w.plant(emulator.Fault{Operation: "mediaItems.batchCreate", Effect: emulator.Refuse("404-album")})
	wantEnds(t, w.run(), map[pipeline.End]int{pipeline.Uploaded: 2, pipeline.AlreadyThere: 2})
	w.wantAlbums(map[string][]string{"Pier": {"10.jpg", "15.jpg", "20.jpg", "30.jpg"}})
	if w.album("Pier").ID != id {
		t.Error("it is another album")
	}
}

// Nothing new is wanted in it: what it held comes back all the same, once its loss is known.
func TestALostAlbumIsFilledThoughNoFileIsWantedInIt(t *testing.T) {
	inBubble(t, "skipped, then made anew", func(t *testing.T) {
		w := newWorld(t)
		w.minutes(10, 20)
		w.run()
		w.deleteAlbum("Pier")
		w.minutes(30)
		w.cfg.OnMissingAlbum = pipeline.SkipAlbum
		w.run()
		w.cfg.OnMissingAlbum = ""
		w.cfg.Exclude = []string{"30.jpg"}
		pass(48 * time.Hour)
		rep := w.foreseenExactly()
		wantEnds(t, rep, map[pipeline.End]int{pipeline.AlreadyThere: 2, pipeline.Skipped: 1})
		w.wantAlbums(map[string][]string{"Pier": {"10.jpg", "20.jpg"}})
	})
}
