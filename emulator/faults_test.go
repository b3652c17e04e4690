package emulator_test

import (
	"crypto/sha256"
	"encoding/hex"
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/albumwright/albumwright/emulator"
)

// statuses sends n uploads of different photos.
func (c *client) statuses(n int) []int {
	c.t.Helper()
	var all []int
	for i := range n {
		all = append(all, c.do(c.uploadRequest(strings.NewReader(string(photo(i))))).status)
	}
	return all
}

// Nth and Times choose a stretch of the requests that fit.
func TestAFaultStrikesAStretchOfRequests(t *testing.T) {
	for _, tt := range []struct {
		name       string
		nth, times int
		want       []int
	}{
		{"the first by default", 0, 0, []int{503, 200, 200, 200}},
		{"the third", 3, 0, []int{200, 200, 503, 200}},
		{"two from the second on", 2, 2, []int{200, 503, 503, 200}},
		{"all from the third on", 3, -1, []int{200, 200, 503, 503}},
		{"all", 0, -1, []int{503, 503, 503, 503}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			c := direct(t, emulator.Config{})
			f := emulator.Fault{Operation: "uploads", Nth: tt.nth, Times: tt.times, Effect: emulator.Refuse("503")}
			c.plan(f)
			got := c.statuses(len(tt.want))
			if diff := cmp.Diff(tt.want, got); diff != "" {
				t.Error(diff)
			}
			struck := len(slices.DeleteFunc(slices.Clone(got), func(s int) bool { return s == 200 }))
			if c.s.Met() != struck || c.s.Disturbed()["503"] != struck {
				t.Errorf("met %d, disturbed %v, want %d", c.s.Met(), c.s.Disturbed(), struck)
			}
			if n := c.s.Calls()["uploads"]; n != len(tt.want) {
				t.Errorf("%d calls, want %d: those that were disturbed count", n, len(tt.want))
			}
		})
	}
}

// A fault counts from when it was planned; of two that want one request, the
// first has it, and the other one's turn is over.
func TestFaultsCountTheirRequestsForThemselves(t *testing.T) {
	c := direct(t, emulator.Config{})
	lost := emulator.Fault{Operation: "uploads", Effect: emulator.Refuse("500")}
	if err := c.s.Plan(
		emulator.Fault{Operation: "*", Effect: emulator.Refuse("503")}, lost,
		emulator.Fault{Operation: "uploads", Nth: 2, Effect: emulator.Refuse("409")},
	); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff([]int{503, 409, 200}, c.statuses(3)); diff != "" {
		t.Error(diff)
	}
	if err := c.s.Plan(emulator.Fault{Operation: "uploads", Effect: emulator.Refuse("429-day")}); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff([]int{429, 200}, c.statuses(2)); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff([]emulator.Fault{lost}, c.s.Unmet()); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff(map[string]int{"503": 1, "409": 1, "429-day": 1}, c.s.Disturbed()); diff != "" || c.s.Met() != 3 {
		t.Errorf("met %d\n%s", c.s.Met(), diff)
	}
}

// Operation keeps a fault to one method; "*" is any.
func TestAFaultStrikesItsOperation(t *testing.T) {
	c := direct(t, emulator.Config{})
	c.plan(emulator.Fault{Operation: "albums.create", Effect: emulator.Refuse("503")})
	c.get("/v1/albums").wantStatus(t, http.StatusOK)
	c.upload(photo(1))
	c.do(c.albumRequest("x")).wantStatus(t, http.StatusServiceUnavailable)
	c.plan(emulator.Fault{Operation: "*", Times: 4, Effect: emulator.Refuse("503")})
	c.get("/v1/albums").wantStatus(t, http.StatusServiceUnavailable)
	c.get("/v1/mediaItems/x").wantStatus(t, http.StatusServiceUnavailable)
	c.get("/v1/nothing").wantStatus(t, http.StatusNotFound) // no method, no fault
	c.do(c.albumRequest("x")).wantStatus(t, http.StatusServiceUnavailable)
	r := c.request(http.MethodGet, "/v1/albums", nil)
	r.Header.Del("Authorization")
	c.do(r).wantStatus(t, http.StatusServiceUnavailable) // before it is refused
	c.do(r.Clone(t.Context())).wantStatus(t, http.StatusUnauthorized)
}

// things are what requests can name.
type things struct {
	*client
	lake, token, id string
}

func (c things) named(name string) *http.Request {
	r := c.uploadRequest(strings.NewReader(string(photo(3))))
	r.Header.Set("X-Goog-Upload-File-Name", name)
	return r
}

func (c things) bytes(n int) *http.Request {
	return c.uploadRequest(strings.NewReader(string(photo(n))))
}

func (c things) getting(path string) *http.Request { return c.request(http.MethodGet, path, nil) }

func (c things) searching(body string) *http.Request {
	return c.request(http.MethodPost, "/v1/mediaItems:search", strings.NewReader(body))
}

func (c things) item(album, name, description string) *http.Request {
	b := batch(album, nil)
	b["newMediaItems"] = []any{entry(c.token, name, description)}
	return c.batchRequest(b)
}

