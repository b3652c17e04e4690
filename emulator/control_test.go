package emulator_test

import (
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/albumwright/albumwright/emulator"
)

// steer sends a request of the control path with its token.
func (c *client) steer(method, path, body string) answer {
	c.t.Helper()
	r := c.steering(method, path, body)
	r.Header.Set("X-Control-Token", c.s.ControlToken())
	return c.do(r)
}

// steering is a request of the control path without a token.
func (c *client) steering(method, path, body string) *http.Request {
	c.t.Helper()
	r := c.request(method, path, strings.NewReader(body))
	r.Header.Del("Authorization")
	return r
}

// wantRefusal checks what the control path says to a request that makes no
// sense.
func (a answer) wantRefusal(t *testing.T, status int, says string) {
	t.Helper()
	a.wantStatus(t, status)
	if text, _ := a.json(t)["error"].(string); !strings.Contains(text, says) {
		t.Errorf("the error is %q, want one that says %q", text, says)
	}
}

// Whoever has the token of the one has not that of the other.
func TestOnlyTheControlTokenSteers(t *testing.T) {
	bothWays(t, emulator.Config{AccessToken: "ya29.api", ControlToken: "control-secret"}, func(t *testing.T, c *client) {
		for _, tt := range []struct {
			header, value string
			want          int
		}{
			{"Authorization", "Bearer control-secret", http.StatusOK},
			{"Authorization", "bearer control-secret", http.StatusOK},
			{"X-Control-Token", "control-secret", http.StatusOK},
			{"Authorization", "Bearer ya29.api", http.StatusUnauthorized},
			{"X-Control-Token", "ya29.api", http.StatusUnauthorized},
			{"X-Control-Token", c.s.NewAccessToken(emulator.ScopeLibrary), http.StatusUnauthorized},
			{"X-Control-Token", "control-secre", http.StatusUnauthorized},
			{"X-Control-Token", "control-secret2", http.StatusUnauthorized},
			{"Authorization", "Basic control-secret", http.StatusUnauthorized},
			{"Authorization", "Bearer", http.StatusUnauthorized},
			{"Cookie", "control-secret", http.StatusUnauthorized},
		} {
			for _, path := range []string{"/control/summary", "/control/summary?access_token=control-secret"} {
				r := c.steering(http.MethodGet, path, "")
				r.Body, r.ContentLength = nil, 0
				r.Header.Set(tt.header, tt.value)
				if a := c.do(r); a.status != tt.want {
					t.Errorf("%s: %s on %s: status %d, want %d", tt.header, tt.value, path, a.status, tt.want)
				}
			}
		}
		r := c.request(http.MethodGet, "/v1/albums", nil)
		r.Header.Set("Authorization", "Bearer control-secret")
		c.do(r).wantStatus(t, http.StatusUnauthorized)
		if n := len(c.s.Calls()); n != 1 {
			t.Errorf("calls are %v, want none of the control path", c.s.Calls())
		}
	})
}

// A page that knew the token could not use it, in any browser.
func TestPagesOfOtherOriginsChangeNothing(t *testing.T) {
	c := socket(t, emulator.Config{})
	id := c.add("", nil, 1, 1)[0]
	own := strings.TrimPrefix(c.base, "http://")
	for _, tt := range []struct {
		header, value string
		refused       bool
	}{
		{"Origin", "http://evil.example", true},
		{"Origin", "http://localhost:1", true},
		{"Origin", "null", true},
		{"Sec-Fetch-Site", "cross-site", true},
		{"Sec-Fetch-Site", "same-site", true}, // another port of this machine
		{"Origin", "http://" + own, false},
		{"Sec-Fetch-Site", "same-origin", false},
	} {
		for _, path := range []string{"/control/quota/reset", "/items/" + id} {
			r := c.steering(http.MethodPost, path, "form="+c.formToken("/items/"+id))
			r.Header.Set("X-Control-Token", c.s.ControlToken())
			r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
			r.Header.Set(tt.header, tt.value)
			if a := c.do(r); (a.status == http.StatusForbidden) != tt.refused {
				t.Errorf("%s: %s: %s is answered %d", tt.header, tt.value, path, a.status)
			}
		}
	}
}

