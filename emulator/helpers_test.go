package emulator_test

import (
	"bytes"
	"cmp"
	"context"
	"encoding/binary"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"go.uber.org/goleak"

	"github.com/albumwright/albumwright/emulator"
)

func TestMain(m *testing.M) {
	if dir := os.Getenv(childFolder); dir != "" {
		serveForParent(dir)
		return
	}
	goleak.VerifyTestMain(m)
}

// client is a plain HTTP client of one server. It knows the API's JSON by
// heart, and nothing of the emulator's own types.
type client struct {
	t    *testing.T
	s    *emulator.Server
	http *http.Client
	base string

	bearer string // the access token; "" = the server's own
}

// answer is a response, read whole.
type answer struct {
	status int
	header http.Header
	body   []byte
}

// newServer makes a server that is closed at the end of the test.
func newServer(t *testing.T, cfg emulator.Config) *emulator.Server {
	t.Helper()
	s, err := emulator.New(cfg)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := s.Close(); err != nil {
			t.Error("close:", err)
		}
	})
	return s
}

// direct is a client that needs no socket.
func direct(t *testing.T, cfg emulator.Config) *client {
	t.Helper()
	s := newServer(t, cfg)
	return &client{t: t, s: s, http: &http.Client{Transport: s.Transport()}, base: "http://emulator.test"}
}

// bothWays runs a test of the API without a socket and through a real one: the
// facts must be the same.
func bothWays(t *testing.T, cfg emulator.Config, test func(t *testing.T, c *client)) {
	t.Helper()
	t.Run("transport", func(t *testing.T) { test(t, direct(t, cfg)) })
	t.Run("socket", func(t *testing.T) { test(t, socket(t, cfg)) })
}

// socket is a client of a server on a loopback port.
func socket(t *testing.T, cfg emulator.Config) *client {
	t.Helper()
	s := newServer(t, cfg)
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	ctx, stop := context.WithCancel(context.Background())
	ended := make(chan error, 1)
	go func() { ended <- s.Serve(ctx, ln) }()
	tr := &http.Transport{}
	t.Cleanup(func() {
		tr.CloseIdleConnections()
		stop()
		if err := <-ended; err != nil {
			t.Error("serve:", err)
		}
	})
	return &client{t: t, s: s, http: &http.Client{Transport: tr}, base: "http://" + ln.Addr().String()}
}

// as is the client with another access token.
func (c *client) as(scopes ...emulator.Scope) *client {
	other := *c
	other.bearer = c.s.NewAccessToken(scopes...)
	return &other
}

// request makes a request with the client's token, which may do everything
// that can be done today if it is the server's own.
func (c *client) request(method, path string, body io.Reader) *http.Request {
	c.t.Helper()
	r, err := http.NewRequestWithContext(c.t.Context(), method, c.base+path, body)
	if err != nil {
		c.t.Fatal(err)
	}
	r.Header.Set("Authorization", "Bearer "+cmp.Or(c.bearer, c.s.AccessToken()))
	return r
}

// do sends a request and reads the answer.
func (c *client) do(r *http.Request) answer {
	c.t.Helper()
	res, err := c.http.Do(r)
	if err != nil {
		c.t.Fatalf("%s %s: %v", r.Method, r.URL.Path, err)
	}
	defer res.Body.Close()
	body, err := io.ReadAll(res.Body)
	if err != nil {
		c.t.Fatal(err)
	}
	return answer{res.StatusCode, res.Header, body}
}

func (c *client) get(path string) answer {
	c.t.Helper()
	return c.do(c.request(http.MethodGet, path, nil))
}

// post sends a JSON body: a string as it is, anything else marshalled.
func (c *client) post(path string, body any) answer {
	c.t.Helper()
	return c.send(http.MethodPost, path, body)
}

func (c *client) patch(path string, body any) answer {
	c.t.Helper()
	return c.send(http.MethodPatch, path, body)
}

func (c *client) send(method, path string, body any) answer {
	c.t.Helper()
	text, ok := body.(string)
	if !ok {
		raw, err := json.Marshal(body)
		if err != nil {
			c.t.Fatal(err)
		}
		text = string(raw)
	}
	r := c.request(method, path, strings.NewReader(text))
	r.Header.Set("Content-Type", "application/json")
	return c.do(r)
}

