package emulator_test

import (
	"fmt"
	"io"
	"net/http"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/albumwright/albumwright/emulator"
)

// Contract 1: JSON that the service does not understand is refused in its own
// words, with the field that is to blame.
func TestBodiesThatAreRefused(t *testing.T) {
	const batchCreate, albums, search = "/v1/mediaItems:batchCreate", "/v1/albums", "/v1/mediaItems:search"
	const invalid = "Invalid JSON payload received. "
	tests := []struct {
		name, path, body string
		want             string // start of the message
		field            string // of the field violation; "-" = there is none
	}{
		{"not JSON", albums, `{"album":`, invalid + "Unexpected token.", "-"},
		{"text after the object", albums, `{"album":{"title":"x"}} x`, invalid + "Unexpected token.", "-"},
		{"not UTF-8", albums, "{\"album\":{\"title\":\"\xFF\"}}", invalid + "Unexpected token.", "-"},
		{"a list at the top", albums, `[]`, invalid, "-"},
		{"an unknown name at the top", albums, `{"album":{"title":"x"},"shared":true}`,
			invalid + `Unknown name "shared": Cannot find field.`, ""},
		{"an unknown name below", albums, `{"album":{"title":"x","name":"y"}}`,
			invalid + `Unknown name "name" at 'album': Cannot find field.`, "album"},
		{"an unknown name in a list", batchCreate, `{"newMediaItems":[{"simpleMediaItem":{"uploadToken":"a"}},{"simpleMediaItem":{"uploadToken":"b","filename":"x"}}]}`,
			invalid + `Unknown name "filename" at 'new_media_items[1].simple_media_item': Cannot find field.`, "new_media_items[1].simple_media_item"},
		{"a title that is a number", albums, `{"album":{"title":7}}`, "Invalid value at 'album.title' (TYPE_STRING), 7", "album.title"},
		{"an album that is a text", albums, `{"album":"x"}`, `Invalid value at 'album' (type.googleapis.com/google.photos.types.Album), "x"`, "album"},
		{"items that are no list", batchCreate, `{"newMediaItems":{}}`, "Invalid value at 'new_media_items'", "new_media_items"},
		{"an item that is no object", batchCreate, `{"newMediaItems":[7]}`, "Invalid value at 'new_media_items[0]'", "new_media_items[0]"},
		{"a size that is no number", search, `{"pageSize":"many"}`, `Invalid value at 'page_size' (TYPE_INT32), "many"`, "page_size"},
		{"a size with a fraction", search, `{"pageSize":2.5}`, "Invalid value at 'page_size' (TYPE_INT32), 2.5", "page_size"},
		{"a size that is a flag", search, `{"pageSize":true}`, "Invalid value at 'page_size' (TYPE_INT32), true", "page_size"},
		{"a size beyond int32", search, `{"pageSize":3000000000}`, "Invalid value at 'page_size' (TYPE_INT32), 3000000000", "page_size"},
		{"one field under both names", search, `{"pageSize":1,"page_size":1}`, "Invalid value at 'page_size'", "page_size"},
		{"an enum that does not exist", batchCreate, `{"albumId":"x","albumPosition":{"position":"TOP"}}`,
			`Invalid value at 'album_position.position' (type.googleapis.com/google.photos.types.AlbumPosition.PositionType), "TOP"`, "album_position.position"},
	}
	bothWays(t, emulator.Config{}, func(t *testing.T, c *client) {
		for _, tt := range tests {
			t.Run(tt.name, func(t *testing.T) {
				a := c.post(tt.path, tt.body)
				a.wantError(t, http.StatusBadRequest, "INVALID_ARGUMENT", "")
				var e struct {
					Error struct {
						Message string
						Details []struct {
							Type            string `json:"@type"`
							FieldViolations []struct{ Field, Description string }
						}
					}
				}
				a.into(t, &e)
				if !strings.HasPrefix(e.Error.Message, tt.want) {
					t.Errorf("message %q\nwant %q", e.Error.Message, tt.want)
				}
				if tt.field == "-" {
					return
				}
				d := e.Error.Details
				if len(d) != 1 || d[0].Type != "type.googleapis.com/google.rpc.BadRequest" || d[0].FieldViolations[0].Field != tt.field {
					t.Errorf("details %+v, want the field %q", d, tt.field)
				}
			})
		}
		if len(c.s.Albums()) != 0 || len(c.s.MediaItems()) != 0 {
			t.Error("a refused body changed something")
		}
	})
}

