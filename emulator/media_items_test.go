package emulator_test

import (
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/albumwright/albumwright/emulator"
)

// Contract 5, mediaItems.get.
func TestGettingOneItem(t *testing.T) {
	bothWays(t, emulator.Config{}, func(t *testing.T, c *client) {
		made := c.create(map[string]any{"newMediaItems": []any{entry(c.upload(photo(1)), "a.gif", "Words")}})[0].MediaItem
		var got item
		c.get("/v1/mediaItems/"+made.ID).into(t, &got)
		if diff := cmp.Diff(*made, got); diff != "" {
			t.Errorf("the item differs from the one that was created: %s", diff)
		}
		unknown := direct(t, emulator.Config{}).add("", nil, 1, 1)[0]
		c.get("/v1/mediaItems/"+unknown).wantError(t, http.StatusNotFound, "NOT_FOUND", "")
		for _, id := range []string{"x", swapLetter(made.ID), made.ID + "A", c.album("an album")} {
			c.get("/v1/mediaItems/"+id).wantError(t, http.StatusBadRequest, "INVALID_ARGUMENT", "Invalid media item ID.")
		}
	})
}

// Contract 5, mediaItems.batchGet: the order is kept, a bad id fails alone.
func TestGettingSeveralItems(t *testing.T) {
	bothWays(t, emulator.Config{}, func(t *testing.T, c *client) {
		ids := c.add("", nil, 1, 50)
		unknown := direct(t, emulator.Config{}).add("", nil, 1, 1)[0]
		asked := []string{ids[2], "nonsense", ids[0], unknown}
		a := c.get("/v1/mediaItems:batchGet?" + url.Values{"mediaItemIds": asked}.Encode())
		a.wantStatus(t, http.StatusOK)
		var res struct {
			MediaItemResults []struct {
				Status    map[string]any
				MediaItem *item
			}
		}
		a.into(t, &res)
		bad := map[string]any{"code": 3.0, "message": "Invalid media item ID."}
		for i, r := range res.MediaItemResults {
			good := i%2 == 0
			if good && (r.Status != nil || r.MediaItem == nil || r.MediaItem.ID != asked[i]) {
				t.Errorf("result %d is %+v, want %s", i, r, asked[i])
			}
			if !good && (r.MediaItem != nil || !cmp.Equal(r.Status, bad)) {
				t.Errorf("result %d is %+v, want %v", i, r, bad)
			}
		}
		if len(res.MediaItemResults) != 4 {
			t.Errorf("%d results for 4 ids", len(res.MediaItemResults))
		}
		for name, tt := range map[string]struct {
			ids    []string
			status int
		}{
			"none":      {nil, 400},
			"50":        {ids, 200},
			"51":        {append(slices.Clone(ids), unknown), 400},
			"one twice": {[]string{ids[0], ids[0]}, 400},
			"an empty":  {[]string{ids[0], ""}, 400},
		} {
			if a := c.get("/v1/mediaItems:batchGet?" + url.Values{"mediaItemIds": tt.ids}.Encode()); a.status != tt.status {
				t.Errorf("%s: status %d, want %d: %s", name, a.status, tt.status, a.body)
			}
		}
	})
}

// itemPage is one page of mediaItems.list or search.
type itemPage struct {
	MediaItems    []item
	NextPageToken string
}

// names walks through a listing and returns the file names and page sizes.
func (c *client) names(get func(token string) answer) (names []string, sizes []int) {
	c.t.Helper()
	for token := ""; ; {
		a := get(token)
		a.wantStatus(c.t, http.StatusOK)
		var p itemPage
		a.into(c.t, &p)
		for _, it := range p.MediaItems {
			names = append(names, it.Filename)
		}
		sizes = append(sizes, len(p.MediaItems))
		if token = p.NextPageToken; token == "" {
			return names, sizes
		}
	}
}

