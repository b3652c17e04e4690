package emulator_test

import (
	"encoding/json"
	"net/http"
	"strings"
	"testing"
	"time"
)

// written are the methods that take a JSON body; %s is an album's id.
var written = []string{
	"POST /v1/albums", "PATCH /v1/albums/%s?updateMask=title", "POST /v1/albums/%s:addEnrichment", "POST /v1/albums/%s:batchAddMediaItems",
	"POST /v1/albums/%s:batchRemoveMediaItems", "POST /v1/mediaItems:batchCreate", "POST /v1/mediaItems:search",
	"POST /v1/albums/%s:share", "POST /v1/sharedAlbums:join",
}

// FuzzBodies sends any body to any method that takes one: it is answered by an
// object, or by the documented envelope of errors, never by a panic, and soon.
func FuzzBodies(f *testing.F) {
	for i, body := range []string{
		`{"album":{"title":"Pier"}}`, `{"title":"Pier"}`,
		`{"newEnrichmentItem":{"textEnrichment":{"text":"x"}},"albumPosition":{"position":"LAST_IN_ALBUM"}}`,
		`{"mediaItemIds":["a","a"]}`, `{"mediaItemIds":[]}`,
		`{"newMediaItems":[{"description":"x","simpleMediaItem":{"uploadToken":"t","fileName":"a.jpg"}}],"albumPosition":{"position":2}}`,
		`{"filters":{"dateFilter":{"dates":[{"year":2024}]}},"pageSize":"5"}`, `{"sharedAlbumOptions":{"isCollaborative":true}}`, `{"shareToken":"x"}`,
	} {
		f.Add(i, body)
	}
	for _, body := range []string{"", "null", "[]", `{"album":`, "\xff", `{"a":{"a":{"a":{}}}}`, strings.Repeat(`{"album":`, 2000), `{"album":1e999}`} {
		f.Add(0, body)
	}
	c, album := fuzzed(f)
	f.Fuzz(func(t *testing.T, method int, body string) {
		verb, path, _ := strings.Cut(written[uint(method)%uint(len(written))], " ")
		c := *c
		c.t = t
		began := time.Now()
		a := c.do(c.request(verb, strings.Replace(path, "%s", album, 1), strings.NewReader(body)))
		if took := time.Since(began); took > soon {
			t.Errorf("it took %v", took)
		}
		var object struct {
			Error struct {
				Code            int
				Message, Status string
			}
		}
		if err := json.Unmarshal(a.body, &object); err != nil {
			t.Fatalf("%v in %d %s", err, a.status, a.body)
		}
		e := object.Error
		if ok := a.status == http.StatusOK; ok != (e.Code == 0) || !ok && (e.Code != a.status || e.Message == "" || e.Status == "") {
			t.Errorf("answered by %d %s", a.status, a.body)
		}
	})
}
