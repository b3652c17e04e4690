package emulator_test

import (
	"net/http"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/albumwright/albumwright/emulator"
)

// method is a request of each method of the API, with its rpc and the scopes
// that it accepts: A to append, R and E to read and to edit what the app
// created; L, O and S the library, reading and sharing of 2024.
type method struct {
	name, verb, path, body string
	rpc                    string
	today, then            string
}

const (
	anAlbum = "/v1/albums/x"
	anItem  = "/v1/mediaItems/x"
)

// methods are all methods of JSON. What they ask for does not exist, so that
// nothing changes: 400 and 404 are as good as success here.
var methods = []method{
	{"mediaItems.batchCreate", "POST", "/v1/mediaItems:batchCreate", "{}", "BatchCreateMediaItems", "A", "ALS"},
	{"mediaItems.get", "GET", anItem, "", "GetMediaItem", "R", "RLO"},
	{"mediaItems.batchGet", "GET", "/v1/mediaItems:batchGet?mediaItemIds=x", "", "BatchGetMediaItems", "R", "RLO"},
	{"mediaItems.list", "GET", "/v1/mediaItems", "", "ListMediaItems", "R", "RLO"},
	{"mediaItems.search", "POST", "/v1/mediaItems:search", "{}", "SearchMediaItems", "R", "RLO"},
	{"mediaItems.patch", "PATCH", anItem + "?updateMask=description", "{}", "UpdateMediaItem", "E", "E"},
	{"albums.create", "POST", "/v1/albums", "{}", "CreateAlbum", "A", "ALS"},
	{"albums.get", "GET", anAlbum, "", "GetAlbum", "R", "RLO"},
	{"albums.list", "GET", "/v1/albums", "", "ListAlbums", "R", "RLO"},
	{"albums.patch", "PATCH", anAlbum + "?updateMask=title", "{}", "UpdateAlbum", "E", "E"},
	{"albums.addEnrichment", "POST", anAlbum + ":addEnrichment", "{}", "AddEnrichmentToAlbum", "AE", "AELS"},
	{"albums.batchAddMediaItems", "POST", anAlbum + ":batchAddMediaItems", "{}", "BatchAddMediaItemsToAlbum", "AE", "AELS"},
	{"albums.batchRemoveMediaItems", "POST", anAlbum + ":batchRemoveMediaItems", "{}", "BatchRemoveMediaItemsFromAlbum", "E", "EL"},
	{"albums.share", "POST", anAlbum + ":share", "{}", "ShareAlbum", "", "S"},
	{"albums.unshare", "POST", anAlbum + ":unshare", "{}", "UnshareAlbum", "", "S"},
	{"sharedAlbums.get", "GET", "/v1/sharedAlbums/x", "", "GetSharedAlbum", "", "S"},
	{"sharedAlbums.list", "GET", "/v1/sharedAlbums", "", "ListSharedAlbums", "", "RLO"},
	{"sharedAlbums.join", "POST", "/v1/sharedAlbums:join", "{}", "JoinSharedAlbum", "", "S"},
	{"sharedAlbums.leave", "POST", "/v1/sharedAlbums:leave", "{}", "LeaveSharedAlbum", "", "S"},
}

var scopeLetters = map[string]emulator.Scope{
	"A": emulator.ScopeAppendOnly, "R": emulator.ScopeReadAppCreated, "E": emulator.ScopeEditAppCreated,
	"L": emulator.ScopeLibrary, "O": emulator.ScopeReadOnly, "S": emulator.ScopeSharing,
	"other": "openid",
}

func (c *client) requestOf(m method) *http.Request {
	c.t.Helper()
	if m.verb == http.MethodGet {
		return c.request(m.verb, m.path, nil)
	}
	return c.request(m.verb, m.path, strings.NewReader(m.body))
}

func (c *client) call(m method) answer {
	c.t.Helper()
	return c.do(c.requestOf(m))
}

// Contract 4, "Concurrency"; 12 #26: all that changes something by JSON is a
// write, and a second one in flight is refused.
func TestEveryChangeByJSONIsAWrite(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := direct(t, emulator.Config{Latency: time.Second, Era: emulator.Era2024})
		c = c.as(emulator.ScopeLibrary, emulator.ScopeSharing, emulator.ScopeEditAppCreated)
		for _, m := range methods {
			ended := make(chan struct{})
			go func() {
				defer close(ended)
				c.post("/v1/albums", `{"album":{"title":"x"}}`)
			}()
			time.Sleep(time.Second / 2)
			refused := c.call(m).status == http.StatusTooManyRequests
			if reads := m.verb == http.MethodGet || m.name == "mediaItems.search"; refused == reads {
				t.Errorf("%s beside a write is refused: %v", m.name, refused)
			}
			<-ended
		}
	})
}

