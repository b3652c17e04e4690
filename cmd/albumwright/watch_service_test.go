//go:build unix

package main

import (
	"bufio"
	"bytes"
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/albumwright/albumwright/internal/fixture"
)

// serviceManager is what systemd is to a service: it takes what the service says on a socket.
type serviceManager struct {
	t      *testing.T
	socket string
	mu     sync.Mutex
	said   []string // guarded by mu
}

func newServiceManager(t *testing.T) *serviceManager {
	t.Helper()
	dir, err := os.MkdirTemp("", "sm")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = os.RemoveAll(dir) })
	m := &serviceManager{t: t, socket: filepath.Join(dir, "notify")}
	conn, err := net.ListenUnixgram("unixgram", &net.UnixAddr{Name: m.socket, Net: "unixgram"})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = conn.Close() })
	go func() {
		text := make([]byte, 8<<10)
		for {
			n, err := conn.Read(text)
			if err != nil {
				return
			}
			m.mu.Lock()
			m.said = append(m.said, string(text[:n]))
			m.mu.Unlock()
		}
	}()
	return m
}

// await waits until something that begins so was said, and forgets all up to it.
func (m *serviceManager) await(prefix string) string {
	m.t.Helper()
	var found string
	eventually(m.t, "the service manager hears "+prefix, func() bool {
		m.mu.Lock()
		defer m.mu.Unlock()
		for i, text := range m.said {
			if strings.HasPrefix(text, prefix) {
				found, m.said = text, m.said[i+1:]
				return true
			}
		}
		return false
	})
	return found
}

// eventually waits until something is true.
func eventually(t *testing.T, what string, true func() bool) {
	t.Helper()
	tick := time.NewTicker(10 * time.Millisecond)
	defer tick.Stop()
	for end := time.Now().Add(atLongest); !true(); <-tick.C {
		if time.Now().After(end) {
			t.Fatalf("waited in vain until %s", what)
		}
	}
}

// said is a buffer that is written to by one and read by others.
type said struct {
	mu   sync.Mutex
	text bytes.Buffer // guarded by mu
}

// Write implements [io.Writer].
func (s *said) Write(p []byte) (int, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.text.Write(p)
}

func (s *said) String() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.text.String()
}

