package main

import (
	"context"
	"crypto/x509"
	"errors"
	"fmt"
	"io/fs"
	"net"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/albumwright/albumwright/emulator"
	"github.com/albumwright/albumwright/internal/browser"
)

// fakeOpener takes the place of xdg-open: it writes down the address, and what everybody on the machine can see of it and its parent.
const fakeOpener = `#!/bin/sh
cat /proc/$$/environ /proc/$$/cmdline /proc/$PPID/cmdline > "$0.seen"
printf %s "$1" > "$0.address"
`

func TestAPersonSignsInInABrowserAndNoSecretIsSeen(t *testing.T) {
	if runtime.GOOS != "linux" {
		t.Skip("the browser is opened by xdg-open on Linux only")
	}
	b := browser.ForTest(t)
	w := newSignInWorld(t, emulator.Config{})
	bin := w.path("bin")
	opener := filepath.Join(bin, "xdg-open")
	if err := errors.Join(os.Mkdir(bin, 0o755), os.WriteFile(opener, []byte(fakeOpener), 0o755)); err != nil {
		t.Fatal(err)
	}
	const passphrase = "correct-horse-battery"
	w.secrets[passphrase] = true
	env := []string{"DISPLAY=:7", "PATH=" + bin + ":" + os.Getenv("PATH"), passphraseVar + "=" + passphrase}
	for _, scheme := range []string{"light", "dark"} {
		code, text := w.login(func(address string) { w.allowInBrowser(b.Page(t), scheme, opener, address) }, env, "--token-store", "encrypted")
		if code != 0 || !strings.Contains(text, "Signed in as account default. The tokens are in an encrypted file.") {
			t.Fatalf("exit code %d\n%s", code, text)
		}
	}
	dir := w.photos(3)
	if code, text := w.run(env, "import", "--verbose", "--report", w.path("state", "report.json"), "--record", w.path("state", "record.jsonl"), dir); code != 0 {
		t.Fatalf("the import ends with %d\n%s", code, text)
	}
	w.must("auth", "status")
	w.must("auth", "status", "--json")
	w.must("auth", "client", "show")
	w.service.Withdraw()
	if code, text := w.run(env, "import", "--checksum", "--confirm", dir); code != exitSignIn {
		t.Errorf("after the sign-in was revoked an import ends with %d\n%s", code, text)
	}
	if code, text := w.run(env, "auth", "logout"); code != 0 {
		t.Errorf("logout ends with %d\n%s", code, text)
	}
	w.wantNoSecret("the output, or what is seen of the processes,", w.output.Bytes())
	wantNoSecretOnDisk(w)
	if len(w.secrets) < 8 {
		t.Errorf("only %d secrets were looked for", len(w.secrets))
	}
}

// allowInBrowser does what a person does, in the browser that the program opened.
func (w *signInWorld) allowInBrowser(p *browser.Page, scheme, opener, address string) {
	p.Scheme(scheme)
	opened := waitForFile(w.T, opener+".address")
	if opened != address {
		w.Errorf("opened %s, shown %s", opened, address)
	}
	p.Open(opened)
	p.Click(`button[value="allow"]`)
	p.Wait(`document.title.startsWith("You are signed in") && document.readyState == "complete"`) // with its style
	if at := browser.Value[string](p, `location.pathname + location.search + location.hash`); at != "/outcome" {
		w.Errorf("the browser ends at %s", at)
	}
	lightness := browser.Value[int](p, `Number(getComputedStyle(document.body).backgroundColor.match(/\d+/)[0])`)
	if (lightness > 128) != (scheme == "light") {
		w.Errorf("the page is not %s", scheme)
	}
	w.keep([]byte(browser.Value[string](p, `document.documentElement.outerHTML`)))
	seen, err := os.ReadFile(opener + ".seen")
	if err != nil {
		w.Fatal(err)
	}
	w.keep(seen) // what everybody on the machine sees of the processes
	if err := errors.Join(os.Remove(opener+".address"), os.Remove(opener+".seen")); err != nil {
		w.Fatal(err)
	}
}

