package emulator_test

import (
	"context"
	"errors"
	"io"
	"net/http"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/albumwright/albumwright/emulator"
)

// A request that ends while its body waits for its writer returns at once and
// closes the body, as net/http does.
func TestTheTransportEndsWithItsContext(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := direct(t, emulator.Config{})
		ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
		defer cancel()
		body, feed := io.Pipe()
		_, err := c.http.Do(c.uploadRequest(body).WithContext(ctx))
		if !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("error %v, want %v", err, context.DeadlineExceeded)
		}
		if _, err := feed.Write([]byte("late")); !errors.Is(err, io.ErrClosedPipe) {
			t.Errorf("the body was left open: %v", err)
		}
		if _, err := c.http.Do(c.uploadRequest(strings.NewReader("x")).WithContext(ctx)); !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("a context that had ended gives %v", err)
		}
		if n := c.s.Calls()["uploads"]; n != 1 {
			t.Errorf("%d uploads arrived, want 1: an ended context changes nothing", n)
		}
	})
}

// The client's side of HTTP checks that a body is as long as it said.
func TestABodyOfAnotherLengthIsAnError(t *testing.T) {
	bothWays(t, emulator.Config{}, func(t *testing.T, c *client) {
		for _, length := range []int64{3, 30} {
			r := c.uploadRequest(io.NopCloser(strings.NewReader("four")))
			r.ContentLength = length
			if res, err := c.http.Do(r); err == nil {
				res.Body.Close()
				t.Errorf("a body of 4 bytes with Content-Length %d was sent", length)
			}
		}
	})
}

// What the handler sees of a request is what came over a socket.
func TestTheTransportSendsWhatASocketWould(t *testing.T) {
	c := direct(t, emulator.Config{AccessToken: "a b"})
	r := c.request(http.MethodGet, "/v1/albums?access_token=a%20b", nil)
	r.Header.Del("Authorization")
	r.Method = "" // means GET
	a := c.do(r)
	a.wantStatus(t, http.StatusOK)
	if a.header.Get("Content-Type") != "application/json; charset=UTF-8" {
		t.Errorf("headers %v", a.header)
	}
	if r.URL.Host == "" || r.RequestURI != "" {
		t.Error("the client's request was changed")
	}
}
