package photos_test

import (
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"

	"golang.org/x/oauth2"

	"github.com/albumwright/albumwright/emulator"
	"github.com/albumwright/albumwright/internal/fixture"
	"github.com/albumwright/albumwright/photos"
)

// addPhotos creates photos of the given names, taken a day after each other, in an album or just in the library.
func addPhotos(t *testing.T, c *photos.Client, albumID string, fileNames ...string) (ids []string) {
	t.Helper()
	in := photos.BatchCreateRequest{AlbumID: albumID}
	for i, name := range fileNames {
		media := fixture.TinyJPEG(i+1, firstOfJuly.AddDate(0, 0, i))
		token, err := c.Uploads.Raw(t.Context(), tiny(string(media)))
		if err != nil {
			t.Fatal(err)
		}
		in.NewMediaItems = append(in.NewMediaItems, photos.NewMediaItem{SimpleMediaItem: photos.SimpleMediaItem{UploadToken: token, FileName: name}})
	}
	out, err := c.MediaItems.BatchCreate(t.Context(), in)
	if err != nil {
		t.Fatal(err)
	}
	for _, r := range out.NewMediaItemResults {
		if r.MediaItem == nil {
			t.Fatalf("not created: %+v", r.Status)
		}
		ids = append(ids, r.MediaItem.ID)
	}
	return ids
}

func TestEditsAreSentAsDocumented(t *testing.T) {
	ctx := t.Context()
	text := photos.NewEnrichmentItem{TextEnrichment: &photos.TextEnrichment{Text: "Day 1"}}
	way := photos.NewEnrichmentItem{MapEnrichment: &photos.MapEnrichment{
		Origin:      photos.Location{LocationName: "Bonn", Latlng: &photos.LatLng{Latitude: 50.7}},
		Destination: photos.Location{LocationName: "Kiel"},
	}}
	for _, tc := range []struct {
		want string
		call func(*photos.Client) error
	}{
		{`PATCH /v1/mediaItems/M?updateMask=description {"description":""}`, func(c *photos.Client) error { _, err := c.MediaItems.Patch(ctx, "M", ""); return err }},
		{`PATCH /v1/albums/A?updateMask=title {"title":"B"}`, func(c *photos.Client) error {
			_, err := c.Albums.Patch(ctx, "A", photos.AlbumPatch{Title: "B"})
			return err
		}},
		{`PATCH /v1/albums/A?updateMask=title%2CcoverPhotoMediaItemId {"title":"B","coverPhotoMediaItemId":"M"}`, func(c *photos.Client) error {
			_, err := c.Albums.Patch(ctx, "A", photos.AlbumPatch{Title: "B", CoverPhotoMediaItemID: "M"})
			return err
		}},
		{`POST /v1/albums/A:batchAddMediaItems {"mediaItemIds":["m0","m1"]}`, func(c *photos.Client) error { return c.Albums.BatchAddMediaItems(ctx, "A", names(2)) }},
		{`POST /v1/albums/A:batchRemoveMediaItems {"mediaItemIds":["m0"]}`, func(c *photos.Client) error { return c.Albums.BatchRemoveMediaItems(ctx, "A", names(1)) }},
		{`POST /v1/albums/A:addEnrichment {"newEnrichmentItem":{"textEnrichment":{"text":"Day 1"}},"albumPosition":{"position":"LAST_IN_ALBUM"}}`,
			func(c *photos.Client) error {
				_, err := c.Albums.AddEnrichment(ctx, "A", text, photos.AlbumPosition{})
				return err
			}},
		{`POST /v1/albums/A:addEnrichment {"newEnrichmentItem":{"mapEnrichment":{"origin":{"locationName":"Bonn","latlng":{"latitude":50.7,"longitude":0}},` +
			`"destination":{"locationName":"Kiel"}}},"albumPosition":{"position":"AFTER_ENRICHMENT_ITEM","relativeEnrichmentItemId":"e"}}`,
			func(c *photos.Client) error {
				_, err := c.Albums.AddEnrichment(ctx, "A", way, photos.AlbumPosition{Position: photos.AfterEnrichmentItem, RelativeEnrichmentItemID: "e"})
				return err
			}},
		{`POST /v1/albums/A:share {"sharedAlbumOptions":{"isCollaborative":true}}`, func(c *photos.Client) error {
			_, err := c.Albums.Share(ctx, "A", photos.SharedAlbumOptions{IsCollaborative: true})
			return err
		}},
		{`POST /v1/albums/A:unshare {}`, func(c *photos.Client) error { return c.Albums.Unshare(ctx, "A") }},
		{`GET /v1/sharedAlbums/a%2Fb `, func(c *photos.Client) error { _, err := c.SharedAlbums.Get(ctx, "a/b"); return err }},
		{`GET /v1/sharedAlbums?pageSize=50 `, func(c *photos.Client) error { _, err := albumIDs(c.SharedAlbums.List(ctx), -1); return err }},
		{`GET /v1/sharedAlbums?excludeNonAppCreatedData=true&pageSize=50 `, func(c *photos.Client) error {
			_, err := albumIDs(c.SharedAlbums.AppCreated().List(ctx), -1)
			return err
		}},
		{`GET /v1/albums?excludeNonAppCreatedData=true&pageSize=50 `, func(c *photos.Client) error { _, err := albumIDs(c.Albums.AppCreated().List(ctx), -1); return err }},
		{`POST /v1/sharedAlbums:join {"shareToken":"T"}`, func(c *photos.Client) error { _, err := c.SharedAlbums.Join(ctx, "T"); return err }},
		{`POST /v1/sharedAlbums:leave {"shareToken":"T"}`, func(c *photos.Client) error { return c.SharedAlbums.Leave(ctx, "T") }},
	} {
		b := &book{t: t, pages: []string{`{}`}}
		if err := tc.call(clientOn(t, b)); err != nil || !slices.Equal(b.requests, []string{tc.want}) {
			t.Errorf("requests %q (%v), want %s", b.requests, err, tc.want)
		}
	}
}

