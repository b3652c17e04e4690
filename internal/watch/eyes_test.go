package watch_test

import (
	"context"
	"os"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/albumwright/albumwright/internal/watch"
	"github.com/albumwright/albumwright/pipeline"
	"github.com/albumwright/albumwright/watcher"
)

// eyes watch a folder as the real ones do, but by being poked: a file that was the same at two looks, the settle time apart, is handed over.
type eyes struct {
	dir     string
	pokes   chan struct{}
	changed chan struct{}
	scanned chan struct{}

	mu     sync.Mutex
	muted  bool
	root   watch.Root
	known  map[string]sight // handed over
	before map[string]sight // at the last look
}

// sight is what a look says about a file.
type sight struct {
	size int64
	mod  time.Time
	id   watcher.FileID
}

func newEyes(dir string) *eyes {
	return &eyes{
		dir: dir, pokes: make(chan struct{}, 1), changed: make(chan struct{}, 1), scanned: make(chan struct{}),
		root: watch.Root{State: "starting"}, known: map[string]sight{}, before: map[string]sight{},
	}
}

func (e *eyes) poke() {
	e.mu.Lock()
	defer e.mu.Unlock()
	if e.muted {
		return
	}
	select {
	case e.pokes <- struct{}{}:
	default:
	}
}

func (e *eyes) Rescan()                  { e.poke() }
func (e *eyes) Changed() <-chan struct{} { return e.changed }
func (e *eyes) Scanned() <-chan struct{} { return e.scanned }

func (e *eyes) Root() watch.Root {
	e.mu.Lock()
	defer e.mu.Unlock()
	return e.root
}

func (e *eyes) Run(ctx context.Context, ready func(context.Context, watcher.File) error) error {
	scanned := false
	for looks := 0; ; looks++ {
		online, settling, err := e.look(ctx, ready)
		if err != nil {
			return err
		}
		if online && settling == 0 && !scanned {
			close(e.scanned)
			scanned = true
		}
		wait := time.Hour
		if settling > 0 || !online {
			wait = settle
		}
		timer := time.NewTimer(wait)
		select {
		case <-timer.C:
		case <-e.pokes:
			select { // a file that has just come is looked at a settle time from now
			case <-time.After(0):
			case <-ctx.Done():
			}
		case <-ctx.Done():
			timer.Stop()
			return ctx.Err()
		}
		timer.Stop()
	}
}

// look looks at all files once.
func (e *eyes) look(ctx context.Context, ready func(context.Context, watcher.File) error) (online bool, settling int, err error) {
	entries, err := os.ReadDir(e.dir)
	online = err == nil && (len(entries) > 0 || len(e.known) == 0)
	if !online {
		e.say(watch.Root{State: "offline", Why: "it is not the folder that it was"})
		return false, 0, nil
	}
	var files []watcher.File
	seen := map[string]sight{}
	if err := watcher.Walk(ctx, watcher.WalkConfig{Roots: []string{e.dir}, Accept: pipeline.Accept}, func(f watcher.File) error {
		files = append(files, f)
		return nil
	}); err != nil {
		return true, 1, ctx.Err()
	}
	slices.SortFunc(files, func(a, b watcher.File) int { return strings.Compare(a.Path, b.Path) })
	for _, f := range files {
		f.Changed = f.ModTime // the system's own is not virtual
		now := sight{f.Size, f.ModTime, f.ID}
		seen[f.Path] = now
		switch {
		case e.known[f.Path] == now:
		case e.before[f.Path] == now && f.Skip == "":
			if err := ready(ctx, f); err != nil {
				return true, 0, err
			}
			e.known[f.Path] = now
		case f.Skip == "":
			settling++
		}
	}
	e.before = seen
	e.say(watch.Root{State: "watching", Files: int64(len(files)), Settling: settling, LastScan: time.Now()})
	return true, settling, nil
}

func (e *eyes) say(r watch.Root) {
	e.mu.Lock()
	e.root = r
	e.mu.Unlock()
	select {
	case e.changed <- struct{}{}:
	default:
	}
}

// mute lets pokes go by unheard: who writes many files would be looked at after each.
func (e *eyes) mute(on bool) {
	e.mu.Lock()
	defer e.mu.Unlock()
	e.muted = on
}
