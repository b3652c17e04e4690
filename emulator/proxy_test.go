package emulator_test

import (
	"bytes"
	"context"
	"crypto/tls"
	"errors"
	"io"
	"net"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"

	"github.com/albumwright/albumwright/emulator"
)

// A client with the service's own addresses in it uploads, creates, lists and
// downloads; every address that it is told is one of the service's again.
func TestAClientWithHardCodedAddressesWorksThroughTheProxy(t *testing.T) {
	for _, version := range []string{"HTTP/2.0", "HTTP/1.1"} {
		t.Run(version, func(t *testing.T) {
			c := proxied(t, emulator.Config{})
			c.http.Transport.(*http.Transport).ForceAttemptHTTP2 = version == "HTTP/2.0"
			res, err := c.http.Do(c.request(http.MethodGet, "/v1/albums", nil))
			if err != nil || res.Proto != version || res.Body.Close() != nil {
				t.Fatalf("%v, %v", res, err)
			}
			album := c.album("Summer")
			u := c.start(granularity + 5)
			if !strings.HasPrefix(u.url, apiAddress+"/v1/uploads?upload_id=") {
				t.Errorf("the session is at %s", u.url)
			}
			large := media(granularity+5, 1)
			u.send("upload", 0, large[:granularity]).wantUpload(t, http.StatusOK, "active", granularity)
			first := u.send("upload, finalize", granularity, large[granularity:]).wantToken(t)
			ids := c.createIDs(batch(album, nil, first, c.upload(photo(1)), c.upload(video(1))))
			if got := c.inAlbum(album); !slices.Equal(got, ids) {
				t.Errorf("the album holds %v, want %v", got, ids)
			}
			cover, _ := c.get("/v1/albums/" + album).json(t)["coverPhotoBaseUrl"].(string)
			base, _ := c.get("/v1/mediaItems/" + ids[1]).json(t)["baseUrl"].(string)
			for _, address := range []string{base, cover} {
				path, ours := strings.CutPrefix(address, mediaAddress)
				if !ours || !strings.HasPrefix(path, "/lh/") {
					t.Fatalf("a base URL is %q", address)
				}
				r := c.at(mediaAddress).request(http.MethodGet, path+"=w50-h50", nil)
				r.Header.Del("Authorization")
				c.do(r).wantStatus(t, http.StatusOK)
			}
			if found := c.s.Violations(); len(found) > 0 {
				t.Errorf("violations: %v", found)
			}
		})
	}
}

// Contract 8: a video's base URL leads on to a host of its own.
func TestVideosAreDownloadedFromTheirOwnHost(t *testing.T) {
	c := proxied(t, emulator.Config{VideoProcessing: 1})
	id := c.createIDs(batch("", nil, c.upload(video(1))))[0]
	base, _ := c.get("/v1/mediaItems/" + id).json(t)["baseUrl"].(string)
	a := c.at(mediaAddress).get(strings.TrimPrefix(base, mediaAddress) + "=dv")
	a.wantStatus(t, http.StatusFound)
	path, ok := strings.CutPrefix(a.header.Get("Location"), videoAddress)
	if !ok {
		t.Fatalf("it leads to %q", a.header.Get("Location"))
	}
	a = c.at(videoAddress).get(path)
	a.wantStatus(t, http.StatusOK)
	if !bytes.Equal(a.body, video(1)) {
		t.Errorf("%d bytes came", len(a.body))
	}
	if n := c.s.Calls()["baseUrl"]; n != 1 {
		t.Errorf("%d loads were counted, want 1", n)
	}
}

// Every host and port leads here. Those of the service answer their part, and
// all others say who they are not.
func TestEachHostAnswersItsPartOnly(t *testing.T) {
	c := proxied(t, emulator.Config{HostNames: []string{"photos.test"}})
	tests := []struct {
		address, path string
		status        int
	}{
		{apiAddress, "/v1/albums", 200}, {apiAddress + ":8443", "/v1/albums", 200}, {"https://PhotosLibrary.GoogleAPIs.com", "/v1/albums", 200},
		{apiAddress, "/", 404}, {apiAddress, "/lh/x=d", 404}, {apiAddress, "/control/summary", 404}, {apiAddress, "/token", 404},
		{mediaAddress, "/lh/x=d", 403}, {mediaAddress, "/v1/albums", 404}, {mediaAddress, "/", 404},
		{videoAddress, "/lh/x=dv", 403}, {videoAddress, "/v1/albums", 404},
		{"https://accounts.google.com", "/v1/albums", 404}, {"https://accounts.google.com", "/", 404},
		{"https://accounts.google.com", "/o/oauth2/v2/auth", 400}, // without parameters
		{"https://oauth2.googleapis.com", "/control/summary", 404}, {"https://oauth2.googleapis.com", "/tokeninfo", 400},
		{"https://www.googleapis.com", "/v1/albums", 404}, {"https://www.googleapis.com", "/oauth2/v3/tokeninfo", 400},
		{"https://photos.google.com", "/", 200}, {"https://photos.google.com", "/v1/albums", 404}, {"https://photos.google.com", "/control/summary", 404},
		{"https://localhost", "/", 200}, {"https://127.0.0.1:9", "/v1/albums", 200}, {"https://[::1]", "/v1/albums", 200}, {"https://photos.test", "/v1/albums", 200},
		{"https://localhost", "/control/summary", 401},
		{"https://example.com", "/", 421}, {"https://www.google.com", "/v1/albums", 421}, {"https://192.0.2.7:12345", "/v1/albums", 421},
		{"https://[2001:db8::1]", "/v1/albums", 421}, {"https://photoslibrary.googleapis.com.example", "/v1/albums", 421}, {"https://single", "/", 421},
	}
	for _, tt := range tests {
		a := c.at(tt.address).get(tt.path)
		if a.status != tt.status {
			t.Errorf("%s%s: status %d, want %d: %.200s", tt.address, tt.path, a.status, tt.status, a.body)
		}
		if said := strings.Contains(string(a.body), "This is an emulator of Google Photos and not "); said != (tt.status == 421) {
			t.Errorf("%s%s says %.200s", tt.address, tt.path, a.body)
		}
	}
}

