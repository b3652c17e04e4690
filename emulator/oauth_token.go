package emulator

import (
	"crypto/sha256"
	"crypto/subtle"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"
)

// tokenWire is the reply of the token endpoint (RFC 6749, 5.1).
type tokenWire struct {
	AccessToken      string `json:"access_token"`
	ExpiresIn        int    `json:"expires_in"` // seconds
	RefreshToken     string `json:"refresh_token,omitempty"`
	RefreshExpiresIn int    `json:"refresh_token_expires_in,omitempty"`
	Scope            string `json:"scope"`
	TokenType        string `json:"token_type"`
}

// oauthErrorWire is a refusal (RFC 6749, 5.2).
type oauthErrorWire struct {
	Error       string `json:"error"`
	Description string `json:"error_description"`
}

func writeOAuth(w http.ResponseWriter, r *http.Request, body any, err *oauthError) {
	w.Header().Set("Pragma", "no-cache")
	status := http.StatusOK
	if err != nil {
		status, body = err.http, oauthErrorWire{err.code, err.text}
		if status == http.StatusUnauthorized {
			w.Header().Set("WWW-Authenticate", `Basic realm="https://accounts.google.com/"`)
		}
	}
	sendPrivate(w, status, encode(r, body))
}

// sendPrivate sends JSON that nobody may keep.
func sendPrivate(w http.ResponseWriter, status int, body []byte) {
	send(noStore{w}, status, jsonText, body)
}

// noStore overrides what answers of the API allow.
type noStore struct{ http.ResponseWriter }

// WriteHeader implements http.ResponseWriter.
func (w noStore) WriteHeader(status int) {
	w.Header().Set("Cache-Control", "no-store")
	w.ResponseWriter.WriteHeader(status)
}

// serveToken is the token endpoint.
func (s *Server) serveToken(w http.ResponseWriter, r *http.Request) {
	form, err := readTokenForm(w, r)
	if err != nil {
		writeOAuth(w, r, nil, err)
		return
	}
	answer, err := s.token(r, form)
	writeOAuth(w, r, answer, err)
}

func readTokenForm(w http.ResponseWriter, r *http.Request) (url.Values, *oauthError) {
	if r.Method != http.MethodPost {
		w.Header().Set("Allow", "POST")
		return nil, &oauthError{http.StatusMethodNotAllowed, "invalid_request", "The token endpoint takes POST."}
	}
	r.Body = http.MaxBytesReader(w, r.Body, maxAuthForm)
	if err := r.ParseForm(); err != nil {
		return nil, badOAuth("invalid_request", "The form could not be read: it must be application/x-www-form-urlencoded, of at most 64 KiB.")
	}
	return r.PostForm, parametersAreSingle(r.PostForm,
		"grant_type", "code", "redirect_uri", "client_id", "client_secret", "code_verifier", "refresh_token", "scope")
}

