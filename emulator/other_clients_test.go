package emulator_test

import (
	"bytes"
	"io"
	"net/http"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/albumwright/albumwright/emulator"
)

// unmeasured is a body whose length its client does not say: it goes out in
// chunks of HTTP/1.1.
func unmeasured(b []byte) io.Reader { return io.MultiReader(bytes.NewReader(b)) }

// Contract 3.1, 3.2: clients that stream send no Content-Length. The rules for a
// body are the same, and one that breaks them leaves nothing.
func TestBytesMayComeWithoutTheirLength(t *testing.T) {
	everyWay(t, func(t *testing.T, c *client) {
		file := media(2*granularity+100, 1)
		u := c.start(len(file))
		streamed := func(command string, offset string, data []byte) answer {
			r := u.request(command, unmeasured(data))
			r.Header.Set("X-Goog-Upload-Offset", offset)
			return c.do(r)
		}
		streamed("upload", "0", file[:granularity]).wantUpload(t, http.StatusOK, "active", granularity)
		streamed("upload, finalize", "262144", file).wantRefused(t, http.StatusBadRequest, "active", "")
		streamed("upload, finalize", "262144", file[granularity:len(file)-1]).wantRefused(t, http.StatusBadRequest, "active", "")
		u.wantReceived(granularity)
		first := streamed("upload,finalize", "262144", file[granularity:]).wantToken(t)

		u = c.start(granularity)
		streamed("upload", "0", media(granularity, 2)).wantUpload(t, http.StatusOK, "active", granularity)
		second := streamed("finalize", "262144", nil).wantToken(t)

		a := c.do(c.uploadRequest(unmeasured(media(5000, 3))))
		a.wantStatus(t, http.StatusOK)
		c.createIDs(batch("", nil, first, second, string(a.body)))
		c.wantItems(file, media(granularity, 2), media(5000, 3))
		c.wantClean()
	})
}

// Contract 4: there is one result for each entry, in their order, whatever becomes
// of the others: clients pair them by index as well as by token.
func TestResultsAreInTheOrderOfTheEntries(t *testing.T) {
	bothWays(t, emulator.Config{}, func(t *testing.T, c *client) {
		tokens := []string{
			c.upload(photo(3)), c.upload([]byte("no photo")), c.upload(photo(1)), c.upload(photo(3)), c.upload(photo(2)),
		}
		want := []result{{UploadToken: tokens[0]}, {UploadToken: tokens[1]}, {UploadToken: tokens[2]}, {UploadToken: tokens[3]}, {UploadToken: tokens[4]}}
		want[1].Status.Code, want[3].Status.Code = 3, 6
		got := c.create(batch(c.album("Summer"), nil, tokens...))
		for i := range got {
			if (got[i].MediaItem == nil) != (got[i].Status.Code != 0) {
				t.Errorf("result %d: %+v", i, got[i])
			}
			got[i].MediaItem, got[i].Status.Message = nil, ""
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("results (-want +got):\n%s", diff)
		}
	})
}

// Contract 2.1: a client that says alt=json finds the older list in errors, too.
func TestErrorsHaveTheOlderListForClientsThatAskForJSON(t *testing.T) {
	bothWays(t, emulator.Config{}, func(t *testing.T, c *client) {
		list := func(a answer) any { return a.json(t)["error"].(map[string]any)["errors"] }
		stranger := *c
		stranger.bearer = "ya29.nobody"
		reader := c.as(emulator.ScopeReadAppCreated)
		for _, tt := range []struct {
			c                  *client
			path, body, reason string
			status             int
		}{
			{c, "/v1/mediaItems:search", `{"pageSize":-1}`, "badRequest", 400},
			{&stranger, "/v1/albums", `{"album":{"title":"x"}}`, "authError", 401},
			{reader, "/v1/albums", `{"album":{"title":"x"}}`, "forbidden", 403},
			{c, "/v1/nothing", `{}`, "notFound", 404},
		} {
			if got := list(tt.c.post(tt.path, tt.body)); got != nil {
				t.Errorf("%s: without alt=json there is %v", tt.path, got)
			}
			a := tt.c.post(tt.path+"?alt=json&prettyPrint=false", tt.body)
			a.wantStatus(t, tt.status)
			message := a.json(t)["error"].(map[string]any)["message"]
			want := []any{map[string]any{"message": message, "domain": "global", "reason": tt.reason}}
			if diff := cmp.Diff(any(want), list(a)); diff != "" {
				t.Errorf("%s (-want +got):\n%s", tt.path, diff)
			}
			if bytes.Contains(bytes.TrimSpace(a.body), []byte("\n")) {
				t.Errorf("%s: more than a line with prettyPrint=false: %s", tt.path, a.body)
			}
		}
		a := stranger.post("/v1/uploads?alt=json", "x")
		a.wantBareError(t, 401, 16, "")
		c.get("/v1/albums?alt=json").wantStatus(t, http.StatusOK)
	})
}

// Contract 0 #17, 7: what a client's decoder stumbles over.
func TestNumbersAndFlagsOfAlbumsAndItemsAsTheyAreOnTheWire(t *testing.T) {
	bothWays(t, emulator.Config{}, func(t *testing.T, c *client) {
		album := c.album("Summer")
		id := c.add(album, nil, 1, 2)[0]
		got := c.get("/v1/albums").json(t)["albums"].([]any)[0].(map[string]any)
		if got["isWriteable"] != true || got["mediaItemsCount"] != "2" {
			t.Errorf("isWriteable %v, mediaItemsCount %#v", got["isWriteable"], got["mediaItemsCount"])
		}
		data := c.get("/v1/mediaItems/" + id).json(t)["mediaMetadata"].(map[string]any)
		if data["width"] != "1" || data["height"] != "1" {
			t.Errorf("width %#v, height %#v", data["width"], data["height"])
		}
	})
}
