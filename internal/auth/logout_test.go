package auth_test

import (
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/albumwright/albumwright/emulator"
	"github.com/albumwright/albumwright/internal/auth"
)

func TestLogoutEndsTheSignInAtTheServiceAndHere(t *testing.T) {
	w := newWorld(t, emulator.Config{})
	w.signedIn(nil)
	before := token(t, w.source())
	if err := w.accounts().Logout(t.Context(), "default"); err != nil {
		t.Fatal(err)
	}
	if w.good(before) {
		t.Error("the access token is still good")
	}
	if files := strings.Join(w.files(), " "); files != "client.json facts.json lock" {
		t.Errorf("what is left: %s", files)
	}
	_, err := w.source().Token()
	wantError(t, err, "not signed in", "auth login")
	wantError(t, w.accounts().Logout(t.Context(), "default"), "not signed in", "auth login")
	facts, ok, err := w.accounts().Status("default")
	if err != nil || !ok || facts.State(time.Now()) != auth.SignedOut || facts.ClientID != w.client.ID {
		t.Errorf("its ledger cannot be found again: %+v, %v", facts, err)
	}
	w.signedIn(nil)
	if got := token(t, w.source()); !w.good(got) {
		t.Error("after the next login the token is not good")
	}
}

func TestLogoutOfADeadSignInJustRemovesIt(t *testing.T) {
	w := newWorld(t, emulator.Config{})
	w.signedIn(nil)
	w.service.Withdraw()
	if err := w.accounts().Logout(t.Context(), "default"); err != nil {
		t.Error(err)
	}
}

func TestLogoutWithoutTheServiceRemovesTheSignInHereAndSaysSo(t *testing.T) {
	w := newWorld(t, emulator.Config{})
	w.signedIn(nil)
	w.mu.Lock()
	w.answers = "down"
	w.mu.Unlock()
	if err := w.accounts().Logout(t.Context(), "default"); !errors.Is(err, auth.ErrNotRevoked) {
		t.Errorf("got %v", err)
	}
	if files := strings.Join(w.files(), " "); files != "client.json facts.json lock" {
		t.Errorf("what is left: %s", files)
	}
}

func TestAllAccountsAreListedByName(t *testing.T) {
	w := newWorld(t, emulator.Config{})
	for _, name := range []string{"two", "default", "a/../b"} {
		w.signedIn(func(cfg *auth.LoginConfig) { cfg.Account = name })
	}
	all, err := w.accounts().All()
	if err != nil {
		t.Fatal(err)
	}
	var names []string
	for _, f := range all {
		names = append(names, f.Account)
	}
	if got := strings.Join(names, " "); got != "a/../b default two" {
		t.Errorf("the accounts are %s", got)
	}
}
