//go:build darwin || dragonfly || freebsd || linux || netbsd || openbsd

package watcher

import (
	"os"
	"syscall"
)

// openFolder opens a folder for listing. What was a folder when its parent was
// listed may be something else by now: O_DIRECTORY keeps a named pipe from
// holding us for ever, and O_NOFOLLOW keeps a link from leading us out of the
// root. Only a root itself may be a link.
func openFolder(path string, isRoot bool) (*os.File, error) {
	flags := os.O_RDONLY | syscall.O_DIRECTORY
	if !isRoot {
		flags |= syscall.O_NOFOLLOW
	}
	return os.OpenFile(path, flags, 0)
}
