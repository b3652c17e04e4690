package after

import (
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"syscall"
)

// move puts the file below the action's folder, as it stood below root, and never over another file.
func (a Action) move(ctx context.Context, root, path string, was fs.FileInfo, want [sha256.Size]byte) (string, error) {
	rel, err := filepath.Rel(root, path)
	if err != nil || rel == "." || strings.HasPrefix(rel, "..") {
		rel = filepath.Base(path)
	}
	to := filepath.Join(a.dir, rel)
	if err := makeFolder(filepath.Dir(to)); err != nil {
		return path, err
	}
	to, err = free(to)
	if err != nil {
		return path, err
	}
	err = os.Rename(path, to) // over the empty file that keeps the name
	if errors.Is(err, syscall.EXDEV) {
		err = carry(ctx, path, to, was, want)
	}
	if err != nil {
		return path, errors.Join(err, os.Remove(to))
	}
	return to, nil
}

// free takes a name that nobody has, with a number if it must, by making an empty file of it.
func free(to string) (string, error) {
	ext := filepath.Ext(to)
	for n := 1; ; n++ {
		name := to
		if n > 1 {
			name = fmt.Sprintf("%s (%d)%s", strings.TrimSuffix(to, ext), n, ext)
		}
		f, err := os.OpenFile(name, os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o600)
		if err == nil {
			return name, f.Close()
		}
		if !errors.Is(err, fs.ErrExist) {
			return "", err
		}
	}
}

// carry moves a file to another file system: the copy is complete, on the disk and read back before the file goes, and the file still is what it was.
func carry(ctx context.Context, path, to string, was fs.FileInfo, want [sha256.Size]byte) error {
	if err := copyFile(path, to); err != nil {
		return err
	}
	sum, err := hash(ctx, to)
	if err != nil {
		return err
	}
	if still, err := os.Lstat(path); err != nil {
		return err
	} else if sum != want || !sameFile(was, still) {
		return ErrChanged
	}
	if err := syncFolder(filepath.Dir(to)); err != nil { // before that a power cut takes the copy's name
		return err
	}
	return os.Remove(path)
}

// makeFolder makes a folder, and those above it, so that a power cut does not take it.
func makeFolder(dir string) error {
	err := os.Mkdir(dir, 0o755)
	if errors.Is(err, fs.ErrNotExist) && dir != filepath.Dir(dir) {
		if err := makeFolder(filepath.Dir(dir)); err != nil {
			return err
		}
		err = os.Mkdir(dir, 0o755)
	}
	if errors.Is(err, fs.ErrExist) {
		if info, bad := os.Stat(dir); bad != nil || !info.IsDir() {
			return errors.Join(err, bad)
		}
		return nil
	}
	if err != nil {
		return err
	}
	return syncFolder(filepath.Dir(dir))
}

// syncFolder puts the names in a folder on the disk. Windows, and some file systems, know no such thing.
func syncFolder(dir string) error {
	if runtime.GOOS == "windows" {
		return nil
	}
	d, err := os.Open(dir)
	if errors.Is(err, fs.ErrPermission) { // one may write into a folder without seeing what is in it
		return nil
	}
	if err != nil {
		return err
	}
	err = d.Sync()
	if errors.Is(err, syscall.EINVAL) || errors.Is(err, syscall.ENOTSUP) {
		err = nil
	}
	return errors.Join(err, d.Close())
}

func copyFile(path, to string) error {
	from, err := os.Open(path)
	if err != nil {
		return err
	}
	defer func() { _ = from.Close() }()
	info, err := from.Stat()
	if err != nil {
		return err
	}
	out, err := os.OpenFile(to, os.O_WRONLY|os.O_TRUNC, 0o600)
	if err != nil {
		return err
	}
	_, err = io.Copy(out, from)
	return errors.Join(err, out.Chmod(info.Mode().Perm()), os.Chtimes(to, info.ModTime(), info.ModTime()), out.Sync(), out.Close())
}
