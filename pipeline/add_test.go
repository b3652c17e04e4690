package pipeline_test

import (
	"bytes"
	"fmt"
	"io"
	"net/http"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/albumwright/albumwright/emulator"
	"github.com/albumwright/albumwright/internal/property"
	"github.com/albumwright/albumwright/photos"
	"github.com/albumwright/albumwright/pipeline"
)

// shelf imports photos into albums by their folder, so that the library has them; their contents by minute.
func (w *world) shelf(minutes ...int) map[int][]byte {
	w.t.Helper()
	bodies := map[int][]byte{}
	for _, m := range minutes {
		bodies[m] = w.photo(fmt.Sprintf("Shelf/%03d.jpg", m), m)
	}
	w.run()
	return bodies
}

// foreseenExactly runs an import that must do what the dry run said.
func (w *world) foreseenExactly() pipeline.Report {
	w.t.Helper()
	plan := w.plan()
	rep := w.run()
	if !cmp.Equal(plan.Ends, rep.Ends) || plan.Requests != rep.Requests || plan.Bytes != rep.Bytes.Sent {
		w.t.Errorf("planned %v, %+v, %d bytes; done %v, %+v, %d bytes", plan.Ends, plan.Requests, plan.Bytes, rep.Ends, rep.Requests, rep.Bytes.Sent)
	}
	if again := w.plan(); again.Requests.Total() != 0 {
		w.t.Errorf("afterwards the plan is %+v, want nothing to do", again.Requests)
	}
	return rep
}

func TestAFileOfTheLibraryIsAddedToAFurtherAlbumWithoutItsBytes(t *testing.T) {
	for _, wait := range []time.Duration{0, 48 * time.Hour} { // with a live token, and without
		inBubble(t, wait.String(), func(t *testing.T) {
			w := newWorld(t)
			bodies := w.shelf(10, 20, 30)
			pass(wait)
			for m, body := range bodies {
				w.write(fmt.Sprintf("Best/%03d.jpg", m), body)
			}
			before := w.service.Calls()
			rep := w.foreseenExactly()
			wantEnds(t, rep, map[pipeline.End]int{pipeline.AlreadyThere: 6})
			w.wantAlbums(map[string][]string{"Shelf": {"010.jpg", "020.jpg", "030.jpg"}, "Best": {"010.jpg", "020.jpg", "030.jpg"}})
			want := map[string]int{"albums.create": 1, "albums.batchAddMediaItems": 1}
			if wait > 0 {
				want["albums.list"] = 1
			}
			wantCalls(t, w.calls(before), want)
			if rep.Requests.BatchAdds != 1 || rep.Albums[0].Added != 3 {
				t.Errorf("report %+v, %+v", rep.Requests, rep.Albums)
			}
		})
	}
}

// The ledger knows the file by its path: it is not even read.
func TestAKnownFileIsAddedToAFurtherAlbumWithoutBeingRead(t *testing.T) {
	w := newWorld(t)
	w.shelf(10, 20)
	w.cfg.Rules = []pipeline.AlbumRule{{Template: "All"}}
	rep := w.foreseenExactly()
	w.wantAlbums(map[string][]string{"Shelf": {"010.jpg", "020.jpg"}, "All": {"010.jpg", "020.jpg"}})
	if rep.Bytes.Read != 0 || rep.Bytes.Sent != 0 || rep.Bytes.HashedFirst != 0 {
		t.Errorf("bytes %+v, want none", rep.Bytes)
	}
}

func TestCreatesAndAddsAreOneSequence(t *testing.T) {
	for _, c := range []struct {
		name          string
		kinds         string // of the files in their order: c is new, a is in the library
		creates, adds int
	}{
		{"all new", "ccc", 1, 0}, {"all known", "aaa", 0, 1}, {"one change", "ccaa", 1, 1}, {"back and forth", "caca", 2, 2}, {"in the middle", "ccacc", 2, 1},
		{"fifty and one", many("a", 51), 0, 2}, {"fifty new, fifty known, one new", many("c", 50) + many("a", 50) + "c", 2, 1},
		{"51 of each", many("c", 51) + many("a", 51), 2, 2},
	} {
		t.Run(c.name, func(t *testing.T) {
			w := newWorld(t)
			var known []int
			for i, kind := range c.kinds {
				if kind == 'a' {
					known = append(known, i)
				}
			}
			bodies := w.shelf(known...)
			var want []string
			for i, kind := range c.kinds {
				name := fmt.Sprintf("%03d.jpg", i)
				if want = append(want, name); kind == 'a' {
					w.write("Best/"+name, bodies[i])
				} else {
					w.photo("Best/"+name, i)
				}
			}
			before := w.service.Calls()
			w.foreseenExactly()
			if got := w.albums()["Best"]; !slices.Equal(got, want) {
				t.Errorf("the album holds %v", got)
			}
			calls := w.calls(before)
			if calls["mediaItems.batchCreate"] != c.creates || calls["albums.batchAddMediaItems"] != c.adds {
				t.Errorf("calls %v, want %d creates and %d adds", calls, c.creates, c.adds)
			}
		})
	}
}

