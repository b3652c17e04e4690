package emulator_test

import (
	"bytes"
	"context"
	"html"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"testing"

	"golang.org/x/oauth2"

	"github.com/albumwright/albumwright/emulator"
)

const (
	appendOnly = string(emulator.ScopeAppendOnly)
	readOwn    = string(emulator.ScopeReadAppCreated)
	editOwn    = string(emulator.ScopeEditAppCreated)
)

// app is an installed app that signs its user in at a server, with the OAuth
// library that most of them use.
type app struct {
	oauth2.Config
	t        *testing.T
	c        *client
	verifier string
}

// app is one with the server's first client.
func (c *client) app(scopes ...string) *app { return c.appOf(c.s.Clients()[0], scopes...) }

func (c *client) appOf(of emulator.Client, scopes ...string) *app {
	if len(scopes) == 0 {
		scopes = []string{appendOnly, readOwn, editOwn}
	}
	return &app{oauth2.Config{
		ClientID: of.ID, ClientSecret: of.Secret, RedirectURL: "http://127.0.0.1:9004/back", Scopes: scopes,
		Endpoint: oauth2.Endpoint{AuthURL: c.base + "/o/oauth2/v2/auth", TokenURL: c.base + "/token"},
	}, c.t, c, oauth2.GenerateVerifier()}
}

// context makes the library use the test's transport.
func (a *app) context() context.Context {
	return context.WithValue(a.t.Context(), oauth2.HTTPClient, a.c.http)
}

// query is what the app asks for, in the address that it opens.
func (a *app) query(options ...oauth2.AuthCodeOption) url.Values {
	a.t.Helper()
	options = append([]oauth2.AuthCodeOption{oauth2.AccessTypeOffline, oauth2.S256ChallengeOption(a.verifier)}, options...)
	u, err := url.Parse(a.AuthCodeURL("the state", options...))
	if err != nil {
		a.t.Fatal(err)
	}
	return u.Query()
}

// visit makes a request as a browser does, which follows no redirect here.
func (c *client) visit(method, path string, form url.Values) answer {
	c.t.Helper()
	r, err := http.NewRequestWithContext(c.t.Context(), method, c.base+path, strings.NewReader(form.Encode()))
	if err != nil {
		c.t.Fatal(err)
	}
	if form != nil {
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	}
	still := *c
	still.http = &http.Client{Transport: c.http.Transport, CheckRedirect: func(*http.Request, []*http.Request) error {
		return http.ErrUseLastResponse
	}}
	return still.do(r)
}

// field finds the values of a form's fields in a page.
func fields(page, name string) (values []string) {
	for _, m := range regexp.MustCompile(`name="`+name+`" value="([^"]*)"`).FindAllStringSubmatch(page, -1) {
		values = append(values, html.UnescapeString(m[1]))
	}
	return values
}

// page is the form of a sign-in page, filled as it comes: the first account, every
// box ticked.
func (a *app) page(query url.Values) url.Values {
	a.t.Helper()
	shown := a.c.visit(http.MethodGet, "/o/oauth2/v2/auth?"+query.Encode(), nil)
	shown.wantStatus(a.t, http.StatusOK)
	page := string(shown.body)
	return url.Values{
		"request": fields(page, "request"), "account": fields(page, "account")[:1], "scope": fields(page, "scope"), "answer": {"allow"},
	}
}

// send sends a sign-in page, and returns what the app hears at its own port.
func (a *app) send(form url.Values) url.Values {
	a.t.Helper()
	sent := a.c.visit(http.MethodPost, "/o/oauth2/v2/auth", form)
	sent.wantStatus(a.t, http.StatusSeeOther)
	back, err := url.Parse(sent.header.Get("Location"))
	if err != nil {
		a.t.Fatal(err)
	}
	heard := back.Query()
	back.RawQuery = ""
	if back.String() != a.RedirectURL {
		a.t.Errorf("the user is sent to %s, want %s", back, a.RedirectURL)
	}
	if heard.Get("state") != "the state" {
		a.t.Errorf("state %q comes back", heard.Get("state"))
	}
	return heard
}

// code is what the app gets when its user allows all.
func (a *app) code(options ...oauth2.AuthCodeOption) string {
	a.t.Helper()
	code := a.send(a.page(a.query(options...))).Get("code")
	if code == "" {
		a.t.Fatal("no code")
	}
	return code
}

// signIn is the whole way to tokens.
func (a *app) signIn(options ...oauth2.AuthCodeOption) *oauth2.Token {
	a.t.Helper()
	token, err := a.Exchange(a.context(), a.code(options...), oauth2.VerifierOption(a.verifier))
	if err != nil {
		a.t.Fatal(err)
	}
	return token
}

// signInAs is signIn with an account, and only some of the boxes.
func (a *app) signInAs(email string, scopes ...string) *oauth2.Token {
	a.t.Helper()
	form := a.page(a.query())
	form.Set("account", email)
	if len(scopes) > 0 {
		form["scope"] = scopes
	}
	token, err := a.Exchange(a.context(), a.send(form).Get("code"), oauth2.VerifierOption(a.verifier))
	if err != nil {
		a.t.Fatal(err)
	}
	return token
}

// with is the client with another access token.
func (c *client) with(token *oauth2.Token) *client {
	other := *c
	other.bearer = token.AccessToken
	return &other
}

// ask sends a form to an endpoint, and returns the answer with its JSON.
func (c *client) ask(path string, form url.Values) (answer, map[string]any) {
	c.t.Helper()
	a := c.visit(http.MethodPost, path, form)
	var said map[string]any
	a.into(c.t, &said)
	return a, said
}

// exchange is the form with which an app asks for tokens.
func (a *app) exchange(code string) url.Values {
	return url.Values{
		"grant_type": {"authorization_code"}, "code": {code}, "redirect_uri": {a.RedirectURL},
		"client_id": {a.ClientID}, "client_secret": {a.ClientSecret}, "code_verifier": {a.verifier},
	}
}

// renewal is the form with which an app asks for another access token.
func (a *app) renewal(token *oauth2.Token) url.Values {
	return url.Values{
		"grant_type": {"refresh_token"}, "refresh_token": {token.RefreshToken}, "client_id": {a.ClientID}, "client_secret": {a.ClientSecret},
	}
}

// wantOAuthError wants a refusal in the words of OAuth.
func wantOAuthError(t *testing.T, a answer, said map[string]any, status int, code, text string) {
	t.Helper()
	if a.status != status || said["error"] != code || said["error_description"] != text {
		t.Errorf("%d %v, want %d %s %q", a.status, said, status, code, text)
	}
}

// scopesOf are the scopes that a token reply says were granted.
func scopesOf(token *oauth2.Token) []string {
	text, _ := token.Extra("scope").(string)
	return slices.Sorted(strings.FieldsSeq(text))
}

// sendBytes uploads one photo.
func (c *client) sendBytes() answer {
	c.t.Helper()
	return c.do(c.uploadRequest(bytes.NewReader(photo(1))))
}
