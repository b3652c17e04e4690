//go:build !linux && !darwin && !freebsd

package doctor

import (
	"errors"
	"syscall"
)

// freeBytes would be how much can still be written; here only the attempt tells.
func freeBytes(string) (uint64, bool) { return 0, false }

// diskFull is ERROR_DISK_FULL of Windows.
const diskFull = syscall.Errno(112)

// noRoom tells whether an error says that a disk is full.
func noRoom(err error) bool { return errors.Is(err, diskFull) }
