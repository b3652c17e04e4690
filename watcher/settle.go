package watcher

import (
	"container/heap"
	"sync"
	"time"
)

// candidates are paths to look at, and when. There is room for so many; when there are more, all are dropped, and a scan has to find them again: a burst
// costs time, and neither memory nor files. Used by the goroutines of one session.
type candidates struct {
	most int
	wake chan struct{} // capacity 1: there is something new

	mu    sync.Mutex
	queue dueQueue
	known map[string]*candidate // what is in queue
	lost  bool                  // they were too many: only a scan helps
}

func newCandidates(most int) *candidates {
	return &candidates{most: most, wake: make(chan struct{}, 1), known: make(map[string]*candidate)}
}

// hint takes an event: look at once, or soon if it was looked at just now. A program that writes causes thousands of events, and a few looks are enough.
func (c *candidates) hint(path string, now time.Time, nap time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.known[path] != nil {
		now = now.Add(nap)
	}
	c.put(path, now)
}

// add asks for a look at a path, and no later than it was asked for before.
func (c *candidates) add(path string, due time.Time) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.put(path, due)
}

func (c *candidates) put(path string, due time.Time) {
	known := c.known[path]
	switch {
	case c.lost || known != nil && !due.Before(known.due):
		return
	case known != nil:
		known.due = due
		heap.Fix(&c.queue, known.at)
	case len(c.queue) == c.most:
		c.queue, c.known, c.lost = nil, make(map[string]*candidate), true
	default:
		c.known[path] = &candidate{path: path, due: due}
		heap.Push(&c.queue, c.known[path])
	}
	notify(c.wake)
}

// take removes a path that is due.
func (c *candidates) take(now time.Time) (path string, ok bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if len(c.queue) == 0 || now.Before(c.queue[0].due) {
		return "", false
	}
	path = heap.Pop(&c.queue).(*candidate).path
	delete(c.known, path)
	return path, true
}

// next is when the first one is due, zero if there is none, and whether candidates were dropped.
func (c *candidates) next() (due time.Time, lost bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if len(c.queue) > 0 {
		due = c.queue[0].due
	}
	return due, c.lost
}

// found says that a scan begins, which meets what was dropped.
func (c *candidates) found() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.lost = false
}

type candidate struct {
	path string
	due  time.Time
	at   int // its index in the queue
}

// dueQueue is a heap with the first one due on top.
type dueQueue []*candidate

func (q dueQueue) Len() int           { return len(q) }
func (q dueQueue) Less(i, j int) bool { return q[i].due.Before(q[j].due) }

func (q dueQueue) Swap(i, j int) {
	q[i], q[j] = q[j], q[i]
	q[i].at, q[j].at = i, j
}

func (q *dueQueue) Push(x any) {
	c := x.(*candidate)
	c.at = len(*q)
	*q = append(*q, c)
}

func (q *dueQueue) Pop() any {
	last := len(*q) - 1
	c := (*q)[last]
	(*q)[last] = nil
	*q = (*q)[:last]
	return c
}

// notify wakes whoever listens to a channel of capacity 1, now or when next it does.
func notify(c chan<- struct{}) {
	select {
	case c <- struct{}{}:
	default:
	}
}
