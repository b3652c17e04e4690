//go:build unix

package main

import (
	"errors"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/albumwright/albumwright/internal/fixture"
)

// A folder that this user may not read fails with its reason, and the others go up. Permissions do not bind root, so as root the program is run as
// somebody else.
func TestAFolderWithoutPermissionFailsAlone(t *testing.T) {
	dir := t.TempDir()
	for _, d := range []string{filepath.Dir(dir), dir} {
		if err := os.Chmod(d, 0o755); err != nil {
			t.Fatal(err)
		}
	}
	open, closed, state := filepath.Join(dir, "pics/open"), filepath.Join(dir, "pics/closed"), filepath.Join(dir, "state")
	for i, d := range []string{open, closed} {
		if err := os.MkdirAll(d, 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(d, "1.jpg"), fixture.TinyJPEG(i, time.Date(2024, 1, 1, 0, 0, 0, 0, time.UTC)), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	if err := errors.Join(os.Chmod(closed, 0), os.Mkdir(state, 0o777), os.Chmod(state, 0o777)); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = os.Chmod(closed, 0o755) })
	program, env := copyOfProgram(t, dir), append(os.Environ(), append(serve(t), "XDG_STATE_HOME="+state, "TMPDIR="+state)...)
	run := func(path string) (code int, out string) {
		cmd := exec.CommandContext(t.Context(), program, "import", "--writes-per-minute", "0", path)
		cmd.Env, cmd.Dir = env, dir
		if os.Getuid() == 0 {
			const nobody = 65534
			cmd.SysProcAttr = &syscall.SysProcAttr{Credential: &syscall.Credential{Uid: nobody, Gid: nobody}}
		}
		b, err := cmd.CombinedOutput()
		if failed := (*exec.ExitError)(nil); errors.As(err, &failed) {
			return failed.ExitCode(), string(b)
		} else if err != nil {
			t.Fatal(err)
		}
		return 0, string(b)
	}
	if code, out := run(filepath.Join(dir, "pics")); code != exitSomeFailed || !strings.Contains(out, "closed: permission denied") || !strings.Contains(out, "= 1 uploaded") {
		t.Errorf("exit code %d, want %d with the folder named and the other file uploaded:\n%s", code, exitSomeFailed, out)
	}
	if code, out := run(closed); code != exitGone || !strings.Contains(out, "hint: this user may not read it") {
		t.Errorf("exit code %d, want %d with a hint:\n%s", code, exitGone, out)
	}
}

// copyOfProgram copies the test binary to where everybody can run it.
func copyOfProgram(t *testing.T, dir string) string {
	t.Helper()
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	from, err := os.Open(self)
	if err != nil {
		t.Fatal(err)
	}
	defer from.Close()
	to, err := os.OpenFile(filepath.Join(dir, "albumwright"), os.O_CREATE|os.O_WRONLY, 0o755)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := io.Copy(to, from); err != nil {
		t.Fatal(err)
	}
	if err := to.Close(); err != nil {
		t.Fatal(err)
	}
	return to.Name()
}
