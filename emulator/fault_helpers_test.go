package emulator_test

import (
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"strings"
	"testing"

	"github.com/albumwright/albumwright/emulator"
)

// plan plans faults; a fault that the test does not meet fails it.
func (c *client) plan(faults ...emulator.Fault) {
	c.t.Helper()
	if err := c.s.Plan(faults...); err != nil {
		c.t.Fatal(err)
	}
	c.t.Cleanup(func() {
		for _, f := range c.s.Unmet() {
			c.t.Errorf("never met: %+v", f)
		}
	})
}

// try sends a request that may come to nothing. An error while the body of the
// answer is read comes with what was read.
func (c *client) try(r *http.Request) (answer, error) {
	res, err := c.http.Do(r)
	if err != nil {
		return answer{}, err
	}
	defer res.Body.Close()
	body, err := io.ReadAll(res.Body)
	return answer{res.StatusCode, res.Header, body}, err
}

// albumRequest makes an album.
func (c *client) albumRequest(title string) *http.Request {
	r := c.request(http.MethodPost, "/v1/albums", strings.NewReader(`{"album":{"title":"`+title+`"}}`))
	r.Header.Set("Content-Type", "application/json")
	return r
}

// batchRequest makes media items.
func (c *client) batchRequest(body any) *http.Request {
	c.t.Helper()
	raw, err := json.Marshal(body)
	if err != nil {
		c.t.Fatal(err)
	}
	r := c.request(http.MethodPost, "/v1/mediaItems:batchCreate", strings.NewReader(string(raw)))
	r.Header.Set("Content-Type", "application/json")
	return r
}

// send is one request of an operation with something of its own in it, and what
// it leaves behind when it is carried out.
type send struct {
	operation string
	request   func() *http.Request
	applied   func() int // how often it was carried out; nil: it leaves nothing
}

// sends is a request of each kind: bare errors, a write, the write that has
// faults of its own, and a read.
func (c *client) sends() []send {
	c.t.Helper()
	token := c.upload(photo(1))
	return []send{
		{
			"uploads",
			func() *http.Request { return c.uploadRequest(strings.NewReader(string(photo(2)))) },
			nil,
		},
		{
			"albums.create",
			func() *http.Request { return c.albumRequest("Lake") },
			func() int { return len(c.s.Albums()) },
		},
		{
			"mediaItems.batchCreate",
			func() *http.Request { return c.batchRequest(batch("", nil, token)) },
			func() int { return len(c.s.MediaItems()) },
		},
		{
			"albums.list",
			func() *http.Request { return c.request(http.MethodGet, "/v1/albums", nil) },
			nil,
		},
	}
}

// wantApplied checks what a request left behind.
func (s send) wantApplied(t *testing.T, want int) {
	t.Helper()
	if s.applied == nil {
		return
	}
	if n := s.applied(); n != want {
		t.Errorf("%s was carried out %d times, want %d", s.operation, n, want)
	}
}

// wantBroken checks what a client sees of a connection that broke. Over a
// socket, one that has not read all that was sent may say so in several ways.
func (c *client) wantBroken(r *http.Request, err error) {
	c.t.Helper()
	_, viaSocket := c.http.Transport.(*http.Transport)
	switch {
	case err == nil:
		c.t.Errorf("%s: no error", r.URL.Path)
	case !(viaSocket && r.Method == http.MethodPost) && !errors.Is(err, io.ErrUnexpectedEOF):
		c.t.Errorf("%s: error %v, want %v", r.URL.Path, err, io.ErrUnexpectedEOF)
	}
}

// wantClean checks that nobody broke a rule.
func (c *client) wantClean() {
	c.t.Helper()
	if v := c.s.Violations(); len(v) != 0 {
		c.t.Errorf("violations: %+v", v)
	}
}
