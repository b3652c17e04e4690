package emulator

import (
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"time"
)

// authRequest is what an app asks a user for. A page carries it, sealed, so that
// nothing is remembered of pages that nobody answers.
type authRequest struct {
	ClientID  string    `json:"client"`
	Redirect  string    `json:"redirect"`
	State     string    `json:"state"`
	Scopes    []Scope   `json:"scopes"`
	Challenge string    `json:"challenge,omitempty"` // of PKCE; "" = none
	Method    string    `json:"method,omitempty"`
	Online    bool      `json:"online,omitempty"`  // no refresh token is wanted
	Consent   bool      `json:"consent,omitempty"` // as if for the first time
	Silent    bool      `json:"-"`                 // no page may be shown
	Hint      string    `json:"-"`                 // the account that is meant
	Until     time.Time `json:"until"`
}

// authParameters are those that bind. Others may be there and are not read. Read
// only.
var authParameters = []string{
	"client_id", "redirect_uri", "response_type", "scope", "state", "code_challenge", "code_challenge_method",
	"access_type", "prompt", "approval_prompt", "login_hint",
}

// readAuth reads the request of an app, rule by rule; which is the first that is
// broken, the page tells. It never leads to a redirect, since until the last one
// nobody knows whose request it is.
func (s *Server) readAuth(rawQuery string) (req authRequest, err *oauthError) {
	given, err := readAuthQuery(rawQuery)
	if err != nil {
		return req, err
	}
	req = authRequest{
		ClientID: given.Get("client_id"), Redirect: given.Get("redirect_uri"), State: given.Get("state"),
		Challenge: given.Get("code_challenge"), Method: given.Get("code_challenge_method"), Hint: given.Get("login_hint"),
		Until: s.now().Add(pageLife),
	}
	for _, rule := range []func() *oauthError{
		func() *oauthError { return s.clientIsKnown(req.ClientID) },
		func() *oauthError { return redirectIsLoopback(req.Redirect) },
		func() *oauthError { return responseIsCode(given.Get("response_type")) },
		func() *oauthError { return stateIsGiven(req.State) },
		func() *oauthError { return req.scopesAreKnown(given.Get("scope")) },
		func() *oauthError { return req.challengeIsSound() },
		func() *oauthError { return req.accessTypeIsKnown(given.Get("access_type")) },
		func() *oauthError { return req.promptIsKnown(given.Get("prompt"), given.Get("approval_prompt")) },
	} {
		if err := rule(); err != nil {
			return req, err
		}
	}
	return req, nil
}

func readAuthQuery(raw string) (url.Values, *oauthError) {
	if len(raw) > maxAuthQuery {
		return nil, &oauthError{http.StatusRequestURITooLong, "invalid_request", "The parameters are longer than 16 KiB."}
	}
	given, err := url.ParseQuery(raw)
	if err != nil {
		return nil, badOAuth("invalid_request", "The parameters cannot be read: "+err.Error())
	}
	return given, parametersAreSingle(given, authParameters...)
}

func (s *Server) clientIsKnown(id string) *oauthError {
	if id == "" {
		return missingParameter("client_id")
	}
	if _, err := s.For("", id); err != nil {
		return errUnknownClient()
	}
	return nil
}

func errUnknownClient() *oauthError {
	return &oauthError{http.StatusUnauthorized, "invalid_client", "The OAuth client was not found."}
}

func responseIsCode(kind string) *oauthError {
	switch kind {
	case "code":
		return nil
	case "":
		return missingParameter("response_type")
	}
	return badOAuth("unsupported_response_type", "Invalid response_type: an installed app asks for \"code\".")
}

// stateIsGiven: without a state an app cannot know whose answer it gets. The
// service only recommends it; that it is required here is a choice.
func stateIsGiven(state string) *oauthError {
	if state == "" {
		return badOAuth("invalid_request", "Missing required parameter: state. It is a random text that the app makes up for this sign-in and compares when the user comes back.")
	}
	return nil
}

// identityScopes are those of who the user is, not of photos. Read only.
var identityScopes = map[Scope]string{
	"openid": "See who you are", "email": "See your e-mail address", "profile": "See your name",
	"https://www.googleapis.com/auth/userinfo.email":   "See your e-mail address",
	"https://www.googleapis.com/auth/userinfo.profile": "See your name",
}

// scopeWords are scopes as the page words them. Read only.
var scopeWords = map[Scope]string{
	ScopeAppendOnly:     "Add photos, videos and albums to your library",
	ScopeReadAppCreated: "See the photos, videos and albums that it has added",
	ScopeEditAppCreated: "Change the photos, videos and albums that it has added",
	ScopeLibrary:        "See, add to and organize your whole library",
	ScopeReadOnly:       "See your whole library",
	ScopeSharing:        "Share the albums that it has added",
}

