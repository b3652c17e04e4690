package emulator_test

import (
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"testing"

	"github.com/albumwright/albumwright/emulator"
)

// lent makes an album of Ada's with one item of hers, open to others.
func lent(c *client) (id, token, item string) {
	c.t.Helper()
	id, token = c.s.AddSharedAlbum(emulator.SomebodysAlbum{
		Title: "Ada's", Owner: "Ada", Options: emulator.SharedAlbumOptions{Collaborative: true},
	})
	item, err := c.s.Contribute(id, "Ada", "ada.gif", photo(9))
	if err != nil {
		c.t.Fatal(err)
	}
	return id, token, item
}

// Contract 5, sharedAlbums: an album is seen by its token, joined by it, and
// left again; what the user had added leaves it too.
func TestAnAlbumIsJoinedAndLeft(t *testing.T) {
	bothWays(t, emulator.Config{Era: emulator.Era2024}, func(t *testing.T, c *client) {
		c = in2024(c)
		id, token, theirs := lent(c)
		var before sharedAlbum
		c.get("/v1/sharedAlbums/"+token).into(t, &before)
		if i := before.ShareInfo; before.ID != id || before.IsWriteable || i == nil || i.IsJoined || i.IsOwned || !i.IsJoinable || i.ShareToken != token {
			t.Errorf("before it is joined the album is %+v, %+v", before, i)
		}
		c.get("/v1/albums/"+id).wantError(t, http.StatusNotFound, "NOT_FOUND", "")
		c.get("/v1/mediaItems/"+theirs).wantError(t, http.StatusNotFound, "NOT_FOUND", "")

		for range 2 { // once more changes nothing
			if a := c.join(token); !a.IsWriteable || !a.ShareInfo.IsJoined || a.ShareInfo.IsOwned {
				t.Errorf("joined it is %+v, %+v", a, a.ShareInfo)
			}
		}
		mine := c.add(id, nil, 1, 1)
		if got := c.inAlbum(id); !slices.Equal(got, []string{theirs, mine[0]}) {
			t.Errorf("the album is %v", got)
		}
		c.get("/v1/mediaItems/"+theirs).wantStatus(t, http.StatusOK)
		if got := c.listed("/v1/albums"); len(got) != 0 {
			t.Errorf("the user's own albums are %q", got)
		}
		if got := c.s.MediaItems(); len(got) != 1 || got[0].ID != mine[0] {
			t.Errorf("the user's own items are %+v", got)
		}

		c.post("/v1/sharedAlbums:leave", map[string]any{"shareToken": token}).bodyIs(t, "{}")
		c.get("/v1/albums/"+id).wantError(t, http.StatusNotFound, "NOT_FOUND", "")
		if got := c.listed("/v1/sharedAlbums"); len(got) != 0 {
			t.Errorf("after it was left the shared albums are %q", got)
		}
		c.join(token)
		if got := c.inAlbum(id); !slices.Equal(got, []string{theirs}) {
			t.Errorf("joined again, the album is %v, want what is Ada's", got)
		}
	})
}

// What the user trashed does not come back into an album that was left.
func TestATrashedItemLeavesWithTheUser(t *testing.T) {
	c := in2024(direct(t, emulator.Config{Era: emulator.Era2024}))
	id, token, theirs := lent(c)
	c.join(token)
	mine := c.add(id, nil, 1, 1)[0]
	for _, trashed := range []bool{true, false} {
		if err := c.s.Mark(mine, emulator.Marks{Trashed: trashed}); err != nil {
			t.Fatal(err)
		}
		if trashed {
			c.post("/v1/sharedAlbums:leave", map[string]any{"shareToken": token}).wantStatus(t, http.StatusOK)
		}
	}
	c.join(token)
	if got := c.inAlbum(id); !slices.Equal(got, []string{theirs}) {
		t.Errorf("the album is %v, want what is Ada's", got)
	}
}

