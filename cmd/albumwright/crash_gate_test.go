package main

import (
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
)

// moment is when the client dies that has sent a request.
type moment string

const (
	noticed  moment = "before it is carried out"
	midBody  moment = "in the middle of its body"
	answered moment = "when it is carried out and not answered"
	recalled moment = "when its answer is read and not recorded"
)

// gate is the way to the service. It counts what passes, and kills the client at one request.
type gate struct {
	service http.Handler
	kill    func()              // ends the client, and returns when it is dead
	hold    func() (let func()) // keeps the client from recording anything

	mu    sync.Mutex // guards everything below
	alone *sync.Cond // on mu: no connection is open
	open  map[net.Conn]bool
	fatal func(n int, r *http.Request) bool // finds the request, counted from 1, of which the client dies, once; nil = it lives
	when  moment
	traffic
}

// traffic is what came from clients, whether the service got it or not.
type traffic struct {
	requests int
	raws     int   // of these, raw uploads
	raw      int64 // their bytes
	session  int64 // bytes of resumable ones
}

func newGate(service http.Handler) *gate {
	g := &gate{service: service, open: map[net.Conn]bool{}}
	g.alone = sync.NewCond(&g.mu)
	return g
}

// dieOf sets the request of which the client dies.
func (g *gate) dieOf(fatal func(n int, r *http.Request) bool, when moment) {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.fatal, g.when = fatal, when
}

// came is what has come so far.
func (g *gate) came() traffic {
	g.mu.Lock()
	defer g.mu.Unlock()
	return g.traffic
}

// watch follows connections.
func (g *gate) watch(c net.Conn, state http.ConnState) {
	g.mu.Lock()
	defer g.mu.Unlock()
	switch state {
	case http.StateNew:
		g.open[c] = true
	case http.StateClosed, http.StateHijacked:
		delete(g.open, c)
		g.alone.Broadcast()
	}
}

// quiet waits until a client that has ended has no connection any more, so that nothing that it has sent is still under way.
func (g *gate) quiet() {
	g.mu.Lock()
	defer g.mu.Unlock()
	for len(g.open) > 0 {
		g.alone.Wait()
	}
}

// ServeHTTP lets a request through, or its client die of it.
func (g *gate) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	body := r.Body
	r.Body = &tally{body, g, g.bytesOf(r)}
	switch when := g.enter(r); {
	case when == noticed, when == midBody && r.ContentLength < 2:
		g.die(r.Body)
	case when == midBody:
		r.Body = &cutBody{ReadCloser: r.Body, left: r.ContentLength / 2, gate: g}
		g.service.ServeHTTP(httptest.NewRecorder(), r)
		panic(http.ErrAbortHandler)
	case when == answered:
		g.service.ServeHTTP(httptest.NewRecorder(), r)
		g.die(r.Body)
	case when == recalled:
		g.recall(w, r)
	default:
		g.service.ServeHTTP(w, r)
	}
}

// enter counts a request, and says whether the client dies of it, and when.
func (g *gate) enter(r *http.Request) moment {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.requests++
	if isRaw(r) {
		g.raws++
	}
	if g.fatal == nil || !g.fatal(g.requests, r) {
		return ""
	}
	g.fatal = nil
	return g.when
}

// die kills the client. What it had sent of the request is counted and goes nowhere, and nor does an answer.
func (g *gate) die(rest io.Reader) {
	g.lose(rest)
	panic(http.ErrAbortHandler)
}

// lose kills the client, and lets go of what it had sent.
func (g *gate) lose(rest io.Reader) {
	g.kill()
	_, _ = io.Copy(io.Discard, rest)
}

// recall gives an answer to a client that cannot record anything, and kills it when it has read that. It is the last one of its connection, so a client that has
// read it closes that.
func (g *gate) recall(w http.ResponseWriter, r *http.Request) {
	rec := httptest.NewRecorder()
	g.service.ServeHTTP(rec, r)
	let := g.hold()
	defer let()
	answer := rec.Result()
	answer.Close, answer.ContentLength = true, int64(rec.Body.Len())
	conn, _, err := http.NewResponseController(w).Hijack()
	if err != nil {
		panic(err) // the server is httptest's
	}
	_ = answer.Write(conn)
	_, _ = io.Copy(io.Discard, conn)
	g.kill()
	_ = conn.Close()
}

// bytesOf finds where the bytes of a request's body are counted.
func (g *gate) bytesOf(r *http.Request) *int64 {
	switch {
	case !strings.HasPrefix(r.URL.Path, "/v1/uploads"):
		return new(int64)
	case isRaw(r):
		return &g.raw
	}
	return &g.session
}

func isRaw(r *http.Request) bool { return r.Header.Get("X-Goog-Upload-Protocol") == "raw" }

// tally counts the bytes of a body.
type tally struct {
	io.ReadCloser
	gate *gate
	n    *int64 // guarded by the gate's mu
}

func (t *tally) Read(p []byte) (int, error) {
	n, err := t.ReadCloser.Read(p)
	t.gate.mu.Lock()
	defer t.gate.mu.Unlock()
	*t.n += int64(n)
	return n, err
}

// cutBody is a body whose sender dies when so many bytes of it have come: what follows is lost.
type cutBody struct {
	io.ReadCloser
	left int64
	gate *gate
}

func (c *cutBody) Read(p []byte) (int, error) {
	if c.left == 0 {
		c.gate.lose(c.ReadCloser)
		return 0, io.ErrUnexpectedEOF
	}
	n, err := c.ReadCloser.Read(p[:min(int64(len(p)), c.left)])
	c.left -= int64(n)
	return n, err
}
