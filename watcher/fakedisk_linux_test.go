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

	"github.com/fsnotify/fsnotify"

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
	n := &inode{mode: mode, ino: d.inodes, mtime: time.Now()}
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
func (i fakeInfo) Sys() any           { return &syscall.Stat_t{Dev: i.device, Ino: i.ino} }

// fakeSource is an inotify instance behind fsnotify.
type fakeSource struct {
	d      *fakeDisk
	events chan fsnotify.Event
	errors chan error
	ended  chan struct{}
	wg     sync.WaitGroup
	more   chan struct{}

	// Guarded by d.mu:
	queue []fsnotify.Event
	names map[*inode]string // watched folders, as they were called
	paths map[string]*inode
	over  bool
}

func (d *fakeDisk) listen() (watcher.Source, error) {
	s := &fakeSource{
		d: d, events: make(chan fsnotify.Event), errors: make(chan error), ended: make(chan struct{}), more: make(chan struct{}, 1),
		names: make(map[*inode]string), paths: make(map[string]*inode),
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.watches == 0 {
		return nil, syscall.EMFILE
	}
	d.sources[s] = true
	s.wg.Go(s.pump)
	return s, nil
}

func (s *fakeSource) Events() <-chan fsnotify.Event { return s.events }
func (s *fakeSource) Errors() <-chan error          { return s.errors }

func (s *fakeSource) Close() error {
	s.d.mu.Lock()
	open := s.d.sources[s]
	delete(s.d.sources, s)
	s.d.mu.Unlock()
	if open {
		close(s.ended)
		s.wg.Wait()
	}
	return nil
}

// pump hands out what is queued, and an overflow in its place.
func (s *fakeSource) pump() {
	defer close(s.errors)
	defer close(s.events)
	for {
		s.d.mu.Lock()
		var next *fsnotify.Event
		over := s.over && len(s.queue) == 0
		if over {
			s.over = false
		} else if len(s.queue) > 0 {
			next = &s.queue[0]
			s.queue = s.queue[1:]
		}
		s.d.mu.Unlock()
		var events chan fsnotify.Event
		var errors chan error
		var e fsnotify.Event
		more := s.more
		switch {
		case over:
			errors, more = s.errors, nil
		case next != nil:
			events, e, more = s.events, *next, nil
		}
		select {
		case <-s.ended:
			return
		case events <- e:
		case errors <- fsnotify.ErrEventOverflow:
		case <-more:
		}
	}
}

func (s *fakeSource) Add(folder string) error {
	n, _, err := s.d.ask("watch", folder)
	if err != nil {
		return err
	}
	s.d.mu.Lock()
	defer s.d.mu.Unlock()
	switch {
	case !s.d.sources[s]:
		return fsnotify.ErrClosed
	case !n.mode.IsDir():
		return syscall.ENOTDIR
	case n.closed:
		return syscall.EACCES
	case s.names[n] != "":
		return nil // fsnotify keeps the old name
	case len(s.names) >= s.d.watches:
		return syscall.ENOSPC
	}
	delete(s.names, s.paths[folder])
	s.names[n], s.paths[folder] = folder, n
	return nil
}

func (s *fakeSource) Remove(folder string) error {
	s.d.mu.Lock()
	defer s.d.mu.Unlock()
	n := s.paths[folder]
	if n == nil {
		return fsnotify.ErrNonExistentWatch
	}
	s.drop(n)
	return nil
}

func (s *fakeSource) drop(n *inode) {
	delete(s.paths, s.names[n])
	delete(s.names, n)
}

func (s *fakeSource) send(e fsnotify.Event) {
	switch {
	case s.over:
	case len(s.queue) >= s.d.room:
		s.over = true
	default:
		s.queue = append(s.queue, e)
	}
	select {
	case s.more <- struct{}{}:
	default:
	}
}

// tell sends an event to all who watch the folder.
func (d *fakeDisk) tell(folder *inode, name string, op fsnotify.Op) {
	for s := range d.sources {
		if at := s.names[folder]; at != "" {
			s.send(fsnotify.Event{Name: path.Join(at, name), Op: op})
		}
	}
}

// self sends an event about a watched folder itself, which is no longer watched then.
func (d *fakeDisk) self(n *inode, op fsnotify.Op) {
	for s := range d.sources {
		if at := s.names[n]; at != "" {
			s.drop(n)
			s.send(fsnotify.Event{Name: at, Op: op})
		}
	}
}
