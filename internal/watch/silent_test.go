package watch_test

import (
	"context"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/albumwright/albumwright/internal/watch"
	"github.com/albumwright/albumwright/watcher"
)

// deadShare is a disk on which nothing below a root is ever answered, until the share's server is back.
type deadShare struct {
	root string
	dead atomic.Bool
	back chan struct{} // closed when its server is
}

func (d *deadShare) Stat(path string) (fs.FileInfo, error) {
	d.hang(path)
	return os.Stat(path)
}

func (d *deadShare) EvalSymlinks(path string) (string, error) {
	d.hang(path)
	return filepath.EvalSymlinks(path)
}

func (d *deadShare) ReadDirNames(path string, most int) ([]string, error) {
	d.hang(path)
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	return f.Readdirnames(most)
}

func (d *deadShare) hang(path string) {
	if d.dead.Load() && strings.HasPrefix(path, d.root) {
		<-d.back
	}
}

// deadEyes are a watcher on it: it notices after a while that there is no answer.
type deadEyes struct {
	*eyes
	back chan struct{}
}

func (e deadEyes) Run(ctx context.Context, ready func(context.Context, watcher.File) error) error {
	for _, step := range []<-chan struct{}{after(10 * time.Second), e.back} {
		select {
		case <-step:
		case <-ctx.Done():
			return ctx.Err()
		}
		e.say(watch.Root{State: "offline", Why: "does not answer"})
	}
	return e.eyes.Run(ctx, ready)
}

func after(d time.Duration) <-chan struct{} {
	done := make(chan struct{})
	time.AfterFunc(d, func() { close(done) })
	return done
}

func TestAShareThatDoesNotAnswerHoldsUpNoOtherFolderAndComesBack(t *testing.T) {
	inBubble(t, func(t *testing.T, w *world) {
		dead := w.job
		dead.Root = filepath.Join(t.TempDir(), "share")
		if err := os.Mkdir(dead.Root, 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(dead.Root, "far.jpg"), w.photoBody(), 0o644); err != nil {
			t.Fatal(err)
		}
		share := &deadShare{root: dead.Root, back: make(chan struct{})}
		share.dead.Store(true)
		w.more = func(cfg *watch.Config) {
			cfg.Jobs = append(cfg.Jobs, dead)
			watch.OnDisk(cfg, share)
			open := cfg.Open
			cfg.Open = func(job watch.Job) (watch.Watcher, error) {
				if job.Root == dead.Root {
					return deadEyes{newEyes(job.Root), share.back}, nil
				}
				return open(job)
			}
		}
		w.photo("Pier/near.jpg")
		began := time.Now()
		w.begin()
		if took := time.Since(began); took > 10*time.Second {
			t.Errorf("it took %v to begin", took)
		}
		pass(time.Minute)
		w.wantAll()
		s := w.wantSums()
		if len(s.Trouble) != 1 || s.Trouble[0].Kind != "offline" || !strings.Contains(s.Trouble[0].What, "does not answer") || s.State != watch.Idle {
			t.Errorf("while the share is dead it is %s in %+v", s.State, s.Trouble)
		}
		close(share.back)
		pass(time.Minute)
		w.wantCount(2)
		if s := w.wantSums(); len(s.Trouble) != 0 {
			t.Errorf("when the share is back it is in %+v", s.Trouble)
		}
		if err := w.stop(); err != nil {
			t.Error(err)
		}
	})
}

// A share may die between the look of the watcher and the run: the files stay, and the watch can be stopped.
func TestAShareThatDiesBeforeARunKeepsItsFiles(t *testing.T) {
	inBubble(t, func(t *testing.T, w *world) {
		share := &deadShare{root: w.dir, back: make(chan struct{})}
		w.more = func(cfg *watch.Config) { watch.OnDisk(cfg, share) }
		w.begin()
		w.photo("Pier/a.jpg")
		pass(settle + time.Second)
		share.dead.Store(true)
		pass(time.Minute)
		w.wantCount(0)
		if s := w.wantSums(); s.Open != 1 || len(s.Failures) != 0 {
			t.Errorf("%d open, failures %+v", s.Open, s.Failures)
		}
		close(share.back)
		pass(time.Minute)
		w.wantAll()
		w.wantCount(1)
	})
}
