package pipeline_test

import (
	"bytes"
	"fmt"
	"io"
	"net/http"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/albumwright/albumwright/emulator"
	"github.com/albumwright/albumwright/internal/property"
	"github.com/albumwright/albumwright/pipeline"
)

// takeOut takes photos out of an album, as the user does.
func (w *world) takeOut(title string, names ...string) {
	w.t.Helper()
	for _, name := range names {
		a := w.album(title)
		i := slices.Index(w.albums()[title], name)
		if i < 0 || !w.service.RemoveFromAlbum(a.ID, a.Items[i]) {
			w.t.Fatalf("album %q holds no %s", title, name)
		}
	}
}

func (w *world) album(title string) emulator.Album {
	w.t.Helper()
	for _, a := range w.service.Albums() {
		if a.Title == title {
			return a
		}
	}
	w.t.Fatalf("there is no album %q", title)
	return emulator.Album{}
}

// minutes makes photos called after the minute at which they were taken, in the album Pier.
func (w *world) minutes(minutes ...int) {
	w.t.Helper()
	for _, m := range minutes {
		w.photo(fmt.Sprintf("Pier/%02d.jpg", m), m)
	}
}

func TestLateArrivalsGoBehindTheNextEarlierOneThatTheUserHasLeftInTheAlbum(t *testing.T) {
	for _, c := range []struct {
		name  string
		taken []int // out of 10, 20, 30, 40
		late  []int
		want  []string
		calls map[string]int
	}{
		{"one", []int{20}, []int{25}, []string{"10", "25", "30", "40"}, map[string]int{"uploads": 1, "mediaItems.batchCreate": 2, "mediaItems.search": 1}},
		{"two in a row", []int{20, 30}, []int{35, 36}, []string{"10", "35", "36", "40"}, map[string]int{"uploads": 2, "mediaItems.batchCreate": 2, "mediaItems.search": 1}},
		{"the first", []int{10}, []int{15}, []string{"15", "20", "30", "40"}, map[string]int{"uploads": 1, "mediaItems.batchCreate": 2, "mediaItems.search": 1}},
		{"all", []int{10, 20, 30, 40}, []int{15, 35}, []string{"15", "35"}, map[string]int{"uploads": 2, "mediaItems.batchCreate": 3, "mediaItems.search": 1}},
		{"all behind", []int{20, 30, 40}, []int{25, 45}, []string{"10", "25", "45"}, map[string]int{"uploads": 2, "mediaItems.batchCreate": 3, "mediaItems.search": 1}},
		{"some, at several places", []int{10, 30}, []int{15, 25, 35}, []string{"15", "20", "25", "35", "40"},
			map[string]int{"uploads": 3, "mediaItems.batchCreate": 3, "mediaItems.search": 1}},
		{"one that is nobody's neighbour", []int{30}, []int{15}, []string{"10", "15", "20", "40"}, map[string]int{"uploads": 1, "mediaItems.batchCreate": 1}},
	} {
		t.Run(c.name, func(t *testing.T) {
			w := newWorld(t)
			w.minutes(10, 20, 30, 40)
			w.run()
			for _, m := range c.taken {
				w.takeOut("Pier", fmt.Sprintf("%02d.jpg", m))
			}
			w.minutes(c.late...)
			before := w.service.Calls()
			rep := w.run()
			wantEnds(t, rep, map[pipeline.End]int{pipeline.Uploaded: len(c.late), pipeline.AlreadyThere: 4})
			var want []string
			for _, m := range c.want {
				want = append(want, m+".jpg")
			}
			w.wantAlbums(map[string][]string{"Pier": want})
			got := w.calls(before)
			wantCalls(t, got, c.calls)
			if rep.Requests.Searches != got["mediaItems.search"] {
				t.Errorf("%d searches reported, %d made", rep.Requests.Searches, got["mediaItems.search"])
			}
			before = w.service.Calls()
			w.minutes(c.late[0] + 1) // what was found out is remembered
			w.run()
			if n := w.calls(before)["mediaItems.search"]; n != 0 {
				t.Errorf("the next run lists the album %d times", n)
			}
		})
	}
}

func TestWhatTheUserTookOutOfAnAlbumIsNotBroughtBack(t *testing.T) {
	w := newWorld(t)
	w.minutes(10, 30)
	body := w.photo("Pier/20.jpg", 20)
	w.run()
	w.takeOut("Pier", "20.jpg")
	w.minutes(25)
	w.run()
	w.write("Pier/copy of 20.jpg", body)
	w.minutes(26)
	rep := w.run()
	wantEnds(t, rep, map[pipeline.End]int{pipeline.Uploaded: 1, pipeline.AlreadyThere: 5})
	w.wantAlbums(map[string][]string{"Pier": {"10.jpg", "25.jpg", "26.jpg", "30.jpg"}})
}

// A full batch, the rest of it, and what follows at another place: the album is listed once for all of them.
func TestAllLaterBatchesKnowWhatIsGone(t *testing.T) {
	w := newWorld(t)
	w.photo("Pier/a.jpg", 0)
	w.photo("Pier/b.jpg", 1)
	w.photo("Pier/y.jpg", 500)
	w.photo("Pier/z.jpg", 1000)
	w.run()
	w.takeOut("Pier", "b.jpg", "y.jpg")
	first, second := w.series("Pier", "p", 70, 10), w.series("Pier", "q", 60, 600)
	before := w.service.Calls()
	w.run()
	w.wantAlbums(map[string][]string{"Pier": slices.Concat([]string{"a.jpg"}, first, second, []string{"z.jpg"})})
	wantCalls(t, w.calls(before), map[string]int{"uploads": 130, "mediaItems.batchCreate": 4, "mediaItems.search": 1}) // one refused, 50 + 50 + 30
}

