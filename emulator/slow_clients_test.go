package emulator_test

import (
	"context"
	"crypto/tls"
	"io"
	"net"
	"net/http"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/albumwright/albumwright/emulator"
)

// pipes is a listener without sockets, so that time can pass in a bubble.
type pipes struct {
	arrive chan net.Conn
	closed chan struct{}
}

func newPipes() *pipes { return &pipes{make(chan net.Conn), make(chan struct{})} }

func (p *pipes) dial() net.Conn {
	ours, theirs := net.Pipe()
	p.arrive <- theirs
	return ours
}

func (p *pipes) Accept() (net.Conn, error) {
	select {
	case conn := <-p.arrive:
		return conn, nil
	case <-p.closed:
		return nil, net.ErrClosed
	}
}

func (p *pipes) Close() error {
	close(p.closed)
	return nil
}

func (p *pipes) Addr() net.Addr { return &net.UnixAddr{Name: "pipes", Net: "unix"} }

// A client that begins something and does not go on loses its connection, on
// each of the doors and at each step.
func TestAClientThatStallsIsHungUpOn(t *testing.T) {
	const hello = "\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03" // of a ClientHello, and no more
	const stalled = "POST /v1/albums HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer ya29.slow\r\n"
	shake := func(t *testing.T, conn net.Conn) net.Conn {
		secure := tls.Client(conn, &tls.Config{ServerName: "photoslibrary.googleapis.com", InsecureSkipVerify: true, NextProtos: []string{"http/1.1"}})
		if err := secure.Handshake(); err != nil {
			t.Fatal(err)
		}
		return secure
	}
	tunnel := func(t *testing.T, conn net.Conn) net.Conn {
		tunnelTo(t, conn, "photoslibrary.googleapis.com:443")
		return conn
	}
	both := func(t *testing.T, conn net.Conn) net.Conn { return shake(t, tunnel(t, conn)) }
	nothing := func(_ *testing.T, conn net.Conn) net.Conn { return conn }
	plain := func(s *emulator.Server) func(context.Context, net.Listener) error { return s.Serve }
	secure := func(s *emulator.Server) func(context.Context, net.Listener) error { return s.ServeTLS }
	proxy := func(s *emulator.Server) func(context.Context, net.Listener) error { return s.ServeProxy }
	for _, tt := range []struct {
		name  string
		door  func(*emulator.Server) func(context.Context, net.Listener) error
		begin func(*testing.T, net.Conn) net.Conn
		first string // at once
		then  string // a byte of it each second
	}{
		{"plain, silent", plain, nothing, "", ""},
		{"plain, a header without end", plain, nothing, "", "GET / HTTP/1.1\r\nHost: localhost\r\nX: " + strings.Repeat("x", 1000)},
		{"TLS, silent", secure, nothing, "", ""},
		{"TLS, a hello without end", secure, nothing, "", hello},
		{"TLS, silent after the handshake", secure, shake, "", ""},
		{"TLS, a header without end", secure, shake, "", "GET / HTTP/1.1\r\nHost: localhost\r\nX: " + strings.Repeat("x", 1000)},
		{"proxy, silent", proxy, nothing, "", ""},
		{"proxy, a CONNECT without end", proxy, nothing, "", "CONNECT photoslibrary.googleapis.com:443 HTTP/1.1\r\nX: " + strings.Repeat("x", 1000)},
		{"proxy, silent in the tunnel", proxy, tunnel, "", ""},
		{"proxy, a hello without end", proxy, tunnel, "", hello},
		{"proxy, silent after the handshake", proxy, both, "", ""},
		{"plain, a body that does not come", plain, nothing, stalled + "Content-Length: 9\r\n\r\n", ""},
		{"plain, a body that nobody reads", plain, nothing, "POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 9\r\n\r\n", ""},
		{"plain, a body in chunks that do not come", plain, nothing, stalled + "Transfer-Encoding: chunked\r\n\r\n", ""},
		{"TLS, a body that does not come", secure, shake, stalled + "Content-Length: 9\r\n\r\n12345", ""},
		{"proxy, a body that does not come", proxy, both, stalled + "Content-Length: 9\r\n\r\n", ""},
		{"proxy, a header without end", proxy, both, "", "GET / HTTP/1.1\r\nHost: localhost\r\nX: " + strings.Repeat("x", 1000)},
	} {
		t.Run(tt.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				ln := newPipes()
				serving(t, tt.door(newServer(t, emulator.Config{AccessToken: "ya29.slow"})), ln)
				conn := ln.dial()
				defer conn.Close()
				end := tt.begin(t, conn)
				begun := time.Now()
				var sending sync.WaitGroup
				sending.Go(func() {
					if _, err := io.WriteString(end, tt.first); err == nil {
						trickle(end, tt.then)
					}
				})
				_, _ = io.Copy(io.Discard, end)
				if took := time.Since(begun); took > 5*time.Minute {
					t.Errorf("it took %v", took)
				}
				_ = conn.Close()
				sending.Wait()
			})
		})
	}
}

