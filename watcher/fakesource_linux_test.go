package watcher_test

import (
	"path"
	"sync"
	"syscall"

	"github.com/fsnotify/fsnotify"

	"github.com/albumwright/albumwright/watcher"
)

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
