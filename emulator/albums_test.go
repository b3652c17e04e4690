package emulator_test

import (
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"

	"github.com/albumwright/albumwright/emulator"
)

// Contract 5, albums.create; 12 #8: 1 to 500 characters, of any script.
func TestAlbumTitleLimits(t *testing.T) {
	tests := []struct {
		name, title string
		status      int
	}{
		{"one letter", "A", 200},
		{"500 letters", strings.Repeat("a", 500), 200},
		{"501 letters", strings.Repeat("a", 501), 400},
		{"500 characters of four bytes", strings.Repeat("🌄", 500), 200},
		{"501 characters of four bytes", strings.Repeat("🌄", 501), 400},
		{"none", "", 400},
	}
	bothWays(t, emulator.Config{}, func(t *testing.T, c *client) {
		for _, tt := range tests {
			t.Run(tt.name, func(t *testing.T) {
				before := len(c.s.Albums())
				a := c.post("/v1/albums", map[string]any{"album": map[string]any{"title": tt.title}})
				if tt.status != http.StatusOK {
					a.wantError(t, tt.status, "INVALID_ARGUMENT", "")
					if len(c.s.Albums()) != before {
						t.Error("an album was made all the same")
					}
					return
				}
				a.wantStatus(t, tt.status)
				if got := c.s.Albums()[before].Title; got != tt.title {
					t.Errorf("the title is %q", got)
				}
			})
		}
		c.post("/v1/albums", "{}").wantError(t, http.StatusBadRequest, "INVALID_ARGUMENT", "")
	})
}

// Contract 5, albums.create; 7: what a new album looks like, and that the same
// title twice makes two.
func TestANewAlbumIsEmptyAndWriteable(t *testing.T) {
	bothWays(t, emulator.Config{}, func(t *testing.T, c *client) {
		body := `{"album":{"title":"Summer","isWriteable":false,"mediaItemsCount":"7","id":"mine"}}`
		first, second := c.post("/v1/albums", body).json(t), c.post("/v1/albums", body).json(t)
		if first["id"] == second["id"] {
			t.Error("the same title gave the same album")
		}
		if len(c.s.Albums()) != 2 {
			t.Errorf("there are %d albums, want 2", len(c.s.Albums()))
		}
		id, _ := first["id"].(string)
		if len(id) < 55 || strings.Trim(id, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_") != "" {
			t.Errorf("id %q", id)
		}
		delete(first, "id")
		if u, _ := first["productUrl"].(string); !strings.HasPrefix(u, "https://photos.google.com/lr/album/") {
			t.Errorf("productUrl %q", u)
		}
		delete(first, "productUrl")
		if len(first) != 2 || first["title"] != "Summer" || first["isWriteable"] != true {
			t.Errorf("beside id and productUrl a new album has %v, want title and isWriteable only: defaults are omitted", first)
		}
	})
}

// Contract 0 #17; 7: int64 is a string, and the cover is an item of the album.
func TestAnAlbumCountsItsItems(t *testing.T) {
	bothWays(t, emulator.Config{}, func(t *testing.T, c *client) {
		id := c.album("Summer")
		ids := c.add(id, nil, 1, 3)
		a := c.get("/v1/albums/" + id).json(t)
		if a["mediaItemsCount"] != "3" || a["coverPhotoMediaItemId"] != ids[0] {
			t.Errorf("album %v, want count \"3\" and cover %s", a, ids[0])
		}
	})
}

// Contract 2.3; 12 #10; 1.1: malformed, unknown, deleted, another app's.
func TestAlbumsThatCannotBeRead(t *testing.T) {
	const unknown = "The provided ID does not match any albums."
	bothWays(t, emulator.Config{}, func(t *testing.T, c *client) {
		mine, deleted, foreign := c.album("mine"), c.album("gone"), c.s.AddForeignAlbum("theirs")
		elsewhere := direct(t, emulator.Config{}).album("on another server")
		if !c.s.DeleteAlbum(deleted) || c.s.DeleteAlbum(deleted) {
			t.Error("an album can be deleted once")
		}
		itemID := c.createIDs(batch("", nil, c.upload(photo(1))))[0]
		tests := []struct {
			name, id string
			code     int
			status   string
			message  string
		}{
			{"not an id", "AF1QipABC", 400, "INVALID_ARGUMENT", "Invalid album ID."},
			{"an id with a letter less", mine[:len(mine)-1], 400, "INVALID_ARGUMENT", "Invalid album ID."},
			{"an id with another letter", swapLetter(mine), 400, "INVALID_ARGUMENT", "Invalid album ID."},
			{"the id of a media item", itemID, 400, "INVALID_ARGUMENT", "Invalid album ID."},
			{"an unknown id", elsewhere, 404, "NOT_FOUND", unknown},
			{"a deleted album", deleted, 404, "NOT_FOUND", unknown},
			{"another app's album", foreign, 404, "NOT_FOUND", unknown},
		}
		for _, tt := range tests {
			t.Run(tt.name, func(t *testing.T) {
				c.get("/v1/albums/"+tt.id).wantError(t, tt.code, tt.status, tt.message)
				c.post("/v1/mediaItems:search", map[string]any{"albumId": tt.id}).wantError(t, tt.code, tt.status, tt.message)
			})
		}
		c.get("/v1/albums/"+mine).wantStatus(t, http.StatusOK)
	})
}

// swapLetter is id with one letter in the middle replaced.
func swapLetter(id string) string {
	b := []byte(id)
	if b[20] == 'x' {
		b[20] = 'y'
	} else {
		b[20] = 'x'
	}
	return string(b)
}

