package watcher_test

import (
	"context"
	"fmt"
	"io/fs"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/rogpeppe/go-internal/txtar"

	"github.com/albumwright/albumwright/watcher"
)

// Each file of testdata/watch has stories about one subject, in virtual time; its head says what the lines mean.
func TestStories(t *testing.T) {
	files, err := filepath.Glob("testdata/watch/*.txt")
	must(t, err)
	if len(files) < 5 {
		t.Fatalf("%d files of stories, want all", len(files))
	}
	for _, file := range files {
		a, err := txtar.ParseFile(file)
		must(t, err)
		for _, story := range a.Files {
			t.Run(strings.TrimSuffix(filepath.Base(file), ".txt")+"/"+story.Name, func(t *testing.T) {
				synctest.Test(t, func(t *testing.T) { tell(t, string(story.Data)) })
			})
		}
	}
}

// stage is where a story takes place.
type stage struct {
	t      *testing.T
	d      *fakeDisk
	w      *watcher.Watcher
	closed chan struct{} // while ready is blocked

	mu   sync.Mutex
	came []watcher.File // since the last line that looked
}

func tell(t *testing.T, story string) {
	s := &stage{t: t, d: newFakeDisk()}
	ctx, cancel := context.WithCancel(t.Context())
	done := make(chan error, 1)
	for i, line := range strings.Split(story, "\n") {
		words := strings.Fields(line)
		if len(words) == 0 || words[0] == "#" {
			continue
		}
		if words[0] == "watch" {
			s.begin(words[1:])
			go func() { done <- s.w.Run(ctx, s.take) }()
		} else if wrong := s.do(words[0], words[1:]); wrong != "" {
			t.Errorf("line %d: %s: %s", i+1, line, wrong)
		}
		synctest.Wait()
	}
	s.unblock()
	for name := range s.d.volumes {
		s.d.hang(name, false)
	}
	cancel()
	if err := <-done; err != context.Canceled {
		t.Errorf("Run: %v", err)
	}
	if wrong := s.ready(""); wrong != "" {
		t.Errorf("at the end: %s", wrong)
	}
}

// begin starts the watcher: "watch /r poll=30s exclude=*.gif".
func (s *stage) begin(words []string) {
	cfg := watcher.WatchConfig{Whole: func(path string, size int64) bool { return !strings.Contains(path, "cut") || size >= 100 }}
	room := 0
	for _, word := range words {
		key, value, _ := strings.Cut(word, "=")
		switch key {
		case "settle":
			cfg.Settle = s.duration(value)
		case "rescan":
			cfg.Rescan = s.duration(value)
		case "poll":
			cfg.Poll = s.duration(value)
		case "exclude":
			cfg.Exclude = append(cfg.Exclude, value)
		case "room":
			room = int(s.number(value))
		case "queue":
			s.d.room = int(s.number(value))
		default:
			cfg.Roots = append(cfg.Roots, word)
		}
	}
	var err error
	s.w, err = watcher.NewWatcher(cfg.On(s.d, s.d.listen, room))
	must(s.t, err)
}

