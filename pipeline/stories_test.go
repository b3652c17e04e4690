package pipeline_test

import (
	"fmt"
	"testing"
	"time"
)

// The clocks go back at three: half past two comes twice, and the hour between is no pause.
func TestAnEventGoesOnWhereTheClockIsPutBack(t *testing.T) {
	inBubble(t, "last night of October", func(t *testing.T) {
		w := newWorld(t)
		w.unseen = true // the service sorts by the instant
		w.by("event")
		w.taken("1.jpg", "", "2024-10-27 01:50", "+02:00")
		w.taken("2.jpg", "", "2024-10-27 02:45", "+02:00")
		w.taken("3.jpg", "", "2024-10-27 02:20", "+01:00") // 35 minutes later
		w.taken("4.jpg", "", "2024-10-27 03:10", "+01:00")
		w.foreseen()
		// By the wall clock, as every album: 3 was taken after 2, and stands before it.
		w.wantAlbums(map[string][]string{"2024-10-27 01:50": {"1.jpg", "3.jpg", "2.jpg", "4.jpg"}})
	})
}

// A week in New York. The phone goes by local time; the camera was left on the time of Berlin, six hours ahead, and is put right by hand. The phone's
// photos come at once, the camera's card when they are back home: every one stands where it was taken, and no day has the other's evening.
func TestATripAcrossZones(t *testing.T) {
	inBubble(t, "two cameras, two cards", func(t *testing.T) {
		w := newWorld(t)
		w.by("day")
		want := map[string][]string{}
		for day := range 3 {
			date := fmt.Sprintf("2024-05-%02d", 18+day)
			w.taken(fmt.Sprintf("phone/%d-noon.jpg", day), "Phone", date+" 12:00", "-04:00")
			w.taken(fmt.Sprintf("phone/%d-dinner.jpg", day), "Phone", date+" 20:00", "-04:00")
			want[date] = []string{fmt.Sprintf("%d-noon.jpg", day), fmt.Sprintf("%d-dinner.jpg", day)}
		}
		w.foreseen()
		w.wantAlbums(want)

		w.shift("Camera", -6*time.Hour)
		for day := range 3 {
			w.taken(fmt.Sprintf("card/%d-walk.jpg", day), "Camera", fmt.Sprintf("2024-05-%02d 21:00", 18+day), "") // at three in the afternoon
			w.taken(fmt.Sprintf("card/%d-night.jpg", day), "Camera", fmt.Sprintf("2024-05-%02d 05:30", 19+day), "")
			date := fmt.Sprintf("2024-05-%02d", 18+day)
			want[date] = []string{
				fmt.Sprintf("%d-noon.jpg", day), fmt.Sprintf("%d-walk.jpg", day), fmt.Sprintf("%d-dinner.jpg", day), fmt.Sprintf("%d-night.jpg", day),
			}
		}
		before := w.service.Calls()
		w.foreseen()
		w.wantAlbums(want)
		wantCalls(t, w.calls(before), map[string]int{"uploads": 6, "mediaItems.batchCreate": 6}) // a walk and a night each, at two places of three albums
	})
}

// Thirty frames in one second, three cameras, two of which have no fractions: they come card by card, and the middle card last.
func TestBurstsOfThreeCamerasInOneSecond(t *testing.T) {
	w := newWorld(t)
	w.by("{date:%Y}")
	var want []string
	burst := func(card, series string, from int, fractions bool) []string {
		var names []string
		for i := range 30 {
			name := fmt.Sprintf("%s%04d.jpg", series, from+i)
			digits := ""
			if fractions {
				digits = fmt.Sprintf("%02d", 3*i+5)
			}
			w.shot(card+"/"+name, noon(0), sub(digits), camera(card))
			names = append(names, name)
		}
		return names
	}
	want = append(burst("one", "IMG_", 4100, false), burst("three", "MVI_", 4500, true)...)
	w.foreseen()
	late := burst("two", "IMG_", 4115, false) // its first half has the numbers of the first card's second half
	before := w.service.Calls()
	w.foreseen()
	got := w.albums()["2024"]
	// Among equal times and numbers the folder decides: 4115 of the first card, then of the second one.
	var merged []string
	for i := range 15 {
		merged = append(merged, want[i])
	}
	for i := range 15 {
		merged = append(merged, want[15+i], late[i])
	}
	merged = append(append(merged, late[15:]...), want[30:]...)
	w.wantAlbums(map[string][]string{"2024": merged})
	if calls := w.calls(before); calls["mediaItems.batchCreate"] != 15 { // each of fourteen by itself, then sixteen in a row
		t.Errorf("%d batches: %v", calls["mediaItems.batchCreate"], got)
	}
}
