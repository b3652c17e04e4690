package emulator_test

import (
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/albumwright/albumwright/emulator"
)

const failed = "Failed: There was an error while trying to create this media item."

// threeInAlbum is a batch of three named photos for a new album.
func (c *client) threeInAlbum() (album string, body map[string]any) {
	c.t.Helper()
	album = c.album("Lake")
	body = map[string]any{"albumId": album, "newMediaItems": []any{
		entry(c.upload(photo(1)), "a.gif", "first"), entry(c.upload(photo(2)), "b.gif", ""), entry(c.upload(photo(3)), "c.gif", ""),
	}}
	return album, body
}

// fileNames are those of the library's items, in order of creation.
func fileNames(s *emulator.Server) []string {
	var names []string
	for _, it := range s.MediaItems() {
		names = append(names, it.Filename)
	}
	return names
}

// entryCase is a fault of entries, and what it does to threeInAlbum.
type entryCase struct {
	name, match string
	effect      emulator.Effect
	struck      []int
	message     string
	made        []string
}

// An entry gets a status of its own; nothing is made of it, or with Apply it is
// made all the same. The other entries are not touched, and to send the entry
// again succeeds.
func TestAFaultFailsAnEntry(t *testing.T) {
	for _, tt := range []entryCase{
		{"the first", "", emulator.FailItem(13, ""), []int{0}, failed, []string{"b.gif", "c.gif"}},
		{"by its name", "b.gif", emulator.FailItem(13, ""), []int{1}, failed, []string{"a.gif", "c.gif"}},
		{"by its description", "first", emulator.FailItem(14, "Busy"), []int{0}, "Busy", []string{"b.gif", "c.gif"}},
		{"all that match", ".gif", emulator.FailItem(8, ""), []int{0, 1, 2}, failed, nil},
		{"by its place", "", emulator.Effect{Name: "item", Code: 4, Entry: 2}, []int{2}, failed, []string{"a.gif", "b.gif"}},
		{"by its place in an album", "Lake", emulator.Effect{Name: "item", Code: 10, Entry: 1}, []int{1}, failed, []string{"a.gif", "c.gif"}},
		{"all the same", "b.gif", emulator.Effect{Name: "item", Code: 13, Apply: true}, []int{1}, failed, []string{"a.gif", "b.gif", "c.gif"}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			bothWays(t, emulator.Config{PartialStatus: 207}, func(t *testing.T, c *client) {
				album, body := c.threeInAlbum()
				c.plan(emulator.Fault{Operation: "mediaItems.batchCreate", Match: tt.match, Effect: tt.effect})
				a := c.post("/v1/mediaItems:batchCreate", body)
				a.wantStatus(t, http.StatusMultiStatus)
				for i, r := range a.results(t) {
					code, message := 0, "Success"
					if slices.Contains(tt.struck, i) {
						code, message = tt.effect.Code, tt.message
					}
					if r.Status.Code != code || r.Status.Message != message || (r.MediaItem == nil) != (code != 0) {
						t.Errorf("result %d: %+v, want %d %s", i, r, code, message)
					}
				}
				if diff := cmp.Diff(tt.made, fileNames(c.s)); diff != "" || len(c.inAlbum(album)) != len(tt.made) {
					t.Errorf("made: %s\nin the album: %d", diff, len(c.inAlbum(album)))
				}
				if len(c.createIDs(body)) != 3 || len(c.inAlbum(album)) != 3 {
					t.Error("to send it again does not help")
				}
				c.wantClean()
			})
		})
	}
}

// An entry that a fault fails leaves its content to the next that brings it.
func TestAFailedEntryIsNoDuplicate(t *testing.T) {
	c := direct(t, emulator.Config{})
	c.plan(emulator.Fault{Operation: "mediaItems.batchCreate", Effect: emulator.FailItem(13, "")})
	res := c.create(batch("", nil, c.upload(photo(1)), c.upload(photo(1))))
	if res[0].Status.Code != 13 || res[1].Status.Code != 0 {
		t.Errorf("%+v", res)
	}
}

// A fault of the third entry waits for a batch that has one.
func TestAFaultOfAnEntryNeedsTheEntry(t *testing.T) {
	c := direct(t, emulator.Config{})
	c.plan(emulator.Fault{Operation: "mediaItems.batchCreate", Effect: emulator.Effect{Name: "item", Code: 13, Entry: 2}})
	c.createIDs(batch("", nil, c.upload(photo(1)), c.upload(photo(2))))
	if c.s.Met() != 0 {
		t.Error("a batch of two was struck at its third entry")
	}
	_, body := c.threeInAlbum()
	if res := c.create(body); res[2].Status.Code != 13 {
		t.Errorf("%+v", res)
	}
}

