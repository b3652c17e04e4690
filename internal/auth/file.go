package auth

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"

	"github.com/albumwright/albumwright/internal/replace"
)

// makeFolder makes a folder for its owner alone.
func makeFolder(dir string) error { return os.MkdirAll(dir, 0o700) }

// writeFile replaces a file, whole or not at all, for its owner alone. What it returned for is on the disk.
func writeFile(path string, text []byte) error {
	if err := makeFolder(filepath.Dir(path)); err != nil {
		return err
	}
	return replace.File(path, 0o600, text)
}

// removeFile removes a file for good. One that is not there is removed.
func removeFile(path string) error {
	if err := os.Remove(path); err != nil {
		if errors.Is(err, fs.ErrNotExist) {
			return nil
		}
		return err
	}
	return replace.Settle(filepath.Dir(path))
}

// readPrivate reads a file that is its owner's alone. One that others can read is closed to them, and the user told.
func (a *Accounts) readPrivate(path string) ([]byte, error) {
	info, err := os.Stat(path)
	if err != nil {
		return nil, err
	}
	if loose := info.Mode().Perm() & 0o077; loose != 0 && runtime.GOOS != "windows" {
		if err := os.Chmod(path, info.Mode().Perm()&^0o077); err != nil {
			return nil, &Error{What: "others on this machine can read " + path, Do: "chmod 600 it, as the user that it belongs to", Err: err}
		}
		a.cfg.Warn(fmt.Sprintf("%s was readable by others on this machine (mode %04o); now it is not. If you do not trust them, sign out and in again", path, info.Mode().Perm()))
	}
	return os.ReadFile(path)
}
