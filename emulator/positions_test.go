package emulator_test

import (
	"net/http"
	"slices"
	"testing"

	"github.com/albumwright/albumwright/emulator"
)

func position(name string) map[string]any { return map[string]any{"position": name} }

func after(id string) map[string]any {
	return map[string]any{"position": "AFTER_MEDIA_ITEM", "relativeMediaItemId": id}
}

// Contract 4: several items of a call go to the position as one block, in the
// order of the request. The default is the end.
func TestABlockGoesToItsPosition(t *testing.T) {
	tests := []struct {
		name     string
		position func(album []string) map[string]any
		at       int // where the block of two begins in an album of three
	}{
		{"nothing said", func([]string) map[string]any { return nil }, 3},
		{"an empty position", func([]string) map[string]any { return map[string]any{} }, 3},
		{"unspecified", func([]string) map[string]any { return position("POSITION_TYPE_UNSPECIFIED") }, 3},
		{"last", func([]string) map[string]any { return position("LAST_IN_ALBUM") }, 3},
		{"first", func([]string) map[string]any { return position("FIRST_IN_ALBUM") }, 0},
		{"first, by number", func([]string) map[string]any { return map[string]any{"position": 1} }, 0},
		{"after the first item", func(a []string) map[string]any { return after(a[0]) }, 1},
		{"after the last item", func(a []string) map[string]any { return after(a[2]) }, 3},
	}
	bothWays(t, emulator.Config{}, func(t *testing.T, c *client) {
		for i, tt := range tests {
			t.Run(tt.name, func(t *testing.T) {
				album := c.album(tt.name)
				had := c.add(album, nil, 100*i, 3)
				block := c.add(album, tt.position(had), 100*i+10, 2)
				want := slices.Insert(slices.Clone(had), tt.at, block...)
				if got := c.inAlbum(album); !slices.Equal(got, want) {
					t.Errorf("the album is %v\nwant %v", got, want)
				}
				all := c.s.Albums()
				if got := all[len(all)-1].Items; !slices.Equal(got, want) {
					t.Errorf("the snapshot is %v\nwant %v", got, want)
				}
			})
		}
	})
}

// Contract 12 #39: an item that the album holds stays where it is, and the new
// ones around it are still a block.
func TestAnItemOfTheAlbumIsNotMoved(t *testing.T) {
	bothWays(t, emulator.Config{}, func(t *testing.T, c *client) {
		album := c.album("Summer")
		had := c.add(album, nil, 1, 3)
		got := c.createIDs(batch(album, position("FIRST_IN_ALBUM"), c.upload(photo(11)), c.upload(photo(3)), c.upload(photo(12))))
		if got[1] != had[2] {
			t.Errorf("the repeated item is %s, want %s", got[1], had[2])
		}
		want := []string{got[0], got[2], had[0], had[1], had[2]}
		if now := c.inAlbum(album); !slices.Equal(now, want) {
			t.Errorf("the album is %v\nwant %v", now, want)
		}
	})
}

// Contract 4; 12 #11, #12, #13, #43: positions that make no sense refuse the
// call.
func TestPositionsThatAreRefused(t *testing.T) {
	bothWays(t, emulator.Config{}, func(t *testing.T, c *client) {
		album, other := c.album("Summer"), c.album("Winter")
		had := c.add(album, nil, 1, 3)
		elsewhere := c.add(other, nil, 10, 1)[0]
		if !c.s.RemoveFromAlbum(album, had[1]) || c.s.RemoveFromAlbum(album, had[1]) {
			t.Error("an item can be removed once")
		}
		removed := had[1]
		had = []string{had[0], had[2]}
		both := after(had[0])
		both["relativeEnrichmentItemId"] = "x"
		tests := []struct {
			name     string
			album    string
			position map[string]any
		}{
			{"without an album", "", position("LAST_IN_ALBUM")},
			{"empty and without an album", "", map[string]any{}},
			{"after nothing", album, position("AFTER_MEDIA_ITEM")},
			{"after an item of another album", album, after(elsewhere)},
			{"after an item that the user took out", album, after(removed)},
			{"after something that is no id", album, after("x")},
			{"first, with an item", album, map[string]any{"position": "FIRST_IN_ALBUM", "relativeMediaItemId": had[0]}},
			{"last, with an item", album, map[string]any{"position": "LAST_IN_ALBUM", "relativeMediaItemId": had[0]}},
			{"an item and no position", album, map[string]any{"relativeMediaItemId": had[0]}},
			{"after an item, with an enrichment", album, both},
			{"after an enrichment that is not said", album, position("AFTER_ENRICHMENT_ITEM")},
			{"after an enrichment that is not there", album, map[string]any{"position": "AFTER_ENRICHMENT_ITEM", "relativeEnrichmentItemId": "x"}},
			{"a position that does not exist", album, position("SOMEWHERE")},
			{"a number that does not exist", album, map[string]any{"position": 5}},
		}
		before := len(c.s.MediaItems())
		for _, tt := range tests {
			t.Run(tt.name, func(t *testing.T) {
				a := c.post("/v1/mediaItems:batchCreate", batch(tt.album, tt.position, c.upload(photo(99))))
				a.wantError(t, http.StatusBadRequest, "INVALID_ARGUMENT", "")
			})
		}
		if got := c.inAlbum(album); !slices.Equal(got, had) || len(c.s.MediaItems()) != before {
			t.Errorf("the refused calls changed the album to %v or made items", got)
		}
	})
}
