package tape_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"strings"
	"testing"
	"time"

	"go.uber.org/goleak"

	"github.com/albumwright/albumwright/emulator"
	"github.com/albumwright/albumwright/internal/fixture"
	"github.com/albumwright/albumwright/internal/tape"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// client speaks to a service by hand, and stops the test where the service does not answer as it should.
type client struct {
	t     *testing.T
	wire  http.RoundTripper
	base  string
	token string
}

// service is an emulator and a client of it, with a recorder between.
func service(t *testing.T, cfg emulator.Config, between func(http.RoundTripper) http.RoundTripper) (*emulator.Server, *client) {
	t.Helper()
	s, err := emulator.New(cfg)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	})
	return s, &client{t: t, wire: between(s.Transport()), base: "http://service.test", token: s.AccessToken()}
}

// answer is one, read whole.
type answer struct {
	status int
	header http.Header
	body   string
}

// ask sends a request. An address without a host is one of the service; headers are "Name: value". A connection that breaks has status 0.
func (c *client) ask(method, address, body string, headers ...string) answer {
	c.t.Helper()
	if strings.HasPrefix(address, "/") {
		address = c.base + address
	}
	req, err := http.NewRequestWithContext(c.t.Context(), method, address, strings.NewReader(body))
	if err != nil {
		c.t.Fatal(err)
	}
	if body == "" {
		req.Body = http.NoBody
	} else if method != http.MethodGet {
		req.Header.Set("Content-Type", "application/json")
	}
	req.Header.Set("Authorization", "Bearer "+c.token)
	for _, h := range headers {
		name, value, _ := strings.Cut(h, ": ")
		req.Header.Set(name, value)
	}
	resp, err := c.wire.RoundTrip(req)
	if err != nil {
		return answer{body: err.Error()}
	}
	defer resp.Body.Close()
	b, err := io.ReadAll(resp.Body)
	if err != nil {
		return answer{body: err.Error()}
	}
	return answer{resp.StatusCode, resp.Header, string(b)}
}

// must wants a success, and its JSON.
func (c *client) must(method, address, body string, headers ...string) (answer, map[string]any) {
	c.t.Helper()
	a := c.ask(method, address, body, headers...)
	if a.status != http.StatusOK {
		c.t.Fatalf("%s %s: %d %s", method, address, a.status, a.body)
	}
	var fields map[string]any
	_ = json.Unmarshal([]byte(a.body), &fields) // an upload's answer is none
	return a, fields
}

const bytesKind = "Content-Type: application/octet-stream"

// upload sends a file in one go and returns its token.
func (c *client) upload(file []byte) string {
	c.t.Helper()
	a, _ := c.must("POST", "/v1/uploads", string(file), bytesKind, "X-Goog-Upload-Protocol: raw", "X-Goog-Upload-Content-Type: image/jpeg")
	return a.body
}

// create makes media items of tokens, in an album or in none, and returns the results.
func (c *client) create(album string, tokens ...string) []any {
	c.t.Helper()
	var items []string
	for i, token := range tokens {
		items = append(items, fmt.Sprintf(`{"description":"Words of mine %d","simpleMediaItem":{"uploadToken":%q,"fileName":"IMG_%d.jpg"}}`, i, token, i))
	}
	_, out := c.must("POST", "/v1/mediaItems:batchCreate", fmt.Sprintf(`{"albumId":%q,"newMediaItems":[%s]}`, album, strings.Join(items, ",")))
	return out["newMediaItemResults"].([]any)
}

func (c *client) album(title string) string {
	c.t.Helper()
	_, out := c.must("POST", "/v1/albums", fmt.Sprintf(`{"album":{"title":%q}}`, title))
	return out["id"].(string)
}

// session sends a file in two chunks.
func (c *client) session(file []byte, chunk int) (address, token string) {
	c.t.Helper()
	start, _ := c.must("POST", "/v1/uploads", "", "X-Goog-Upload-Command: start", "X-Goog-Upload-Protocol: resumable",
		"X-Goog-Upload-Content-Type: image/jpeg", fmt.Sprintf("X-Goog-Upload-Raw-Size: %d", len(file)))
	address = start.header.Get("X-Goog-Upload-Url")
	c.must("POST", address, string(file[:chunk]), bytesKind, "X-Goog-Upload-Command: upload", "X-Goog-Upload-Offset: 0")
	c.must("POST", address, "", "X-Goog-Upload-Command: query")
	end, _ := c.must("POST", address, string(file[chunk:]), bytesKind, "X-Goog-Upload-Command: upload, finalize", fmt.Sprintf("X-Goog-Upload-Offset: %d", chunk))
	return address, end.body
}