// Contract 1: proto3 JSON is generous about names, numbers and null.
func TestBodiesMayBeWrittenInOtherWays(t *testing.T) {
	bothWays(t, emulator.Config{}, func(t *testing.T, c *client) {
		album := c.album("Summer")
		body := fmt.Sprintf(`{"album_id":%q,"album_position":{"position":"2","relativeMediaItemId":null},"new_media_items":[
			{"description":null,"simple_media_item":{"upload_token":%q,"file_name":"a.gif"}}]}`, album, c.upload(photo(1)))
		body = strings.Replace(body, `"2"`, "2", 1)
		c.post("/v1/mediaItems:batchCreate", body).wantStatus(t, http.StatusOK)
		if got := c.s.MediaItems()[0].Filename; got != "a.gif" {
			t.Errorf("file name %q", got)
		}
		for _, body := range []string{`{"page_size":"100"}`, `{"pageSize":1e2}`, `{"pageSize":100.0}`, `{"pageSize":null}`, ` `, `{}`} {
			c.post("/v1/mediaItems:search", body).wantStatus(t, http.StatusOK)
		}
		c.get("/v1/albums?page_size=5&exclude_non_app_created_data=true").wantStatus(t, http.StatusOK)
	})
}

// Contract 1: the standard query parameters are known, all others are not.
func TestUnknownQueryParametersAreRefused(t *testing.T) {
	bothWays(t, emulator.Config{}, func(t *testing.T, c *client) {
		c.get("/v1/albums?alt=json&quotaUser=x&prettyPrint=true&key=k").wantStatus(t, http.StatusOK)
		c.get("/v1/albums?page=2").wantError(t, http.StatusBadRequest, "INVALID_ARGUMENT",
			`Invalid JSON payload received. Unknown name "page": Cannot bind query parameter. Field 'page' could not be found in request message.`)
		c.get("/v1/albums?excludeNonAppCreatedData=maybe").wantError(t, http.StatusBadRequest, "INVALID_ARGUMENT", "")
		c.post("/v1/mediaItems:search?pageSize=5", "{}").wantError(t, http.StatusBadRequest, "INVALID_ARGUMENT", "")
	})
}

// Contract 1; 1.1: what no method answers is 404, in the envelope of its part
// of the API, and counted.
func TestWhatNoMethodAnswersIsNotFound(t *testing.T) {
	bothWays(t, emulator.Config{}, func(t *testing.T, c *client) {
		wrong := []string{
			"GET /v1", "GET /v1/", "GET /v1/photos", "GET /v1/albums/", "GET /v1/albums/a/b", "GET /v1/albums/a:nothing",
			"DELETE /v1/albums/a", "PUT /v1/albums", "GET /v1/mediaItems:batchCreate", "POST /v1/mediaItems",
			"DELETE /v1/mediaItems/a", "POST /v1/mediaItems:batchget",
		}
		for _, w := range wrong {
			method, path, _ := strings.Cut(w, " ")
			c.do(c.request(method, path, nil)).wantError(t, http.StatusNotFound, "NOT_FOUND", "")
		}
		c.get("/v1/uploads").wantBareError(t, http.StatusNotFound, 5, "")
		c.get("/v1/uploads/x").wantBareError(t, http.StatusNotFound, 5, "")
		want := map[string]int{"unknown": len(wrong) + 2}
		if diff := cmp.Diff(want, c.s.Calls()); diff != "" {
			t.Error(diff)
		}
	})
}

// Contract 1; 12 #36: the front end refuses a GET with a body, with a page.
func TestAGetWithABodyIsRefused(t *testing.T) {
	bothWays(t, emulator.Config{}, func(t *testing.T, c *client) {
		for _, body := range []io.Reader{strings.NewReader(`{"pageSize":"100"}`), io.MultiReader(strings.NewReader("{}"))} {
			a := c.do(c.request(http.MethodGet, "/v1/mediaItems", body))
			a.wantStatus(t, http.StatusBadRequest)
			if ct := a.header.Get("Content-Type"); !strings.HasPrefix(ct, "text/html") {
				t.Errorf("content type %q, want a page", ct)
			}
		}
	})
}