// denying refuses calls of a method whose body has a text in it, as a whole and without naming the entry.
func denying(method, text, message string) fault {
	return func(next http.RoundTripper, req *http.Request) (*http.Response, error) {
		if !strings.Contains(req.URL.Path, method) {
			return next.RoundTrip(req)
		}
		body, err := io.ReadAll(req.Body)
		if err != nil {
			return nil, err
		}
		if req.Body = io.NopCloser(bytes.NewReader(body)); !bytes.Contains(body, []byte(text)) {
			return next.RoundTrip(req)
		}
		answer := fmt.Sprintf(`{"error":{"code":400,"status":"INVALID_ARGUMENT","message":%q}}`, message)
		return &http.Response{
			StatusCode: 400, Header: http.Header{"Content-Type": {"application/json"}}, Body: io.NopCloser(strings.NewReader(answer)), Request: req,
		}, nil
	}
}

func TestARefusalThatIsNotThePositionsFaultIsFoundByHalvingAndListsTheAlbumOnce(t *testing.T) {
	w := newWorld(t)
	w.minutes(10, 50)
	w.run()
	w.minutes(20, 21, 22, 23)
	w.through(denying("batchCreate", "22.jpg", "Request contains an invalid argument."))
	before := w.service.Calls()
	rep := w.run()
	wantEnds(t, rep, map[pipeline.End]int{pipeline.Uploaded: 3, pipeline.Failed: 1, pipeline.AlreadyThere: 2})
	w.wantAlbums(map[string][]string{"Pier": {"10.jpg", "20.jpg", "21.jpg", "23.jpg", "50.jpg"}})
	if n := w.calls(before)["mediaItems.search"]; n != 1 {
		t.Errorf("the album was listed %d times, want once", n)
	}
}

func TestItemsThatAreTriedAgainAtAPlaceThatIsGoneKeepTheirOrder(t *testing.T) {
	inBubble(t, "partial failure", func(t *testing.T) {
		w := newWorld(t)
		w.minutes(10, 20, 50)
		w.run()
		w.takeOut("Pier", "20.jpg")
		w.minutes(30, 31, 32, 33)
		w.plant(emulator.Fault{Operation: "mediaItems.batchCreate", Nth: 2, Match: "31", Effect: emulator.FailItem(13, "")})
		wantEnds(t, w.run(), map[pipeline.End]int{pipeline.Uploaded: 4, pipeline.AlreadyThere: 3})
		w.wantAlbums(map[string][]string{"Pier": {"10.jpg", "30.jpg", "31.jpg", "32.jpg", "33.jpg", "50.jpg"}})
	})
}

// The listing fails, and the run with it; and whatever request a run ends at, the next one ends well.
func TestARunThatIsCutWhileItLooksForItsPlaceIsTakenUpByTheNext(t *testing.T) {
	for n := int64(1); n <= 6; n++ { // 2 uploads, a refused batch, a listing, 2 batches
		for _, applied := range []bool{false, true} {
			inBubble(t, fmt.Sprintf("request %d, applied %v", n, applied), func(t *testing.T) {
				w := newWorld(t)
				w.minutes(10, 20, 30, 40)
				w.run()
				w.takeOut("Pier", "20.jpg")
				w.minutes(25, 35)
				w.through(cutAt(n, applied))
				if _, err := w.try(t.Context()); err == nil && n < 6 {
					t.Error("it was not cut")
				}
				w.mended()
				w.run()
				w.wantAlbums(map[string][]string{"Pier": {"10.jpg", "25.jpg", "30.jpg", "35.jpg", "40.jpg"}})
			})
		}
	}
}

// Whatever the user takes out between the runs, after each the album holds what is left and what came, in order, and nothing comes back.
func TestAnyRemovalsAndArrivalsEndInOrder(t *testing.T) {
	property.CheckN(t, tries(40, 5), func(rt *rapid.T) {
		w := newWorld(t)
		var album []string
		taken := map[int]bool{}
		for range rapid.IntRange(2, 4).Draw(rt, "runs") {
			for range rapid.IntRange(0, len(album)).Draw(rt, "removals") {
				i := rapid.IntRange(0, len(album)-1).Draw(rt, "removal")
				w.takeOut("Pier", album[i])
				album = slices.Delete(album, i, i+1)
			}
			for range rapid.IntRange(1, 8).Draw(rt, "photos") {
				if m := rapid.IntRange(10, 99).Draw(rt, "minute"); !taken[m] {
					taken[m] = true
					w.minutes(m)
					album = sortedCopy(append(album, fmt.Sprintf("%02d.jpg", m)))
				}
			}
			rep := w.run()
			if got := w.albums()["Pier"]; !slices.Equal(got, album) {
				rt.Fatalf("the album holds\n%s, want\n%s", strings.Join(got, " "), strings.Join(album, " "))
			}
			if rep.Requests.Searches > 1 {
				rt.Fatalf("the album was listed %d times in one run", rep.Requests.Searches)
			}
		}
	})
}
