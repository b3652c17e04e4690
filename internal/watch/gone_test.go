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

	"github.com/albumwright/albumwright/internal/report"
	"github.com/albumwright/albumwright/internal/watch"
	"github.com/albumwright/albumwright/watcher"
)

// closedDisk has one folder that may be closed to us.
type closedDisk struct {
	firmDisk
	closed atomic.Bool
}

func (d *closedDisk) ReadDirNames(string, int) ([]string, error) {
	if d.closed.Load() {
		return nil, fs.ErrPermission
	}
	return nil, nil
}

// shutOut are eyes that may not look into a folder at first.
type shutOut struct {
	*eyes
	folder string
}

func (e shutOut) Run(ctx context.Context, ready func(context.Context, watcher.File) error) error {
	file := watcher.File{Root: e.dir, Path: e.folder, Folder: true, Skip: watcher.SkipUnreadable, Err: fs.ErrPermission}
	if err := ready(ctx, file); err != nil {
		return err
	}
	return e.eyes.Run(ctx, ready)
}

func TestAFolderThatCanBeReadAgainIsNoFailureAnyMore(t *testing.T) {
	inBubble(t, func(t *testing.T, w *world) {
		disk := &closedDisk{firmDisk: firmDisk{w.dir}}
		disk.closed.Store(true)
		w.more = func(cfg *watch.Config) {
			watch.OnDisk(cfg, disk)
			cfg.Open = func(job watch.Job) (watch.Watcher, error) {
				return shutOut{newEyes(job.Root), filepath.Join(w.dir, "Private")}, nil
			}
		}
		w.begin()
		pass(3 * time.Hour)
		if s := w.wantSums(); s.FailureCount != 1 || s.Ends[report.Failed] != 1 {
			t.Errorf("while it is closed: %d failures, ends %v", s.FailureCount, s.Ends)
		}
		disk.closed.Store(false)
		pass(3 * time.Hour)
		if s := w.wantSums(); s.FailureCount != 0 || s.Ends[report.Failed] != 0 || s.Found != 0 {
			t.Errorf("when it is open: %d failures, %d found, ends %v", s.FailureCount, s.Found, s.Ends)
		}
	})
}

// A machine that begins without a clock must not send all that it was told to leave out.
func TestWhatWasThereIsLeftOutAlsoWhenTheClockIsWrong(t *testing.T) {
	inBubble(t, func(t *testing.T, w *world) {
		w.job.Initial = watch.Skip
		w.photo("Pier/old.jpg")
		later := time.Now().Add(20 * 365 * 24 * time.Hour)
		if err := os.Chtimes(filepath.Join(w.dir, "Pier/old.jpg"), later, later); err != nil {
			t.Fatal(err)
		}
		w.begin()
		pass(time.Hour)
		w.photo("Pier/new.jpg")
		pass(time.Hour)
		w.wantCount(1)
		if s := w.wantSums(); s.Ends[report.Skipped] != 1 {
			t.Errorf("ends %v", s.Ends)
		}
	})
}

// A machine began without the disk: nothing else tells so after a start.
func TestAFolderThatIsOddlyEmptyIsSaidToBe(t *testing.T) {
	inBubble(t, func(t *testing.T, w *world) {
		w.begin()
		pass(time.Hour)
		if why := w.watch.Snapshot().Folders[0].Why; why != "" {
			t.Errorf("of a folder that was always empty it says %q", why)
		}
		w.photo("Pier/a.jpg")
		pass(time.Hour)
		if err := w.stop(); err != nil {
			t.Fatal(err)
		}
		w.takeAway()
		w.eyes = nil
		w.begin()
		pass(time.Hour)
		if s := w.wantSums(); !strings.Contains(s.Folders[0].Why, "is it mounted?") || s.State != watch.Idle {
			t.Errorf("it is %s, and says of the folder %q", s.State, s.Folders[0].Why)
		}
		w.wantTold(watch.FolderNote, "0 files there (empty, and files of it are known")
		w.bringBack()
		pass(time.Hour)
		if s := w.wantSums(); s.Folders[0].Why != "" {
			t.Errorf("it says %q", s.Folders[0].Why)
		}
		w.wantAll()
	})
}
