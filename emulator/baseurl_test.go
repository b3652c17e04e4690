package emulator_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/albumwright/albumwright/emulator"
	"github.com/albumwright/albumwright/internal/fixture"
)

// baseURL is the address of an item's bytes.
func (c *client) baseURL(id string) string {
	c.t.Helper()
	u, _ := c.get("/v1/mediaItems/" + id).json(c.t)["baseUrl"].(string)
	if u == "" {
		c.t.Fatalf("%s has no base URL", id)
	}
	return u
}

// load loads a base URL with its parameters, without a token.
func (c *client) load(baseURL, parameters string) answer {
	c.t.Helper()
	path, ours := strings.CutPrefix(baseURL, c.base)
	if !ours {
		c.t.Fatalf("%s is not an address of %s", baseURL, c.base)
	}
	return c.open(path + parameters)
}

// wantPage checks a page of the front end that refuses something.
func (a answer) wantPage(t *testing.T, what string, status int) {
	t.Helper()
	if a.status != status || !strings.HasPrefix(a.header.Get("Content-Type"), "text/html") || !strings.Contains(string(a.body), "<p>") {
		t.Errorf("%s: %d %s, want a page with %d", what, a.status, a.header.Get("Content-Type"), status)
	}
}

// addresses are all base URLs of an answer, by their field.
func (a answer) addresses(t *testing.T) (all []string) {
	t.Helper()
	var walk func(v any)
	walk = func(v any) {
		switch v := v.(type) {
		case map[string]any:
			for name, member := range v {
				if name == "baseUrl" || strings.HasSuffix(name, "BaseUrl") {
					all = append(all, name+" "+member.(string))
				}
				walk(member)
			}
		case []any:
			for _, element := range v {
				walk(element)
			}
		}
	}
	walk(a.json(t))
	return all
}

// Contract 8; 12 #27, #42.
func TestAddressesAreWhereTheyBelong(t *testing.T) {
	bothWays(t, emulator.Config{}, func(t *testing.T, c *client) {
		created := c.post("/v1/albums", `{"album":{"title":"Summer"}}`)
		album := created.json(t)["id"].(string)
		token := c.upload(fixture.JPEG(fixture.Spec{}))
		result := c.post("/v1/mediaItems:batchCreate", batch(album, nil, token))
		id := result.results(t)[0].MediaItem.ID
		for _, tt := range []struct {
			name   string
			answer answer
			want   string // the field; "" = none
		}{
			{"albums.create", created, ""},
			{"mediaItems.batchCreate", result, ""},
			{"mediaItems.get", c.get("/v1/mediaItems/" + id), "baseUrl"},
			{"mediaItems.batchGet", c.get("/v1/mediaItems:batchGet?mediaItemIds=" + id), "baseUrl"},
			{"mediaItems.list", c.get("/v1/mediaItems"), "baseUrl"},
			{"mediaItems.search", c.post("/v1/mediaItems:search", "{}"), "baseUrl"},
			{"mediaItems.search in an album", c.post("/v1/mediaItems:search", map[string]any{"albumId": album}), "baseUrl"},
			{"mediaItems.patch", c.patch("/v1/mediaItems/"+id+"?updateMask=description", `{"description":"Dawn"}`), "baseUrl"},
			{"albums.get", c.get("/v1/albums/" + album), "coverPhotoBaseUrl"},
			{"albums.list", c.get("/v1/albums"), "coverPhotoBaseUrl"},
			{"albums.patch", c.patch("/v1/albums/"+album+"?updateMask=title", `{"title":"Autumn"}`), "coverPhotoBaseUrl"},
			{"a field mask", c.get("/v1/mediaItems?fields=mediaItems/baseUrl"), "baseUrl"},
			{"a field mask of another field", c.get("/v1/mediaItems?fields=mediaItems/id"), ""},
		} {
			tt.answer.wantStatus(t, http.StatusOK)
			got := tt.answer.addresses(t)
			if tt.want == "" {
				if got != nil {
					t.Errorf("%s has %q", tt.name, got)
				}
				continue
			}
			if len(got) != 1 || !strings.HasPrefix(got[0], tt.want+" "+c.base+"/lh/") {
				t.Errorf("%s has %q, want one %s of %s", tt.name, got, tt.want, c.base)
				continue
			}
			_, address, _ := strings.Cut(got[0], " ")
			c.load(address, "=w16-h16").wantStatus(t, http.StatusOK)
		}
	})
}

// Contract 12 #33: what is bare, unknown or of another server is refused with a
// page; and so is what is asked for in a wrong way.
func TestLoadsThatAreRefused(t *testing.T) {
	bothWays(t, emulator.Config{}, func(t *testing.T, c *client) {
		c.made(fixture.JPEG(fixture.Spec{}))
		u := c.baseURL(c.s.MediaItems()[0].ID)
		other := direct(t, emulator.Config{})
		foreign := other.baseURL(other.made(fixture.JPEG(fixture.Spec{})))
		last := strings.LastIndexByte(u, '/') + 1
		for name, path := range map[string]string{
			"bare":                 u,
			"bare, with an equals": u + "=",
			"changed":              u[:last] + swapLetter(u[last:]) + "=w10",
			"shortened":            u[:len(u)-4] + "=w10",
			"of another server":    c.base + foreign[strings.Index(foreign, "/lh/"):] + "=w10",
			"no address at all":    c.base + "/lh/nonsense=w10",
			"nothing":              c.base + "/lh/",
			"the folder":           c.base + "/lh",
		} {
			c.load(path, "").wantPage(t, name, http.StatusForbidden)
		}
		for _, method := range []string{http.MethodPost, http.MethodPut, http.MethodDelete} {
			a := c.do(c.request(method, strings.TrimPrefix(u, c.base)+"=w10", nil))
			if a.wantPage(t, method, http.StatusMethodNotAllowed); a.header.Get("Allow") != "GET, HEAD" {
				t.Errorf("%s: allowed is %q", method, a.header.Get("Allow"))
			}
		}
		a := c.do(c.request(http.MethodHead, strings.TrimPrefix(u, c.base)+"=w10", nil))
		if a.status != http.StatusOK || len(a.body) != 0 || a.header.Get("Content-Type") != "image/jpeg" {
			t.Errorf("HEAD gives %d %v, %d bytes", a.status, a.header, len(a.body))
		}
	})
}