// Contract 5, mediaItems.list and search: newest first by creationTime; 25 by
// default, at most 100; an empty library answers {}.
func TestTheLibraryIsListedNewestFirst(t *testing.T) {
	bothWays(t, emulator.Config{}, func(t *testing.T, c *client) {
		if got := strings.TrimSpace(string(c.get("/v1/mediaItems").body)); got != "{}" {
			t.Errorf("an empty library answers %s", got)
		}
		const n = 60
		var want []string
		for day := n; day > 0; day-- {
			want = append(want, fmt.Sprintf("%02d.jpg", day))
		}
		// The middle first: neither the order of creation nor its reverse.
		for _, day := range slices.Concat(span(30, n), span(1, 29)) {
			taken := fmt.Sprintf("2019:%02d:%02d 10:00:00", 1+day/28, 1+day%28)
			c.create(map[string]any{"newMediaItems": []any{entry(c.upload(jpegPhoto(40, 30+day, taken)), fmt.Sprintf("%02d.jpg", day), "")}})
		}
		for _, tt := range []struct {
			name  string
			get   func(token string) answer
			pages []int
		}{
			{"list, default size", func(tok string) answer { return c.get("/v1/mediaItems?pageToken=" + tok) }, []int{25, 25, 10}},
			{"list, largest size", func(tok string) answer { return c.get("/v1/mediaItems?pageSize=100&page_token=" + tok) }, []int{60}},
			{"list, a size that divides", func(tok string) answer { return c.get("/v1/mediaItems?pageSize=30&pageToken=" + tok) }, []int{30, 30}},
			{"search, default size", func(tok string) answer {
				return c.post("/v1/mediaItems:search", map[string]any{"pageToken": tok})
			}, []int{25, 25, 10}},
			{"search, a size in quotes", func(tok string) answer {
				return c.post("/v1/mediaItems:search", map[string]any{"pageSize": "40", "pageToken": tok})
			}, []int{40, 20}},
		} {
			names, sizes := c.names(tt.get)
			if !slices.Equal(names, want) || !slices.Equal(sizes, tt.pages) {
				t.Errorf("%s: pages of %v, want %v; first is %q", tt.name, sizes, tt.pages, names[0])
			}
		}
	})
}

func span(from, to int) (all []int) {
	for n := from; n <= to; n++ {
		all = append(all, n)
	}
	return all
}

// Contract 5, search: an album is listed in its own order, page after page,
// and an item that leaves it between two pages does not hide the others.
func TestAnAlbumIsListedInItsOrder(t *testing.T) {
	bothWays(t, emulator.Config{}, func(t *testing.T, c *client) {
		album := c.album("Summer")
		ids := c.add(album, nil, 1, 5)
		first := c.add(album, position("FIRST_IN_ALBUM"), 50, 1)
		want := append(first, ids...)
		if got := c.inAlbum(album); !slices.Equal(got, want) {
			t.Errorf("the album is listed as %v\nwant %v", got, want)
		}
		var p itemPage
		c.post("/v1/mediaItems:search", map[string]any{"albumId": album, "pageSize": 2}).into(t, &p)
		c.s.RemoveFromAlbum(album, p.MediaItems[0].ID) // before the place where the page ended
		c.add(album, position("FIRST_IN_ALBUM"), 60, 3)
		var next itemPage
		c.post("/v1/mediaItems:search", map[string]any{"albumId": album, "pageSize": 2, "pageToken": p.NextPageToken}).into(t, &next)
		if got := next.MediaItems[0].ID; got != want[2] {
			t.Errorf("the second page begins with %s, want %s", got, want[2])
		}
		c.s.RemoveFromAlbum(album, next.MediaItems[1].ID) // the very item at which it ended
		a := c.post("/v1/mediaItems:search", map[string]any{"albumId": album, "pageSize": 2, "pageToken": next.NextPageToken})
		a.wantStatus(t, http.StatusOK)
	})
}

// Contract 5, search: albumId together with filters is refused.
func TestSearchesThatAreRefused(t *testing.T) {
	bothWays(t, emulator.Config{}, func(t *testing.T, c *client) {
		album := c.album("Summer")
		for _, body := range []string{
			`{"albumId":"` + album + `","filters":{}}`,
			`{"albumId":"` + album + `","orderBy":"MediaMetadata.creation_time"}`,
			`{"albumId":"` + album + `","filters":{"mediaTypeFilter":{"mediaTypes":["PHOTO"]}}}`,
			`{"pageSize":101}`,
			`{"pageSize":-1}`,
		} {
			c.post("/v1/mediaItems:search", body).wantError(t, http.StatusBadRequest, "INVALID_ARGUMENT", "")
		}
		if got := strings.TrimSpace(string(c.post("/v1/mediaItems:search", map[string]any{"albumId": album}).body)); got != "{}" {
			t.Errorf("an empty album answers %s, want {}", got)
		}
		for _, everything := range []string{"", "{}", `{"filters":{}}`} {
			c.post("/v1/mediaItems:search", everything).wantStatus(t, http.StatusOK)
		}
	})
}

// Contract 12 #40: creationTime is the capture time of the file, its wall
// clock read as UTC.
func TestCreationTimeComesFromTheFile(t *testing.T) {
	bothWays(t, emulator.Config{}, func(t *testing.T, c *client) {
		it := c.create(batch("", nil, c.upload(jpegPhoto(40, 30, "2019:05:04 03:02:01"))))[0].MediaItem
		if m := it.MediaMetadata; m.CreationTime != "2019-05-04T03:02:01Z" || m.Width != "40" || m.Height != "30" {
			t.Errorf("metadata %+v", m)
		}
	})
}
