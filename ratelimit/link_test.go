package ratelimit_test

import (
	"context"
	"io"
	"net"
	"os"
	"sync"
	"time"
)

const (
	// scale is how many bytes one byte on a link stands for: a minute at 200 Mbit/s is 1.5 GB, of which a test should not copy each.
	scale = 16
	// quantum is how many bytes go over a link in one piece.
	quantum = 32 << 10 / scale
	// firstWindow is what a new connection may have on its way; that doubles with each round trip.
	firstWindow = 16 << 10 / scale
)

// link is a way to a server, for a bubble of testing/synctest: one bandwidth for all connections together, first come first served in small
// pieces; a delay; and for each connection a window of bytes that may be on their way, so that one connection is never faster than window / round
// trip. Only the way there is narrow. Packets are not lost, and their headers weigh nothing.
type link struct {
	rate   func(time.Time) float64 // bytes per second
	rtt    time.Duration
	window int // bytes

	mu    sync.Mutex
	free  time.Time // guarded by mu; when the last byte on the link will have left it
	dials chan net.Conn
	shut  chan struct{} // closed when nobody takes calls any more
}

func newLink(rtt time.Duration, window int, rate func(time.Time) float64) *link {
	return &link{rate: rate, rtt: rtt, window: window, dials: make(chan net.Conn), shut: make(chan struct{})}
}

// dial makes a connection; with that of TLS it takes two round trips.
func (l *link) dial(ctx context.Context, _, _ string) (net.Conn, error) {
	select {
	case <-time.After(2 * l.rtt):
	case <-ctx.Done():
		return nil, ctx.Err()
	}
	gone := make(chan struct{})
	hang := sync.OnceFunc(func() { close(gone) })
	there := newWay(l.through, l.rtt, l.window, gone)
	back := newWay(func(int) time.Time { return time.Now().Add(l.rtt / 2) }, l.rtt, l.window, gone)
	select {
	case l.dials <- &linkEnd{in: there, out: back, hang: hang}:
		return &linkEnd{in: back, out: there, hang: hang}, nil
	case <-l.shut:
		return nil, net.ErrClosed
	}
}

// through says when bytes that are sent now arrive.
func (l *link) through(n int) time.Time {
	l.mu.Lock()
	defer l.mu.Unlock()
	if now := time.Now(); l.free.Before(now) {
		l.free = now
	}
	l.free = l.free.Add(time.Duration(float64(n) / l.rate(l.free) * float64(time.Second)))
	return l.free.Add(l.rtt / 2)
}

// Accept, Close and Addr make the link a listener.
func (l *link) Accept() (net.Conn, error) {
	select {
	case c := <-l.dials:
		return c, nil
	case <-l.shut:
		return nil, net.ErrClosed
	}
}

func (l *link) Close() error   { close(l.shut); return nil }
func (l *link) Addr() net.Addr { return linkAddr{} }

type linkAddr struct{}

func (linkAddr) Network() string { return "link" }
func (linkAddr) String() string  { return "link" }

// way is one direction of a connection.
type way struct {
	send   func(n int) (arrives time.Time)
	rtt    time.Duration
	most   int
	gone   chan struct{} // closed when either end is
	landed chan struct{} // holds a value when something was sent

	mu     sync.Mutex
	flight []piece // guarded by mu; sent and not read
	past   chan struct{}

	// These are the sender's.
	window, unacked int
	acks            []piece
}

type piece struct {
	at    time.Time
	bytes []byte
}

func newWay(send func(int) time.Time, rtt time.Duration, window int, gone chan struct{}) *way {
	return &way{send: send, rtt: rtt, most: window, gone: gone, landed: make(chan struct{}, 1), past: make(chan struct{}), window: firstWindow}
}

// write sends one piece when the window has room for it.
func (w *way) write(p []byte) error {
	for w.acknowledged(); w.unacked > 0 && w.unacked+len(p) > w.window; w.acknowledged() {
		select {
		case <-time.After(time.Until(w.acks[0].at)):
		case <-w.gone:
		}
		if isClosed(w.gone) {
			return io.ErrClosedPipe
		}
	}
	if isClosed(w.gone) {
		return io.ErrClosedPipe
	}
	arrives := w.send(len(p))
	sent := piece{at: arrives, bytes: append([]byte(nil), p...)}
	w.unacked += len(p)
	w.acks = append(w.acks, piece{at: arrives.Add(w.rtt / 2), bytes: sent.bytes})
	w.mu.Lock()
	w.flight = append(w.flight, sent)
	w.mu.Unlock()
	select {
	case w.landed <- struct{}{}:
	default:
	}
	return nil
}

func (w *way) acknowledged() {
	for now := time.Now(); len(w.acks) > 0 && !w.acks[0].at.After(now); w.acks = w.acks[1:] {
		n := len(w.acks[0].bytes)
		w.unacked -= n
		w.window = min(w.most, w.window+n)
	}
}

// read takes what has arrived, or waits for it.
func (w *way) read(p []byte) (int, error) {
	for {
		w.mu.Lock()
		past := w.past
		var arrives <-chan time.Time
		if len(w.flight) > 0 {
			head := &w.flight[0]
			until := time.Until(head.at)
			if until <= 0 {
				n := copy(p, head.bytes)
				if head.bytes = head.bytes[n:]; len(head.bytes) == 0 {
					w.flight = w.flight[1:]
				}
				w.mu.Unlock()
				return n, nil
			}
			arrives = time.After(until)
		}
		w.mu.Unlock()
		gone := w.gone
		if arrives != nil {
			gone = nil // what is on its way arrives
		}
		select {
		case <-past:
			return 0, os.ErrDeadlineExceeded
		case <-gone:
			return 0, io.EOF
		case <-arrives:
		case <-w.landed:
		}
	}
}

func isClosed(c chan struct{}) bool {
	select {
	case <-c:
		return true
	default:
		return false
	}
}

// linkEnd is one end of a connection. Of deadlines it knows those that are over, by which net/http ends a read.
type linkEnd struct {
	in, out *way
	hang    func()
}

func (e *linkEnd) Read(p []byte) (int, error) { return e.in.read(p) }

func (e *linkEnd) Write(p []byte) (n int, err error) {
	for n < len(p) {
		next := p[n:min(len(p), n+quantum)]
		if err := e.out.write(next); err != nil {
			return n, err
		}
		n += len(next)
	}
	return n, nil
}

func (e *linkEnd) SetReadDeadline(t time.Time) error {
	e.in.mu.Lock()
	defer e.in.mu.Unlock()
	if isClosed(e.in.past) {
		e.in.past = make(chan struct{})
	}
	if !t.IsZero() {
		close(e.in.past)
	}
	return nil
}

func (e *linkEnd) SetDeadline(t time.Time) error    { return e.SetReadDeadline(t) }
func (e *linkEnd) SetWriteDeadline(time.Time) error { return nil }
func (e *linkEnd) LocalAddr() net.Addr              { return linkAddr{} }
func (e *linkEnd) RemoteAddr() net.Addr             { return linkAddr{} }
func (e *linkEnd) Close() error                     { e.hang(); return nil }
