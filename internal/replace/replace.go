// Package replace puts a file in the place of another one, whole or not at all: whoever reads it sees the old one or the new one, and a full disk or a power
// cut costs neither.
package replace

import (
	"bufio"
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
)

// File makes body the content of the file at path, with these permissions. What it returned for is on the disk.
func File(path string, mode fs.FileMode, body []byte) error {
	return With(path, mode, func(w io.Writer) error {
		_, err := w.Write(body)
		return err
	})
}

// With does so with what write writes, whose error it returns.
func With(path string, mode fs.FileMode, write func(io.Writer) error) error {
	part, err := os.CreateTemp(filepath.Dir(path), "."+filepath.Base(path)+".*.part") // for its owner alone, as yet
	if err != nil {
		return err
	}
	out := bufio.NewWriter(part)
	err = errors.Join(write(out), out.Flush(), part.Chmod(mode), part.Sync(), part.Close())
	if err == nil {
		err = os.Rename(part.Name(), path)
	}
	if err != nil {
		return errors.Join(err, os.Remove(part.Name()))
	}
	return Settle(filepath.Dir(path))
}

// Settle puts the names in a folder on the disk. Windows has no such thing.
func Settle(dir string) error {
	if runtime.GOOS == "windows" {
		return nil
	}
	d, err := os.Open(dir)
	if err != nil {
		return err
	}
	return errors.Join(d.Sync(), d.Close())
}