// words are a scope for people; "" = there is no such scope.
func (s Scope) words() string {
	if words, found := scopeWords[s]; found {
		return words
	}
	return identityScopes[s]
}

// scopesAreKnown takes the scopes, each once. Those that were removed can be
// granted and open nothing (contract 9).
func (req *authRequest) scopesAreKnown(list string) *oauthError {
	for text := range strings.FieldsSeq(list) {
		scope := Scope(text)
		if scope.words() == "" {
			return badOAuth("invalid_scope", "Some requested scopes were invalid: the emulator does not know "+quoted(text)+".")
		}
		if !slices.Contains(req.Scopes, scope) {
			req.Scopes = append(req.Scopes, scope)
		}
	}
	if len(req.Scopes) == 0 {
		return missingParameter("scope")
	}
	return nil
}

// quoted is a stranger's text, not too much of it.
func quoted(text string) string {
	if len(text) > 100 {
		text = strings.ToValidUTF8(text[:100], "") + "…"
	}
	return "\"" + text + "\""
}

// unreserved is what a challenge and a verifier are made of (RFC 7636, 4.1, 4.2).
// Read only.
var unreserved = regexp.MustCompile(`^[A-Za-z0-9._~-]{43,128}$`)

// challengeIsSound: PKCE can be left out, as the service lets one, and is checked
// when it is there; without a method it is "plain" (RFC 7636, 4.3).
func (req *authRequest) challengeIsSound() *oauthError {
	switch {
	case req.Challenge == "" && req.Method == "":
		return nil
	case req.Challenge == "":
		return missingParameter("code_challenge")
	case req.Method == "":
		req.Method = "plain"
	case req.Method != "plain" && req.Method != "S256":
		return badOAuth("invalid_request", "Invalid code_challenge_method: it must be S256 or plain.")
	}
	if !unreserved.MatchString(req.Challenge) {
		return badOAuth("invalid_request", "Invalid code_challenge: it must have 43 to 128 characters of A-Z a-z 0-9 - . _ ~.")
	}
	return nil
}

// verifierFits: RFC 7636, 4.6, in the words of the service.
func verifierFits(req authRequest, verifier string) *oauthError {
	if req.Challenge == "" {
		if verifier != "" {
			return badOAuth("invalid_grant", "code_verifier or verifier is not needed.")
		}
		return nil
	}
	if verifier == "" {
		return badOAuth("invalid_grant", "Missing code verifier.")
	}
	shown := verifier
	if req.Method == "S256" {
		sum := sha256.Sum256([]byte(verifier))
		shown = base64.RawURLEncoding.EncodeToString(sum[:])
	}
	if !unreserved.MatchString(verifier) || !sameSecret(shown, req.Challenge) {
		return badOAuth("invalid_grant", "Invalid code verifier.")
	}
	return nil
}

func (req *authRequest) accessTypeIsKnown(kind string) *oauthError {
	if kind != "" && kind != "online" && kind != "offline" {
		return badOAuth("invalid_request", "Invalid access_type: it must be online or offline.")
	}
	req.Online = kind == "online"
	return nil
}

// promptIsKnown takes when the page is wanted; approval_prompt is its older name.
func (req *authRequest) promptIsKnown(list, older string) *oauthError {
	if older != "" && older != "auto" && older != "force" || older != "" && list != "" {
		return badOAuth("invalid_request", "Invalid approval_prompt: it must be auto or force, and cannot stand beside prompt.")
	}
	req.Consent = older == "force"
	words := strings.Fields(list)
	for _, word := range words {
		switch word {
		case "consent":
			req.Consent = true
		case "select_account":
		case "none":
			req.Silent = true
		default:
			return badOAuth("invalid_request", "Invalid prompt: it must be none, consent or select_account.")
		}
	}
	if req.Silent && len(words) > 1 {
		return badOAuth("invalid_request", "Invalid prompt: none stands alone.")
	}
	return nil
}

// seal makes a text of a request that only this server can have made.
func (s *Server) seal(req authRequest) string {
	raw, err := json.Marshal(req)
	if err != nil {
		panic(err) // the type is ours: it marshals
	}
	return base64.RawURLEncoding.EncodeToString(s.requests.Seal(nil, nil, raw, nil))
}

// unseal reads it back; false if it is none, or the page was open too long.
func (s *Server) unseal(text string) (req authRequest, ok bool) {
	sealed, err := base64.RawURLEncoding.Strict().DecodeString(text)
	if err != nil {
		return req, false
	}
	raw, err := s.requests.Open(nil, nil, sealed, nil)
	if err != nil || json.Unmarshal(raw, &req) != nil {
		return req, false
	}
	return req, s.now().Before(req.Until)
}
