package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/albumwright/albumwright/internal/control"
	"github.com/albumwright/albumwright/internal/watch"
)

// fakeWatch is a watch that notes what it is told.
type fakeWatch struct {
	mu   sync.Mutex
	told []string // guarded by mu
}

func (f *fakeWatch) note(text string) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.told = append(f.told, text)
}

func (f *fakeWatch) Snapshot() watch.Snapshot {
	return watch.Snapshot{
		State: watch.Waiting, Open: 4,
		Trouble: []watch.Trouble{{Kind: "sign-in", What: "the sign-in has ended", Do: "albumwright auth login"}},
		Folders: []watch.Folder{{Path: "/srv/in", State: "polling", Why: "nfs", Files: 1204, Settling: 3, Ready: 1}},
	}
}
func (f *fakeWatch) Changed() <-chan struct{}     { return nil }
func (f *fakeWatch) Pause(context.Context) error  { f.note("pause"); return nil }
func (f *fakeWatch) Resume(context.Context) error { f.note("resume"); return nil }
func (f *fakeWatch) Rescan()                      { f.note("rescan") }
func (f *fakeWatch) Retry(_ context.Context, path string) (int, error) {
	f.note("retry " + path)
	if path != "" && filepath.Base(path) != "failed.jpg" {
		return 0, nil
	}
	return 2, nil
}

// inProcess runs a command in this process.
func inProcess(t *testing.T, args ...string) (code int, out, err string) {
	t.Helper()
	var stdout, stderr bytes.Buffer
	code = run(t.Context(), append([]string{"albumwright"}, args...), terminal{in: strings.NewReader(""), out: &stdout, err: &stderr})
	return code, stdout.String(), stderr.String()
}

func TestCommandsReachTheRunningWatch(t *testing.T) {
	t.Setenv("XDG_STATE_HOME", t.TempDir())
	t.Setenv("XDG_CONFIG_HOME", t.TempDir())
	t.Setenv(accessTokenVar, "ya29.told-secret")
	_, ledger, _ := inProcess(t, "ledger", "path")
	_, other, _ := inProcess(t, "ledger", "path", "--account", "family")
	f := &fakeWatch{}
	s, err := control.Listen("", strings.TrimSpace(ledger))
	if err != nil {
		t.Fatal(err)
	}
	ctx, stop := context.WithCancel(t.Context())
	served := make(chan error, 1)
	go func() { served <- s.Serve(ctx, f) }()
	defer func() {
		stop()
		if err := errors.Join(<-served, s.Close()); err != nil {
			t.Error(err)
		}
	}()
	here, err := os.Getwd()
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		args []string
		code int
		says string
	}{
		{[]string{"pause"}, 0, fmt.Sprintf("The watch is paused (process %d).\n", os.Getpid())},
		{[]string{"resume", "--json"}, 0, fmt.Sprintf(`{"message_type":"told","command":"resume","pid":%d}`, os.Getpid())},
		{[]string{"rescan"}, 0, "The watch is told to look at its folders"},
		{[]string{"retry"}, 0, "tries 2 files again"},
		{[]string{"retry", "failed.jpg"}, 0, "tries " + filepath.Join(here, "failed.jpg") + " again"},
		{[]string{"retry", "--json"}, 0, `{"message_type":"retried","files":2,`},
		{[]string{"retry", "good.jpg"}, 2, "good.jpg is no file that failed"},
		{[]string{"retry", "a", "b"}, 2, `unexpected argument "b"`},
		{[]string{"pause", "now"}, 2, `unexpected argument "now"`},
		{[]string{"pause", "--account", "family"}, 2, "no watch is running"},
		{[]string{"retry", "a.jpg", "--account", "family"}, 2, "albumwright import PATH"},
		{[]string{"status"}, 0, "Watch     waiting: the sign-in has ended (albumwright auth login)\n"},
		{[]string{"status"}, 0, "-> albumwright auth login\n"},
		{[]string{"status"}, 0, "/srv/in: polling (nfs), 1,204 files, 3 not complete yet, 1 ready\n"},
		{[]string{"status", "--json"}, 0, fmt.Sprintf(`{"message_type":"watch","pid":%d,`, os.Getpid())},
		{[]string{"status", "--json"}, 0, `"state":"waiting"`},
		{[]string{"status", "--account", "family"}, 6, "there is no ledger yet"},
	} {
		if code, out, err := inProcess(t, c.args...); code != c.code || !strings.Contains(out+err, c.says) {
			t.Errorf("%q: exit code %d, want %d with %q; it printed:\n%s%s", c.args, code, c.code, c.says, out, err)
		}
	}
	want := []string{"pause", "resume", "rescan", "retry ", "retry " + filepath.Join(here, "failed.jpg"), "retry ", "retry " + filepath.Join(here, "good.jpg")}
	if diff := cmp.Diff(want, f.told); diff != "" {
		t.Errorf("it was told otherwise:\n%s", diff)
	}
	if found, _ := filepath.Glob(strings.TrimSpace(other) + "*"); len(found) > 0 {
		t.Errorf("a question left %q behind", found)
	}
}

// A watch that hangs is no reason to hang, or to hide what the ledger knows.
func TestAStatusSaysThatTheWatchDoesNotAnswer(t *testing.T) {
	t.Setenv("XDG_STATE_HOME", t.TempDir())
	t.Setenv("XDG_CONFIG_HOME", t.TempDir())
	_, ledger, _ := inProcess(t, "ledger", "path")
	s, err := control.Listen("", strings.TrimSpace(ledger)) // and nobody serves
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = s.Close() }()
	ctx, stop := context.WithTimeout(t.Context(), 50*time.Millisecond)
	defer stop()
	var out, stderr bytes.Buffer
	code := run(ctx, []string{"albumwright", "status"}, terminal{in: strings.NewReader(""), out: &out, err: &stderr})
	if code != 1 || !strings.Contains(out.String(), "the watch does not answer") || !strings.Contains(stderr.String(), "hint: it may be stuck") {
		t.Errorf("exit code %d; it printed:\n%s%s", code, out.String(), stderr.String())
	}
}

// Hooks that cannot work are refused before anything else is asked; an address is never repeated.
func TestAHookThatCannotWorkIsRefusedAtOnce(t *testing.T) {
	t.Setenv("XDG_STATE_HOME", t.TempDir())
	t.Setenv("XDG_CONFIG_HOME", t.TempDir())
	for _, c := range []struct{ flag, value, says string }{
		{"--exec-after", "no-such-program a", `--exec-after: exec: "no-such-program"`},
		{"--exec-after", "'open", "--exec-after: a quote ' is not closed"},
		{"--notify", "phone", `--notify: "phone": must be desktop`},
		{"--webhook", "ftp://example.com/hush", "--webhook: must be an address"},
		{"--webhook", "http://example.com/hush", "--webhook: http to example.com would show"},
	} {
		code, out, err := inProcess(t, "watch", c.flag, c.value, t.TempDir())
		if code != exitUsage || !strings.Contains(err, c.says) || strings.Contains(out+err, "hush") {
			t.Errorf("%s %s: exit code %d, want 2 with %q; it printed:\n%s%s", c.flag, c.value, code, c.says, out, err)
		}
	}
	t.Setenv("ALBUMWRIGHT_WEBHOOK", "https://example.com/hush")
	if code, out, err := inProcess(t, "config", "show", "--effective", "watch"); code != 0 || !strings.Contains(out, "ALBUMWRIGHT_WEBHOOK") || strings.Contains(out+err, "hush") {
		t.Errorf("exit code %d; it printed:\n%s%s", code, out, err)
	}
}
