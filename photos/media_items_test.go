package photos_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/albumwright/albumwright/photos"
)

func TestABatchIsSentAsDocumentedWithDefaultsLeftOut(t *testing.T) {
	item := photos.NewMediaItem{SimpleMediaItem: photos.SimpleMediaItem{UploadToken: "t1"}}
	for _, tc := range []struct {
		name string
		in   photos.BatchCreateRequest
		want string
	}{
		{"library", photos.BatchCreateRequest{NewMediaItems: []photos.NewMediaItem{item}},
			`{"newMediaItems":[{"simpleMediaItem":{"uploadToken":"t1"}}]}`},
		{"end of an album", photos.BatchCreateRequest{AlbumID: "A", NewMediaItems: []photos.NewMediaItem{item}},
			`{"albumId":"A","newMediaItems":[{"simpleMediaItem":{"uploadToken":"t1"}}]}`},
		{"start of an album", photos.BatchCreateRequest{AlbumID: "A", NewMediaItems: []photos.NewMediaItem{item}, AlbumPosition: &photos.AlbumPosition{Position: photos.FirstInAlbum}},
			`{"albumId":"A","newMediaItems":[{"simpleMediaItem":{"uploadToken":"t1"}}],"albumPosition":{"position":"FIRST_IN_ALBUM"}}`},
		{"everything", photos.BatchCreateRequest{
			AlbumID: "A",
			NewMediaItems: []photos.NewMediaItem{
				{Description: "Grüße", SimpleMediaItem: photos.SimpleMediaItem{UploadToken: "t1", FileName: "a b.jpg"}},
				{SimpleMediaItem: photos.SimpleMediaItem{UploadToken: "t2", FileName: "c.mp4"}},
			},
			AlbumPosition: &photos.AlbumPosition{Position: photos.AfterMediaItem, RelativeMediaItemID: "m"},
		}, `{"albumId":"A","newMediaItems":[{"description":"Grüße","simpleMediaItem":{"uploadToken":"t1","fileName":"a b.jpg"}},{"simpleMediaItem":{"uploadToken":"t2","fileName":"c.mp4"}}],"albumPosition":{"position":"AFTER_MEDIA_ITEM","relativeMediaItemId":"m"}}`},
	} {
		var got string
		c := clientOn(t, wire(func(req *http.Request) (*http.Response, error) {
			got = read(t, req)
			return reply(http.StatusOK, `{}`), nil
		}))
		if _, err := c.MediaItems.BatchCreate(t.Context(), tc.in); err != nil {
			t.Fatal(err)
		}
		if got != tc.want {
			t.Errorf("%s: body\n%s, want\n%s", tc.name, got, tc.want)
		}
	}
}

func TestJSONCallsCarryTheTokenAndNameTheProgram(t *testing.T) {
	for _, tc := range []struct {
		method, path, contentType string
		call                      func(*photos.Client) error
	}{
		{"POST", "/v1/mediaItems:batchCreate", "application/json", func(c *photos.Client) error { _, err := c.MediaItems.BatchCreate(t.Context(), oneItem); return err }},
		{"POST", "/v1/albums", "application/json", func(c *photos.Client) error { _, err := c.Albums.Create(t.Context(), "A"); return err }},
		{"GET", "/v1/albums/A", "", func(c *photos.Client) error { _, err := c.Albums.Get(t.Context(), "A"); return err }},
		{"GET", "/v1/mediaItems/M", "", func(c *photos.Client) error { _, err := c.MediaItems.Get(t.Context(), "M"); return err }},
		{"GET", "/v1/mediaItems:batchGet?mediaItemIds=a&mediaItemIds=b", "", func(c *photos.Client) error {
			_, err := c.MediaItems.BatchGet(t.Context(), []string{"a", "b"})
			return err
		}},
	} {
		var got *http.Request
		var body string
		c := clientOn(t, wire(func(req *http.Request) (*http.Response, error) {
			got, body = req, read(t, req)
			return reply(http.StatusOK, `{"id":"x","mediaItemResults":[{},{}]}`), nil
		}))
		if err := tc.call(c); err != nil {
			t.Errorf("%s %s: %v", tc.method, tc.path, err)
		}
		want := http.Header{"Authorization": {"Bearer " + accessToken}, "User-Agent": {"test/1"}}
		if tc.contentType != "" {
			want.Set("Content-Type", tc.contentType)
		}
		if got.Method != tc.method || got.URL.RequestURI() != tc.path || !cmp.Equal(got.Header, want) || (body == "") != (tc.method == "GET") {
			t.Errorf("request %s %s %v with body %q, want %s %s %v", got.Method, got.URL.RequestURI(), got.Header, body, tc.method, tc.path, want)
		}
	}
}