func TestAWatchIsAServiceOfSystemd(t *testing.T) {
	m, dir := newServiceManager(t), t.TempDir()
	program, log := programOf(t, dir), &said{}
	config := filepath.Join(dir, "config.yaml")
	configure := func(text string) {
		t.Helper()
		if err := os.WriteFile(config, []byte("settle: 50ms\nbatch-timeout: 50ms\n"+text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	hook := filepath.Join(dir, "hook")
	if err := os.WriteFile(hook, []byte("#!/bin/sh\ncat >>'"+dir+"/told'\n"), 0o755); err != nil {
		t.Fatal(err)
	}
	one := fmt.Sprintf("folders:\n  - path: %s/one\n", dir)
	configure(one)
	env := slices.Concat(os.Environ(), serve(t), []string{"XDG_STATE_HOME=" + filepath.Join(dir, "state"), "XDG_RUNTIME_DIR=" + filepath.Dir(m.socket), "ALBUMWRIGHT_CONFIG=" + config})
	photo := func(path string, n int) {
		t.Helper()
		put(t, dir, path, fixture.TinyJPEG(n, time.Date(2024, 5, 18, 12, n, 0, 0, time.UTC)))
	}
	photo("one/1.jpg", 1)

	watch := exec.CommandContext(t.Context(), program, "watch", "--exec-after", hook)
	watch.Env = append(env, "NOTIFY_SOCKET="+m.socket, "WATCHDOG_USEC=150000") // asked each 50 ms
	watch.Stderr = log
	if err := watch.Start(); err != nil {
		t.Fatal(err)
	}
	signal := func(s syscall.Signal) {
		t.Helper()
		if err := watch.Process.Signal(s); err != nil {
			t.Fatal(err)
		}
	}
	call := func(args ...string) string {
		t.Helper()
		cmd := exec.CommandContext(t.Context(), program, args...)
		cmd.Env = env
		out, err := cmd.CombinedOutput()
		if err != nil {
			t.Fatalf("%q: %v\n%s", args, err, out)
		}
		return string(out)
	}
	becomes := func(text string, args ...string) { // a ledger that is being made cannot be read yet
		t.Helper()
		eventually(t, fmt.Sprintf("%q says %s", args, text), func() bool {
			cmd := exec.CommandContext(t.Context(), program, args...)
			cmd.Env = env
			out, err := cmd.Output()
			return err == nil && strings.Contains(string(out), text)
		})
	}
	logged := func(text string) {
		t.Helper()
		eventually(t, "the log says "+text, func() bool { return strings.Contains(log.String(), text) })
	}
	defer func() {
		if t.Failed() {
			t.Logf("log:\n%s", log)
		}
	}()

	m.await("READY=1")
	m.await("STATUS=idle: all that is complete is in the library")
	m.await("WATCHDOG=1") // behind each status
	becomes("1 in the service", "status")

	// The configuration is read again; a bad one is said, and the old one stays.
	configure("settel: 1s\n" + one)
	signal(syscall.SIGHUP)
	if text := m.await("RELOADING=1"); !strings.HasPrefix(text, "RELOADING=1\nMONOTONIC_USEC=") {
		t.Errorf("it says %q", text)
	}
	m.await("READY=1")
	logged(`the configuration was not taken, the old one holds: ` + config + `: line 3, column 1: unknown key "settel"`)
	configure(one + fmt.Sprintf("  - path: %s/two\n    account: family\n", dir))
	photo("two/2.jpg", 2)
	signal(syscall.SIGHUP)
	m.await("READY=1")
	becomes("1 in the service", "status", "--account", "family")

	// It is told from outside, for either account.
	call("pause", "--account", "family")
	m.await("STATUS=paused")
	photo("one/3.jpg", 3)
	call("rescan")
	m.await("STATUS=paused: 1 file on the way")
	call("resume")
	becomes("2 in the service", "status")
	if out := call("status", "--json"); !strings.Contains(out, fmt.Sprintf(`{"message_type":"watch","pid":%d,`, watch.Process.Pid)) {
		t.Errorf("status %s", out)
	}

	// A file that failed is tried again when a person says so.
	broken := fixture.TinyJPEG(4, time.Date(2024, 5, 18, 12, 0, 0, 0, time.UTC))
	put(t, dir, "one/broken.jpg", broken[:len(broken)/2])
	m.await("STATUS=idle: all that is complete is in the library; 1 file failed")
	if out := call("retry", filepath.Join(dir, "one", "broken.jpg")); !strings.Contains(out, "broken.jpg again") {
		t.Errorf("retry: %s", out)
	}

	second := exec.CommandContext(t.Context(), program, "watch", filepath.Join(dir, "three"))
	second.Env = env
	if out, err := second.CombinedOutput(); err == nil || second.ProcessState.ExitCode() != 11 || !strings.Contains(string(out), "a watch is running already") {
		t.Errorf("a second watch: %v\n%s", err, out)
	}

	signal(syscall.SIGTERM)
	m.await("STOPPING=1")
	if err := watch.Wait(); err != nil {
		t.Errorf("it ended with %v", err)
	}
	wantStamped(t, log.String())
	told, err := os.ReadFile(filepath.Join(dir, "told"))
	if n := strings.Count(string(told), `{"message_type":"batch"`); err != nil || n < 1 || !strings.Contains(string(told), "uploaded") {
		t.Errorf("the hook was told %q, %v", told, err)
	}
	if left, _ := filepath.Glob(filepath.Join(filepath.Dir(m.socket), "albumwright", "*")); len(left) > 0 {
		t.Errorf("it left %q", left)
	}
}

// wantStamped checks that each line of a log has its time.
func wantStamped(t *testing.T, log string) {
	t.Helper()
	for lines := bufio.NewScanner(strings.NewReader(log)); lines.Scan(); {
		stamp, _, _ := strings.Cut(lines.Text(), " ")
		if _, err := time.Parse(time.RFC3339, stamp); err != nil {
			t.Errorf("a line without its time: %s", lines.Text())
		}
	}
}

// The journal has times of its own.
func TestTheJournalGetsNoTimesTwice(t *testing.T) {
	f, err := os.Create(filepath.Join(t.TempDir(), "log"))
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = f.Close() }()
	info, err := f.Stat()
	if err != nil {
		t.Fatal(err)
	}
	st := info.Sys().(*syscall.Stat_t)
	t.Setenv("JOURNAL_STREAM", fmt.Sprintf("%d:%d", st.Dev, st.Ino))
	newLog(f)("to the journal")
	t.Setenv("JOURNAL_STREAM", "8:1") // of the parent, whose output this is not
	newLog(f)("elsewhere")
	text, err := os.ReadFile(f.Name())
	first, second, _ := strings.Cut(string(text), "\n")
	if err != nil || first != "to the journal" || !strings.HasSuffix(second, " elsewhere\n") || len(second) < len(time.DateTime) {
		t.Errorf("%v, log:\n%s", err, text)
	}
}
