package emulator_test

import (
	"net/http"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/albumwright/albumwright/emulator"
)

// Contract 1.1, 2.3, 9; 0 #16; 12 #31: each method accepts its own scopes, any
// one of them, and says which method it was that refused.
func TestEachMethodWantsOneOfItsScopes(t *testing.T) {
	for name, era := range map[string]emulator.Era{"today": emulator.EraToday, "2024": emulator.Era2024} {
		t.Run(name, func(t *testing.T) {
			bothWays(t, emulator.Config{Era: era}, func(t *testing.T, c *client) {
				for letter, scope := range scopeLetters {
					caller := c.as(scope)
					for _, m := range methods {
						accepted := m.today
						if era == emulator.Era2024 {
							accepted = m.then
						}
						a := caller.call(m)
						if strings.Contains(accepted, letter) {
							if a.status == http.StatusForbidden || a.status == http.StatusUnauthorized {
								t.Errorf("%s with scope %s: %d %s", m.name, letter, a.status, a.body)
							}
							continue
						}
						a.wantMissingScope(t, m)
					}
				}
			})
		})
	}
}

// wantMissingScope checks contract 2.3's refusal with its details.
func (a answer) wantMissingScope(t *testing.T, m method) {
	t.Helper()
	a.wantError(t, http.StatusForbidden, "PERMISSION_DENIED", "Request had insufficient authentication scopes.")
	var e struct {
		Error struct {
			Details []map[string]any
		}
	}
	a.into(t, &e)
	want := []map[string]any{{
		"@type":  "type.googleapis.com/google.rpc.ErrorInfo",
		"reason": "ACCESS_TOKEN_SCOPE_INSUFFICIENT", "domain": "googleapis.com",
		"metadata": map[string]any{
			"service": "photoslibrary.googleapis.com", "method": "google.photos.library.v1.PhotosLibrary." + m.rpc,
		},
	}}
	if diff := cmp.Diff(want, e.Error.Details); diff != "" {
		t.Errorf("%s: details (-want +got):\n%s", m.name, diff)
	}
}

// Contract 0 #13; 2.2: uploads want the scope to append, and say 401 without it.
func TestAnUploadWantsTheScopeToAppend(t *testing.T) {
	for _, tt := range []struct {
		era emulator.Era
		ok  string
	}{{emulator.EraToday, "A"}, {emulator.Era2024, "ALS"}} {
		bothWays(t, emulator.Config{Era: tt.era}, func(t *testing.T, c *client) {
			for letter, scope := range scopeLetters {
				caller := c.as(scope)
				a := caller.do(caller.uploadRequest(strings.NewReader("bytes")))
				if strings.Contains(tt.ok, letter) {
					a.wantStatus(t, http.StatusOK)
				} else {
					a.wantBareError(t, http.StatusUnauthorized, 16, "Authentication session is not defined.")
				}
			}
		})
	}
}

// Contract 9: a token may do what all of its scopes allow together, and the
// server's own what the three of today allow. One scope opens no other's door.
func TestATokenMayDoWhatItsScopesAllowTogether(t *testing.T) {
	c := direct(t, emulator.Config{})
	both := c.as(emulator.ScopeAppendOnly, emulator.ScopeReadAppCreated)
	album := both.album("Summer")
	both.get("/v1/albums/"+album).wantStatus(t, http.StatusOK)
	both.patch("/v1/albums/"+album+"?updateMask=title", `{"title":"x"}`).wantError(t, http.StatusForbidden, "PERMISSION_DENIED", "")
	c.patch("/v1/albums/"+album+"?updateMask=title", `{"title":"x"}`).wantStatus(t, http.StatusOK)
	nothing := c.as()
	nothing.get("/v1/albums").wantError(t, http.StatusForbidden, "PERMISSION_DENIED", "")
	if a, b := c.s.NewAccessToken(), c.s.NewAccessToken(); a == b || a == c.s.AccessToken() {
		t.Error("two tokens are the same")
	}
}

// Contract 9: a scope that was removed opens nothing more for a token that has
// one of today's beside it.
func TestARemovedScopeCountsForNothing(t *testing.T) {
	dir := t.TempDir()
	then := in2024(direct(t, emulator.Config{Dir: dir, Era: emulator.Era2024}))
	shared, foreign := then.album("Shared"), then.s.AddForeignAlbum("Another app's")
	then.share(shared, true)
	c := then.restart(emulator.Config{Dir: dir})
	c = c.as(emulator.ScopeReadAppCreated, emulator.ScopeLibrary, emulator.ScopeReadOnly, emulator.ScopeSharing)
	c.get("/v1/albums/"+foreign).wantError(t, http.StatusNotFound, "NOT_FOUND", "")
	if got := c.get("/v1/albums/" + shared).json(t); got["shareInfo"] != nil || got["isWriteable"] != nil {
		t.Errorf("the album is %v, want no shareInfo and nothing to write", got)
	}
	if got := c.listed("/v1/albums"); len(got) != 1 {
		t.Errorf("albums %q", got)
	}
}

// Contract 7, Album: whether an album is writeable depends on the scopes.
func TestAnAlbumIsWriteableForWhoMayAppend(t *testing.T) {
	c := direct(t, emulator.Config{})
	id := c.album("Summer")
	if got := c.get("/v1/albums/" + id).json(t)["isWriteable"]; got != true {
		t.Errorf("with all scopes isWriteable is %v", got)
	}
	if got, found := c.as(emulator.ScopeReadAppCreated).get("/v1/albums/" + id).json(t)["isWriteable"]; found {
		t.Errorf("with the scope to read isWriteable is %v, want none", got)
	}
}

func TestAnEraThatNeverWasIsRefused(t *testing.T) {
	for _, era := range []emulator.Era{-1, 2, 2024} {
		if _, err := emulator.New(emulator.Config{Era: era}); err == nil || !strings.Contains(err.Error(), "Config.Era") {
			t.Errorf("era %d: error %v, want one that names Config.Era", era, err)
		}
	}
}
