package watch_test

import (
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/albumwright/albumwright/internal/watch"
)

func TestAReloadAddsAndTakesAwayFoldersAndLeavesTheOthersAlone(t *testing.T) {
	inBubble(t, func(t *testing.T, w *world) {
		w.begin()
		first := w.eyes
		w.photo("Pier/a.jpg")
		pass(time.Minute)
		other := w.job
		other.Root = filepath.Join(t.TempDir(), "Other")
		if err := os.Mkdir(other.Root, 0o755); err != nil {
			t.Fatal(err)
		}
		if err := w.watch.Reload([]watch.Job{w.job, other}); err != nil {
			t.Fatal(err)
		}
		second := w.eyes
		w.eyes = first
		w.photo("Pier/b.jpg")
		if err := os.WriteFile(filepath.Join(other.Root, "c.jpg"), w.photoBody(), 0o644); err != nil {
			t.Fatal(err)
		}
		second.poke()
		pass(time.Minute)
		w.wantCount(3)
		w.photo("Pier/d.jpg")
		pass(settle + time.Second) // it waits for its batch
		if err := w.watch.Reload([]watch.Job{other}); err != nil {
			t.Fatal(err)
		}
		pass(time.Hour)
		w.wantCount(3)
		if s := w.wantSums(); len(s.Folders) != 1 || s.Open != 0 {
			t.Errorf("%d folders, %d files open", len(s.Folders), s.Open)
		}
		if err := w.watch.Reload([]watch.Job{w.job, other}); err != nil {
			t.Fatal(err)
		}
		pass(time.Minute)
		w.wantCount(4)
		w.wantSums()
		if err := w.watch.Reload(nil); err == nil {
			t.Error("a configuration without folders was taken")
		}
		w.checkLibrary()
	})
}