func (s *stage) take(ctx context.Context, f watcher.File) error {
	s.mu.Lock()
	closed := s.closed
	s.mu.Unlock()
	if closed != nil {
		select {
		case <-closed:
		case <-ctx.Done():
			return ctx.Err()
		}
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.came = append(s.came, f)
	return nil
}

func (s *stage) unblock() {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.closed != nil {
		close(s.closed)
		s.closed = nil
	}
}

func (s *stage) duration(word string) time.Duration {
	d, err := time.ParseDuration(word)
	must(s.t, err)
	return d
}

func (s *stage) number(word string) int64 {
	n, err := strconv.ParseInt(word, 10, 64)
	must(s.t, err)
	return n
}

// do does one line, and says what is wrong.
func (s *stage) do(op string, args []string) string {
	arg := func(i int) string {
		if i < len(args) {
			return args[i]
		}
		return ""
	}
	switch op {
	case "pause":
		time.Sleep(s.duration(arg(0)))
	case "ready", "left":
		return s.ready(op, args...)
	case "state":
		return s.state(arg(0), arg(1), strings.Join(args[min(2, len(args)):], " "))
	case "scanned":
		select {
		case <-s.w.Scanned():
		default:
			return "not yet"
		}
	case "unscanned":
		select {
		case <-s.w.Scanned():
			return "it is"
		default:
		}
	case "rescan":
		s.w.Rescan()
	case "again":
		s.w.Again(watcher.File{Root: arg(0), Path: arg(1)})
	case "block":
		s.mu.Lock()
		s.closed = make(chan struct{})
		s.mu.Unlock()
	case "unblock":
		s.unblock()
	case "unopened":
		if n := s.d.opened[arg(0)]; n > 0 {
			return fmt.Sprintf("opened %d times", n)
		}
	default:
		return s.change(op, args, arg)
	}
	return ""
}

// change does what people and programs do to the disk.
func (s *stage) change(op string, args []string, arg func(int) string) string {
	ok := true
	switch op {
	case "touch":
		ok = s.d.write(arg(0), 0)
	case "write":
		for _, p := range s.expand(args[:len(args)-1]) {
			ok = ok && s.d.write(p, s.number(args[len(args)-1]))
		}
	case "open":
		ok = s.d.hold(arg(0), +1)
	case "close":
		ok = s.d.hold(arg(0), -1)
	case "mkdir":
		s.d.mkdir(arg(0))
	case "rm":
		ok = s.d.remove(arg(0))
	case "mv":
		ok = s.d.move(arg(0), arg(1))
	case "ln":
		ok = s.d.link(arg(0), arg(1))
	case "symlink", "fifo", "socket":
		modes := map[string]fs.FileMode{"symlink": fs.ModeSymlink, "fifo": fs.ModeNamedPipe, "socket": fs.ModeSocket}
		s.d.mu.Lock()
		ok = s.d.make(arg(0), modes[op]) != nil
		s.d.mu.Unlock()
	case "mtime":
		year := int(s.number(arg(1)))
		ok = s.d.touch(arg(0), func(n *inode) { n.mtime = time.Date(year, 1, 1, 0, 0, 0, 0, time.UTC) })
	case "close-folder":
		ok = s.d.touch(arg(0), func(n *inode) { n.closed = true })
	case "open-folder":
		ok = s.d.touch(arg(0), func(n *inode) { n.closed = false })
	default:
		return s.changeVolume(op, args, arg)
	}
	if !ok {
		return "it cannot be done"
	}
	return ""
}

func (s *stage) changeVolume(op string, args []string, arg func(int) string) string {
	switch op {
	case "mount":
		s.d.mount(arg(0), arg(1))
	case "umount":
		if !s.d.unmount(arg(0)) {
			return "nothing is mounted there"
		}
	case "kind": // kind VOLUME nfs
		s.d.volume(arg(0)).Kind = arg(1)
	case "renumber": // as happens when a disk is plugged in again
		v := s.d.volume(arg(0))
		s.d.devices++
		v.device, v.ID = s.d.devices, 1000+s.d.devices
	case "hang":
		s.d.hang(arg(0), true)
	case "unhang":
		s.d.hang(arg(0), false)
	case "overflow":
		s.d.overflow()
	case "watches":
		s.d.watches = int(s.number(arg(0)))
	default:
		return "no such thing: " + strings.Join(args, " ")
	}
	return ""
}

// expand makes a/1..3 of one word three.
func (s *stage) expand(words []string) (all []string) {
	for _, word := range words {
		from, to, ok := strings.Cut(word, "..")
		if !ok {
			all = append(all, word)
			continue
		}
		at := strings.LastIndexByte(from, '/') + 1
		for i := s.number(from[at:]); i <= s.number(to); i++ {
			all = append(all, fmt.Sprintf("%s%d", from[:at], i))
		}
	}
	return all
}

// ready checks what was handed on since the last time: "ready" all paths that are taken, "left" pairs of a path and a reason, in any order. Both look at
// their own alone; "" wants nothing at all to be left over.
func (s *stage) ready(op string, want ...string) string {
	s.mu.Lock()
	defer s.mu.Unlock()
	if op == "ready" {
		want = s.expand(want)
	}
	var got []string
	var rest []watcher.File
	for _, f := range s.came {
		switch {
		case op == "", op == "ready" && f.Skip == "":
			got = append(got, f.Path)
		case op == "left" && f.Skip != "":
			got = append(got, f.Path, strings.ReplaceAll(string(f.Skip), " ", "-"))
		default:
			rest = append(rest, f)
		}
	}
	s.came = rest
	slices.Sort(got)
	slices.Sort(want)
	if !slices.Equal(got, want) {
		return fmt.Sprintf("handed on\n\t%q, want\n\t%q", got, want)
	}
	return ""
}

func (s *stage) state(root, state, why string) string {
	for _, r := range s.w.Roots() {
		if r.Root != root {
			continue
		}
		said, _, _ := strings.Cut(r.Why, " (now ") // the limit of this machine
		if string(r.State) != state || said != why {
			return fmt.Sprintf("it is %s %q", r.State, r.Why)
		}
		return ""
	}
	return fmt.Sprintf("no such root: %+v", s.w.Roots())
}
