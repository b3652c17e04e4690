package emulator_test

import (
	"bufio"
	"context"
	"crypto/tls"
	"crypto/x509"
	"io"
	"net"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/albumwright/albumwright/emulator"
)

const (
	apiAddress   = "https://photoslibrary.googleapis.com"
	mediaAddress = "https://lh3.googleusercontent.com"
	videoAddress = "https://video-downloads.googleusercontent.com"
)

// listening runs one of a server's Serve methods on a loopback port until the
// end of the test.
func listening(t *testing.T, serve func(context.Context, net.Listener) error) string {
	t.Helper()
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	serving(t, serve, ln)
	return ln.Addr().String()
}

// serving runs one of a server's Serve methods until the end of the test.
func serving(t *testing.T, serve func(context.Context, net.Listener) error, ln net.Listener) {
	ctx, stop := context.WithCancel(context.Background())
	ended := make(chan error, 1)
	go func() { ended <- serve(ctx, ln) }()
	t.Cleanup(func() {
		stop()
		if err := <-ended; err != nil {
			t.Error("serve:", err)
		}
	})
}

// trusting is a pool with a server's own authority in it.
func trusting(t *testing.T, s *emulator.Server) *x509.CertPool {
	t.Helper()
	cert, err := s.CACertificate()
	if err != nil {
		t.Fatal(err)
	}
	pool := x509.NewCertPool()
	if !pool.AppendCertsFromPEM(cert) {
		t.Fatalf("no certificate in %q", cert)
	}
	return pool
}

// proxied is a client that has the service's own address, and HTTPS_PROXY.
func proxied(t *testing.T, cfg emulator.Config) *client {
	t.Helper()
	s := newServer(t, cfg)
	return through(t, s, listening(t, s.ServeProxy))
}

// through is a client of the proxy of a server.
func through(t *testing.T, s *emulator.Server, proxy string) *client {
	t.Helper()
	tr := &http.Transport{
		Proxy:             http.ProxyURL(proxyURL(proxy)),
		TLSClientConfig:   &tls.Config{RootCAs: trusting(t, s)},
		ForceAttemptHTTP2: true,
	}
	t.Cleanup(tr.CloseIdleConnections)
	noRedirect := func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	return &client{t: t, s: s, http: &http.Client{Transport: tr, CheckRedirect: noRedirect}, base: apiAddress}
}

func proxyURL(address string) *url.URL { return &url.URL{Scheme: "http", Host: address} }

// at is the client with another host's address.
func (c *client) at(base string) *client {
	other := *c
	other.base = base
	return &other
}

// says sends bytes to a port and returns what comes back, until the other side
// hangs up.
func says(t *testing.T, address, text string) string {
	t.Helper()
	conn, err := net.Dial("tcp", address)
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	if _, err := io.WriteString(conn, text); err != nil {
		t.Fatal(err)
	}
	if err := conn.(*net.TCPConn).CloseWrite(); err != nil {
		t.Fatal(err)
	}
	all, _ := io.ReadAll(conn) // a connection that is reset has said what came before
	return string(all)
}

// tunnelTo asks a proxy for a tunnel, on a connection to it.
func tunnelTo(t *testing.T, conn net.Conn, target string) {
	t.Helper()
	if _, err := io.WriteString(conn, "CONNECT "+target+" HTTP/1.1\r\nHost: "+target+"\r\n\r\n"); err != nil {
		t.Fatal(err)
	}
	r := bufio.NewReaderSize(conn, 16) // nothing comes after the answer before we say something
	var head strings.Builder
	for !strings.HasSuffix(head.String(), "\r\n\r\n") {
		b, err := r.ReadByte()
		if err != nil {
			t.Fatal(err)
		}
		head.WriteByte(b)
	}
	if !strings.HasPrefix(head.String(), "HTTP/1.1 200 ") {
		t.Fatalf("CONNECT %s: %s", target, head.String())
	}
}
