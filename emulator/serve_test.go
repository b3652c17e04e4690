package emulator_test

import (
	"context"
	"errors"
	"net"
	"net/http"
	"testing"

	"github.com/albumwright/albumwright/emulator"
)

// A web page must not reach the server under a name of its own (DNS
// rebinding): the Host header has to be a loopback name or the address that
// was reached.
func TestOnlyTheServersOwnHostNamesAreAnswered(t *testing.T) {
	c := socket(t, emulator.Config{})
	tests := []struct {
		host string
		want int
	}{
		{"localhost", 200}, {"localhost:1234", 200}, {"LOCALHOST", 200}, {"127.0.0.1", 200}, {"127.9.8.7:80", 200},
		{"[::1]", 200}, {"[::1]:80", 200}, {"[::ffff:127.0.0.1]:80", 200},
		{"evil.example", 403}, {"evil.example:8080", 403}, {"localhost.evil.example", 403}, {"192.168.1.7", 403},
		{"127.0.0.1.nip.io", 403}, {"[fe80::1]", 403},
	}
	for _, tt := range tests {
		for _, path := range []string{"/", "/v1/albums"} {
			r := c.request(http.MethodGet, path, nil)
			r.Host = tt.host
			if a := c.do(r); a.status != tt.want {
				t.Errorf("host %s, %s: status %d, want %d", tt.host, path, a.status, tt.want)
			}
		}
	}
	if n := c.s.Calls()["albums.list"]; n != 8 {
		t.Errorf("%d requests got through, want 8", n)
	}
}

// Without a socket there is no browser, and any host name does.
func TestTheTransportTakesAnyHostName(t *testing.T) {
	c := direct(t, emulator.Config{})
	c.base = "https://photoslibrary.googleapis.com"
	c.get("/v1/albums").wantStatus(t, http.StatusOK)
}

// Serve ends without an error when its context does, and with the listener's
// error when that breaks. The server itself goes on.
func TestServeEndsWithItsContext(t *testing.T) {
	s := newServer(t, emulator.Config{})
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	ended := make(chan error)
	go func() { ended <- s.Serve(ctx, ln) }()
	cancel()
	if err := <-ended; err != nil {
		t.Errorf("serve ended with %v", err)
	}
	if _, err := ln.Accept(); !errors.Is(err, net.ErrClosed) {
		t.Errorf("the listener was left open: %v", err)
	}
	if err := s.Serve(t.Context(), ln); err == nil {
		t.Error("serving a closed listener is no error")
	}
	c := &client{t: t, s: s, http: &http.Client{Transport: s.Transport()}, base: "http://emulator.test"}
	c.get("/v1/albums").wantStatus(t, http.StatusOK)
}
