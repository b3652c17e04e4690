package emulator_test

import (
	"context"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"golang.org/x/oauth2"

	"github.com/albumwright/albumwright/emulator"
)

// What is wrong with what an app asks is told on a page. Nobody is redirected: the
// address may be a stranger's.
func TestSignInRequestsThatAreRefused(t *testing.T) {
	mb := strings.Repeat("x", 1<<20)
	tests := map[string]struct {
		change func(url.Values)
		status int
		code   string
		says   string
	}{
		"no client":              {func(q url.Values) { q.Del("client_id") }, 400, "invalid_request", "Missing required parameter: client_id"},
		"unknown client":         {func(q url.Values) { q.Set("client_id", "someone") }, 401, "invalid_client", "The OAuth client was not found."},
		"no redirect":            {func(q url.Values) { q.Del("redirect_uri") }, 400, "invalid_request", "redirect_uri"},
		"no response type":       {func(q url.Values) { q.Del("response_type") }, 400, "invalid_request", "response_type"},
		"unknown response type":  {func(q url.Values) { q.Set("response_type", "token") }, 400, "unsupported_response_type", "response_type"},
		"no state":               {func(q url.Values) { q.Del("state") }, 400, "invalid_request", "Missing required parameter: state"},
		"empty state":            {func(q url.Values) { q.Set("state", "") }, 400, "invalid_request", "Missing required parameter: state"},
		"no scope":               {func(q url.Values) { q.Set("scope", " ") }, 400, "invalid_request", "Missing required parameter: scope"},
		"unknown scope":          {func(q url.Values) { q.Set("scope", readOwn+" https://www.googleapis.com/auth/drive") }, 400, "invalid_scope", "auth/drive"},
		"unknown challenge":      {func(q url.Values) { q.Set("code_challenge_method", "S512") }, 400, "invalid_request", "code_challenge_method"},
		"method and nothing":     {func(q url.Values) { q.Del("code_challenge") }, 400, "invalid_request", "code_challenge"},
		"short challenge":        {func(q url.Values) { q.Set("code_challenge", "short") }, 400, "invalid_request", "code_challenge"},
		"unknown prompt":         {func(q url.Values) { q.Set("prompt", "login") }, 400, "invalid_request", "prompt"},
		"none and consent":       {func(q url.Values) { q.Set("prompt", "none consent") }, 400, "invalid_request", "prompt"},
		"unknown access type":    {func(q url.Values) { q.Set("access_type", "forever") }, 400, "invalid_request", "access_type"},
		"two states":             {func(q url.Values) { q.Add("state", "another") }, 400, "invalid_request", "single value: state"},
		"two redirects":          {func(q url.Values) { q.Add("redirect_uri", "http://evil.example/") }, 400, "invalid_request", "single value: redirect_uri"},
		"two clients":            {func(q url.Values) { q.Add("client_id", "b") }, 400, "invalid_request", "single value: client_id"},
		"a state of 1 MB":        {func(q url.Values) { q.Set("state", mb) }, 414, "invalid_request", "16 KiB"},
		"a foreign param of 1MB": {func(q url.Values) { q.Set("hl", mb) }, 414, "invalid_request", "16 KiB"},
	}
	for _, redirect := range []string{
		"https://127.0.0.1:9004/", "http://evil.example/", "http://127.0.0.1.evil.example:9004/", "http://127.0.0.1:9004@evil.example/",
		"http://evil.example:9004/127.0.0.1", "http://user@127.0.0.1:9004/", "http://127.0.0.2:9004/", "http://2130706433:9004/", "http://[::]:9004/",
		"http://0.0.0.0:9004/", "http://localhost.:9004/", "http://localhost:9004/#x", "//127.0.0.1:9004/", "127.0.0.1:9004", "http:127.0.0.1:9004",
		"http://127.0.0.1:99999/", "http://127.0.0.1:/", "http://127.0.0.1:9004\\@evil.example/", "http://127.0.0.1:9004/\r\nX-Evil: 1",
		"javascript:alert(1)", "urn:ietf:wg:oauth:2.0:oob", "com.example.app:/back",
	} {
		tests["redirect "+redirect] = struct {
			change func(url.Values)
			status int
			code   string
			says   string
		}{func(q url.Values) { q.Set("redirect_uri", redirect) }, 400, "redirect_uri_mismatch", "127.0.0.1:PORT"}
	}
	c := direct(t, emulator.Config{})
	a := c.app()
	for name, test := range tests {
		query := a.query()
		test.change(query)
		got := c.visit(http.MethodGet, "/o/oauth2/auth?"+query.Encode(), nil)
		page := string(got.body)
		if got.status != test.status || !strings.Contains(page, "<code>"+test.code+"</code>") || !strings.Contains(page, test.says) {
			t.Errorf("%s: %d %s", name, got.status, page)
		}
		if got.header.Get("Location") != "" || strings.Contains(page, "<form") {
			t.Errorf("%s: the user is led on", name)
		}
		wantClosedPage(t, name, got.header)
	}
}

