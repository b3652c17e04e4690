package watcher

import (
	"os"
	"strings"
)

// sysctl is what a limit of inotify is now, for a message: " (now 8192)".
func sysctl(name string) string {
	b, err := os.ReadFile("/proc/sys/fs/inotify/" + name)
	if err != nil {
		return ""
	}
	return " (now " + strings.TrimSpace(string(b)) + ")"
}
