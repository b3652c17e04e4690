package emulator_test

import (
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/albumwright/albumwright/emulator"
)

// mark marks an item, and must succeed.
func (c *client) mark(id string, marks emulator.Marks) {
	c.t.Helper()
	if err := c.s.Mark(id, marks); err != nil {
		c.t.Fatal(err)
	}
}

// ids is what a listing of the library shows.
func (c *client) ids(body string) []string {
	c.t.Helper()
	var p itemPage
	a := c.post("/v1/mediaItems:search", body)
	a.wantStatus(c.t, http.StatusOK)
	a.into(c.t, &p)
	var ids []string
	for _, it := range p.MediaItems {
		ids = append(ids, it.ID)
	}
	return ids
}

// Contract 5, list and search: archived and trashed items are left out, archived
// ones may be asked for.
func TestWhatIsArchivedOrTrashedIsNotListed(t *testing.T) {
	bothWays(t, emulator.Config{}, func(t *testing.T, c *client) {
		ids := c.add("", nil, 1, 4)
		newest := slices.Clone(ids)
		slices.Reverse(newest)
		c.mark(ids[1], emulator.Marks{Archived: true})
		c.mark(ids[2], emulator.Marks{Trashed: true})
		c.mark(ids[3], emulator.Marks{Archived: true, Trashed: true})
		for body, want := range map[string][]string{
			`{}`: {ids[0]},
			`{"filters":{"includeArchivedMedia":true}}`: {ids[1], ids[0]},
		} {
			if got := c.ids(body); !slices.Equal(got, want) {
				t.Errorf("%s finds %v, want %v", body, got, want)
			}
		}
		var listed itemPage
		c.get("/v1/mediaItems").into(t, &listed)
		if len(listed.MediaItems) != 1 || listed.MediaItems[0].ID != ids[0] {
			t.Errorf("the list has %+v", listed.MediaItems)
		}
		c.get("/v1/mediaItems/"+ids[1]).wantStatus(t, http.StatusOK) // archived items are there
		for _, id := range ids {
			c.mark(id, emulator.Marks{})
		}
		if got := c.ids(`{}`); !slices.Equal(got, newest) {
			t.Errorf("without marks %v are listed, want %v", got, newest)
		}
	})
}

// For the API an item in the trash is gone.
func TestATrashedItemCannotBeReached(t *testing.T) {
	bothWays(t, emulator.Config{}, func(t *testing.T, c *client) {
		album := c.album("Summer")
		id := c.add("", nil, 1, 1)[0]
		c.mark(id, emulator.Marks{Trashed: true})
		c.get("/v1/mediaItems/"+id).wantError(t, http.StatusNotFound, "NOT_FOUND", "")
		c.patch("/v1/mediaItems/"+id+"?updateMask=description", `{"description":"x"}`).wantError(t, http.StatusNotFound, "NOT_FOUND", "")
		c.post("/v1/albums/"+album+":batchAddMediaItems", members(id)).
			wantError(t, http.StatusBadRequest, "INVALID_ARGUMENT", "Request contains an invalid media item id.")
		got := c.get("/v1/mediaItems:batchGet?" + url.Values{"mediaItemIds": {id}}.Encode())
		if !strings.Contains(string(got.body), "Invalid media item ID.") || strings.Contains(string(got.body), `"mediaItem"`) {
			t.Errorf("batchGet answers %s", got.body)
		}
		if page := c.open("/library").body; strings.Contains(string(page), id) {
			t.Error("the gallery shows what is in the trash")
		}
	})
}

// A trashed item leaves its albums, and comes back to its places.
func TestARestoredItemIsBackAtItsPlace(t *testing.T) {
	cfg := emulator.Config{Dir: t.TempDir()}
	c := direct(t, cfg)
	album, full := c.album("Summer"), c.album("Full")
	ids := c.add(album, nil, 1, 3)
	c.post("/v1/albums/"+full+":batchAddMediaItems", members(ids...)).wantStatus(t, http.StatusOK)
	c.patch("/v1/albums/"+album+"?updateMask=coverPhotoMediaItemId", `{"coverPhotoMediaItemId":"`+ids[1]+`"}`).wantStatus(t, http.StatusOK)
	c.enrich(album, text("after it", after(ids[1])))
	c.mark(ids[1], emulator.Marks{Trashed: true})

	for range 2 { // the second time after a restart
		if a := c.get("/v1/albums/" + album).json(t); a["mediaItemsCount"] != "2" || a["coverPhotoMediaItemId"] != ids[0] {
			t.Errorf("the album is %v", a)
		}
		if got := c.s.Enrichments(album)[0].At; got != 1 {
			t.Errorf("the text stands after %d items, want 1", got)
		}
		a := c.post("/v1/mediaItems:batchCreate", batch(album, after(ids[1]), c.upload(photo(40))))
		a.wantError(t, http.StatusBadRequest, "INVALID_ARGUMENT", "") // contract 12 #11: the place is not there
		c.post("/v1/albums/"+album+":batchRemoveMediaItems", members(ids[1])).wantError(t, http.StatusBadRequest, "INVALID_ARGUMENT", "")
		c = c.restart(cfg)
	}

	more := c.add(album, after(ids[0]), 10, 1)
	last := c.add(album, nil, 20, 1)
	c.mark(ids[1], emulator.Marks{Favorite: true})
	if got, want := c.inAlbum(album), []string{ids[0], more[0], ids[1], ids[2], last[0]}; !slices.Equal(got, want) {
		t.Errorf("the album is %v\nwant %v", got, want)
	}
	if a := c.get("/v1/albums/" + album).json(t); a["mediaItemsCount"] != "5" || a["coverPhotoMediaItemId"] != ids[1] {
		t.Errorf("the album is %v", a)
	}
	if got := c.inAlbum(full); !slices.Equal(got, ids) {
		t.Errorf("the other album is %v, want %v", got, ids)
	}
}

