package emulator

import (
	"bytes"
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strconv"
)

// Transport reaches the server without a socket: give it to an http.Client and
// use any host name. The request's body is streamed; the answer is complete
// when RoundTrip returns. It starts no goroutine, so it works inside a
// testing/synctest bubble, and a request whose context ends returns the
// context's error, its body closed.
func (s *Server) Transport() http.RoundTripper { return transport{s} }

type transport struct{ s *Server }

// RoundTrip runs the handler in the caller's goroutine.
func (t transport) RoundTrip(req *http.Request) (*http.Response, error) {
	ctx := req.Context()
	body := newClientBody(req)
	defer body.Close()
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	// Closing the body is how a Read that waits for its writer is ended, as
	// net/http does it.
	defer context.AfterFunc(ctx, func() { _ = body.Close() })()

	w := &answer{header: http.Header{}}
	aborted := w.run(t.s, serverRequest(req, body))
	switch {
	case ctx.Err() != nil:
		return nil, ctx.Err()
	case body.err != nil:
		return nil, body.err
	case aborted && !w.flushed:
		return nil, io.ErrUnexpectedEOF // the server hung up
	}
	res := w.response(req)
	if aborted {
		w.cutShort(res)
	}
	return res, nil
}

// serverRequest is the request as a server would have parsed it.
func serverRequest(req *http.Request, body *clientBody) *http.Request {
	r := req.Clone(req.Context())
	r.Body = body
	r.ContentLength = body.declared
	if r.Host == "" {
		r.Host = r.URL.Host
	}
	r.RequestURI = r.URL.RequestURI()
	if r.URL.Scheme == "https" {
		r.TLS = &tls.ConnectionState{Version: tls.VersionTLS13, HandshakeComplete: true}
	}
	r.URL.Scheme, r.URL.Host, r.URL.User = "", "", nil
	r.Proto, r.ProtoMajor, r.ProtoMinor = "HTTP/1.1", 1, 1
	r.RemoteAddr = "127.0.0.1:0"
	r.Close, r.Response, r.GetBody = false, nil, nil
	if r.Method == "" {
		r.Method = http.MethodGet
	}
	return r
}

// clientBody is the request's body with the client side's own check: it must
// be as long as it said.
type clientBody struct {
	src      io.ReadCloser
	declared int64 // -1 = not said
	read     int64
	err      error // what broke the request off, read after the handler ended
}

func newClientBody(req *http.Request) *clientBody {
	if req.Body == nil || req.Body == http.NoBody {
		return &clientBody{src: http.NoBody}
	}
	b := &clientBody{src: req.Body, declared: req.ContentLength}
	if b.declared == 0 {
		b.declared = -1 // a client request says so with 0 and a body
	}
	return b
}

func (b *clientBody) Read(p []byte) (int, error) {
	n, err := b.src.Read(p)
	b.read += int64(n)
	switch {
	case b.declared >= 0 && b.read > b.declared:
		err = fmt.Errorf("emulator: ContentLength is %d, the body is longer", b.declared)
	case errors.Is(err, io.EOF) && b.declared > b.read:
		err = fmt.Errorf("emulator: ContentLength is %d, the body has %d bytes", b.declared, b.read)
	}
	if err != nil && !errors.Is(err, io.EOF) {
		b.err = err
	}
	return n, err
}

func (b *clientBody) Close() error { return b.src.Close() }

// answer collects what a handler writes.
type answer struct {
	header http.Header
	sent   http.Header // header as it was at WriteHeader
	status int
	body   bytes.Buffer

	flushed bool // a handler that hangs up from now on has begun to answer
}

// run serves r; aborted when the handler hung up instead of answering.
func (w *answer) run(h http.Handler, r *http.Request) (aborted bool) {
	defer func() {
		if p := recover(); p != nil {
			if p != http.ErrAbortHandler { //nolint:errorlint // the very value, as net/http compares it
				panic(p)
			}
			aborted = true
		}
	}()
	h.ServeHTTP(w, r)
	return false
}

func (w *answer) Header() http.Header { return w.header }

func (w *answer) WriteHeader(status int) {
	if w.status == 0 {
		w.status, w.sent = status, w.header.Clone()
	}
}

func (w *answer) Write(p []byte) (int, error) {
	w.WriteHeader(http.StatusOK)
	return w.body.Write(p)
}

// Flush implements http.Flusher.
func (w *answer) Flush() {
	w.WriteHeader(http.StatusOK)
	w.flushed = true
}

// cutShort makes a response end before it has what its header promises.
func (w *answer) cutShort(res *http.Response) {
	res.ContentLength = -1
	if n, err := strconv.ParseInt(w.sent.Get("Content-Length"), 10, 64); err == nil {
		res.ContentLength = n
	}
	res.Body = io.NopCloser(io.MultiReader(&w.body, brokenOff{}))
}

// brokenOff is what a client reads from a connection that broke.
type brokenOff struct{}

// Read implements io.Reader.
func (brokenOff) Read([]byte) (int, error) { return 0, io.ErrUnexpectedEOF }

func (w *answer) response(req *http.Request) *http.Response {
	w.WriteHeader(http.StatusOK) // a handler that wrote nothing
	if req.Method == http.MethodHead {
		w.body.Reset()
	}
	return &http.Response{
		Status: fmt.Sprintf("%d %s", w.status, http.StatusText(w.status)), StatusCode: w.status,
		Proto: "HTTP/1.1", ProtoMajor: 1, ProtoMinor: 1,
		Header: w.sent, Body: io.NopCloser(&w.body), ContentLength: int64(w.body.Len()), Request: req,
	}
}
