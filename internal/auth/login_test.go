package auth_test

import (
	"context"
	"errors"
	"net"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/albumwright/albumwright/emulator"
	"github.com/albumwright/albumwright/internal/auth"
)

func TestAPersonAllowsAndIsSignedIn(t *testing.T) {
	w := newWorld(t, emulator.Config{})
	done, page, err := w.login(t.Context(), person{scopes: auth.Scopes()}, nil)
	if err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(page, "You are signed in") || strings.Contains(page, "will not work") {
		t.Errorf("the last page is\n%s", page)
	}
	if len(done.Lacks) > 0 || done.Store != auth.StorePlain || done.ClientID != w.client.ID || !done.Dies.IsZero() {
		t.Errorf("signed in: %+v", done)
	}
	token, err := w.source().Token()
	if err != nil || !w.good(token.AccessToken) {
		t.Errorf("the token is not good: %v", err)
	}
	if w.refreshes() != 0 {
		t.Errorf("%d refreshes right after the login", w.refreshes())
	}
	if diff := cmp.Diff([]string{"client.json", "facts.json", "lock", "tokens.json"}, w.files()); diff != "" {
		t.Errorf("kept (-want +got):\n%s", diff)
	}
}

func TestTheRequestAsksForThreeScopesOfflineWithConsentAndPKCE(t *testing.T) {
	w := newWorld(t, emulator.Config{})
	var address string
	w.signedIn(func(cfg *auth.LoginConfig) {
		ask := cfg.Ask
		cfg.Ask = func(a string, port int) { address = a; ask(a, port) }
	})
	u, err := url.Parse(address)
	if err != nil {
		t.Fatal(err)
	}
	q := u.Query()
	for name, want := range map[string]string{
		"access_type": "offline", "prompt": "consent", "code_challenge_method": "S256", "response_type": "code",
		"scope": auth.ScopeAppendOnly + " " + auth.ScopeRead + " " + auth.ScopeEdit,
	} {
		if q.Get(name) != want {
			t.Errorf("%s is %q, want %q", name, q.Get(name), want)
		}
	}
	if back := q.Get("redirect_uri"); !strings.HasPrefix(back, "http://127.0.0.1:") || len(q.Get("state")) < 20 || q.Get("code_challenge") == "" {
		t.Errorf("redirect_uri %q, and a state or challenge that is too short", back)
	}
}

func TestWhatIsTickedOffIsSaidAndCountsOnlyIfNothingCouldBeUploaded(t *testing.T) {
	for name, test := range map[string]struct {
		scopes []string
		lacks  []string
		wrong  string
	}{
		"reading":   {[]string{auth.ScopeAppendOnly, auth.ScopeEdit}, []string{auth.ScopeRead}, ""},
		"editing":   {[]string{auth.ScopeAppendOnly, auth.ScopeRead}, []string{auth.ScopeEdit}, ""},
		"both":      {[]string{auth.ScopeAppendOnly}, []string{auth.ScopeRead, auth.ScopeEdit}, ""},
		"uploading": {[]string{auth.ScopeRead, auth.ScopeEdit}, nil, "nothing can be uploaded without it"},
	} {
		t.Run(name, func(t *testing.T) {
			w := newWorld(t, emulator.Config{})
			done, page, err := w.login(t.Context(), person{scopes: test.scopes}, nil)
			if test.wrong != "" {
				wantError(t, err, test.wrong, "leave all boxes ticked")
				if !strings.Contains(page, "You are not signed in") {
					t.Errorf("the last page is\n%s", page)
				}
				if diff := cmp.Diff([]string{"client.json"}, w.files()); diff != "" {
					t.Errorf("kept (-want +got):\n%s", diff)
				}
				return
			}
			if err != nil {
				t.Fatal(err)
			}
			var lacks []string
			for _, l := range done.Lacks {
				lacks = append(lacks, l.Scope)
				if !strings.Contains(page, l.Scope) || !strings.Contains(page, "What will not work") {
					t.Errorf("the page does not tell of %s:\n%s", l.Scope, page)
				}
			}
			if diff := cmp.Diff(test.lacks, lacks); diff != "" {
				t.Errorf("lacks (-want +got):\n%s", diff)
			}
		})
	}
}

