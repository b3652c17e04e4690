package gallery

import (
	"net/http"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"time"
)

// Change is a part of what the pages show.
type Change uint32

// The parts that change by themselves.
const (
	LibraryChanged Change = 1 << iota // albums and items
	ServiceChanged                    // requests, quotas, faults, the clock
)

// words are the changes as the script knows them.
func (c Change) words() string {
	var words []string
	if c&LibraryChanged != 0 {
		words = append(words, "library")
	}
	if c&ServiceChanged != 0 {
		words = append(words, "service")
	}
	return strings.Join(words, " ")
}

// Limits of the streams of events.
const (
	maxStreams = 100
	streamRest = 400 * time.Millisecond // between two events of a stream: pages need not follow faster than eyes
)

// hub tells open pages what has changed.
type hub struct {
	open     atomic.Int32  // streams
	revision atomic.Uint64 // grows with each change

	mu      sync.Mutex // guards the next
	streams map[*stream]bool
}

// stream is one open page.
type stream struct {
	changed atomic.Uint32 // since it was last told
	wake    chan struct{} // holds one value while changed is not 0
	end     chan struct{} // closed to end it
}

// Changed tells the open pages that something has changed. It costs nothing while
// there is none, and never waits for one.
func (g *Gallery) Changed(c Change) {
	h := &g.hub
	h.revision.Add(1)
	if h.open.Load() == 0 {
		return
	}
	h.mu.Lock()
	defer h.mu.Unlock()
	for s := range h.streams {
		s.changed.Or(uint32(c))
		select {
		case s.wake <- struct{}{}:
		default:
		}
	}
}

// EndStreams ends the streams of events, so that a server can stop. Pages come
// back by themselves if there is something to come back to.
func (g *Gallery) EndStreams() {
	h := &g.hub
	h.mu.Lock()
	defer h.mu.Unlock()
	for s := range h.streams {
		close(s.end)
		delete(h.streams, s)
	}
	h.open.Store(0)
}

// join opens a stream; nil: there are too many.
func (h *hub) join() *stream {
	h.mu.Lock()
	defer h.mu.Unlock()
	if len(h.streams) >= maxStreams {
		return nil
	}
	if h.streams == nil {
		h.streams = map[*stream]bool{}
	}
	s := &stream{wake: make(chan struct{}, 1), end: make(chan struct{})}
	h.streams[s] = true
	h.open.Store(int32(len(h.streams)))
	return s
}

func (h *hub) leave(s *stream) {
	h.mu.Lock()
	defer h.mu.Unlock()
	delete(h.streams, s)
	h.open.Store(int32(len(h.streams)))
}

// events is the stream of server-sent events. The first one tells the revision, so
// that a page knows whether it has missed something; the others say which parts
// have changed, and the page fetches itself anew.
func (g *Gallery) events(w http.ResponseWriter, r *http.Request, v visit) {
	s := g.hub.join()
	if s == nil {
		http.Error(w, "too many pages are open", http.StatusServiceUnavailable)
		return
	}
	defer g.hub.leave(s)
	w.Header().Set("Content-Type", "text/event-stream")
	out := http.NewResponseController(w)
	say := func(text string) bool {
		_, err := w.Write([]byte(text + "\n\n"))
		return err == nil && out.Flush() == nil
	}
	hello := "retry: 1000\nevent: hello\ndata: " + strconv.FormatUint(g.hub.revision.Load(), 10)
	for ok := say(hello); ok; {
		c := next(r, s, v.service)
		ok = c != 0 && say("event: changed\ndata: "+c.words()) && rest(r, s)
	}
}

// next waits for a change, that which comes with time included; 0: the stream
// ends.
func next(r *http.Request, s *stream, of Service) Change {
	var due <-chan time.Time
	if wait := of.NextChange(); wait > 0 {
		t := time.NewTimer(wait)
		defer t.Stop()
		due = t.C
	}
	for {
		select {
		case <-s.wake:
			if c := Change(s.changed.Swap(0)); c != 0 { // the last look may have had it already
				return c
			}
		case <-due:
			return LibraryChanged | ServiceChanged
		case <-s.end:
			return 0
		case <-r.Context().Done():
			return 0
		}
	}
}

// rest waits until the next event may be sent; false: the stream ends.
func rest(r *http.Request, s *stream) bool {
	t := time.NewTimer(streamRest)
	defer t.Stop()
	select {
	case <-t.C:
		return true
	case <-s.end:
	case <-r.Context().Done():
	}
	return false
}