// Faults and chaos know every method by its name, and see what its request is
// about.
func TestFaultsStrikeEveryMethod(t *testing.T) {
	bothWays(t, emulator.Config{Era: emulator.Era2024}, func(t *testing.T, c *client) {
		c = c.as(emulator.ScopeLibrary, emulator.ScopeSharing, emulator.ScopeEditAppCreated)
		for _, m := range methods {
			c.plan(emulator.Fault{Operation: m.name, Effect: emulator.Refuse("503")})
			c.call(m).wantError(t, http.StatusServiceUnavailable, "UNAVAILABLE", "")
			if a := c.call(m); a.status >= 500 {
				t.Errorf("%s after its fault: %d %s", m.name, a.status, a.body)
			}
		}
		album := c.album("Lake of the woods")
		item := c.add(album, nil, 1, 1)[0]
		info := c.share(album, false)
		for _, f := range []struct {
			match string
			m     method
		}{
			{"Lake", method{verb: "PATCH", path: "/v1/albums/" + album + "?updateMask=title", body: `{"title":"x"}`}},
			{"Sunset", method{verb: "PATCH", path: "/v1/albums/" + album + "?updateMask=title", body: `{"title":"Sunset"}`}},
			{"Dawn", method{verb: "PATCH", path: "/v1/mediaItems/" + item + "?updateMask=description", body: `{"description":"Dawn"}`}},
			{item, method{verb: "POST", path: "/v1/albums/x:batchAddMediaItems", body: `{"mediaItemIds":["` + item + `"]}`}},
			{"Day 1", method{verb: "POST", path: "/v1/albums/x:addEnrichment", body: `{"newEnrichmentItem":{"textEnrichment":{"text":"Day 1"}}}`}},
			{"Lake", method{verb: "GET", path: "/v1/sharedAlbums/" + info.ShareToken}},
			{"Lake", method{verb: "POST", path: "/v1/sharedAlbums:join", body: `{"shareToken":"` + info.ShareToken + `"}`}},
		} {
			c.plan(emulator.Fault{Operation: "*", Match: f.match, Effect: emulator.Refuse("503")})
			c.call(method{verb: "GET", path: "/v1/albums"}).wantStatus(t, http.StatusOK)
			c.call(f.m).wantError(t, http.StatusServiceUnavailable, "UNAVAILABLE", "")
		}
	})
}

// sure sends a request until it gets through.
func (c *client) sure(m method) answer {
	c.t.Helper()
	for range 5 {
		if a, err := c.try(c.requestOf(m)); err == nil && a.status == http.StatusOK && strings.HasPrefix(string(a.body), "{") {
			return a
		}
	}
	c.t.Fatalf("%s %s never gets through", m.verb, m.path)
	return answer{}
}

// Chaos draws the same for the same edits on two servers, whose ids and tokens
// differ.
func TestChaosKnowsEditsByWhatTheyName(t *testing.T) {
	disturbed := func(seed uint64) (all []bool) {
		synctest.Test(t, func(t *testing.T) {
			c := direct(t, emulator.Config{Era: emulator.Era2024, Chaos: emulator.Chaos{Seed: seed, Rate: 0.5, MaxAttempts: 1}})
			c = c.as(emulator.ScopeLibrary, emulator.ScopeSharing, emulator.ScopeEditAppCreated)
			album := c.sure(method{verb: "POST", path: "/v1/albums", body: `{"album":{"title":"Mine"}}`}).json(t)["id"].(string)
			enriching := method{verb: "POST", path: "/v1/albums/" + album + ":addEnrichment",
				body: `{"newEnrichmentItem":{"textEnrichment":{"text":"Day 1"}},"albumPosition":{}}`}
			day := c.sure(enriching).json(t)["enrichmentItem"].(map[string]any)["id"].(string)
			_, token := c.s.AddSharedAlbum(emulator.SomebodysAlbum{Title: "Theirs"})
			for _, m := range []method{
				{verb: "POST", path: enriching.path, body: `{"newEnrichmentItem":{"textEnrichment":{"text":"Day 2"}},` +
					`"albumPosition":{"position":"AFTER_ENRICHMENT_ITEM","relativeEnrichmentItemId":"` + day + `"}}`},
				{verb: "POST", path: "/v1/sharedAlbums:join", body: `{"shareToken":"` + token + `"}`},
				{verb: "GET", path: "/v1/sharedAlbums/" + token},
				{verb: "PATCH", path: "/v1/albums/" + album + "?updateMask=title", body: `{"title":"x"}`},
				{verb: "POST", path: "/v1/albums/" + album + ":share", body: `{}`},
				{verb: "POST", path: "/v1/sharedAlbums:leave", body: `{"shareToken":"` + token + `"}`},
			} {
				before := whole(c.s)
				_, _ = c.try(c.requestOf(m))
				all = append(all, whole(c.s) > before)
			}
		})
		return all
	}
	drawn := map[bool]bool{}
	for seed := range uint64(20) {
		first, second := disturbed(seed), disturbed(seed)
		if diff := cmp.Diff(first, second); diff != "" {
			t.Fatalf("seed %d (-first +second):\n%s", seed, diff)
		}
		for _, d := range first {
			drawn[d] = true
		}
	}
	if len(drawn) != 2 {
		t.Errorf("chaos drew %v only", drawn)
	}
}