func TestAnAlbumIsCreatedByItsTitleAlone(t *testing.T) {
	var got string
	c := clientOn(t, wire(func(req *http.Request) (*http.Response, error) {
		got = read(t, req)
		return reply(http.StatusOK, `{"id":"A","title":"Summer","productUrl":"https://photos.example/A","isWriteable":true}`), nil
	}))
	a, err := c.Albums.Create(t.Context(), "Summer")
	if want := `{"album":{"title":"Summer"}}`; err != nil || got != want {
		t.Errorf("body %s (%v), want %s", got, err, want)
	}
	if want := (photos.Album{ID: "A", Title: "Summer", ProductURL: "https://photos.example/A", IsWriteable: true}); a != want {
		t.Errorf("album %+v, want %+v", a, want)
	}
}

func TestResultsOfABatchAreReadWhole(t *testing.T) {
	const body = `{"newMediaItemResults":[
 {"uploadToken":"t1","status":{"message":"Success"},"mediaItem":{"id":"m1","description":"d","productUrl":"https://photos.example/m1","mimeType":"image/jpeg","mediaMetadata":{"creationTime":"2024-05-01T10:00:00Z","width":"4000","height":"3000","photo":{}},"filename":"a.jpg"}},
 {"uploadToken":"t2","status":{"code":3,"message":"NOT_IMAGE: There was an error while trying to create this media item."}},
 {"uploadToken":"t3","status":{"code":0,"message":"OK"},"mediaItem":{"id":"m3","mediaMetadata":{"video":{"status":"PROCESSING","fps":29.97}}}}]}`
	want := []photos.NewMediaItemResult{
		{UploadToken: "t1", Status: photos.Status{Message: "Success"}, MediaItem: &photos.MediaItem{
			ID: "m1", Description: "d", ProductURL: "https://photos.example/m1", MIMEType: "image/jpeg", Filename: "a.jpg",
			MediaMetadata: photos.MediaMetadata{CreationTime: time.Date(2024, 5, 1, 10, 0, 0, 0, time.UTC), Width: 4000, Height: 3000, Photo: &photos.Photo{}},
		}},
		{UploadToken: "t2", Status: photos.Status{Code: 3, Message: "NOT_IMAGE: There was an error while trying to create this media item."}},
		{UploadToken: "t3", Status: photos.Status{Message: "OK"}, MediaItem: &photos.MediaItem{
			ID: "m3", MediaMetadata: photos.MediaMetadata{Video: &photos.Video{Status: "PROCESSING", FPS: 29.97}},
		}},
	}
	got, err := clientOn(t, always(http.StatusOK, body)).MediaItems.BatchCreate(t.Context(), oneItem)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(want, got.NewMediaItemResults); diff != "" {
		t.Errorf("-want +got\n%s", diff)
	}
}

func TestNumbersAreReadInBothFormsAndWrittenAsText(t *testing.T) {
	for _, tc := range []struct {
		in   string
		want photos.Int64
		ok   bool
	}{
		{`"12"`, 12, true}, {`12`, 12, true}, {`"0"`, 0, true}, {`"-3"`, -3, true}, {`"9223372036854775807"`, 1<<63 - 1, true}, {`null`, 0, true},
		{`"9223372036854775808"`, 0, false}, {`"12px"`, 0, false}, {`""`, 0, false}, {`1.5`, 0, false}, {`true`, 0, false}, {`{}`, 0, false},
	} {
		var got struct{ N photos.Int64 }
		err := json.Unmarshal([]byte(`{"N":`+tc.in+`}`), &got)
		if (err == nil) != tc.ok || got.N != tc.want {
			t.Errorf("%s: read as %d (%v), want %d, ok %t", tc.in, got.N, err, tc.want, tc.ok)
		}
	}
	if got, err := json.Marshal(photos.Album{MediaItemsCount: 12}); string(got) != `{"mediaItemsCount":"12"}` {
		t.Errorf("written as %s (%v), want text", got, err)
	}
}

