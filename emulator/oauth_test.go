package emulator_test

import (
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"golang.org/x/oauth2"

	"github.com/albumwright/albumwright/emulator"
)

func TestAnAppSignsItsUserInAndWorks(t *testing.T) {
	bothWays(t, emulator.Config{}, func(t *testing.T, c *client) {
		a := c.app()
		token := a.signIn()
		if token.RefreshToken == "" || token.TokenType != "Bearer" || !strings.HasPrefix(token.AccessToken, "ya29.") {
			t.Errorf("token of type %q, with a refresh token: %v", token.TokenType, token.RefreshToken != "")
		}
		if got := scopesOf(token); !slices.Equal(got, slices.Sorted(slices.Values(a.Scopes))) {
			t.Errorf("granted %v", got)
		}
		album := c.with(token).album("Summer")
		token.Expiry = time.Unix(1, 0) // so that the library asks for another one
		renewed, err := a.TokenSource(a.context(), token).Token()
		if err != nil {
			t.Fatal(err)
		}
		if renewed.AccessToken == token.AccessToken {
			t.Error("the same access token again")
		}
		c.with(renewed).get("/v1/albums/"+album).wantStatus(t, http.StatusOK)
		if got := c.s.Albums(); len(got) != 1 || got[0].Title != "Summer" {
			t.Errorf("albums %v", got)
		}
	})
}

func TestTheTokenReplyListsWhatWasTicked(t *testing.T) {
	bothWays(t, emulator.Config{}, func(t *testing.T, c *client) {
		a := c.app()
		token := a.signInAs("user@example.com", readOwn)
		if got := scopesOf(token); !slices.Equal(got, []string{readOwn}) {
			t.Errorf("granted %v", got)
		}
		some := c.with(token)
		some.get("/v1/albums").wantStatus(t, http.StatusOK)
		some.post("/v1/albums", map[string]any{"album": map[string]any{"title": "No"}}).wantError(t, http.StatusForbidden, "PERMISSION_DENIED", "Request had insufficient authentication scopes.")
		some.sendBytes().wantBareError(t, http.StatusUnauthorized, 16, "Authentication session is not defined.")
	})
}

func TestWhoDeniesOrTicksNothingGivesNothing(t *testing.T) {
	c := direct(t, emulator.Config{})
	a := c.app()
	for name, change := range map[string]func(url.Values){
		"cancel":  func(form url.Values) { form.Set("answer", "deny") },
		"no box":  func(form url.Values) { form.Del("scope") },
		"another": func(form url.Values) { form["scope"] = []string{"https://www.googleapis.com/auth/photoslibrary"} },
	} {
		form := a.page(a.query())
		change(form)
		if heard := a.send(form); heard.Get("error") != "access_denied" || heard.Has("code") {
			t.Errorf("%s: the app hears %v", name, heard)
		}
	}
}

func TestAnAccessTokenLivesForAnHour(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := direct(t, emulator.Config{})
		a := c.app()
		token := a.signIn()
		signed := c.with(token)
		time.Sleep(time.Hour - time.Second)
		signed.get("/v1/albums").wantStatus(t, http.StatusOK)
		time.Sleep(time.Second)
		signed.get("/v1/albums").wantError(t, http.StatusUnauthorized, "UNAUTHENTICATED", badLogin)
		signed.sendBytes().wantBareError(t, http.StatusUnauthorized, 16, "Authentication session is not defined.")

		renewed, err := a.TokenSource(a.context(), token).Token()
		if err != nil {
			t.Fatal(err)
		}
		c.with(renewed).get("/v1/albums").wantStatus(t, http.StatusOK)
	})
}

