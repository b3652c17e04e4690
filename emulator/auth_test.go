package emulator_test

import (
	"net/http"
	"strings"
	"testing"

	"github.com/albumwright/albumwright/emulator"
)

// Contract 2.2, 2.3: the same refusal comes in two envelopes, with the
// service's own words.
func TestRequestsWithoutTheRightTokenAreRefused(t *testing.T) {
	const (
		seeAlso = "Expected OAuth 2 access token, login cookie or other valid authentication credential. " +
			"See https://developers.google.com/identity/sign-in/web/devconsole-project."
		missing = "Request is missing required authentication credential. " + seeAlso
		wrong   = "Request had invalid authentication credentials. " + seeAlso
	)
	tests := []struct {
		name, header, query, want string
	}{
		{"no token", "", "", missing},
		{"another scheme", "Basic dXNlcjpwYXNz", "", missing},
		{"a wrong token", "Bearer other", "", wrong},
		{"a wrong token in the query", "", "?access_token=other", wrong},
		{"an empty token", "Bearer ", "", wrong},
		{"the header wins over the query", "Bearer other", "?access_token=right", wrong},
	}
	bothWays(t, emulator.Config{AccessToken: "right"}, func(t *testing.T, c *client) {
		for _, tt := range tests {
			t.Run(tt.name, func(t *testing.T) {
				albums := c.request(http.MethodGet, "/v1/albums"+tt.query, nil)
				upload := c.uploadRequest(strings.NewReader("bytes"))
				upload.URL.RawQuery = strings.TrimPrefix(tt.query, "?")
				for _, r := range []*http.Request{albums, upload} {
					r.Header.Del("Authorization")
					if tt.header != "" {
						r.Header.Set("Authorization", tt.header)
					}
				}
				c.do(albums).wantError(t, http.StatusUnauthorized, "UNAUTHENTICATED", tt.want)
				c.do(upload).wantBareError(t, http.StatusUnauthorized, 16, "Authentication session is not defined.")
			})
		}
	})
}

// Contract 1: the token may come in the query.
func TestTheTokenIsAcceptedInHeaderAndQuery(t *testing.T) {
	bothWays(t, emulator.Config{AccessToken: "right"}, func(t *testing.T, c *client) {
		c.get("/v1/albums").wantStatus(t, http.StatusOK)
		r := c.request(http.MethodGet, "/v1/albums?access_token=right", nil)
		r.Header.Del("Authorization")
		c.do(r).wantStatus(t, http.StatusOK)
		r = c.request(http.MethodGet, "/v1/albums", nil)
		r.Header.Set("Authorization", "bearer right")
		c.do(r).wantStatus(t, http.StatusOK)
	})
}

func TestEveryServerHasATokenOfItsOwn(t *testing.T) {
	a, b := newServer(t, emulator.Config{}), newServer(t, emulator.Config{})
	if a.AccessToken() == b.AccessToken() || len(a.AccessToken()) < 32 {
		t.Errorf("tokens %q and %q", a.AccessToken(), b.AccessToken())
	}
	if got := newServer(t, emulator.Config{AccessToken: "mine"}).AccessToken(); got != "mine" {
		t.Errorf("the token is %q, want the configured one", got)
	}
}
