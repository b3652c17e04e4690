package photos_test

import (
	"errors"
	"math"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/albumwright/albumwright/photos"
)

// names is n different ids.
func names(n int) (ids []string) {
	for i := range n {
		ids = append(ids, "m"+strconv.Itoa(i))
	}
	return ids
}

// batchOf is a batch of one item, changed.
func batchOf(change func(*photos.BatchCreateRequest)) photos.BatchCreateRequest {
	in := photos.BatchCreateRequest{NewMediaItems: slices.Clone(oneItem.NewMediaItems)}
	change(&in)
	return in
}

// limitCase is a call at or over a limit.
type limitCase struct {
	name    string
	refusal string // what the error must say; "" = it is sent
	call    func(*photos.Client) error
}

func (tc limitCase) check(t *testing.T) {
	t.Helper()
	requests := 0
	err := tc.call(clientOn(t, wire(func(*http.Request) (*http.Response, error) {
		requests++
		return reply(http.StatusOK, `{"id":"x"}`), nil
	})))
	if tc.refusal == "" {
		if err != nil || requests != 1 {
			t.Errorf("%s: %d requests (%v), want one", tc.name, requests, err)
		}
		return
	}
	if !errors.Is(err, photos.ErrNotSent) || requests != 0 || photos.Classify(err) != photos.ClassInvalid {
		t.Errorf("%s: %d requests, then %v of class %v; want none, ErrNotSent and invalid", tc.name, requests, err, photos.Classify(err))
		return
	}
	if !strings.Contains(err.Error(), tc.refusal) || asError(t, err).Status != 0 {
		t.Errorf("%s: error %q, want it to say %q, without a status", tc.name, err, tc.refusal)
	}
}

func TestIDsThatAreNoneAreNotSent(t *testing.T) {
	ctx := t.Context()
	for _, tc := range []limitCase{
		{"no media item", "id of the media item is empty", func(c *photos.Client) error { _, err := c.MediaItems.Get(ctx, ""); return err }},
		{"no media item to describe", "id of the media item is empty", func(c *photos.Client) error { _, err := c.MediaItems.Patch(ctx, "", "x"); return err }},
		{"no album", "id of the album is empty", func(c *photos.Client) error { _, err := c.Albums.Get(ctx, ""); return err }},
		{"no album to list", "id of the album is empty", func(c *photos.Client) error { _, err := filenames(c.MediaItems.InAlbum(ctx, "")); return err }},
		{"no album to change", "id of the album is empty", func(c *photos.Client) error {
			_, err := c.Albums.Patch(ctx, "", photos.AlbumPatch{Title: "x"})
			return err
		}},
		{"no album to add to", "id of the album is empty", func(c *photos.Client) error { return c.Albums.BatchAddMediaItems(ctx, "", names(1)) }},
		{"no album to share", "id of the album is empty", func(c *photos.Client) error {
			_, err := c.Albums.Share(ctx, "", photos.SharedAlbumOptions{})
			return err
		}},
		{"no album to unshare", "id of the album is empty", func(c *photos.Client) error { return c.Albums.Unshare(ctx, "") }},
		{"no ids to get", "there is no id", func(c *photos.Client) error { _, err := c.MediaItems.BatchGet(ctx, nil); return err }},
		{"an empty id to get", "mediaItemIds[1] is empty", func(c *photos.Client) error { _, err := c.MediaItems.BatchGet(ctx, []string{"a", ""}); return err }},
		{"no share token", "share token is empty", func(c *photos.Client) error { _, err := c.SharedAlbums.Get(ctx, ""); return err }},
		{"no share token to join", "share token is empty", func(c *photos.Client) error { _, err := c.SharedAlbums.Join(ctx, ""); return err }},
		{"no share token to leave", "share token is empty", func(c *photos.Client) error { return c.SharedAlbums.Leave(ctx, "") }},
	} {
		tc.check(t)
	}
}

