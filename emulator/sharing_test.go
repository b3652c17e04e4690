package emulator_test

import (
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/albumwright/albumwright/emulator"
)

// shareInfo is the ShareInfo resource.
type shareInfo struct {
	SharedAlbumOptions            struct{ IsCollaborative, IsCommentable bool }
	ShareableURL, ShareToken      string
	IsJoined, IsOwned, IsJoinable bool
}

// sharedAlbum is an Album with what matters here.
type sharedAlbum struct {
	ID, Title   string
	IsWriteable bool
	ShareInfo   *shareInfo
}

// in2024 is a client with all the scopes of 2024.
func in2024(c *client) *client {
	return c.as(emulator.ScopeLibrary, emulator.ScopeSharing, emulator.ScopeEditAppCreated)
}

// share shares an album.
func (c *client) share(albumID string, collaborative bool) shareInfo {
	c.t.Helper()
	a := c.post("/v1/albums/"+albumID+":share", map[string]any{"sharedAlbumOptions": map[string]any{"isCollaborative": collaborative}})
	a.wantStatus(c.t, http.StatusOK)
	var res struct{ ShareInfo shareInfo }
	a.into(c.t, &res)
	return res.ShareInfo
}

// join joins an album by its token.
func (c *client) join(token string) sharedAlbum {
	c.t.Helper()
	a := c.post("/v1/sharedAlbums:join", map[string]any{"shareToken": token})
	a.wantStatus(c.t, http.StatusOK)
	var res struct{ Album sharedAlbum }
	a.into(c.t, &res)
	return res.Album
}

// listed are the titles of a listing of albums.
func (c *client) listed(path string) []string {
	c.t.Helper()
	a := c.get(path)
	a.wantStatus(c.t, http.StatusOK)
	var page struct{ Albums, SharedAlbums []sharedAlbum }
	a.into(c.t, &page)
	var titles []string
	for _, a := range append(page.Albums, page.SharedAlbums...) {
		titles = append(titles, a.Title)
	}
	return titles
}

// bodyIs compares an answer that is a whole body.
func (a answer) bodyIs(t *testing.T, want string) {
	t.Helper()
	a.wantStatus(t, http.StatusOK)
	if got := strings.TrimSpace(string(a.body)); got != want {
		t.Errorf("the answer is %s, want %s", got, want)
	}
}

// Contract 7, ShareInfo: what sharing an album answers, and who is told.
func TestASharedAlbumTellsHowItIsShared(t *testing.T) {
	bothWays(t, emulator.Config{Era: emulator.Era2024}, func(t *testing.T, c *client) {
		c = in2024(c)
		album := c.album("Summer")
		info := c.share(album, true)
		if len(info.ShareToken) < 40 || !strings.HasPrefix(info.ShareableURL, "https://photos.app.goo.gl/") {
			t.Errorf("token %q, URL %q", info.ShareToken, info.ShareableURL)
		}
		want := info
		want.SharedAlbumOptions.IsCollaborative, want.IsJoined, want.IsOwned, want.IsJoinable = true, true, true, true
		if info != want {
			t.Errorf("shareInfo %+v", info)
		}
		var got sharedAlbum
		c.get("/v1/albums/"+album).into(t, &got)
		if diff := cmp.Diff(&info, got.ShareInfo); diff != "" {
			t.Errorf("albums.get (-share +get):\n%s", diff)
		}
		// Once more with other options, written as the guide writes them.
		a := c.post("/v1/albums/"+album+":share", `{"sharedAlbumOptions":{"isCollaborative":"false","is_commentable":"true"}}`)
		var again struct{ ShareInfo shareInfo }
		a.into(t, &again)
		want.SharedAlbumOptions.IsCollaborative, want.SharedAlbumOptions.IsCommentable = false, true
		if again.ShareInfo != want {
			t.Errorf("shared again it is %+v\nwant %+v", again.ShareInfo, want)
		}
		for _, other := range []*client{c.as(emulator.ScopeLibrary), c.as(emulator.ScopeReadAppCreated)} {
			if _, found := other.get("/v1/albums/" + album).json(t)["shareInfo"]; found {
				t.Error("shareInfo is told without the scope to share")
			}
		}
	})
}

