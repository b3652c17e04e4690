package emulator_test

import (
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/albumwright/albumwright/emulator"
)

var twoUsers = []emulator.User{{Name: "Anna"}, {Name: "Ben"}}

const (
	anna = "anna@example.com"
	ben  = "ben@example.com"
)

// of is the client as another user and another app, with a static token.
func (c *client) of(email, clientID string) *client {
	c.t.Helper()
	s, err := c.s.For(email, clientID)
	if err != nil {
		c.t.Fatal(err)
	}
	other := *c
	other.s, other.bearer = s, s.NewAccessToken(emulator.ScopeAppendOnly, emulator.ScopeReadAppCreated, emulator.ScopeEditAppCreated)
	return &other
}

func TestEachUserHasALibraryOfTheirOwn(t *testing.T) {
	bothWays(t, emulator.Config{Users: twoUsers}, func(t *testing.T, c *client) {
		a := c.app()
		hers, his := c.with(a.signInAs(anna)), c.with(a.signInAs(ben))
		album := hers.album("Hers")
		token := hers.upload(photo(1))
		id := hers.createIDs(batch(album, nil, token))[0]

		for _, path := range []string{"/v1/albums/" + album, "/v1/mediaItems/" + id} {
			his.get(path).wantStatus(t, http.StatusNotFound)
		}
		if got := string(his.get("/v1/mediaItems").body); strings.TrimSpace(got) != "{}" {
			t.Errorf("his library is %s", got)
		}
		if got := his.create(batch("", nil, token)); got[0].Status.Code != 3 {
			t.Errorf("her upload token makes an item of his: %+v", got)
		}
		own := his.createIDs(batch("", nil, his.upload(photo(1))))[0]
		if own == id {
			t.Error("the same bytes are one item for both")
		}
		ours, err := c.s.For(ben, "")
		if err != nil {
			t.Fatal(err)
		}
		if got := ours.MediaItems(); len(got) != 1 || got[0].ID != own || len(ours.Albums()) != 0 || ours.User().Name != "Ben" {
			t.Errorf("his items %v", got)
		}
		if got := c.s.MediaItems(); len(got) != 1 || got[0].ID != id {
			t.Errorf("her items %v", got)
		}
		for who, itemID := range map[*client]string{hers: id, his: own} {
			c.load(who.baseURL(itemID), "=d").wantStatus(t, http.StatusOK)
		}
	})
}

func TestAppCreatedMeansByTheSameClient(t *testing.T) {
	bothWays(t, emulator.Config{Clients: []emulator.Client{{}, {ID: "other", Name: "Other"}}}, func(t *testing.T, c *client) {
		one, other := c.with(c.app().signIn()), c.with(c.appOf(c.s.Clients()[1]).signIn())
		album := one.album("One's")
		id := one.createIDs(batch(album, nil, one.upload(photo(1))))[0]

		other.get("/v1/albums/"+album).wantStatus(t, http.StatusNotFound)
		other.get("/v1/mediaItems/"+id).wantStatus(t, http.StatusNotFound)
		for _, path := range []string{"/v1/albums", "/v1/mediaItems"} {
			if got := strings.TrimSpace(string(other.get(path).body)); got != "{}" {
				t.Errorf("%s shows the other client %s", path, got)
			}
		}
		other.post("/v1/mediaItems:batchCreate", batch(album, nil, other.upload(photo(2)))).wantError(t, 400, "INVALID_ARGUMENT", "No permission to add media items to this album.")
		other.patch("/v1/mediaItems/"+id+"?updateMask=description", map[string]any{"description": "Mine"}).wantStatus(t, http.StatusNotFound)
		other.patch("/v1/albums/"+album+"?updateMask=title", map[string]any{"title": "Mine"}).wantError(t, 403, "PERMISSION_DENIED", "The caller does not have permission")
		own := other.album("Other's")
		other.post("/v1/albums/"+own+":batchAddMediaItems", map[string]any{"mediaItemIds": []string{id}}).wantError(t, 400, "INVALID_ARGUMENT", "Request contains an invalid media item id.")
		// Yet the same bytes are the item that is there, in the album that was asked for (contract 0 #5).
		if got := other.createIDs(batch(own, nil, other.upload(photo(1)))); !slices.Equal(got, []string{id}) {
			t.Errorf("the same bytes are %v, want %s", got, id)
		}
		if got := one.inAlbum(album); !slices.Equal(got, []string{id}) {
			t.Errorf("one's album holds %v", got)
		}
	})
}

