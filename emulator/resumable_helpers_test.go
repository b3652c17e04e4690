package emulator_test

import (
	"bytes"
	"io"
	"net/http"
	"strconv"
	"strings"
	"testing"

	"github.com/albumwright/albumwright/emulator"
)

// granularity is the service's, of which chunks are multiples.
const granularity = 256 << 10

// media is n bytes that begin as a photo does, different for each seed.
func media(n, seed int) []byte {
	b := make([]byte, n)
	for i := range b {
		b[i] = byte(i*7 + i>>8 + seed)
	}
	copy(b, photo(seed))
	return b
}

// startRequest starts a resumable upload as the documentation shows it.
func (c *client) startRequest(size int64) *http.Request {
	r := c.request(http.MethodPost, "/v1/uploads", nil)
	r.Header.Set("X-Goog-Upload-Command", "start")
	r.Header.Set("X-Goog-Upload-Content-Type", "image/gif")
	r.Header.Set("X-Goog-Upload-Protocol", "resumable")
	r.Header.Set("X-Goog-Upload-Raw-Size", strconv.FormatInt(size, 10))
	return r
}

// session is a resumable upload at its address.
type session struct {
	*client
	url string
}

// start starts a resumable upload.
func (c *client) start(size int) session {
	c.t.Helper()
	a := c.do(c.startRequest(int64(size)))
	a.wantUpload(c.t, http.StatusOK, "active", -1)
	return session{c, a.header.Get("X-Goog-Upload-URL")}
}

// request is a command to the session; without a body if that is nil.
func (u session) request(command string, body io.Reader) *http.Request {
	u.t.Helper()
	r := u.client.request(http.MethodPost, strings.TrimPrefix(u.url, u.base), body)
	r.Header.Set("X-Goog-Upload-Command", command)
	return r
}

// sending is a command that brings bytes.
func (u session) sending(command string, offset int, data []byte) *http.Request {
	u.t.Helper()
	r := u.request(command, bytes.NewReader(data))
	r.Header.Set("X-Goog-Upload-Offset", strconv.Itoa(offset))
	return r
}

func (u session) send(command string, offset int, data []byte) answer {
	u.t.Helper()
	return u.do(u.sending(command, offset, data))
}

func (u session) command(command string) answer {
	u.t.Helper()
	return u.do(u.request(command, nil))
}

// wantReceived asks how much of an active session is there.
func (u session) wantReceived(want int) {
	u.t.Helper()
	u.command("query").wantUpload(u.t, http.StatusOK, "active", want)
}

// wantReceivedSoon is wantReceived after a connection broke. Over a socket the
// query may be there before the request that broke has begun.
func (u session) wantReceivedSoon(want int) {
	u.t.Helper()
	for range 1000 {
		if u.receivedOf(u.command("query")) == want {
			return
		}
	}
	u.wantReceived(want)
}

// wantUpload checks an answer of the resumable protocol. received is -1 where
// there is none.
func (a answer) wantUpload(t *testing.T, status int, state string, received int) {
	t.Helper()
	size := ""
	if received >= 0 {
		size = strconv.Itoa(received)
	}
	gotState, gotSize := a.header.Get("X-Goog-Upload-Status"), a.header.Get("X-Goog-Upload-Size-Received")
	if a.status != status || gotState != state || gotSize != size {
		t.Errorf("got %d, status %q, received %q: %s\nwant %d, status %q, received %q",
			a.status, gotState, gotSize, a.body, status, state, size)
	}
}

// wantToken checks the answer to a finished upload, and returns the token.
func (a answer) wantToken(t *testing.T) string {
	t.Helper()
	a.wantUpload(t, http.StatusOK, "final", -1)
	if !strings.HasPrefix(string(a.body), "CAIS") {
		t.Errorf("no token: %q", a.body)
	}
	return string(a.body)
}

// wantRefused checks a refusal of a command: its envelope, and what it says
// about the session.
func (a answer) wantRefused(t *testing.T, status int, state, message string) {
	t.Helper()
	code := map[int]int{400: 3, 401: 16, 404: 5, 409: 10, 413: 3}[status]
	a.wantBareError(t, status, code, message)
	if got := a.header.Get("X-Goog-Upload-Status"); got != state {
		t.Errorf("status %q, want %q", got, state)
	}
}

// wantItems checks the contents of the whole library.
func (c *client) wantItems(want ...[]byte) {
	c.t.Helper()
	items := c.s.MediaItems()
	if len(items) != len(want) {
		c.t.Fatalf("%d items, want %d", len(items), len(want))
	}
	for i, it := range items {
		if it.Size != int64(len(want[i])) || it.SHA256 != hashOf(want[i]) {
			c.t.Errorf("item %d has %d bytes with hash %x, want %d with %x", i, it.Size, it.SHA256, len(want[i]), hashOf(want[i]))
		}
	}
}

// everyWay runs a test without a socket and through one, in memory and with a
// folder.
func everyWay(t *testing.T, test func(t *testing.T, c *client)) {
	t.Helper()
	everyWayWith(t, emulator.Config{}, test)
}

func everyWayWith(t *testing.T, cfg emulator.Config, test func(t *testing.T, c *client)) {
	t.Helper()
	bothWays(t, cfg, test)
	for name, way := range map[string]func(*testing.T, emulator.Config) *client{"transport": direct, "socket": socket} {
		t.Run(name+" with a folder", func(t *testing.T) {
			cfg.Dir = t.TempDir()
			test(t, way(t, cfg))
		})
	}
}

// receivedOf is how much is there, by the answer of a query.
func (u session) receivedOf(a answer) int {
	u.t.Helper()
	n, err := strconv.Atoi(a.header.Get("X-Goog-Upload-Size-Received"))
	if err != nil {
		u.t.Fatalf("%d %v: %v", a.status, a.header, err)
	}
	return n
}
