//go:build unix

package hooks_test

import (
	"context"
	"encoding/json"
	"errors"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/albumwright/albumwright/internal/hooks"
	"github.com/albumwright/albumwright/internal/report"
)

// script writes a program for a shell.
func script(t *testing.T, text string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "a hook")
	if err := os.WriteFile(path, []byte("#!/bin/sh\n"+text), 0o755); err != nil {
		t.Fatal(err)
	}
	return path
}

// execHook makes a hook of a command; the returned function gives what was logged.
func execHook(t *testing.T, command string, env ...string) (hooks.Hook, func() string) {
	t.Helper()
	var log []string
	h, err := hooks.Exec(command, append([]string{"PATH=" + os.Getenv("PATH")}, env...), func(line string) { log = append(log, line) })
	if err != nil {
		t.Fatal(err)
	}
	return h, func() string { return strings.Join(log, "\n") }
}

func TestAProgramIsToldTheNewsAndNoSecret(t *testing.T) {
	dir := t.TempDir()
	path := script(t, `cat >"$1/stdin"; env >"$1/env"; echo "$2" >"$1/word"; echo done; echo 'odd: \033[31m' >&2`)
	h, log := execHook(t, "'"+path+"' "+dir+` "two words; rm -rf $HOME"`, "HOME=/home/a", "ALBUMWRIGHT_ACCOUNT=family", "ALBUMWRIGHT_ACCESS_TOKEN=ya29.x",
		"ALBUMWRIGHT_TOKEN_PASSPHRASE=x", "ALBUMWRIGHT_WEBHOOK=https://x", "ALBUMWRIGHT_PROXY=http://u:p@x", "NOTIFY_SOCKET=/run/x", "WATCHDOG_USEC=1")
	n := hooks.News{Kind: hooks.Batch, Time: time.Unix(0, 0).UTC(), Text: "2 uploaded", Ends: map[report.End]int{report.Uploaded: 2}}
	if err := h.Send(t.Context(), n); err != nil {
		t.Fatal(err)
	}
	read := func(name string) string {
		t.Helper()
		text, err := os.ReadFile(filepath.Join(dir, name))
		if err != nil {
			t.Fatal(err)
		}
		return string(text)
	}
	var got hooks.News
	if err := json.Unmarshal([]byte(read("stdin")), &got); err != nil || cmp.Diff(n, got) != "" || !strings.HasPrefix(read("stdin"), `{"message_type":"batch",`) {
		t.Errorf("stdin %s, %v", read("stdin"), err)
	}
	env := read("env")
	for _, want := range []string{"HOME=/home/a\n", "ALBUMWRIGHT_ACCOUNT=family\n", "ALBUMWRIGHT_NEWS=batch\n", "ALBUMWRIGHT_NEWS_TEXT=2 uploaded\n"} {
		if !strings.Contains(env, want) {
			t.Errorf("%q is missing in its environment", want)
		}
	}
	for _, secret := range []string{"TOKEN", "PASS", "WEBHOOK", "PROXY", "NOTIFY_SOCKET", "WATCHDOG"} {
		if strings.Contains(env, secret) {
			t.Errorf("%s is in its environment:\n%s", secret, env)
		}
	}
	if got := read("word"); got != "two words; rm -rf $HOME\n" {
		t.Errorf("word %q: a shell has read it", got)
	}
	if want := "hook " + path + ": done\nhook " + path + `: odd: \x1b[31m`; !strings.HasPrefix(log(), "hook "+path+": done\n") || strings.Contains(log(), "\x1b") {
		t.Errorf("log %q, want %q", log(), want)
	}
}

func TestAProgramThatFailsWasNotTold(t *testing.T) {
	h, log := execHook(t, "'"+script(t, "yes | head -c 1000000; exit 7")+"'")
	if err := h.Send(t.Context(), hooks.News{}); err == nil || err.Error() != "exit status 7" {
		t.Errorf("error %v", err)
	}
	if n := strings.Count(log(), "\n"); n != 19 {
		t.Errorf("%d lines were logged, want the first 20", n+1)
	}
}

