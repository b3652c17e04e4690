package watch_test

import (
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/albumwright/albumwright/emulator"
	"github.com/albumwright/albumwright/internal/fixture"
	"github.com/albumwright/albumwright/internal/report"
	"github.com/albumwright/albumwright/pipeline"
)

func TestAVideoIsMovedAwayWhenTheServiceIsDoneWithIt(t *testing.T) {
	inBubbleWith(t, emulator.Config{VideoProcessing: 20 * time.Minute}, func(t *testing.T, w *world) {
		sent := t.TempDir()
		var err error
		if w.job.Run.After, err = pipeline.ParseAfter("move:"+sent, ""); err != nil {
			t.Fatal(err)
		}
		w.begin()
		w.photo("Pier/a.jpg")
		w.write("Pier/film.mov", fixture.MOV(fixture.Spec{Width: 16, Height: 16, Seed: 3, Captured: time.Date(2024, 5, 18, 12, 0, 0, 0, time.UTC)}))
		pass(2 * time.Minute)
		w.wantCount(2)
		left := func(name string) bool {
			_, err := os.Stat(filepath.Join(w.dir, "Pier", name))
			return err == nil
		}
		if left("a.jpg") || !left("film.mov") {
			t.Errorf("a.jpg is left: %v, film.mov: %v; want only the film, which the service is at work on", left("a.jpg"), left("film.mov"))
		}
		pass(time.Hour)
		if left("film.mov") {
			t.Error("film.mov is left although the service is done with it")
		}
		if s := w.wantSums(); s.Ends[report.Uploaded] != 2 || s.Open != 0 {
			t.Errorf("ends %v, %d open", s.Ends, s.Open)
		}
		w.checkLibrary()
	})
}
