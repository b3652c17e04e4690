package tape

import (
	"errors"
	"io"
	"net/http"
	"sync"
)

// Transport records what a client sends through base and what it gets back. Put it below whatever paces or repeats, so that every attempt is
// seen. An exchange is written when both its bodies are closed. Redirects are as many exchanges as they are requests.
func (r *Recorder) Transport(base http.RoundTripper) http.RoundTripper {
	if r == nil {
		return base
	}
	return &transport{r, base}
}

type transport struct {
	rec  *Recorder
	base http.RoundTripper
}

// RoundTrip carries the request out, as base does, and watches.
func (t *transport) RoundTrip(req *http.Request) (*http.Response, error) {
	x := t.rec.begin()
	x.open = 1
	sent := x.watchRequest(req)
	resp, err := t.base.RoundTrip(sent)
	if err != nil {
		x.finish(req, nil, nil, err)
		x.done()
		return nil, err
	}
	got := watch(resp.Header.Get("Content-Type"), resp.ContentLength)
	if resp.ContentLength == 0 || req.Method == http.MethodHead {
		got.end()
	}
	x.finish(req, resp, got, nil)
	resp.Body = &watchedBody{resp.Body, got, sync.OnceFunc(x.done)}
	return resp, nil
}

// watchRequest gives the request to send: the same one, with a body that is seen.
func (x *exchange) watchRequest(req *http.Request) *http.Request {
	if req.Body == nil || req.Body == http.NoBody {
		return req
	}
	stated := req.ContentLength
	if stated == 0 {
		stated = -1 // how a client says that it does not know
	}
	look := func(body io.ReadCloser) io.ReadCloser {
		seen := watch(req.Header.Get("Content-Type"), stated)
		x.mu.Lock()
		defer x.mu.Unlock()
		x.asked = seen
		x.open++
		return &watchedBody{body, seen, sync.OnceFunc(x.done)}
	}
	sent := new(http.Request)
	*sent = *req
	sent.Body = look(req.Body)
	if req.GetBody != nil {
		sent.GetBody = func() (io.ReadCloser, error) { // the connection was a stale one: it is sent once more
			body, err := req.GetBody()
			if err != nil {
				return nil, err
			}
			return look(body), nil
		}
	}
	return sent
}

// finish says how the line is to be made once everything has been seen.
func (x *exchange) finish(req *http.Request, resp *http.Response, got *seen, failed error) {
	x.mu.Lock()
	defer x.mu.Unlock()
	x.line = func(s *scrub) Exchange {
		e := Exchange{Request: s.requestOf(req, x.asked)}
		if resp == nil {
			e.Error = s.trouble(failed, errors.New("no answer"))
			return e
		}
		e.Answer = s.answerOf(e.Request.Path, resp.StatusCode, resp.Header, got)
		e.Error = s.trouble(got.trouble())
		return e
	}
}