// Ids vary in length and never repeat: a client must treat them as opaque
// (contract 7).
func TestIdsAreOpaqueAndOfVaryingLength(t *testing.T) {
	c := direct(t, emulator.Config{})
	ids, lengths := map[string]bool{}, map[int]bool{}
	for n := range 40 {
		id := c.album(fmt.Sprint(n))
		ids[id], lengths[len(id)] = true, true
	}
	if len(ids) != 40 || len(lengths) < 3 {
		t.Errorf("40 albums have %d ids of %d lengths", len(ids), len(lengths))
	}
}

// albumPage is one page of albums.list.
type albumPage struct {
	Albums        []struct{ ID, Title string }
	NextPageToken string
}

func (c *client) albumPage(query url.Values) (p albumPage) {
	c.t.Helper()
	a := c.get("/v1/albums?" + query.Encode())
	a.wantStatus(c.t, http.StatusOK)
	a.into(c.t, &p)
	return p
}

// Contract 5, albums.list; 12 #32: 20 by default, at most 50, newest first,
// other apps' albums left out.
func TestAlbumsAreListedNewestFirst(t *testing.T) {
	bothWays(t, emulator.Config{}, func(t *testing.T, c *client) {
		if got := strings.TrimSpace(string(c.get("/v1/albums").body)); got != "{}" {
			t.Errorf("an empty listing is %s, want {}", got)
		}
		var want []string
		for n := range 53 {
			want = append(want, c.album(fmt.Sprint(n)))
			c.s.AddForeignAlbum("theirs")
		}
		slices.Reverse(want)
		for _, tt := range []struct {
			size  string
			pages []int
		}{
			{"", []int{20, 20, 13}}, {"0", []int{20, 20, 13}}, {"50", []int{50, 3}},
		} {
			var got []string
			var sizes []int
			query := url.Values{"excludeNonAppCreatedData": {"true"}}
			if tt.size != "" {
				query.Set("pageSize", tt.size)
			}
			for {
				p := c.albumPage(query)
				for _, a := range p.Albums {
					got = append(got, a.ID)
				}
				sizes = append(sizes, len(p.Albums))
				if p.NextPageToken == "" {
					break
				}
				query.Set("pageToken", p.NextPageToken)
			}
			if !slices.Equal(got, want) || !slices.Equal(sizes, tt.pages) {
				t.Errorf("pageSize %q gives pages of %v in the wrong order or size, want %v", tt.size, sizes, tt.pages)
			}
		}
	})
}

// Contract 12 #14: strict where the service may clamp.
func TestPageSizesOutOfRangeAreRefused(t *testing.T) {
	bothWays(t, emulator.Config{}, func(t *testing.T, c *client) {
		tests := []struct {
			path, size string
			ok         bool
		}{
			{"/v1/albums", "50", true}, {"/v1/albums", "51", false}, {"/v1/albums", "-1", false}, {"/v1/albums", "many", false},
			{"/v1/mediaItems", "100", true}, {"/v1/mediaItems", "101", false}, {"/v1/mediaItems", "-1", false},
			{"/v1/mediaItems", "99999999999", false},
		}
		for _, tt := range tests {
			a := c.get(tt.path + "?pageSize=" + tt.size)
			if tt.ok {
				a.wantStatus(t, http.StatusOK)
			} else {
				a.wantError(t, http.StatusBadRequest, "INVALID_ARGUMENT", "")
			}
		}
	})
}

// Contract 5, search; 12 #15: a page token is good for the same request only.
func TestAPageTokenIsBoundToItsRequest(t *testing.T) {
	bothWays(t, emulator.Config{}, func(t *testing.T, c *client) {
		for n := range 4 {
			c.album(fmt.Sprint(n))
		}
		token := c.albumPage(url.Values{"pageSize": {"2"}}).NextPageToken
		other := socket(t, emulator.Config{})
		for name, path := range map[string]string{
			"another size":      "/v1/albums?pageSize=3&pageToken=" + token,
			"another parameter": "/v1/albums?pageSize=2&excludeNonAppCreatedData=true&pageToken=" + token,
			"another method":    "/v1/mediaItems?pageSize=2&pageToken=" + token,
			"a changed token":   "/v1/albums?pageSize=2&pageToken=" + swapLetter(token),
			"a shorter token":   "/v1/albums?pageSize=2&pageToken=" + token[:8],
			"not a token":       "/v1/albums?pageSize=2&pageToken=%25",
		} {
			a := c.get(path)
			if a.status != http.StatusBadRequest {
				t.Errorf("%s: status %d, want 400", name, a.status)
			}
		}
		other.get("/v1/albums?pageSize=2&pageToken="+token).wantError(t, http.StatusBadRequest, "INVALID_ARGUMENT", "Invalid page token.")
		if p := c.albumPage(url.Values{"pageSize": {"2"}, "pageToken": {token}}); len(p.Albums) != 2 || p.NextPageToken != "" {
			t.Errorf("the second of two pages is %+v", p)
		}
	})
}

// A page names the thing at which it ended: what is added or deleted between
// two pages neither repeats nor hides the rest.
func TestListingGoesOnWhereItEnded(t *testing.T) {
	c := direct(t, emulator.Config{})
	var ids []string
	for n := range 5 {
		ids = append(ids, c.album(fmt.Sprint(n)))
	}
	first := c.albumPage(url.Values{"pageSize": {"2"}})
	c.album("new")
	c.s.DeleteAlbum(first.Albums[1].ID)
	second := c.albumPage(url.Values{"pageSize": {"2"}, "pageToken": {first.NextPageToken}})
	if got, want := second.Albums[0].ID, ids[2]; got != want {
		t.Errorf("the second page begins with %s, want %s", got, want)
	}
}
