package tape

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"hash"
	"io"
	"mime"
	"net/http"
	"strings"
	"sync"
)

// maxText is how much of a JSON body, a form or a text is held and recorded. The largest real one is a page of 100 items, or a batch of 50 with the
// longest texts: below a megabyte. What is longer is recorded as media are.
const maxText = 1 << 20

// seen is what has passed of a body: its hash and, if it can be told in words, its text. The memory that it takes is bounded.
type seen struct {
	kind   string // its media type, "" if it is not known
	stated int64  // its length as it was said, -1 if it was not

	mu    sync.Mutex // guards everything below
	n     int64
	sum   hash.Hash
	text  []byte
	ended bool
	err   error
}

func watch(contentType string, stated int64) *seen {
	kind, _, err := mime.ParseMediaType(contentType)
	if err != nil {
		kind = ""
	}
	return &seen{kind: kind, stated: stated, sum: sha256.New()}
}

func (b *seen) isText() bool {
	return isJSON(b.kind) || b.kind == "application/x-www-form-urlencoded" || b.kind == "text/plain"
}

func isJSON(kind string) bool { return kind == "application/json" || strings.HasSuffix(kind, "+json") }

// pass takes note of bytes that pass, and of the end.
func (b *seen) pass(p []byte, err error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.n += int64(len(p))
	b.sum.Write(p)
	if b.isText() && len(b.text) <= maxText {
		b.text = append(b.text, p[:min(len(p), maxText+1-len(b.text))]...)
	}
	switch {
	case errors.Is(err, io.EOF), b.stated >= 0 && b.n == b.stated:
		b.ended = true
	case err != nil && b.err == nil:
		b.err = err
	}
}

// end says that nothing more comes, and that this is all.
func (b *seen) end() { b.pass(nil, io.EOF) }

func (b *seen) trouble() error {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.err
}

// body is what is recorded of it; nil: there is none. Of an upload's bytes nothing is ever told.
func (s *scrub) body(b *seen, isMedia bool) *Body {
	if b == nil {
		return nil
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.n == 0 && (b.ended || b.stated <= 0) {
		return nil
	}
	out := &Body{Bytes: b.n, Cut: !b.ended}
	if b.ended && !isMedia && b.isText() && len(b.text) <= maxText && s.told(b, out) {
		return out
	}
	out.SHA256 = hex.EncodeToString(b.sum.Sum(nil))
	return out
}

func (s *scrub) told(b *seen, out *Body) (ok bool) {
	switch {
	case isJSON(b.kind):
		out.JSON, ok = s.json(b.text)
	case b.kind == "text/plain":
		out.Text, ok = s.text(string(b.text)), true
	default:
		if out.JSON, ok = s.json(b.text); !ok { // curl says that it is a form
			out.Form, ok = s.form(b.text)
		}
	}
	return ok
}

// uploadToken is the answer to an upload that ended well: the token and nothing else (contract 3.1).
func (s *scrub) uploadToken(b *seen) *Body {
	token := strings.TrimSpace(string(b.text))
	if b.kind != "text/plain" || !b.ended || token == "" || len(b.text) > maxText || strings.ContainsAny(token, " \n<>{}\"") {
		return nil
	}
	return &Body{Bytes: b.n, Text: s.secret(kindUpload, token)}
}

// watchedBody is a body that is seen while it is read.
type watchedBody struct {
	io.ReadCloser
	seen   *seen
	closed func()
}

// Read reads on, and takes note.
func (b *watchedBody) Read(p []byte) (int, error) {
	n, err := b.ReadCloser.Read(p)
	b.seen.pass(p[:n], err)
	return n, err
}

// Close ends it.
func (b *watchedBody) Close() error {
	defer b.closed()
	return b.ReadCloser.Close()
}

// requestOf is a request with its secrets left out.
func (s *scrub) requestOf(r *http.Request, body *seen) Request {
	path, query, _ := s.path(r.URL)
	method := r.Method
	if method == "" {
		method = http.MethodGet
	}
	return Request{
		Method: method, Path: path, Query: query, Header: s.header(r.Header, requestHeaders), Body: s.body(body, isUpload(path)),
	}
}

func isUpload(path string) bool {
	return path == "/v1/uploads" || strings.HasPrefix(path, "/"+kindSession+"-")
}

// answerOf is an answer with its secrets left out.
func (s *scrub) answerOf(path string, status int, h http.Header, body *seen) *Answer {
	a := &Answer{Status: status, Header: s.header(h, answerHeaders)}
	if status/100 == 2 && isUpload(path) {
		a.Body = s.uploadToken(body)
	}
	if a.Body == nil {
		a.Body = s.body(body, false)
	}
	return a
}
