package control

import (
	"errors"
	"fmt"
	"hash/fnv"
	"net"
	"os"
	"path/filepath"
	"syscall"
)

// maxSocketPath is how long the path of a socket may be everywhere: macOS takes 104 bytes with the one that ends it, Linux and Windows 108.
const maxSocketPath = 103

// ownName is what a socket is called in a folder that was made for it alone.
const ownName = "watch.sock"

// openSocket listens in the first place that will do: the user's runtime folder, if there is one; beside the ledger; a new folder for temporary files.
func openSocket(runtimeDir, ledger string) (*net.UnixListener, error) {
	places := []string{ledger + ".sock"}
	if runtimeDir != "" {
		sum := fnv.New64a()
		_, _ = sum.Write([]byte(ledger))
		places = append([]string{filepath.Join(runtimeDir, "albumwright", fmt.Sprintf("%016x.sock", sum.Sum64()))}, places...)
	}
	var errs []error
	for _, path := range places {
		ln, err := listenAt(path)
		if err == nil {
			return ln, nil
		}
		errs = append(errs, err)
	}
	dir, err := os.MkdirTemp("", "albumwright-")
	if err != nil {
		return nil, fmt.Errorf("control socket: %w", errors.Join(append(errs, err)...))
	}
	ln, err := listenAt(filepath.Join(dir, ownName))
	if err != nil {
		return nil, fmt.Errorf("control socket: %w", errors.Join(append(errs, err, os.Remove(dir))...))
	}
	return ln, nil
}

// listenAt listens in a folder that only this user can enter. A socket that nobody listens at is replaced.
func listenAt(path string) (*net.UnixListener, error) {
	if len(path) > maxSocketPath {
		return nil, fmt.Errorf("%s: longer than the %d bytes that the path of a socket may have", path, maxSocketPath)
	}
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		return nil, err
	}
	if err := private(filepath.Dir(path)); err != nil {
		return nil, err
	}
	if err := removeDead(path); err != nil {
		return nil, err
	}
	ln, err := net.ListenUnix("unix", &net.UnixAddr{Name: path, Net: "unix"})
	if err != nil {
		return nil, err
	}
	if err := os.Chmod(path, 0o600); err != nil {
		return nil, errors.Join(err, ln.Close())
	}
	return ln, nil
}

// removeDead removes a socket that nobody listens at. One of a watch that lives may stand there: it was begun for this ledger, and has others now.
func removeDead(path string) error {
	conn, err := net.Dial("unix", path)
	switch {
	case err == nil:
		return errors.Join(fmt.Errorf("%s: another watch listens there", path), conn.Close())
	case errors.Is(err, syscall.EAGAIN): // it lives, and is called by more than it answers
		return fmt.Errorf("%s: %w", path, err)
	}
	if err := os.Remove(path); err != nil && !errors.Is(err, os.ErrNotExist) {
		return err
	}
	return nil
}

// closeSocket ends the listening, and leaves nothing behind.
func closeSocket(ln *net.UnixListener) error {
	err := ln.Close()
	if errors.Is(err, net.ErrClosed) {
		err = nil
	}
	return errors.Join(err, removeOwnFolder(ln.Addr().String()))
}

// removeOwnFolder removes the folder that was made for a socket alone.
func removeOwnFolder(path string) error {
	if filepath.Base(path) != ownName {
		return nil
	}
	if err := os.Remove(filepath.Dir(path)); !errors.Is(err, os.ErrNotExist) {
		return err
	}
	return nil
}

// removeLeft removes the socket that a dead watch has left in a folder of its own: nobody else would come there again.
func removeLeft(ledger string) {
	if r, err := readRecord(ledger); err == nil && filepath.Base(r.Socket) == ownName && removeDead(r.Socket) == nil {
		_ = removeOwnFolder(r.Socket)
	}
}
