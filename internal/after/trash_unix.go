//go:build unix && !darwin

package after

import (
	"errors"
	"fmt"
	"io/fs"
	"net/url"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"time"
)

func trashable() error { return nil }

// trash puts the file into the trash as desktops know it (the FreeDesktop.org trash specification, version 1.0): that of the user, if it is on the file's own
// file system, or else one at the top of that.
func trash(path, dataHome string) (string, error) {
	abs, err := filepath.Abs(path)
	if err != nil {
		return path, err
	}
	can, recorded, err := trashFor(abs, dataHome)
	if err != nil {
		return path, err
	}
	for _, sub := range []string{"files", "info"} {
		if err := os.MkdirAll(filepath.Join(can, sub), 0o700); err != nil {
			return path, err
		}
	}
	info, name, err := note(can, filepath.Base(abs), recorded)
	if err != nil {
		return path, err
	}
	to := filepath.Join(can, "files", name)
	if err := os.Rename(abs, to); err != nil {
		return path, errors.Join(err, os.Remove(info))
	}
	return to, nil
}

// note writes where a file came from, under a name that no other file in the trash has.
func note(can, name, recorded string) (info, taken string, err error) {
	ext := filepath.Ext(name)
	for n := 1; ; n++ {
		taken = name
		if n > 1 {
			taken = fmt.Sprintf("%s.%d%s", strings.TrimSuffix(name, ext), n, ext)
		}
		info = filepath.Join(can, "info", taken+".trashinfo")
		f, err := os.OpenFile(info, os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o600)
		if errors.Is(err, fs.ErrExist) {
			continue
		}
		if err != nil {
			return "", "", err
		}
		_, err = fmt.Fprintf(f, "[Trash Info]\nPath=%s\nDeletionDate=%s\n", (&url.URL{Path: recorded}).EscapedPath(), time.Now().Format("2006-01-02T15:04:05"))
		return info, taken, errors.Join(err, f.Sync(), f.Close())
	}
}

// trashFor finds the trash for a file, and the path that is recorded there: absolute in the user's own, relative to the top elsewhere.
func trashFor(path, data string) (can, recorded string, err error) {
	home, err := userTrash(data)
	if err != nil {
		return "", "", err
	}
	device, err := deviceOf(filepath.Dir(path))
	if err != nil {
		return "", "", err
	}
	if here, err := deviceOf(home); err == nil && here == device {
		return home, path, nil
	}
	top := filepath.Dir(path)
	for {
		up := filepath.Dir(top)
		if d, err := deviceOf(up); up == top || err != nil || d != device {
			break
		}
		top = up
	}
	recorded, err = filepath.Rel(top, path)
	return filepath.Join(top, ".Trash-"+strconv.Itoa(os.Getuid())), recorded, err
}

// userTrash is the user's own trash, which is made if it is not there.
func userTrash(data string) (string, error) {
	if !filepath.IsAbs(data) {
		home, err := os.UserHomeDir()
		if err != nil {
			return "", err
		}
		data = filepath.Join(home, ".local", "share")
	}
	can := filepath.Join(data, "Trash")
	return can, os.MkdirAll(can, 0o700)
}

func deviceOf(path string) (uint64, error) {
	info, err := os.Stat(path)
	if err != nil {
		return 0, err
	}
	st, ok := info.Sys().(*syscall.Stat_t)
	if !ok {
		return 0, errors.New("the system gives no device")
	}
	return uint64(st.Dev), nil
}