func TestFaultsArePlannedFromOutside(t *testing.T) {
	bothWays(t, emulator.Config{}, func(t *testing.T, c *client) {
		plan := `{"operation": "albums.list", "times": -1, "effect": {"name": "503"}}` + "\n\n" +
			`{"operation": "uploads", "match": "x", "effect": {"name": "408"}}` + "\n"
		if got := c.steer("POST", "/control/faults", plan).json(t); got["planned"] != 2.0 {
			t.Errorf("planned %v, want 2", got)
		}
		c.get("/v1/albums").wantStatus(t, http.StatusServiceUnavailable)
		want := map[string]any{
			"met": 1.0, "disturbed": map[string]any{"503": 1.0}, "heldUp": 0.0,
			"unmet": []any{map[string]any{"operation": "uploads", "match": "x", "effect": map[string]any{"name": "408"}}},
		}
		if diff := cmp.Diff(want, c.steer("GET", "/control/faults", "").json(t)); diff != "" {
			t.Errorf("faults (-want +got):\n%s", diff)
		}
		// A plan with an error in it changes nothing.
		c.steer("POST", "/control/faults", plan+`{"operation": "uploads", "effect": {"name": "nonsense"}}`).
			wantRefusal(t, http.StatusBadRequest, `line 4: unknown effect "nonsense"; known are 207, `)
		c.steer("POST", "/control/faults", "\n").wantRefusal(t, http.StatusBadRequest, "no fault")
		if n := len(c.s.Unmet()); n != 1 {
			t.Errorf("%d faults wait, want 1", n)
		}
		c.steer("POST", "/control/faults/forget", "").wantStatus(t, http.StatusOK)
		c.get("/v1/albums").wantStatus(t, http.StatusOK)
	})
}

func TestTheUserIsPlayedFromOutside(t *testing.T) {
	bothWays(t, emulator.Config{Era: emulator.Era2024}, func(t *testing.T, c *client) {
		album, gone := c.album("Kept"), c.album("Gone")
		items := c.add(album, nil, 1, 3)
		marks := "/control/items/" + items[0] + "/marks"

		// What a request does not name stays as it is.
		c.steer("POST", marks, `{"favorite": true, "categories": ["PETS", "FOOD"]}`).wantStatus(t, http.StatusOK)
		c.steer("POST", marks, `{"archived": true}`).wantStatus(t, http.StatusOK)
		c.steer("POST", marks, `{"categories": ["NIGHT"]}`).wantStatus(t, http.StatusOK)
		want := emulator.Marks{Favorite: true, Archived: true, Undated: true, Categories: []string{"NIGHT"}}
		if diff := cmp.Diff(want, c.s.MediaItems()[0].Marks); diff != "" {
			t.Errorf("marks (-want +got):\n%s", diff)
		}
		c.steer("POST", "/control/items/"+items[1]+"/marks", `{"trashed": true}`).wantStatus(t, http.StatusOK)
		c.steer("POST", "/control/albums/"+album+"/remove", `{"mediaItemId": "`+items[2]+`"}`).wantStatus(t, http.StatusOK)
		if got := c.inAlbum(album); !slices.Equal(got, items[:1]) {
			t.Errorf("the album is %v, want %v", got, items[:1])
		}
		c.steer("POST", "/control/albums/"+gone+"/delete", "").wantStatus(t, http.StatusOK)
		c.get("/v1/albums/"+gone).wantStatus(t, http.StatusNotFound)

		foreign := c.steer("POST", "/control/albums/foreign", `{"title": "Theirs"}`).json(t)["id"].(string)
		c.post("/v1/mediaItems:batchCreate", batch(foreign, nil, c.upload(photo(9)))).
			wantError(t, http.StatusBadRequest, "INVALID_ARGUMENT", "No permission to add media items to this album.")

		// A token for one scope, which was removed, and opens the method that wants it.
		limited := *c
		limited.bearer = c.steer("POST", "/control/tokens", `{"scopes": ["`+string(emulator.ScopeSharing)+`"]}`).json(t)["accessToken"].(string)
		limited.post("/v1/albums/"+album+":share", "{}").wantStatus(t, http.StatusOK)
		limited.get("/v1/albums").wantStatus(t, http.StatusForbidden)
	})
}

