package emulator_test

import (
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/albumwright/albumwright/emulator"
)

// reopen makes a server of a folder that another one has used.
func reopen(t *testing.T, dir string) *client {
	t.Helper()
	return direct(t, emulator.Config{Dir: dir})
}

// fill gives a server an album with items in an order that is not that of
// their creation, one album that is gone, an upload without an item.
func fill(c *client) (spare, album string) {
	album = c.album("Kept")
	first := c.createIDs(batch(album, nil, c.upload(photo(1)), c.upload(photo(2))))
	c.createIDs(batch(album, map[string]any{"position": "AFTER_MEDIA_ITEM", "relativeMediaItemId": first[0]}, c.upload(photo(3))))
	c.createIDs(batch(album, map[string]any{"position": "FIRST_IN_ALBUM"}, c.upload(photo(4))))
	gone := c.album("Gone")
	c.s.DeleteAlbum(gone)
	c.s.RemoveFromAlbum(album, first[1])
	c.s.AddForeignAlbum("Somebody's")
	return c.upload(photo(5)), album
}

func TestARestartFindsEverythingAsItWas(t *testing.T) {
	dir := t.TempDir()
	before := reopen(t, dir)
	spare, album := fill(before)
	page := before.get("/v1/mediaItems?pageSize=2").json(t)["nextPageToken"].(string)
	albums, items := before.s.Albums(), before.s.MediaItems()
	if err := before.s.Close(); err != nil {
		t.Fatal(err)
	}

	after := reopen(t, dir)
	if diff := cmp.Diff(albums, after.s.Albums()); diff != "" {
		t.Errorf("albums (-before +after):\n%s", diff)
	}
	if diff := cmp.Diff(items, after.s.MediaItems()); diff != "" {
		t.Errorf("media items (-before +after):\n%s", diff)
	}
	// An upload token and a page token go on, the bytes are there, and the same
	// bytes are still the same item.
	after.createIDs(batch(album, nil, spare))
	after.get("/v1/mediaItems?pageSize=2&pageToken="+page).wantStatus(t, http.StatusOK)
	if got := after.open("/media/" + items[0].ID).body; string(got) != string(photo(1)) {
		t.Errorf("the first item's bytes are %d, want %d", len(got), len(photo(1)))
	}
	if again := after.createIDs(batch("", nil, after.upload(photo(1)))); again[0] != items[0].ID {
		t.Errorf("the same bytes are item %s, want %s", again[0], items[0].ID)
	}
}

func TestALineThatWasNotFinishedIsCutOff(t *testing.T) {
	dir := t.TempDir()
	before := reopen(t, dir)
	before.album("Whole")
	if err := before.s.Close(); err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(dir, "journal.jsonl")
	whole, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, append(whole, `[{"album":{"id":"x","tit`...), 0o600); err != nil {
		t.Fatal(err)
	}
	after := reopen(t, dir)
	after.album("Later")
	if err := after.s.Close(); err != nil {
		t.Fatal(err)
	}
	var titles []string
	for _, a := range reopen(t, dir).s.Albums() {
		titles = append(titles, a.Title)
	}
	if want := []string{"Whole", "Later"}; !cmp.Equal(titles, want) {
		t.Errorf("albums %q, want %q", titles, want)
	}
}

func TestAFolderThatCannotBeTakenUpIsRefused(t *testing.T) {
	inUse := t.TempDir()
	reopen(t, inUse)
	damaged, newer := t.TempDir(), t.TempDir()
	for dir, text := range map[string]string{
		damaged: "{\"albumwrightEmulator\":1}\nno JSON\n", newer: "{\"albumwrightEmulator\":99}\n",
	} {
		if err := os.WriteFile(filepath.Join(dir, "journal.jsonl"), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	for says, dir := range map[string]string{"in use": inUse, "line 2": damaged, "another version": newer} {
		if _, err := emulator.New(emulator.Config{Dir: dir}); err == nil || !strings.Contains(err.Error(), says) {
			t.Errorf("error %v, want one that says %q", err, says)
		}
	}
}
