//go:build unix

package offload

import (
	"errors"
	"syscall"
)

func goneBySystem(err error) bool {
	for _, number := range []syscall.Errno{syscall.ENODEV, syscall.ENXIO, syscall.ENOTCONN, syscall.ESTALE} {
		if errors.Is(err, number) {
			return true
		}
	}
	return noMedium(err)
}

func fullBySystem(err error) bool {
	return errors.Is(err, syscall.ENOSPC) || errors.Is(err, syscall.EDQUOT)
}

func tooLargeBySystem(err error) bool { return errors.Is(err, syscall.EFBIG) }
