package emulator_test

import (
	"net/http"
	"net/http/httptest"
	"net/url"
	"regexp"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/albumwright/albumwright/emulator"
)

// submit sends the form of a page as a browser does, boxes ticked, and returns
// where it led to and the page there.
func (c *client) submit(path string, ticked url.Values) (place, page string) {
	c.t.Helper()
	form := url.Values{"form": {c.formToken(path)}}
	for name, values := range ticked {
		form[name] = values
	}
	r := c.steering(http.MethodPost, path, form.Encode())
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	r.Header.Set("Origin", c.base)
	r.Header.Set("Sec-Fetch-Site", "same-origin")
	client := *c.http
	client.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	res, err := client.Do(r)
	if err != nil {
		c.t.Fatal(err)
	}
	defer res.Body.Close()
	if res.StatusCode != http.StatusSeeOther {
		c.t.Fatalf("a form on %s is answered %d", path, res.StatusCode)
	}
	place = res.Header.Get("Location")
	return place, c.page(place)
}

// ticked are the boxes of a page that are ticked.
func ticked(page string) (names []string) {
	for _, m := range regexp.MustCompile(`type="(?:checkbox|radio)" name="(\w+)"(?: value="(\w+)")? checked`).FindAllStringSubmatch(page, -1) {
		names = append(names, strings.TrimSuffix(m[1]+" "+m[2], " "))
	}
	return names
}

func TestAnItemIsMarkedOnItsPage(t *testing.T) {
	bothWays(t, emulator.Config{}, func(t *testing.T, c *client) {
		album := c.album("Lake")
		ids := c.add(album, nil, 1, 2)
		path := "/albums/" + album + "/" + ids[0]
		if err := c.s.Mark(ids[0], emulator.Marks{Failed: true}); err != nil { // not on the page
			t.Fatal(err)
		}
		place, page := c.submit(path, url.Values{"favorite": {"on"}, "archived": {"on"}, "category": {"PETS", "NIGHT"}})
		if place != path+"?saved#marks" || !strings.Contains(page, "Saved.") {
			t.Errorf("the form leads to %s, want the same page with a word", place)
		}
		if diff := cmp.Diff([]string{"favorite", "archived", "category PETS", "category NIGHT"}, ticked(page)); diff != "" {
			t.Errorf("ticked (-want +got):\n%s", diff)
		}
		want := emulator.Marks{Favorite: true, Archived: true, Undated: true, Failed: true, Categories: []string{"PETS", "NIGHT"}}
		if diff := cmp.Diff(want, c.s.MediaItems()[0].Marks); diff != "" {
			t.Errorf("marks (-want +got):\n%s", diff)
		}
		if grid := c.page("/library"); !strings.Contains(grid, "★") || !strings.Contains(grid, "Archived") {
			t.Error("the library does not show the marks")
		}
		_, page = c.submit(path, nil)
		if len(ticked(page)) != 0 {
			t.Errorf("with no box ticked, %q are", ticked(page))
		}
	})
}

func TestTheTrashIsAPageOfItsOwn(t *testing.T) {
	bothWays(t, emulator.Config{}, func(t *testing.T, c *client) {
		album := c.album("Lake")
		ids := c.add(album, nil, 1, 2)
		path := "/albums/" + album + "/" + ids[0]
		if strings.Contains(c.page("/library"), "/trash") || !strings.Contains(c.page("/trash"), "is empty") {
			t.Error("a trash with something in it is shown")
		}
		place, _ := c.submit(path, url.Values{"trashed": {"on"}})
		if want := "/trash/" + ids[0]; place != want+"?saved#marks" {
			t.Errorf("it is at %s, want %s", place, want)
		}
		if a := c.open(path); a.status != http.StatusNotFound {
			t.Errorf("in the album it is still there: %d", a.status)
		}
		if !strings.Contains(c.page("/library"), `1 item in the trash`) || len(links(c.page("/trash"), "/trash/"+idPattern)) != 1 {
			t.Error("the trash is not shown")
		}
		c.get("/v1/mediaItems/"+ids[0]).wantStatus(t, http.StatusNotFound)
		place, _ = c.submit("/trash/"+ids[0], nil)
		if want := "/items/" + ids[0]; place != want+"?saved#marks" {
			t.Errorf("restored it is at %s, want %s", place, want)
		}
		c.page(path)
		c.get("/v1/mediaItems/"+ids[0]).wantStatus(t, http.StatusOK)
	})
}

