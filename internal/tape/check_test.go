package tape_test

import (
	"bytes"
	"hash/crc32"
	"io"
	"net/http"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/albumwright/albumwright/emulator"
	"github.com/albumwright/albumwright/internal/fixture"
	"github.com/albumwright/albumwright/internal/tape"
)

// madeUp is a photo in place of another.
func madeUp(m tape.Media) (io.ReaderAt, bool) {
	seed := int(crc32.ChecksumIEEE([]byte(m.Seed)))
	return bytes.NewReader(append(fixture.TinyJPEG(seed, noon(1)), make([]byte, m.Size)...)), true
}

func check(t *testing.T, recording []byte, cfg emulator.Config, between func(http.RoundTripper) http.RoundTripper) tape.CheckResult {
	t.Helper()
	_, c := service(t, cfg, between)
	out, err := tape.Check(t.Context(), bytes.NewReader(recording), tape.CheckConfig{
		Transport: c.wire, Endpoint: c.base, AccessToken: c.token, Media: madeUp,
	})
	if err != nil {
		t.Fatal(err)
	}
	return out
}

func asItIs(wire http.RoundTripper) http.RoundTripper { return wire }

func TestAServerAgreesWithItsOwnRecording(t *testing.T) {
	for _, words := range []bool{true, false} {
		out := check(t, recordedStory(t, tape.Config{Words: words}), emulator.Config{}, asItIs)
		if diff := cmp.Diff(tape.CheckResult{Compared: storyLength, Skipped: map[string]int{}}, out); diff != "" {
			t.Errorf("words %v (-want +got):\n%s", words, diff)
		}
	}
}

// altered is a server that answers otherwise.
type altered struct {
	next     http.RoundTripper
	from, to string
	status   int
}

func (a altered) RoundTrip(req *http.Request) (*http.Response, error) {
	resp, err := a.next.RoundTrip(req)
	if err != nil {
		return nil, err
	}
	b, err := io.ReadAll(resp.Body)
	if a.status != 0 {
		resp.StatusCode = a.status
	}
	resp.Body = io.NopCloser(strings.NewReader(strings.ReplaceAll(string(b), a.from, a.to)))
	return resp, err
}

func TestDifferencesAreNamed(t *testing.T) {
	recording := recordedStory(t, tape.Config{})
	for name, c := range map[string]struct {
		altered
		want string
	}{
		"a status":     {altered{status: http.StatusCreated}, "status: 201, recorded 200"},
		"a new name":   {altered{from: `"productUrl"`, to: `"productURL"`}, "newMediaItemResults[0].mediaItem.productUrl: missing, recorded"},
		"another type": {altered{from: `"isWriteable": true`, to: `"isWriteable": "true"`}, "isWriteable: a string, recorded a boolean"},
		"another code": {altered{from: `"code": 400`, to: `"code": 404`}, "error.code: 404, recorded 400"},
		"no JSON":      {altered{from: `{`, to: `<`}, "body: not JSON, recorded JSON"},
		"no token":     {altered{from: "CAIS", to: "<html> "}, ""},
	} {
		out := check(t, recording, emulator.Config{}, func(wire http.RoundTripper) http.RoundTripper {
			c.next = wire
			return c.altered
		})
		found := c.want == ""
		for _, d := range out.Differences {
			for _, what := range d.What {
				found = found || strings.Contains(what, c.want)
			}
		}
		if !found || len(out.Differences) == 0 {
			t.Errorf("%s: %+v, want %q", name, out, c.want)
		}
	}
}

func TestWhatIsNotUpToTheRequestIsNotCompared(t *testing.T) {
	var c *client
	recording := recorded(t, tape.Config{}, func(between func(http.RoundTripper) http.RoundTripper) {
		var s *emulator.Server
		s, c = service(t, emulator.Config{}, asItIs)
		before := c.album("From before")
		c.wire = between(c.wire)
		if err := s.Plan(emulator.Fault{Operation: "uploads.chunk", Effect: emulator.CutRequest(10)}, emulator.Fault{Operation: "albums.create", Effect: emulator.Refuse("429-day")}); err != nil {
			t.Fatal(err)
		}
		c.must("GET", "/v1/albums/"+before, "")
	}, func() {
		c.ask("POST", "/v1/albums", `{"album":{"title":"Too many"}}`)
		c.must("GET", "/v1/albums", "")
		start, _ := c.must("POST", "/v1/uploads", "", "X-Goog-Upload-Command: start", "X-Goog-Upload-Protocol: resumable", "X-Goog-Upload-Content-Type: image/jpeg",
			"X-Goog-Upload-Raw-Size: 1000")
		address := start.header.Get("X-Goog-Upload-Url")
		c.ask("POST", address, strings.Repeat("x", 1000), bytesKind, "X-Goog-Upload-Command: upload", "X-Goog-Upload-Offset: 0")
		c.must("POST", address, "", "X-Goog-Upload-Command: query")
	})
	out := check(t, recording, emulator.Config{}, asItIs)
	want := tape.CheckResult{Compared: 2, Skipped: map[string]int{ // the list of albums, the start
		"answered by how the day went (a quota, an outage, a sign-in, a broken connection)":    2, // the 429, the chunk
		"about something from before the recording, or from an exchange that was not compared": 2, // the album, the query
	}}
	if diff := cmp.Diff(want, out); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}