// A body may be slow: what counts is that something comes.
func TestASlowBodyIsWaitedFor(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newServer(t, emulator.Config{})
		ln := newPipes()
		serving(t, s.Serve, ln)
		conn := ln.dial()
		defer conn.Close()
		_, err := io.WriteString(conn, "POST /v1/uploads HTTP/1.1\r\nHost: localhost\r\nContent-Length: 20\r\nX-Goog-Upload-Protocol: raw\r\nAuthorization: Bearer "+s.AccessToken()+"\r\n\r\n")
		if err != nil {
			t.Fatal(err)
		}
		for range 20 {
			time.Sleep(time.Minute)
			if _, err := io.WriteString(conn, "x"); err != nil {
				t.Fatal(err)
			}
		}
		answer := make([]byte, 15)
		if _, err := io.ReadFull(conn, answer); err != nil || string(answer) != "HTTP/1.1 200 OK" {
			t.Errorf("the upload is answered with %q, %v", answer, err)
		}
	})
}

// A connection that negotiates HTTP/2 and then says nothing ends, too.
func TestASilentHTTP2ConnectionEnds(t *testing.T) {
	for _, preface := range []string{"", "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n\x00\x00\x00\x04\x00\x00\x00\x00\x00"} {
		synctest.Test(t, func(t *testing.T) {
			ln := newPipes()
			serving(t, newServer(t, emulator.Config{}).ServeTLS, ln)
			conn := tls.Client(ln.dial(), &tls.Config{ServerName: "photos.google.com", InsecureSkipVerify: true, NextProtos: []string{"h2"}})
			defer conn.Close()
			var sending sync.WaitGroup
			sending.Go(func() { _, _ = io.WriteString(conn, preface) })
			begun := time.Now()
			_, _ = io.Copy(io.Discard, conn)
			if took := time.Since(begun); took > 5*time.Minute || conn.ConnectionState().NegotiatedProtocol != "h2" {
				t.Errorf("%v, and it took %v", conn.ConnectionState().NegotiatedProtocol, took)
			}
			sending.Wait()
		})
	}
}

// trickle sends a byte each second until nobody takes it.
func trickle(w io.Writer, text string) {
	for i := range len(text) {
		time.Sleep(time.Second)
		if _, err := io.WriteString(w, text[i:i+1]); err != nil {
			return
		}
	}
}

// A connection that is kept open between two requests is not, for ever.
func TestAnIdleConnectionEnds(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newServer(t, emulator.Config{})
		ln := newPipes()
		serving(t, s.ServeProxy, ln)
		tr := &http.Transport{
			DialContext:     func(context.Context, string, string) (net.Conn, error) { return ln.dial(), nil },
			Proxy:           http.ProxyURL(proxyURL("proxy.test:1")),
			TLSClientConfig: &tls.Config{RootCAs: trusting(t, s)},
		}
		defer tr.CloseIdleConnections()
		c := &client{t: t, s: s, http: &http.Client{Transport: tr}, base: apiAddress}
		c.get("/v1/albums").wantStatus(t, http.StatusOK)
		time.Sleep(10 * time.Minute)
		c.get("/v1/albums").wantStatus(t, http.StatusOK)
	})
}
