package emulator

import (
	"crypto/sha256"
	"encoding/hex"
	"io"
	"net/http"
	"net/url"
	"strings"

	"github.com/albumwright/albumwright/emulator/internal/inspect"
)

// lookAtUpload is look for the requests of uploads. Those that belong to a
// session are about what its start named.
func (s *Server) lookAtUpload(op operation, c *call) (seen subject, err *apiError) {
	name := c.r.Header.Get("X-Goog-Upload-File-Name")
	id := c.r.URL.Query().Get("upload_id")
	s.mu.Lock()
	sess := s.sessions[id]
	s.mu.Unlock()
	if sess != nil {
		name = sess.FileName
		seen.names = append(seen.names, id)
	}
	seen.names = append(seen.names, name)
	if plain, err := url.PathUnescape(name); err == nil { // non-ASCII names come so, contract 3.1
		seen.names = append(seen.names, plain)
	}
	if !s.asksForBody(op, seen.names) {
		return seen, nil
	}
	if sess != nil {
		c.take(sess) // the bytes are its own from the first one on
	}
	sum, err := s.spool(op, c)
	if err != nil {
		return seen, err
	}
	seen.said = c.said(sess, sum)
	if c.spooled.size > 0 {
		seen.sum = sum
	}
	return seen, nil
}

// said is what a request of an upload says, for chaos: the same in every run,
// whatever the session's address is. A raw upload says its bytes. A start
// cannot, so it says what it announces. A request to a session says what its
// start announced, the bytes it brings and where they go, and what was received
// before.
func (c *call) said(sess *session, body string) string {
	h := c.r.Header
	if sess == nil {
		if h.Get("X-Goog-Upload-Command") == "" {
			return body
		}
		return strings.Join([]string{
			h.Get("X-Goog-Upload-File-Name"), h.Get("X-Goog-Upload-Content-Type"), h.Get("X-Goog-Upload-Raw-Size"), body,
		}, "\x00")
	}
	before := ""
	if c.turnOf == sess {
		before = sess.content()
	}
	return strings.Join([]string{sess.announced(), h.Get("X-Goog-Upload-Offset"), body, before}, "\x00")
}

// spool takes the body of an upload whole, to know it before it is carried out.
// Of one that breaks off there is as much as came, and then the break again.
func (s *Server) spool(op operation, c *call) (sum string, refused *apiError) {
	hash := sha256.New()
	limited := &io.LimitedReader{R: clientReader{c.r.Body}, N: inspect.MaxVideoBytes + 1}
	b, err := s.store.receive(io.TeeReader(limited, hash))
	c.spooled = b
	if err != nil && !isBroken(err) {
		return "", errInternal(err)
	}
	if err != nil && !op.keeps {
		panic(http.ErrAbortHandler) // nothing has happened
	}
	body, openErr := b.open()
	if openErr != nil {
		return "", errInternal(openErr)
	}
	c.replaceBody(body)
	if err != nil {
		c.breakBody(b.size, err)
	}
	return hex.EncodeToString(hash.Sum(nil)), nil
}

// breakBody makes the body of a request break off after so many bytes.
func (c *call) breakBody(after int64, err error) {
	cut := io.MultiReader(io.LimitReader(c.r.Body, after), failing{err})
	c.replaceBody(struct {
		io.Reader
		io.Closer
	}{cut, c.r.Body})
}

// failing is a reader with nothing but an error.
type failing struct{ err error }

// Read implements io.Reader.
func (f failing) Read([]byte) (int, error) { return 0, f.err }

// release closes and forgets what was spooled, and gives back the turn.
func (s *Server) release(c *call) {
	if c.spooled != nil {
		_ = c.r.Body.Close()
		s.store.drop(c.spooled)
	}
	if c.turnOf != nil {
		s.leave(c.turnOf)
	}
}
