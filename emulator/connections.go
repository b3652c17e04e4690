package emulator

import (
	"container/list"
	"crypto/tls"
	"net"
	"net/http"
	"sync"
)

// crowd keeps the open connections of a listener at a limit. When one too many
// comes, the one that has gone without a request for longest is closed: so those
// that only hold a place cannot keep anybody out. A request at work is never
// disturbed.
type crowd struct {
	limit int // never changes

	mu      sync.Mutex
	open    map[net.Conn]*list.Element // where it waits; nil = it is at work
	waiting list.List                  // of net.Conn, the longest first
}

func newCrowd(limit int) *crowd {
	return &crowd{limit: limit, open: map[net.Conn]*list.Element{}}
}

// watch is an http.Server's ConnState.
func (c *crowd) watch(conn net.Conn, state http.ConnState) {
	if tooMany := c.changed(conn, state); tooMany != nil {
		if secure, ok := tooMany.(*tls.Conn); ok {
			tooMany = secure.NetConn() // without a farewell, which could block
		}
		_ = tooMany.Close()
	}
}

// changed counts, and picks the connection that has to go, if one has to.
func (c *crowd) changed(conn net.Conn, state http.ConnState) (tooMany net.Conn) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if at := c.open[conn]; at != nil {
		c.waiting.Remove(at)
	}
	switch state {
	case http.StateNew, http.StateIdle:
		c.open[conn] = c.waiting.PushBack(conn)
	case http.StateActive:
		c.open[conn] = nil
	case http.StateHijacked, http.StateClosed:
		delete(c.open, conn)
	}
	if len(c.open) <= c.limit || c.waiting.Len() == 0 {
		return nil
	}
	tooMany = c.waiting.Remove(c.waiting.Front()).(net.Conn)
	delete(c.open, tooMany)
	return tooMany
}
