package emulator_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"golang.org/x/oauth2"

	"github.com/albumwright/albumwright/emulator"
)

func TestTokenRequestsThatAreRefused(t *testing.T) {
	bothWays(t, emulator.Config{Clients: []emulator.Client{{}, {ID: "other"}}}, func(t *testing.T, c *client) {
		a := c.app()
		other := c.s.Clients()[1]
		for name, test := range map[string]struct {
			change     func(url.Values)
			status     int
			code, text string
		}{
			"no grant type":         {func(f url.Values) { f.Del("grant_type") }, 400, "invalid_request", "Missing required parameter: grant_type"},
			"unknown grant type":    {func(f url.Values) { f.Set("grant_type", "password") }, 400, "unsupported_grant_type", `Invalid grant_type: "password"`},
			"no client":             {func(f url.Values) { f.Del("client_id") }, 400, "invalid_request", "Could not determine client ID from request."},
			"unknown client":        {func(f url.Values) { f.Set("client_id", "x") }, 401, "invalid_client", "The OAuth client was not found."},
			"no secret":             {func(f url.Values) { f.Del("client_secret") }, 400, "invalid_request", "client_secret is missing."},
			"wrong secret":          {func(f url.Values) { f.Set("client_secret", "x") }, 401, "invalid_client", "The provided client secret is invalid."},
			"no code":               {func(f url.Values) { f.Del("code") }, 400, "invalid_request", "Missing required parameter: code"},
			"unknown code":          {func(f url.Values) { f.Set("code", "4/0Ax") }, 400, "invalid_grant", "Malformed auth code."},
			"two codes":             {func(f url.Values) { f.Add("code", "x") }, 400, "invalid_request", "OAuth 2 parameters can only have a single value: code"},
			"another client's code": {func(f url.Values) { f.Set("client_id", other.ID); f.Set("client_secret", other.Secret) }, 400, "invalid_grant", "Bad Request"},
			"no redirect":           {func(f url.Values) { f.Del("redirect_uri") }, 400, "invalid_request", "Missing required parameter: redirect_uri"},
			"another redirect":      {func(f url.Values) { f.Set("redirect_uri", "http://127.0.0.1:9005/back") }, 400, "redirect_uri_mismatch", "Bad Request"},
			"no verifier":           {func(f url.Values) { f.Del("code_verifier") }, 400, "invalid_grant", "Missing code verifier."},
			"another verifier":      {func(f url.Values) { f.Set("code_verifier", oauth2.GenerateVerifier()) }, 400, "invalid_grant", "Invalid code verifier."},
			"1 MB":                  {func(f url.Values) { f.Set("code", strings.Repeat("x", 1<<20)) }, 400, "invalid_request", "The form could not be read: it must be application/x-www-form-urlencoded, of at most 64 KiB."},
		} {
			code := a.code()
			form := a.exchange(code)
			test.change(form)
			got, said := c.ask("/token", form)
			t.Log(name)
			wantOAuthError(t, got, said, test.status, test.code, test.text)
			if got.header.Get("Cache-Control") != "no-store" {
				t.Errorf("%s: Cache-Control %q", name, got.header.Get("Cache-Control"))
			}
			got, _ = c.ask("/oauth2/v4/token", a.exchange(code)) // a refusal costs its rightful owner nothing
			got.wantStatus(t, http.StatusOK)
		}
		token := a.signIn(oauth2.ApprovalForce)
		form := a.renewal(token)
		form.Set("client_id", other.ID)
		form.Set("client_secret", other.Secret)
		got, said := c.ask("/token", form)
		wantOAuthError(t, got, said, 401, "unauthorized_client", "Unauthorized")
		form = a.renewal(token)
		form.Set("scope", "openid")
		got, said = c.ask("/token", form)
		wantOAuthError(t, got, said, 400, "invalid_scope", `Some requested scopes were not granted: "openid"`)
		c.visit(http.MethodGet, "/token", nil).wantStatus(t, http.StatusMethodNotAllowed)
	})
}

func TestPKCEIsCheckedWhereItIsUsed(t *testing.T) {
	c := direct(t, emulator.Config{})
	plain := oauth2.GenerateVerifier()
	for name, test := range map[string]struct {
		challenge, method, verifier string
		text                        string // of the refusal; "" = none
	}{
		"none":             {},
		"S256":             {oauth2.S256ChallengeFromVerifier(plain), "S256", plain, ""},
		"plain":            {plain, "plain", plain, ""},
		"plain by default": {plain, "", plain, ""},
		"not asked for":    {"", "", plain, "code_verifier or verifier is not needed."},
		"the challenge itself": {
			oauth2.S256ChallengeFromVerifier(plain), "S256", oauth2.S256ChallengeFromVerifier(plain), "Invalid code verifier.",
		},
	} {
		a := c.app()
		query := a.query()
		for key, value := range map[string]string{"code_challenge": test.challenge, "code_challenge_method": test.method} {
			query.Set(key, value)
			if value == "" {
				query.Del(key)
			}
		}
		form := a.exchange(a.send(a.page(query)).Get("code"))
		form.Set("code_verifier", test.verifier)
		got, said := c.ask("/token", form)
		if test.text == "" {
			if got.status != http.StatusOK {
				t.Errorf("%s: %d %v", name, got.status, said["error_description"])
			}
			continue
		}
		t.Log(name)
		wantOAuthError(t, got, said, http.StatusBadRequest, "invalid_grant", test.text)
	}
}

func TestAClientNamesItselfInTheFormOrTheHeader(t *testing.T) {
	c := socket(t, emulator.Config{Clients: []emulator.Client{{ID: "an:id+with%signs", Secret: "a secret: % + /"}}})
	for name, style := range map[string]oauth2.AuthStyle{
		"form": oauth2.AuthStyleInParams, "header": oauth2.AuthStyleInHeader, "whatever works": oauth2.AuthStyleAutoDetect,
	} {
		a := c.app()
		a.Endpoint.AuthStyle = style
		if _, err := a.Exchange(a.context(), a.code(), oauth2.VerifierOption(a.verifier)); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
}