func many(s string, n int) string {
	out := ""
	for range n {
		out += s
	}
	return out
}

// Only at the end of an album can something be added: before what it holds, the item is created again.
func TestAFileOfTheLibraryThatSortsBeforeOthersIsCreatedThere(t *testing.T) {
	for _, wait := range []time.Duration{0, 48 * time.Hour} {
		inBubble(t, wait.String(), func(t *testing.T) {
			w := newWorld(t)
			bodies := w.shelf(10, 30)
			w.photo("Best/020.jpg", 20)
			w.run()
			pass(wait)
			for m, body := range bodies {
				w.write(fmt.Sprintf("Best/%03d.jpg", m), body)
			}
			before := w.service.Calls()
			w.foreseenExactly()
			w.wantAlbums(map[string][]string{"Shelf": {"010.jpg", "030.jpg"}, "Best": {"010.jpg", "020.jpg", "030.jpg"}})
			want := map[string]int{"mediaItems.batchCreate": 1, "albums.batchAddMediaItems": 1}
			if wait > 0 {
				want["uploads"] = 1
			}
			wantCalls(t, w.calls(before), want)
		})
	}
}

func TestTheBytesOfWhatTheServiceWillNotAddAreSentAgain(t *testing.T) {
	for _, c := range []struct {
		name          string
		bad           []int
		adds, uploads int
	}{
		{"the first", []int{0}, 7, 1}, {"the last", []int{11}, 9, 1}, {"two", []int{3, 8}, 15, 2},
		{"all", []int{0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11}, 16, 12},
	} {
		inBubble(t, c.name, func(t *testing.T) {
			w := newWorld(t)
			var all []int
			for i := range 12 {
				all = append(all, i)
			}
			bodies := w.shelf(all...)
			pass(48 * time.Hour)
			shelf := w.album("Shelf").Items
			for _, i := range c.bad {
				if err := w.service.Mark(shelf[i], emulator.Marks{Foreign: true}); err != nil {
					t.Fatal(err)
				}
			}
			var want []string
			for i, body := range bodies {
				name := fmt.Sprintf("%03d.jpg", i)
				want = append(want, name)
				w.write("Best/"+name, body)
			}
			before := w.service.Calls()
			rep := w.run()
			slices.Sort(want)
			if got := w.albums()["Best"]; !slices.Equal(got, want) {
				t.Errorf("the album holds %v", got)
			}
			wantEnds(t, rep, map[pipeline.End]int{pipeline.AlreadyThere: 24 - c.uploads, pipeline.Uploaded: c.uploads})
			calls := w.calls(before)
			if calls["albums.batchAddMediaItems"] > c.adds || calls["uploads"] != c.uploads {
				t.Errorf("calls %v, want at most %d adds, and %d uploads", calls, c.adds, c.uploads)
			}
		})
	}
}

// jealous is an album service that refuses what the album holds already; contract 5 does not say what it does.
func jealous(w *world) fault {
	return func(next http.RoundTripper, req *http.Request) (*http.Response, error) {
		if !strings.HasSuffix(req.URL.Path, "batchAddMediaItems") {
			return next.RoundTrip(req)
		}
		body, err := io.ReadAll(req.Body)
		if err != nil {
			return nil, err
		}
		req.Body = io.NopCloser(bytes.NewReader(body))
		for _, a := range w.service.Albums() {
			for _, id := range a.Items {
				if strings.Contains(req.URL.Path, a.ID) && bytes.Contains(body, []byte(id)) {
					return denying("", "", "Request contains an invalid media item id.")(next, req)
				}
			}
		}
		return next.RoundTrip(req)
	}
}

