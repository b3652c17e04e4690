package auth_test

import (
	"context"
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/albumwright/albumwright/emulator"
	"github.com/albumwright/albumwright/internal/auth"
)

// world is a sign-in service, and a state folder with its client.
type world struct {
	*testing.T
	service *emulator.Server
	server  *httptest.Server
	dir     string
	phrase  string
	client  auth.Client

	mu      sync.Mutex
	grants  map[string]int // by their type, calls of the token endpoint
	ahead   time.Duration  // of the service's clock, as its answers say
	warned  []string
	answers string // status line of all that the token endpoint shall answer; "" = its own
}

func newWorld(t *testing.T, cfg emulator.Config) *world {
	t.Helper()
	w := &world{T: t, dir: filepath.Join(t.TempDir(), "state"), phrase: "a passphrase", grants: map[string]int{}}
	var err error
	if w.service, err = emulator.New(cfg); err != nil {
		t.Fatal(err)
	}
	w.server = httptest.NewServer(w)
	t.Cleanup(func() {
		w.server.Close()
		if err := w.service.Close(); err != nil {
			t.Error(err)
		}
	})
	c := w.service.Clients()[0]
	w.client = w.parse(clientFile(c.ID, c.Secret, w.server.URL+"/o/oauth2/v2/auth", w.server.URL+"/token"))
	if err := w.accounts().SaveClient("", w.client); err != nil {
		t.Fatal(err)
	}
	return w
}

// clientFile is client_secret.json.
func clientFile(id, secret, authURI, tokenURI string) string {
	text, _ := json.Marshal(map[string]any{"installed": map[string]any{
		"client_id": id, "client_secret": secret, "project_id": "photos", "auth_uri": authURI, "token_uri": tokenURI, "redirect_uris": []string{"http://localhost"},
	}})
	return string(text)
}

func (w *world) parse(text string) auth.Client {
	w.Helper()
	c, err := auth.ParseClient([]byte(text))
	if err != nil {
		w.Fatal(err)
	}
	return c
}

// ServeHTTP counts what is asked of the token endpoint.
func (w *world) ServeHTTP(out http.ResponseWriter, r *http.Request) {
	w.mu.Lock()
	ahead, answers := w.ahead, w.answers
	if r.URL.Path == "/token" {
		_ = r.ParseForm()
		w.grants[r.PostForm.Get("grant_type")]++
	}
	w.mu.Unlock()
	out.Header().Set("Date", time.Now().Add(ahead).UTC().Format(http.TimeFormat))
	if answers != "" && (r.URL.Path == "/token" || r.URL.Path == "/revoke") {
		http.Error(out, answers, http.StatusServiceUnavailable)
		return
	}
	w.service.ServeHTTP(out, r)
}

func (w *world) refreshes() int {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.grants["refresh_token"]
}

// accounts are the sign-ins as another process sees them.
func (w *world) accounts() *auth.Accounts {
	return auth.New(auth.Config{
		Dir: w.dir, HTTP: &http.Client{Transport: &http.Transport{DisableKeepAlives: true}}, KeyringMissing: "there is none in this test",
		Passphrase: func(bool) (string, error) { return w.phrase, nil },
		Warn: func(text string) {
			w.mu.Lock()
			defer w.mu.Unlock()
			w.warned = append(w.warned, text)
		},
	})
}

func (w *world) warnings() string {
	w.mu.Lock()
	defer w.mu.Unlock()
	return strings.Join(w.warned, "\n")
}

// person answers the page: what they leave ticked, or that they deny. It returns the address to which the page leads them.
type person struct {
	scopes []string
	deny   bool
}

var sealed = regexp.MustCompile(`name="request" value="([^"]+)"`)

func (p person) answer(t *testing.T, address string) (back string) {
	t.Helper()
	browser := &http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	page := read(t, browser, address)
	found := sealed.FindStringSubmatch(page)
	if found == nil {
		t.Errorf("the page that asks is:\n%s", page)
		return ""
	}
	u, _ := url.Parse(address)
	form := url.Values{"request": {strings.ReplaceAll(found[1], "&#43;", "+")}, "answer": {"allow"}, "scope": p.scopes, "account": {account(page)}}
	if p.deny {
		form.Set("answer", "deny")
	}
	resp, err := browser.PostForm("http://"+u.Host+u.Path, form)
	if err != nil {
		t.Error(err)
		return ""
	}
	_ = resp.Body.Close()
	return resp.Header.Get("Location")
}