func TestHowItStandsIsReadFromOutside(t *testing.T) {
	bothWays(t, emulator.Config{Quota: emulator.Quota{WritesPerMinutePerUser: 2}, Now: standing()}, func(t *testing.T, c *client) {
		album := c.album("Lake")
		c.create(map[string]any{"albumId": album, "newMediaItems": []any{entry(c.upload(photo(1)), "a.gif", "Dawn")}})
		c.newAlbum().wantStatus(t, http.StatusTooManyRequests)

		sum := c.steer("GET", "/control/summary", "").json(t)
		spent := sum["spent"].(map[string]any)
		if spent["reset"] == "" {
			t.Error("the summary does not say when the day ends")
		}
		delete(spent, "reset")
		want := map[string]any{
			"era": "today", "albums": 1.0, "mediaItems": 1.0, "bytes": float64(len(photo(1))), "violations": 1.0,
			"calls":     map[string]any{"albums.create": 2.0, "uploads": 1.0, "mediaItems.batchCreate": 1.0},
			"disturbed": map[string]any{}, "faultsMet": 0.0, "faultsUnmet": 0.0,
			"quota": map[string]any{
				"requestsPerDay": 0.0, "baseUrlLoadsPerDay": 0.0, "writesPerMinutePerUser": 2.0, "uploadsPerMinute": 0.0, "uploadsAs400": false,
			},
			"spent": map[string]any{"requests": 4.0, "baseUrlLoads": 0.0, "writes": 2.0, "uploads": 1.0},
		}
		if diff := cmp.Diff(want, sum); diff != "" {
			t.Errorf("summary (-want +got):\n%s", diff)
		}
		c.wantLists()
		c.steer("POST", "/control/quota/reset", "").wantStatus(t, http.StatusOK)
		c.album("Another")
		if got := c.s.Spent(); got.Requests != 1 || got.Writes != 1 || got.Uploads != 0 {
			t.Errorf("after the reset, and a write, %+v is spent", got)
		}
	})
}

// wantLists compares the lists of the control path with what the server says, of
// one album with one item, and of one violation.
func (c *client) wantLists() {
	c.t.Helper()
	var list struct {
		Violations []emulator.Violation
		Albums     []emulator.Album
		MediaItems []struct{ ID, Filename, Description, SHA256 string }
	}
	c.steer("GET", "/control/violations", "").into(c.t, &list)
	c.steer("GET", "/control/albums", "").into(c.t, &list)
	c.steer("GET", "/control/items", "").into(c.t, &list)
	if len(list.Violations) != 1 || list.Violations[0].Rule != emulator.RuleWritesPerMinute {
		c.t.Errorf("violations %+v", list.Violations)
	}
	if diff := cmp.Diff(c.s.Albums(), list.Albums); diff != "" {
		c.t.Errorf("albums (-want +got):\n%s", diff)
	}
	if it := list.MediaItems; len(it) != 1 || it[0].ID != c.s.Albums()[0].Items[0] || it[0].Filename != "a.gif" ||
		it[0].Description != "Dawn" || len(it[0].SHA256) != 64 {
		c.t.Errorf("items %+v", it)
	}
}

