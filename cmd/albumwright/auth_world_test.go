package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/albumwright/albumwright/emulator"
	"github.com/albumwright/albumwright/internal/fixture"
)

// signInWorld is a service with its sign-in, and a machine on which the program signs in there. What of it is secret is noted.
type signInWorld struct {
	*testing.T
	service *emulator.Server
	server  *httptest.Server
	home    string
	env     []string
	browser *http.Client // the person's
	down    atomic.Bool  // the token endpoint

	mu        sync.Mutex // guards what follows
	secrets   map[string]bool
	refreshes int
	output    bytes.Buffer
	uploads   func(n int) // is told of the nth upload before it is served; nil is not
	uploaded  int
}

func newSignInWorld(t *testing.T, cfg emulator.Config) *signInWorld {
	t.Helper()
	w := &signInWorld{T: t, home: t.TempDir(), browser: http.DefaultClient, secrets: map[string]bool{}}
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
	for _, v := range os.Environ() {
		name, _, _ := strings.Cut(v, "=")
		if !slices.Contains([]string{"DISPLAY", "WAYLAND_DISPLAY", "SSH_CONNECTION", "DBUS_SESSION_BUS_ADDRESS", "HTTPS_PROXY"}, name) && !strings.HasPrefix(name, "ALBUMWRIGHT_") {
			w.env = append(w.env, v)
		}
	}
	w.env = append(w.env, "XDG_STATE_HOME="+w.path("state"), "ALBUMWRIGHT_ENDPOINT="+w.server.URL, "ALBUMWRIGHT_WRITES_PER_MINUTE=0", "ALBUMWRIGHT_TRIES=2")
	w.writeClient()
	w.must("auth", "client", "import", w.path("client_secret.json"))
	return w
}

func (w *signInWorld) path(names ...string) string {
	return filepath.Join(append([]string{w.home}, names...)...)
}

func (w *signInWorld) writeClient() {
	w.Helper()
	c, o := w.service.Clients()[0], accountOptions{secretFile: w.path("client_secret.json")}
	w.secrets[c.Secret] = true
	if err := o.writeSecret(c, w.server.URL); err != nil {
		w.Fatal(err)
	}
}

// ServeHTTP serves, and notes what is secret in what is asked and answered at the token endpoint.
func (w *signInWorld) ServeHTTP(out http.ResponseWriter, r *http.Request) {
	switch r.URL.Path {
	case "/token":
		w.serveToken(out, r)
		return
	case "/v1/uploads":
		w.mu.Lock()
		w.uploaded++
		if w.uploads != nil {
			w.uploads(w.uploaded)
		}
		w.mu.Unlock()
	}
	w.service.ServeHTTP(out, r)
}

func (w *signInWorld) serveToken(out http.ResponseWriter, r *http.Request) {
	body, _ := io.ReadAll(r.Body)
	r.Body = io.NopCloser(bytes.NewReader(body))
	form, _ := url.ParseQuery(string(body))
	answer := httptest.NewRecorder()
	if w.down.Load() {
		http.Error(out, "<html>down</html>", http.StatusBadGateway)
		return
	}
	w.service.ServeHTTP(answer, r)
	var tokens map[string]any
	_ = json.Unmarshal(answer.Body.Bytes(), &tokens)
	w.mu.Lock()
	if form.Get("grant_type") == "refresh_token" {
		w.refreshes++
	}
	for _, name := range []string{"code", "code_verifier", "refresh_token"} {
		w.secrets[form.Get(name)] = true
		w.secrets[fmt.Sprint(tokens["access_token"])], w.secrets[fmt.Sprint(tokens["refresh_token"])] = true, true
	}
	w.mu.Unlock()
	for name, values := range answer.Header() {
		out.Header()[name] = values
	}
	out.WriteHeader(answer.Code)
	_, _ = out.Write(answer.Body.Bytes())
}

// albumwright is the program, in an environment of its own with some variables more.
func (w *signInWorld) albumwright(env []string, args ...string) *exec.Cmd {
	cmd := exec.CommandContext(w.Context(), "albumwright", args...)
	cmd.Env = append(slices.Clone(w.env), env...)
	return cmd
}

// run runs it to its end, and gives all that it printed.
func (w *signInWorld) run(env []string, args ...string) (code int, output string) {
	w.Helper()
	cmd := w.albumwright(env, args...)
	text, err := cmd.CombinedOutput()
	if cmd.ProcessState == nil {
		w.Fatal(err)
	}
	w.keep(text)
	return cmd.ProcessState.ExitCode(), string(text)
}

// keep keeps what was printed, to look for secrets in it.
func (w *signInWorld) keep(text []byte) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.output.Write(text)
}