func TestAFullAccountTakesNothing(t *testing.T) {
	bothWays(t, emulator.Config{Users: []emulator.User{{Name: "Anna", StorageFull: true}}}, func(t *testing.T, c *client) {
		album := c.album("Full")
		c.post("/v1/mediaItems:batchCreate", batch(album, nil, c.upload(photo(1)))).wantError(t, 400, "INVALID_ARGUMENT",
			"The remaining storage in the user's account is not enough to perform this operation.")
		if got := c.s.MediaItems(); len(got) != 0 {
			t.Errorf("items %v", got)
		}
		if err := c.s.SetUser(emulator.User{Name: "Anna"}); err != nil {
			t.Fatal(err)
		}
		c.createIDs(batch(album, nil, c.upload(photo(1))))
	})
}

func TestAUserWithoutPhotosIsRefusedInBothEnvelopes(t *testing.T) {
	bothWays(t, emulator.Config{Users: []emulator.User{{Name: "Anna", Disabled: true}}}, func(t *testing.T, c *client) {
		const text = "Google Photos is disabled for the user"
		signed := c.with(c.app().signIn())
		signed.get("/v1/albums").wantError(t, http.StatusForbidden, "PERMISSION_DENIED", text)
		signed.sendBytes().wantBareError(t, http.StatusForbidden, 7, text)
	})
}

// Two users write at once; one user does not. The day is the client's, the minute
// the user's.
func TestWhoseQuotaIsWhose(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := direct(t, emulator.Config{
			Users: twoUsers, Clients: []emulator.Client{{}, {ID: "other"}}, Latency: time.Second,
			Quota: emulator.Quota{RequestsPerDay: 6, WritesPerMinutePerUser: 3}, // the refused one counts
		})
		hers, his, hersByOther := c.of(anna, ""), c.of(ben, ""), c.of(anna, "other")
		ended := make(chan int, 3)
		for _, who := range []*client{hers, his, hersByOther} {
			go func() {
				ended <- who.post("/v1/albums", map[string]any{"album": map[string]any{"title": "A"}}).status
			}()
			time.Sleep(time.Millisecond)
		}
		statuses := []int{<-ended, <-ended, <-ended}
		if slices.Sort(statuses); !slices.Equal(statuses, []int{200, 200, 429}) {
			t.Errorf("statuses %v", statuses)
		}
		hers.album("second")
		hers.post("/v1/albums", map[string]any{"album": map[string]any{"title": "third"}}).wantStatus(t, http.StatusTooManyRequests)
		his.album("second")
		his.get("/v1/albums").wantStatus(t, http.StatusOK) // the 6th of the first client
		his.get("/v1/albums").wantStatus(t, http.StatusTooManyRequests)
		hersByOther.get("/v1/albums").wantStatus(t, http.StatusOK)
		if got, other := c.s.Spent().Requests, hersByOther.s.Spent().Requests; got != 7 || other != 2 {
			t.Errorf("requests %d and %d, want 7 and 2", got, other)
		}
	})
}

