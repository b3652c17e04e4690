package watcher_test

import (
	"io/fs"
	"path"
	"strings"
	"time"

	"github.com/fsnotify/fsnotify"
)

// What people and programs do to a fakeDisk. What makes no sense does nothing, and says so.

// parent finds the folder of a path.
func (d *fakeDisk) parent(p string) (folder *inode, name string, ok bool) {
	folder, _, err := d.find(path.Dir(p))
	if err != nil || !folder.mode.IsDir() {
		return nil, "", false
	}
	return folder, path.Base(p), true
}

// make makes something at a path where nothing is.
func (d *fakeDisk) make(p string, mode fs.FileMode) *inode {
	folder, name, ok := d.parent(p)
	if !ok || folder.names[name] != nil {
		return nil
	}
	n := d.node(mode)
	folder.names[name] = n
	d.tell(folder, name, fsnotify.Create)
	return n
}

func (d *fakeDisk) mkdir(p string) {
	d.mu.Lock()
	defer d.mu.Unlock()
	at := ""
	for name := range strings.SplitSeq(strings.Trim(p, "/"), "/") {
		at += "/" + name
		d.make(at, fs.ModeDir)
	}
}

// write appends to a file, and makes it if it is not there.
func (d *fakeDisk) write(p string, bytes int64) bool {
	d.mu.Lock()
	defer d.mu.Unlock()
	n, _, err := d.find(p)
	if err != nil {
		if n = d.make(p, 0); n == nil {
			return false
		}
	}
	if !n.mode.IsRegular() {
		return false
	}
	if bytes > 0 {
		n.size += bytes
		n.mtime, n.ctime = time.Now(), time.Now()
		folder, name, _ := d.parent(p)
		d.tell(folder, name, fsnotify.Write)
	}
	return true
}

// hold opens a file for writing (+1), or closes it (-1).
func (d *fakeDisk) hold(p string, by int) bool {
	d.mu.Lock()
	defer d.mu.Unlock()
	n, _, err := d.find(p)
	if err != nil || n.writers+by < 0 {
		return false
	}
	n.writers += by
	return true
}

// touch changes what stat says of a file, or whether it may be read.
func (d *fakeDisk) touch(p string, change func(*inode)) bool {
	d.mu.Lock()
	defer d.mu.Unlock()
	n, _, err := d.find(p)
	if err != nil {
		return false
	}
	change(n)
	if folder, name, ok := d.parent(p); ok {
		d.tell(folder, name, fsnotify.Chmod)
	}
	d.tell(n, "", fsnotify.Chmod)
	return true
}

func (d *fakeDisk) link(old, new string) bool {
	d.mu.Lock()
	defer d.mu.Unlock()
	n, _, err := d.find(old)
	folder, name, ok := d.parent(new)
	if err != nil || !ok || folder.names[name] != nil {
		return false
	}
	folder.names[name] = n
	d.tell(folder, name, fsnotify.Create)
	return true
}

// remove removes a file, or a folder with all that is in it, from below.
func (d *fakeDisk) remove(p string) bool {
	d.mu.Lock()
	defer d.mu.Unlock()
	folder, name, ok := d.parent(p)
	if !ok || folder.names[name] == nil {
		return false
	}
	d.removeFrom(folder, name)
	return true
}

func (d *fakeDisk) removeFrom(folder *inode, name string) {
	n := folder.names[name]
	for below := range n.names {
		d.removeFrom(n, below)
	}
	delete(folder.names, name)
	d.self(n, fsnotify.Remove)
	d.tell(folder, name, fsnotify.Remove)
}

// move renames, and replaces a file that is in the way. A folder that was watched loses its watch, and those below it keep theirs, with their old names.
func (d *fakeDisk) move(old, new string) bool {
	d.mu.Lock()
	defer d.mu.Unlock()
	from, was, ok := d.parent(old)
	to, is, ok2 := d.parent(new)
	if !ok || !ok2 || from.names[was] == nil || old == new || strings.HasPrefix(new, old+"/") {
		return false
	}
	n, there := from.names[was], to.names[is]
	if there != nil && (there.mode.IsDir() || n.mode.IsDir()) {
		return false
	}
	delete(from.names, was)
	to.names[is] = n
	d.tell(from, was, fsnotify.Rename)
	d.tell(to, is, fsnotify.Create)
	d.self(n, fsnotify.Rename)
	return true
}

func (d *fakeDisk) mount(p, name string) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.mounts[p] = d.volume(name)
}

// unmount takes a volume away, and the watches in it: without a word.
func (d *fakeDisk) unmount(p string) bool {
	d.mu.Lock()
	defer d.mu.Unlock()
	v := d.mounts[p]
	if v == nil {
		return false
	}
	delete(d.mounts, p)
	for s := range d.sources {
		for n := range s.names {
			if v.top.holds(n) {
				s.drop(n)
			}
		}
	}
	return true
}

func (n *inode) holds(other *inode) bool {
	if n == other {
		return true
	}
	for _, below := range n.names {
		if below.holds(other) {
			return true
		}
	}
	return false
}

// overflow loses the queues of all sources.
func (d *fakeDisk) overflow() {
	d.mu.Lock()
	defer d.mu.Unlock()
	for s := range d.sources {
		s.queue, s.over = nil, true
		select {
		case s.more <- struct{}{}:
		default:
		}
	}
}

// hang lets a volume hang, or answer again.
func (d *fakeDisk) hang(name string, on bool) {
	d.mu.Lock()
	defer d.mu.Unlock()
	v := d.volume(name)
	switch {
	case on && v.hung == nil:
		v.hung = make(chan struct{})
	case !on && v.hung != nil:
		close(v.hung)
		v.hung = nil
	}
}