// uploadRequest is a raw upload as the documentation shows it.
func (c *client) uploadRequest(body io.Reader) *http.Request {
	r := c.request(http.MethodPost, "/v1/uploads", body)
	r.Header.Set("Content-Type", "application/octet-stream")
	r.Header.Set("X-Goog-Upload-Protocol", "raw")
	return r
}

// upload sends bytes and returns the token.
func (c *client) upload(media []byte) string {
	c.t.Helper()
	a := c.do(c.uploadRequest(bytes.NewReader(media)))
	a.wantStatus(c.t, http.StatusOK)
	return string(a.body)
}

// album makes an album and returns its id.
func (c *client) album(title string) string {
	c.t.Helper()
	a := c.post("/v1/albums", map[string]any{"album": map[string]any{"title": title}})
	a.wantStatus(c.t, http.StatusOK)
	return a.json(c.t)["id"].(string)
}

// batch is the body of a batchCreate with one entry for each token.
func batch(albumID string, position map[string]any, tokens ...string) map[string]any {
	entries := []any{}
	for _, token := range tokens {
		entries = append(entries, entry(token, "", ""))
	}
	b := map[string]any{"newMediaItems": entries}
	if albumID != "" {
		b["albumId"] = albumID
	}
	if position != nil {
		b["albumPosition"] = position
	}
	return b
}

func entry(token, fileName, description string) map[string]any {
	simple := map[string]any{"uploadToken": token}
	e := map[string]any{"simpleMediaItem": simple}
	if fileName != "" {
		simple["fileName"] = fileName
	}
	if description != "" {
		e["description"] = description
	}
	return e
}

// result is one entry of a batchCreate's reply.
type result struct {
	UploadToken string
	Status      struct {
		Code    int
		Message string
	}
	MediaItem *item
}

// item is the MediaItem resource.
type item struct {
	ID, Description, ProductURL, MIMEType, Filename string
	MediaMetadata                                   struct {
		CreationTime, Width, Height string
		Photo                       *struct{}
		Video                       *struct{ Status string }
	}
}

// create sends a batchCreate that is answered with 200.
func (c *client) create(body any) []result {
	c.t.Helper()
	a := c.post("/v1/mediaItems:batchCreate", body)
	a.wantStatus(c.t, http.StatusOK)
	return a.results(c.t)
}

func (a answer) results(t *testing.T) []result {
	t.Helper()
	var res struct{ NewMediaItemResults []result }
	a.into(t, &res)
	return res.NewMediaItemResults
}

// createIDs sends a batchCreate of which every entry succeeds.
func (c *client) createIDs(body any) []string {
	c.t.Helper()
	var ids []string
	for _, r := range c.create(body) {
		if r.MediaItem == nil {
			c.t.Fatalf("entry failed: %+v", r.Status)
		}
		ids = append(ids, r.MediaItem.ID)
	}
	return ids
}

// add uploads new photos n, n+1, ... into an album and returns their ids.
func (c *client) add(albumID string, position map[string]any, from, count int) []string {
	c.t.Helper()
	var tokens []string
	for n := range count {
		tokens = append(tokens, c.upload(photo(from+n)))
	}
	return c.createIDs(batch(albumID, position, tokens...))
}

// inAlbum is the album's items as a listing shows them.
func (c *client) inAlbum(id string) []string {
	c.t.Helper()
	var ids []string
	body := map[string]any{"albumId": id, "pageSize": 100}
	for {
		a := c.post("/v1/mediaItems:search", body)
		a.wantStatus(c.t, http.StatusOK)
		var page struct {
			MediaItems    []item
			NextPageToken string
		}
		a.into(c.t, &page)
		for _, it := range page.MediaItems {
			ids = append(ids, it.ID)
		}
		if page.NextPageToken == "" {
			return ids
		}
		body["pageToken"] = page.NextPageToken
	}
}

func (a answer) into(t *testing.T, v any) {
	t.Helper()
	if err := json.Unmarshal(a.body, v); err != nil {
		t.Fatalf("%v in %s", err, a.body)
	}
}

func (a answer) json(t *testing.T) map[string]any {
	t.Helper()
	var v map[string]any
	a.into(t, &v)
	return v
}

// lasting is an answer without base URLs, which are other ones each time.
func (a answer) lasting(t *testing.T) map[string]any {
	t.Helper()
	v := a.json(t)
	withoutBaseURLs(v)
	return v
}