// matches are requests, each with a Match that is planned before it.
var matches = func() []matchCase {
	raw := sha256.Sum256(photo(2))
	sum := hex.EncodeToString(raw[:])
	return []matchCase{
		{"an upload's bytes", func(c things) (string, *http.Request) { return sum, c.bytes(2) }, true},
		{"an upload's hash begins so", func(c things) (string, *http.Request) { return strings.ToUpper(sum[:9]), c.bytes(2) }, true},
		{"another upload's bytes", func(c things) (string, *http.Request) { return sum, c.bytes(3) }, false},
		{"the middle of a hash", func(c things) (string, *http.Request) { return sum[9:], c.bytes(2) }, false},
		{"an upload's file name", func(c things) (string, *http.Request) { return "IMG_1", c.named("IMG_1.jpg") }, true},
		{"an escaped file name", func(c things) (string, *http.Request) { return "Köln", c.named("K%C3%B6ln.jpg") }, true},
		{"another file name", func(c things) (string, *http.Request) { return "IMG_2", c.named("IMG_1.jpg") }, false},
		{"a file name", func(c things) (string, *http.Request) { return "IMG_1", c.item("", "IMG_1.jpg", "") }, true},
		{"a description", func(c things) (string, *http.Request) { return "sunset", c.item("", "", "a sunset") }, true},
		{"an upload token", func(c things) (string, *http.Request) { return c.token[10:], c.item("", "", "") }, true},
		{"the title behind an id", func(c things) (string, *http.Request) { return "Lake", c.item(c.lake, "", "") }, true},
		{"an album id", func(c things) (string, *http.Request) { return c.lake, c.item(c.lake, "", "") }, true},
		{"no album", func(c things) (string, *http.Request) { return "Lake", c.item("", "a", "b") }, false},
		{"an item to stand after", func(c things) (string, *http.Request) {
			after := map[string]any{"position": "AFTER_MEDIA_ITEM", "relative_media_item_id": c.id}
			return c.id, c.batchRequest(batch(c.lake, after, c.token))
		}, true},
		{"an enum is no name", func(c things) (string, *http.Request) {
			return "LAST_IN", c.batchRequest(batch(c.lake, map[string]any{"position": "LAST_IN_ALBUM"}, c.token))
		}, false},
		{"a new album's title", func(c things) (string, *http.Request) { return "Hill", c.albumRequest("On the Hill") }, true},
		{"an album in a path", func(c things) (string, *http.Request) { return "Lake", c.getting("/v1/albums/" + c.lake) }, true},
		{"an album that is searched", func(c things) (string, *http.Request) {
			return "Lake", c.searching(`{"album_id":"` + c.lake + `"}`)
		}, true},
		{"a search for all", func(c things) (string, *http.Request) { return "Lake", c.searching(`{}`) }, false},
		{"an item in a path", func(c things) (string, *http.Request) { return c.id, c.getting("/v1/mediaItems/" + c.id) }, true},
		{"an item in a query", func(c things) (string, *http.Request) {
			return c.id, c.getting("/v1/mediaItems:batchGet?mediaItemIds=x&media_item_ids=" + c.id)
		}, true},
		{"a list names nothing", func(c things) (string, *http.Request) { return "Lake", c.getting("/v1/albums") }, false},
	}
}()

type matchCase struct {
	name    string
	request func(things) (match string, r *http.Request)
	fits    bool
}

// Match finds a request by what it names.
func TestAFaultMatchesWhatARequestNames(t *testing.T) {
	for _, tt := range matches {
		t.Run(tt.name, func(t *testing.T) {
			bothWays(t, emulator.Config{}, func(t *testing.T, c *client) {
				lake := c.album("At the Lake")
				match, r := tt.request(things{c, lake, c.upload(photo(1)), c.add(lake, nil, 50, 1)[0]})
				if err := c.s.Plan(emulator.Fault{Operation: "*", Match: match, Effect: emulator.Refuse("503")}); err != nil {
					t.Fatal(err)
				}
				a := c.do(r)
				if fits := a.status == http.StatusServiceUnavailable; fits != tt.fits || fits != (c.s.Met() == 1) {
					t.Errorf("status %d, met %d, fits %v, want %v", a.status, c.s.Met(), fits, tt.fits)
				}
				c.wantClean()
			})
		})
	}
}

