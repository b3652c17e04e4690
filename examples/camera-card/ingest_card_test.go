// Package cameracard_test runs the script as a user would: the built program, a card in a folder, and an emulator on a real socket.
package cameracard_test

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

func TestTheScriptTellsTheNews(t *testing.T) {
	if out, err := exec.CommandContext(t.Context(), "sh", "-n", "ingest-card.sh").CombinedOutput(); err != nil {
		t.Fatalf("sh -n: %v\n%s", err, out)
	}
	dir := t.TempDir()
	program := filepath.Join(dir, "albumwright")
	if out, err := exec.CommandContext(t.Context(), "go", "build", "-o", program, "../../cmd/albumwright").CombinedOutput(); err != nil {
		t.Fatalf("go build: %v\n%s", err, out)
	}
	mount := filepath.Join(dir, "card")
	if _, err := samples.Write(filepath.Join(mount, "DCIM")); err != nil {
		t.Fatal(err)
	}
	notify := filepath.Join(dir, "notify")
	if err := os.WriteFile(notify, []byte("#!/bin/sh\necho \"NEWS $1\"\n"), 0o755); err != nil {
		t.Fatal(err)
	}
	reports := filepath.Join(dir, "reports")
	env := append(serve(t), "ALBUMWRIGHT="+program, "REPORTS="+reports, "XDG_STATE_HOME="+filepath.Join(dir, "state"), "NOTIFY="+notify)
	for _, c := range []struct {
		args []string
		code int
		news string
	}{
		{[]string{mount, "--copy-to", filepath.Join(dir, "one"), "--no-upload"}, 0, "NEWS SAFE TO FORMAT: yes\n"},
		{[]string{mount, "--copy-to", filepath.Join(dir, "one"), "--album", "Card"}, 3, "NEWS SAFE TO FORMAT: yes; not everything was uploaded"}, // one is broken
		{[]string{mount, "--copy-to", filepath.Join(dir, "one"), "--verify", "size", "--no-upload"}, 7, "NEWS SAFE TO FORMAT: no; " + reports},
		{[]string{filepath.Join(dir, "none"), "--copy-to", filepath.Join(dir, "one")}, 6, "NEWS The card is gone"},
	} {
		cmd := exec.CommandContext(t.Context(), "sh", append([]string{"ingest-card.sh"}, c.args...)...)
		cmd.Env = env
		out, err := cmd.CombinedOutput()
		code := 0
		if failed := (*exec.ExitError)(nil); errors.As(err, &failed) {
			code = failed.ExitCode()
		} else if err != nil {
			t.Fatal(err)
		}
		if code != c.code || !strings.Contains(string(out), c.news) {
			t.Errorf("%q: exit code %d, want %d and %q; it printed:\n%s", c.args, code, c.code, c.news, out)
		}
	}
	if pages, err := filepath.Glob(filepath.Join(reports, "*.html")); err != nil || len(pages) == 0 {
		t.Errorf("reports: %v, %v", pages, err)
	}
}
