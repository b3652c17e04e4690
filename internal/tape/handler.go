package tape

import (
	"bufio"
	"errors"
	"net"
	"net/http"
	"net/url"
	"strconv"
	"sync"
)

// Handler records what next is asked and what it answers, where it is asked for something of the API: what else a server shows passes
// unrecorded. Connections that next takes over or breaks are recorded as broken.
func (r *Recorder) Handler(next http.Handler) http.Handler {
	if r == nil {
		return next
	}
	return http.HandlerFunc(func(w http.ResponseWriter, req *http.Request) {
		if !isAPI(req) {
			next.ServeHTTP(w, req)
			return
		}
		r.serve(w, req, next)
	})
}

func (r *Recorder) serve(w http.ResponseWriter, req *http.Request, next http.Handler) {
	x := r.begin()
	x.open = 1
	seen := *req // next may change its URL and header
	seen.URL, seen.Header = cloneURL(req), req.Header.Clone()
	if req.Body != nil && req.Body != http.NoBody {
		x.asked = watch(req.Header.Get("Content-Type"), req.ContentLength)
		req = req.WithContext(req.Context())
		req.Body = &watchedBody{req.Body, x.asked, func() {}}
	}
	watched := &watchedWriter{ResponseWriter: w}
	whole := false
	defer func() {
		x.line = func(s *scrub) Exchange { return watched.exchange(s, &seen, x.asked, whole) }
		x.done()
	}()
	next.ServeHTTP(watched, req)
	whole = true
}

// watchedWriter sees an answer while it is written.
type watchedWriter struct {
	http.ResponseWriter
	once   sync.Once
	status int
	header http.Header
	body   *seen
	taken  bool // the connection was taken over
}

// exchange is what is recorded. whole is false if the handler gave up.
func (w *watchedWriter) exchange(s *scrub, req *http.Request, asked *seen, whole bool) Exchange {
	if whole && !w.taken {
		w.begin(http.StatusOK)
	}
	e := Exchange{Request: s.requestOf(req, asked)}
	broken := errors.New("the server broke the connection")
	if w.body == nil {
		e.Error = s.trouble(broken)
		return e
	}
	if whole && (w.body.stated < 0 || req.Method == http.MethodHead) {
		w.body.end()
	}
	e.Answer = s.answerOf(e.Request.Path, w.status, w.header, w.body)
	if !whole {
		e.Error = s.trouble(broken)
	}
	return e
}

func (w *watchedWriter) begin(status int) {
	w.once.Do(func() {
		w.status, w.header = status, w.ResponseWriter.Header().Clone()
		stated, err := strconv.ParseInt(w.header.Get("Content-Length"), 10, 64)
		if err != nil {
			stated = -1
		}
		w.body = watch(w.header.Get("Content-Type"), stated)
	})
}

// WriteHeader begins the answer.
func (w *watchedWriter) WriteHeader(status int) {
	if status >= http.StatusOK {
		w.begin(status)
	}
	w.ResponseWriter.WriteHeader(status)
}

// Write goes on with it.
func (w *watchedWriter) Write(p []byte) (int, error) {
	w.begin(http.StatusOK)
	n, err := w.ResponseWriter.Write(p)
	w.body.pass(p[:n], err)
	return n, err
}

// FlushError sends what was written so far.
func (w *watchedWriter) FlushError() error {
	w.begin(http.StatusOK)
	return http.NewResponseController(w.ResponseWriter).Flush()
}

// Hijack takes the connection over.
func (w *watchedWriter) Hijack() (net.Conn, *bufio.ReadWriter, error) {
	conn, buf, err := http.NewResponseController(w.ResponseWriter).Hijack()
	w.taken = w.taken || err == nil
	return conn, buf, err
}

// Unwrap is for what else a writer can do.
func (w *watchedWriter) Unwrap() http.ResponseWriter { return w.ResponseWriter }

func cloneURL(req *http.Request) *url.URL {
	u := *req.URL
	return &u
}