// A program that hangs is killed when its time is over, with all that it began.
func TestAProgramThatHangsIsKilledWithItsChildren(t *testing.T) {
	pids := filepath.Join(t.TempDir(), "pids")
	h, _ := execHook(t, "'"+script(t, `sleep 1000 & echo $! >"$1.new"; mv "$1.new" "$1"; wait`)+"' "+pids)
	over := errors.New("its time is over")
	ctx, stop := context.WithCancelCause(t.Context())
	go func() {
		for ctx.Err() == nil {
			if _, err := os.Stat(pids); err == nil {
				stop(over)
			}
		}
	}()
	if err := h.Send(ctx, hooks.News{}); !errors.Is(err, over) {
		t.Errorf("error %v", err)
	}
	text, err := os.ReadFile(pids)
	if err != nil {
		t.Fatal(err)
	}
	child, err := strconv.Atoi(strings.TrimSpace(string(text)))
	if err != nil {
		t.Fatal(err)
	}
	for began := time.Now(); !dead(child); {
		if time.Since(began) > 2*time.Minute {
			t.Fatalf("its child %d lives", child)
		}
	}
}

// dead tells whether a process has ended; whose parent has, too, waits for init.
func dead(pid int) bool {
	if syscall.Kill(pid, 0) != nil {
		return true
	}
	stat, err := os.ReadFile("/proc/" + strconv.Itoa(pid) + "/stat")
	return err == nil && strings.Contains(string(stat), ") Z ")
}

func TestACommandIsPartedIntoWords(t *testing.T) {
	for _, c := range []struct {
		command string
		want    []string
	}{
		{"", nil},
		{"  a\tb  ", []string{"a", "b"}},
		{`'a b' "c d"e`, []string{"a b", "c de"}},
		{`"" ''`, []string{"", ""}},
		{`a\ b \"c\" \\d`, []string{"a b", `"c"`, `\d`}},
		{`"say \"hi\"" 'say \"hi\"'`, []string{`say "hi"`, `say \"hi\"`}},
		{`C:\Hooks\run.exe $HOME *.jpg`, []string{`C:\Hooks\run.exe`, "$HOME", "*.jpg"}},
		{`ä 'ö`, nil},
	} {
		got, err := hooks.Words(c.command)
		if diff := cmp.Diff(c.want, got); diff != "" || (err != nil) != (c.command == `ä 'ö`) {
			t.Errorf("%s: %v\n%s", c.command, err, diff)
		}
	}
}

func TestACommandThatCannotBeRunIsRefusedAtOnce(t *testing.T) {
	for command, want := range map[string]string{
		" ":               "there is no program in it",
		"'unclosed":       "a quote ' is not closed",
		"no-such-program": "executable file not found",
		"/no/such a":      "no such file",
	} {
		if _, err := hooks.Exec(command, nil, nil); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: error %v, want %q", command, err, want)
		}
	}
}

// A stand-in shows with which words the desktop's program is called.
func TestTheDesktopIsTold(t *testing.T) {
	dir := t.TempDir()
	for _, program := range []string{"notify-send", "osascript"} {
		if err := os.WriteFile(filepath.Join(dir, program), []byte("#!/bin/sh\nprintf '%s\\n' \"$@\" >"+dir+"/words\n"), 0o755); err != nil {
			t.Fatal(err)
		}
	}
	t.Setenv("PATH", dir)
	n := hooks.News{Kind: hooks.Trouble, Text: "/a <b> & c is offline"}
	for system, want := range map[string]string{
		"linux":  "--app-name=albumwright\n--urgency=critical\n--\nalbumwright: trouble\n/a &lt;b&gt; &amp; c is offline\n",
		"darwin": "-e\non run argv\n-e\ndisplay notification (item 2 of argv) with title (item 1 of argv)\n-e\nend run\n--\nalbumwright: trouble\n/a <b> & c is offline\n",
	} {
		h, err := hooks.Desktop(system)
		if err != nil {
			t.Fatal(err)
		}
		if err := h.Send(t.Context(), n); err != nil {
			t.Error(err)
		}
		got, err := os.ReadFile(filepath.Join(dir, "words"))
		if diff := cmp.Diff(want, string(got)); err != nil || diff != "" {
			t.Errorf("%s: %v\n%s", system, err, diff)
		}
	}
	t.Setenv("PATH", t.TempDir())
	for system, want := range map[string]string{"linux": "there is no notify-send", "windows": "this system has no program that shows notifications"} {
		if _, err := hooks.Desktop(system); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: error %v, want %q", system, err, want)
		}
	}
}
