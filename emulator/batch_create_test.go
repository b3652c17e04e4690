package emulator_test

import (
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/albumwright/albumwright/emulator"
)

// Contract 4: one result for each entry, in the order of the request; success
// is a status without a code (0 #2).
func TestABatchBecomesMediaItems(t *testing.T) {
	bothWays(t, emulator.Config{}, func(t *testing.T, c *client) {
		tokens := []string{c.upload(photo(1)), c.upload(video(2))}
		a := c.post("/v1/mediaItems:batchCreate", map[string]any{"newMediaItems": []any{
			entry(tokens[0], "a.gif", "At the lake"), entry(tokens[1], "b.mp4", ""),
		}})
		a.wantStatus(t, http.StatusOK)
		if strings.Contains(string(a.body), `"code"`) {
			t.Errorf("a success has a code: %s", a.body)
		}
		res := a.results(t)
		for i, r := range res {
			if r.UploadToken != tokens[i] || r.Status.Message != "Success" || r.MediaItem == nil {
				t.Fatalf("result %d is %+v", i, r)
			}
		}
		p, v := res[0].MediaItem, res[1].MediaItem
		if p.Filename != "a.gif" || p.Description != "At the lake" || p.MIMEType != "image/gif" ||
			p.MediaMetadata.Width != "1" || p.MediaMetadata.Height != "1" || p.MediaMetadata.Photo == nil || p.MediaMetadata.Video != nil {
			t.Errorf("the photo is %+v", p)
		}
		if v.Description != "" || v.MIMEType != "video/mp4" || v.MediaMetadata.Photo != nil || v.MediaMetadata.Video.Status != "PROCESSING" {
			t.Errorf("the video is %+v", v)
		}
		for _, it := range []*item{p, v} {
			if len(it.ID) < 55 || !strings.HasPrefix(it.ProductURL, "https://photos.google.com/lr/photo/") || it.MediaMetadata.CreationTime == "" {
				t.Errorf("item %+v", it)
			}
		}
	})
}

// Contract 2.3, 4; 0 #6: faults of one entry that sink the whole call.
func TestFaultsThatSinkTheWholeCall(t *testing.T) {
	tooMany := "Request must have less than 50 items."
	noToken := "Request must contain a valid upload token."
	bothWays(t, emulator.Config{}, func(t *testing.T, c *client) {
		good := func() map[string]any { return entry(c.upload(photo(1)), "", "") }
		fill := func(n int) []any {
			var all []any
			for i := range n {
				all = append(all, entry(c.upload(photo(100+i)), "", ""))
			}
			return all
		}
		with := func(fileName, description string) []any {
			return []any{good(), entry(c.upload(photo(2)), fileName, description)}
		}
		tests := []struct {
			name    string
			entries []any
			status  int
			message string
		}{
			{"no entries", []any{}, 400, ""},
			{"50 entries", fill(50), 200, ""},
			{"51 entries", fill(51), 400, tooMany},
			{"an empty token", []any{good(), entry("", "", "")}, 400, noToken},
			{"no token", []any{good(), map[string]any{"simpleMediaItem": map[string]any{}}}, 400, noToken},
			{"no simple media item", []any{good(), map[string]any{"description": "x"}}, 400, noToken},
			{"a description of 999", with("", strings.Repeat("é", 999)), 200, ""},
			{"a description of 1000", with("", strings.Repeat("é", 1000)), 200, ""},
			{"a description of 1001", with("", strings.Repeat("é", 1001)), 400, ""},
			{"a file name of 255", with(strings.Repeat("é", 251)+".gif", ""), 200, ""},
			{"a file name of 256", with(strings.Repeat("é", 252)+".gif", ""), 400, ""},
		}
		for _, tt := range tests {
			t.Run(tt.name, func(t *testing.T) {
				before := len(c.s.MediaItems())
				a := c.post("/v1/mediaItems:batchCreate", map[string]any{"newMediaItems": tt.entries})
				if tt.status == http.StatusOK {
					a.wantStatus(t, tt.status)
					return
				}
				a.wantError(t, tt.status, "INVALID_ARGUMENT", tt.message)
				if len(c.s.MediaItems()) != before {
					t.Error("items were made all the same")
				}
			})
		}
	})
}