// Contract 5: tokens that join and leave nothing.
func TestJoiningAndLeavingThatIsRefused(t *testing.T) {
	bothWays(t, emulator.Config{Era: emulator.Era2024}, func(t *testing.T, c *client) {
		c = in2024(c)
		_, token, _ := lent(c)
		own := c.share(c.album("Mine"), true).ShareToken
		deleted, gone := c.s.AddSharedAlbum(emulator.SomebodysAlbum{Title: "Gone"})
		c.s.DeleteAlbum(deleted)
		_, foreign := c.s.AddSharedAlbum(emulator.SomebodysAlbum{Title: "Another app's", Foreign: true})
		for _, tt := range []struct {
			name, verb, token string
			code              int
			status            string
		}{
			{"join nothing", "join", "", 400, "INVALID_ARGUMENT"},
			{"join an unknown token", "join", "x", 404, "NOT_FOUND"},
			{"join an album that is gone", "join", gone, 404, "NOT_FOUND"},
			{"join one's own", "join", own, 400, "INVALID_ARGUMENT"},
			{"join another app's", "join", foreign, 404, "NOT_FOUND"},
			{"leave nothing", "leave", "", 400, "INVALID_ARGUMENT"},
			{"leave what was not joined", "leave", token, 400, "INVALID_ARGUMENT"},
			{"leave one's own", "leave", own, 400, "INVALID_ARGUMENT"},
		} {
			t.Run(tt.name, func(t *testing.T) {
				c.post("/v1/sharedAlbums:"+tt.verb, map[string]any{"shareToken": tt.token}).wantError(t, tt.code, tt.status, "")
			})
		}
		c.post("/v1/sharedAlbums:join", `{"token":"x"}`).wantError(t, http.StatusBadRequest, "INVALID_ARGUMENT", "")
		c.get("/v1/sharedAlbums/x").wantError(t, http.StatusNotFound, "NOT_FOUND", "")
	})
}

// Contract 4; 5: who does not own a shared album adds at its end only, takes
// out only what is their own, and edits nothing; a closed one takes nothing.
func TestAGuestOfAnAlbumMayDoLess(t *testing.T) {
	bothWays(t, emulator.Config{Era: emulator.Era2024}, func(t *testing.T, c *client) {
		c = in2024(c)
		id, token, theirs := lent(c)
		closed, closedToken := c.s.AddSharedAlbum(emulator.SomebodysAlbum{Title: "Closed"})
		c.join(token)
		c.join(closedToken)
		mine := c.add(id, nil, 1, 1)
		loose := c.add("", nil, 5, 1)
		const bad, denied = "INVALID_ARGUMENT", "PERMISSION_DENIED"
		for name, tt := range map[string]struct {
			answer answer
			code   int
			status string
		}{
			"a position":         {c.post("/v1/mediaItems:batchCreate", batch(id, position("LAST_IN_ALBUM"), c.upload(photo(6)))), 400, bad},
			"an empty position":  {c.post("/v1/mediaItems:batchCreate", batch(id, map[string]any{}, c.upload(photo(6)))), 400, bad},
			"an enrichment":      {c.post("/v1/albums/"+id+":addEnrichment", text("x", position("LAST_IN_ALBUM"))), 400, bad},
			"Ada's item out":     {c.post("/v1/albums/"+id+":batchRemoveMediaItems", members(mine[0], theirs)), 400, bad},
			"Ada's item in":      {c.post("/v1/albums/"+c.album("Mine")+":batchAddMediaItems", members(theirs)), 400, bad},
			"another title":      {c.patch("/v1/albums/"+id+"?updateMask=title", `{"title":"x"}`), 403, denied},
			"Ada's description":  {c.patch("/v1/mediaItems/"+theirs+"?updateMask=description", `{"description":"x"}`), 404, "NOT_FOUND"},
			"into a closed one":  {c.post("/v1/mediaItems:batchCreate", batch(closed, nil, c.upload(photo(6)))), 400, bad},
			"added to a closed":  {c.post("/v1/albums/"+closed+":batchAddMediaItems", members(loose...)), 400, bad},
			"sharing it further": {c.post("/v1/albums/"+id+":share", `{}`), 403, denied},
		} {
			t.Run(name, func(t *testing.T) { tt.answer.wantError(t, tt.code, tt.status, "") })
		}
		c.post("/v1/albums/"+id+":batchAddMediaItems", members(loose...)).wantStatus(t, http.StatusOK)
		c.post("/v1/albums/"+id+":batchRemoveMediaItems", members(mine...)).wantStatus(t, http.StatusOK)
		if got := c.inAlbum(id); !slices.Equal(got, []string{theirs, loose[0]}) {
			t.Errorf("the album is %v", got)
		}
	})
}