// Contract 11 #21: what the user deleted and the app uploads again is created,
// and not to be seen.
func TestATrashedItemThatIsUploadedAgainStaysInTheTrash(t *testing.T) {
	bothWays(t, emulator.Config{AlbumLimit: 1}, func(t *testing.T, c *client) {
		album := c.album("Summer")
		id := c.add("", nil, 1, 1)[0]
		c.mark(id, emulator.Marks{Trashed: true})
		if got := c.add(album, nil, 1, 1)[0]; got != id {
			t.Errorf("the item is %s, want %s", got, id)
		}
		if got := append(c.ids(`{}`), c.inAlbum(album)...); got != nil {
			t.Errorf("%v can be seen", got)
		}
		c.add(album, nil, 2, 1) // the album's only place is free
		c.mark(id, emulator.Marks{})
		if got := c.ids(`{}`); !slices.Contains(got, id) {
			t.Errorf("the library has %v, without %s", got, id)
		}
		if got := c.inAlbum(album); slices.Contains(got, id) {
			t.Errorf("the album has %v, with %s", got, id)
		}
	})
}

// What the user deletes for good is as if it had never been: the same bytes are a new item.
func TestWhatTheTrashWasEmptiedOfIsMadeAnew(t *testing.T) {
	bothWays(t, emulator.Config{}, func(t *testing.T, c *client) {
		album := c.album("Summer")
		ids := c.add(album, nil, 1, 3)
		if n := c.s.EmptyTrash(); n != 0 {
			t.Errorf("%d items were in the trash, want none", n)
		}
		c.mark(ids[1], emulator.Marks{Trashed: true})
		if n := c.s.EmptyTrash(); n != 1 {
			t.Errorf("%d items were in the trash, want 1", n)
		}
		if err := c.s.Mark(ids[1], emulator.Marks{}); err == nil {
			t.Error("what is deleted was restored")
		}
		if got := c.inAlbum(album); !slices.Equal(got, []string{ids[0], ids[2]}) || len(c.s.MediaItems()) != 2 || len(c.ids(`{}`)) != 2 {
			t.Errorf("the album has %v, the library %v, want both without %s", got, c.s.MediaItems(), ids[1])
		}
		anew := c.add(album, nil, 2, 1)[0]
		if got := c.inAlbum(album); anew == ids[1] || !slices.Equal(got, []string{ids[0], ids[2], anew}) {
			t.Errorf("the album has %v, want %v and a new item", got, []string{ids[0], ids[2]})
		}
	})
}

// An album shows what is archived: it is in the album all the same.
func TestAnAlbumShowsWhatIsArchived(t *testing.T) {
	c := direct(t, emulator.Config{})
	album := c.album("Summer")
	ids := c.add(album, nil, 1, 2)
	c.mark(ids[0], emulator.Marks{Archived: true})
	if got := c.inAlbum(album); !slices.Equal(got, ids) {
		t.Errorf("the album is %v, want %v", got, ids)
	}
}

// Contract 0 #5, 4, 9: what came into the library without this app does not
// exist for it, except that it can put it into an album by the bytes.
func TestAForeignItemIsReachedByItsBytesOnly(t *testing.T) {
	bothWays(t, emulator.Config{Era: emulator.Era2024}, func(t *testing.T, c *client) {
		id, err := c.s.AddForeignItem("theirs.gif", photo(1))
		if err != nil {
			t.Fatal(err)
		}
		all, c := c.as(emulator.ScopeReadOnly), c.as(emulator.ScopeAppendOnly, emulator.ScopeReadAppCreated, emulator.ScopeEditAppCreated)
		album := c.album("Summer")
		c.get("/v1/mediaItems/"+id).wantError(t, http.StatusNotFound, "NOT_FOUND", "")
		c.post("/v1/albums/"+album+":batchAddMediaItems", members(id)).
			wantError(t, http.StatusBadRequest, "INVALID_ARGUMENT", "Request contains an invalid media item id.")
		if got := c.ids(`{}`); got != nil {
			t.Errorf("the app finds %v", got)
		}
		if got := all.ids(`{}`); !slices.Equal(got, []string{id}) {
			t.Errorf("the wider scope finds %v", got)
		}

		again := c.create(map[string]any{"albumId": album, "newMediaItems": []any{entry(c.upload(photo(1)), "ours.gif", "")}})[0]
		if again.MediaItem == nil || again.MediaItem.ID != id || again.MediaItem.Filename != "theirs.gif" {
			t.Errorf("the same bytes are %+v", again)
		}
		if got := c.get("/v1/albums/" + album).json(t)["mediaItemsCount"]; got != "1" {
			t.Errorf("the album has %v items", got)
		}
		if got := c.inAlbum(album); got != nil {
			t.Errorf("the app sees %v in the album", got)
		}
		if got := all.inAlbum(album); !slices.Equal(got, []string{id}) {
			t.Errorf("the wider scope sees %v in the album", got)
		}
		if got := c.s.MediaItems(); len(got) != 1 || !got[0].Marks.Foreign {
			t.Errorf("the library has %+v", got)
		}
		if page := string(c.open("/library").body); !strings.Contains(page, id) || !strings.Contains(page, "Other app") {
			t.Error("the gallery, which is the user's, does not show whose it is")
		}
	})
}

