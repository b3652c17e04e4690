package emulator_test

import (
	"crypto/tls"
	"crypto/x509"
	"encoding/pem"
	"fmt"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"sync"
	"testing"

	"github.com/albumwright/albumwright/emulator"
)

// secured is a client of a server with TLS.
func secured(t *testing.T, cfg emulator.Config) (c *client, address string) {
	t.Helper()
	s := newServer(t, cfg)
	address = listening(t, s.ServeTLS)
	tr := &http.Transport{TLSClientConfig: &tls.Config{RootCAs: trusting(t, s)}, ForceAttemptHTTP2: true}
	t.Cleanup(tr.CloseIdleConnections)
	return &client{t: t, s: s, http: &http.Client{Transport: tr}, base: "https://" + address}, address
}

// With TLS everything is as without, under the server's own address.
func TestTheListenerCanSpeakTLS(t *testing.T) {
	c, address := secured(t, emulator.Config{})
	id := c.add(c.album("Summer"), nil, 1, 1)[0]
	base, _ := c.get("/v1/mediaItems/" + id).json(t)["baseUrl"].(string)
	if !strings.HasPrefix(base, "https://"+address+"/lh/") {
		t.Errorf("a base URL is %q", base)
	}
	c.get(strings.TrimPrefix(base, c.base)+"=d").wantStatus(t, http.StatusOK)
	c.get("/").wantStatus(t, http.StatusOK)
	if u := c.start(1); !strings.HasPrefix(u.url, c.base+"/v1/uploads?") {
		t.Errorf("a session is at %s", u.url)
	}
	r := c.request(http.MethodGet, "/", nil)
	r.Host = "evil.example"
	c.do(r).wantStatus(t, http.StatusMisdirectedRequest)
	r = c.request(http.MethodGet, "/v1/albums", nil)
	r.Host = "photoslibrary.googleapis.com"
	c.do(r).wantStatus(t, http.StatusOK)
}