// A body that was read to see what it is about is carried out whole, and what
// is no JSON is refused by the operation.
func TestALookIntoABodyLeavesItThere(t *testing.T) {
	dir := t.TempDir() // each way has a folder of its own in it, and removes it
	bothWays(t, emulator.Config{Dir: dir}, func(t *testing.T, c *client) {
		if err := c.s.Plan(emulator.Fault{Operation: "*", Match: "nowhere", Effect: emulator.Refuse("503")}); err != nil {
			t.Fatal(err)
		}
		album := c.album("x")
		id := c.createIDs(batch(album, nil, c.upload(largePhoto(1))))[0]
		if diff := cmp.Diff([]string{id}, c.inAlbum(album)); diff != "" {
			t.Error(diff)
		}
		if sum := sha256.Sum256(largePhoto(1)); c.s.MediaItems()[0].SHA256 != sum {
			t.Error("the bytes are not those that were sent")
		}
		if kept := keptFiles(t, dir); len(kept) != 1 {
			t.Errorf("kept are %v, want the item's bytes only", kept)
		}
		for _, body := range []string{"{", "[]", "", `{"newMediaItems":7}`, `{"newMediaItems":[7]}`, `"nowhere"`} {
			c.post("/v1/mediaItems:batchCreate", body).wantError(t, http.StatusBadRequest, "INVALID_ARGUMENT", "")
		}
		if len(c.s.Unmet()) != 1 {
			t.Error("the fault was met")
		}
	})
}

// A plan with a fault that makes no sense is refused whole.
func TestAPlanMustMakeSense(t *testing.T) {
	ok := emulator.Refuse("500")
	for _, tt := range []struct {
		fault emulator.Fault
		want  string
	}{
		{emulator.Fault{Effect: ok}, "no operation; known are *, albums.addEnrichment, albums.batchAddMediaItems"},
		{emulator.Fault{Operation: "upload", Effect: ok}, `unknown operation "upload"; known are`},
		{emulator.Fault{Operation: "unknown", Effect: ok}, `unknown operation "unknown"`},
		{emulator.Fault{Operation: "uploads"}, `unknown effect ""; known are 207, 400-album-id`},
		{emulator.Fault{Operation: "uploads", Effect: emulator.Refuse("501")}, `unknown effect "501"`},
		{emulator.Fault{Operation: "uploads", Nth: -1, Effect: ok}, "nth is -1"},
		{emulator.Fault{Operation: "uploads", Effect: emulator.ShuffleResults()}, `effect "shuffled" is for mediaItems.batchCreate only`},
		{emulator.Fault{Operation: "*", Effect: emulator.FailItem(13, "")}, `effect "item" is for mediaItems.batchCreate only`},
		{emulator.Fault{Operation: "uploads", Effect: emulator.Slow(0)}, "delay is 0s"},
		{emulator.Fault{Operation: "uploads", Effect: emulator.Slow(-1)}, "delay is -1ns"},
		{emulator.Fault{Operation: "uploads", Effect: emulator.CutAnswer(-1)}, "at is -1"},
		{emulator.Fault{Operation: "mediaItems.batchCreate", Effect: emulator.FailItem(0, "")}, "code is 0"},
		{emulator.Fault{Operation: "mediaItems.batchCreate", Effect: emulator.FailItem(17, "")}, "code is 17"},
		{emulator.Fault{Operation: "mediaItems.batchCreate", Effect: emulator.Effect{Name: "missing", Entry: 50}}, "entry is 50"},
		{emulator.Fault{Operation: "mediaItems.batchCreate", Effect: emulator.Effect{Name: "400-token", Entry: 1}}, "entry without nameEntry"},
		{emulator.Fault{Operation: "uploads", Effect: emulator.Effect{Name: "stall", Apply: true}}, `effect "stall" has no apply`},
		{emulator.Fault{Operation: "uploads", Effect: emulator.Effect{Name: "html", RetryAfter: 1}}, `effect "html" has no retryAfter`},
		{emulator.Fault{Operation: "uploads", Effect: emulator.Effect{Name: "500", RetryAfter: -1}}, "retryAfter is -1"},
		{emulator.Fault{Operation: "uploads", Effect: emulator.Effect{Name: "500", Message: "x"}}, `effect "500" has no message`},
	} {
		s := newServer(t, emulator.Config{})
		good := emulator.Fault{Operation: "*", Effect: ok}
		err := s.Plan(good, tt.fault)
		if err == nil || !strings.Contains(err.Error(), tt.want) || !strings.HasPrefix(err.Error(), "emulator: fault 2: ") {
			t.Errorf("%+v: error %v, want one with %q", tt.fault, err, tt.want)
		}
		if left := s.Unmet(); len(left) != 0 {
			t.Errorf("planned all the same: %v", left)
		}
	}
}

// A server that is closed says so to everything, and meets no fault any more.
func TestAClosedServerHasNoFaults(t *testing.T) {
	c := direct(t, emulator.Config{Dir: t.TempDir(), Chaos: emulator.Chaos{Rate: 1}})
	if err := c.s.Plan(emulator.Fault{Operation: "*", Match: "x", Times: -1, Effect: emulator.CutBefore()}); err != nil {
		t.Fatal(err)
	}
	if err := c.s.Close(); err != nil {
		t.Fatal(err)
	}
	for _, r := range []*http.Request{c.uploadRequest(strings.NewReader("x")), c.albumRequest("x")} {
		c.do(r).wantStatus(t, http.StatusServiceUnavailable)
	}
	if c.s.Met() != 0 || len(c.s.Disturbed()) != 0 {
		t.Errorf("met %d, disturbed %v", c.s.Met(), c.s.Disturbed())
	}
}
