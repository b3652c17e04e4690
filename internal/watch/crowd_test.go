package watch_test

import (
	"context"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/albumwright/albumwright/internal/report"
	"github.com/albumwright/albumwright/internal/watch"
	"github.com/albumwright/albumwright/watcher"
)

// crowd are eyes that see many files that cannot be read.
type crowd struct {
	*eyes
	many int
}

func (e crowd) Run(ctx context.Context, ready func(context.Context, watcher.File) error) error {
	for i := range e.many {
		file := watcher.File{Root: e.dir, Path: filepath.Join(e.dir, fmt.Sprint(i, ".jpg")), Skip: watcher.SkipUnreadable, Err: fs.ErrPermission}
		if err := ready(ctx, file); err != nil {
			return err
		}
	}
	return e.eyes.Run(ctx, ready)
}

// firmDisk has all files.
type firmDisk struct{ dir string }

func (d firmDisk) Stat(string) (fs.FileInfo, error)         { return os.Stat(d.dir) }
func (d firmDisk) EvalSymlinks(path string) (string, error) { return path, nil }

func (d firmDisk) ReadDirNames(string, int) ([]string, error) { return nil, fs.ErrPermission }

func TestMoreFailuresThanAreRememberedAreSaid(t *testing.T) {
	inBubble(t, func(t *testing.T, w *world) {
		w.more = func(cfg *watch.Config) {
			watch.OnDisk(cfg, firmDisk{w.dir})
			cfg.Open = func(job watch.Job) (watch.Watcher, error) { return crowd{newEyes(job.Root), 50_003}, nil }
		}
		w.begin()
		pass(time.Minute)
		s := w.wantSums()
		if s.FailureCount != 50_003 || s.Ends[report.Failed] != 50_003 || len(s.Failures) != 1000 {
			t.Errorf("%d failures, %d shown, ends %v", s.FailureCount, len(s.Failures), s.Ends)
		}
		if len(s.Trouble) != 1 || s.Trouble[0].What != "so many files failed that 3 files more are not tried again" || s.Trouble[0].Do == "" {
			t.Errorf("it is in %+v", s.Trouble)
		}
		if err := w.stop(); err != nil {
			t.Error(err)
		}
	})
}
