package main

import (
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"testing"
	"time"
)

// A crash leaves no file with all that was in memory, whatever the user's limit allows: the program has lowered it by the time that it does anything.
func TestACrashLeavesNoCoreFile(t *testing.T) {
	cmd := exec.CommandContext(t.Context(), "sh", "-c", `ulimit -c unlimited || exit 0; exec "$0" emulator --listen 127.0.0.1:0`, programOf(t, t.TempDir()))
	said, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	defer func() { _, _ = cmd.Process.Kill(), cmd.Wait() }()
	watchdog := time.AfterFunc(atLongest, func() { _ = cmd.Process.Kill() })
	defer watchdog.Stop()
	if _, err := said.Read(make([]byte, 1)); err != nil { // it has begun
		t.Skip("this user may not raise the limit, so there is nothing to lower")
	}
	limits, err := os.ReadFile(filepath.Join("/proc", strconv.Itoa(cmd.Process.Pid), "limits"))
	if err != nil {
		t.Fatal(err)
	}
	if !regexp.MustCompile(`Max core file size +0 +0 `).Match(limits) {
		t.Errorf("the limits are\n%s", limits)
	}
}