// Results in another order are the same results.
func TestResultsAreShuffled(t *testing.T) {
	bothWays(t, emulator.Config{}, func(t *testing.T, c *client) {
		for n := 1; n <= 8; n++ {
			var tokens []string
			for i := range n {
				tokens = append(tokens, c.upload(photo(10*n+i)))
			}
			if err := c.s.Plan(emulator.Fault{Operation: "mediaItems.batchCreate", Effect: emulator.ShuffleResults()}); err != nil {
				t.Fatal(err)
			}
			var got []string
			for _, r := range c.create(batch("", nil, tokens...)) {
				if r.MediaItem == nil {
					t.Errorf("result %+v", r)
				}
				got = append(got, r.UploadToken)
			}
			if n > 1 && slices.Equal(got, tokens) {
				t.Errorf("%d results are in their place", n)
			}
			slices.Sort(got)
			slices.Sort(tokens)
			if diff := cmp.Diff(tokens, got); diff != "" {
				t.Error(diff)
			}
		}
		if c.s.Met() != 8 {
			t.Errorf("met %d", c.s.Met())
		}
	})
}

// The item is there, its result is not.
func TestAResultIsMissing(t *testing.T) {
	bothWays(t, emulator.Config{}, func(t *testing.T, c *client) {
		for _, match := range []string{"", "b.gif", ".gif"} {
			_, body := c.threeInAlbum()
			c.plan(emulator.Fault{Operation: "mediaItems.batchCreate", Match: match, Effect: emulator.DropResult()})
			a := c.post("/v1/mediaItems:batchCreate", body)
			a.wantStatus(t, http.StatusOK)
			var left []string
			for _, r := range a.results(t) {
				left = append(left, r.MediaItem.Filename)
			}
			want := map[string][]string{"": {"b.gif", "c.gif"}, "b.gif": {"a.gif", "c.gif"}, ".gif": nil}[match]
			if diff := cmp.Diff(want, left); diff != "" || len(c.s.MediaItems()) != 3 {
				t.Errorf("match %q: %d items, %s", match, len(c.s.MediaItems()), diff)
			}
			if match == ".gif" && strings.TrimSpace(string(a.body)) != "{}" { // contract 0 #17
				t.Errorf("body %s", a.body)
			}
		}
	})
}

// Contract 12 #1; 0 #2: other ways to say that all is well.
func TestSuccessInOtherWords(t *testing.T) {
	bothWays(t, emulator.Config{}, func(t *testing.T, c *client) {
		_, body := c.threeInAlbum()
		c.plan(emulator.Fault{Operation: "mediaItems.batchCreate", Effect: emulator.MultiStatus()})
		a := c.post("/v1/mediaItems:batchCreate", body)
		a.wantStatus(t, http.StatusMultiStatus)
		if strings.Contains(string(a.body), `"code"`) || len(a.results(t)) != 3 {
			t.Errorf("body %s", a.body)
		}
		c.plan(emulator.Fault{Operation: "mediaItems.batchCreate", Effect: emulator.OKText()})
		body["newMediaItems"] = append(body["newMediaItems"].([]any), entry(c.upload([]byte("junk")), "", ""))
		for i, r := range c.create(body) {
			if want := map[bool]string{true: "OK", false: "NOT_IMAGE: There was an error while trying to create this media item."}[i < 3]; r.Status.Message != want {
				t.Errorf("result %d: %+v", i, r.Status)
			}
		}
		// A call that is refused as a whole stays what it is.
		c.plan(emulator.Fault{Operation: "mediaItems.batchCreate", Effect: emulator.MultiStatus()})
		c.post("/v1/mediaItems:batchCreate", "{}").wantStatus(t, http.StatusBadRequest)
	})
}

// A field mask applies to what a fault made of the answer.
func TestAFieldMaskComesAfterTheFault(t *testing.T) {
	c := direct(t, emulator.Config{})
	c.plan(emulator.Fault{Operation: "mediaItems.batchCreate", Effect: emulator.FailItem(13, "Busy")})
	a := c.post("/v1/mediaItems:batchCreate?fields=newMediaItemResults(status)&prettyPrint=false", batch("", nil, c.upload(photo(1))))
	want := `{"newMediaItemResults":[{"status":{"code":13,"message":"Busy"}}]}`
	if got := strings.TrimSpace(string(a.body)); got != want {
		t.Errorf("got %s\nwant %s", got, want)
	}
}
