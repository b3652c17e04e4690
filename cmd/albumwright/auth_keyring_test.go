package main

import (
	"bytes"
	"fmt"
	"net"
	"net/http"
	"os"
	"os/exec"
	"runtime"
	"strings"
	"testing"

	"github.com/albumwright/albumwright/emulator"
)

// A session bus that accepts and never answers is what a locked keyring looks like without a desktop.
func TestAKeyringThatHangsDoesNotHangCron(t *testing.T) {
	if runtime.GOOS != "linux" {
		t.Skip("the keyring is reached over D-Bus on Linux only")
	}
	w := newSignInWorld(t, emulator.Config{})
	w.signedIn()
	w.edit("facts.json", map[string]any{"token_store": "keyring"})
	bus, err := net.Listen("unix", w.path("bus"))
	if err != nil {
		t.Fatal(err)
	}
	defer bus.Close()
	go func() {
		for {
			if _, err := bus.Accept(); err != nil {
				return
			}
		}
	}()
	code, text := w.run([]string{"DBUS_SESSION_BUS_ADDRESS=unix:path=" + w.path("bus")}, "import", w.photos(1))
	if code != exitSignIn || !strings.Contains(text, "the system's keyring cannot be used: no answer within 5s") || !strings.Contains(text, "--token-store encrypted") {
		t.Errorf("exit code %d\n%s", code, text)
	}
}

// keyringSession unlocks a keyring of its own on a session bus, and runs a program there. The daemon ends with the bus.
const keyringSession = `printf known | gnome-keyring-daemon --unlock --components=secrets >/dev/null || exit 99
exec "$@"
`

func TestTheTokensAreKeptInTheKeyringOfARealSession(t *testing.T) {
	for _, name := range []string{"dbus-run-session", "gnome-keyring-daemon"} {
		if _, err := exec.LookPath(name); err != nil {
			t.Skipf("%s is not installed: tools/install-packages does it", name)
		}
	}
	w := newSignInWorld(t, emulator.Config{})
	dir := w.photos(1)
	test, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.CommandContext(t.Context(), "dbus-run-session", "--", "sh", "-c", keyringSession, "sh", test, "-test.run", "^TestInsideAKeyringSession$", "-test.v")
	cmd.Env = append(w.env, "HOME="+w.home, "XDG_RUNTIME_DIR="+w.path("run"), "XDG_DATA_HOME="+w.path("data"), "ALBUMWRIGHT_TEST_KEYRING="+w.server.URL, "ALBUMWRIGHT_TEST_PHOTOS="+dir)
	if err := os.Mkdir(w.path("run"), 0o700); err != nil {
		t.Fatal(err)
	}
	out, err := cmd.CombinedOutput()
	if err != nil || !bytes.Contains(out, []byte("--- PASS: TestInsideAKeyringSession")) {
		t.Fatalf("%v\n%s", err, out)
	}
	w.wantNoSecret("the output", out)
	wantNoSecretOnDisk(w)
	if items := w.service.MediaItems(); len(items) != 1 {
		t.Errorf("%d items are in the service, want 1", len(items))
	}
}

// What TestTheTokensAreKeptInTheKeyringOfARealSession runs inside the session.
func TestInsideAKeyringSession(t *testing.T) {
	at := os.Getenv("ALBUMWRIGHT_TEST_KEYRING")
	if at == "" {
		t.Skip("it is run by TestTheTokensAreKeptInTheKeyringOfARealSession, in a session of its own")
	}
	s, err := emulator.New(emulator.Config{})
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	w := &signInWorld{T: t, service: s, browser: http.DefaultClient, env: os.Environ(), secrets: map[string]bool{}}
	code, text := w.login(w.allow(), nil, "--token-store", "auto")
	if code != 0 || !strings.Contains(text, "The tokens are in the system's keyring") {
		t.Fatalf("exit code %d\n%s", code, text)
	}
	w.must("import", os.Getenv("ALBUMWRIGHT_TEST_PHOTOS"))
	w.must("auth", "logout")
	if code, text := w.run(nil, "verify", "--remote", os.Getenv("ALBUMWRIGHT_TEST_PHOTOS")); code != exitSignIn {
		t.Errorf("after the logout the service is asked, and it ends with %d\n%s", code, text)
	}
	fmt.Println(w.output.String())
}