func withoutBaseURLs(v any) {
	switch v := v.(type) {
	case map[string]any:
		for name, member := range v {
			if name == "baseUrl" || strings.HasSuffix(name, "BaseUrl") {
				delete(v, name)
			}
			withoutBaseURLs(member)
		}
	case []any:
		for _, element := range v {
			withoutBaseURLs(element)
		}
	}
}

func (a answer) wantStatus(t *testing.T, want int) {
	t.Helper()
	if a.status != want {
		t.Fatalf("status %d, want %d: %s", a.status, want, a.body)
	}
}

// wantError checks the envelope of the JSON methods, contract 2.1. An empty
// message is not compared.
func (a answer) wantError(t *testing.T, http int, status, message string) {
	t.Helper()
	var e struct {
		Error struct {
			Code            int
			Message, Status string
		}
	}
	a.into(t, &e)
	if a.status != http || e.Error.Code != http || e.Error.Status != status || message != "" && e.Error.Message != message {
		t.Errorf("got %d %s\nwant %d %s %q", a.status, a.body, http, status, message)
	}
}

// wantBareError checks the envelope of /v1/uploads, contract 2.2.
func (a answer) wantBareError(t *testing.T, http, code int, message string) {
	t.Helper()
	var e struct {
		Code    int
		Message string
		Error   any
	}
	a.into(t, &e)
	if a.status != http || e.Code != code || message != "" && e.Message != message || e.Error != nil {
		t.Errorf("got %d %s\nwant %d with code %d and %q", a.status, a.body, http, code, message)
	}
}

// photo is the n-th of as many small photos as are needed: a GIF of one pixel
// with n in a comment.
func photo(n int) []byte {
	head := "GIF89a\x01\x00\x01\x00\x80\x00\x00\x00\x00\x00\xFF\xFF\xFF"
	picture := "\x2C\x00\x00\x00\x00\x01\x00\x01\x00\x00\x02\x02\x44\x01\x00\x3B"
	text := fmt.Sprintf("%08d", n)
	return []byte(head + "\x21\xFE" + string(rune(len(text))) + text + "\x00" + picture)
}

// video is the n-th of as many small videos as are needed: an MP4 that holds
// an empty index.
func video(n int) []byte {
	b := []byte("\x00\x00\x00\x10ftypmp42\x00\x00\x00\x00" + "\x00\x00\x00\x08moov" + "\x00\x00\x00\x10mdat")
	return binary.BigEndian.AppendUint64(b, uint64(n))
}

// jpegPhoto is a JPEG of a size, with an EXIF block if taken is not empty. Its
// scan is too short to be decoded: the service looks at the structure only.
func jpegPhoto(width, height int, taken string) []byte {
	b := []byte("\xFF\xD8")
	if taken != "" {
		tiff := "MM\x00*\x00\x00\x00\x08" +
			"\x00\x01\x87\x69\x00\x04\x00\x00\x00\x01\x00\x00\x00\x1A\x00\x00\x00\x00" +
			"\x00\x01\x90\x03\x00\x02\x00\x00\x00\x14\x00\x00\x00\x2C\x00\x00\x00\x00" + taken + "\x00"
		b = append(b, "\xFF\xE1"...)
		b = binary.BigEndian.AppendUint16(b, uint16(2+6+len(tiff)))
		b = append(b, "Exif\x00\x00"+tiff...)
	}
	b = append(b, "\xFF\xC0\x00\x0B\x08"...)
	b = binary.BigEndian.AppendUint16(b, uint16(height))
	b = binary.BigEndian.AppendUint16(b, uint16(width))
	b = append(b, "\x01\x01\x11\x00"+"\xFF\xDA\x00\x08\x01\x01\x00\x00\x3F\x00"+"\x12\x34\xFF\x00\x56"+"\xFF\xD9"...)
	return b
}

// keptFiles are the files of single contents below a server's folder.
func keptFiles(t *testing.T, dir string) []string {
	t.Helper()
	kept, err := filepath.Glob(filepath.Join(dir, "media", "*"))
	if err != nil {
		t.Fatal(err)
	}
	return slices.DeleteFunc(kept, func(path string) bool { return filepath.Base(path) == "small" })
}
