//go:build darwin || freebsd

package control

import (
	"net"

	"golang.org/x/sys/unix"
)

// localLevel is SOL_LOCAL, the level of options of Unix sockets, which the system's headers name and the Go packages do not.
const localLevel = 0

// peerUser is the user at the other end of a connection, as the system says.
func peerUser(conn *net.UnixConn) (uid int, known bool, err error) {
	raw, err := conn.SyscallConn()
	if err != nil {
		return 0, false, err
	}
	var cred *unix.Xucred
	var credErr error
	if err := raw.Control(func(fd uintptr) { cred, credErr = unix.GetsockoptXucred(int(fd), localLevel, unix.LOCAL_PEERCRED) }); err != nil {
		return 0, false, err
	}
	if credErr != nil {
		return 0, false, credErr
	}
	return int(cred.Uid), true, nil
}