func TestListsOfIDsHave1To50OfThem(t *testing.T) {
	ctx := t.Context()
	for method, call := range map[string]func(c *photos.Client, ids []string) error{
		"batchAddMediaItems":    func(c *photos.Client, ids []string) error { return c.Albums.BatchAddMediaItems(ctx, "A", ids) },
		"batchRemoveMediaItems": func(c *photos.Client, ids []string) error { return c.Albums.BatchRemoveMediaItems(ctx, "A", ids) },
	} {
		for _, list := range []struct {
			ids     []string
			refusal string
		}{
			{nil, "mediaItemIds has 0 ids, want 1 to 50"},
			{names(1), ""},
			{names(50), ""},
			{names(51), "mediaItemIds has 51 ids, want 1 to 50"},
			{[]string{"a", ""}, "mediaItemIds[1] is empty"},
			{[]string{"a", "b", "a"}, "mediaItemIds[2] repeats mediaItemIds[0]"},
		} {
			limitCase{method + " of " + strings.Join(list.ids, " "), list.refusal, func(c *photos.Client) error { return call(c, list.ids) }}.check(t)
		}
	}
}

func TestTextsThatAreTooLongAreNotSent(t *testing.T) {
	ctx := t.Context()
	long := func(n int) string { return strings.Repeat("é", n) } // characters, not bytes
	create := func(title string) func(*photos.Client) error {
		return func(c *photos.Client) error { _, err := c.Albums.Create(ctx, title); return err }
	}
	change := func(p photos.AlbumPatch) func(*photos.Client) error {
		return func(c *photos.Client) error { _, err := c.Albums.Patch(ctx, "A", p); return err }
	}
	describe := func(text string) func(*photos.Client) error {
		return func(c *photos.Client) error { _, err := c.MediaItems.Patch(ctx, "M", text); return err }
	}
	for _, tc := range []limitCase{
		{"no title", "the title is empty", create("")},
		{"the longest title", "", create(long(500))},
		{"a longer title", "the title has 501 characters, at most 500", create(long(501))},
		{"nothing to change", "nothing is to be changed", change(photos.AlbumPatch{})},
		{"the longest new title", "", change(photos.AlbumPatch{Title: long(500)})},
		{"a longer new title", "the title has 501 characters, at most 500", change(photos.AlbumPatch{Title: long(501)})},
		{"a new cover", "", change(photos.AlbumPatch{CoverPhotoMediaItemID: "M"})},
		{"no description", "", describe("")},
		{"the longest description", "", describe(long(999))},
		{"a longer description", "the description has 1000 characters, at most 999", describe(long(1000))},
	} {
		tc.check(t)
	}
}

