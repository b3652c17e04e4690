// Package signin is the emulator's sign-in page: an app asks, and the user chooses
// an account, ticks what the app may do, and allows or cancels.
//
// Pages are rendered on the server, work without script, load nothing but their
// own style sheet and can be shown in no frame. They know nothing of OAuth: the
// caller has checked what an app asks, and checks what the user answers.
package signin

import (
	"bytes"
	"embed"
	"html/template"
	"net/http"
	"net/url"
	"strings"
)

// StylePath is where the caller serves [Style].
const StylePath = "/o/oauth2/signin.css"

//go:embed page.html signin.css
var files embed.FS

// pages is read only.
var pages = template.Must(template.ParseFS(files, "page.html"))

// Page is what a user is asked.
type Page struct {
	App      string // the name of the app that asks
	Accounts []Account
	Scopes   []Scope
	Action   string // where the form goes
	Sealed   string // of the form's field "request", for the caller alone
	Redirect string // where the app waits for the answer
}

// Account is one of those to choose from: field "account", by Email.
type Account struct {
	Name, Email string
	Chosen      bool
}

// Initial stands in the place of a picture.
func (a Account) Initial() string {
	for _, r := range a.Name {
		return strings.ToUpper(string(r))
	}
	return "?"
}

// Scope is a box to tick: field "scope", by Value.
type Scope struct{ Value, Words string }

// Short is the scope without what all of them begin with.
func (s Scope) Short() string { return strings.TrimPrefix(s.Value, "https://www.googleapis.com/auth/") }

// Ask shows the page. Its form has the fields request, account, scope and answer,
// which is "allow" or "deny".
func Ask(w http.ResponseWriter, p Page) {
	render(w, http.StatusOK, "ask", p, formTarget(p.Redirect))
}

// Refuse shows why nobody is asked: an error of OAuth, and what it means.
func Refuse(w http.ResponseWriter, status int, code, text string) {
	render(w, status, "refuse", struct {
		Status     int
		Code, Text string
	}{status, code, text}, "")
}

func render(w http.ResponseWriter, status int, page string, data any, target string) {
	var b bytes.Buffer
	if err := pages.ExecuteTemplate(&b, page, data); err != nil {
		http.Error(w, "the page could not be rendered: "+err.Error(), http.StatusInternalServerError)
		return
	}
	SecureHeaders(w.Header(), target)
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	w.WriteHeader(status)
	_, _ = b.WriteTo(w) // a browser that left sees nothing
}

// SecureHeaders let nothing in that is not the page's own, and no other page show
// it. target is where its form may lead, beside this server.
func SecureHeaders(h http.Header, target string) {
	h.Set("Content-Security-Policy", strings.TrimSpace("default-src 'none'; style-src 'self'; base-uri 'none'; frame-ancestors 'none'; form-action 'self' "+target))
	h.Set("X-Frame-Options", "DENY")
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("Referrer-Policy", "no-referrer")
	h.Set("Cross-Origin-Opener-Policy", "same-origin")
	h.Set("Cross-Origin-Resource-Policy", "same-origin")
	h.Set("Cache-Control", "no-store")
}

// formTarget allows the form's answer to lead to the app. A policy has no words for
// an IPv6 address, so there it allows the scheme.
func formTarget(redirect string) string {
	u, err := url.Parse(redirect)
	if err != nil || strings.Contains(u.Hostname(), ":") {
		return "http:"
	}
	return "http://" + u.Host
}

// Style is the style sheet of the pages.
func Style(w http.ResponseWriter, r *http.Request) {
	w.Header().Set("X-Content-Type-Options", "nosniff")
	w.Header().Set("Cache-Control", "max-age=600")
	http.ServeFileFS(w, r, files, "signin.css")
}