func account(page string) string {
	return regexp.MustCompile(`name="account" value="([^"]+)"`).FindStringSubmatch(page)[1]
}

func read(t *testing.T, c *http.Client, address string) string {
	t.Helper()
	resp, err := c.Get(address)
	if err != nil {
		t.Error(err)
		return ""
	}
	defer resp.Body.Close()
	var b strings.Builder
	if err := resp.Write(&b); err != nil {
		t.Error(err)
	}
	return b.String()
}

// visit goes where the page leads, as a browser does, and returns the last page.
func visit(t *testing.T, address string) string {
	t.Helper()
	page := read(t, http.DefaultClient, address)
	if u, err := url.Parse(address); err == nil {
		read(t, http.DefaultClient, "http://"+u.Host+"/static/look.css")
	}
	return page
}

// login signs in while the person answers.
func (w *world) login(ctx context.Context, p person, change func(*auth.LoginConfig)) (done auth.Login, page string, err error) {
	w.Helper()
	var browser sync.WaitGroup
	defer browser.Wait()
	cfg := auth.LoginConfig{Account: "default", Store: auth.StorePlain, Tell: func(string) {}, Ask: func(address string, _ int) {
		browser.Go(func() {
			if back := p.answer(w.T, address); back != "" {
				page = visit(w.T, back)
			}
		})
	}}
	if change != nil {
		change(&cfg)
	}
	done, err = w.accounts().Login(ctx, cfg)
	browser.Wait()
	return done, page, err
}

// signedIn signs in with all boxes ticked.
func (w *world) signedIn(change func(*auth.LoginConfig)) auth.Login {
	w.Helper()
	done, _, err := w.login(w.Context(), person{scopes: auth.Scopes()}, change)
	if err != nil {
		w.Fatal(err)
	}
	return done
}

// source gives tokens as a new process does.
func (w *world) source() *auth.Source {
	return w.accounts().Source(w.Context(), "default", w.client.ID)
}

// path is a file of the account that is called default.
func (w *world) path(name string) string {
	w.Helper()
	found, err := filepath.Glob(filepath.Join(w.dir, "accounts", "default-*", name))
	if err != nil || len(found) != 1 {
		w.Fatalf("%s: %d files, %v", name, len(found), err)
	}
	return found[0]
}

// edit changes fields of a file of JSON.
func (w *world) edit(name string, fields map[string]any) {
	w.Helper()
	text, err := os.ReadFile(w.path(name))
	if err != nil {
		w.Fatal(err)
	}
	all := map[string]any{}
	if err := json.Unmarshal(text, &all); err != nil {
		w.Fatal(err)
	}
	for k, v := range fields {
		all[k] = v
	}
	if text, err = json.Marshal(all); err != nil {
		w.Fatal(err)
	}
	if err := os.WriteFile(w.path(name), text, 0o600); err != nil {
		w.Fatal(err)
	}
}

// age makes the access token that is kept one that has expired.
func (w *world) age() { w.edit("tokens.json", map[string]any{"expires": time.Now().Add(-time.Minute)}) }

// good asks the service with a token.
func (w *world) good(token string) bool {
	req, err := http.NewRequestWithContext(w.Context(), http.MethodGet, w.server.URL+"/v1/albums", nil)
	if err != nil {
		w.Fatal(err)
	}
	req.Header.Set("Authorization", "Bearer "+token)
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		w.Fatal(err)
	}
	_ = resp.Body.Close()
	return resp.StatusCode == http.StatusOK
}

// files are those in the state folder, below it.
func (w *world) files() (names []string) {
	w.Helper()
	err := filepath.WalkDir(w.dir, func(path string, d os.DirEntry, err error) error {
		if err == nil && !d.IsDir() {
			names = append(names, filepath.Base(path))
		}
		return err
	})
	if err != nil {
		w.Fatal(err)
	}
	slices.Sort(names)
	return names
}