func TestRefreshTokensDie(t *testing.T) {
	day := 24 * time.Hour
	for name, test := range map[string]struct {
		client emulator.Client
		wait   []time.Duration // between one use and the next
		lives  bool
	}{
		"in testing, within a week":     {emulator.Client{Testing: true}, []time.Duration{7*day - time.Second}, true},
		"in testing, after a week":      {emulator.Client{Testing: true}, []time.Duration{7 * day}, false},
		"in testing, used every day":    {emulator.Client{Testing: true}, slices.Repeat([]time.Duration{day}, 7), false},
		"published, after a week":       {emulator.Client{}, []time.Duration{7 * day}, true},
		"published, unused for 5 month": {emulator.Client{}, []time.Duration{150 * day, 150 * day}, true},
		"published, unused for 7 month": {emulator.Client{}, []time.Duration{210 * day}, false},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				c := direct(t, emulator.Config{Clients: []emulator.Client{test.client}})
				a := c.app()
				token := a.signIn()
				if days, found := token.Extra("refresh_token_expires_in").(float64); found != test.client.Testing || found && days != 604799 {
					t.Errorf("refresh_token_expires_in is %v", days)
				}
				for i, wait := range test.wait {
					time.Sleep(wait)
					got, said := c.ask("/token", a.renewal(token))
					if i < len(test.wait)-1 || test.lives {
						got.wantStatus(t, http.StatusOK)
						continue
					}
					wantOAuthError(t, got, said, http.StatusBadRequest, "invalid_grant", "Token has been expired or revoked.")
				}
			})
		})
	}
}

func TestARefreshTokenComesOnceUnlessConsentIsAskedFor(t *testing.T) {
	c := direct(t, emulator.Config{})
	a := c.app()
	first := a.signIn()
	for _, step := range []struct {
		name    string
		options []oauth2.AuthCodeOption
		before  func()
		want    bool
	}{
		{"the second time", nil, func() {}, false},
		{"with prompt=consent", []oauth2.AuthCodeOption{oauth2.SetAuthURLParam("prompt", "consent")}, func() {}, true},
		{"with approval_prompt=force", []oauth2.AuthCodeOption{oauth2.SetAuthURLParam("approval_prompt", "force")}, func() {}, true},
		{"online, with consent", []oauth2.AuthCodeOption{oauth2.AccessTypeOnline, oauth2.SetAuthURLParam("prompt", "consent")}, func() {}, false},
		{"once the first was withdrawn", nil, func() { c.s.Withdraw() }, true},
	} {
		step.before()
		if got := a.signIn(step.options...).RefreshToken != ""; got != step.want {
			t.Errorf("%s: a refresh token: %v, want %v", step.name, got, step.want)
		}
	}
	got, said := c.ask("/token", a.renewal(first))
	wantOAuthError(t, got, said, http.StatusBadRequest, "invalid_grant", "Token has been expired or revoked.")
}

func TestTheHundredAndFirstRefreshTokenEndsTheFirst(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := direct(t, emulator.Config{})
		a := c.app()
		var tokens []*oauth2.Token
		for range 101 {
			tokens = append(tokens, a.signIn(oauth2.ApprovalForce))
			time.Sleep(time.Second)
		}
		got, said := c.ask("/token", a.renewal(tokens[0]))
		wantOAuthError(t, got, said, http.StatusBadRequest, "invalid_grant", "Token has been expired or revoked.")
		got, _ = c.ask("/token", a.renewal(tokens[1]))
		got.wantStatus(t, http.StatusOK)
	})
}

func TestARevokedTokenIsDeadAtOnceWithWhatBelongsToIt(t *testing.T) {
	bothWays(t, emulator.Config{}, func(t *testing.T, c *client) {
		for name, pick := range map[string]func(*oauth2.Token) string{
			"the refresh token": func(token *oauth2.Token) string { return token.RefreshToken },
			"the access token":  func(token *oauth2.Token) string { return token.AccessToken },
		} {
			a := c.app()
			token := a.signIn(oauth2.ApprovalForce)
			other := a.signIn(oauth2.ApprovalForce)
			got, _ := c.ask("/revoke", url.Values{"token": {pick(token)}})
			got.wantStatus(t, http.StatusOK)
			c.with(token).get("/v1/albums").wantError(t, http.StatusUnauthorized, "UNAUTHENTICATED", badLogin)
			c.with(token).sendBytes().wantBareError(t, http.StatusUnauthorized, 16, "Authentication session is not defined.")
			got, said := c.ask("/token", a.renewal(token))
			wantOAuthError(t, got, said, http.StatusBadRequest, "invalid_grant", "Token has been expired or revoked.")
			got, said = c.ask("/revoke", url.Values{"token": {pick(token)}})
			wantOAuthError(t, got, said, http.StatusBadRequest, "invalid_token", "Token expired or revoked")
			c.with(other).get("/v1/albums").wantStatus(t, http.StatusOK)
			t.Log(name)
		}
	})
}

