package offload

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"time"
)

// OS is the machine's own file systems.
func OS() FS { return system{} }

type system struct{}

func (system) Lstat(name string) (fs.FileInfo, error)     { return os.Lstat(name) }
func (system) ReadDir(name string) ([]fs.DirEntry, error) { return readDir(name) }
func (system) Mkdir(name string) error                    { return os.Mkdir(name, 0o777) }
func (system) Remove(name string) error                   { return os.Remove(name) }

func (system) Open(name string) (Reader, error) {
	f, err := openQuietly(name, 0)
	if err != nil {
		return nil, err // not a Reader that holds no file
	}
	return f, nil
}

func (system) OpenCold(name string) (Reader, bool, error) { return openCold(name) }

func (system) RenameNew(from, to string) error {
	if filepath.Dir(from) != filepath.Dir(to) {
		return &os.LinkError{Op: "rename", Old: from, New: to, Err: fs.ErrInvalid}
	}
	return renameNew(from, to)
}

func (system) Create(name string) (Writer, error) {
	f, err := os.OpenFile(name, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o666)
	if err != nil {
		return nil, err
	}
	return &writer{f: f}, nil
}

// writer is a file of the machine that is written.
type writer struct {
	f       *os.File
	written int64 // bytes
	begun   int64 // of them, those that the system was asked to bring to the device
	closed  bool
}

// earlyBytes is after how much the system is asked to begin to bring a file to its device: else all of it waits for the end, and the end for all of it.
const earlyBytes = 4 << 20

func (w *writer) Write(p []byte) (int, error) {
	n, err := w.f.Write(p)
	if w.written += int64(n); w.written-w.begun >= earlyBytes {
		beginSync(w.f, w.begun, w.written-w.begun)
		w.begun = w.written
	}
	return n, err
}

func (w *writer) Commit(modTime time.Time) error {
	// A FAT disk that another user has mounted takes files and refuses their times: the bytes are worth more.
	if err := setTime(w.f, modTime); err != nil && !errors.Is(err, fs.ErrPermission) {
		return err
	}
	if err := w.f.Sync(); err != nil {
		return err
	}
	return w.Close()
}

func (w *writer) Close() error {
	if w.closed {
		return nil
	}
	w.closed = true
	return w.f.Close()
}

// linked gives a file its second name and takes the first away. A kill in between leaves both, and the content under each.
func linked(from, to string) error {
	if err := os.Link(from, to); err != nil {
		return err
	}
	return os.Remove(from)
}

// guarded renames where the system has no way to refuse a name that is taken: who writes that name between the look and the rename loses.
func guarded(from, to string) error {
	if _, err := os.Lstat(to); err == nil {
		return &os.LinkError{Op: "rename", Old: from, New: to, Err: fs.ErrExist}
	}
	return os.Rename(from, to)
}
