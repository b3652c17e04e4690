package emulator

import (
	"io"
	"net/http"
	"time"
)

// disturbance is what a fault does to one request. The zero value is nothing.
type disturbance struct {
	Effect
	entries []int              // of a batchCreate: the entries that are struck
	items   map[int]statusWire // "item": the status of each of them
}

// disturb decides what happens to a request. Bodies are read beforehand only
// where somebody asks what is in them.
func (s *Server) disturb(op operation, c *call) *apiError {
	s.mu.Lock()
	idle := s.closed || len(s.plan) == 0 && s.chaos.Rate == 0
	s.mu.Unlock()
	if idle {
		return nil
	}
	seen, err := s.look(op, c)
	if err != nil {
		return err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if d, planned := s.planned(op, seen); planned {
		c.struck = d
		s.disturbed[d.Name]++
		return nil
	}
	s.canonize(op, &seen)
	if c.struck = s.chaos.draw(op, seen); c.struck.Name != "" {
		s.disturbed[c.struck.Name] += max(len(c.struck.items), 1)
	}
	return nil
}

// planned lets each fault count the request, and returns what the first one
// whose turn it is does. s.mu is held.
func (s *Server) planned(op operation, seen subject) (d disturbance, found bool) {
	for _, f := range s.plan {
		if !f.concerns(op) || !seen.fits(f.Fault) || !f.turn() || found {
			continue
		}
		f.met++
		found, d.Effect = true, f.Effect
		if f.Effect.strikesEntries() {
			d.entries = seen.struckBy(f.Fault)
		}
	}
	d.fill()
	return d, found
}

// respond answers a request as what struck it wants it; one that nothing struck
// is carried out and answered.
func (s *Server) respond(w http.ResponseWriter, op operation, c *call) {
	d := c.struck
	switch d.Name {
	case effectCutBefore:
		hangUp(w)
	case effectCutRequest:
		s.cutRequest(w, op, c)
	case effectStall:
		s.linger(c.r, time.Duration(d.Delay))
		hangUp(w)
	}
	res, err, own := d.ownAnswer(op)
	switch {
	case !own:
		if res, err = s.answer(op, c); err == nil {
			res = s.altered(d, res)
		}
	case d.Apply:
		_, _ = s.answer(op, c)
	case !s.wait(c.r):
		panic(http.ErrAbortHandler) // the client is gone
	}
	switch d.Name {
	case effectCutAfter:
		hangUp(w)
	case effectCutAnswer:
		w = &cutWriter{ResponseWriter: w, left: d.At}
	}
	if err != nil {
		s.writeError(w, c.r, op.bare, err)
		return
	}
	s.writeReply(w, c.r, res)
}

// cutRequest breaks the connection when so many bytes of the body have come; it
// does not return. An operation that keeps bytes has those.
func (s *Server) cutRequest(w http.ResponseWriter, op operation, c *call) {
	defer hangUp(w) // also when the operation has given up the client
	if op.keeps {
		c.breakBody(c.struck.At, io.ErrUnexpectedEOF)
		_, _ = s.answer(op, c)
		return
	}
	_, _ = io.CopyN(io.Discard, c.r.Body, c.struck.At)
}

// portalPage is what a hotel's network says to everything.
const portalPage = "<!DOCTYPE html>\n<html lang=en>\n<title>Welcome</title>\n" +
	"<p>Please <a href=\"/login\">sign in</a> to use this network.\n"

// ownAnswer is the answer of effects that bring their own.
func (d disturbance) ownAnswer(op operation) (res reply, err *apiError, own bool) {
	switch d.Name {
	case effectHTML:
		return reply{kind: "text/html; charset=UTF-8", text: portalPage}, nil, true
	case effectEmpty:
		return reply{kind: plainText}, nil, true
	}
	refusal := effects[d.Name].refusal
	if refusal == nil {
		return res, nil, false
	}
	e := refusal(op)
	if d.NameEntry {
		e = errTokenOfEntry(d.entries)
	}
	e.retryAfter = d.RetryAfter
	return res, e, true
}

// hangUp breaks the connection; it does not return. Over a socket a first line
// comes before: where a connection just closes, Go's own client sends a GET
// once more before anyone hears of it.
func hangUp(w http.ResponseWriter) {
	if h, ok := w.(http.Hijacker); ok {
		if conn, _, err := h.Hijack(); err == nil {
			_, _ = io.WriteString(conn, "HTTP/1.1 200 OK\r\n")
			_ = conn.Close()
		}
	}
	panic(http.ErrAbortHandler)
}

// cutWriter breaks the connection when so many bytes of the body are sent.
type cutWriter struct {
	http.ResponseWriter
	left int64
}

// Write sends what may still pass.
func (w *cutWriter) Write(p []byte) (int, error) {
	if int64(len(p)) <= w.left {
		w.left -= int64(len(p))
		return w.ResponseWriter.Write(p)
	}
	_, _ = w.ResponseWriter.Write(p[:w.left])
	_ = http.NewResponseController(w.ResponseWriter).Flush()
	panic(http.ErrAbortHandler)
}

// linger waits for d, or for ever if it is 0, or until the plan is forgotten, or
// until the client gives up; gone reports that it did. It reads the body first: a
// server does not notice that a connection has closed before it has read what was
// sent.
func (s *Server) linger(r *http.Request, d time.Duration) (gone bool) {
	if r.Body != nil {
		_, _ = io.Copy(io.Discard, r.Body)
	}
	forgotten := s.holdUp()
	defer s.letGo()
	var passed <-chan time.Time
	if d > 0 {
		t := time.NewTimer(d)
		defer t.Stop()
		passed = t.C
	}
	select {
	case <-passed:
		return false
	case <-forgotten:
		return false
	case <-r.Context().Done():
		return true
	}
}

// holdUp counts a request that waits because of a fault, until letGo. The channel
// is closed when the plan is forgotten.
func (s *Server) holdUp() (forgotten <-chan struct{}) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.heldUp++; s.forgotten == nil { // of the bubble in which it is waited for
		s.forgotten = make(chan struct{})
	}
	return s.forgotten
}

func (s *Server) letGo() {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.heldUp--; s.heldUp == 0 {
		s.forgotten = nil
	}
}
