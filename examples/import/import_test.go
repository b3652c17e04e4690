// Package import_test runs the import script as a user would: the built program against an emulator on a real socket.
package import_test

import (
	"context"
	"errors"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/albumwright/albumwright/emulator"
	"github.com/albumwright/albumwright/internal/samples"
)

// serve starts an emulator and returns the environment that leads to it.
func serve(t *testing.T) []string {
	t.Helper()
	s, err := emulator.New(emulator.Config{})
	if err != nil {
		t.Fatal(err)
	}
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	ctx, stop := context.WithCancel(context.Background())
	served := make(chan error, 1)
	go func() { served <- s.Serve(ctx, ln) }()
	t.Cleanup(func() {
		stop()
		if err := errors.Join(<-served, s.Close()); err != nil {
			t.Error(err)
		}
	})
	return append(os.Environ(), "ALBUMWRIGHT_ENDPOINT=http://"+ln.Addr().String(), "ALBUMWRIGHT_ACCESS_TOKEN="+s.AccessToken(), "ALBUMWRIGHT_WRITES_PER_MINUTE=0")
}

func TestTheScriptSaysHowItEnded(t *testing.T) {
	dir := t.TempDir()
	program := filepath.Join(dir, "albumwright")
	if out, err := exec.CommandContext(t.Context(), "go", "build", "-o", program, "../../cmd/albumwright").CombinedOutput(); err != nil {
		t.Fatalf("go build: %v\n%s", err, out)
	}
	photos := filepath.Join(dir, "photos")
	library, err := samples.Write(photos)
	if err != nil {
		t.Fatal(err)
	}
	env := append(serve(t), "ALBUMWRIGHT="+program, "REPORTS="+filepath.Join(dir, "reports"), "XDG_STATE_HOME="+filepath.Join(dir, "state"))
	script := func(folder string) (code int, out string) {
		t.Helper()
		cmd := exec.CommandContext(t.Context(), "bash", "import.sh", folder)
		cmd.Env = env
		b, err := cmd.CombinedOutput()
		if failed := (*exec.ExitError)(nil); errors.As(err, &failed) {
			return failed.ExitCode(), string(b)
		} else if err != nil {
			t.Fatal(err)
		}
		return 0, string(b)
	}
	garden := filepath.Join(photos, filepath.FromSlash(library.Folders[len(library.Folders)-1].Path))
	for _, c := range []struct {
		folder string
		code   int
		says   string
	}{
		{garden, 0, "is in the library"},
		{photos, 3, "some files failed"}, // the broken one
		{filepath.Join(dir, "missing"), 6, "is not there"},
	} {
		if code, out := script(c.folder); code != c.code || !strings.Contains(out, c.says) {
			t.Errorf("%s: exit code %d, want %d with %q; it printed:\n%s", c.folder, code, c.code, c.says, out)
		}
	}
	if reports, err := filepath.Glob(filepath.Join(dir, "reports", "*.json")); err != nil || len(reports) == 0 {
		t.Errorf("reports: %v, %v", reports, err)
	}
}