// story is a bit of everything that the API can do.
func (c *client) story() {
	c.t.Helper()
	album := c.album("Grandmother's 80th")
	c.must("GET", "/v1/albums?pageSize=20", "")
	big := fixture.JPEG(fixture.Spec{Seed: 3, Captured: noon(3), PadTo: 300 << 10})
	_, token := c.session(big, 256<<10)
	results := c.create(album, c.upload(photo(1)), c.upload(photo(2)), token)
	id := results[0].(map[string]any)["mediaItem"].(map[string]any)["id"].(string)
	_, item := c.must("GET", "/v1/mediaItems/"+id, "")
	c.must("GET", item["baseUrl"].(string)+"=w64-h64", "")
	c.must("PATCH", "/v1/mediaItems/"+id+"?updateMask=description", `{"description":"Another word"}`)
	_, page := c.must("GET", "/v1/mediaItems?pageSize=2", "")
	c.must("GET", "/v1/mediaItems?pageSize=2&pageToken="+page["nextPageToken"].(string), "")
	c.must("POST", "/v1/mediaItems:search", fmt.Sprintf(`{"albumId":%q}`, album))
	c.must("POST", "/v1/albums/"+album+":addEnrichment",
		`{"newEnrichmentItem":{"locationEnrichment":{"location":{"locationName":"Our house","latlng":{"latitude":52.5,"longitude":13.4}}}},`+
			`"albumPosition":{"position":"LAST_IN_ALBUM"}}`)
	if a := c.ask("POST", "/v1/mediaItems:batchCreate", `{"newMediaItems":[{"simpleMediaItem":{"uploadToken":""}}]}`); a.status != http.StatusBadRequest {
		c.t.Errorf("an empty token: %d %s", a.status, a.body)
	}
}

// storyLength is the number of its requests.
const storyLength = 17

// photo is one that is a little longer than any that stands for it in a check.
func photo(n int) []byte { return fixture.TinyJPEG(1e10+n, noon(n)) }

func noon(minutes int) time.Time { return time.Date(2024, 5, 18, 12, minutes, 0, 0, time.UTC) }

// recorded runs a story through a recorder on the client's side.
func recorded(t *testing.T, cfg tape.Config, service func(between func(http.RoundTripper) http.RoundTripper), story func()) []byte {
	t.Helper()
	var out bytes.Buffer
	rec, err := tape.New(&out, cfg)
	if err != nil {
		t.Fatal(err)
	}
	service(rec.Transport)
	story()
	if err := rec.Close(); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

// recordedStory is the recording of the story.
func recordedStory(t *testing.T, cfg tape.Config) []byte {
	t.Helper()
	var c *client
	return recorded(t, cfg, func(between func(http.RoundTripper) http.RoundTripper) { _, c = service(t, emulator.Config{}, between) }, func() { c.story() })
}

func load(t *testing.T, recording []byte) *tape.Player {
	t.Helper()
	p, err := tape.Load(bytes.NewReader(recording), int64(len(recording)))
	if err != nil {
		t.Fatal(err)
	}
	return p
}

// wantNothingLeft checks that a player was asked for all that it has, and for nothing else.
func wantNothingLeft(t *testing.T, p *tape.Player) {
	t.Helper()
	left, err := p.NeverAsked()
	if err != nil || len(left) > 0 || len(p.Unexpected()) > 0 {
		t.Errorf("never asked: %q, %v; not in the recording: %q; want none", left, err, p.Unexpected())
	}
}

func exchanges(t *testing.T, recording []byte) (head tape.Head, all []tape.Exchange) {
	t.Helper()
	r, err := tape.NewReader(bytes.NewReader(recording))
	if err != nil {
		t.Fatal(err)
	}
	for {
		e, err := r.Next()
		if err == io.EOF {
			return r.Head, all
		}
		if err != nil {
			t.Fatal(err)
		}
		all = append(all, e)
	}
}

// response collects an answer.
type response struct {
	status int
	header http.Header
	body   bytes.Buffer
}

func newResponse() *response { return &response{status: http.StatusOK, header: http.Header{}} }

func (w *response) Header() http.Header         { return w.header }
func (w *response) WriteHeader(status int)      { w.status = status }
func (w *response) Write(p []byte) (int, error) { return w.body.Write(p) }

func (w *response) result(req *http.Request) *http.Response {
	return &http.Response{StatusCode: w.status, Header: w.header, Body: io.NopCloser(&w.body), ContentLength: int64(w.body.Len()), Request: req}
}
