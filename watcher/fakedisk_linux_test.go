package watcher_test

import (
	"io"
	"io/fs"
	"maps"
	"path"
	"slices"
	"strings"
	"sync"
	"syscall"
	"time"

	"github.com/albumwright/albumwright/watcher"
)

// fakeDisk is a machine's files in memory, with mounts, and with events as fsnotify gives them on Linux: bound to folders and named as the folders were named
// when they were watched. So it misleads as the real one does.
type fakeDisk struct {
	mu      sync.Mutex
	volumes map[string]*fakeVolume // by name
	mounts  map[string]*fakeVolume // by path; "/" is always there
	sources map[*fakeSource]bool
	inodes  uint64
	devices uint64
	room    int // how many events a source holds before it overflows
	watches int // how many folders may be watched at a time
	opened  map[string]int
}

type fakeVolume struct {
	watcher.Volume
	device uint64
	top    *inode
	hung   chan struct{} // closed when it answers again; nil if it does
}

// inode is a file, a folder, or something else.
type inode struct {
	mode    fs.FileMode
	size    int64
	mtime   time.Time
	ctime   time.Time
	ino     uint64
	closed  bool // may not be read
	writers int
	names   map[string]*inode // of a folder
}

func newFakeDisk() *fakeDisk {
	d := &fakeDisk{
		volumes: make(map[string]*fakeVolume), mounts: make(map[string]*fakeVolume), sources: make(map[*fakeSource]bool),
		opened: make(map[string]int), room: 1 << 14, watches: 1 << 20,
	}
	d.mounts["/"] = d.volume("system")
	return d
}

// volume is made when it is first named.
func (d *fakeDisk) volume(name string) *fakeVolume {
	v := d.volumes[name]
	if v == nil {
		d.devices++
		v = &fakeVolume{device: d.devices, top: d.node(fs.ModeDir)}
		v.ID = 1000 + d.devices
		d.volumes[name] = v
	}
	return v
}

func (d *fakeDisk) node(mode fs.FileMode) *inode {
	d.inodes++
	n := &inode{mode: mode, ino: d.inodes, mtime: time.Now(), ctime: time.Now()}
	if mode.IsDir() {
		n.names = make(map[string]*inode)
	}
	return n
}

// find resolves a path. d.mu is held.
func (d *fakeDisk) find(p string) (*inode, *fakeVolume, error) {
	v := d.mounts["/"]
	n := v.top
	at := "/"
	for name := range strings.SplitSeq(strings.Trim(p, "/"), "/") {
		if name == "" {
			continue
		}
		switch {
		case !n.mode.IsDir():
			return nil, nil, syscall.ENOTDIR
		case n.closed:
			return nil, nil, syscall.EACCES
		}
		next := n.names[name]
		if next == nil {
			return nil, nil, syscall.ENOENT
		}
		n = next
		at = path.Join(at, name)
		if m := d.mounts[at]; m != nil {
			n, v = m.top, m
		}
	}
	return n, v, nil
}

// ask resolves a path for the watcher, and hangs where its volume does.
func (d *fakeDisk) ask(op, p string) (*inode, *fakeVolume, error) {
	for {
		d.mu.Lock()
		n, v, err := d.find(p)
		var hung chan struct{}
		if err == nil {
			hung = v.hung
		}
		d.mu.Unlock()
		if hung == nil {
			if err != nil {
				err = &fs.PathError{Op: op, Path: p, Err: err}
			}
			return n, v, err
		}
		<-hung
	}
}

func (d *fakeDisk) Lstat(p string) (fs.FileInfo, error) { return d.Stat(p) }

func (d *fakeDisk) Stat(p string) (fs.FileInfo, error) {
	n, v, err := d.ask("stat", p)
	if err != nil {
		return nil, err
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	return n.info(path.Base(p), v), nil
}

func (d *fakeDisk) Volume(p string) (watcher.Volume, error) {
	_, v, err := d.ask("statfs", p)
	if err != nil {
		return watcher.Volume{}, err
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	answer := v.Volume
	answer.Mounted = d.mounts[p] != nil
	return answer, nil
}

func (d *fakeDisk) Writing(p string) bool {
	n, _, err := d.ask("lease", p)
	d.mu.Lock()
	defer d.mu.Unlock()
	d.opened[p]++
	return err == nil && n.writers > 0
}

func (d *fakeDisk) Open(p string, _ bool) (watcher.Listing, error) {
	n, v, err := d.ask("open", p)
	if err != nil {
		return nil, err
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	switch {
	case !n.mode.IsDir():
		return nil, &fs.PathError{Op: "open", Path: p, Err: syscall.ENOTDIR}
	case n.closed:
		return nil, &fs.PathError{Op: "open", Path: p, Err: syscall.EACCES}
	}
	return &fakeListing{d: d, folder: n, v: v}, nil
}

// fakeListing lists what is there when it is first read.
type fakeListing struct {
	d       *fakeDisk
	folder  *inode
	v       *fakeVolume
	read    bool
	entries []fs.DirEntry
}

func (l *fakeListing) Close() error { return nil }

func (l *fakeListing) ReadDir(n int) ([]fs.DirEntry, error) {
	if !l.read {
		l.read = true
		l.d.mu.Lock()
		for _, name := range slices.Sorted(maps.Keys(l.folder.names)) {
			l.entries = append(l.entries, fs.FileInfoToDirEntry(l.folder.names[name].info(name, l.v)))
		}
		l.d.mu.Unlock()
	}
	if len(l.entries) == 0 {
		return nil, io.EOF
	}
	n = min(n, len(l.entries))
	part := l.entries[:n]
	l.entries = l.entries[n:]
	return part, nil
}

// fakeInfo is what stat says of a node.
type fakeInfo struct {
	name string
	inode
	device uint64
}

func (n *inode) info(name string, v *fakeVolume) fs.FileInfo {
	return fakeInfo{name: name, inode: *n, device: v.device}
}

func (i fakeInfo) Name() string       { return i.name }
func (i fakeInfo) Size() int64        { return i.size }
func (i fakeInfo) Mode() fs.FileMode  { return i.mode }
func (i fakeInfo) ModTime() time.Time { return i.mtime }
func (i fakeInfo) IsDir() bool        { return i.mode.IsDir() }
func (i fakeInfo) Sys() any {
	return &syscall.Stat_t{Dev: i.device, Ino: i.ino, Ctim: syscall.NsecToTimespec(i.ctime.UnixNano())}
}
