package emulator_test

import (
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/albumwright/albumwright/emulator"
)

func TestARestartKeepsUsersClientsAndTheirTokens(t *testing.T) {
	dir := t.TempDir()
	cfg := emulator.Config{Dir: dir, Users: twoUsers, Clients: []emulator.Client{{Name: "Made up"}, {ID: "other", Testing: true}}}
	before := direct(t, cfg)
	a := before.app()
	token := a.signInAs(ben)
	his := before.with(token)
	album := his.album("His")
	id := his.createIDs(batch(album, nil, his.upload(photo(1)), his.upload(video(1))))[0]
	before.createIDs(batch("", nil, before.upload(photo(1))))
	gone := a.signInAs(anna)
	revoked, _ := before.ask("/revoke", url.Values{"token": {gone.RefreshToken}})
	revoked.wantStatus(t, http.StatusOK)
	users, clients, address := before.s.Users(), before.s.Clients(), his.baseURL(id)
	if err := before.s.Close(); err != nil {
		t.Fatal(err)
	}
	for _, secret := range []string{token.AccessToken, token.RefreshToken} {
		wantNowhere(t, dir, secret)
	}

	for range 2 {
		after := direct(t, emulator.Config{Dir: dir})
		if diff := cmp.Diff(users, after.s.Users()); diff != "" {
			t.Error("users", diff)
		}
		if diff := cmp.Diff(clients, after.s.Clients()); diff != "" {
			t.Error("clients", diff)
		}
		again := after.app()
		after.with(token).get("/v1/albums/"+album).wantStatus(t, http.StatusOK)
		renewed, said := after.ask("/token", again.renewal(token))
		renewed.wantStatus(t, http.StatusOK)
		other := *after
		other.bearer, _ = said["access_token"].(string)
		if got := other.inAlbum(album); len(got) != 2 || got[0] != id {
			t.Errorf("his album holds %v", got)
		}
		after.load(strings.Replace(address, before.base, after.base, 1), "=d").wantStatus(t, http.StatusOK)
		if got := after.s.MediaItems(); len(got) != 1 {
			t.Errorf("her items %v", got)
		}
		dead, said := after.ask("/token", again.renewal(gone))
		wantOAuthError(t, dead, said, http.StatusBadRequest, "invalid_grant", "Token has been expired or revoked.")
		if err := after.s.Close(); err != nil {
			t.Fatal(err)
		}
	}
}

// wantNowhere: a secret stands in no file of a folder.
func wantNowhere(t *testing.T, dir, secret string) {
	t.Helper()
	err := filepath.WalkDir(dir, func(path string, entry os.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		text, err := os.ReadFile(path)
		if strings.Contains(string(text), secret) {
			t.Errorf("%s holds a token", entry.Name())
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}

// A folder of before there were users is the first one's.
func TestTheFirstUserHasWhatTheFolderHeld(t *testing.T) {
	dir := t.TempDir()
	before := reopen(t, dir)
	id := before.createIDs(batch("", nil, before.upload(photo(1))))[0]
	if err := before.s.Close(); err != nil {
		t.Fatal(err)
	}
	after := direct(t, emulator.Config{Dir: dir, Users: twoUsers})
	if got := after.s.MediaItems(); len(got) != 1 || got[0].ID != id || after.s.User().Email != anna {
		t.Errorf("%s has %v", after.s.User().Email, got)
	}
}