func TestAnAlbumIsArrangedOnTheEmulator(t *testing.T) {
	s, c := onEmulator(t)
	ctx := t.Context()
	album, err := c.Albums.Create(ctx, "Summer")
	if err != nil {
		t.Fatal(err)
	}
	ids := addPhotos(t, c, "", "a.jpg", "b.jpg", "c.jpg")
	if err := c.Albums.BatchAddMediaItems(ctx, album.ID, []string{ids[2], ids[0], ids[1]}); err != nil {
		t.Fatal(err)
	}
	if err := c.Albums.BatchRemoveMediaItems(ctx, album.ID, ids[:1]); err != nil {
		t.Fatal(err)
	}
	day, err := c.Albums.AddEnrichment(ctx, album.ID, photos.NewEnrichmentItem{TextEnrichment: &photos.TextEnrichment{Text: "Day 1"}},
		photos.AlbumPosition{Position: photos.AfterMediaItem, RelativeMediaItemID: ids[2]})
	if err != nil || day.ID == "" {
		t.Fatalf("enrichment %+v: %v", day, err)
	}
	changed, err := c.Albums.Patch(ctx, album.ID, photos.AlbumPatch{Title: "Summer 2024", CoverPhotoMediaItemID: ids[1]})
	if err != nil || changed.Title != "Summer 2024" || changed.CoverPhotoMediaItemID != ids[1] || changed.MediaItemsCount != 2 {
		t.Errorf("album %+v (%v), want its new title, cover and two items", changed, err)
	}
	described, err := c.MediaItems.Patch(ctx, ids[1], "The harbour")
	if err != nil || described.Description != "The harbour" || described.Filename != "b.jpg" {
		t.Errorf("media item %+v (%v), want it described", described, err)
	}
	got, err := filenames(c.MediaItems.InAlbum(ctx, album.ID))
	if err != nil || !slices.Equal(got, []string{"c.jpg", "b.jpg"}) {
		t.Errorf("the album holds %q (%v), want c and b", got, err)
	}
	if e := s.Enrichments(album.ID); len(e) != 1 || e[0].Text != "Day 1" || e[0].At != 1 {
		t.Errorf("enrichments %+v, want the text behind the first item", e)
	}
}

func TestSharingIsForbiddenTodayAndWorkedIn2024(t *testing.T) {
	for _, tc := range []struct {
		era  emulator.Era
		want photos.Class // of every call; unknown = none fails
	}{{emulator.EraToday, photos.ClassForbidden}, {emulator.Era2024, photos.ClassUnknown}} {
		s, err := emulator.New(emulator.Config{Era: tc.era})
		if err != nil {
			t.Fatal(err)
		}
		defer s.Close()
		token := s.NewAccessToken(emulator.ScopeAppendOnly, emulator.ScopeReadAppCreated, emulator.ScopeSharing)
		c, err := photos.New(photos.Config{TokenSource: oauth2.StaticTokenSource(&oauth2.Token{AccessToken: token}), Transport: s.Transport()})
		if err != nil {
			t.Fatal(err)
		}
		album, err := c.Albums.Create(t.Context(), "Mine")
		if err != nil {
			t.Fatal(err)
		}
		_, theirs := s.AddSharedAlbum(emulator.SomebodysAlbum{Title: "Theirs"})
		for name, err := range shareAll(c, t, album.ID, theirs) {
			if class := photos.Classify(err); class != tc.want || (err == nil) != (tc.want == photos.ClassUnknown) {
				t.Errorf("era %d, %s: %v, want %v", tc.era, name, err, tc.want)
			}
		}
	}
}

// shareAll makes each call of sharing, the listing in the middle of them.
func shareAll(c *photos.Client, t *testing.T, albumID, theirToken string) map[string]error {
	ctx := t.Context()
	all := map[string]error{}
	info, err := c.Albums.Share(ctx, albumID, photos.SharedAlbumOptions{IsCollaborative: true})
	if err == nil && (info.ShareToken == "" || info.ShareableURL == "" || !info.SharedAlbumOptions.IsCollaborative || !info.IsOwned) {
		err = fmt.Errorf("share info is %+v", info)
	}
	all["share"] = err
	joined, err := c.SharedAlbums.Join(ctx, theirToken)
	if err == nil && joined.Title != "Theirs" {
		err = fmt.Errorf("joined %+v", joined)
	}
	all["join"] = err
	shared, err := albumIDs(c.SharedAlbums.List(ctx), -1)
	if err == nil && len(shared) != 2 {
		err = fmt.Errorf("%d shared albums, want 2", len(shared))
	}
	all["list"] = err
	_, all["get"] = c.SharedAlbums.Get(ctx, theirToken)
	all["leave"] = c.SharedAlbums.Leave(ctx, theirToken)
	all["unshare"] = c.Albums.Unshare(ctx, albumID)
	return all
}

func TestNoRefusalOfSharingShowsItsToken(t *testing.T) {
	const secret = "AOVP0r-a-very-secret-share-token"
	c := clientOn(t, wire(func(*http.Request) (*http.Response, error) { return nil, errors.New("connection reset") }))
	_, get := c.SharedAlbums.Get(t.Context(), secret)
	_, join := c.SharedAlbums.Join(t.Context(), secret)
	for _, err := range []error{get, join, c.SharedAlbums.Leave(t.Context(), secret)} {
		if err == nil || strings.Contains(err.Error(), secret) {
			t.Errorf("error is %v, want one without the share token", err)
		}
	}
}