// wantClosedPage: no frame, no script and nothing of others.
func wantClosedPage(t *testing.T, name string, h http.Header) {
	t.Helper()
	csp := h.Get("Content-Security-Policy")
	if !strings.HasPrefix(csp, "default-src 'none';") || !strings.Contains(csp, "frame-ancestors 'none'") || strings.Contains(csp, "unsafe") ||
		h.Get("X-Frame-Options") != "DENY" || h.Get("Cache-Control") != "no-store" || h.Get("Referrer-Policy") != "no-referrer" {
		t.Errorf("%s: headers %v", name, h)
	}
}

func TestRedirectsToTheUsersOwnMachine(t *testing.T) {
	c := direct(t, emulator.Config{})
	for _, redirect := range []string{
		"http://127.0.0.1:1/", "http://127.0.0.1:65535", "http://[::1]:9004/some/path", "http://localhost:9004/", "http://localhost", "http://127.0.0.1:9004/a%20b",
	} {
		a := c.app()
		a.RedirectURL = redirect
		if heard := a.send(a.page(a.query())); !strings.HasPrefix(heard.Get("code"), "4/0A") {
			t.Errorf("%s: the app hears %v", redirect, heard)
		}
	}
	a := c.app()
	a.RedirectURL = "http://127.0.0.1:9004/?own=1&state=mine"
	got := c.visit(http.MethodPost, "/o/oauth2/v2/auth", a.page(a.query()))
	back, _ := url.Parse(got.header.Get("Location"))
	if q := back.Query(); q.Get("own") != "1" || len(q["state"]) != 1 || q.Get("state") != "the state" {
		t.Errorf("sent to %v", q)
	}
}

func TestARequestThatWantsNoPageIsAnsweredAtOnce(t *testing.T) {
	c := direct(t, emulator.Config{})
	a := c.app()
	got := c.visit(http.MethodGet, "/o/oauth2/v2/auth?"+a.query(oauth2.SetAuthURLParam("prompt", "none")).Encode(), nil)
	got.wantStatus(t, http.StatusSeeOther)
	if to := got.header.Get("Location"); !strings.HasPrefix(to, a.RedirectURL+"?") || !strings.Contains(to, "error=interaction_required") {
		t.Errorf("sent to %s", to)
	}
}

func TestAnswersThatNoPageOfThisServerSent(t *testing.T) {
	c := direct(t, emulator.Config{})
	other := direct(t, emulator.Config{})
	a := c.app()
	for name, change := range map[string]func(url.Values){
		"no request":           func(f url.Values) { f.Del("request") },
		"a made-up request":    func(f url.Values) { f.Set("request", "AAAA") },
		"one that was altered": func(f url.Values) { f.Set("request", f.Get("request")[1:]+"A") },
		"of another server":    func(f url.Values) { f.Set("request", other.app().page(other.app().query()).Get("request")) },
		"two requests":         func(f url.Values) { f.Add("request", "x") },
		"two accounts":         func(f url.Values) { f.Add("account", "x") },
		"no account":           func(f url.Values) { f.Del("account") },
		"unknown account":      func(f url.Values) { f.Set("account", "x@example.com") },
		"no button":            func(f url.Values) { f.Del("answer") },
		"another button":       func(f url.Values) { f.Set("answer", "maybe") },
		"1 MB":                 func(f url.Values) { f.Set("more", strings.Repeat("x", 1<<20)) },
	} {
		form := a.page(a.query())
		change(form)
		got := c.visit(http.MethodPost, "/o/oauth2/v2/auth", form)
		if got.status != http.StatusBadRequest || got.header.Get("Location") != "" {
			t.Errorf("%s: %d, to %q", name, got.status, got.header.Get("Location"))
		}
	}
}

