package watcher_test

import (
	"context"
	"fmt"
	"io/fs"
	"maps"
	"path"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"pgregory.net/rapid"

	"github.com/albumwright/albumwright/internal/property"
	"github.com/albumwright/albumwright/watcher"
)

// Whatever programs do in a root, and whatever the system loses: in the end each file was handed on in its final state, none while it was written or within
// the settle time, none of what lay below an unmounted root, and none twice without a reason.
func TestAnyTaleOfAFolderEndsWithEveryFileHandedOn(t *testing.T) {
	property.Check(t, func(rt *rapid.T) {
		deeds := rapid.SliceOfN(genDeed(), 1, 60).Draw(rt, "deeds")
		room := rapid.SampledFrom([]int{0, 3, 20}).Draw(rt, "room")
		queue := rapid.SampledFrom([]int{4, 1 << 14}).Draw(rt, "queue")
		kind := rapid.SampledFrom([]string{"", "", "", "nfs"}).Draw(rt, "kind")
		var wrong []string
		synctest.Test(t, func(t *testing.T) { wrong = live(t, deeds, room, queue, kind) })
		if len(wrong) > 0 {
			rt.Fatal(strings.Join(wrong, "\n"))
		}
	})
}

// life is a watcher, a disk, and what was seen of both.
type life struct {
	d *fakeDisk
	w *watcher.Watcher

	mu      sync.Mutex
	blocked chan struct{}
	last    map[string]watcher.File // by path
	seen    map[string]bool         // path and state, of what was handed on and has been there since
	away    time.Time               // when the disk was last taken away or put back
	wrote   map[*inode]time.Time    // when its content last changed
	held    map[*inode]time.Time    // when it was last opened for writing
	wrong   []string
}

const settle = 10 * time.Second

func live(t *testing.T, deeds []deed, room, queue int, kind string) []string {
	l := &life{d: newFakeDisk(), last: make(map[string]watcher.File), seen: make(map[string]bool), wrote: make(map[*inode]time.Time), held: make(map[*inode]time.Time)}
	l.d.room = queue
	l.d.mkdir("/r")
	l.d.mkdir("/o/x")
	l.d.write("/r/stray", 1) // below the mount
	l.d.mount("/r", "disk")
	l.d.volume("disk").Kind = kind
	l.d.write("/r/keep", 1)
	var err error
	l.w, err = watcher.NewWatcher(watcher.WatchConfig{WalkConfig: watcher.WalkConfig{Roots: []string{"/r"}}, Settle: settle, Rescan: 10 * time.Minute}.On(l.d, l.d.listen, room))
	must(t, err)
	ctx, cancel := context.WithCancel(t.Context())
	done := make(chan error)
	go func() { done <- l.w.Run(ctx, l.take) }()
	time.Sleep(settle)
	for _, d := range deeds {
		l.do(d)
		if d.pause >= 0 {
			synctest.Wait()
			time.Sleep(d.pause)
		}
	}
	l.heal()
	time.Sleep(time.Hour)
	cancel()
	<-done
	l.check()
	return l.wrong
}

func (l *life) take(ctx context.Context, f watcher.File) error {
	l.mu.Lock()
	blocked := l.blocked
	l.mu.Unlock()
	if blocked == nil {
		l.judge(f)
		return nil
	}
	l.judge(f) // it is taken, and then nothing for a while
	select {
	case <-blocked:
	case <-ctx.Done():
	}
	return nil
}

// judge checks one file that is handed on. What happens in the same moment may be seen or not.
func (l *life) judge(f watcher.File) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.d.mu.Lock()
	defer l.d.mu.Unlock()
	now := time.Now()
	n, v, err := l.d.find(f.Path)
	complain := func(what string) {
		l.wrong = append(l.wrong, fmt.Sprintf("%v: %s: %s", now.Sub(l.start()), f.Path, what))
	}
	if f.Skip == "" && err == nil && n.ino == f.ID.Inode {
		if since := now.Sub(l.wrote[n]); since > 0 && since < settle {
			complain(fmt.Sprintf("handed on %v after it was written", since))
		}
		if n.writers > 0 && v.Kind == "" && now.After(l.held[n]) { // nobody asks a share who else has a file open
			complain("handed on while someone has it open for writing")
		}
	}
	if path.Base(f.Path) == "stray" || l.d.mounts["/r"] == nil && now.After(l.away) {
		complain("handed on, and the root is not mounted")
	}
	state := fmt.Sprint(f.Path, " ", f.Skip, f.Size, f.ModTime, f.ID.Inode)
	if f.Skip != "" {
		state = fmt.Sprint(f.Path, " ", f.Skip)
	}
	if l.seen[state] {
		complain("handed on twice")
	}
	l.seen[state] = true
	l.last[f.Path] = f
}

func (l *life) start() time.Time { return time.Date(2000, 1, 1, 0, 0, 0, 0, time.UTC) } // when a bubble begins

// forget excuses another hand-on of what was at a path and below it.
func (l *life) forget(p string) {
	l.mu.Lock()
	defer l.mu.Unlock()
	maps.DeleteFunc(l.seen, func(state string, _ bool) bool {
		return strings.HasPrefix(state, p+" ") || strings.HasPrefix(state, p+"/")
	})
}

// note notes when something happened to a file.
func (l *life) note(when map[*inode]time.Time, p string) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.d.mu.Lock()
	defer l.d.mu.Unlock()
	if n, _, err := l.d.find(p); err == nil {
		when[n] = time.Now()
	}
}

// heal ends all that keeps files from being handed on.
func (l *life) heal() {
	l.block(false)
	l.d.hang("disk", false)
	l.do(deed{what: "mount"})
	l.d.mu.Lock()
	defer l.d.mu.Unlock()
	l.d.watches = 1 << 20
	for _, v := range l.d.volumes {
		v.top.each(func(n *inode) { n.writers, n.closed = 0, false })
	}
}

func (n *inode) each(f func(*inode)) {
	f(n)
	for _, below := range n.names {
		below.each(f)
	}
}

// check compares what was handed on with what is there in the end.
func (l *life) check() {
	l.d.mu.Lock()
	defer l.d.mu.Unlock()
	var compare func(p string, n *inode)
	compare = func(p string, n *inode) {
		for _, name := range slices.Sorted(maps.Keys(n.names)) {
			compare(path.Join(p, name), n.names[name])
		}
		got, ok := l.last[p]
		same := ok && got.Size == n.size && got.ModTime.Equal(n.mtime) && got.ID.Inode == n.ino
		if n.mode == fs.FileMode(0) && (n.size == 0 || strings.HasSuffix(p, ".part")) {
			same = ok && got.Skip != ""
		}
		if !n.mode.IsDir() && !same {
			l.wrong = append(l.wrong, fmt.Sprintf("%s: handed on %v, last as %+v; it is %+v; %+v", p, ok, got, *n, l.w.Roots()))
		}
	}
	compare("/r", l.d.volumes["disk"].top)
}
