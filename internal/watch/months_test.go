package watch_test

import (
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"testing"
	"testing/synctest"
	"time"

	"github.com/albumwright/albumwright/internal/watch"
)

// A watch that runs for long holds no more than after its first days: no goroutine, no file, and little memory.
func TestMonthsLeaveNothingBehind(t *testing.T) {
	inBubble(t, func(t *testing.T, w *world) {
		other := w.secondJob()
		w.begin()
		for day := range 5 {
			w.aDay(day, other)
		}
		goroutines, files, heap := held(t)
		const days = 30
		for day := range days {
			w.aDay(5+day, other)
		}
		nowGoroutines, nowFiles, nowHeap := held(t)
		t.Logf("%d goroutines, %d files, %d KB; %d days later %d, %d, %d KB", goroutines, files, heap>>10, days, nowGoroutines, nowFiles, nowHeap>>10)
		if nowGoroutines > goroutines || nowFiles > files {
			t.Errorf("after %d days %d goroutines and %d files are open, before %d and %d", days, nowGoroutines, nowFiles, goroutines, files)
		}
		if grown := int(nowHeap-heap) >> 10; grown > 4096 { // the service is in this process, too
			t.Errorf("after %d days %d KB more are held", days, grown)
		}
		if s := w.wantSums(); s.FailureCount != 0 || s.Open != 0 || len(s.Trouble) != 0 {
			t.Errorf("%d failures, %d open, in %+v", s.FailureCount, s.Open, s.Trouble)
		}
		w.checkLibrary()
	})
}

// aDay is a day with all that can go wrong in it.
func (w *world) aDay(day int, other watch.Job) {
	w.t.Helper()
	first := w.eyes
	w.photo(fmt.Sprintf("Pier/%d.jpg", day))
	w.broken("Pier/broken.jpg")
	pass(time.Hour)
	w.takeAway()
	pass(time.Hour)
	w.bringBack()
	pass(time.Hour)
	w.signAs("revoked", fmt.Sprint("out ", day))
	w.photo(fmt.Sprintf("Pier/%d more.jpg", day))
	pass(time.Hour)
	w.signAs(w.service.AccessToken(), fmt.Sprint("in ", day))
	if err := w.watch.Pause(w.t.Context()); err != nil {
		w.t.Fatal(err)
	}
	if err := w.watch.Reload([]watch.Job{w.job, other}); err != nil {
		w.t.Fatal(err)
	}
	pass(time.Hour)
	if err := w.watch.Resume(w.t.Context()); err != nil {
		w.t.Fatal(err)
	}
	pass(time.Hour)
	if err := w.watch.Reload([]watch.Job{w.job}); err != nil {
		w.t.Fatal(err)
	}
	watch.Woke(w.watch, time.Hour)
	w.eyes = first
	if err := os.Remove(filepath.Join(w.dir, "Pier/broken.jpg")); err != nil {
		w.t.Fatal(err)
	}
	w.poke()
	pass(18 * time.Hour)
}

// held counts what the process holds.
func held(t *testing.T) (goroutines, files int, heap uint64) {
	t.Helper()
	synctest.Wait()
	runtime.GC()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	open, err := os.ReadDir("/proc/self/fd")
	if err != nil {
		open = nil // nobody says here
	}
	return runtime.NumGoroutine(), len(open), m.HeapAlloc
}
