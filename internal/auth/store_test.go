package auth_test

import (
	"bytes"
	"errors"
	"os"
	"runtime"
	"strings"
	"testing"

	"github.com/zalando/go-keyring"

	"github.com/albumwright/albumwright/emulator"
	"github.com/albumwright/albumwright/internal/auth"
)

func TestTheEncryptedFileTellsNothingWithoutThePassphrase(t *testing.T) {
	w := newWorld(t, emulator.Config{})
	w.signedIn(func(cfg *auth.LoginConfig) { cfg.Store = auth.StoreEncrypted })
	text, err := os.ReadFile(w.path("tokens.age"))
	if err != nil {
		t.Fatal(err)
	}
	if bytes.Contains(text, []byte("1//0")) || bytes.Contains(text, []byte(w.client.Secret)) {
		t.Error("a token or the secret is in the file as it is")
	}
	if got := token(t, w.source()); !w.good(got) {
		t.Error("the token is not good")
	}
	w.phrase = "another passphrase"
	_, err = w.source().Token()
	wantError(t, err, "the passphrase of the token store of account default is wrong", "sign in again")
	w.phrase = ""
	_, err = w.source().Token()
	wantError(t, err, "the passphrase of the token store is not known here", "ALBUMWRIGHT_TOKEN_PASSPHRASE_FILE")
}

func TestARefreshIsKeptInTheEncryptedFile(t *testing.T) {
	w := newWorld(t, emulator.Config{})
	w.signedIn(func(cfg *auth.LoginConfig) { cfg.Store = auth.StoreEncrypted })
	one := w.source()
	before := token(t, one)
	if err := one.Refresh(t.Context()); err != nil {
		t.Fatal(err)
	}
	if got := token(t, w.source()); got == before || got != token(t, one) || w.refreshes() != 1 {
		t.Errorf("the next process has the old token, or refreshed too: %d refreshes", w.refreshes())
	}
}

func TestATokenFileThatIsDamagedIsNamedAndALoginMendsIt(t *testing.T) {
	for _, kind := range []auth.StoreKind{auth.StoreEncrypted, auth.StorePlain} {
		for name, damage := range map[string]func([]byte) []byte{
			"cut":     func(b []byte) []byte { return b[:len(b)/2] },
			"empty":   func([]byte) []byte { return nil },
			"changed": func(b []byte) []byte { b[len(b)-5] ^= 0x55; return b },
		} {
			t.Run(string(kind)+", "+name, func(t *testing.T) {
				w := newWorld(t, emulator.Config{})
				choose := func(cfg *auth.LoginConfig) { cfg.Store = kind }
				w.signedIn(choose)
				path := w.path("tokens.*")
				text, err := os.ReadFile(path)
				if err != nil {
					t.Fatal(err)
				}
				if err := os.WriteFile(path, damage(text), 0o600); err != nil {
					t.Fatal(err)
				}
				_, err = w.source().Token()
				wantError(t, err, "is damaged", "sign in again")
				w.signedIn(choose)
				if got := token(t, w.source()); !w.good(got) {
					t.Error("after the login the token is not good")
				}
			})
		}
	}
}

func TestFilesThatOthersCanReadAreClosedToThemWithAWord(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("Windows has no such permissions")
	}
	w := newWorld(t, emulator.Config{})
	w.signedIn(nil)
	for _, name := range []string{"tokens.json", "facts.json"} {
		if info, err := os.Stat(w.path(name)); err != nil || info.Mode().Perm() != 0o600 {
			t.Errorf("%s is made with %v, %v", name, info.Mode(), err)
		}
	}
	if err := os.Chmod(w.path("tokens.json"), 0o644); err != nil {
		t.Fatal(err)
	}
	token(t, w.source())
	if info, err := os.Stat(w.path("tokens.json")); err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("now it has %v, %v", info.Mode(), err)
	}
	if !strings.Contains(w.warnings(), "was readable by others on this machine (mode 0644)") {
		t.Errorf("warned of %q", w.warnings())
	}
}

func TestWithoutAKeyringAutoTakesTheEncryptedFileAndPlainIsNeverChosen(t *testing.T) {
	w := newWorld(t, emulator.Config{})
	done := w.signedIn(func(cfg *auth.LoginConfig) { cfg.Store = "" })
	if done.Store != auth.StoreEncrypted || !strings.Contains(w.warnings(), "there is none in this test") {
		t.Errorf("in %s, with the warning %q", done.Store, w.warnings())
	}
	w.phrase = ""
	_, _, err := w.login(t.Context(), person{scopes: auth.Scopes()}, func(cfg *auth.LoginConfig) { cfg.Account, cfg.Store = "other", auth.StoreAuto })
	wantError(t, err, "passphrase of the token store is not known", "ALBUMWRIGHT_TOKEN_PASSPHRASE")
	if _, ok, err := w.accounts().Status("other"); ok || err != nil {
		t.Errorf("the login without a place for its tokens left something: %v", err)
	}
}

// keyrings makes accounts with a keyring, which is one for the process: these tests are one.
func keyrings(w *world) *auth.Accounts {
	return auth.New(auth.Config{Dir: w.dir, Passphrase: func(bool) (string, error) { return w.phrase, nil }})
}

func TestTheKeyringKeepsTokensAndLogoutRemovesThem(t *testing.T) {
	keyring.MockInit()
	w := newWorld(t, emulator.Config{})
	ask := func(cfg *auth.LoginConfig) {
		cfg.Account, cfg.Tell = "default", func(string) {}
		cfg.Ask = func(address string, _ int) { go visit(t, person{scopes: auth.Scopes()}.answer(t, address)) }
	}
	cfg := auth.LoginConfig{}
	ask(&cfg)
	done, err := keyrings(w).Login(t.Context(), cfg)
	if err != nil || done.Store != auth.StoreKeyring {
		t.Fatalf("in %s, %v", done.Store, err)
	}
	if files := strings.Join(w.files(), " "); files != "client.json facts.json lock" {
		t.Errorf("files are kept: %s", files)
	}
	if got := token(t, keyrings(w).Source(t.Context(), "default", w.client.ID)); !w.good(got) {
		t.Error("the token is not good")
	}
	if err := keyrings(w).Logout(t.Context(), "default"); err != nil {
		t.Fatal(err)
	}
	_, err = keyrings(w).Source(t.Context(), "default", w.client.ID).Token()
	wantError(t, err, "not signed in", "auth login")
	if err := keyring.DeleteAll("albumwright"); err != nil {
		t.Fatal(err)
	}
	if _, err := keyrings(w).Login(t.Context(), cfg); err != nil {
		t.Fatal(err)
	}
	if err := keyring.DeleteAll("albumwright"); err != nil { // by somebody else
		t.Fatal(err)
	}
	_, err = keyrings(w).Source(t.Context(), "default", w.client.ID).Token()
	wantError(t, err, "its tokens are not in the store", "auth login")

	keyring.MockInitWithError(errors.New("locked"))
	_, err = keyrings(w).Source(t.Context(), "default", w.client.ID).Token()
	wantError(t, err, "the system's keyring cannot be used: locked", "--token-store encrypted")
}
