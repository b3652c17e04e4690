package offload

import (
	"errors"

	"golang.org/x/sys/windows"
)

func goneBySystem(err error) bool {
	return isAny(err, windows.ERROR_NOT_READY, windows.ERROR_DEV_NOT_EXIST, windows.ERROR_NO_SUCH_DEVICE, windows.ERROR_DEVICE_NOT_CONNECTED, windows.ERROR_NO_MEDIA_IN_DRIVE, windows.ERROR_DEVICE_REMOVED)
}

func fullBySystem(err error) bool {
	return isAny(err, windows.ERROR_DISK_FULL, windows.ERROR_HANDLE_DISK_FULL, windows.ERROR_DISK_QUOTA_EXCEEDED)
}

func tooLargeBySystem(err error) bool { return isAny(err, windows.ERROR_FILE_TOO_LARGE) }

func isAny(err error, numbers ...windows.Errno) bool {
	for _, number := range numbers {
		if errors.Is(err, number) {
			return true
		}
	}
	return false
}
