package emulator

import (
	"net/http"
	"net/netip"
	"net/url"
	"strings"
	"time"

	"github.com/albumwright/albumwright/emulator/internal/signin"
)

// Sign-in is OAuth 2.0 for installed apps, as the service has it (contract 9):
//
//	the app opens   GET  /o/oauth2/v2/auth    a page: which account, which scopes
//	the user sends  POST /o/oauth2/v2/auth    back to the app's own port, with a code
//	the app sends   POST /token               the code, for an access and a refresh token
//	                POST /token               an hour later: the refresh token, for another access token
//
// All paths are the service's own, whatever the host: there they are spread over
// accounts.google.com, oauth2.googleapis.com and www.googleapis.com.

// Lives of what is handed out (contract 1, 9).
const (
	accessLife         = time.Hour
	codeLife           = 10 * time.Minute
	pageLife           = time.Hour          // of a sign-in page that is open
	refreshLifeTesting = 7 * 24 * time.Hour // of a client in testing
	refreshUnusedMonth = 6                  // months without an access token
	maxRefreshTokens   = 100                // of one user for one client
)

// Sizes of requests, in bytes.
const (
	maxAuthQuery = 16 << 10
	maxAuthForm  = 64 << 10 // a page's own parameters, sealed, and its boxes
)

const authPath = "/o/oauth2/v2/auth"

// signInPaths are the endpoints by their path. Read only.
var signInPaths = map[string]func(*Server, http.ResponseWriter, *http.Request){
	authPath:                            (*Server).serveAuth,
	"/o/oauth2/auth":                    (*Server).serveAuth,
	signin.StylePath:                    func(_ *Server, w http.ResponseWriter, r *http.Request) { signin.Style(w, r) },
	"/token":                            (*Server).serveToken,
	"/oauth2/v3/token":                  (*Server).serveToken,
	"/oauth2/v4/token":                  (*Server).serveToken,
	"/o/oauth2/token":                   (*Server).serveToken,
	"/revoke":                           (*Server).serveRevoke,
	"/o/oauth2/revoke":                  (*Server).serveRevoke,
	"/tokeninfo":                        (*Server).serveTokenInfo,
	"/oauth2/v3/tokeninfo":              (*Server).serveTokenInfo,
	"/oauth2/v2/userinfo":               (*Server).serveUserInfo,
	"/oauth2/v3/userinfo":               (*Server).serveUserInfo,
	"/v1/userinfo":                      (*Server).serveUserInfo,
	"/.well-known/openid-configuration": (*Server).serveDiscovery,
}

func isSignIn(r *http.Request) bool { return signInPaths[r.URL.Path] != nil }

func (s *Server) serveSignIn(w http.ResponseWriter, r *http.Request) {
	if s.isClosed() {
		http.Error(w, "the emulator is closed", http.StatusServiceUnavailable)
		return
	}
	signInPaths[r.URL.Path](s, w, r)
}

// oauthError is a refusal in the words of OAuth 2.0: its code is one of the
// protocol's, its text the service's.
type oauthError struct {
	http int
	code string
	text string
}

func badOAuth(code, text string) *oauthError { return &oauthError{http.StatusBadRequest, code, text} }

func missingParameter(name string) *oauthError {
	return badOAuth("invalid_request", "Missing required parameter: "+name)
}

// parametersAreSingle: OAuth parameters cannot be repeated (RFC 6749, 3.1 and 3.2).
// Those of other origin can.
func parametersAreSingle(given url.Values, names ...string) *oauthError {
	for _, name := range names {
		if len(given[name]) > 1 {
			return badOAuth("invalid_request", "OAuth 2 parameters can only have a single value: "+name)
		}
	}
	return nil
}

// redirectIsLoopback: an installed app gets its code on the user's own machine,
// at any port and path, and nowhere else (contract 9). The page is shown, and
// nobody is redirected.
func redirectIsLoopback(redirect string) *oauthError {
	if redirect == "" {
		return missingParameter("redirect_uri")
	}
	u, err := url.Parse(redirect)
	if err != nil || u.Scheme != "http" || u.User != nil || u.Fragment != "" || u.Opaque != "" || !isLoopbackHost(u.Hostname()) || !portIsNumber(u) {
		return badOAuth("redirect_uri_mismatch", "The redirect_uri must lead to the machine of the user: "+
			"http://127.0.0.1:PORT, http://[::1]:PORT or http://localhost:PORT, with any path and without a fragment. To copy and paste a code is no longer possible.")
	}
	return nil
}

func isLoopbackHost(host string) bool {
	return host == "127.0.0.1" || host == "::1" || host == "localhost"
}

func portIsNumber(u *url.URL) bool {
	if u.Port() == "" {
		return !strings.HasSuffix(u.Host, ":")
	}
	_, err := netip.ParseAddrPort("127.0.0.1:" + u.Port())
	return err == nil
}
