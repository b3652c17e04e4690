package watcher_test

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"github.com/albumwright/albumwright/watcher"
)

// patience is how long a test on the real system waits for what must come. It is never reached on a good day.
const patience = 2 * time.Minute

// intake is a watcher on the real system and what it handed on.
type intake struct {
	*watcher.Watcher
	t testing.TB

	mu    sync.Mutex
	last  map[string]watcher.File
	times map[string]int
	taken int           // files, of those in last
	news  chan struct{} // capacity 1
}

// watchReal starts a watcher that is stopped at the end of the test, and waits for its first scan.
func watchReal(t testing.TB, cfg watcher.WatchConfig) *intake {
	t.Helper()
	w, err := watcher.NewWatcher(cfg)
	must(t, err)
	in := &intake{Watcher: w, t: t, last: make(map[string]watcher.File), times: make(map[string]int), news: make(chan struct{}, 1)}
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan error, 1)
	go func() { done <- w.Run(ctx, in.take) }()
	t.Cleanup(func() {
		cancel()
		if err := <-done; err != context.Canceled {
			t.Errorf("Run: %v", err)
		}
	})
	select {
	case <-w.Scanned():
	case <-time.After(patience):
		t.Fatalf("no first scan: %+v", w.Roots())
	}
	return in
}

func (in *intake) take(_ context.Context, f watcher.File) error {
	in.mu.Lock()
	defer in.mu.Unlock()
	before, known := in.last[f.Path]
	if f.Skip == "" {
		in.times[f.Path]++
		if !known || before.Skip != "" { // it may have been empty for a while
			in.taken++
		}
	}
	in.last[f.Path] = f
	select {
	case in.news <- struct{}{}:
	default:
	}
	return nil
}

// until waits until what was handed on is as it should be.
func (in *intake) until(what string, ok func(last map[string]watcher.File) bool) {
	in.t.Helper()
	deadline := time.After(patience)
	for {
		in.mu.Lock()
		good := ok(in.last)
		n := len(in.last)
		in.mu.Unlock()
		if good {
			return
		}
		select {
		case <-in.news:
		case <-deadline:
			in.t.Fatalf("waited for %s; handed on: %d, roots %+v", what, n, in.Roots())
		}
	}
}

// count waits for so many files that are taken.
func (in *intake) count(n int) {
	in.t.Helper()
	in.until(fmt.Sprintf("%d files", n), func(map[string]watcher.File) bool { return in.taken == n })
}

func TestNoFileIsMissedInNewFolders(t *testing.T) {
	const rounds, folders, files = 20, 200, 5
	root := t.TempDir()
	in := watchReal(t, watcher.WatchConfig{WalkConfig: watcher.WalkConfig{Roots: []string{root}}, Settle: 20 * time.Millisecond})
	for round := range rounds {
		for i := range folders {
			dir := filepath.Join(root, fmt.Sprint(round), fmt.Sprintf("%03dCANON", i), "sub")
			must(t, os.MkdirAll(dir, 0o755))
			for j := range files {
				must(t, os.WriteFile(filepath.Join(dir, fmt.Sprintf("IMG_%d.JPG", j)), []byte("photo"), 0o644))
			}
		}
		in.count((round + 1) * folders * files)
	}
}

func TestABurstOf20000FilesIsTakenIn(t *testing.T) {
	const files = 20_000
	root := t.TempDir()
	in := watchReal(t, watcher.WatchConfig{WalkConfig: watcher.WalkConfig{Roots: []string{root}}, Settle: 100 * time.Millisecond})
	for i := range files {
		must(t, os.WriteFile(filepath.Join(root, fmt.Sprintf("IMG_%05d.JPG", i)), []byte("photo"), 0o644))
	}
	in.count(files)
	in.once()
}

func TestRenamesInAndOutAndOfFolders(t *testing.T) {
	const files, folders = 1000, 1000
	base := t.TempDir()
	root, other := filepath.Join(base, "root"), filepath.Join(base, "other")
	must(t, os.MkdirAll(root, 0o755))
	must(t, os.MkdirAll(other, 0o755))
	in := watchReal(t, watcher.WatchConfig{WalkConfig: watcher.WalkConfig{Roots: []string{root}}, Settle: 20 * time.Millisecond})
	want := make(map[string]bool)
	for i := range files {
		name := fmt.Sprintf("IMG_%04d.JPG", i)
		must(t, os.WriteFile(filepath.Join(root, name+".part"), []byte("photo"), 0o644))
		must(t, os.Rename(filepath.Join(root, name+".part"), filepath.Join(root, name)))
		want[filepath.Join(root, name)] = true
	}
	for i := range folders {
		from, to := filepath.Join(other, fmt.Sprint(i)), filepath.Join(root, fmt.Sprint(i))
		must(t, os.MkdirAll(filepath.Join(from, "sub"), 0o755))
		must(t, os.WriteFile(filepath.Join(from, "sub", "a.jpg"), []byte("photo"), 0o644))
		must(t, os.Rename(from, to))
		if i%2 == 1 { // and on, under another name
			must(t, os.Rename(to, to+"x"))
			to += "x"
		}
		want[filepath.Join(to, "sub", "a.jpg")] = true
		want[filepath.Join(to, "sub", "b.jpg")] = true
		must(t, os.WriteFile(filepath.Join(to, "sub", "b.jpg"), []byte("photo"), 0o644))
	}
	in.until("every file under its last name", func(last map[string]watcher.File) bool {
		for path := range want {
			if _, ok := last[path]; !ok {
				return false
			}
		}
		return true
	})
}

// once checks that nothing was handed on to be taken twice.
func (in *intake) once() {
	in.t.Helper()
	in.mu.Lock()
	defer in.mu.Unlock()
	for path, n := range in.times {
		if n != 1 {
			in.t.Errorf("%s was handed on %d times", path, n)
		}
	}
}
