package auth_test

import (
	"errors"
	"net/http"
	"os"
	"strings"
	"sync"
	"testing"
	"time"

	"golang.org/x/oauth2"

	"github.com/albumwright/albumwright/emulator"
	"github.com/albumwright/albumwright/internal/auth"
)

var _ oauth2.TokenSource = (*auth.Source)(nil)

func TestOfAllThatFindTheTokenExpiredOneRefreshes(t *testing.T) {
	w := newWorld(t, emulator.Config{})
	w.signedIn(nil)
	w.age()
	var tokens sync.Map
	var all sync.WaitGroup
	for range 8 {
		source := w.source() // of a process of its own: nothing is shared but the files
		all.Go(func() {
			token, err := source.Token()
			if err != nil {
				t.Error(err)
				return
			}
			tokens.Store(token.AccessToken, true)
		})
	}
	all.Wait()
	different := 0
	tokens.Range(func(any, any) bool { different++; return true })
	if w.refreshes() != 1 || different != 1 {
		t.Errorf("%d refreshes and %d tokens for 8 processes, want one of each", w.refreshes(), different)
	}
}

func TestAfterARefusalTheTokenIsReplacedThoughItHasNotExpired(t *testing.T) {
	w := newWorld(t, emulator.Config{})
	w.signedIn(nil)
	one, other := w.source(), w.source()
	before := token(t, one)
	token(t, other)
	if err := one.Refresh(t.Context()); err != nil {
		t.Fatal(err)
	}
	after := token(t, one)
	if after == before || !w.good(after) {
		t.Error("the token is the same, or not good")
	}
	if err := other.Refresh(t.Context()); err != nil || token(t, other) != after || w.refreshes() != 1 {
		t.Errorf("the other process makes %d refreshes in all: %v", w.refreshes(), err)
	}
}

func token(t *testing.T, s *auth.Source) string {
	t.Helper()
	got, err := s.Token()
	if err != nil {
		t.Fatal(err)
	}
	return got.AccessToken
}

func TestADeadSignInIsExplainedOnceAskedAndLivesAgainAfterALogin(t *testing.T) {
	w := newWorld(t, emulator.Config{})
	w.signedIn(nil)
	source := w.source()
	before := token(t, source)
	w.service.Withdraw()
	for range 3 {
		wantError(t, source.Refresh(t.Context()), "was revoked or has expired, less than a minute after you signed in", "run: albumwright auth login --account default")
	}
	if w.refreshes() != 1 {
		t.Errorf("the dead token was sent %d times", w.refreshes())
	}
	facts, _, err := w.accounts().Status("default")
	if err != nil || facts.State(time.Now()) != auth.Dead {
		t.Errorf("its state is %s, %v", facts.State(time.Now()), err)
	}
	_, err = w.source().Token() // of the next process, which does not ask either
	wantError(t, err, "was revoked or has expired", "auth login")
	if w.refreshes() != 1 {
		t.Errorf("the dead token was sent %d times", w.refreshes())
	}
	w.signedIn(nil) // by another process
	if err := source.Refresh(t.Context()); err != nil {
		t.Fatal(err)
	}
	if after := token(t, source); after == before || !w.good(after) {
		t.Error("after the login the process that waited has no good token")
	}
}

func TestASignInThatDiesAfterSevenDaysSaysThatTheAppIsInTesting(t *testing.T) {
	for name, says := range map[string]bool{"the service said when": true, "it did not say": false} {
		t.Run(name, func(t *testing.T) {
			w := newWorld(t, emulator.Config{Clients: []emulator.Client{{Testing: true}}})
			w.signedIn(nil)
			if err := w.service.Advance(7*24*time.Hour + time.Hour); err != nil {
				t.Fatal(err)
			}
			fields := map[string]any{"signed_in": time.Now().Add(-7*24*time.Hour - time.Hour)}
			if says {
				fields["dies"] = time.Now().Add(-time.Hour)
			} else {
				fields["dies"] = time.Time{}
			}
			w.edit("facts.json", fields)
			w.age()
			_, err := w.source().Token()
			wantError(t, err, "7 days 1 hour after you signed in: while the project's consent screen is in testing, Google ends every sign-in after 7 days", "publish the app")
		})
	}
}

