package pipeline_test

import (
	"flag"
	"fmt"
	"testing"
	"testing/synctest"

	"github.com/albumwright/albumwright/emulator"
	"github.com/albumwright/albumwright/internal/race"
	"github.com/albumwright/albumwright/pipeline"
)

var (
	chaosRuns = flag.Int("chaos", 100, "number of seeds that TestChaos tries")
	chaosSeed = flag.Uint64("seed", 0, "the one seed that TestChaos tries; 0 tries many")
)

// Whatever happens to the requests, as long as it passes: after each of two imports, the second with late arrivals, the library is what an undisturbed
// run would have made of the folder, every file has one end, and nothing was done that a client must not do.
func TestChaos(t *testing.T) {
	if *chaosSeed != 0 {
		synctest.Test(t, func(t *testing.T) { chaos(t, *chaosSeed) })
		return
	}
	runs := *chaosRuns
	if race.Enabled {
		runs /= 10
	}
	for seed := range uint64(runs) {
		t.Run(fmt.Sprint("seed ", seed+1), func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) { chaos(t, seed+1) })
			if t.Failed() {
				t.Logf("run it again with: go test ./pipeline -run 'TestChaos$' -seed %d", seed+1)
			}
		})
	}
}

// chaos runs two imports through a disturbed service, and returns the number of requests.
func chaos(t *testing.T, seed uint64) int {
	w := newWorldWith(t, emulator.Config{Chaos: emulator.Chaos{Seed: seed, Rate: 0.1 + float64(seed%4)/10}})
	w.cfg.Transfers = 1 + int(seed%8)
	garden, pier := w.series("Garden", "g", 9, 0), w.series("Pier", "p", 7, 100)
	w.write("Garden/copy.jpg", w.photo("Garden/original.jpg", 50))
	w.write("Both/here too.jpg", w.photo("Pier/shared.jpg", 200))
	want := map[string][]string{
		"Both": {"here too.jpg"}, "Garden": append(garden, "copy.jpg"), "Pier": append(pier, "here too.jpg"),
	}
	rep := w.run()
	wantEnds(t, rep, map[pipeline.End]int{pipeline.Uploaded: 19, pipeline.Duplicate: 1})
	w.wantAlbums(want)

	w.photo("Garden/first.jpg", -5)
	w.photo("Pier/middle.jpg", 103) // as another one; the name decides
	w.photo("Pier/last.jpg", 300)
	want["Garden"] = append([]string{"first.jpg"}, want["Garden"]...)
	want["Pier"] = append(append(append([]string{}, pier[:3]...), "middle.jpg"), append(pier[3:len(pier):len(pier)], "here too.jpg", "last.jpg")...)
	again := w.run()
	wantEnds(t, again, map[pipeline.End]int{pipeline.Uploaded: 3, pipeline.AlreadyThere: 20})
	w.wantAlbums(want)
	if len(w.service.MediaItems()) != 21 {
		t.Errorf("%d media items, want 21", len(w.service.MediaItems()))
	}
	return rep.Requests.Total() + again.Requests.Total()
}

func TestOneSeedMakesTheSameNumberOfRequestsEveryTime(t *testing.T) {
	for _, seed := range []uint64{3, 7, 11, 42, 1001} {
		var counts []int
		for range 3 {
			inBubble(t, fmt.Sprint("seed ", seed), func(t *testing.T) { counts = append(counts, chaos(t, seed)) })
		}
		if counts[0] != counts[1] || counts[1] != counts[2] {
			t.Errorf("seed %d made %v requests, want the same each time", seed, counts)
		}
	}
}

func TestChaosDisturbs(t *testing.T) {
	inBubble(t, "seed 3", func(t *testing.T) {
		w := newWorldWith(t, emulator.Config{Chaos: emulator.Chaos{Seed: 3, Rate: 0.4}})
		smallLibrary(w)
		w.run()
		if n := len(w.service.Disturbed()); n < 2 {
			t.Errorf("disturbed %v: a chaos that does nothing proves nothing", w.service.Disturbed())
		}
	})
}