// An add whose answer is lost, in the run and with it: the album is looked at before anything is added once more.
func TestAnAddWhoseAnswerIsLostIsNotMadeTwice(t *testing.T) {
	for name, cut := range map[string]bool{"and the run goes on": false, "and the run ends": true} {
		inBubble(t, name, func(t *testing.T) {
			w := newWorld(t)
			bodies := w.shelf(10, 20, 30)
			pass(48 * time.Hour)
			for m, body := range bodies {
				w.write(fmt.Sprintf("Best/%03d.jpg", m), body)
			}
			w.through(jealous(w))
			if cut {
				n, wire := int64(3), w.wire // list, create, add
				cutter := cutAt(n, true)
				w.wire = faulty{wire, cutter}
				if _, err := w.try(t.Context()); photos.Classify(err) != photos.ClassTransient {
					t.Errorf("the cut run ended with %v", err)
				}
				w.wire = wire
			} else {
				w.plant(emulator.Fault{Operation: "albums.batchAddMediaItems", Effect: emulator.ApplyThenCut()})
			}
			before := w.service.Calls()
			rep := w.run()
			wantEnds(t, rep, map[pipeline.End]int{pipeline.AlreadyThere: 6})
			w.wantAlbums(map[string][]string{"Shelf": {"010.jpg", "020.jpg", "030.jpg"}, "Best": {"010.jpg", "020.jpg", "030.jpg"}})
			calls := w.calls(before)
			want := map[string]int{"mediaItems.search": 1}
			if !cut {
				want = map[string]int{"albums.list": 1, "albums.create": 1, "albums.batchAddMediaItems": 1, "mediaItems.search": 1}
			}
			wantCalls(t, calls, want)
		})
	}
}

func TestARunThatIsCutWhileItAddsIsTakenUpByTheNext(t *testing.T) {
	for n := int64(1); n <= 8; n++ { // list, create, 3 uploads, add, create, add, in some order
		for _, applied := range []bool{false, true} {
			inBubble(t, fmt.Sprintf("request %d, applied %v", n, applied), func(t *testing.T) {
				w := newWorld(t)
				bodies := w.shelf(10, 30)
				pass(48 * time.Hour)
				for m, body := range bodies {
					w.write(fmt.Sprintf("Best/%03d.jpg", m), body)
				}
				w.photo("Best/020.jpg", 20)
				w.photo("Best/040.jpg", 40)
				w.through(cutAt(n, applied))
				if _, err := w.try(t.Context()); err == nil && n < 8 {
					t.Error("it was not cut")
				}
				w.mended()
				w.run()
				w.wantAlbums(map[string][]string{"Shelf": {"010.jpg", "030.jpg"}, "Best": {"010.jpg", "020.jpg", "030.jpg", "040.jpg"}})
				before := w.service.Calls()
				w.run()
				wantCalls(t, w.calls(before), map[string]int{})
			})
		}
	}
}

func TestTwoCopiesOfAFileOfTheLibraryAreAddedOnce(t *testing.T) {
	w := newWorld(t)
	body := w.shelf(10)[10]
	w.write("Best/a.jpg", body)
	w.write("Best/b.jpg", body)
	rep := w.foreseenExactly()
	wantEnds(t, rep, map[pipeline.End]int{pipeline.AlreadyThere: 2, pipeline.Duplicate: 1})
}

// Files of the library and new ones come into albums in any runs: after each all is in order, nothing was sent twice, and the dry run knew everything.
func TestAnyFilesOfTheLibraryEndInOrder(t *testing.T) {
	property.CheckN(t, tries(40, 5), func(rt *rapid.T) {
		w := newWorld(t)
		bodies := map[int][]byte{}
		want := map[string][]string{}
		for range rapid.IntRange(2, 4).Draw(rt, "runs") {
			for range rapid.IntRange(1, 12).Draw(rt, "photos") {
				m := rapid.IntRange(10, 60).Draw(rt, "minute")
				album := rapid.SampledFrom([]string{"A", "B", "C"}).Draw(rt, "album")
				name := fmt.Sprintf("%02d.jpg", m)
				if slices.Contains(want[album], name) {
					continue
				}
				if bodies[m] == nil {
					bodies[m] = w.photo(filepath.Join(album, name), m)
				} else {
					w.write(filepath.Join(album, name), bodies[m])
				}
				want[album] = sortedCopy(append(want[album], name))
			}
			w.foreseenExactly()
			if diff := cmp.Diff(want, w.albums()); diff != "" {
				rt.Fatal(diff)
			}
		}
		if n := w.service.Calls()["uploads"]; n != len(bodies) {
			rt.Fatalf("%d uploads of %d contents", n, len(bodies))
		}
	})
}
