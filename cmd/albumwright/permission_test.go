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
	run := func(args ...string) (code int, out string) {
		cmd := exec.CommandContext(t.Context(), program, args...)
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
	pics := filepath.Join(dir, "pics")
	if code, out := run("import", "--writes-per-minute", "0", pics); code != exitSomeFailed || !strings.Contains(out, "closed: permission denied") || !strings.Contains(out, "= 1 uploaded") {
		t.Errorf("exit code %d, want %d with the folder named and the other file uploaded:\n%s", code, exitSomeFailed, out)
	}
	if code, out := run("import", closed); code != exitGone || !strings.Contains(out, "hint: this user may not read it") {
		t.Errorf("exit code %d, want %d with a hint:\n%s", code, exitGone, out)
	}
	// Later it is still known, and tried by what can find out what is in there.
	if code, out := run("status", "--files"); code != 0 || !strings.Contains(out, "+ 1 failed") || !strings.Contains(out, closed+": permission denied") {
		t.Errorf("exit code %d of a status that should name the folder:\n%s", code, out)
	}
	if code, out := run("retry"); code != 0 || !strings.Contains(out, "1 file or folder could not be read") || !strings.Contains(out, "albumwright import takes") {
		t.Errorf("exit code %d of a retry that should say what to do about the folder:\n%s", code, out)
	}
	if err := os.Chmod(closed, 0o755); err != nil {
		t.Fatal(err)
	}
	if code, out := run("import", "--writes-per-minute", "0", pics); code != 0 || !strings.Contains(out, "= 1 uploaded + 1 already there") {
		t.Errorf("exit code %d, want the folder's file uploaded:\n%s", code, out)
	}
	if _, out := run("status"); !strings.Contains(out, "2 = 2 in the service + 0 waiting + 0 failed + 0 skipped + 0 gone") {
		t.Errorf("the status is\n%s", out)
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
