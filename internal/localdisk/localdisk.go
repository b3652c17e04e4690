// Package localdisk tells a local disk from a network file system.
//
// SQLite's write-ahead log needs memory that all its processes share, and locks that hold on the instant. Network file systems promise neither:
// a database there works until two machines, or two mounts, disagree about it. So what must not be lost is refused there, with the reason.
package localdisk

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
)

// ErrRemote is found, with errors.Is, in the error about a path that is not on a local disk.
var ErrRemote = errors.New("locks and shared memory cannot be relied on there")

// Check refuses a path on a network file system with an [ErrRemote] that names the system. The path need not exist yet: then the nearest folder
// above it that does decides. Where the operating system does not tell, nothing is refused.
func Check(path string) error {
	there, err := existing(path)
	if err != nil {
		return err
	}
	name, err := remote(there)
	if err != nil {
		return fmt.Errorf("file system of %s: %w", there, err)
	}
	if name == "" {
		return nil
	}
	return fmt.Errorf("%s is on a network file system (%s): %w", there, name, ErrRemote)
}

// existing is the path itself, or the nearest folder above it that exists.
func existing(path string) (string, error) {
	path, err := filepath.Abs(path)
	if err != nil {
		return "", err
	}
	for {
		switch _, err := os.Stat(path); {
		case err == nil:
			return path, nil
		case !errors.Is(err, fs.ErrNotExist) || filepath.Dir(path) == path:
			return "", err
		}
		path = filepath.Dir(path)
	}
}
