package watch

import (
	"os"
	"syscall"

	"github.com/albumwright/albumwright/internal/media"
	"github.com/albumwright/albumwright/pipeline"
	"github.com/albumwright/albumwright/watcher"
)

// Open makes the watcher of a job's folder.
func Open(job Job) (Watcher, error) {
	w, err := watcher.NewWatcher(watcher.WatchConfig{
		WalkConfig: watcher.WalkConfig{Roots: []string{job.Root}, Include: job.Run.Include, Exclude: job.Run.Exclude, Accept: pipeline.Accept},
		Settle:     job.Settle, Rescan: job.Rescan, Poll: job.Poll, Whole: isWhole,
	})
	if err != nil {
		return nil, err
	}
	return eyes{w}, nil
}

// isWhole tells whether a file seems to have its end. What cannot be read is for others to tell. What has become a pipe must not keep us waiting.
func isWhole(path string, size int64) bool {
	f, err := os.OpenFile(path, os.O_RDONLY|syscall.O_NONBLOCK, 0)
	if err != nil {
		return true
	}
	defer func() { _ = f.Close() }() // it was only read
	return media.Whole(f, size)
}

// eyes are a watcher of a single root.
type eyes struct{ *watcher.Watcher }

// Root implements [Watcher].
func (e eyes) Root() Root {
	for _, r := range e.Roots() {
		return Root{State: string(r.State), Why: r.Why, Files: r.Files, Settling: r.Settling, LastScan: r.LastScan, Scanning: r.Scanning}
	}
	return Root{State: offline}
}