// Whatever a client takes the server for, its certificate says so.
func TestAnyServerNameHasACertificate(t *testing.T) {
	c, address := secured(t, emulator.Config{})
	pool := trusting(t, c.s)
	shakes := func(sent, checked string) error {
		conn, err := net.Dial("tcp", address)
		if err != nil {
			t.Fatal(err)
		}
		defer conn.Close()
		// What is sent as the server name and what is looked for in the certificate
		// are the same but for clients that send none.
		secure := tls.Client(conn, &tls.Config{
			ServerName: sent, InsecureSkipVerify: true,
			VerifyConnection: func(state tls.ConnectionState) error {
				_, err := state.PeerCertificates[0].Verify(x509.VerifyOptions{Roots: pool, DNSName: checked})
				return err
			},
		})
		return secure.HandshakeContext(t.Context())
	}
	for _, name := range []string{
		"photoslibrary.googleapis.com", "lh3.googleusercontent.com", "example.com", "EXAMPLE.com", "localhost", "single", "with_underscore.example",
		"xn--bcher-kva.example", strings.Repeat("a", 63) + ".example", "a.b.c.d.e.f.g.h.example",
	} {
		if err := shakes(name, name); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
	if err := shakes("", "127.0.0.1"); err != nil {
		t.Errorf("without a name: %v", err)
	}
	for _, name := range []string{strings.Repeat("a", 64) + ".example", "a..example", "bad name.example", "a/b", strings.Repeat("a.", 130) + "example", "ü.example"} {
		if err := shakes(name, name); err == nil {
			t.Errorf("%q got a certificate", name)
		}
	}
	c.get("/v1/albums").wantStatus(t, http.StatusOK)
}

// Whoever tries many names keeps nobody from using theirs.
func TestManyServerNamesAtOnce(t *testing.T) {
	c, address := secured(t, emulator.Config{})
	pool := trusting(t, c.s)
	var all sync.WaitGroup
	for worker := range 3 {
		all.Go(func() {
			for n := range 100 {
				name := fmt.Sprintf("host-%d-%d.example", worker, n)
				conn, err := tls.Dial("tcp", address, &tls.Config{RootCAs: pool, ServerName: name})
				if err != nil {
					t.Errorf("%s: %v", name, err)
					return
				}
				_ = conn.Close()
			}
		})
	}
	all.Wait()
	c.get("/v1/albums").wantStatus(t, http.StatusOK)
}

// Without a folder each server has another authority; a folder keeps its own, for
// its owner only.
func TestAFolderKeepsItsAuthority(t *testing.T) {
	certificate := func(cfg emulator.Config) string {
		s := newServer(t, cfg)
		defer func() { _ = s.Close() }()
		cert, err := s.CACertificate()
		if err != nil {
			t.Fatal(err)
		}
		if again, err := s.CACertificate(); err != nil || string(again) != string(cert) {
			t.Errorf("a server has two: %v", err)
		}
		return string(cert)
	}
	if one, other := certificate(emulator.Config{}), certificate(emulator.Config{}); one == other {
		t.Error("two servers without a folder have the same authority")
	}
	cfg := emulator.Config{Dir: t.TempDir()}
	first := certificate(cfg)
	if certificate(cfg) != first {
		t.Error("a folder has got another authority")
	}
	if strings.Contains(first, "KEY") {
		t.Error("the certificate comes with its key")
	}
	path := filepath.Join(cfg.Dir, "authority.pem")
	info, err := os.Stat(path)
	if err != nil {
		t.Fatal(err)
	}
	if mode := info.Mode().Perm(); runtime.GOOS != "windows" && mode != 0o600 {
		t.Errorf("the key's file has mode %o", mode)
	}
	// A server that takes up the folder speaks with what the first one made.
	s := newServer(t, cfg)
	c := through(t, s, listening(t, s.ServeProxy))
	c.get("/v1/albums").wantStatus(t, http.StatusOK)
}

// A file that is no authority is named, is left alone, and its content is told
// nobody.
func TestADamagedAuthorityIsRefused(t *testing.T) {
	cfg := emulator.Config{Dir: t.TempDir()}
	s := newServer(t, cfg)
	if _, err := s.CACertificate(); err != nil {
		t.Fatal(err)
	}
	_ = s.Close()
	path := filepath.Join(cfg.Dir, "authority.pem")
	whole, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	cert, key := pem.Decode(whole)
	other := newServer(t, emulator.Config{})
	otherCert, err := other.CACertificate()
	if err != nil {
		t.Fatal(err)
	}
	leaf := pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: cert.Bytes[:len(cert.Bytes)-5]})
	for name, damaged := range map[string][]byte{
		"empty": nil, "half": whole[:len(whole)/2], "no PEM": []byte("hello"), "a certificate only": pem.EncodeToMemory(cert),
		"the key of another": append(otherCert, key...), "a certificate cut short": append(leaf, key...),
		"no key": append(pem.EncodeToMemory(cert), []byte("-----BEGIN PRIVATE KEY-----\nc2VjcmV0\n-----END PRIVATE KEY-----\n")...),
	} {
		if err := os.WriteFile(path, damaged, 0o600); err != nil {
			t.Fatal(err)
		}
		s := newServer(t, cfg)
		_, err := s.CACertificate()
		if err == nil || !strings.Contains(err.Error(), path) || !strings.Contains(err.Error(), "remove it") || strings.Contains(err.Error(), "c2VjcmV0") {
			t.Errorf("%s: error %v", name, err)
		}
		ln, listenErr := net.Listen("tcp", "127.0.0.1:0")
		if listenErr != nil {
			t.Fatal(listenErr)
		}
		if got := s.ServeTLS(t.Context(), ln); got == nil {
			t.Errorf("%s: it served", name)
		}
		if after, _ := os.ReadFile(path); string(after) != string(damaged) {
			t.Errorf("%s: the file has changed", name)
		}
		_ = s.Close()
	}
}