// wantError wants an error that a person can do something about.
func wantError(t *testing.T, err error, what, do string) {
	t.Helper()
	e := (*auth.Error)(nil)
	if !errors.As(err, &e) || !strings.Contains(e.Error(), what) || !strings.Contains(e.Do, do) {
		t.Errorf("got %v, want one that says %q, and to do %q", err, what, do)
		if e != nil {
			t.Logf("it says to do: %s", e.Do)
		}
	}
}

func TestWhoDeniesIsNotSignedInAndHearsWhatToDo(t *testing.T) {
	w := newWorld(t, emulator.Config{})
	_, page, err := w.login(t.Context(), person{deny: true}, nil)
	wantError(t, err, "access was denied", "choose Allow")
	if !strings.Contains(page, "You are not signed in") {
		t.Errorf("the last page is\n%s", page)
	}
	if diff := cmp.Diff([]string{"client.json"}, w.files()); diff != "" {
		t.Errorf("kept (-want +got):\n%s", diff)
	}
}

func TestAnAnswerWithAWrongStateIsRefusedAndTheRightOneStillCounts(t *testing.T) {
	w := newWorld(t, emulator.Config{})
	var told []string
	w.signedIn(func(cfg *auth.LoginConfig) {
		ask := cfg.Ask
		cfg.Tell = func(text string) { told = append(told, text) }
		cfg.Ask = func(address string, port int) {
			u, _ := url.Parse(address)
			back := u.Query().Get("redirect_uri")
			for _, query := range []string{"?code=4/stolen&state=guessed", "?code=4/stolen", "?error=access_denied"} {
				if page := read(t, http.DefaultClient, back+query); !strings.Contains(page, "400 Bad Request") || !strings.Contains(page, "This answer was refused") {
					t.Errorf("%s is answered with\n%s", query, page)
				}
			}
			ask(address, port)
		}
	})
	if len(told) != 3 || !strings.Contains(told[0], "wrong state") || !strings.Contains(told[0], "still waiting") {
		t.Errorf("told: %q", told)
	}
}

func TestTheBrowserEndsAtAnAddressThatSaysNothing(t *testing.T) {
	w := newWorld(t, emulator.Config{})
	var end string
	w.signedIn(func(cfg *auth.LoginConfig) {
		cfg.Ask = func(address string, _ int) {
			go func() {
				resp, err := http.Get(person{scopes: auth.Scopes()}.answer(t, address))
				if err != nil {
					t.Error(err)
					return
				}
				_ = resp.Body.Close()
				end = resp.Request.URL.RequestURI() + " " + resp.Header.Get("Referrer-Policy") + " " + resp.Header.Get("Cache-Control")
				_, _ = http.Get("http://" + resp.Request.URL.Host + "/static/look.css")
			}()
		}
	})
	if end != "/outcome no-referrer no-store" {
		t.Errorf("the browser ends at %q", end)
	}
}

func TestAPastedAddressSignsInWhereTheBrowserCannotReachThisMachine(t *testing.T) {
	w := newWorld(t, emulator.Config{})
	pasted := make(chan string)
	var told []string
	done := w.signedIn(func(cfg *auth.LoginConfig) {
		cfg.Pasted = pasted
		cfg.Tell = func(text string) { told = append(told, text) }
		cfg.Ask = func(address string, _ int) {
			go func() {
				back := person{scopes: auth.Scopes()}.answer(t, address)
				u, _ := url.Parse(back)
				for _, line := range []string{"", "yes", "https://example.com/?code=1", "http://" + u.Host + "/back?code=1&state=2", "  " + back + "\r"} {
					pasted <- line
				}
				close(pasted)
			}()
		}
	})
	if done.ClientID != w.client.ID || len(told) != 3 {
		t.Errorf("signed in as %q after %q", done.ClientID, told)
	}
}

