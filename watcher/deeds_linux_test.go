package watcher_test

import (
	"path"
	"strings"
	"time"

	"pgregory.net/rapid"

	"github.com/albumwright/albumwright/watcher"
)

// deed is one thing that happens, and how long nothing happens afterwards: not even a moment, if it is less than none.
type deed struct {
	what    string
	on, to  string
	pause   time.Duration
	instead bool // "no" of a deed that has one: close instead of open
}

func genDeed() *rapid.Generator[deed] {
	paths := rapid.SampledFrom([]string{"/r/a", "/r/b", "/r/c.part", "/r/x/a", "/r/x/b", "/r/x/y/a", "/r/x/y/b", "/r/z/a", "/o/a", "/o/x/a"})
	folders := rapid.SampledFrom([]string{"/r/x", "/r/x/y", "/r/z", "/o/x", "/o/z"})
	return rapid.Custom(func(t *rapid.T) deed {
		d := deed{
			what: rapid.SampledFrom([]string{
				"write", "write", "write", "write", "touch", "hold", "move", "move", "folder", "folder", "moveFolder", "moveFolder", "remove", "link",
				"removeFolder", "mount", "overflow", "hang", "limit", "close", "block", "rescan", "again", "renumber",
			}).Draw(t, "what"),
			pause: rapid.SampledFrom([]time.Duration{
				-1, -1, 0, time.Millisecond, time.Second, 4 * time.Second, 9999 * time.Millisecond, 10 * time.Second, 13 * time.Second, time.Minute,
			}).Draw(t, "pause"),
			instead: rapid.Bool().Draw(t, "instead"),
		}
		if strings.Contains(strings.ToLower(d.what), "folder") || d.what == "close" {
			d.on, d.to = folders.Draw(t, "on"), folders.Draw(t, "to")
		} else {
			d.on, d.to = paths.Draw(t, "on"), paths.Draw(t, "to")
		}
		return d
	})
}

func (l *life) do(d deed) {
	switch d.what {
	case "write":
		if d.instead {
			l.d.mkdir(path.Dir(d.on))
		}
		if l.d.write(d.on, 10) {
			l.note(l.wrote, d.on)
		}
	case "touch":
		l.d.write(d.on, 0)
	case "hold":
		by := 1
		if d.instead {
			by = -1
		}
		if l.d.hold(d.on, by) {
			l.note(l.held, d.on)
		}
	case "move", "moveFolder":
		if l.d.move(d.on, d.to) {
			l.forget(d.on)
			l.forget(d.to)
		}
	case "folder":
		l.d.mkdir(d.on)
	case "remove", "removeFolder":
		if l.d.remove(d.on) {
			l.forget(d.on)
		}
	case "link":
		l.d.link(d.on, d.to)
	case "again":
		l.w.Again(watcher.File{Root: "/r", Path: d.on})
		l.forget(d.on)
	case "rescan":
		l.w.Rescan()
	case "block":
		l.block(!d.instead)
	case "close":
		l.d.touch(d.on, func(n *inode) { n.closed = !d.instead && n.mode.IsDir() })
	default:
		l.disturb(d)
	}
}

// disturb is what happens to disks and to the system.
func (l *life) disturb(d deed) {
	switch d.what {
	case "mount", "renumber":
		l.mu.Lock()
		l.away = time.Now()
		l.mu.Unlock()
		if d.instead {
			l.d.unmount("/r")
			return
		}
		if v := l.d.volume("disk"); d.what == "renumber" && l.d.mounts["/r"] == nil {
			l.d.devices++
			v.device, v.ID = l.d.devices, 1000+l.d.devices
		}
		l.d.mount("/r", "disk")
	case "overflow":
		l.d.overflow()
	case "hang":
		l.d.hang("disk", !d.instead)
	case "limit":
		l.d.mu.Lock()
		l.d.watches = map[bool]int{true: 1 << 20, false: 2}[d.instead]
		l.d.mu.Unlock()
	}
}

func (l *life) block(on bool) {
	l.mu.Lock()
	defer l.mu.Unlock()
	switch {
	case on && l.blocked == nil:
		l.blocked = make(chan struct{})
	case !on && l.blocked != nil:
		close(l.blocked)
		l.blocked = nil
	}
}
