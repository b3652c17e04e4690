package emulator

import (
	"bufio"
	"io"
	"net"
	"net/http"
	"time"

	"github.com/albumwright/albumwright/emulator/internal/gallery"
)

// watched is an answer on its way, whose bytes are counted for the log. So are
// those of its request.
type watched struct {
	http.ResponseWriter
	began time.Time // on the clock of the machine, by which answers are slow or not
	body  countedBody
	line  *line
	ended bool // the answer was written to its end
}

// watch begins a line of the log. The caller reads and answers with what it
// returns, sets ended at the end, and defers note. The request is a copy: net/http
// looks at the body of its own to see whether a client waits for a "100 Continue".
func (s *Server) watch(w http.ResponseWriter, r *http.Request, l *line) (*watched, *http.Request) {
	l.came, l.method = s.now(), shownMethod(r.Method)
	answer := &watched{ResponseWriter: w, began: time.Now(), line: l}
	if r.Body != nil && r.Body != http.NoBody {
		r = r.WithContext(r.Context())
		answer.body.ReadCloser = r.Body
		r.Body = &answer.body
	}
	return answer, r
}

// note ends a line of the log, also of a request whose connection is cut.
func (s *Server) note(w *watched) {
	l := w.line
	l.took, l.in, l.cut = time.Since(w.began), w.body.read, !w.ended
	s.log.add(*l)
	s.serviceChanged()
}

// serviceChanged tells open pages of the gallery. s.mu may be held.
func (s *Server) serviceChanged() { s.gallery.Changed(gallery.ServiceChanged) }

// WriteHeader implements http.ResponseWriter.
func (w *watched) WriteHeader(status int) {
	if w.line.status == 0 {
		w.line.status = status
	}
	w.ResponseWriter.WriteHeader(status)
}

// Write implements http.ResponseWriter.
func (w *watched) Write(p []byte) (int, error) {
	w.begin()
	n, err := w.ResponseWriter.Write(p)
	w.line.out += int64(n)
	return n, err
}

// ReadFrom implements io.ReaderFrom: a file goes to a socket without a detour.
func (w *watched) ReadFrom(r io.Reader) (int64, error) {
	w.begin()
	n, err := io.Copy(w.ResponseWriter, r)
	w.line.out += n
	return n, err
}

func (w *watched) begin() {
	if w.line.status == 0 {
		w.line.status = http.StatusOK
	}
}

// Unwrap is for http.ResponseController.
func (w *watched) Unwrap() http.ResponseWriter { return w.ResponseWriter }

// Hijack implements http.Hijacker, where what is below does.
func (w *watched) Hijack() (net.Conn, *bufio.ReadWriter, error) {
	return http.NewResponseController(w.ResponseWriter).Hijack()
}

// countedBody is a request's body with the number of bytes that were read of it.
type countedBody struct {
	io.ReadCloser
	read int64
}

// Read implements io.Reader.
func (b *countedBody) Read(p []byte) (int, error) {
	n, err := b.ReadCloser.Read(p)
	b.read += int64(n)
	return n, err
}