func TestControlRequestsThatMakeNoSense(t *testing.T) {
	bothWays(t, emulator.Config{Now: standing()}, func(t *testing.T, c *client) {
		album, other := c.album("Lake"), c.album("Empty")
		id := c.add(album, nil, 1, 1)[0]
		before := c.steer("GET", "/control/summary", "").body
		for _, tt := range []struct {
			method, path, body string
			status             int
			says               string
		}{
			{"POST", "/control/items/" + id + "/marks", `{"favourite": true}`, 400, `unknown key "favourite"; known are favorite, archived`},
			{"POST", "/control/items/" + id + "/marks", `{"favorite": "yes"}`, 400, "bool"},
			{"POST", "/control/items/" + id + "/marks", `{"favorite": true} {}`, 400, "after top-level value"},
			{"POST", "/control/items/" + id + "/marks", ``, 400, "unexpected end"},
			{"POST", "/control/items/" + id + "/marks", `[]`, 400, "array"},
			{"POST", "/control/items/" + id + "/marks", `{"categories": ["DRAGONS"]}`, 400, "DRAGONS"},
			{"POST", "/control/items/x/marks", `{"favorite": true}`, 404, `no media item "x"`},
			{"POST", "/control/items/..%2f..%2fetc%2fpasswd/marks", `{}`, 404, `no media item "../../etc/passwd"`},
			{"POST", "/control/albums/x/delete", ``, 404, `no album "x"`},
			{"POST", "/control/albums/" + other + "/remove", `{"mediaItemId": "` + id + `"}`, 404, "no album"},
			{"POST", "/control/albums/" + album + "/remove", `{"mediaItemId": "x"}`, 404, "no album"},
			{"POST", "/control/tokens", `{"scopes": ["photoslibrary"]}`, 400, `no scope "photoslibrary"`},
			{"POST", "/control/faults", strings.Repeat("\n", 5<<20), 413, "too large"},
			{"POST", "/control/summary", ``, 404, "there is no POST /control/summary"},
			{"GET", "/control/quota/reset", ``, 404, "there is no GET"},
			{"DELETE", "/control/albums", ``, 404, "there is no DELETE"},
		} {
			r := c.steering(tt.method, tt.path, tt.body)
			r.Header.Set("X-Control-Token", c.s.ControlToken())
			a, err := c.try(r)
			if err != nil && tt.status == http.StatusRequestEntityTooLarge {
				continue // over a socket, the server may hang up on who goes on sending
			}
			a.wantRefusal(t, tt.status, tt.says)
		}
		if diff := cmp.Diff(string(before), string(c.steer("GET", "/control/summary", "").body)); diff != "" {
			t.Errorf("something has changed (-before +after):\n%s", diff)
		}
	})
}

func TestControlTokensAreRandomAndNoAccessTokens(t *testing.T) {
	a, b := newServer(t, emulator.Config{}), newServer(t, emulator.Config{})
	if a.ControlToken() == b.ControlToken() || len(a.ControlToken()) < 32 || a.ControlToken() == a.AccessToken() {
		t.Errorf("control tokens %q and %q, access token %q", a.ControlToken(), b.ControlToken(), a.AccessToken())
	}
	_, err := emulator.New(emulator.Config{AccessToken: "one", ControlToken: "one"})
	if err == nil || !strings.Contains(err.Error(), "ControlToken") {
		t.Errorf("one token for both: error %v", err)
	}
}

func TestAClosedServerIsNotSteered(t *testing.T) {
	c := direct(t, emulator.Config{})
	if err := c.s.Close(); err != nil {
		t.Fatal(err)
	}
	c.steer("GET", "/control/summary", "").wantRefusal(t, http.StatusServiceUnavailable, "closed")
}

// formToken is what a page's form must bring with it.
func (c *client) formToken(path string) string {
	c.t.Helper()
	_, rest, found := strings.Cut(c.page(path), `name="form" value="`)
	if !found {
		c.t.Fatalf("%s has no form", path)
	}
	token, _, _ := strings.Cut(rest, `"`)
	return token
}