// Contract 5: an owner takes out what others added, too.
func TestAnOwnerTakesOutWhatOthersAdded(t *testing.T) {
	c := in2024(direct(t, emulator.Config{Era: emulator.Era2024}))
	album := c.album("Summer")
	c.share(album, true)
	theirs, err := c.s.Contribute(album, "", "x.gif", photo(9))
	if err != nil {
		t.Fatal(err)
	}
	c.post("/v1/albums/"+album+":batchRemoveMediaItems", members(theirs)).wantStatus(t, http.StatusOK)
	if got := c.inAlbum(album); len(got) != 0 {
		t.Errorf("the album is %v", got)
	}
}

// The same bytes of somebody else's are another item.
func TestTheSameBytesOfTwoPeopleAreTwoItems(t *testing.T) {
	c := in2024(direct(t, emulator.Config{Era: emulator.Era2024}))
	id, token, theirs := lent(c)
	c.join(token)
	mine := c.add(id, nil, 9, 1)
	if got := c.inAlbum(id); !slices.Equal(got, []string{theirs, mine[0]}) {
		t.Errorf("the album is %v, want %v", got, []string{theirs, mine[0]})
	}
}

func TestContributionsThatAreRefused(t *testing.T) {
	c := in2024(direct(t, emulator.Config{Era: emulator.Era2024, AlbumLimit: 1}))
	private, closed := c.album("Private"), c.album("Closed")
	c.share(closed, false)
	full, _, _ := lent(c)
	for name, tt := range map[string]struct {
		album string
		media []byte
	}{
		"no album": {"x", photo(1)}, "a private album": {private, photo(1)}, "a closed album": {closed, photo(1)},
		"a full album": {full, photo(1)}, "no media": {full, []byte("text")}, "nothing": {full, nil},
	} {
		if id, err := c.s.Contribute(tt.album, "Ada", "x.gif", tt.media); err == nil {
			t.Errorf("%s took item %s", name, id)
		}
	}
}

// Contract 5: sharedAlbums.list pages like albums.list, newest first.
func TestSharedAlbumsAreListedInPages(t *testing.T) {
	bothWays(t, emulator.Config{Era: emulator.Era2024}, func(t *testing.T, c *client) {
		c = in2024(c)
		c.get("/v1/sharedAlbums").bodyIs(t, "{}")
		var want []string
		for n := range 23 {
			want = append(want, fmt.Sprint(n))
			c.share(c.album(want[n]), false)
			c.album("private")
		}
		slices.Reverse(want)
		var page struct{ NextPageToken string }
		c.get("/v1/sharedAlbums").into(t, &page)
		got := c.listed("/v1/sharedAlbums")
		got = append(got, c.listed("/v1/sharedAlbums?pageToken="+url.QueryEscape(page.NextPageToken))...)
		if !slices.Equal(got, want) {
			t.Errorf("shared albums %v\nwant %v", got, want)
		}
		c.get("/v1/sharedAlbums?pageSize=51").wantError(t, http.StatusBadRequest, "INVALID_ARGUMENT", "")
		c.get("/v1/albums?pageToken="+url.QueryEscape(page.NextPageToken)).wantError(t, http.StatusBadRequest, "INVALID_ARGUMENT", "")
	})
}