func (s *Server) token(r *http.Request, form url.Values) (answer tokenWire, err *oauthError) {
	project, err := s.clientIsWho(r, form)
	if err != nil {
		return answer, err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	switch kind := form.Get("grant_type"); kind {
	case "authorization_code":
		return s.exchange(project, form)
	case "refresh_token":
		return s.refresh(project, form)
	case "":
		return answer, missingParameter("grant_type")
	default:
		return answer, badOAuth("unsupported_grant_type", "Invalid grant_type: "+quoted(kind))
	}
}

// clientIsWho: a client names itself and its secret, in the form or in a Basic
// header. An installed app's secret is wanted too, though it is none.
func (s *Server) clientIsWho(r *http.Request, form url.Values) (*project, *oauthError) {
	id, secret := form.Get("client_id"), form.Get("client_secret")
	if name, password, basic := r.BasicAuth(); basic {
		id, secret = unescaped(name), unescaped(password) // RFC 6749, 2.3.1
	}
	if id == "" {
		return nil, badOAuth("invalid_request", "Could not determine client ID from request.")
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	known := s.projectNamed(id)
	switch {
	case known == nil:
		return nil, errUnknownClient()
	case secret == "":
		return nil, badOAuth("invalid_request", "client_secret is missing.")
	case !sameSecret(secret, known.client.Secret):
		return nil, &oauthError{http.StatusUnauthorized, "invalid_client", "The provided client secret is invalid."}
	}
	return known, nil
}

func unescaped(text string) string {
	if plain, err := url.QueryUnescape(text); err == nil {
		return plain
	}
	return text
}

// sameSecret compares hashes: the time that it takes tells nothing.
func sameSecret(a, b string) bool {
	x, y := sha256.Sum256([]byte(a)), sha256.Sum256([]byte(b))
	return subtle.ConstantTimeCompare(x[:], y[:]) == 1
}

// exchange gives tokens for a code. s.mu is held.
func (s *Server) exchange(p *project, form url.Values) (tokenWire, *oauthError) {
	text := form.Get("code")
	if text == "" {
		return tokenWire{}, missingParameter("code")
	}
	c := s.consents.codes[sha256.Sum256([]byte(text))]
	for _, rule := range []func() *oauthError{
		func() *oauthError { return s.codeIsGood(c, p) },
		func() *oauthError { return s.codeIsUnused(c) },
		func() *oauthError { return redirectIsTheSame(c, form.Get("redirect_uri")) },
		func() *oauthError { return verifierFits(c.authRequest, form.Get("code_verifier")) },
	} {
		if err := rule(); err != nil {
			return tokenWire{}, err
		}
	}
	of := s.byKeys(c.user, p.key)
	given := &consentGiven{ID: randomText(22), Client: p.key, Scopes: c.granted, Given: s.now()}
	refresh, changes := "", of.tooManyRefreshTokens()
	if of.refreshTokenIsDue(c.authRequest) {
		refresh = "1//0" + randomText(99)
		hash := contentHash(sha256.Sum256([]byte(refresh)))
		given.Refresh = &hash
	}
	answer, err := of.issueAccess(given, c.granted, append(changes, change{Consent: given})...)
	if err != nil {
		return answer, err
	}
	c.consent, answer.RefreshToken = given.ID, refresh
	if refresh != "" && p.client.Testing {
		answer.RefreshExpiresIn = int(refreshLifeTesting/time.Second) - 1
	}
	return answer, nil
}

// codeIsGood: a code is the client's that asked for it, and lives for ten minutes.
// s.mu is held.
func (s *Server) codeIsGood(c *code, p *project) *oauthError {
	switch {
	case c == nil:
		return badOAuth("invalid_grant", "Malformed auth code.")
	case c.ClientID != p.client.ID || !s.now().Before(c.until):
		return badOAuth("invalid_grant", "Bad Request")
	}
	return nil
}

// codeIsUnused: a code that comes a second time was stolen the first time or now, so
// that what it was exchanged for ends (RFC 6749, 4.1.2). s.mu is held.
func (s *Server) codeIsUnused(c *code) *oauthError {
	if c.consent == "" {
		return nil
	}
	if err := s.withdraw(c.consent); err != nil {
		return err
	}
	return badOAuth("invalid_grant", "Bad Request")
}

// redirectIsTheSame: a code is bound to where it was sent (RFC 6749, 4.1.3).
func redirectIsTheSame(c *code, redirect string) *oauthError {
	if redirect == "" {
		return missingParameter("redirect_uri")
	}
	if redirect != c.Redirect {
		return badOAuth("redirect_uri_mismatch", "Bad Request")
	}
	return nil
}

// refreshTokenIsDue: the first sign-in of a user with a client gives a refresh
// token; a later one does not while that one lives, unless the app wants the
// user's consent anew. s.mu is held.
func (s *Server) refreshTokenIsDue(req authRequest) bool {
	return !req.Online && (req.Consent || len(s.livingRefreshTokens()) == 0)
}

// livingRefreshTokens are the consents of the user to the client that have one,
// oldest first. s.mu is held.
func (s *Server) livingRefreshTokens() (living []*consent) {
	for _, given := range s.consents.all {
		if given.account == s.account && given.project == s.project && given.Refresh != nil && s.refreshTokenLives(given) {
			living = append(living, given)
		}
	}
	slices.SortFunc(living, func(a, b *consent) int { return a.Given.Compare(b.Given) })
	return living
}

// refreshTokenLives: seven days if the client is in testing, else until it was not
// used for six months (contract 9). s.mu is held.
func (s *Server) refreshTokenLives(given *consent) bool {
	now := s.now()
	if given.project.client.Testing && !now.Before(given.Given.Add(refreshLifeTesting)) {
		return false
	}
	return now.Before(given.used.AddDate(0, refreshUnusedMonth, 0))
}

// tooManyRefreshTokens: the hundred and first ends the oldest, silently (contract
// 9). s.mu is held.
func (s *Server) tooManyRefreshTokens() []change {
	living := s.livingRefreshTokens()
	if len(living) < maxRefreshTokens {
		return nil
	}
	return []change{{Revoked: &consentWithdrawn{living[0].ID}}}
}

// issueAccess commits changes with one more access token of a consent, which may do
// what some of its scopes allow. s.mu is held.
func (s *Server) issueAccess(given *consentGiven, scopes []Scope, changes ...change) (tokenWire, *oauthError) {
	text, now := newAccessToken(), s.now()
	issued := &accessIssued{
		Hash: sha256.Sum256([]byte(text)), Consent: given.ID, Scopes: scopes, Issued: now, Until: now.Add(accessLife),
	}
	if err := s.commit(append(changes, change{Access: issued})...); err != nil {
		return tokenWire{}, errOAuthInternal(err)
	}
	return tokenWire{
		AccessToken: text, ExpiresIn: int(accessLife/time.Second) - 1, Scope: joinScopes(scopes), TokenType: "Bearer",
	}, nil
}

// refresh gives an access token for a refresh token. s.mu is held.
func (s *Server) refresh(p *project, form url.Values) (tokenWire, *oauthError) {
	text := form.Get("refresh_token")
	if text == "" {
		return tokenWire{}, missingParameter("refresh_token")
	}
	given := s.consents.refresh[sha256.Sum256([]byte(text))]
	switch {
	case given == nil || !s.refreshTokenLives(given):
		return tokenWire{}, badOAuth("invalid_grant", "Token has been expired or revoked.")
	case given.project != p:
		return tokenWire{}, &oauthError{http.StatusUnauthorized, "unauthorized_client", "Unauthorized"}
	}
	scopes, err := fewerScopes(given.Scopes, form.Get("scope"))
	if err != nil {
		return tokenWire{}, err
	}
	return (&Server{s.service, given.account, p}).issueAccess(&given.consentGiven, scopes)
}

// fewerScopes: an access token can be asked for with less than was granted (RFC
// 6749, 6).
func fewerScopes(granted []Scope, list string) ([]Scope, *oauthError) {
	var fewer []Scope
	for text := range strings.FieldsSeq(list) {
		if !slices.Contains(granted, Scope(text)) {
			return nil, badOAuth("invalid_scope", "Some requested scopes were not granted: "+quoted(text))
		}
		fewer = append(fewer, Scope(text))
	}
	if fewer == nil {
		return granted, nil
	}
	return fewer, nil
}

func errOAuthInternal(err *apiError) *oauthError {
	return &oauthError{http.StatusInternalServerError, "server_error", err.message}
}
