package pipeline_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/albumwright/albumwright/photos"
)

// The day ends somewhere in the work; the next ones go on. In no run does an album get out of order, and none spends more than it may.
func TestAddsAndAlbumsMadeAnewKeepWithinTheDay(t *testing.T) {
	for limit := 22; limit <= 34; limit += 2 { // twenty of them are for what must be tried again
		inBubble(t, fmt.Sprint("limit ", limit), func(t *testing.T) {
			w := deletedPier(t)
			body := w.photo("Shelf/60.jpg", 60)
			w.run()
			w.deleteAlbum("Pier")
			w.minutes(7, 22, 55)
			w.write("Pier/60.jpg", body)
			pass(48 * time.Hour)
			for days := 0; ; days++ {
				rep, err := w.runWithin(limit)
				w.checkLibrary()
				if rep.Requests.Total() > limit {
					t.Errorf("%d requests on a day of %d", rep.Requests.Total(), limit)
				}
				if err == nil {
					break
				}
				if photos.Classify(err) != photos.ClassDailyQuota || days > 12 {
					t.Fatalf("day %d ended with %v", days, err)
				}
				pass(24 * time.Hour)
			}
			want := sortedCopy(append(sortedCopy(wholePier), "07.jpg", "22.jpg", "55.jpg", "60.jpg"))
			w.wantAlbums(map[string][]string{"Pier": want, "Shelf": {"60.jpg"}})
		})
	}
}
