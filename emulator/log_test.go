package emulator_test

import (
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/albumwright/albumwright/emulator"
)

// timeless compares requests without how long they took and when they came.
func timeless() cmp.Option {
	return cmpopts.IgnoreFields(emulator.Request{}, "Time", "Took", "In", "Out")
}

func TestEachRequestIsALineOfTheLog(t *testing.T) {
	bothWays(t, emulator.Config{}, func(t *testing.T, c *client) {
		album := c.album("Lake")
		c.upload(photo(1))
		c.post("/v1/mediaItems:batchCreate", batch("", nil, ""))
		c.get("/v1/albums/" + album + "?prettyPrint=false")
		c.get("/v1/nothing/here")
		want := []emulator.Request{
			{N: 5, Method: "GET", Path: "/v1/…", Operation: "unknown", Status: 404, Quotas: []string{"requests"}},
			{N: 4, Method: "GET", Path: "/v1/albums/" + album + "?prettyPrint=false", Operation: "albums.get", Status: 200, Quotas: []string{"requests"}},
			{
				N: 3, Method: "POST", Path: "/v1/mediaItems:batchCreate", Operation: "mediaItems.batchCreate", Status: 400,
				Quotas: []string{"requests", "writes"}, Broke: []string{emulator.RuleTokenPresent},
			},
			{N: 2, Method: "POST", Path: "/v1/uploads", Operation: "uploads", Status: 200, Quotas: []string{"requests", "uploads"}},
			{N: 1, Method: "POST", Path: "/v1/albums", Operation: "albums.create", Status: 200, Quotas: []string{"requests", "writes"}},
		}
		got := c.s.Requests()
		if diff := cmp.Diff(want, got, timeless()); diff != "" {
			t.Errorf("the log (-want +got):\n%s", diff)
		}
		if up := got[3]; up.In != int64(len(photo(1))) || up.Out < 100 || up.Took <= 0 {
			t.Errorf("an upload of %d bytes is logged as %+v", len(photo(1)), up)
		}
	})
}

func TestTheLogRemembersTheLastThousand(t *testing.T) {
	c := direct(t, emulator.Config{})
	for range 1005 {
		c.get("/v1/albums")
	}
	if log := c.s.Requests(); len(log) != 1000 || log[0].N != 1005 || log[999].N != 6 {
		t.Errorf("%d lines, from %d to %d", len(log), log[len(log)-1].N, log[0].N)
	}
}

// What could open something is nowhere in the log, whatever a client does with it.
func TestTheLogHoldsNoSecret(t *testing.T) {
	bothWays(t, emulator.Config{}, func(t *testing.T, c *client) {
		id := c.add("", nil, 1, 1)[0]
		base := strings.TrimPrefix(c.baseURL(id), c.base)
		const secret = "SECRETsecret"
		for _, path := range []string{
			"/v1/albums?access_token=" + secret, "/v1/albums?pageToken=" + secret + "&pageSize=7", "/v1/albums?pageSize=" + secret,
			"/v1/albums?" + secret + "=1", "/v1/albums?updateMask=" + secret, "/v1/" + secret, "/v1/albums/" + secret, "/v1/albums/" + secret + "/x",
			"/v1/sharedAlbums/" + secret, "/v1/uploads/" + secret, "/v1/uploads?upload_id=" + secret, "/v1/mediaItems/" + secret + ":x", base + "=d",
			base, "/lh/" + secret + "=w10", "/lh/x=" + secret, "/lh/" + secret,
		} {
			c.get(path)
			c.do(c.request(http.MethodPost, path, strings.NewReader("{}")))
		}
		c.do(c.request(secret, "/v1/albums", nil))
		log := fmt.Sprintf("%+v", c.s.Requests())
		for _, text := range []string{secret, strings.TrimPrefix(base, "/lh/"), c.s.AccessToken()} {
			if at := strings.Index(log, text); at >= 0 {
				t.Errorf("the log has a secret: … %s", log[max(0, at-100):at+len(text)])
			}
		}
		for _, want := range []string{"/v1/albums?pageSize=7&pageToken=…", "/lh/…=d", "/v1/mediaItems/" + id} {
			if !strings.Contains(log, want+" ") {
				t.Errorf("the log lacks %s", want)
			}
		}
	})
}

func TestABrokenConnectionIsLogged(t *testing.T) {
	for effect, want := range map[string]emulator.Request{
		"cut-before": {Status: 0, Cut: true}, "cut-answer": {Status: 200, Cut: true}, "503": {Status: 503},
	} {
		t.Run(effect, func(t *testing.T) {
			bothWays(t, emulator.Config{}, func(t *testing.T, c *client) {
				if err := c.s.Plan(emulator.Fault{Operation: "albums.list", Effect: emulator.Effect{Name: effect}}); err != nil {
					t.Fatal(err)
				}
				_, _ = c.try(c.request(http.MethodGet, "/v1/albums", nil))
				want.N, want.Method, want.Path, want.Operation = 1, "GET", "/v1/albums", "albums.list"
				want.Quotas, want.Fault = []string{"requests"}, effect
				c.waitForLog(1)
				if diff := cmp.Diff([]emulator.Request{want}, c.s.Requests(), timeless()); diff != "" {
					t.Errorf("the log (-want +got):\n%s", diff)
				}
			})
		})
	}
}

// waitForLog waits for a line of a request whose client heard its end first.
func (c *client) waitForLog(n int) {
	c.t.Helper()
	for end := time.Now().Add(2 * time.Minute); len(c.s.Requests()) < n; {
		if time.Now().After(end) {
			c.t.Fatalf("the log has no %d lines", n)
		}
		c.get("/nowhere") // the gallery's, and in no log
	}
}

func TestTheRequestsPageFiltersTheLog(t *testing.T) {
	c := direct(t, emulator.Config{})
	if err := c.s.Plan(emulator.Fault{Operation: "albums.get", Effect: emulator.Effect{Name: "503"}}); err != nil {
		t.Fatal(err)
	}
	c.get("/v1/albums")
	c.get("/v1/albums/" + c.album("x"))
	c.post("/v1/mediaItems:batchCreate", batch("", nil, ""))
	for show, want := range map[string][]string{
		"": {"request-1", "request-2", "request-3", "request-4"}, "errors": {"request-3", "request-4"},
		"violations": {"request-4"}, "faults": {"request-3"}, "nonsense": nil,
	} {
		page := c.page("/requests?show=" + show)
		for n := range 4 {
			id := fmt.Sprintf("request-%d", n+1)
			if got, want := strings.Contains(page, `id="`+id+`"`), strings.Contains(strings.Join(want, " "), id); got != want {
				t.Errorf("show=%s: %s is there: %v, want %v", show, id, got, want)
			}
		}
	}
	if page := c.page("/requests?show=violations"); !strings.Contains(page, "Rule broken: "+emulator.RuleTokenPresent) {
		t.Error("the page does not say which rule was broken")
	}
}