// Contract 8: sizes are 1 to 16383, cropping needs both, dv stands alone, and no
// needs an image.
func TestParametersOfBaseURLs(t *testing.T) {
	c := direct(t, emulator.Config{})
	u := c.baseURL(c.made(fixture.JPEG(fixture.Spec{})))
	for _, good := range []string{
		"w1", "h1", "w16383", "h16383-w16383", "w100-h50-c", "c-h50-w100", "w100-no", "w100-h50-c-no", "d", "d-no", "no-d",
	} {
		if a := c.load(u, "="+good); a.status != http.StatusOK {
			t.Errorf("%s: status %d, want 200", good, a.status)
		}
	}
	for _, bad := range []string{
		"w0", "h0", "w16384", "w-h", "w", "w-1", "w+1", "w1.5", "w010", "w99999999999999999999", "w10-w10", "w10-h10-h10", "c", "w10-c", "h10-c",
		"no", "dv-no", "w10-dv", "h10-dv", "d-dv", "d-w10", "d-c", "d1", "dv2", "c1-w1-h1", "no1-w1", "s100", "w10-p", "w10-", "-w10", "W10", "w10=h10", "w10h10", "w10 h10", "ｗ１０",
	} {
		c.load(u, "="+url.PathEscape(bad)).wantPage(t, bad, http.StatusBadRequest)
	}
}

// Contract 8: valid for 60 minutes, and sooner gone if it is asked for.
func TestABaseURLLivesForAnHour(t *testing.T) {
	for _, tt := range []struct {
		name string
		cfg  emulator.Config
		life time.Duration
	}{
		{"the standard", emulator.Config{}, time.Hour},
		{"one that dies early", emulator.Config{BaseURLLife: 30 * time.Minute}, 30 * time.Minute},
	} {
		synctest.Test(t, func(t *testing.T) {
			c := direct(t, tt.cfg)
			album := c.album("Empty")
			id := c.made(fixture.JPEG(fixture.Spec{}))
			cover := c.get("/v1/albums/" + album).json(t)["coverPhotoBaseUrl"].(string)
			item := c.baseURL(id)
			time.Sleep(tt.life - 1)
			for _, u := range []string{item, cover} {
				c.load(u, "=w10").wantStatus(t, http.StatusOK)
			}
			renewed := c.baseURL(id)
			time.Sleep(time.Nanosecond)
			for _, u := range []string{item, cover} {
				c.load(u, "=w10").wantPage(t, tt.name, http.StatusForbidden)
			}
			c.load(renewed, "=w10").wantStatus(t, http.StatusOK)
		})
	}
}

func TestABaseURLOutlivesARestart(t *testing.T) {
	cfg := emulator.Config{Dir: t.TempDir()}
	c := direct(t, cfg)
	u := c.baseURL(c.made(fixture.JPEG(fixture.Spec{})))
	c = c.restart(cfg)
	c.load(u, "=w10").wantStatus(t, http.StatusOK)
}

// An address in an answer has the scheme and the name under which the server was
// asked; under the service's own name it is that of the service's host for media.
func TestABaseURLIsOfTheServerThatWasAsked(t *testing.T) {
	c := direct(t, emulator.Config{})
	id := c.made(fixture.JPEG(fixture.Spec{}))
	for base, want := range map[string]string{
		"http://emulator.test": "http://emulator.test", "https://localhost:8443": "https://localhost:8443",
		apiAddress: mediaAddress, apiAddress + ":443": mediaAddress,
	} {
		asked := *c
		asked.base = base
		if u := asked.baseURL(id); !strings.HasPrefix(u, want+"/lh/") {
			t.Errorf("asked as %s, the address is %s", base, u)
		}
	}
}

// Contract 6: loads are counted apart from API requests, the refused ones too,
// and have a quota of their own.
func TestLoadsAreCountedApart(t *testing.T) {
	bothWays(t, emulator.Config{Quota: emulator.Quota{BaseURLLoadsPerDay: 3}}, func(t *testing.T, c *client) {
		u := c.baseURL(c.made(fixture.JPEG(fixture.Spec{})))
		requests := c.s.Spent().Requests
		for _, parameters := range []string{"=w10", "", "=nonsense"} {
			c.load(u, parameters)
		}
		c.load(u, "=w10").wantPage(t, "the fourth", http.StatusTooManyRequests)
		if got := c.s.Calls()["baseUrl"]; got != 4 {
			t.Errorf("%d loads were counted, want 4", got)
		}
		if got := c.s.Spent(); got.Requests != requests || got.BaseURLLoads != 4 {
			t.Errorf("spent are %+v, want %d requests", got, requests)
		}
	})
}

func TestAClosedServerLoadsNothing(t *testing.T) {
	c := direct(t, emulator.Config{})
	u := c.baseURL(c.made(fixture.JPEG(fixture.Spec{})))
	if err := c.s.Close(); err != nil {
		t.Fatal(err)
	}
	c.load(u, "=w10").wantStatus(t, http.StatusServiceUnavailable)
}
