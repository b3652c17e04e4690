package emulator_test

import (
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/albumwright/albumwright/emulator"
)

// members is the body of a call about items of an album.
func members(ids ...string) map[string]any { return map[string]any{"mediaItemIds": ids} }

// Contract 5, albums.batchAddMediaItems: to the end, in the order of the
// request; an item that is there stays where it is.
func TestItemsAreAddedToTheEndOfAnAlbum(t *testing.T) {
	bothWays(t, emulator.Config{}, func(t *testing.T, c *client) {
		album := c.album("Summer")
		had := c.add(album, nil, 1, 2)
		loose := c.add("", nil, 10, 3)
		for _, tt := range []struct{ add, want []string }{
			{[]string{loose[2], loose[0]}, []string{had[0], had[1], loose[2], loose[0]}},
			{[]string{had[0], loose[1]}, []string{had[0], had[1], loose[2], loose[0], loose[1]}},
			{[]string{loose[0], had[1]}, []string{had[0], had[1], loose[2], loose[0], loose[1]}},
		} {
			a := c.post("/v1/albums/"+album+":batchAddMediaItems", members(tt.add...))
			a.wantStatus(t, http.StatusOK)
			if got := strings.TrimSpace(string(a.body)); got != "{}" {
				t.Errorf("the answer is %s, want {}", got)
			}
			if got := c.inAlbum(album); !slices.Equal(got, tt.want) {
				t.Errorf("the album is %v\nwant %v", got, tt.want)
			}
		}
	})
}

// Contract 5, albums.batchRemoveMediaItems: out of the album, not out of the
// library.
func TestItemsAreRemovedFromAnAlbumOnly(t *testing.T) {
	bothWays(t, emulator.Config{}, func(t *testing.T, c *client) {
		album, other := c.album("Summer"), c.album("Winter")
		had := c.add(album, nil, 1, 4)
		c.post("/v1/albums/"+other+":batchAddMediaItems", members(had[1])).wantStatus(t, http.StatusOK)
		a := c.post("/v1/albums/"+album+":batchRemoveMediaItems", members(had[3], had[1]))
		a.wantStatus(t, http.StatusOK)
		if got := strings.TrimSpace(string(a.body)); got != "{}" {
			t.Errorf("the answer is %s, want {}", got)
		}
		if got, want := c.inAlbum(album), []string{had[0], had[2]}; !slices.Equal(got, want) {
			t.Errorf("the album is %v\nwant %v", got, want)
		}
		if got := c.inAlbum(other); !slices.Equal(got, had[1:2]) || len(c.s.MediaItems()) != 4 {
			t.Errorf("the other album is %v, and the library has %d items", got, len(c.s.MediaItems()))
		}
	})
}

