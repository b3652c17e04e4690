package watcher

import "golang.org/x/sys/unix"

// isWritten asks for a lease to read the file, which the system refuses with EAGAIN while anyone has it open for writing, and gives it back at once. Only the
// owner of a file, or root, may ask: for others the answer is no. O_NONBLOCK is for what became a pipe a moment ago.
func isWritten(path string) bool {
	fd, err := unix.Open(path, unix.O_RDONLY|unix.O_NONBLOCK|unix.O_NOFOLLOW|unix.O_CLOEXEC, 0)
	if err != nil {
		return false
	}
	defer unix.Close(fd)
	_, err = unix.FcntlInt(uintptr(fd), unix.F_SETLEASE, unix.F_RDLCK)
	if err == nil {
		_, _ = unix.FcntlInt(uintptr(fd), unix.F_SETLEASE, unix.F_UNLCK) // closing would do it, too
	}
	return err == unix.EAGAIN
}
