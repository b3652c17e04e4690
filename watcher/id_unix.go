//go:build unix

package watcher

import (
	"io/fs"
	"syscall"
)

func idOf(info fs.FileInfo) FileID {
	st, ok := info.Sys().(*syscall.Stat_t)
	if !ok {
		return FileID{}
	}
	// The width of both differs between systems.
	return FileID{Device: uint64(st.Dev), Inode: uint64(st.Ino)}
}