// wantNoSecretOnDisk looks into every file of the state folder but those that are for secrets.
func wantNoSecretOnDisk(w *signInWorld) {
	w.Helper()
	files := 0
	err := filepath.WalkDir(w.path("state"), func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || d.Name() == "client.json" {
			return err
		}
		files++
		text, err := os.ReadFile(path)
		w.wantNoSecret(path, text)
		return err
	})
	if err != nil || files < 5 {
		w.Errorf("%d files were looked into: %v", files, err)
	}
}

func waitForFile(t *testing.T, path string) string {
	t.Helper()
	tick := time.NewTicker(10 * time.Millisecond)
	defer tick.Stop()
	for {
		if text, err := os.ReadFile(path); err == nil && len(text) > 0 {
			return string(text)
		}
		select {
		case <-tick.C:
		case <-t.Context().Done():
			t.Fatal("there is no ", path)
		}
	}
}

func TestASignInRevokedInMidRunEndsItAndAfterALoginTheNextOneGoesOn(t *testing.T) {
	w := newSignInWorld(t, emulator.Config{})
	w.signedIn()
	w.uploads = func(n int) {
		if n == 20 {
			w.service.Withdraw()
		}
	}
	dir := w.photos(60)
	code, text := w.run(nil, "import", "--transfers", "4", dir)
	if code != exitSignIn || !strings.Contains(text, "is no longer good: it was revoked or has expired") || !strings.Contains(text, "hint: run: albumwright auth login --account default") {
		t.Fatalf("the run ends with %d\n%s", code, text)
	}
	code, text = w.run(nil, "import", dir)
	if code != exitSignIn || w.refreshes != 1 {
		t.Errorf("the next run ends with %d, after %d refreshes\n%s", code, w.refreshes, text)
	}
	w.signedIn()
	w.must("import", dir)
	w.must("verify", "--remote", dir)
	if items := w.service.MediaItems(); len(items) != 60 {
		t.Errorf("%d items are in the service, want 60", len(items))
	}
	if violations := w.service.Violations(); len(violations) > 0 {
		t.Errorf("violations: %v", violations)
	}
}

func TestTwoProcessesThatFindTheTokenExpiredMakeOneRefresh(t *testing.T) {
	w := newSignInWorld(t, emulator.Config{})
	w.signedIn()
	dir := w.photos(2)
	w.must("import", dir)
	w.edit("tokens.json", map[string]any{"expires": time.Now().Add(-time.Minute)})
	var both sync.WaitGroup
	for range 2 {
		both.Go(func() {
			if code, text := w.run(nil, "verify", "--remote", dir); code != 0 {
				t.Errorf("exit code %d\n%s", code, text)
			}
		})
	}
	both.Wait()
	if w.refreshes != 1 {
		t.Errorf("%d refreshes, want 1", w.refreshes)
	}
}

func TestASignInServiceThatIsDownIsATryLater(t *testing.T) {
	w := newSignInWorld(t, emulator.Config{})
	w.signedIn()
	w.edit("tokens.json", map[string]any{"expires": time.Now().Add(-time.Minute)})
	w.down.Store(true)
	dir := w.photos(1)
	if code, text := w.run(nil, "import", "--tries", "1", dir); code != exitTryLater || strings.Contains(text, "html") {
		t.Errorf("an import ends with %d\n%s", code, text)
	}
	if code, text := w.login(w.allow(), nil, "--token-store", "plain"); code != exitTryLater || !strings.Contains(text, "the sign-in service cannot be reached") {
		t.Errorf("a login ends with %d\n%s", code, text)
	}
	w.down.Store(false)
	w.must("import", dir)
}

func TestWithoutTheScopeForReadingAnImportIntoAlbumsEndsWithAWord(t *testing.T) {
	w := newSignInWorld(t, emulator.Config{})
	code, text := w.login(w.allow(string(emulator.ScopeAppendOnly), string(emulator.ScopeEditAppCreated)), nil, "--token-store", "plain")
	if code != 0 || !strings.Contains(text, "warning: without https://www.googleapis.com/auth/photoslibrary.readonly.appcreateddata what was uploaded cannot be read") {
		t.Fatalf("exit code %d\n%s", code, text)
	}
	dir := w.photos(1)
	if code, text := w.run(nil, "import", dir); code != exitSignIn {
		t.Errorf("an import into albums ends with %d\n%s", code, text)
	}
	w.must("import", "--album-by", "none", dir)
}

