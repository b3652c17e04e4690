package emulator_test

import (
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/albumwright/albumwright/emulator"
)

// Contract 5, albums.patch: the mask says what changes, in either case of
// names, and the answer is the whole album.
func TestAnAlbumChangesWhatItsMaskNames(t *testing.T) {
	bothWays(t, emulator.Config{}, func(t *testing.T, c *client) {
		id := c.album("Old")
		had := c.add(id, nil, 1, 3)
		body := map[string]any{"title": "New", "coverPhotoMediaItemId": had[2]}
		snakes := map[string]any{"title": "Newest", "cover_photo_media_item_id": had[1]}
		for _, tt := range []struct {
			name, mask   string
			body         map[string]any
			title, cover string
		}{
			{"the title alone", "title", body, "New", had[0]},
			{"the cover alone", "coverPhotoMediaItemId", map[string]any{"title": "unread", "coverPhotoMediaItemId": had[2]}, "New", had[2]},
			{"both, in snake case", "title,cover_photo_media_item_id", snakes, "Newest", had[1]},
			{"a title that the mask names twice", "title,title", body, "New", had[1]},
		} {
			t.Run(tt.name, func(t *testing.T) {
				a := c.patch("/v1/albums/"+id+"?updateMask="+tt.mask, tt.body)
				a.wantStatus(t, http.StatusOK)
				got := a.json(t)
				if got["title"] != tt.title || got["coverPhotoMediaItemId"] != tt.cover || got["mediaItemsCount"] != "3" || got["id"] != id {
					t.Errorf("album %v, want title %s and cover %s", got, tt.title, tt.cover)
				}
				if s := c.s.Albums()[0]; s.Title != tt.title || !slices.Equal(s.Items, had) {
					t.Errorf("the snapshot is %+v", s)
				}
			})
		}
		a := c.patch("/v1/albums/"+id+"?update_mask=title&fields=title", `{"title":"Masked","id":"x","mediaItemsCount":"9","isWriteable":false,"productUrl":"x"}`)
		if got := a.json(t); len(got) != 1 || got["title"] != "Masked" {
			t.Errorf("with a mask of fields the answer is %v", got)
		}
		c.s.RemoveFromAlbum(id, had[1])
		if got := c.get("/v1/albums/" + id).json(t)["coverPhotoMediaItemId"]; got != had[0] {
			t.Errorf("after its cover was taken out the album has cover %v, want the first item", got)
		}
	})
}

// Contract 5, albums.patch; 12 #8: masks, titles and covers that are refused
// change nothing.
func TestAlbumEditsThatAreRefused(t *testing.T) {
	const permission, noAlbum = "The caller does not have permission", "The provided ID does not match any albums."
	bothWays(t, emulator.Config{}, func(t *testing.T, c *client) {
		id, other, deleted := c.album("Mine"), c.album("Other"), c.album("Gone")
		had, elsewhere := c.add(id, nil, 1, 1), c.add(other, nil, 2, 1)
		foreign := c.s.AddForeignAlbum("Theirs")
		c.s.DeleteAlbum(deleted)
		title := `{"title":"New"}`
		cover := func(id string) string { return `{"coverPhotoMediaItemId":"` + id + `"}` }
		for _, tt := range []struct {
			name, id, mask, body string
			code                 int
			status, message      string
		}{
			{"no mask", id, "", title, 400, "INVALID_ARGUMENT", "Request must contain an update mask."},
			{"a mask of another field", id, "productUrl", title, 400, "INVALID_ARGUMENT", ""},
			{"a mask of everything", id, "*", title, 400, "INVALID_ARGUMENT", ""},
			{"an empty name in the mask", id, "title,", title, 400, "INVALID_ARGUMENT", ""},
			{"an unknown name in the body", id, "title", `{"title":"New","name":"x"}`, 400, "INVALID_ARGUMENT", ""},
			{"the album one level down", id, "title", `{"album":{"title":"New"}}`, 400, "INVALID_ARGUMENT", ""},
			{"an empty title", id, "title", `{}`, 400, "INVALID_ARGUMENT", ""},
			{"a title that is too long", id, "title", `{"title":"` + strings.Repeat("a", 501) + `"}`, 400, "INVALID_ARGUMENT", ""},
			{"no cover", id, "coverPhotoMediaItemId", `{}`, 400, "INVALID_ARGUMENT", invalidItem},
			{"a cover of another album, with a good title", id, "title,coverPhotoMediaItemId",
				`{"title":"New","coverPhotoMediaItemId":"` + elsewhere[0] + `"}`, 400, "INVALID_ARGUMENT", invalidItem},
			{"a cover that is no id", id, "coverPhotoMediaItemId", cover("x"), 400, "INVALID_ARGUMENT", invalidItem},
			{"no id", "x", "title", title, 400, "INVALID_ARGUMENT", "Invalid album ID."},
			{"a deleted album", deleted, "title", title, 404, "NOT_FOUND", noAlbum},
			{"another app's album", foreign, "title", title, 403, "PERMISSION_DENIED", permission},
		} {
			t.Run(tt.name, func(t *testing.T) {
				c.patch("/v1/albums/"+tt.id+"?updateMask="+tt.mask, tt.body).wantError(t, tt.code, tt.status, tt.message)
			})
		}
		c.patch("/v1/albums/"+id+"?mask=title", title).wantError(t, http.StatusBadRequest, "INVALID_ARGUMENT", "")
		got := c.get("/v1/albums/" + id).json(t)
		if got["title"] != "Mine" || got["coverPhotoMediaItemId"] != had[0] {
			t.Errorf("the refused calls made %v of the album", got)
		}
	})
}

// invalidItem is contract 2.3's text for ids that a call about an album cannot
// use.
const invalidItem = "Request contains an invalid media item id."
