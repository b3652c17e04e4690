package emulator

import (
	"crypto/sha256"
	"encoding/binary"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"
)

// withdraw ends a consent with all its tokens. s.mu is held.
func (s *Server) withdraw(id string) *oauthError {
	if err := s.commit(change{Revoked: &consentWithdrawn{id}}); err != nil {
		return errOAuthInternal(err)
	}
	return nil
}

// Withdraw takes back all that the user has allowed the client by signing in: its
// refresh and access tokens are dead at once. Those of [Server.NewAccessToken]
// live on. It returns how often the user had allowed something.
func (s *Server) Withdraw() (consents int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for id, given := range s.consents.all {
		if given.account == s.account && given.project == s.project {
			s.must(change{Revoked: &consentWithdrawn{id}})
			consents++
		}
	}
	return consents
}

// serveRevoke ends a refresh token and its access tokens, or an access token with
// the refresh token behind it.
func (s *Server) serveRevoke(w http.ResponseWriter, r *http.Request) {
	form, err := readForm(w, r, "token")
	if err == nil {
		err = s.revoke(form.Get("token"))
	}
	writeOAuth(w, r, struct{}{}, err)
}

func (s *Server) revoke(token string) *oauthError {
	if token == "" {
		return missingParameter("token")
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	given := s.consents.refresh[sha256.Sum256([]byte(token))]
	if granted, known := s.grants.find(token, s.now()); known {
		given = granted.consent
	}
	if given == nil {
		return badOAuth("invalid_token", "Token expired or revoked")
	}
	return s.withdraw(given.ID)
}

// readForm takes parameters from the query or a form.
func readForm(w http.ResponseWriter, r *http.Request, names ...string) (url.Values, *oauthError) {
	if r.Method != http.MethodGet && r.Method != http.MethodPost {
		w.Header().Set("Allow", "GET, POST")
		return nil, &oauthError{http.StatusMethodNotAllowed, "invalid_request", "It takes GET or POST."}
	}
	r.Body = http.MaxBytesReader(w, r.Body, maxAuthForm)
	if err := r.ParseForm(); err != nil {
		return nil, badOAuth("invalid_request", "The parameters cannot be read.")
	}
	return r.Form, parametersAreSingle(r.Form, names...)
}

// serveTokenInfo tells what an access token is good for.
func (s *Server) serveTokenInfo(w http.ResponseWriter, r *http.Request) {
	form, err := readForm(w, r, "access_token")
	if err != nil {
		writeOAuth(w, r, nil, err)
		return
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	granted, known := s.grants.find(form.Get("access_token"), s.now())
	if !known {
		writeOAuth(w, r, nil, badOAuth("invalid_token", "Invalid Value"))
		return
	}
	info := map[string]string{
		"azp": granted.project.client.ID, "aud": granted.project.client.ID, "scope": joinScopes(granted.texts), "access_type": "online",
	}
	if !granted.until.IsZero() {
		info["exp"] = strconv.FormatInt(granted.until.Unix(), 10)
		info["expires_in"] = strconv.FormatInt(int64(granted.until.Sub(s.now())/time.Second), 10)
	}
	if granted.consent != nil && granted.consent.Refresh != nil {
		info["access_type"] = "offline"
	}
	if granted.tells("email") {
		info["email"], info["email_verified"] = granted.account.user.Email, "true"
	}
	if granted.tells("openid", "email", "profile") {
		info["sub"] = granted.account.user.subject()
	}
	writeOAuth(w, r, info, nil)
}

// tells reports whether one of some scopes about the user was granted, by their
// short or their long names.
func (g grant) tells(oneOf ...string) bool {
	return slices.ContainsFunc(oneOf, func(name string) bool {
		return slices.Contains(g.texts, Scope(name)) || slices.Contains(g.texts, Scope("https://www.googleapis.com/auth/userinfo."+name))
	})
}

// subject is the number of an account.
func (u User) subject() string {
	sum := sha256.Sum256([]byte(u.Email))
	return "1" + strconv.FormatUint(binary.BigEndian.Uint64(sum[:])%1e18+1e18, 10)
}

// serveUserInfo tells who the user is, as far as that was granted.
func (s *Server) serveUserInfo(w http.ResponseWriter, r *http.Request) {
	granted, err := s.authorized(r)
	if err == nil && !granted.tells("openid", "email", "profile") {
		err = errForbidden("Request had insufficient authentication scopes.")
	}
	if err != nil {
		s.writeError(w, r, false, err)
		return
	}
	s.mu.Lock()
	u := granted.account.user
	s.mu.Unlock()
	id, verified := "sub", "email_verified"
	if strings.HasPrefix(r.URL.Path, "/oauth2/v2/") {
		id, verified = "id", "verified_email"
	}
	info := map[string]any{id: u.subject()}
	if granted.tells("email") {
		info["email"], info[verified] = u.Email, true
	}
	if granted.tells("profile") {
		info["name"] = u.Name
	}
	sendPrivate(w, http.StatusOK, encode(r, info))
}

// serveDiscovery tells clients that ask where the endpoints are: at the address by
// which they reached this one, or at the service's own names.
func (s *Server) serveDiscovery(w http.ResponseWriter, r *http.Request) {
	accounts, tokens, others := originOf(r), originOf(r), originOf(r)
	if _, byServiceName := serviceHost(r); byServiceName {
		accounts, tokens, others = "https://"+accountsHost, "https://"+tokenHost, "https://"+wwwHost
	}
	sendPrivate(w, http.StatusOK, encode(r, map[string]any{
		"issuer":                                accounts,
		"authorization_endpoint":                accounts + authPath,
		"token_endpoint":                        tokens + "/token",
		"revocation_endpoint":                   tokens + "/revoke",
		"userinfo_endpoint":                     others + "/oauth2/v3/userinfo",
		"response_types_supported":              []string{"code"},
		"grant_types_supported":                 []string{"authorization_code", "refresh_token"},
		"code_challenge_methods_supported":      []string{"plain", "S256"},
		"token_endpoint_auth_methods_supported": []string{"client_secret_post", "client_secret_basic"},
	}))
}
