package emulator_test

import (
	"net/http"
	"strings"
	"testing"

	"github.com/albumwright/albumwright/emulator"
)

// Contract 5, mediaItems.patch: only the description changes, and the answer is
// the whole item.
func TestAnItemChangesItsDescription(t *testing.T) {
	bothWays(t, emulator.Config{}, func(t *testing.T, c *client) {
		token := c.upload(photo(1))
		id := c.createIDs(map[string]any{"newMediaItems": []any{entry(token, "a.gif", "Before")}})[0]
		for _, want := range []string{"After", strings.Repeat("ä", 1000), ""} {
			a := c.patch("/v1/mediaItems/"+id+"?updateMask=description",
				map[string]any{"description": want, "filename": "b.gif", "mediaMetadata": map[string]any{"width": "9"}})
			a.wantStatus(t, http.StatusOK)
			var got item
			a.into(t, &got)
			if got.Description != want || got.Filename != "a.gif" || got.ID != id || got.MediaMetadata.Width != "1" {
				t.Errorf("item %+v, want the description %q and nothing else", got, want)
			}
			if s := c.s.MediaItems()[0]; s.Description != want {
				t.Errorf("the snapshot has the description %q", s.Description)
			}
		}
	})
}

// Contract 5, mediaItems.patch; 12 #6: masks, texts and ids that are refused
// change nothing.
func TestItemEditsThatAreRefused(t *testing.T) {
	bothWays(t, emulator.Config{}, func(t *testing.T, c *client) {
		id := c.createIDs(batch("", nil, c.upload(photo(1))))[0]
		elsewhere := direct(t, emulator.Config{})
		unknown := elsewhere.createIDs(batch("", nil, elsewhere.upload(photo(1))))[0]
		for _, tt := range []struct {
			name, id, mask, body string
			code                 int
			status               string
		}{
			{"no mask", id, "", `{"description":"x"}`, 400, "INVALID_ARGUMENT"},
			{"a mask of the file name", id, "filename", `{"filename":"x"}`, 400, "INVALID_ARGUMENT"},
			{"a mask of both", id, "description,filename", `{"description":"x"}`, 400, "INVALID_ARGUMENT"},
			{"an unknown name in the body", id, "description", `{"description":"x","fileName":"y"}`, 400, "INVALID_ARGUMENT"},
			{"a description that is too long", id, "description", `{"description":"` + strings.Repeat("a", 1001) + `"}`, 400, "INVALID_ARGUMENT"},
			{"no id", "x", "description", `{"description":"x"}`, 400, "INVALID_ARGUMENT"},
			{"an unknown id", unknown, "description", `{"description":"x"}`, 404, "NOT_FOUND"},
		} {
			t.Run(tt.name, func(t *testing.T) {
				c.patch("/v1/mediaItems/"+tt.id+"?updateMask="+tt.mask, tt.body).wantError(t, tt.code, tt.status, "")
			})
		}
		if got := c.s.MediaItems()[0].Description; got != "" {
			t.Errorf("the refused calls wrote %q", got)
		}
	})
}
