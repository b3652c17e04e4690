package tape

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"regexp"
	"strconv"
	"strings"
)

// played is an answer as it goes out.
type played struct {
	status int
	header http.Header
	body   []byte
	broken bool // the connection breaks after it, or instead of it
}

// ServeHTTP answers as was recorded. What is not in the recording is answered with 404 and a text that says so.
func (p *Player) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	a := p.answer(r, "http://"+r.Host)
	if a.status == 0 {
		hangUp(w)
	}
	for name, values := range a.header {
		w.Header()[name] = values
	}
	if a.broken {
		w.Header().Set("Content-Length", strconv.Itoa(len(a.body)+1)) // one that never comes
	}
	w.WriteHeader(a.status)
	_, _ = w.Write(a.body)
	if a.broken {
		_ = http.NewResponseController(w).Flush()
		panic(http.ErrAbortHandler)
	}
}

// hangUp breaks the connection; it does not return. A first line comes before: where a connection just closes, Go's own client sends a GET once
// more before anyone hears of it.
func hangUp(w http.ResponseWriter) {
	if conn, _, err := http.NewResponseController(w).Hijack(); err == nil {
		_, _ = io.WriteString(conn, "HTTP/1.1 200 OK\r\n")
		_ = conn.Close()
	}
	panic(http.ErrAbortHandler)
}

// Transport answers without a socket; use any host name. It starts no goroutine.
func (p *Player) Transport() http.RoundTripper { return playing{p} }

type playing struct{ p *Player }

// RoundTrip reads the request and answers it.
func (t playing) RoundTrip(req *http.Request) (*http.Response, error) {
	if err := req.Context().Err(); err != nil {
		return nil, errors.Join(err, closeBody(req))
	}
	a := t.p.answer(req, req.URL.Scheme+"://"+req.URL.Host)
	if err := closeBody(req); err != nil {
		return nil, err
	}
	if a.status == 0 {
		return nil, io.ErrUnexpectedEOF
	}
	res := &http.Response{
		Status: fmt.Sprintf("%d %s", a.status, http.StatusText(a.status)), StatusCode: a.status, Proto: "HTTP/1.1", ProtoMajor: 1, ProtoMinor: 1,
		Header: a.header, Body: io.NopCloser(bytes.NewReader(a.body)), ContentLength: int64(len(a.body)), Request: req,
	}
	if a.broken {
		res.ContentLength++
		res.Body = io.NopCloser(io.MultiReader(bytes.NewReader(a.body), brokenOff{}))
	}
	return res, nil
}

func closeBody(req *http.Request) error {
	if req.Body == nil {
		return nil
	}
	return req.Body.Close()
}

// brokenOff is what is read from a connection that broke.
type brokenOff struct{}

// Read gives the error.
func (brokenOff) Read([]byte) (int, error) { return 0, io.ErrUnexpectedEOF }

// answer reads a request to its end and finds what was answered to it.
func (p *Player) answer(r *http.Request, origin string) played {
	var asked *seen
	if r.Body != nil && r.Body != http.NoBody {
		asked = watch(r.Header.Get("Content-Type"), -1)
		if _, err := io.Copy(io.Discard, &watchedBody{r.Body, asked, func() {}}); err != nil {
			return played{} // the client broke off
		}
	}
	req := p.scrub.requestOf(r, asked)
	e, err := p.take(req)
	switch {
	case err != nil:
		return textAnswer(http.StatusInternalServerError, err.Error())
	case e == nil:
		return textAnswer(http.StatusNotFound, "not in the recording: "+describe(req))
	case e.Answer == nil:
		return played{}
	}
	return played{e.Answer.Status, headerFor(e.Answer, origin), bodyFor(e.Answer, origin), e.Error != ""}
}

func textAnswer(status int, text string) played {
	return played{status: status, header: http.Header{"Content-Type": {"text/plain; charset=utf-8"}}, body: []byte(text + "\n")}
}

// addressPlaceholder is one that stands for an address, as the only thing in a text.
var addressPlaceholder = regexp.MustCompile(`"((?:` + kindSession + `|` + kindBaseURL + `|` + kindShareURL + `)-[0-9]+)"`)

// headerFor makes addresses of what stands for them. Length and date are those of the answer that is made now.
func headerFor(a *Answer, origin string) http.Header {
	h := http.Header{}
	for name, value := range a.Header {
		switch name {
		case "Content-Length", "Date":
			continue
		case "X-Goog-Upload-Url", "X-Goog-Upload-Control-Url":
			value = origin + "/" + value
		}
		h.Set(name, value)
	}
	return h
}

// bodyFor is the body as it was, or one that is as long.
func bodyFor(a *Answer, origin string) []byte {
	switch b := a.Body; {
	case b == nil || b.Cut:
		return nil
	case b.JSON != nil:
		return addressPlaceholder.ReplaceAllFunc(b.JSON, func(p []byte) []byte {
			at, _ := json.Marshal(origin + "/" + string(p[1:len(p)-1]))
			return at
		})
	case b.SHA256 == "":
		return []byte(b.Text)
	default:
		return filler(a.Header["Content-Type"], b.Bytes)
	}
}

// maxFiller bounds what stands for a body that was not recorded.
const maxFiller = 1 << 20

func filler(kind string, n int64) []byte {
	begin := ""
	if strings.HasPrefix(kind, "text/html") {
		begin = "<!DOCTYPE html><html>"
	}
	n = min(max(n, int64(len(begin))), maxFiller)
	return append([]byte(begin), bytes.Repeat([]byte{' '}, int(n)-len(begin))...)
}