// The productUrl of what a client created opens in a browser.
func TestProductURLsLeadIntoTheGallery(t *testing.T) {
	c := proxied(t, emulator.Config{})
	album := c.album("Summer")
	id := c.add(album, nil, 1, 1)[0]
	for address, want := range map[string]string{"/v1/mediaItems/" + id: "/items/" + id, "/v1/albums/" + album: "/albums/" + album} {
		product, _ := c.get(address).json(t)["productUrl"].(string)
		path, ok := strings.CutPrefix(product, "https://photos.google.com")
		if !ok {
			t.Fatalf("productUrl %q", product)
		}
		a := c.at("https://photos.google.com").get(path)
		a.wantStatus(t, http.StatusFound)
		if got := a.header.Get("Location"); got != want {
			t.Errorf("%s leads to %s, want %s", product, got, want)
		}
		c.at("https://photos.google.com").get(want).wantStatus(t, http.StatusOK)
	}
}

// Where nothing proves that a client means the service, its names are a
// stranger's: a plain listener answers on its own address only.
func TestThePlainListenerDoesNotAnswerUnderTheServicesNames(t *testing.T) {
	c := socket(t, emulator.Config{})
	for _, host := range []string{"photoslibrary.googleapis.com", "photos.google.com", "accounts.google.com"} {
		r := c.request(http.MethodGet, "/v1/albums", nil)
		r.Host = host
		c.do(r).wantStatus(t, http.StatusForbidden)
	}
}

// A CONNECT that is none is refused, and the connection ends.
func TestAMalformedConnectIsRefused(t *testing.T) {
	s := newServer(t, emulator.Config{})
	proxy := listening(t, s.ServeProxy)
	for _, head := range []string{
		"CONNECT photoslibrary.googleapis.com HTTP/1.1\r\nHost: photoslibrary.googleapis.com\r\n",
		"CONNECT photoslibrary.googleapis.com: HTTP/1.1\r\n",
		"CONNECT photoslibrary.googleapis.com:0 HTTP/1.1\r\n",
		"CONNECT photoslibrary.googleapis.com:65536 HTTP/1.1\r\n",
		"CONNECT photoslibrary.googleapis.com:https HTTP/1.1\r\n",
		"CONNECT photoslibrary.googleapis.com:-1 HTTP/1.1\r\n",
		"CONNECT :443 HTTP/1.1\r\n",
		"CONNECT /v1/albums HTTP/1.1\r\nHost: photoslibrary.googleapis.com\r\n",
		"CONNECT https://photoslibrary.googleapis.com:443/ HTTP/1.1\r\n",
		"CONNECT user@photoslibrary.googleapis.com:443 HTTP/1.1\r\n",
		"CONNECT ..:443 HTTP/1.1\r\n",
		"CONNECT a b:443 HTTP/1.1\r\n",
		"CONNECT a\x00b:443 HTTP/1.1\r\n",
		"CONNECT <script>:443 HTTP/1.1\r\n",
		"CONNECT " + strings.Repeat("a.", 200) + "example:443 HTTP/1.1\r\n",
		"CONNECT [fe80::1%25eth0]:443 HTTP/1.1\r\n",
		"CONNECT ::1:443 HTTP/1.1\r\n",
		"CONNECT example.com:443 HTTP/1.1\r\nContent-Length: 4\r\n",
		"CONNECT example.com:443 HTTP/1.1\r\nTransfer-Encoding: chunked\r\n",
		"CONNECT example.com:443\r\n",
		"CONNECT\r\n",
		"\x16\x03\x01\x00\x05hello",
		"nonsense\r\n",
	} {
		answer := says(t, proxy, head+"\r\nbody")
		if !strings.HasPrefix(answer, "HTTP/1.1 400 ") || strings.Count(answer, "HTTP/1.1 ") != 1 {
			t.Errorf("%q is answered with %q", head, answer)
		}
	}
	through(t, s, proxy).get("/v1/albums").wantStatus(t, http.StatusOK)
}