// Contract 4, per-item codes; 12 #3, #5: a fault of the bytes or the token
// fails its own entry only. Type is judged here, by content (0 #15).
func TestFaultsThatFailOneEntry(t *testing.T) {
	const text = ": There was an error while trying to create this media item."
	whole := jpegPhoto(40, 30, "")
	scan := strings.Index(string(whole), "\xFF\xDA")
	tests := []struct {
		name string
		file []byte
		code int
		word string
	}{
		{"junk", []byte("<?xpacket begin='' id='W5M0MpCehiHzreSzNTczkc9d'?>"), 3, "NOT_IMAGE"},
		{"a text that says it is a photo", []byte("image/jpeg"), 3, "NOT_IMAGE"},
		{"a JPEG cut in its scan", whole[:len(whole)-3], 3, "BAD_IMAGE"},
		{"a JPEG without a scan", whole[:scan], 3, "BAD_IMAGE"},
		{"a JPEG without a frame header", append([]byte("\xFF\xD8"), whole[scan:]...), 3, "BAD_IMAGE"},
		{"a JPEG with nothing in its scan", []byte(strings.Replace(string(whole), "\x12\x34\xFF\x00\x56", "", 1)), 3, "BAD_IMAGE"},
		{"a TIFF without a size", []byte("II*\x00\x08\x00\x00\x00\x00\x00\x00\x00\x00\x00"), 3, "BAD_IMAGE"},
		{"a video without an index", video(1)[:16], 3, "Failed"},
		{"more than 200 megapixels", jpegPhoto(20_000, 10_001, ""), 3, "Failed"},
	}
	bothWays(t, emulator.Config{}, func(t *testing.T, c *client) {
		album := c.album("Summer")
		for i, tt := range tests {
			t.Run(tt.name, func(t *testing.T) {
				res := c.create(batch(album, nil, c.upload(tt.file), c.upload(photo(i))))
				if res[0].Status.Code != tt.code || res[0].Status.Message != tt.word+text || res[0].MediaItem != nil {
					t.Errorf("got %+v, want code %d and %s", res[0], tt.code, tt.word)
				}
				if res[1].Status.Code != 0 || res[1].MediaItem == nil {
					t.Errorf("the good entry beside it gives %+v", res[1])
				}
			})
		}
		res := c.create(batch("", nil, "CAISnobodyknowsthis", c.upload(jpegPhoto(20_000, 10_000, ""))))
		if res[0].Status.Code != 3 || res[0].Status.Message != "Failed"+text {
			t.Errorf("an unknown token gives %+v", res[0].Status)
		}
		if res[1].Status.Code != 0 {
			t.Errorf("200 megapixels give %+v", res[1].Status)
		}
		if got, want := len(c.inAlbum(album)), len(tests); got != want {
			t.Errorf("the album holds %d items, want the %d good ones", got, want)
		}
	})
}

// Contract 12 #1: the HTTP status of a partly failed call can be chosen.
func TestPartialStatusIsForFailuresOnly(t *testing.T) {
	for _, status := range []int{0, 200, 207} {
		bothWays(t, emulator.Config{PartialStatus: status}, func(t *testing.T, c *client) {
			good, junk := c.upload(photo(1)), c.upload([]byte("junk"))
			c.post("/v1/mediaItems:batchCreate", batch("", nil, good)).wantStatus(t, http.StatusOK)
			want := max(status, http.StatusOK)
			c.post("/v1/mediaItems:batchCreate", batch("", nil, good, junk)).wantStatus(t, want)
			c.post("/v1/mediaItems:batchCreate", batch("", nil, junk)).wantStatus(t, want)
		})
	}
}

// Contract 4, "Duplicates"; 12 #5: within one call the first wins.
func TestTheSameBytesTwiceInOneCallFailTheSecondTime(t *testing.T) {
	const text = "There was an error while trying to create this media item."
	bothWays(t, emulator.Config{}, func(t *testing.T, c *client) {
		album := c.album("Summer")
		for _, tt := range []struct {
			media   []byte
			message string
		}{{photo(1), "Failed: " + text}, {video(1), "EXISTS: " + text}} {
			res := c.create(map[string]any{"albumId": album, "newMediaItems": []any{
				entry(c.upload(tt.media), "first", ""), entry(c.upload(tt.media), "second", ""),
			}})
			if res[0].Status.Code != 0 || res[0].MediaItem.Filename != "first" {
				t.Errorf("the first gives %+v", res[0])
			}
			if res[1].Status.Code != 6 || res[1].Status.Message != tt.message || res[1].MediaItem != nil {
				t.Errorf("the second gives %+v, want code 6 and %q", res[1], tt.message)
			}
		}
		if n := len(c.inAlbum(album)); n != 2 {
			t.Errorf("the album holds %d items, want 2", n)
		}
		if v := c.s.Violations(); len(v) != 0 {
			t.Errorf("two tokens for the same bytes are no violation: %v", v)
		}
	})
}