// What the library has of the same bytes stays what it is.
func TestAForeignItemThatIsThereAlreadyIsThatItem(t *testing.T) {
	c := direct(t, emulator.Config{})
	ours := c.add("", nil, 1, 1)[0]
	if id, err := c.s.AddForeignItem("x.gif", photo(1)); err != nil || id != ours {
		t.Errorf("got %s and %v, want %s", id, err, ours)
	}
	if _, err := c.s.AddForeignItem("x.txt", []byte("no photo")); err == nil {
		t.Error("a text is a media item")
	}
	if _, err := c.s.AddForeignItem("x.gif", nil); err == nil {
		t.Error("nothing is a media item")
	}
	if got := c.ids(`{}`); !slices.Equal(got, []string{ours}) {
		t.Errorf("the library has %v", got)
	}
}

func TestMarksThatMakeNoSenseAreRefused(t *testing.T) {
	c := direct(t, emulator.Config{})
	id := c.add("", nil, 1, 1)[0]
	for _, category := range []string{"CATS", "pets", "", "NONE"} {
		if err := c.s.Mark(id, emulator.Marks{Favorite: true, Categories: []string{"FOOD", category}}); err == nil {
			t.Errorf("%q is a category", category)
		}
	}
	for _, id := range []string{"", "x", c.album("an album")} {
		if c.s.Mark(id, emulator.Marks{}) == nil {
			t.Errorf("%q is a media item", id)
		}
	}
	if got := c.s.MediaItems()[0].Marks; got.Favorite || got.Categories != nil {
		t.Errorf("what was refused was done: %+v", got)
	}
}

// Marks are all set at once, are seen in snapshots, and outlive a restart; what
// has no date in its file stays undated.
func TestMarksAreKept(t *testing.T) {
	cfg := emulator.Config{Dir: t.TempDir()}
	c := direct(t, cfg)
	ids := append(c.add("", nil, 1, 1), c.createIDs(batch("", nil, c.upload(jpegPhoto(4, 3, "2019:05:04 03:02:01"))))...)
	c.mark(ids[0], emulator.Marks{Archived: true})
	given := []string{"PETS", "FOOD"}
	c.mark(ids[0], emulator.Marks{Favorite: true, Categories: given})
	c.mark(ids[1], emulator.Marks{Favorite: true, Undated: true})
	given[0] = "NIGHT" // the caller's own
	want := []emulator.Marks{{Favorite: true, Undated: true, Categories: []string{"PETS", "FOOD"}}, {Favorite: true, Undated: true}}
	for range 2 { // the second time after a restart
		for i, it := range c.s.MediaItems() {
			if diff := cmp.Diff(want[i], it.Marks); diff != "" {
				t.Errorf("item %d (-want +got):\n%s", i, diff)
			}
		}
		c.wantFound(`{"dateFilter":{"dates":[{"year":2019}]}}`, "", "")
		if got := c.ids(`{"filters":{"contentFilter":{"includedContentCategories":["PETS"]}}}`); !slices.Equal(got, ids[:1]) {
			t.Errorf("PETS finds %v", got)
		}
		c.s.MediaItems()[0].Marks.Categories[0] = "NIGHT" // a copy
		c = c.restart(cfg)
	}
	c.mark(ids[1], emulator.Marks{})
	if got := c.ids(`{"filters":{"dateFilter":{"dates":[{"year":2019}]}}}`); !slices.Equal(got, ids[1:]) {
		t.Errorf("2019 has %v, want %v", got, ids[1:])
	}
}

// Contract 7, Video: a video whose processing fails says so when it is over.
func TestTheProcessingOfAVideoMayFail(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := direct(t, emulator.Config{})
		id := c.createIDs(batch("", nil, c.upload(video(1))))[0]
		c.mark(id, emulator.Marks{Failed: true})
		status := func() string {
			var it item
			c.get("/v1/mediaItems/"+id).into(t, &it)
			return it.MediaMetadata.Video.Status
		}
		if got := status(); got != "PROCESSING" {
			t.Errorf("a new video is %s", got)
		}
		time.Sleep(time.Minute)
		if got := status(); got != "FAILED" {
			t.Errorf("a minute later it is %s", got)
		}
	})
}
