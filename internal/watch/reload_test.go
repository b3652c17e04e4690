package watch_test

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/albumwright/albumwright/internal/watch"
	"github.com/albumwright/albumwright/pipeline"
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

// secondJob is one for another folder and another account, whose ledger is where it says.
func (w *world) secondJob() watch.Job {
	w.t.Helper()
	job := w.job
	job.Root = filepath.Join(w.t.TempDir(), "Other")
	job.Run.Account = "other"
	if err := os.Mkdir(job.Root, 0o755); err != nil {
		w.t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(job.Root, "x.jpg"), w.photoBody(), 0o644); err != nil {
		w.t.Fatal(err)
	}
	return job
}

func TestAFolderWhoseLedgerCannotBeReadIsBegunWithWhenItCan(t *testing.T) {
	inBubble(t, func(t *testing.T, w *world) {
		w.begin()
		pass(time.Minute)
		other := w.secondJob()
		path := pipeline.LedgerPath(other.Run)
		if err := os.MkdirAll(path, 0o700); err != nil { // a folder is no ledger
			t.Fatal(err)
		}
		first := w.eyes
		if err := w.watch.Reload([]watch.Job{w.job, other}); err != nil {
			t.Fatal(err)
		}
		w.eyes = first
		pass(3 * time.Hour)
		s := w.wantSums()
		if len(s.Folders) != 2 || len(s.Trouble) != 1 || !strings.Contains(s.Trouble[0].What, other.Root+" is not watched yet") || s.Trouble[0].Until.IsZero() {
			t.Fatalf("%d folders, in %+v", len(s.Folders), s.Trouble)
		}
		w.wantTold(watch.TroubleNote, "is not watched yet")
		w.photo("Pier/a.jpg") // the other one goes on
		pass(time.Minute)
		w.wantCount(1)
		if err := os.Remove(path); err != nil {
			t.Fatal(err)
		}
		pass(time.Hour)
		w.wantCount(2)
		if s := w.wantSums(); len(s.Trouble) != 0 || s.State != watch.Idle {
			t.Errorf("it is %s in %+v", s.State, s.Trouble)
		}
	})
}

func TestAnAccountWithoutAFolderLetsItsConnectionGo(t *testing.T) {
	inBubble(t, func(t *testing.T, w *world) {
		open := map[string]int{}
		w.more = func(cfg *watch.Config) {
			connect := cfg.Connect
			cfg.Connect = func(ctx context.Context, job watch.Job, waits func(string, time.Time)) (watch.Service, error) {
				s, err := connect(ctx, job, waits)
				end := s.Close
				open[job.Run.Account]++
				s.Close = func() error { open[job.Run.Account]--; return end() }
				return s, err
			}
		}
		w.begin()
		w.photo("Pier/a.jpg")
		other := w.secondJob()
		for range 3 {
			if err := w.watch.Reload([]watch.Job{w.job, other}); err != nil {
				t.Fatal(err)
			}
			pass(time.Hour)
			w.wantCount(2)
			if err := w.watch.Reload([]watch.Job{w.job}); err != nil {
				t.Fatal(err)
			}
			pass(time.Minute)
			if open["other"] != 0 {
				t.Fatalf("%d connections of the account are still open", open["other"])
			}
		}
		if err := w.watch.Reload([]watch.Job{other}); err != nil { // all others go
			t.Fatal(err)
		}
		pass(time.Hour)
		if len(open) != 2 || open["test"] != 0 {
			t.Errorf("open connections: %v", open)
		}
		if err := w.stop(); err != nil {
			t.Error(err)
		}
	})
}

func TestAReloadThatCannotBeCarriedOutChangesNothing(t *testing.T) {
	inBubble(t, func(t *testing.T, w *world) {
		refused := ""
		w.more = func(cfg *watch.Config) {
			open := cfg.Open
			cfg.Open = func(job watch.Job) (watch.Watcher, error) {
				if job.Root == refused {
					return nil, errors.New("no")
				}
				return open(job)
			}
		}
		w.begin()
		first := w.eyes
		w.photo("Pier/a.jpg")
		pass(time.Minute)
		changed, other := w.job, w.secondJob()
		changed.Print = "changed"
		refused = other.Root
		if err := w.watch.Reload([]watch.Job{changed, other}); err == nil {
			t.Error("it says nothing")
		}
		w.eyes = first
		w.photo("Pier/b.jpg")
		pass(time.Minute)
		w.wantCount(2)
		if s := w.wantSums(); len(s.Folders) != 1 {
			t.Errorf("%d folders", len(s.Folders))
		}
		refused = ""
		if err := w.watch.Reload([]watch.Job{changed, other}); err != nil { // the changed one takes over the lock
			t.Fatal(err)
		}
		pass(time.Minute)
		w.wantCount(3)
		if _, err := watch.New(w.config(t.Context())); !errors.Is(err, watch.ErrWatched) {
			t.Errorf("a second watch: %v", err)
		}
		if err := w.stop(); err != nil {
			t.Error(err)
		}
	})
}