// Contract 12 #24: every request counts, the refused ones too.
func TestCallsAreCountedByOperation(t *testing.T) {
	bothWays(t, emulator.Config{}, func(t *testing.T, c *client) {
		album := c.album("Summer")
		c.get("/v1/albums")
		c.get("/v1/albums/" + album)
		c.get("/v1/albums/nonsense")
		c.add(album, nil, 1, 2)
		c.get("/v1/mediaItems")
		c.get("/v1/mediaItems/nonsense")
		c.get("/v1/mediaItems:batchGet")
		c.inAlbum(album)
		r := c.request(http.MethodPost, "/v1/albums", nil)
		r.Header.Del("Authorization")
		c.do(r)
		c.get("/") // the gallery is no API request
		want := map[string]int{
			"albums.create": 2, "albums.list": 1, "albums.get": 2, "uploads": 2, "mediaItems.batchCreate": 1,
			"mediaItems.list": 1, "mediaItems.get": 1, "mediaItems.batchGet": 1, "mediaItems.search": 1,
		}
		if diff := cmp.Diff(want, c.s.Calls()); diff != "" {
			t.Error(diff)
		}
	})
}

// Contract 1; 12 #41: a field mask keeps what it names, on every JSON method.
func TestFieldMasks(t *testing.T) {
	bothWays(t, emulator.Config{}, func(t *testing.T, c *client) {
		id := c.album("Summer")
		c.album("Winter")
		tests := []struct {
			mask, want string
		}{
			{"nextPageToken", `{}`},
			{"albums/title", `{"albums":[{"title":"Winter"},{"title":"Summer"}]}`},
			{"albums(title,isWriteable)", `{"albums":[{"isWriteable":true,"title":"Winter"},{"isWriteable":true,"title":"Summer"}]}`},
			{"albums/title,albums/is_writeable", `{"albums":[{"isWriteable":true,"title":"Winter"},{"isWriteable":true,"title":"Summer"}]}`},
			{"*/title", `{"albums":[{"title":"Winter"},{"title":"Summer"}]}`},
			{"albums(title),nextPageToken", `{"albums":[{"title":"Winter"},{"title":"Summer"}]}`},
		}
		for _, tt := range tests {
			a := c.get("/v1/albums?prettyPrint=false&fields=" + tt.mask)
			a.wantStatus(t, http.StatusOK)
			if got := strings.TrimSpace(string(a.body)); got != tt.want {
				t.Errorf("fields=%s gives %s\nwant %s", tt.mask, got, tt.want)
			}
		}
		whole := c.get("/v1/albums/" + id).lasting(t)
		if diff := cmp.Diff(whole, c.get("/v1/albums/"+id+"?fields=*").lasting(t)); diff != "" {
			t.Errorf("a mask of everything: %s", diff)
		}
		for _, bad := range []string{"albums(", "albums)", "albums(title", "a,,b", "/", "a/", "()", strings.Repeat("a/", 50) + "a"} {
			c.get("/v1/albums?fields="+bad).wantError(t, http.StatusBadRequest, "INVALID_ARGUMENT", "")
		}
		for mask, path := range map[string]string{
			"albms": "albms", "albums/titel": "albums/titel", "albums(title,mediaItemCount)": "albums/mediaItemCount", "albums/title/x": "albums/title/x",
			"nextPageToken/x": "nextPageToken/x", "albums/id,title": "title",
		} {
			c.get("/v1/albums?fields="+mask).wantError(t, http.StatusBadRequest, "INVALID_ARGUMENT",
				"Error expanding 'fields' parameter. Cannot find matching fields for path '"+path+"'.")
		}
		a := c.post("/v1/mediaItems:batchCreate?fields=newMediaItemResults/status&prettyPrint=false", batch("", nil, c.upload(photo(1))))
		if got := strings.TrimSpace(string(a.body)); got != `{"newMediaItemResults":[{"status":{"message":"Success"}}]}` {
			t.Errorf("a masked batchCreate gives %s", got)
		}
	})
}

// The service indents its JSON; no client may depend on either form.
func TestAnswersAreIndentedUnlessAskedNotToBe(t *testing.T) {
	c := direct(t, emulator.Config{})
	if body := string(c.post("/v1/albums", `{"album":{"title":"x"}}`).body); !strings.HasPrefix(body, "{\n  \"id\"") {
		t.Errorf("answer %q", body)
	}
	if body := string(c.get("/v1/albums?prettyPrint=false").body); strings.Contains(body, "\n  ") {
		t.Errorf("answer %q", body)
	}
}

// A body that never ends is not read for ever.
func TestABodyThatIsTooLongIsRefused(t *testing.T) {
	c := direct(t, emulator.Config{})
	long := io.MultiReader(strings.NewReader(`{"album":{"title":"`), &countingReader{})
	c.do(c.request(http.MethodPost, "/v1/albums", long)).wantError(t, http.StatusBadRequest, "INVALID_ARGUMENT", "")
}
