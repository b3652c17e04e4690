package main

import (
	"strings"
	"testing"

	"github.com/albumwright/albumwright/emulator"
	"github.com/albumwright/albumwright/internal/browser"
)

// What people do on the page, in a real browser, and how the program takes it.
func TestInABrowserBoxesAreTickedOffAccessIsDeniedAndAnswersAreForged(t *testing.T) {
	b := browser.ForTest(t)
	const allow, deny, scope = `button[value="allow"]`, `button[value="deny"]`, `input[value="https://www.googleapis.com/auth/photoslibrary.`
	for name, c := range map[string]struct {
		clicks []string
		forged bool // somebody else's answer comes first
		code   int
		said   string
	}{
		"all boxes":               {[]string{allow}, false, exitOK, "Signed in as account default."},
		"one box off":             {[]string{scope + `edit.appcreateddata"]`, allow}, false, exitOK, "edit.appcreateddata"},
		"the box for uploads off": {[]string{scope + `appendonly"]`, allow}, false, exitSignIn, "appendonly"},
		"denied":                  {[]string{deny}, false, exitSignIn, "denied"},
		"a forged answer first":   {[]string{allow}, true, exitOK, "Signed in as account default."},
	} {
		t.Run(name, func(t *testing.T) {
			w := newSignInWorld(t, emulator.Config{})
			code, text := w.login(func(address string) {
				p := b.Page(t)
				if c.forged {
					before, state, _ := strings.Cut(address, "state=")
					p.Open(before + "state=another" + strings.TrimLeft(state, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"))
					p.Click(allow)
					p.Wait(`location.hostname == "127.0.0.1" && !document.querySelector('button[value="allow"]')`)
					p = b.Page(t)
				}
				p.Open(address)
				for _, selector := range c.clicks {
					p.Click(selector)
				}
				p.Wait(`location.pathname == "/outcome"`)
			}, nil, "--token-store", "plain")
			if code != c.code || !strings.Contains(text, c.said) {
				t.Errorf("exit code %d, want %d and %q\n%s", code, c.code, c.said, text)
			}
			w.wantNoSecret("the output", w.output.Bytes())
		})
	}
}