func TestBatchGetKeepsTheOrderAndTheReasons(t *testing.T) {
	got, err := clientOn(t, always(http.StatusOK, `{"mediaItemResults":[{"mediaItem":{"id":"a"}},{"status":{"code":3,"message":"Invalid media item ID."}}]}`)).
		MediaItems.BatchGet(t.Context(), []string{"a", "b"})
	want := []photos.MediaItemResult{{MediaItem: &photos.MediaItem{ID: "a"}}, {Status: photos.Status{Code: 3, Message: "Invalid media item ID."}}}
	if diff := cmp.Diff(want, got); err != nil || diff != "" {
		t.Errorf("%v, -want +got\n%s", err, diff)
	}
}

// shelf answers batchGets: an id that begins with "bad" has a status, all others an item.
type shelf struct {
	t     *testing.T
	asked [][]string
	fails int // the request, from 1, that fails
}

func (s *shelf) RoundTrip(req *http.Request) (*http.Response, error) {
	ids := req.URL.Query()["mediaItemIds"]
	s.asked = append(s.asked, ids)
	if len(s.asked) == s.fails {
		return reply(http.StatusServiceUnavailable, ""), nil
	}
	results := make([]string, len(ids))
	for i, id := range ids {
		if results[i] = fmt.Sprintf(`{"mediaItem":{"id":%q}}`, id); strings.HasPrefix(id, "bad") {
			results[i] = `{"status":{"code":3,"message":"Invalid media item ID."}}`
		}
	}
	return reply(http.StatusOK, `{"mediaItemResults":[`+strings.Join(results, ",")+`]}`), nil
}

func TestBatchGetReadsAnyNumberOfItems(t *testing.T) {
	ids := append(names(120), "m3", "bad1", "m119", "bad1")
	s := &shelf{t: t}
	got, err := clientOn(t, s).MediaItems.BatchGet(t.Context(), ids)
	if err != nil || len(got) != len(ids) {
		t.Fatalf("%d results (%v), want %d", len(got), err, len(ids))
	}
	for i, id := range ids {
		bad := strings.HasPrefix(id, "bad")
		if bad != (got[i].MediaItem == nil) || bad != (got[i].Status.Code != 0) || !bad && got[i].MediaItem.ID != id {
			t.Errorf("result %d is %+v, want that of %s", i, got[i], id)
		}
	}
	var sizes []int
	for _, group := range s.asked {
		sizes = append(sizes, len(group))
	}
	if !slices.Equal(sizes, []int{50, 50, 21}) {
		t.Errorf("requests of %v ids, want 50, 50, and the 21 others once", sizes)
	}
}

func TestABatchGetThatBreaksOffKeepsWhatCame(t *testing.T) {
	s := &shelf{t: t, fails: 2}
	got, err := clientOn(t, s).MediaItems.BatchGet(t.Context(), names(120))
	if asError(t, err).Status != http.StatusServiceUnavailable || len(got) != 50 || len(s.asked) != 2 {
		t.Errorf("%d results in %d requests, then %v; want the first 50", len(got), len(s.asked), err)
	}
}

func TestABatchGetWithResultsMissingIsNoAnswer(t *testing.T) {
	got, err := clientOn(t, always(http.StatusOK, `{"mediaItemResults":[{"mediaItem":{"id":"b"}}]}`)).MediaItems.BatchGet(t.Context(), []string{"a", "b"})
	if !errors.Is(err, photos.ErrNotJSON) || got != nil {
		t.Errorf("%v, %v: nobody can tell whose result it is", got, err)
	}
}
