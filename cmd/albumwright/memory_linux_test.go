package main

import (
	"fmt"
	"os"
	"strings"
	"syscall"
)

// peakMemory is the largest resident size of a process that has ended, in bytes.
func peakMemory(p *os.ProcessState) int64 { return p.SysUsage().(*syscall.Rusage).Maxrss << 10 }

// peakOfRunning is the largest resident size so far of a process that runs, in bytes; 0 if it has ended.
func peakOfRunning(pid int) (bytes int64) {
	status, _ := os.ReadFile(fmt.Sprintf("/proc/%d/status", pid))
	_, line, _ := strings.Cut(string(status), "VmHWM:")
	_, _ = fmt.Sscan(line, &bytes) // in kB
	return bytes << 10
}
