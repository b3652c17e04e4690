//go:build unix

package main

import (
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/albumwright/albumwright/internal/fixture"
)

// A file that this user may not read is not verified, whatever the ledger knew about it before. Permissions do not bind root, so as root the program
// is run as somebody else.
func TestAFileWithoutPermissionIsNotVerified(t *testing.T) {
	dir := t.TempDir()
	pics, state := filepath.Join(dir, "pics"), filepath.Join(dir, "state")
	if err := errors.Join(os.Chmod(filepath.Dir(dir), 0o755), os.Chmod(dir, 0o755), os.Mkdir(pics, 0o755), os.Mkdir(state, 0o777), os.Chmod(state, 0o777)); err != nil {
		t.Fatal(err)
	}
	for i, name := range []string{"1.jpg", "2.jpg"} {
		if err := os.WriteFile(filepath.Join(pics, name), fixture.TinyJPEG(i, time.Date(2024, 1, 1, 0, 0, 0, 0, time.UTC)), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	program, env := copyOfProgram(t, dir), append(os.Environ(), append(serve(t), "XDG_STATE_HOME="+state, "TMPDIR="+state)...)
	run := func(args ...string) (code int, out string) {
		cmd := exec.CommandContext(t.Context(), program, args...)
		cmd.Env, cmd.Dir = env, dir
		if os.Getuid() == 0 {
			const nobody = 65534
			cmd.SysProcAttr = &syscall.SysProcAttr{Credential: &syscall.Credential{Uid: nobody, Gid: nobody}}
		}
		b, err := cmd.CombinedOutput()
		if failed := (*exec.ExitError)(nil); err != nil && !errors.As(err, &failed) {
			t.Fatal(err)
		}
		return cmd.ProcessState.ExitCode(), string(b)
	}
	if code, out := run("import", "--writes-per-minute", "0", pics); code != exitOK {
		t.Fatalf("import ends with %d: %s", code, out)
	}
	if code, out := run("verify", pics); code != exitOK || !strings.Contains(out, "All 2 files are in the service") {
		t.Errorf("exit code %d: %s", code, out)
	}
	if err := os.Chmod(filepath.Join(pics, "2.jpg"), 0); err != nil {
		t.Fatal(err)
	}
	if code, out := run("verify", pics); code != exitVerify || !strings.Contains(out, "2.jpg: unreadable: permission denied") ||
		!strings.Contains(out, "Not all: 1 of 2 files are in the service, 1 unreadable") {
		t.Errorf("exit code %d, want %d with the file named:\n%s", code, exitVerify, out)
	}
}