// Contract 0 #4; 4; 12 #4, #35: in a later call the same bytes are the same
// item, with its first name and description, by a new token or the old one.
func TestTheSameBytesInALaterCallAreTheSameItem(t *testing.T) {
	bothWays(t, emulator.Config{}, func(t *testing.T, c *client) {
		token := c.upload(photo(1))
		first := c.create(map[string]any{"newMediaItems": []any{entry(token, "first.gif", "First words")}})[0].MediaItem
		album := c.album("Summer")
		for _, again := range []string{token, c.upload(photo(1))} {
			r := c.create(map[string]any{"albumId": album, "newMediaItems": []any{entry(again, "second.gif", "Other words")}})[0]
			if r.Status.Code != 0 || r.MediaItem.ID != first.ID || r.MediaItem.Filename != "first.gif" || r.MediaItem.Description != "First words" {
				t.Errorf("the repeat gives %+v, want the first item %+v", r.MediaItem, first)
			}
		}
		if n := len(c.s.MediaItems()); n != 1 {
			t.Errorf("there are %d items, want 1", n)
		}
		if got := c.inAlbum(album); !slices.Equal(got, []string{first.ID}) {
			t.Errorf("the album holds %v, want the item once", got)
		}
	})
}

// Contract 2.3; 12 #10: albums that cannot be written.
func TestAlbumsThatCannotBeWritten(t *testing.T) {
	bothWays(t, emulator.Config{}, func(t *testing.T, c *client) {
		deleted, foreign := c.album("gone"), c.s.AddForeignAlbum("theirs")
		c.s.DeleteAlbum(deleted)
		for _, tt := range []struct {
			name, id string
			code     int
			status   string
			message  string
		}{
			{"malformed", "AF1QipABC", 400, "INVALID_ARGUMENT", "Invalid album ID."},
			{"deleted", deleted, 404, "NOT_FOUND", "The provided ID does not match any albums."},
			{"another app's", foreign, 400, "INVALID_ARGUMENT", "No permission to add media items to this album."},
		} {
			t.Run(tt.name, func(t *testing.T) {
				c.post("/v1/mediaItems:batchCreate", batch(tt.id, nil, c.upload(photo(1)))).wantError(t, tt.code, tt.status, tt.message)
			})
		}
		if n := len(c.s.MediaItems()); n != 0 {
			t.Errorf("%d items were made all the same", n)
		}
	})
}

// Contract 4; 12 #9: a call that would go over the album's limit changes
// nothing; items that the album holds take no room.
func TestAnAlbumIsFullAtItsLimit(t *testing.T) {
	bothWays(t, emulator.Config{AlbumLimit: 5}, func(t *testing.T, c *client) {
		album := c.album("Summer")
		ids := c.add(album, nil, 1, 4)
		before := len(c.s.MediaItems())
		over := batch(album, nil, c.upload(photo(10)), c.upload(photo(11)))
		c.post("/v1/mediaItems:batchCreate", over).wantError(t, http.StatusBadRequest, "INVALID_ARGUMENT", "")
		if got := c.inAlbum(album); !slices.Equal(got, ids) || len(c.s.MediaItems()) != before {
			t.Errorf("the refused call changed the album to %v or made items", got)
		}
		c.createIDs(batch(album, nil, c.upload(photo(1)), c.upload(photo(10)), c.upload(photo(2))))
		if n := len(c.inAlbum(album)); n != 5 {
			t.Errorf("the album holds %d items, want 5", n)
		}
		c.post("/v1/mediaItems:batchCreate", batch(album, nil, c.upload(photo(12)))).wantError(t, http.StatusBadRequest, "INVALID_ARGUMENT", "")
		c.createIDs(batch("", nil, c.upload(photo(12)))) // the library has no such limit
	})
}

// Contract 4: the limit is 20,000 when nothing else is said.
func TestAnAlbumHolds20000ItemsByDefault(t *testing.T) {
	t.Parallel() // the two longest tests of the package run beside each other
	if testing.Short() {
		t.Skip("20,000 uploads are not short")
	}
	c := direct(t, emulator.Config{})
	album := c.album("Everything")
	const limit = 20_000
	for n := 0; n < limit; n += 50 {
		c.add(album, nil, n, 50)
	}
	c.post("/v1/mediaItems:batchCreate", batch(album, nil, c.upload(photo(limit)))).wantError(t, http.StatusBadRequest, "INVALID_ARGUMENT", "")
	if a := c.get("/v1/albums/" + album).json(t); a["mediaItemsCount"] != fmt.Sprint(limit) {
		t.Errorf("the album counts %v, want %d", a["mediaItemsCount"], limit)
	}
	if n := c.s.Calls()["mediaItems.batchCreate"]; n != limit/50+1 {
		t.Errorf("%d calls of batchCreate", n)
	}
}