func (w *signInWorld) must(args ...string) string {
	w.Helper()
	code, text := w.run(nil, args...)
	if code != 0 {
		w.Fatalf("albumwright %s: exit code %d\n%s", strings.Join(args, " "), code, text)
	}
	return text
}

var addressOfPage = regexp.MustCompile(`https?://\S+/o/oauth2/v2/auth\?\S+`)

// login runs auth login, and lets answer do what a person does with the address that is shown.
func (w *signInWorld) login(answer func(address string), env []string, args ...string) (code int, output string) {
	w.Helper()
	cmd := w.albumwright(env, append([]string{"auth", "login"}, args...)...)
	var out bytes.Buffer
	r, err := cmd.StderrPipe()
	if err != nil {
		w.Fatal(err)
	}
	cmd.Stdout = &out
	if err := cmd.Start(); err != nil {
		w.Fatal(err)
	}
	var shown strings.Builder
	answered := false
	for buf := make([]byte, 4096); ; {
		n, err := r.Read(buf)
		shown.Write(buf[:n])
		if address := addressOfPage.FindString(shown.String()); !answered && strings.Contains(shown.String(), "Waiting for your answer") {
			answered = true
			answer(address)
		}
		if err != nil {
			break
		}
	}
	_ = cmd.Wait()
	w.keep([]byte(shown.String() + out.String()))
	return cmd.ProcessState.ExitCode(), shown.String() + out.String()
}

var sealedRequest = regexp.MustCompile(`name="request" value="([^"]+)"`)

// allow answers as a person who leaves some boxes ticked; none is all.
func (w *signInWorld) allow(scopes ...string) func(string) {
	if scopes == nil {
		scopes = []string{string(emulator.ScopeAppendOnly), string(emulator.ScopeReadAppCreated), string(emulator.ScopeEditAppCreated)}
	}
	return func(address string) {
		resp, err := w.browser.Get(address)
		if err != nil {
			w.Error(err)
			return
		}
		page, _ := io.ReadAll(resp.Body)
		_ = resp.Body.Close()
		u, _ := url.Parse(address)
		found := sealedRequest.FindSubmatch(page)
		if found == nil {
			w.Errorf("the page is\n%s", page)
			return
		}
		resp, err = w.browser.PostForm(u.Scheme+"://"+u.Host+u.Path, url.Values{
			"request": {strings.ReplaceAll(string(found[1]), "&#43;", "+")}, "answer": {"allow"}, "scope": scopes, "account": {w.service.User().Email},
		})
		if err != nil {
			w.Error(err)
			return
		}
		_ = resp.Body.Close()
		if resp, err = http.Get("http://" + resp.Request.URL.Host + "/static/look.css"); err == nil { // as the last page asks for it
			_ = resp.Body.Close()
		}
	}
}

// signedIn signs in, with the tokens in a plain file unless args say otherwise.
func (w *signInWorld) signedIn(args ...string) {
	w.Helper()
	if code, text := w.login(w.allow(), nil, append([]string{"--token-store", "plain"}, args...)...); code != 0 {
		w.Fatalf("auth login: exit code %d\n%s", code, text)
	}
}

// photos writes some.
func (w *signInWorld) photos(n int) (dir string) {
	w.Helper()
	dir = w.path("photos")
	if err := os.MkdirAll(dir, 0o755); err != nil {
		w.Fatal(err)
	}
	for i := range n {
		body := fixture.TinyJPEG(i, time.Date(2024, 5, 18, 12, 0, i, 0, time.UTC))
		if err := os.WriteFile(filepath.Join(dir, fmt.Sprintf("%04d.jpg", i)), body, 0o644); err != nil {
			w.Fatal(err)
		}
	}
	return dir
}

// edit changes fields of a file of the account.
func (w *signInWorld) edit(name string, fields map[string]any) {
	w.Helper()
	found, err := filepath.Glob(w.path("state", "albumwright", "accounts", "*", name))
	if err != nil || len(found) != 1 {
		w.Fatalf("%s: %q, %v", name, found, err)
	}
	text, err := os.ReadFile(found[0])
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
	if err := os.WriteFile(found[0], text, 0o600); err != nil {
		w.Fatal(err)
	}
}

// wantNoSecret looks for what was secret in a text.
func (w *signInWorld) wantNoSecret(where string, text []byte) {
	w.Helper()
	w.mu.Lock()
	defer w.mu.Unlock()
	for secret := range w.secrets {
		if len(secret) > 8 && bytes.Contains(text, []byte(secret)) {
			w.Errorf("%s holds a secret, %s…", where, secret[:4])
		}
	}
}