func TestFormsThatAreRefused(t *testing.T) {
	bothWays(t, emulator.Config{}, func(t *testing.T, c *client) {
		other := direct(t, emulator.Config{})
		foreign := other.formToken("/items/" + other.add("", nil, 1, 1)[0])
		id := c.add("", nil, 1, 1)[0]
		path := "/items/" + id
		token := "form=" + c.formToken(path)
		for _, tt := range []struct {
			name, path, body string
			status           int
		}{
			{"without a token", path, "favorite=on", http.StatusForbidden},
			{"with an empty token", path, "form=&favorite=on", http.StatusForbidden},
			{"with another server's token", path, "form=" + foreign + "&favorite=on", http.StatusForbidden},
			{"with the token in the address", path + "?" + token, "favorite=on", http.StatusForbidden},
			{"of a category that is none", path, token + "&category=DRAGONS", http.StatusBadRequest},
			{"of an item that is not there", "/items/x", token + "&favorite=on", http.StatusNotFound},
			{"with too much in it", path, token + "&favorite=" + strings.Repeat("x", 20<<10), http.StatusBadRequest},
			{"with an escape that is none", path, token + "&favorite=%zz", http.StatusBadRequest},
		} {
			r := c.steering(http.MethodPost, tt.path, tt.body)
			r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
			if a := c.do(r); a.status != tt.status {
				t.Errorf("a form %s is answered %d, want %d", tt.name, a.status, tt.status)
			}
		}
		if m := c.s.MediaItems()[0].Marks; m.Favorite {
			t.Errorf("marks %+v", m)
		}
	})
}

// Who comes from another machine, where the server is open to it, looks only.
func TestOnlyThisMachineHasForms(t *testing.T) {
	c := direct(t, emulator.Config{})
	id := c.add("", nil, 1, 1)[0]
	token := c.formToken("/items/" + id)
	for remote, may := range map[string]bool{
		"127.0.0.1:4711": true, "[::1]:4711": true, "[::ffff:127.0.0.1]:4711": true,
		"192.168.1.7:4711": false, "[fe80::1%eth0]:4711": false, "10.0.0.1:80": false, "": false, "pipe": false,
	} {
		look := httptest.NewRequest(http.MethodGet, "/items/"+id, nil)
		mark := httptest.NewRequest(http.MethodPost, "/items/"+id, strings.NewReader("favorite=on&form="+token))
		mark.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		look.RemoteAddr, mark.RemoteAddr = remote, remote
		shown, marked := httptest.NewRecorder(), httptest.NewRecorder()
		c.s.ServeHTTP(shown, look)
		c.s.ServeHTTP(marked, mark)
		want := http.StatusForbidden
		if may {
			want = http.StatusSeeOther
		}
		if got := strings.Contains(shown.Body.String(), token); got != may || shown.Code != http.StatusOK || marked.Code != want {
			t.Errorf("from %q: form %v, page %d, sent %d", remote, got, shown.Code, marked.Code)
		}
	}
}

func TestTheRequestsPageShowsWhatIsUsedUp(t *testing.T) {
	c := direct(t, emulator.Config{Quota: emulator.ServiceQuota()})
	for range 3 {
		c.album("x")
	}
	page := strings.ReplaceAll(c.page("/requests"), "\n", " ")
	for _, want := range []string{
		`Requests today</span> <span class="sum"><b>3</b> of 10,000`, `Writes this minute</span> <span class="sum"><b>3</b> of 30`,
		`Uploads this minute</span> <span class="sum"><b>0</b> <span class="muted">no limit`,
	} {
		if !strings.Contains(page, want) {
			t.Errorf("the page lacks %s", want)
		}
	}
}

func TestAnItemBecomesAnotherAppsAndComesBack(t *testing.T) {
	c := direct(t, emulator.Config{})
	id := c.add("", nil, 1, 1)[0]
	for _, tt := range []struct {
		form   url.Values
		status int
	}{{url.Values{"foreign": {"on"}}, http.StatusNotFound}, {nil, http.StatusOK}} {
		c.submit("/items/"+id, tt.form)
		c.get("/v1/mediaItems/"+id).wantStatus(t, tt.status)
	}
}
