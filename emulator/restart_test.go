package emulator_test

import (
	"net/http"
	"slices"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/albumwright/albumwright/emulator"
)

// restart closes a server and makes another of the same folder and era.
func (c *client) restart(cfg emulator.Config) *client {
	c.t.Helper()
	if err := c.s.Close(); err != nil {
		c.t.Fatal(err)
	}
	return direct(c.t, cfg)
}

func TestARestartFindsEditsAndEnrichments(t *testing.T) {
	cfg := emulator.Config{Dir: t.TempDir()}
	c := direct(t, cfg)
	album := c.album("Old")
	had := c.add(album, nil, 1, 3)
	loose := c.add("", nil, 10, 1)
	c.patch("/v1/albums/"+album+"?updateMask=title,coverPhotoMediaItemId", map[string]any{"title": "New", "coverPhotoMediaItemId": had[2]}).
		wantStatus(t, http.StatusOK)
	c.patch("/v1/mediaItems/"+had[0]+"?updateMask=description", `{"description":"Dawn"}`).wantStatus(t, http.StatusOK)
	c.post("/v1/albums/"+album+":batchAddMediaItems", members(loose...)).wantStatus(t, http.StatusOK)
	c.post("/v1/albums/"+album+":batchRemoveMediaItems", members(had[1])).wantStatus(t, http.StatusOK)
	day := c.enrich(album, text("Day 1", after(had[0])))
	before, items, enrichments := c.get("/v1/albums/"+album).lasting(t), c.s.MediaItems(), c.s.Enrichments(album)

	c = c.restart(cfg)
	if diff := cmp.Diff(before, c.get("/v1/albums/"+album).lasting(t)); diff != "" {
		t.Errorf("album (-before +after):\n%s", diff)
	}
	if diff := cmp.Diff(items, c.s.MediaItems()); diff != "" {
		t.Errorf("items (-before +after):\n%s", diff)
	}
	if diff := cmp.Diff(enrichments, c.s.Enrichments(album)); diff != "" {
		t.Errorf("enrichments (-before +after):\n%s", diff)
	}
	next := c.add(album, afterEnrichment(day), 20, 1)
	if got, want := c.inAlbum(album), []string{had[0], next[0], had[2], loose[0]}; !slices.Equal(got, want) {
		t.Errorf("the album is %v\nwant %v", got, want)
	}
}

func TestARestartKeepsTheTrashEmpty(t *testing.T) {
	cfg := emulator.Config{Dir: t.TempDir()}
	c := direct(t, cfg)
	album := c.album("Summer")
	ids := c.add(album, nil, 1, 3)
	c.mark(ids[1], emulator.Marks{Trashed: true})
	c.s.EmptyTrash()
	c = c.restart(cfg)
	if got, want := c.inAlbum(album), []string{ids[0], ids[2]}; !slices.Equal(got, want) || len(c.s.MediaItems()) != 2 {
		t.Errorf("the album is %v, want %v; the library has %v", got, want, c.s.MediaItems())
	}
	if anew := c.add("", nil, 2, 1)[0]; anew == ids[1] {
		t.Error("the same bytes are the item that was deleted")
	}
}

func TestARestartFindsSharedAlbums(t *testing.T) {
	cfg := emulator.Config{Dir: t.TempDir(), Era: emulator.Era2024}
	c := in2024(direct(t, cfg))
	mine, private := c.album("Mine"), c.album("Private again")
	info := c.share(mine, true)
	c.share(private, true)
	c.post("/v1/albums/"+private+":unshare", `{}`).wantStatus(t, http.StatusOK)
	id, token, theirs := lent(c)
	left, leftToken, _ := lent(c)
	c.join(token)
	c.join(leftToken)
	c.post("/v1/sharedAlbums:leave", map[string]any{"shareToken": leftToken}).wantStatus(t, http.StatusOK)
	listed, details := c.listed("/v1/sharedAlbums"), c.get("/v1/sharedAlbums/"+info.ShareToken).lasting(t)
	bearer := c.bearer

	c = c.restart(cfg)
	stale := *c
	stale.bearer = bearer
	stale.get("/v1/albums").wantError(t, http.StatusUnauthorized, "UNAUTHENTICATED", "")
	c = in2024(c)
	if got := c.listed("/v1/sharedAlbums"); !slices.Equal(got, listed) {
		t.Errorf("shared albums %q, want %q", got, listed)
	}
	if diff := cmp.Diff(details, c.get("/v1/sharedAlbums/"+info.ShareToken).lasting(t)); diff != "" {
		t.Errorf("shared album (-before +after):\n%s", diff)
	}
	c.get("/v1/albums/"+left).wantStatus(t, http.StatusNotFound)
	if got := c.inAlbum(id); !slices.Equal(got, []string{theirs}) {
		t.Errorf("the joined album is %v", got)
	}

	// Today nothing of it can be seen.
	c = c.restart(emulator.Config{Dir: cfg.Dir})
	c.get("/v1/albums/"+id).wantError(t, http.StatusNotFound, "NOT_FOUND", "")
	c.get("/v1/mediaItems/"+theirs).wantError(t, http.StatusNotFound, "NOT_FOUND", "")
	if got := c.get("/v1/albums/" + mine).json(t); got["shareInfo"] != nil {
		t.Errorf("the user's own album is %v", got)
	}
}

// The bytes of somebody else's item outlive the user's upload of the same.
func TestSomebodysItemKeepsItsBytes(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := in2024(direct(t, emulator.Config{Era: emulator.Era2024}))
		_, token, theirs := lent(c)
		c.join(token)
		c.upload(photo(9)) // the same bytes, of which the user makes no item
		time.Sleep(25 * time.Hour)
		c.upload(photo(10)) // old uploads are forgotten
		if got := c.open("/media/" + theirs).body; string(got) != string(photo(9)) {
			t.Errorf("the item's bytes are %d, want %d", len(got), len(photo(9)))
		}
	})
}