func TestAccountsThatMakeNoSense(t *testing.T) {
	for name, test := range map[string]struct {
		config emulator.Config
		says   string
	}{
		"no address":    {emulator.Config{Users: []emulator.User{{Email: "anna"}}}, "Config.Users[0]: User.Email"},
		"a blank in it": {emulator.Config{Users: []emulator.User{{Email: "an na@example.com"}}}, "Config.Users[0]: User.Email"},
		"a bell":        {emulator.Config{Users: []emulator.User{{Name: "A\a"}}}, "Config.Users[0]"},
		"twice":         {emulator.Config{Users: []emulator.User{{Name: "Anna"}, {Email: "ANNA@example.com"}}}, "Config.Users[1]: User.Email \"anna@example.com\" is there twice"},
		"a blank id":    {emulator.Config{Clients: []emulator.Client{{ID: "a b"}}}, "Config.Clients[0]: Client.ID"},
		"a second id":   {emulator.Config{Clients: []emulator.Client{{}, {}}}, "Config.Clients[1]: Client.ID is empty"},
		"an id twice":   {emulator.Config{Clients: []emulator.Client{{ID: "a"}, {ID: "a"}}}, "Config.Clients[1]: Client.ID \"a\" is there twice"},
		"a long name":   {emulator.Config{Clients: []emulator.Client{{Name: strings.Repeat("x", 255)}}}, "Config.Clients[0]: Client.Name"},
		"a secret":      {emulator.Config{Clients: []emulator.Client{{ID: "a", Secret: "s3cr3t\n"}}}, "Config.Clients[0]: Client.Secret of \"a\""},
	} {
		_, err := emulator.New(test.config)
		if err == nil || !strings.Contains(err.Error(), test.says) || strings.Contains(err.Error(), "s3cr3t") {
			t.Errorf("%s: %v, want %s", name, err, test.says)
		}
	}
	s := newServer(t, emulator.Config{})
	if _, err := s.For("x@example.com", ""); err == nil {
		t.Error("there is a user x")
	}
	if _, err := s.For("", "x"); err == nil {
		t.Error("there is a client x")
	}
}

func TestAccountsAreSteered(t *testing.T) {
	bothWays(t, emulator.Config{}, func(t *testing.T, c *client) {
		made := c.steer(http.MethodPost, "/control/users", `{"name": "Ben", "storageFull": true}`)
		made.wantStatus(t, http.StatusOK)
		if got := made.json(t); got["email"] != ben || got["storageFull"] != true {
			t.Errorf("made %v", got)
		}
		app := c.steer(http.MethodPost, "/control/clients", `{"name": "Second", "testing": true}`).json(t)
		id, _ := app["id"].(string)
		if id == "" || app["secret"] == "" {
			t.Fatalf("made %v", app)
		}
		listed := c.steer(http.MethodGet, "/control/clients", "")
		if text := string(listed.body); !strings.Contains(text, id) || strings.Contains(text, app["secret"].(string)) {
			t.Errorf("clients %s", text)
		}
		where := "?" + url.Values{"user": {ben}, "client": {id}}.Encode()
		token := c.steer(http.MethodPost, "/control/tokens"+where, `{"scopes": ["`+appendOnly+`"]}`).json(t)
		his := *c
		his.bearer = token["accessToken"].(string)
		his.post("/v1/mediaItems:batchCreate", batch("", nil, his.upload(photo(1)))).wantStatus(t, http.StatusBadRequest)
		c.steer(http.MethodPost, "/control/users", `{"email": "BEN@example.com", "storageFull": false}`).wantStatus(t, http.StatusOK)
		his.createIDs(batch("", nil, his.upload(photo(1))))
		if got := c.steer(http.MethodGet, "/control/items"+where, "").json(t)["mediaItems"].([]any); len(got) != 1 {
			t.Errorf("his items %v", got)
		}
		if got := c.steer(http.MethodGet, "/control/items", "").json(t)["mediaItems"].([]any); len(got) != 0 {
			t.Errorf("the first user's items %v", got)
		}

		a := c.app()
		signed := a.signInAs(ben)
		got := c.steer(http.MethodPost, "/control/withdraw?user="+ben, "")
		if said := got.json(t); said["withdrawn"] != 1.0 {
			t.Errorf("withdrawn %v", said)
		}
		c.with(signed).get("/v1/albums").wantStatus(t, http.StatusUnauthorized)

		for _, body := range []string{`{}`, `{"name": "\u0007"}`, `{"email": "x"}`, `{"mail": "x@y.z"}`, `[]`, ``} {
			c.steer(http.MethodPost, "/control/users", body).wantStatus(t, http.StatusBadRequest)
		}
		c.steer(http.MethodPost, "/control/clients", `{"id": "a b"}`).wantStatus(t, http.StatusBadRequest)
		c.steer(http.MethodGet, "/control/items?user=x@example.com", "").wantRefusal(t, http.StatusNotFound, "there is no user")
		c.steer(http.MethodGet, "/control/items?client=x", "").wantRefusal(t, http.StatusNotFound, "there is no client")
	})
}
