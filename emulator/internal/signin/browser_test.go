package signin_test

import (
	"context"
	"errors"
	"net"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"

	"golang.org/x/oauth2"

	"github.com/albumwright/albumwright/emulator"
	"github.com/albumwright/albumwright/internal/browser"
)

const (
	anna = "anna@example.com"
	ben  = "ben@example.com"

	add  = string(emulator.ScopeAppendOnly)
	see  = string(emulator.ScopeReadAppCreated)
	edit = string(emulator.ScopeEditAppCreated)
)

// listen serves on a free port until the end of the test.
func listen(t *testing.T, host string, h http.Handler) (address string) {
	t.Helper()
	ln, err := net.Listen("tcp", net.JoinHostPort(host, "0"))
	if err != nil {
		t.Fatal(err)
	}
	srv, ended := &http.Server{Handler: h}, make(chan error, 1)
	go func() { ended <- srv.Serve(ln) }()
	t.Cleanup(func() {
		_ = srv.Close()
		if err := <-ended; !errors.Is(err, http.ErrServerClosed) {
			t.Error("serve:", err)
		}
	})
	return "http://" + ln.Addr().String()
}

// app is an installed app: it waits at a port of its own.
type app struct {
	oauth2.Config
	verifier string
	heard    chan url.Values
}

func newApp(t *testing.T, s *emulator.Server, host string) *app {
	t.Helper()
	at, client := listen(t, "127.0.0.1", s), s.Clients()[0]
	a := &app{verifier: oauth2.GenerateVerifier(), heard: make(chan url.Values, 1)}
	port := listen(t, host, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/back" {
			a.heard <- r.URL.Query()
		}
		w.Header().Set("Content-Type", "text/html")
		_, _ = w.Write([]byte("<!DOCTYPE html><title>The app</title>"))
	}))
	a.Config = oauth2.Config{
		ClientID: client.ID, ClientSecret: client.Secret, Scopes: []string{add, see, edit}, RedirectURL: port + "/back",
		Endpoint: oauth2.Endpoint{AuthURL: at + "/o/oauth2/v2/auth", TokenURL: at + "/token"},
	}
	return a
}

// tokens are what the app gets for the code that came back.
func (a *app) tokens(t *testing.T, code string) *oauth2.Token {
	t.Helper()
	tr := &http.Transport{}
	defer tr.CloseIdleConnections()
	ctx := context.WithValue(t.Context(), oauth2.HTTPClient, &http.Client{Transport: tr})
	token, err := a.Exchange(ctx, code, oauth2.VerifierOption(a.verifier))
	if err != nil {
		t.Fatal(err)
	}
	return token
}

// A user chooses an account, ticks a box off, allows and cancels. None of it needs
// script, and the browser keeps to the page's own policy.
func TestAUserAnswersInABrowser(t *testing.T) {
	b := browser.ForTest(t)
	for name, test := range map[string]struct {
		host   string
		clicks []string
		user   string
		scopes []string // nil = the app hears that it was denied
	}{
		"all":          {"127.0.0.1", []string{`button[value="allow"]`}, anna, []string{add, see, edit}},
		"all, by IPv6": {"::1", []string{`button[value="allow"]`}, anna, []string{add, see, edit}},
		"one box off":  {"127.0.0.1", []string{`input[value="` + edit + `"]`, `button[value="allow"]`}, anna, []string{add, see}},
		"another user": {"127.0.0.1", []string{`input[value="` + ben + `"]`, `button[value="allow"]`}, ben, []string{add, see, edit}},
		"cancel":       {"127.0.0.1", []string{`button[value="deny"]`}, "", nil},
	} {
		t.Run(name, func(t *testing.T) {
			s, err := emulator.New(emulator.Config{
				Users: []emulator.User{{Email: anna}, {Email: ben}}, Clients: []emulator.Client{{Name: "Photo <Mover>"}},
			})
			if err != nil {
				t.Fatal(err)
			}
			t.Cleanup(func() { _ = s.Close() })
			a, p := newApp(t, s, test.host), b.Page(t)
			p.WithoutScript()
			p.Open(a.AuthCodeURL("the state", oauth2.AccessTypeOffline, oauth2.S256ChallengeOption(a.verifier)))
			if heading := browser.Value[string](p, `document.querySelector("h1").textContent`); !strings.HasPrefix(heading, "Photo <Mover> ") {
				t.Errorf("the page is headed %q", heading)
			}
			for _, selector := range test.clicks {
				p.Click(selector)
			}
			p.Wait(`document.title == "The app"`)
			back := <-a.heard
			if back.Get("state") != "the state" {
				t.Errorf("state %q comes back", back.Get("state"))
			}
			if test.scopes == nil {
				if back.Get("error") != "access_denied" || back.Has("code") {
					t.Errorf("the app hears %v", back)
				}
				return
			}
			token := a.tokens(t, back.Get("code"))
			if got, _ := token.Extra("scope").(string); !slices.Equal(strings.Fields(got), test.scopes) {
				t.Errorf("granted %s, want %v", got, test.scopes)
			}
			wantAlbumOf(t, s, token, test.user)
		})
	}
}

// wantAlbumOf makes an album, and looks whose it is.
func wantAlbumOf(t *testing.T, s *emulator.Server, token *oauth2.Token, email string) {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), http.MethodPost, "http://emulator.test/v1/albums", strings.NewReader(`{"album": {"title": "A"}}`))
	if err != nil {
		t.Fatal(err)
	}
	token.SetAuthHeader(r)
	res, err := s.Transport().RoundTrip(r)
	if err != nil {
		t.Fatal(err)
	}
	_ = res.Body.Close()
	whose, err := s.For(email, "")
	if err != nil {
		t.Fatal(err)
	}
	if res.StatusCode != http.StatusOK || len(whose.Albums()) != 1 {
		t.Errorf("status %d, and %s has the albums %v", res.StatusCode, email, whose.Albums())
	}
}

// A narrow window in the dark shows all of the page.
func TestThePageFitsAPhoneInBothSchemes(t *testing.T) {
	b := browser.ForTest(t)
	s, err := emulator.New(emulator.Config{Users: []emulator.User{{Email: anna}, {Email: ben}}})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = s.Close() })
	a, p := newApp(t, s, "127.0.0.1"), b.Page(t)
	p.Size(360, 740)
	light := map[string]int{}
	for _, scheme := range []string{"light", "dark"} {
		p.Scheme(scheme)
		p.Open(a.AuthCodeURL("the state"))
		if w := browser.Value[int](p, `document.documentElement.scrollWidth`); w > 360 {
			t.Errorf("%s: the page is %d pixels wide", scheme, w)
		}
		light[scheme] = browser.Value[int](p, `getComputedStyle(document.body).backgroundColor.match(/\d+/g).slice(0, 3).reduce((a, b) => a + +b, 0)`)
	}
	if light["light"] < 600 || light["dark"] > 165 {
		t.Errorf("backgrounds %v", light)
	}
}
