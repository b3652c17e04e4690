//go:build linux || darwin || freebsd

package doctor

import (
	"errors"
	"syscall"
)

// freeBytes is how much this user may still write to the disk of a folder.
func freeBytes(dir string) (uint64, bool) {
	var st syscall.Statfs_t
	if err := syscall.Statfs(dir, &st); err != nil {
		return 0, false
	}
	blocks := int64(st.Bavail) // below zero on FreeBSD, where only root has room left
	return uint64(max(blocks, 0)) * uint64(st.Bsize), true
}

// noRoom tells whether an error says that a disk, or this user's share of it, is full.
func noRoom(err error) bool { return errors.Is(err, syscall.ENOSPC) || errors.Is(err, syscall.EDQUOT) }