func TestABatchThatBreaksALimitIsNotSent(t *testing.T) {
	with := func(change func(*photos.BatchCreateRequest)) func(*photos.Client) error {
		return func(c *photos.Client) error {
			_, err := c.MediaItems.BatchCreate(t.Context(), batchOf(change))
			return err
		}
	}
	at := func(album string, p photos.AlbumPosition) func(*photos.Client) error {
		return with(func(in *photos.BatchCreateRequest) { in.AlbumID, in.AlbumPosition = album, &p })
	}
	items := func(n int) func(*photos.Client) error {
		return with(func(in *photos.BatchCreateRequest) { in.NewMediaItems = slices.Repeat(in.NewMediaItems, n) })
	}
	texts := func(description, name int) func(*photos.Client) error {
		return with(func(in *photos.BatchCreateRequest) {
			in.NewMediaItems[0].Description = strings.Repeat("é", description)
			in.NewMediaItems[0].SimpleMediaItem.FileName = strings.Repeat("é", name)
		})
	}
	for _, tc := range []limitCase{
		{"no items", "newMediaItems has 0 items, want 1 to 50", items(0)},
		{"50 items", "", items(50)},
		{"51 items", "newMediaItems has 51 items, want 1 to 50", items(51)},
		{"the longest texts", "", texts(999, 255)},
		{"a longer description", "newMediaItems[0].description has 1000 characters, at most 999", texts(1000, 255)},
		{"a longer name", "newMediaItems[0].simpleMediaItem.fileName has 256 characters, at most 255", texts(999, 256)},
		{"an empty token is the service's to judge", "", with(func(in *photos.BatchCreateRequest) { in.NewMediaItems[0].SimpleMediaItem.UploadToken = "" })},
		{"a position without an album", "albumPosition needs an albumId", at("", photos.AlbumPosition{Position: photos.FirstInAlbum})},
		{"a position", "", at("A", photos.AlbumPosition{Position: photos.FirstInAlbum})},
		{"after an item", "", at("A", photos.AlbumPosition{Position: photos.AfterMediaItem, RelativeMediaItemID: "m"})},
		{"after an enrichment", "", at("A", photos.AlbumPosition{Position: photos.AfterEnrichmentItem, RelativeEnrichmentItemID: "e"})},
		{"after no item", "relativeMediaItemId goes with AFTER_MEDIA_ITEM", at("A", photos.AlbumPosition{Position: photos.AfterMediaItem})},
		{"first, after an item", "relativeMediaItemId goes with AFTER_MEDIA_ITEM", at("A", photos.AlbumPosition{Position: photos.FirstInAlbum, RelativeMediaItemID: "m"})},
		{"after no enrichment", "relativeEnrichmentItemId goes with AFTER_ENRICHMENT_ITEM", at("A", photos.AlbumPosition{Position: photos.AfterEnrichmentItem})},
		{"after both", "relativeEnrichmentItemId goes with AFTER_ENRICHMENT_ITEM",
			at("A", photos.AlbumPosition{Position: photos.AfterMediaItem, RelativeMediaItemID: "m", RelativeEnrichmentItemID: "e"})},
	} {
		tc.check(t)
	}
}

func TestAnEnrichmentIsOneThing(t *testing.T) {
	add := func(e photos.NewEnrichmentItem, at photos.AlbumPosition) func(*photos.Client) error {
		return func(c *photos.Client) error { _, err := c.Albums.AddEnrichment(t.Context(), "A", e, at); return err }
	}
	text := &photos.TextEnrichment{Text: "Day 1"}
	point := func(latitude, longitude float64) photos.NewEnrichmentItem {
		return photos.NewEnrichmentItem{LocationEnrichment: &photos.LocationEnrichment{
			Location: photos.Location{Latlng: &photos.LatLng{Latitude: latitude, Longitude: longitude}},
		}}
	}
	end := photos.AlbumPosition{}
	for _, tc := range []limitCase{
		{"nothing", "newEnrichmentItem has 0 kinds", add(photos.NewEnrichmentItem{}, end)},
		{"two things", "newEnrichmentItem has 2 kinds", add(photos.NewEnrichmentItem{TextEnrichment: text, MapEnrichment: &photos.MapEnrichment{}}, end)},
		{"a text", "", add(photos.NewEnrichmentItem{TextEnrichment: text}, end)},
		{"a text without words", "textEnrichment.text is empty", add(photos.NewEnrichmentItem{TextEnrichment: &photos.TextEnrichment{}}, end)},
		{"nowhere", "locationEnrichment.location has neither", add(photos.NewEnrichmentItem{LocationEnrichment: &photos.LocationEnrichment{}}, end)},
		{"half a map", "mapEnrichment.destination has neither", add(photos.NewEnrichmentItem{
			MapEnrichment: &photos.MapEnrichment{Origin: photos.Location{LocationName: "Bonn"}},
		}, end)},
		{"a corner of the map", "", add(point(-90, 180), end)},
		{"too far north", "latlng is 90.5, 0", add(point(90.5, 0), end)},
		{"too far west", "latlng is 0, -180.5", add(point(0, -180.5), end)},
		{"no number", "latlng is NaN, 0", add(point(math.NaN(), 0), end)},
		{"a place without its item", "relativeMediaItemId goes with", add(photos.NewEnrichmentItem{TextEnrichment: text}, photos.AlbumPosition{Position: photos.AfterMediaItem})},
	} {
		tc.check(t)
	}
}
