//go:build unix

package hooks

import (
	"os/exec"
	"syscall"
)

// killAll lets the end of its context kill a program with all that it began, and keeps a terminal's Ctrl-C from it: that is meant for the watch.
func killAll(cmd *exec.Cmd) {
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	cmd.Cancel = func() error { return syscall.Kill(-cmd.Process.Pid, syscall.SIGKILL) }
}