// Contract 5, albums.share and unshare: only albums that the app made for the
// user, and only shared ones.
func TestSharingThatIsRefused(t *testing.T) {
	bothWays(t, emulator.Config{Era: emulator.Era2024}, func(t *testing.T, c *client) {
		c = in2024(c)
		album, foreign := c.album("Mine"), c.s.AddForeignAlbum("Another app's")
		theirs, token := c.s.AddSharedAlbum(emulator.SomebodysAlbum{Title: "Theirs"})
		unjoined, _ := c.s.AddSharedAlbum(emulator.SomebodysAlbum{Title: "Not joined"})
		c.join(token)
		for _, tt := range []struct {
			name, path, body string
			code             int
			status           string
		}{
			{"an option that does not exist", album + ":share", `{"sharedAlbumOptions":{"isPublic":true}}`, 400, "INVALID_ARGUMENT"},
			{"an option that is no flag", album + ":share", `{"sharedAlbumOptions":{"isCollaborative":"yes"}}`, 400, "INVALID_ARGUMENT"},
			{"an option that is a number", album + ":share", `{"sharedAlbumOptions":{"isCollaborative":1}}`, 400, "INVALID_ARGUMENT"},
			{"share another app's album", foreign + ":share", `{}`, 403, "PERMISSION_DENIED"},
			{"share somebody's album", theirs + ":share", `{}`, 403, "PERMISSION_DENIED"},
			{"share no album", "x:share", `{}`, 400, "INVALID_ARGUMENT"},
			{"share an album that is not joined", unjoined + ":share", `{}`, 404, "NOT_FOUND"},
			{"unshare what is not shared", album + ":unshare", `{}`, 400, "INVALID_ARGUMENT"},
			{"unshare somebody's album", theirs + ":unshare", `{}`, 403, "PERMISSION_DENIED"},
			{"unshare with a body", album + ":unshare", `{"albumId":"x"}`, 400, "INVALID_ARGUMENT"},
		} {
			t.Run(tt.name, func(t *testing.T) {
				c.post("/v1/albums/"+tt.path, tt.body).wantError(t, tt.code, tt.status, "")
			})
		}
		if got := c.listed("/v1/sharedAlbums"); !slices.Equal(got, []string{"Theirs"}) {
			t.Errorf("shared albums %q", got)
		}
	})
}

// Contract 5, albums.unshare: the token ends, and what others added is gone.
func TestAnUnsharedAlbumIsPrivateAgain(t *testing.T) {
	bothWays(t, emulator.Config{Era: emulator.Era2024}, func(t *testing.T, c *client) {
		c = in2024(c)
		album := c.album("Summer")
		mine := c.add(album, nil, 1, 2)
		info := c.share(album, true)
		theirs, err := c.s.Contribute(album, "Ada", "ada.gif", photo(9))
		if err != nil {
			t.Fatal(err)
		}
		if got := c.inAlbum(album); !slices.Equal(got, append(slices.Clone(mine), theirs)) {
			t.Errorf("the shared album is %v", got)
		}
		c.post("/v1/albums/"+album+":unshare", `{}`).bodyIs(t, "{}")
		if got := c.inAlbum(album); !slices.Equal(got, mine) {
			t.Errorf("the private album is %v, want %v", got, mine)
		}
		c.get("/v1/sharedAlbums/"+info.ShareToken).wantError(t, http.StatusNotFound, "NOT_FOUND", "")
		c.get("/v1/mediaItems/"+theirs).wantError(t, http.StatusNotFound, "NOT_FOUND", "")
		if again := c.share(album, true); again.ShareToken == info.ShareToken {
			t.Error("shared again, the album has its old token")
		}
		if got := c.inAlbum(album); !slices.Equal(got, mine) {
			t.Errorf("shared again, the album is %v, want %v", got, mine)
		}
	})
}

