package emulator_test

import (
	"crypto/tls"
	"crypto/x509"
	"errors"
	"io"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/albumwright/albumwright/emulator"
)

// hungUp reports whether the other side has closed a connection.
func hungUp(conn net.Conn) bool {
	_ = conn.SetReadDeadline(time.Now().Add(time.Second))
	_, err := conn.Read(make([]byte, 1))
	return !errors.Is(err, os.ErrDeadlineExceeded)
}

// One connection too many takes the place of the one that has been idle for
// longest; one that is at work keeps its place.
func TestOneConnectionTooManyTakesAnIdleOnesPlace(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newServer(t, emulator.Config{MaxConnections: 3})
		ln := newPipes()
		serving(t, s.Serve, ln)
		var open []net.Conn
		dial := func() net.Conn {
			conn := ln.dial()
			open = append(open, conn)
			synctest.Wait()
			return conn
		}
		defer func() {
			for _, conn := range open {
				_ = conn.Close()
			}
		}()
		working := dial()
		_, err := io.WriteString(working, "POST /v1/uploads HTTP/1.1\r\nHost: localhost\r\nContent-Length: 5\r\nX-Goog-Upload-Protocol: raw\r\nAuthorization: Bearer "+s.AccessToken()+"\r\n\r\nab")
		if err != nil {
			t.Fatal(err)
		}
		synctest.Wait()
		first, second := dial(), dial()
		third := dial()
		if got := []bool{hungUp(working), hungUp(first), hungUp(second), hungUp(third)}; got[0] || !got[1] || got[2] || got[3] {
			t.Errorf("hung up on %v, want the second only", got)
		}
		if _, err := io.WriteString(working, "cde"); err != nil {
			t.Fatal(err)
		}
		if err := working.SetReadDeadline(time.Time{}); err != nil {
			t.Fatal(err)
		}
		answer := make([]byte, 15)
		if _, err := io.ReadFull(working, answer); err != nil || string(answer) != "HTTP/1.1 200 OK" {
			t.Errorf("the upload is answered with %q, %v", answer, err)
		}
	})
}

// Where all are at work, the one that comes has no place; then it has one again.
func TestNoConnectionAtWorkIsGivenUpForANewOne(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newServer(t, emulator.Config{MaxConnections: 1})
		ln := newPipes()
		serving(t, s.Serve, ln)
		working := ln.dial()
		defer working.Close()
		if _, err := io.WriteString(working, "POST /v1/uploads HTTP/1.1\r\nHost: localhost\r\nContent-Length: 5\r\nX-Goog-Upload-Protocol: raw\r\nAuthorization: Bearer "+s.AccessToken()+"\r\n\r\nab"); err != nil {
			t.Fatal(err)
		}
		synctest.Wait()
		late := ln.dial()
		defer late.Close()
		synctest.Wait()
		if !hungUp(late) || hungUp(working) {
			t.Error("the wrong connection was given up")
		}
		_ = working.Close()
		synctest.Wait()
		again := ln.dial()
		defer again.Close()
		synctest.Wait()
		if hungUp(again) {
			t.Error("the place is not free again")
		}
	})
}

// Ten thousand connections that are held open at the proxy, some with a tunnel,
// some with TLS in it, keep nobody out and cost a bounded memory: what Go asks of
// the system for the limit of 4,096, measured at 105 MB, is not to pass 256 MB.
func TestTenThousandOpenConnections(t *testing.T) {
	if testing.Short() {
		t.Skip("-short: 10,000 connections take seconds")
	}
	dir := t.TempDir()
	p := serveElsewhere(t, dir, childProxy+"=1")
	proxy := strings.TrimPrefix(p.base, "http://")
	open := crowded(t, proxy, 10_000)
	if len(open) < 10_000 {
		t.Logf("%d connections: the limit of open files allows no more", len(open))
	}
	pool := x509.NewCertPool()
	pem, err := os.ReadFile(filepath.Join(dir, "authority.pem"))
	if err != nil || !pool.AppendCertsFromPEM(pem) {
		t.Fatalf("the authority: %v", err)
	}
	tr := &http.Transport{Proxy: http.ProxyURL(proxyURL(proxy)), TLSClientConfig: &tls.Config{RootCAs: pool}}
	defer tr.CloseIdleConnections()
	p.http, p.base = &http.Client{Transport: tr}, apiAddress
	p.get("/v1/albums").wantStatus(t, http.StatusOK)
	for _, conn := range open {
		_ = conn.Close()
	}
	tr.CloseIdleConnections()
	peak := p.close()
	t.Logf("%d MB at the most", peak>>20)
	if peak > 256<<20 {
		t.Errorf("the server's memory was %d MB", peak>>20)
	}
}

// crowded opens connections to a proxy, as many as may be open, and says no more
// on them than it has to.
func crowded(t *testing.T, proxy string, n int) (open []net.Conn) {
	t.Helper()
	for i := range n {
		conn, err := net.Dial("tcp", proxy)
		if err != nil {
			for range 20 { // for the test to go on with
				open[len(open)-1].Close()
				open = open[:len(open)-1]
			}
			return open
		}
		open = append(open, conn)
		if i%3 == 0 {
			tunnelTo(t, conn, "photoslibrary.googleapis.com:443")
		}
		if i%30 == 0 {
			secure := tls.Client(conn, &tls.Config{ServerName: "photoslibrary.googleapis.com", InsecureSkipVerify: true})
			if err := secure.HandshakeContext(t.Context()); err != nil {
				t.Fatal(err)
			}
		}
	}
	return open
}
