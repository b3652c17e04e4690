// Package exampletest is what the tests of the scripts in examples share: the built program, and an emulator on a real socket, as a user would have them.
package exampletest

import (
	"context"
	"errors"
	"net"
	"os/exec"
	"path/filepath"
	"testing"

	"github.com/albumwright/albumwright/emulator"
)

// Program builds albumwright for a test in a folder of examples, and returns its path.
func Program(t *testing.T) string {
	t.Helper()
	program := filepath.Join(t.TempDir(), "albumwright")
	if out, err := exec.CommandContext(t.Context(), "go", "build", "-o", program, "../../cmd/albumwright").CombinedOutput(); err != nil {
		t.Fatalf("go build: %v\n%s", err, out)
	}
	return program
}

// Serve starts an emulator, and returns the variables of the environment that lead to it. It ends with the test.
func Serve(t *testing.T) []string {
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
	return []string{"ALBUMWRIGHT_ENDPOINT=http://" + ln.Addr().String(), "ALBUMWRIGHT_ACCESS_TOKEN=" + s.AccessToken(), "ALBUMWRIGHT_WRITES_PER_MINUTE=0"}
}

// Run runs a command with more variables in its environment, and returns its exit code and all that it printed.
func Run(t *testing.T, env []string, name string, args ...string) (code int, out string) {
	t.Helper()
	cmd := exec.CommandContext(t.Context(), name, args...)
	cmd.Env = append(cmd.Environ(), env...)
	b, err := cmd.CombinedOutput()
	if failed := (*exec.ExitError)(nil); errors.As(err, &failed) {
		return failed.ExitCode(), string(b)
	}
	if err != nil {
		t.Fatal(err)
	}
	return 0, string(b)
}