// Contract 7, ContributorInfo: who added an item is told in a listing of a
// shared album, with the scope to share.
func TestAListingOfASharedAlbumTellsWhoAddedWhat(t *testing.T) {
	bothWays(t, emulator.Config{Era: emulator.Era2024}, func(t *testing.T, c *client) {
		c = in2024(c)
		album := c.album("Summer")
		mine := c.add(album, nil, 1, 1)
		contributors := func(c *client) (names []string) {
			var page struct {
				MediaItems []struct{ ContributorInfo *struct{ DisplayName string } }
			}
			c.post("/v1/mediaItems:search", map[string]any{"albumId": album}).into(t, &page)
			for _, it := range page.MediaItems {
				if it.ContributorInfo != nil {
					names = append(names, it.ContributorInfo.DisplayName)
				}
			}
			return names
		}
		if got := contributors(c); got != nil {
			t.Errorf("of a private album they are %q", got)
		}
		c.share(album, true)
		if _, err := c.s.Contribute(album, "Ada", "ada.gif", photo(9)); err != nil {
			t.Fatal(err)
		}
		if got := contributors(c); !slices.Equal(got, []string{"Emulated User", "Ada"}) {
			t.Errorf("contributors %q", got)
		}
		if got := contributors(c.as(emulator.ScopeLibrary)); got != nil {
			t.Errorf("without the scope to share they are %q", got)
		}
		if _, found := c.get("/v1/mediaItems/" + mine[0]).json(t)["contributorInfo"]; found {
			t.Error("mediaItems.get tells the contributor")
		}
	})
}

// Contract 9: what other apps made is seen by the wider scopes of 2024 only,
// and excludeNonAppCreatedData leaves it out.
func TestTheWiderScopesSeeWhatOtherAppsMade(t *testing.T) {
	bothWays(t, emulator.Config{Era: emulator.Era2024}, func(t *testing.T, c *client) {
		c = in2024(c)
		shared := c.album("Mine, shared")
		c.share(shared, false)
		c.album("Mine")
		foreign := c.s.AddForeignAlbum("Another app's")
		_, token := c.s.AddSharedAlbum(emulator.SomebodysAlbum{Title: "Somebody's"})
		c.join(token)
		c.s.AddSharedAlbum(emulator.SomebodysAlbum{Title: "Another app's, shared", Foreign: true})
		c.s.AddSharedAlbum(emulator.SomebodysAlbum{Title: "Not joined"})
		narrow := []string{"Mine", "Mine, shared"}
		wide := append([]string{"Another app's"}, narrow...)
		narrowShared := []string{"Somebody's", "Mine, shared"}
		wideShared := append([]string{"Another app's, shared"}, narrowShared...)
		for _, tt := range []struct {
			scope          emulator.Scope
			albums, shared []string
		}{
			{emulator.ScopeLibrary, wide, wideShared},
			{emulator.ScopeReadOnly, wide, wideShared},
			{emulator.ScopeReadAppCreated, narrow, narrowShared},
		} {
			caller := c.as(tt.scope)
			for path, want := range map[string][]string{
				"/v1/albums": tt.albums, "/v1/albums?excludeNonAppCreatedData=true": narrow,
				"/v1/sharedAlbums": tt.shared, "/v1/sharedAlbums?excludeNonAppCreatedData=true": narrowShared,
			} {
				if got := caller.listed(path); !slices.Equal(got, want) {
					t.Errorf("%s with %s lists %q, want %q", path, tt.scope, got, want)
				}
			}
			status := http.StatusOK
			if tt.scope == emulator.ScopeReadAppCreated {
				status = http.StatusNotFound
			}
			caller.get("/v1/albums/"+foreign).wantStatus(t, status)
			caller.post("/v1/mediaItems:search", map[string]any{"albumId": foreign}).wantStatus(t, status)
		}
		if got := c.get("/v1/albums/" + foreign).json(t); got["isWriteable"] != nil {
			t.Errorf("another app's album is %v", got)
		}
		c.post("/v1/mediaItems:batchCreate", batch(foreign, nil, c.upload(photo(1)))).
			wantError(t, http.StatusBadRequest, "INVALID_ARGUMENT", "No permission to add media items to this album.")
	})
}
