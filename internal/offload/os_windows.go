package offload

import (
	"fmt"
	"os"
	"path/filepath"
	"time"

	"golang.org/x/sys/windows"
)

// setTime sets the time through the file's own handle: what is written through it then leaves the time alone.
func setTime(f *os.File, t time.Time) error {
	when := windows.NsecToFiletime(t.UnixNano())
	return windows.SetFileTime(windows.Handle(f.Fd()), nil, nil, &when)
}

// beginSync does nothing: Windows has no call for that.
func beginSync(*os.File, int64, int64) {}

func openQuietly(name string, _ int) (*os.File, error) { return os.Open(name) }

func renameNew(from, to string) error {
	old, err := windows.UTF16PtrFromString(from)
	if err != nil {
		return err
	}
	name, err := windows.UTF16PtrFromString(to)
	if err != nil {
		return err
	}
	if err := windows.MoveFileEx(old, name, windows.MOVEFILE_WRITE_THROUGH); err != nil {
		return &os.LinkError{Op: "rename", Old: from, New: to, Err: err}
	}
	return nil
}

// SyncDir has nothing to do: renames are written through.
func (system) SyncDir(string) error { return nil }

// openCold cannot drop what memory holds, and says so.
func openCold(name string) (Reader, bool, error) {
	f, err := os.Open(name)
	if err != nil {
		return nil, false, err
	}
	return f, false, nil
}

func (system) Volume(path string) (Volume, error) {
	whole, err := filepath.Abs(path)
	if err != nil {
		return Volume{}, err
	}
	root := filepath.VolumeName(whole) + `\`
	v := Volume{Mount: root, Device: root}
	name, err := windows.UTF16PtrFromString(root)
	if err != nil {
		return v, err
	}
	var label, kind [windows.MAX_PATH + 1]uint16
	var serial uint32
	if err := windows.GetVolumeInformation(name, &label[0], uint32(len(label)), &serial, nil, nil, &kind[0], uint32(len(kind))); err != nil {
		return v, &os.PathError{Op: "look at the volume of", Path: path, Err: err}
	}
	var free, size uint64
	if err := windows.GetDiskFreeSpaceEx(name, &free, &size, nil); err != nil {
		return v, &os.PathError{Op: "ask for the space of", Path: path, Err: err}
	}
	v.FSID = fmt.Sprintf("%04X-%04X", serial>>16, serial&0xffff)
	v.Label, v.Type = windows.UTF16ToString(label[:]), windows.UTF16ToString(kind[:])
	v.Size, v.Free = int64(size), int64(free)
	return v, nil
}