// Contract 2.3; 5: one bad id, and nothing happens at all.
func TestAllItemsOfACallAreAddedAndRemovedOrNone(t *testing.T) {
	const repeated, noPermission = "Request must not contain duplicated ids", "No permission to add media items to this album."
	bothWays(t, emulator.Config{AlbumLimit: 4}, func(t *testing.T, c *client) {
		album, empty, foreign := c.album("Summer"), c.album("Empty"), c.s.AddForeignAlbum("Theirs")
		had, loose := c.add(album, nil, 1, 3), c.add("", nil, 10, 2)
		elsewhere := direct(t, emulator.Config{})
		unknown := elsewhere.add("", nil, 1, 1)[0]
		for _, tt := range []struct {
			name, album, verb string
			ids               []string
			code              int
			status, message   string
		}{
			{"add nothing", album, "batchAdd", nil, 400, "INVALID_ARGUMENT", ""},
			{"add an empty id", album, "batchAdd", []string{loose[0], ""}, 400, "INVALID_ARGUMENT", ""},
			{"add an item twice", album, "batchAdd", []string{loose[0], loose[0]}, 400, "INVALID_ARGUMENT", repeated},
			{"add an unknown item", album, "batchAdd", []string{loose[0], unknown}, 400, "INVALID_ARGUMENT", invalidItem},
			{"add what is no id", album, "batchAdd", []string{loose[0], "x"}, 400, "INVALID_ARGUMENT", invalidItem},
			{"add an album", album, "batchAdd", []string{loose[0], empty}, 400, "INVALID_ARGUMENT", invalidItem},
			{"add more than fit", album, "batchAdd", loose, 400, "INVALID_ARGUMENT", ""},
			{"add to another app's album", foreign, "batchAdd", loose[:1], 400, "INVALID_ARGUMENT", noPermission},
			{"add to no album", "x", "batchAdd", loose[:1], 400, "INVALID_ARGUMENT", "Invalid album ID."},
			{"remove nothing", album, "batchRemove", nil, 400, "INVALID_ARGUMENT", ""},
			{"remove an item twice", album, "batchRemove", []string{had[0], had[0]}, 400, "INVALID_ARGUMENT", repeated},
			{"remove an item that is not there", album, "batchRemove", []string{had[0], loose[0]}, 400, "INVALID_ARGUMENT", invalidItem},
			{"remove what is no id", album, "batchRemove", []string{had[0], "x"}, 400, "INVALID_ARGUMENT", invalidItem},
			{"remove from another app's album", foreign, "batchRemove", had[:1], 403, "PERMISSION_DENIED", "The caller does not have permission"},
		} {
			t.Run(tt.name, func(t *testing.T) {
				a := c.post("/v1/albums/"+tt.album+":"+tt.verb+"MediaItems", members(tt.ids...))
				a.wantError(t, tt.code, tt.status, tt.message)
			})
		}
		c.post("/v1/albums/"+album+":batchAddMediaItems", `{"mediaItemIds":["`+loose[0]+`"],"albumPosition":{}}`).
			wantError(t, http.StatusBadRequest, "INVALID_ARGUMENT", "")
		if got := c.inAlbum(album); !slices.Equal(got, had) {
			t.Errorf("the refused calls made the album %v\nwant %v", got, had)
		}
		// What is in the album takes no room: one fits still.
		c.post("/v1/albums/"+album+":batchAddMediaItems", members(append(had, loose[0])...)).wantStatus(t, http.StatusOK)
	})
}

// Contract 0 #5; 9: what the app did not create comes into an album by
// batchCreate only, and is not edited; nor is what the user trashed.
func TestWhatTheAppDidNotCreateIsNotEdited(t *testing.T) {
	bothWays(t, emulator.Config{}, func(t *testing.T, c *client) {
		album := c.album("Summer")
		foreign, err := c.s.AddForeignItem("theirs.gif", photo(1))
		if err != nil {
			t.Fatal(err)
		}
		trashed := c.add("", nil, 2, 1)[0]
		if err := c.s.Mark(trashed, emulator.Marks{Trashed: true}); err != nil {
			t.Fatal(err)
		}
		inside := c.createIDs(batch(album, nil, c.upload(photo(1))))
		if inside[0] != foreign {
			t.Fatalf("the same bytes are item %s, want %s", inside[0], foreign)
		}
		for _, id := range []string{foreign, trashed} {
			for _, verb := range []string{"batchAdd", "batchRemove"} {
				c.post("/v1/albums/"+album+":"+verb+"MediaItems", members(id)).
					wantError(t, http.StatusBadRequest, "INVALID_ARGUMENT", invalidItem)
			}
			c.patch("/v1/albums/"+album+"?updateMask=coverPhotoMediaItemId", map[string]any{"coverPhotoMediaItemId": id}).
				wantError(t, http.StatusBadRequest, "INVALID_ARGUMENT", invalidItem)
			c.patch("/v1/mediaItems/"+id+"?updateMask=description", `{"description":"x"}`).
				wantError(t, http.StatusNotFound, "NOT_FOUND", "")
		}
	})
}

// Contract 5: 50 ids are the most, and a client that sends more is remembered.
func TestACallNamesAtMost50Items(t *testing.T) {
	bothWays(t, emulator.Config{}, func(t *testing.T, c *client) {
		album := c.album("Summer")
		ids := c.add("", nil, 1, 50)
		more := append(slices.Clone(ids), c.add("", nil, 51, 1)...)
		for _, verb := range []string{"batchAdd", "batchRemove"} {
			path := "/v1/albums/" + album + ":" + verb + "MediaItems"
			c.post(path, members(more...)).wantError(t, http.StatusBadRequest, "INVALID_ARGUMENT", "")
			c.post(path, members(ids...)).wantStatus(t, http.StatusOK)
		}
		if diff := cmp.Diff([]string{emulator.RuleBatchSize, emulator.RuleBatchSize}, rules(c.s)); diff != "" {
			t.Error(diff)
		}
	})
}
