package emulator_test

import (
	"bytes"
	"os"
	"path/filepath"
	"testing"

	"github.com/albumwright/albumwright/emulator"
)

// A client that was set up for a folder's server goes on after a restart. A
// token that was given to it, which may be a real one, is written nowhere.
func TestAFolderKeepsTheAccessTokenThatWasMadeUpForIt(t *testing.T) {
	dir := t.TempDir()
	first := newServer(t, emulator.Config{Dir: dir})
	made := first.AccessToken()
	if other := newServer(t, emulator.Config{Dir: t.TempDir()}); other.AccessToken() == made {
		t.Error("two folders have one access token")
	}
	if err := first.Close(); err != nil {
		t.Fatal(err)
	}
	c := direct(t, emulator.Config{Dir: dir, AccessToken: "ya29.given"})
	c.get("/v1/albums").wantStatus(t, 200)
	stranger := *c
	stranger.bearer = made
	stranger.get("/v1/albums").wantStatus(t, 401)
	c.album("Lake")
	if err := c.s.Close(); err != nil {
		t.Fatal(err)
	}
	journal, err := os.ReadFile(filepath.Join(dir, "journal.jsonl"))
	if err != nil || bytes.Contains(journal, []byte("ya29.given")) {
		t.Errorf("the given token is in the journal (%v)", err)
	}
	if again := newServer(t, emulator.Config{Dir: dir}).AccessToken(); again != made {
		t.Errorf("the access token is %q, want %q again", again, made)
	}
}
