package offload

import (
	"errors"
	"os"
	"path/filepath"
	"time"

	"golang.org/x/sys/unix"
)

func setTime(f *os.File, t time.Time) error { return os.Chtimes(f.Name(), t, t) }

// beginSync does nothing: macOS has no call for that.
func beginSync(*os.File, int64, int64) {}

func openQuietly(name string, _ int) (*os.File, error) { return os.Open(name) }

func renameNew(from, to string) error {
	err := unix.RenamexNp(from, to, unix.RENAME_EXCL)
	switch {
	case err == nil:
		return nil
	case errors.Is(err, unix.ENOTSUP), errors.Is(err, unix.EINVAL): // FAT does not know it, nor links
		return guarded(from, to)
	}
	return &os.LinkError{Op: "rename", Old: from, New: to, Err: err}
}

func (system) SyncDir(name string) error {
	d, err := os.Open(name)
	if err != nil {
		return err
	}
	defer func() { _ = d.Close() }()
	if err := d.Sync(); err != nil && !errors.Is(err, unix.ENOTSUP) && !errors.Is(err, unix.EINVAL) {
		return err
	}
	return nil
}

// openCold asks for reads that leave no trace in memory. What is there already may still be served, and the system does not tell: so nothing is said of it.
func openCold(name string) (Reader, bool, error) {
	f, err := os.Open(name)
	if err != nil {
		return nil, false, err
	}
	_, _ = unix.FcntlInt(f.Fd(), unix.F_NOCACHE, 1)
	return f, false, nil
}

// Volume has no FSID: the system's own numbers of file systems change from mount to mount.
func (system) Volume(path string) (Volume, error) {
	var st unix.Statfs_t
	if err := unix.Statfs(path, &st); err != nil {
		return Volume{}, &os.PathError{Op: "statfs", Path: path, Err: err}
	}
	block := int64(st.Bsize)
	v := Volume{
		Mount: unix.ByteSliceToString(st.Mntonname[:]), Device: unix.ByteSliceToString(st.Mntfromname[:]), Type: unix.ByteSliceToString(st.Fstypename[:]),
		Size: int64(st.Blocks) * block, Free: int64(st.Bavail) * block, Block: block,
	}
	if filepath.Dir(v.Mount) == "/Volumes" {
		v.Label = filepath.Base(v.Mount)
	}
	return v, nil
}
