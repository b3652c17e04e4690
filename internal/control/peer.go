package control

import (
	"errors"
	"fmt"
	"net"
	"os"
)

// errStranger is the end of a connection with another user.
var errStranger = errors.New("the process at the other end of the socket is another user's")

// knowPeer refuses a connection with a process of another user, where the system tells.
func knowPeer(conn *net.UnixConn) error {
	uid, known, err := peerUser(conn)
	if err != nil {
		return fmt.Errorf("who is at the other end of the socket: %w", err)
	}
	if known && uid != os.Geteuid() {
		return fmt.Errorf("%w (%d)", errStranger, uid)
	}
	return nil
}