func TestAClockThatIsOffIsNamed(t *testing.T) {
	for name, test := range map[string]struct {
		ahead time.Duration
		want  string
	}{
		"behind": {2 * time.Hour, "this machine's clock is 1 hour behind"},
		"ahead":  {-50 * time.Hour, "this machine's clock is 2 days 2 hours ahead"},
	} {
		t.Run(name, func(t *testing.T) {
			w := newWorld(t, emulator.Config{})
			w.ahead = test.ahead
			w.signedIn(nil)
			if !strings.Contains(w.warnings(), test.want) {
				t.Errorf("warned of %q", w.warnings())
			}
			w.service.Withdraw()
			w.age()
			_, err := w.source().Token()
			wantError(t, err, "is no longer good", test.want)
		})
	}
}

func TestATokenThatLivesTooLongWasKeptWhenTheClockWasWrong(t *testing.T) {
	w := newWorld(t, emulator.Config{})
	w.signedIn(nil)
	w.edit("tokens.json", map[string]any{"expires": time.Now().Add(72 * time.Hour)})
	token(t, w.source())
	if w.refreshes() != 1 {
		t.Errorf("%d refreshes, want 1", w.refreshes())
	}
}

func TestAServiceThatIsDownIsNoDeadSignIn(t *testing.T) {
	w := newWorld(t, emulator.Config{})
	w.signedIn(nil)
	w.edit("tokens.json", map[string]any{"expires": time.Now().Add(2 * time.Minute)})
	w.mu.Lock()
	w.answers = "<html>busy</html>"
	w.mu.Unlock()
	if got := token(t, w.source()); !w.good(got) {
		t.Error("a token with two minutes to live is not used")
	}
	w.age()
	_, err := w.source().Token()
	answered := (*oauth2.RetrieveError)(nil) // by its status package photos knows that this passes
	if !errors.As(err, &answered) || answered.Response.StatusCode != http.StatusServiceUnavailable || strings.Contains(err.Error(), "html") {
		t.Errorf("got %v", err)
	}
	facts, _, err := w.accounts().Status("default")
	if err != nil || facts.State(time.Now()) != auth.Alive {
		t.Errorf("its state is %s, %v", facts.State(time.Now()), err)
	}
}

func TestAClientThatIsGoneAtTheServiceIsNoDeadSignIn(t *testing.T) {
	w := newWorld(t, emulator.Config{})
	w.signedIn(nil)
	text, err := os.ReadFile(w.path("tokens.json"))
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(w.path("tokens.json"), []byte(strings.Replace(string(text), w.client.Secret, "GOCSPX-old", 1)), 0o600); err != nil {
		t.Fatal(err)
	}
	w.age()
	_, err = w.source().Token()
	wantError(t, err, "the OAuth client of account default is not accepted any more", "auth client import")
	if strings.Contains(err.Error(), "GOCSPX") {
		t.Error("the error holds the secret")
	}
}

func TestASignInWithAnotherClientEndsWhatDealsWithTheFirst(t *testing.T) {
	w := newWorld(t, emulator.Config{Clients: []emulator.Client{{Name: "one"}, {Name: "two", ID: "2-two.apps.googleusercontent.com"}}})
	w.signedIn(nil)
	source := w.source()
	other := w.client
	other.ID, other.Secret = w.service.Clients()[1].ID, w.service.Clients()[1].Secret
	if err := w.accounts().SaveClient("default", other); err != nil {
		t.Fatal(err)
	}
	if done := w.signedIn(nil); done.ClientID != other.ID {
		t.Fatalf("signed in with %s", done.ClientID)
	}
	_, err := source.Token()
	wantError(t, err, "another OAuth client", "run the command again")
}

func TestWhoNeverSignedInHearsHow(t *testing.T) {
	w := newWorld(t, emulator.Config{})
	_, err := w.accounts().Source(t.Context(), "Anna's phone", w.client.ID).Token()
	wantError(t, err, "not signed in as account Anna's phone", `auth login --account 'Anna'\''s phone'`)
}