// A second use means that somebody else has the code: what the first use gave is
// taken back.
func TestACodeThatComesTwiceEndsItsTokens(t *testing.T) {
	bothWays(t, emulator.Config{}, func(t *testing.T, c *client) {
		a := c.app()
		code := a.code()
		token, err := a.Exchange(a.context(), code, oauth2.VerifierOption(a.verifier))
		if err != nil {
			t.Fatal(err)
		}
		c.with(token).get("/v1/albums").wantStatus(t, http.StatusOK)
		got, said := c.ask("/token", a.exchange(code))
		wantOAuthError(t, got, said, http.StatusBadRequest, "invalid_grant", "Bad Request")
		c.with(token).get("/v1/albums").wantError(t, http.StatusUnauthorized, "UNAUTHENTICATED", badLogin)
		got, said = c.ask("/token", a.renewal(token))
		wantOAuthError(t, got, said, http.StatusBadRequest, "invalid_grant", "Token has been expired or revoked.")
	})
}

func TestACodeLivesForTenMinutes(t *testing.T) {
	for _, test := range []struct {
		wait time.Duration
		want int
	}{{10*time.Minute - time.Second, http.StatusOK}, {10 * time.Minute, http.StatusBadRequest}} {
		synctest.Test(t, func(t *testing.T) {
			c := direct(t, emulator.Config{})
			a := c.app()
			code := a.code()
			time.Sleep(test.wait)
			got, _ := c.ask("/token", a.exchange(code))
			got.wantStatus(t, test.want)
		})
	}
}

func TestASignInPageIsGoodForAnHour(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := direct(t, emulator.Config{})
		a := c.app()
		form := a.page(a.query())
		time.Sleep(time.Hour)
		sent := c.visit(http.MethodPost, "/o/oauth2/v2/auth", form)
		sent.wantStatus(t, http.StatusBadRequest)
		if !strings.Contains(string(sent.body), "open for too long") || sent.header.Get("Location") != "" {
			t.Errorf("answered %s", sent.body)
		}
	})
}

func TestTokenInfoAndUserInfoTellWhatWasGranted(t *testing.T) {
	bothWays(t, emulator.Config{Users: []emulator.User{{Name: "Anna Ek"}}}, func(t *testing.T, c *client) {
		a := c.app(readOwn, "openid", "https://www.googleapis.com/auth/userinfo.email", "profile")
		token := a.signIn()
		_, info := c.ask("/tokeninfo", url.Values{"access_token": {token.AccessToken}})
		if info["aud"] != a.ClientID || info["email"] != "anna.ek@example.com" || info["access_type"] != "offline" || info["scope"] != strings.Join(a.Scopes, " ") {
			t.Errorf("tokeninfo %v", info)
		}
		var user map[string]any
		c.with(token).get("/oauth2/v3/userinfo").into(t, &user)
		if user["email"] != "anna.ek@example.com" || user["name"] != "Anna Ek" || user["sub"] != info["sub"] || user["sub"] == "" {
			t.Errorf("userinfo %v", user)
		}
		got, said := c.ask("/oauth2/v3/tokeninfo", url.Values{"access_token": {"ya29.none"}})
		wantOAuthError(t, got, said, http.StatusBadRequest, "invalid_token", "Invalid Value")
		c.get("/oauth2/v2/userinfo").wantError(t, http.StatusForbidden, "PERMISSION_DENIED", "Request had insufficient authentication scopes.")

		var found map[string]any
		c.get("/.well-known/openid-configuration").into(t, &found)
		if found["token_endpoint"] != c.base+"/token" || found["authorization_endpoint"] != c.base+"/o/oauth2/v2/auth" {
			t.Errorf("discovery %v", found)
		}
	})
}