func TestNoOtherPageAndNoOtherMachineAnswersForTheUser(t *testing.T) {
	c := direct(t, emulator.Config{})
	a := c.app()
	form := a.page(a.query()).Encode()
	for name, change := range map[string]func(*http.Request){
		"another site":   func(r *http.Request) { r.Header.Set("Sec-Fetch-Site", "cross-site") },
		"another origin": func(r *http.Request) { r.Header.Set("Origin", "https://evil.example") },
	} {
		r, _ := http.NewRequestWithContext(t.Context(), http.MethodPost, c.base+"/o/oauth2/v2/auth", strings.NewReader(form))
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		change(r)
		if got := c.do(r); got.status != http.StatusForbidden {
			t.Errorf("%s: %d", name, got.status)
		}
	}
	for _, method := range []string{http.MethodGet, http.MethodPost} {
		r, _ := http.NewRequestWithContext(t.Context(), method, "/o/oauth2/v2/auth?"+a.query().Encode(), strings.NewReader(form))
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		r.RemoteAddr = "192.0.2.7:4711"
		w := recorder{header: http.Header{}}
		c.s.ServeHTTP(&w, r)
		if w.status != http.StatusForbidden {
			t.Errorf("%s from another machine: %d", method, w.status)
		}
	}
}

// recorder keeps the status of an answer.
type recorder struct {
	header http.Header
	status int
}

func (w *recorder) Header() http.Header         { return w.header }
func (w *recorder) WriteHeader(status int)      { w.status = status }
func (w *recorder) Write(p []byte) (int, error) { return len(p), nil }

// Nothing that a stranger sends makes the page lead anywhere but to this machine.
func FuzzSignInRequests(f *testing.F) {
	s, err := emulator.New(emulator.Config{Clients: []emulator.Client{{ID: "app", Secret: "secret"}}})
	if err != nil {
		f.Fatal(err)
	}
	f.Cleanup(func() { _ = s.Close() })
	f.Add("app", "http://127.0.0.1:1/", "code", "s", readOwn, "", "", "")
	f.Add("app", "http://127.0.0.1:1@evil/", "code", "s", readOwn+" "+appendOnly, strings.Repeat("a", 43), "plain", "none")
	f.Add("x", "http://[::1]:1/?a=b#c", "token", "", "openid", "x", "S256", "consent")
	f.Fuzz(func(t *testing.T, client, redirect, kind, state, scope, challenge, method, prompt string) {
		query := url.Values{
			"client_id": {client}, "redirect_uri": {redirect}, "response_type": {kind}, "state": {state}, "scope": {scope},
			"code_challenge": {challenge}, "code_challenge_method": {method}, "prompt": {prompt},
		}
		r, err := http.NewRequestWithContext(context.Background(), http.MethodGet, "http://emulator.test/o/oauth2/v2/auth?"+query.Encode(), nil)
		if err != nil {
			t.Skip("no request") // the client's side refuses it
		}
		res, err := s.Transport().RoundTrip(r)
		if err != nil {
			t.Fatal(err)
		}
		defer res.Body.Close()
		if res.StatusCode >= 500 {
			t.Fatalf("status %d", res.StatusCode)
		}
		if to := res.Header.Get("Location"); to != "" {
			u, err := url.Parse(to)
			if err != nil || u.Scheme != "http" || u.User != nil || (u.Hostname() != "127.0.0.1" && u.Hostname() != "::1" && u.Hostname() != "localhost") {
				t.Errorf("the user is sent to %q", to)
			}
		}
	})
}