func TestALoginThatNobodyAnswersEndsAndLeavesNothingBehind(t *testing.T) {
	w := newWorld(t, emulator.Config{})
	for name, test := range map[string]struct {
		ctx     func() (context.Context, context.CancelFunc)
		timeout time.Duration
		want    error
	}{
		"abandoned": {func() (context.Context, context.CancelFunc) { return context.WithCancel(t.Context()) }, 10 * time.Millisecond, auth.ErrAbandoned},
		"stopped": {func() (context.Context, context.CancelFunc) {
			return context.WithTimeout(t.Context(), 10*time.Millisecond)
		}, 0, context.DeadlineExceeded},
	} {
		t.Run(name, func(t *testing.T) {
			ctx, cancel := test.ctx()
			defer cancel()
			at := 0
			_, _, err := w.login(ctx, person{}, func(cfg *auth.LoginConfig) {
				cfg.Timeout, cfg.Ask = test.timeout, func(_ string, port int) { at = port }
			})
			if !errors.Is(err, test.want) {
				t.Errorf("it ends with %v, want %v", err, test.want)
			}
			ln, err := net.ListenTCP("tcp", &net.TCPAddr{IP: net.IPv4(127, 0, 0, 1), Port: at})
			if err != nil {
				t.Fatalf("the port is not free again: %v", err)
			}
			_ = ln.Close()
			if diff := cmp.Diff([]string{"client.json"}, w.files()); diff != "" {
				t.Errorf("kept (-want +got):\n%s", diff)
			}
		})
	}
}

func TestASignInServiceThatIsDownIsNoRefusal(t *testing.T) {
	w := newWorld(t, emulator.Config{})
	w.answers = "down"
	_, page, err := w.login(t.Context(), person{scopes: auth.Scopes()}, nil)
	if !errors.Is(err, auth.ErrUnreachable) || !strings.Contains(page, "You are not signed in") {
		t.Errorf("got %v, and the page\n%s", err, page)
	}
}

func TestAPortThatIsTakenIsNamed(t *testing.T) {
	w := newWorld(t, emulator.Config{})
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer ln.Close()
	_, _, err = w.login(t.Context(), person{}, func(cfg *auth.LoginConfig) { cfg.Port = ln.Addr().(*net.TCPAddr).Port })
	if !errors.Is(err, auth.ErrPortTaken) || !strings.Contains(err.Error(), ln.Addr().String()) {
		t.Errorf("got %v", err)
	}
}

func TestUnderAnotherNameNobodyIsAnswered(t *testing.T) {
	w := newWorld(t, emulator.Config{})
	w.signedIn(func(cfg *auth.LoginConfig) {
		ask := cfg.Ask
		cfg.Ask = func(address string, port int) {
			u, _ := url.Parse(address)
			back, _ := url.Parse(u.Query().Get("redirect_uri"))
			req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, back.String()+"?code=1&state="+u.Query().Get("state"), nil)
			if err != nil {
				t.Error(err)
			}
			req.Host = "evil.example:80"
			resp, err := http.DefaultClient.Do(req)
			if err != nil {
				t.Error(err)
				return
			}
			_ = resp.Body.Close()
			if resp.StatusCode != http.StatusMisdirectedRequest {
				t.Errorf("answered with %s", resp.Status)
			}
			ask(address, port)
		}
	})
}

func TestAnAppInTestingIsToldWhenTheSignInEnds(t *testing.T) {
	w := newWorld(t, emulator.Config{Clients: []emulator.Client{{Testing: true}}})
	done := w.signedIn(nil)
	if left := time.Until(done.Dies); left < 7*24*time.Hour-time.Hour || left > 7*24*time.Hour {
		t.Errorf("it ends in %s", left)
	}
}
