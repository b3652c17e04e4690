// Package cameracard_test runs the script as a user would: the built program, a card in a folder, and an emulator on a real socket.
package cameracard_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/albumwright/albumwright/internal/exampletest"
	"github.com/albumwright/albumwright/internal/samples"
)

func TestTheScriptTellsTheNews(t *testing.T) {
	if code, out := exampletest.Run(t, nil, "sh", "-n", "ingest-card.sh"); code != 0 {
		t.Fatalf("sh -n: %s", out)
	}
	dir := t.TempDir()
	mount := filepath.Join(dir, "card")
	if _, err := samples.Write(filepath.Join(mount, "DCIM")); err != nil {
		t.Fatal(err)
	}
	notify := filepath.Join(dir, "notify")
	if err := os.WriteFile(notify, []byte("#!/bin/sh\necho \"NEWS $1\"\n"), 0o755); err != nil {
		t.Fatal(err)
	}
	reports := filepath.Join(dir, "reports")
	env := append(exampletest.Serve(t), "ALBUMWRIGHT="+exampletest.Program(t), "REPORTS="+reports, "XDG_STATE_HOME="+filepath.Join(dir, "state"), "NOTIFY="+notify)
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
		code, out := exampletest.Run(t, env, "sh", append([]string{"ingest-card.sh"}, c.args...)...)
		if code != c.code || !strings.Contains(out, c.news) {
			t.Errorf("%q: exit code %d, want %d and %q; it printed:\n%s", c.args, code, c.code, c.news, out)
		}
	}
	if pages, err := filepath.Glob(filepath.Join(reports, "*.html")); err != nil || len(pages) == 0 {
		t.Errorf("reports: %v, %v", pages, err)
	}
}
