package emulator

import (
	"errors"
	"io"
	"net/http"
	"time"
)

// patient serves with a limit to the time in which a body brings nothing, however
// long it takes as a whole: otherwise those that never come would hold their
// connections for ever.
func patient(h http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.ContentLength != 0 {
			body := &patientBody{r.Body, http.NewResponseController(w)}
			body.wait(bodyTimeout)         // also where nobody reads it, and the server looks for its end
			r = r.WithContext(r.Context()) // the server looks at its own to see whether "100 Continue" was said
			r.Body = body
		}
		h.ServeHTTP(w, r)
	})
}

type patientBody struct {
	io.ReadCloser
	control *http.ResponseController
}

// Read implements io.Reader.
func (b *patientBody) Read(p []byte) (int, error) {
	b.wait(bodyTimeout)
	n, err := b.ReadCloser.Read(p)
	if errors.Is(err, io.EOF) {
		b.wait(0) // a client may wait for its answer as long as it takes
	}
	return n, err
}

// wait lets the connection bring nothing for so long; 0 is for ever.
func (b *patientBody) wait(limit time.Duration) {
	var until time.Time
	if limit > 0 {
		until = time.Now().Add(limit)
	}
	_ = b.control.SetReadDeadline(until) // a connection that is gone cannot have one
}
