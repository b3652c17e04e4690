package ratelimit

import (
	"context"
	"io"
	"net/http"
	"strings"
	"sync"
)

// Transport puts the limiter in front of base. Of one limiter there may be several: they share all limits.
func (l *Limiter) Transport(base http.RoundTripper) http.RoundTripper {
	return &transport{limiter: l, base: base}
}

type transport struct {
	limiter *Limiter
	base    http.RoundTripper
}

// RoundTrip carries one request out when its turn has come. A write keeps its turn until its answer has been read or dropped.
func (t *transport) RoundTrip(req *http.Request) (*http.Response, error) {
	if isWrite(req) {
		return t.oneAtATime(req)
	}
	if err := t.limiter.wait(req.Context(), t.limiter.requests); err != nil {
		closeBody(req)
		return nil, err
	}
	if isUpload(req) {
		req = t.limiter.bytes.slow(req)
	}
	return t.base.RoundTrip(req)
}

func (t *transport) oneAtATime(req *http.Request) (*http.Response, error) {
	if err := t.limiter.turn(req.Context()); err != nil {
		closeBody(req)
		return nil, err
	}
	resp, err := t.base.RoundTrip(req)
	if err != nil {
		<-t.limiter.write
		return nil, err
	}
	resp.Body = &turnBody{ReadCloser: resp.Body, end: sync.OnceFunc(func() { <-t.limiter.write })}
	return resp, nil
}

// turn waits until no other write is under way and the paces allow one more.
func (l *Limiter) turn(ctx context.Context) error {
	select {
	case l.write <- struct{}{}:
	case <-ctx.Done():
		return context.Cause(ctx)
	}
	err := l.wait(ctx, l.writes) // asks ctx first: select picks at random when both are ready
	if err == nil {
		err = l.wait(ctx, l.requests)
	}
	if err != nil {
		<-l.write
		return err
	}
	return nil
}

// isWrite tells the calls that count as writes: everything that changes albums or media items. A search is a POST that reads, and the
// upload of bytes has a quota of its own.
func isWrite(req *http.Request) bool {
	switch req.Method {
	case "", http.MethodGet, http.MethodHead, http.MethodOptions: // "" is GET
		return false
	}
	return !isUpload(req) && !strings.HasSuffix(req.URL.Path, ":search")
}

// isUpload tells the requests that carry a file's bytes, or are about them. The address of a resumable session is the service's to choose; its
// requests have a command in their header (contract 3.2).
func isUpload(req *http.Request) bool {
	return strings.HasSuffix(req.URL.Path, "/v1/uploads") || req.Header.Get("X-Goog-Upload-Command") != ""
}

// closeBody gives the request's body back, as every RoundTripper must.
func closeBody(req *http.Request) {
	if req.Body != nil {
		_ = req.Body.Close()
	}
}

// turnBody ends the write's turn when the answer's body is closed.
type turnBody struct {
	io.ReadCloser
	end func()
}

// Close ends the turn.
func (b *turnBody) Close() error {
	defer b.end()
	return b.ReadCloser.Close()
}
