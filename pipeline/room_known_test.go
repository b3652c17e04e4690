package pipeline_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/albumwright/albumwright/pipeline"
)

// What was moved is known when it was read; until then a batch for each album is held back, and afterwards given back: 300 albums are gone through with room
// for no more than are under way at a time.
func TestFilesThatAreThereKeepNothingOfTheDay(t *testing.T) {
	inBubble(t, "moved", func(t *testing.T) {
		w := newWorld(t)
		for i := range 300 {
			w.photo(fmt.Sprintf("old/A%03d/a.jpg", i), i)
		}
		if _, err := w.runWithin(10_000); err != nil {
			t.Fatal(err)
		}
		pass(48 * time.Hour)
		w.rename("old", "new")
		rep, err := w.runWithin(290)
		if err != nil || rep.Requests.Total() != 0 {
			t.Errorf("it ended with %v after %d requests, want none of either", err, rep.Requests.Total())
		}
		wantEnds(t, rep, map[pipeline.End]int{pipeline.AlreadyThere: 300})
	})
}
