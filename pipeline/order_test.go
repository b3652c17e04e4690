package pipeline_test

import (
	"fmt"
	"testing"

	"pgregory.net/rapid"

	"github.com/albumwright/albumwright/internal/fixture"
	"github.com/albumwright/albumwright/internal/property"
	"github.com/albumwright/albumwright/internal/race"
	"github.com/albumwright/albumwright/pipeline"
)

func TestLateArrivalsGoToTheirPlace(t *testing.T) {
	for _, c := range []struct {
		name    string
		minutes []int // of the late photos; the first run brought minutes 10, 20, 30
		want    []string
		batches int // runs of late photos between photos that were there
	}{
		{"after all", []int{40, 50}, []string{"10", "20", "30", "40", "50"}, 1},
		{"before all", []int{1, 2}, []string{"1", "2", "10", "20", "30"}, 1},
		{"between", []int{11, 12, 21}, []string{"10", "11", "12", "20", "21", "30"}, 2},
		{"everywhere", []int{5, 15, 25, 35}, []string{"5", "10", "15", "20", "25", "30", "35"}, 4},
	} {
		t.Run(c.name, func(t *testing.T) {
			w := newWorld(t)
			for _, m := range []int{30, 10, 20} {
				w.photo(fmt.Sprintf("Pier/%d.jpg", m), m)
			}
			w.run()
			for _, m := range c.minutes {
				w.photo(fmt.Sprintf("Pier/%d.jpg", m), m)
			}
			before := w.service.Calls()
			plan := w.plan()
			w.run()
			var want []string
			for _, m := range c.want {
				want = append(want, m+".jpg")
			}
			w.wantAlbums(map[string][]string{"Pier": want})
			wantCalls(t, w.calls(before), map[string]int{"uploads": len(c.minutes), "mediaItems.batchCreate": c.batches})
			if plan.Requests.BatchCreates != c.batches {
				t.Errorf("planned %d batches, want %d", plan.Requests.BatchCreates, c.batches)
			}
		})
	}
}

func TestManyLateArrivalsAtOnePlaceStayInOrderOverSeveralBatches(t *testing.T) {
	w := newWorld(t)
	w.photo("Pier/first.jpg", 0)
	w.photo("Pier/last.jpg", 1000)
	w.run()
	late := w.series("Pier", "p", 120, 10)
	before := w.service.Calls()
	w.run()
	w.wantAlbums(map[string][]string{"Pier": append(append([]string{"first.jpg"}, late...), "last.jpg")})
	wantCalls(t, w.calls(before), map[string]int{"uploads": 120, "mediaItems.batchCreate": 3})
}

func TestFractionsOfASecondDecideWithinABurst(t *testing.T) {
	w := newWorld(t)
	for i, sub := range []string{"90", "5", "123"} { // .90, .5, .123
		w.write(fmt.Sprintf("Burst/%d.jpg", i), fixture.JPEG(fixture.Spec{Width: 16, Height: 16, Captured: noon(0), SubSec: sub, Seed: i}))
	}
	w.run()
	w.wantAlbums(map[string][]string{"Burst": {"2.jpg", "1.jpg", "0.jpg"}})
}

func TestEqualTimesSortByName(t *testing.T) {
	w := newWorld(t)
	for _, name := range []string{"IMG_3.jpg", "img_1.jpg", "IMG_2.jpg"} {
		w.photo("Pier/"+name, 7)
	}
	w.run()
	w.wantAlbums(map[string][]string{"Pier": {"img_1.jpg", "IMG_2.jpg", "IMG_3.jpg"}})
}

// Random folders and arrivals in several runs: after each, every album holds exactly its photos in capture order, nothing was sent twice, and the
// dry run knew the number of requests.
func TestAnyArrivalsInAnyRunsEndInOrder(t *testing.T) {
	property.CheckN(t, tries(25, 10), func(rt *rapid.T) {
		w := newWorld(t)
		type shot struct{ album, minute int }
		taken := map[shot]bool{}
		want := map[string][]string{}
		for range rapid.IntRange(1, 4).Draw(rt, "runs") {
			fresh := 0
			for range rapid.IntRange(0, 12).Draw(rt, "photos") {
				s := shot{rapid.IntRange(0, 2).Draw(rt, "album"), rapid.IntRange(0, 300).Draw(rt, "minute")}
				if taken[s] {
					continue
				}
				taken[s] = true
				fresh++
				album, name := fmt.Sprint("album ", s.album), fmt.Sprintf("%03d.jpg", s.minute)
				w.photo(album+"/"+name, s.minute)
				want[album] = sortedCopy(append(want[album], name)) // names sort like minutes
			}
			before := w.service.Calls()
			plan := w.plan()
			rep := w.run()
			if rep.Ends[pipeline.Uploaded] != fresh || rep.Ends[pipeline.AlreadyThere] != len(taken)-fresh {
				rt.Fatalf("ends %v, want %d uploaded of %d", rep.Ends, fresh, len(taken))
			}
			if calls := w.calls(before); calls["uploads"] != fresh || plan.Requests != rep.Requests {
				rt.Fatalf("calls %v, planned %+v, reported %+v", calls, plan.Requests, rep.Requests)
			}
			w.wantAlbums(want)
		}
	})
}

// tries is how many cases of a property are tried; where the race detector looks on, fewer.
func tries(n, raced int) int {
	if race.Enabled {
		return raced
	}
	return n
}