func TestAnotherClientIsAnotherLedgerWithAWarning(t *testing.T) {
	w := newSignInWorld(t, emulator.Config{Clients: []emulator.Client{{Name: "one"}, {Name: "two", ID: "2-two.apps.googleusercontent.com"}}})
	w.signedIn()
	dir := w.photos(2)
	w.must("import", dir)
	c, o := w.service.Clients()[1], accountOptions{secretFile: w.path("client_secret.json")}
	if err := o.writeSecret(c, w.server.URL); err != nil {
		t.Fatal(err)
	}
	w.must("auth", "client", "import", "--account", "default", w.path("client_secret.json"))
	if text := w.must("import", dir); !strings.Contains(text, "2") || w.uploaded != 2 {
		t.Errorf("before the login %d files were uploaded\n%s", w.uploaded, text)
	}
	code, text := w.login(w.allow(), nil, "--token-store", "plain")
	if code != 0 || !strings.Contains(text, "items made with the old client cannot be seen") {
		t.Fatalf("exit code %d\n%s", code, text)
	}
	w.must("import", dir)
	if w.uploaded != 4 {
		t.Errorf("%d files were uploaded, want 4: the new client cannot see what the old one made", w.uploaded)
	}
}

// By a proxy that looks into TLS, as companies have them, the service is reached under its own addresses: the sign-in and the API alike.
func TestByAProxyWithItsOwnCertificateSignInAndImportWork(t *testing.T) {
	w := newSignInWorld(t, emulator.Config{})
	certificate, err := w.service.CACertificate()
	if err != nil {
		t.Fatal(err)
	}
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	served := make(chan error, 1)
	go func() { served <- w.service.ServeProxy(ctx, ln) }()
	defer func() {
		cancel()
		if err := <-served; err != nil {
			t.Error(err)
		}
	}()
	roots, proxy := x509.NewCertPool(), &url.URL{Scheme: "http", Host: ln.Addr().String()}
	roots.AppendCertsFromPEM(certificate)
	w.browser = &http.Client{Transport: networkOptions{proxy: proxy, roots: roots}.apply(&http.Transport{DisableKeepAlives: true})}
	c := w.service.Clients()[0]
	file := fmt.Sprintf(`{"installed": {"client_id": %q, "client_secret": %q, "auth_uri": "https://accounts.google.com/o/oauth2/auth", "token_uri": "https://oauth2.googleapis.com/token"}}`, c.ID, c.Secret)
	if err := errors.Join(os.WriteFile(w.path("google.json"), []byte(file), 0o600), os.WriteFile(w.path("ca.pem"), certificate, 0o600)); err != nil {
		t.Fatal(err)
	}
	w.must("auth", "client", "import", w.path("google.json"))
	way := []string{"--proxy", proxy.String(), "--ca-file", w.path("ca.pem")}
	w.signedIn(way...)
	w.env = slices.DeleteFunc(w.env, func(v string) bool { return strings.HasPrefix(v, "ALBUMWRIGHT_ENDPOINT=") })
	w.must(append([]string{"import", w.photos(2)}, way...)...)
	if items := w.service.MediaItems(); len(items) != 2 {
		t.Errorf("%d items are in the service, want 2", len(items))
	}
	code, text := w.run([]string{"ALBUMWRIGHT_ENDPOINT=" + w.server.URL}, "import", w.photos(2))
	if code != exitUsage || !strings.Contains(text, "its tokens go nowhere but to https://photoslibrary.googleapis.com") {
		t.Errorf("Google's tokens for another endpoint: exit code %d\n%s", code, text)
	}
	w.must(append([]string{"auth", "logout"}, way...)...)
	if n := w.service.Withdraw(); n != 0 {
		t.Errorf("after the logout %d consents are left at the service", n)
	}
}

func TestTokensOfAnEmulatorAreNotSentToGoogle(t *testing.T) {
	w := newSignInWorld(t, emulator.Config{})
	w.signedIn()
	code, text := w.run([]string{"ALBUMWRIGHT_ENDPOINT=https://photoslibrary.googleapis.com"}, "import", w.photos(1))
	if code != exitUsage || !strings.Contains(text, "signed in at an emulator on this machine") {
		t.Errorf("exit code %d\n%s", code, text)
	}
}
