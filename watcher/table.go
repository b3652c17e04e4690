package watcher

import (
	"hash/maphash"
	"sync"
	"time"
)

// table remembers of each path below a root what was last handed on, and since when a file that is not yet handed on looks as it does. It holds hashes: 16
// bytes for a file that rests, whatever its path. It is used by the session of its root and by callers of [Watcher.Again].
type table struct {
	seed  maphash.Seed
	start time.Time // what since counts from: monotonic, whatever happens to the wall clock

	mu      sync.Mutex
	handed  map[uint64]uint64  // path -> state, with two bits of its own
	waiting map[uint64]waiting // path -> state seen, until it is handed on
	scan    uint64             // 0 or 1, in turns
}

// waiting is half as exact as what is handed on, since a first scan has one for each file. Of a state that is mistaken for another one, nothing comes but
// that a file has waited less.
type waiting struct {
	state uint32 // the upper half, with the same bits
	since uint32 // milliseconds since start, rounded up
}

// The two lowest bits of a state are not of its hash.
const (
	scanBit = 1 << iota // the scan that met it last
	leftOut             // it is not taken
	bits    = scanBit | leftOut
)

func newTable() *table {
	return &table{
		seed: maphash.MakeSeed(), start: time.Now(),
		handed: make(map[uint64]uint64), waiting: make(map[uint64]waiting),
	}
}

func (t *table) key(path string) uint64 { return maphash.String(t.seed, path) }

// sight is one look at a file, as the table sees it.
type sight struct {
	key      uint64
	handed   uint64        // what is remembered once it is handed on: a state, or for what is left out the reason
	state    uint64        // what must stay the same until then
	patience time.Duration // for how long
}

// sightOf says what counts for a file: size, time and identity if it is to be taken. What is left out is handed on once for each reason, however it changes.
func (t *table) sightOf(f File, looseIDs bool) sight {
	look := struct {
		size, modified int64
		inode          uint64
	}{f.Size, f.ModTime.UnixNano(), f.ID.Inode}
	if looseIDs {
		look.inode = 0
	}
	s := sight{key: t.key(f.Path), state: maphash.Comparable(t.seed, look) &^ bits}
	s.handed = s.state
	if f.Skip != "" {
		s.handed = maphash.String(t.seed, string(f.Skip))&^bits | leftOut
	}
	return s
}

// meet notes a sight. ripe: it is to be handed on now. Otherwise, unless it was handed on before, it is worth another look when it is due.
func (t *table) meet(s sight, now time.Time) (due time.Time, ripe bool) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.handed[s.key]&^scanBit == s.handed {
		t.handed[s.key] = s.handed | t.scan
		delete(t.waiting, s.key) // it changed, and changed back
		return time.Time{}, false
	}
	w, ok := t.waiting[s.key]
	state := uint32(s.state>>32) &^ bits
	up, down := t.milliseconds(now)
	// The count begins anew every 49 days. A file that waits for so long, because it is held open, begins anew, too.
	if !ok || w.state&^bits != state || down-w.since > 1<<31 {
		w.since, down = up, up
	}
	w.state = state | uint32(t.scan)
	t.waiting[s.key] = w
	rest := s.patience - time.Duration(down-w.since)*time.Millisecond
	return now.Add(rest), rest <= 0
}

// milliseconds counts from the start, rounded up and down: what is seen begins to wait a little later, and ends no earlier.
func (t *table) milliseconds(now time.Time) (up, down uint32) {
	since := now.Sub(t.start)
	return uint32((since + time.Millisecond - 1) / time.Millisecond), uint32(since / time.Millisecond)
}

// done notes that it was handed on.
func (t *table) done(s sight) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.handed[s.key] = s.handed | t.scan
	t.stopWaiting(s.key)
}

// stopWaiting drops a path, and the map with the last one: maps do not shrink, and after the first scan this one was as large as the other.
func (t *table) stopWaiting(key uint64) {
	delete(t.waiting, key)
	if len(t.waiting) == 0 {
		t.waiting = make(map[uint64]waiting)
	}
}

// forget notes that nothing is there any more.
func (t *table) forget(path string) {
	t.mu.Lock()
	defer t.mu.Unlock()
	key := t.key(path)
	delete(t.handed, key)
	t.stopWaiting(key)
}

func (t *table) again(path string) {
	t.mu.Lock()
	defer t.mu.Unlock()
	delete(t.handed, t.key(path))
}

// empty reports whether no file is known that was taken.
func (t *table) empty() bool {
	t.mu.Lock()
	defer t.mu.Unlock()
	for _, state := range t.handed {
		if state&leftOut == 0 {
			return false
		}
	}
	return true
}

// has reports whether this very file was handed on.
func (t *table) has(s sight) bool {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.handed[s.key]&^scanBit == s.handed
}

// begin begins a scan of everything.
func (t *table) begin() {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.scan ^= scanBit
}

// sweep forgets what a scan, which saw everything, has not met.
func (t *table) sweep() {
	t.mu.Lock()
	defer t.mu.Unlock()
	for key, state := range t.handed {
		if state&scanBit != t.scan {
			delete(t.handed, key)
		}
	}
	for key, w := range t.waiting {
		if uint64(w.state&scanBit) != t.scan {
			delete(t.waiting, key)
		}
	}
}

// size is how many paths are known, and how many of them wait.
func (t *table) size() (all, wait int) {
	t.mu.Lock()
	defer t.mu.Unlock()
	return len(t.handed) + len(t.waiting), len(t.waiting)
}