// What is no CONNECT is answered here, whatever host it is for.
func TestThePlainRequestsOfAProxyAreNotForwarded(t *testing.T) {
	s := newServer(t, emulator.Config{})
	proxy := listening(t, s.ServeProxy)
	other := listening(t, func(ctx context.Context, ln net.Listener) error {
		srv := &http.Server{Handler: http.HandlerFunc(func(http.ResponseWriter, *http.Request) { t.Error("a request was forwarded") })}
		context.AfterFunc(ctx, func() { _ = srv.Close() })
		if err := srv.Serve(ln); !errors.Is(err, http.ErrServerClosed) {
			return err
		}
		return nil
	})
	for target, want := range map[string]string{
		"http://" + other + "/":                          "HTTP/1.1 403 ",
		"http://photoslibrary.googleapis.com/v1/albums":  "HTTP/1.1 403 ",
		"https://photoslibrary.googleapis.com/v1/albums": "HTTP/1.1 403 ",
		"ftp://example.com/":                             "HTTP/1.1 403 ",
		"/":                                              "HTTP/1.1 400 ",
		"/v1/albums?access_token=" + url.QueryEscape(s.AccessToken()): "HTTP/1.1 400 ",
		"*": "HTTP/1.1 400 ",
	} {
		answer := says(t, proxy, "GET "+target+" HTTP/1.1\r\nHost: "+other+"\r\nConnection: close\r\n\r\n")
		if !strings.HasPrefix(answer, want) || !strings.Contains(answer, "emulator") {
			t.Errorf("GET %s: %q, want %s", target, answer, want)
		}
	}
	c := through(t, s, proxy) // a tunnel, and then no TLS in it
	conn, err := net.Dial("tcp", proxy)
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	tunnelTo(t, conn, "photoslibrary.googleapis.com:80")
	if _, err := io.WriteString(conn, "GET /v1/albums HTTP/1.1\r\nHost: photoslibrary.googleapis.com\r\n\r\n"); err != nil {
		t.Fatal(err)
	}
	if all, _ := io.ReadAll(conn); !strings.Contains(string(all), "400 Bad Request") {
		t.Errorf("without TLS: %q", all)
	}
	if n := len(c.s.Calls()); n != 0 {
		t.Errorf("the API was called: %v", c.s.Calls())
	}
}

// Python's http.client says HTTP/1.0; and a client may send the beginning of its
// handshake along, without waiting for the answer.
func TestATunnelOpensForImpatientAndForOldClients(t *testing.T) {
	s := newServer(t, emulator.Config{})
	proxy := listening(t, s.ServeProxy)
	for _, version := range []string{"HTTP/1.0", "HTTP/1.1"} {
		conn, err := net.Dial("tcp", proxy)
		if err != nil {
			t.Fatal(err)
		}
		defer conn.Close()
		early := &earlyConn{Conn: conn, first: "CONNECT photoslibrary.googleapis.com:443 " + version + "\r\n\r\n"}
		secure := tls.Client(early, &tls.Config{RootCAs: trusting(t, s), ServerName: "photoslibrary.googleapis.com"})
		if err := secure.HandshakeContext(t.Context()); err != nil {
			t.Errorf("%s: %v", version, err)
		}
	}
}

// earlyConn sends something before the first bytes that are written to it, in one
// piece, and swallows its answer.
type earlyConn struct {
	net.Conn
	first string
	heard bool
}

func (c *earlyConn) Write(p []byte) (int, error) {
	first := c.first
	c.first = ""
	n, err := c.Conn.Write(append([]byte(first), p...))
	return max(n-len(first), 0), err
}

func (c *earlyConn) Read(p []byte) (int, error) {
	for answer := make([]byte, 0, 64); !c.heard; c.heard = bytes.HasSuffix(answer, []byte("\r\n\r\n")) {
		answer = answer[:len(answer)+1]
		if _, err := c.Conn.Read(answer[len(answer)-1:]); err != nil {
			return 0, err
		}
	}
	return c.Conn.Read(p)
}

// ServeProxy ends without an error when its context does, also with tunnels open
// in which nobody says anything, and with the listener's error when that breaks.
func TestTheProxyEndsWithItsContext(t *testing.T) {
	s := newServer(t, emulator.Config{})
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	ended := make(chan error)
	go func() { ended <- s.ServeProxy(ctx, ln) }()
	c := through(t, s, ln.Addr().String())
	c.get("/v1/albums").wantStatus(t, http.StatusOK)
	cancel()
	if err := <-ended; err != nil {
		t.Errorf("it ended with %v", err)
	}
	if _, err := ln.Accept(); !errors.Is(err, net.ErrClosed) {
		t.Errorf("the listener was left open: %v", err)
	}
	if err := s.ServeProxy(t.Context(), ln); err == nil {
		t.Error("serving a closed listener is no error")
	}
}
