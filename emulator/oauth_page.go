package emulator

import (
	"crypto/sha256"
	"net/http"
	"net/netip"
	"net/url"
	"slices"
	"strings"
	"time"

	"github.com/albumwright/albumwright/emulator/internal/signin"
)

// code is what an app gets by way of the user's browser. Server.mu guards it.
type code struct {
	authRequest
	granted []Scope
	user    string // the key of the account
	until   time.Time
	consent string // the id of what it was exchanged for; "" = not yet
}

// serveAuth shows the page that asks a user, and takes the answer.
func (s *Server) serveAuth(w http.ResponseWriter, r *http.Request) {
	switch r.Method {
	case http.MethodGet, http.MethodHead:
		s.askUser(w, r)
	case http.MethodPost:
		s.takeAnswer(w, r)
	default:
		w.Header().Set("Allow", "GET, HEAD, POST")
		refuseSignIn(w, &oauthError{http.StatusMethodNotAllowed, "invalid_request", "The page is opened with GET."})
	}
}

func refuseSignIn(w http.ResponseWriter, err *oauthError) {
	signin.Refuse(w, err.http, err.code, err.text)
}

// askUser shows the page; a request that wants none is answered at once.
func (s *Server) askUser(w http.ResponseWriter, r *http.Request) {
	req, err := s.readAuth(r.URL.RawQuery)
	switch {
	case err != nil:
		refuseSignIn(w, err)
		return
	case req.Silent:
		answerApp(w, r, req, url.Values{"error": {"interaction_required"}})
		return
	case !fromThisMachine(r):
		refuseSignIn(w, errFarAway())
		return
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	page := signin.Page{App: s.projectNamed(req.ClientID).client.Name, Action: authPath, Sealed: s.seal(req), Redirect: req.Redirect}
	for _, scope := range req.Scopes {
		page.Scopes = append(page.Scopes, signin.Scope{Value: string(scope), Words: scope.words()})
	}
	hinted := s.accountNamed(req.Hint)
	for i, a := range s.accounts {
		page.Accounts = append(page.Accounts, signin.Account{
			Name: a.user.Name, Email: a.user.Email, Chosen: a == hinted || hinted == nil && i == 0,
		})
	}
	signin.Ask(w, page)
}

// takeAnswer sends the user back to the app, with a code or without.
func (s *Server) takeAnswer(w http.ResponseWriter, r *http.Request) {
	req, err := s.readAnswer(w, r)
	if err != nil {
		refuseSignIn(w, err)
		return
	}
	switch r.PostForm.Get("answer") {
	case "deny":
		answerApp(w, r, req, url.Values{"error": {"access_denied"}})
	case "allow":
		s.allow(w, r, req)
	default:
		refuseSignIn(w, badOAuth("invalid_request", "The form was sent without a button. Go back and choose Allow or Cancel."))
	}
}

// readAnswer takes a form that only a page of this server can have sent, in a
// browser on this machine.
func (s *Server) readAnswer(w http.ResponseWriter, r *http.Request) (req authRequest, err *oauthError) {
	switch {
	case s.foreignOrigin.Check(r) != nil:
		return req, &oauthError{http.StatusForbidden, "invalid_request", "A page of another origin cannot answer for the user."}
	case !fromThisMachine(r):
		return req, errFarAway()
	}
	r.Body = http.MaxBytesReader(w, r.Body, maxAuthForm)
	if err := r.ParseForm(); err != nil {
		return req, badOAuth("invalid_request", "The form could not be read: "+err.Error())
	}
	if err := parametersAreSingle(r.PostForm, "request", "answer", "account"); err != nil {
		return req, err
	}
	req, ok := s.unseal(r.PostForm.Get("request"))
	if !ok {
		return req, badOAuth("invalid_request", "This page was open for too long, or is not of this server's making. Go back to the app and begin again.")
	}
	return req, nil
}

// allow gives the app a code for what was ticked. Nothing ticked is a denial.
func (s *Server) allow(w http.ResponseWriter, r *http.Request, req authRequest) {
	granted := slices.DeleteFunc(slices.Clone(req.Scopes), func(scope Scope) bool {
		return !slices.Contains(r.PostForm["scope"], string(scope))
	})
	if len(granted) == 0 {
		answerApp(w, r, req, url.Values{"error": {"access_denied"}})
		return
	}
	of, err := s.For(r.PostForm.Get("account"), req.ClientID)
	if err != nil || r.PostForm.Get("account") == "" {
		refuseSignIn(w, badOAuth("invalid_request", "There is no such account. Go back to the app and begin again."))
		return
	}
	text := s.newCode(&code{authRequest: req, granted: granted, user: of.account.key, until: s.now().Add(codeLife)})
	answerApp(w, r, req, url.Values{"code": {text}, "scope": {joinScopes(granted)}})
}

// newCode keeps a code, and forgets those that are too old.
func (s *Server) newCode(c *code) string {
	text := "4/0A" + randomText(69)
	s.mu.Lock()
	defer s.mu.Unlock()
	now := s.now()
	for hash, old := range s.consents.codes {
		if !now.Before(old.until) {
			delete(s.consents.codes, hash)
		}
	}
	s.consents.codes[sha256.Sum256([]byte(text))] = c
	return text
}

// answerApp sends the browser to the app's own port, with the state that the app
// gave.
func answerApp(w http.ResponseWriter, r *http.Request, req authRequest, answer url.Values) {
	to, err := url.Parse(req.Redirect)
	if err != nil {
		panic(err) // redirectIsLoopback has parsed it
	}
	query := to.Query()
	for name, values := range answer {
		query[name] = values
	}
	query.Set("state", req.State)
	to.RawQuery = query.Encode()
	signin.SecureHeaders(w.Header(), "")
	http.Redirect(w, r, to.String(), http.StatusSeeOther)
}

func joinScopes(scopes []Scope) string {
	all := make([]string, len(scopes))
	for i, scope := range scopes {
		all[i] = string(scope)
	}
	return strings.Join(all, " ")
}

// fromThisMachine: whoever can answer a sign-in page has the library, so it is
// this machine's users only, as with the gallery's forms.
func fromThisMachine(r *http.Request) bool {
	from, err := netip.ParseAddrPort(r.RemoteAddr)
	return err == nil && from.Addr().Unmap().IsLoopback()
}

func errFarAway() *oauthError {
	return &oauthError{http.StatusForbidden, "access_denied", "Sign in on the machine that the emulator runs on. For others the control path makes access tokens."}
}
