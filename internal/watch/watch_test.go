package watch_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/albumwright/albumwright/internal/report"
	"github.com/albumwright/albumwright/internal/watch"
)

func TestASinglePhotoIsInTheLibraryAfterSettlingAndOneBatchTimeout(t *testing.T) {
	inBubble(t, func(t *testing.T, w *world) {
		w.begin()
		pass(time.Minute)
		before := w.service.Calls()
		w.photo("Harbour/boat.jpg")
		pass(settle + watch.DefaultBatchTimeout - time.Second)
		w.wantCount(0)
		pass(2 * time.Second)
		w.wantCount(1)
		calls := map[string]int{}
		for op, n := range w.service.Calls() {
			if n -= before[op]; n != 0 {
				calls[op] = n
			}
		}
		if diff := cmp.Diff(map[string]int{"uploads": 1, "albums.create": 1, "albums.list": 1, "mediaItems.batchCreate": 1}, calls); diff != "" {
			t.Errorf("requests (-want +got):\n%s", diff)
		}
		w.wantAll()
		if s := w.wantSums(); s.State != watch.Idle || s.Ends[report.Uploaded] != 1 || s.Open != 0 {
			t.Errorf("it is %s, with ends %v", s.State, s.Ends)
		}
		w.wantTold(watch.BatchNote, "1 file -> Harbour")
		if err := w.stop(); err != nil {
			t.Errorf("it ended with %v", err)
		}
	})
}

func TestWhatIsThereAtFirstComesInOneRun(t *testing.T) {
	inBubble(t, func(t *testing.T, w *world) {
		for i := range 120 {
			w.photo(fmt.Sprintf("Album %d/%03d.jpg", i%4, i))
		}
		w.begin()
		pass(time.Minute)
		w.wantCount(120)
		w.wantAll()
		if n := w.service.Calls()["mediaItems.batchCreate"]; n != 4 {
			t.Errorf("%d batches, want 4", n)
		}
		w.wantSums()
	})
}
