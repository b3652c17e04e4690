package offload

import (
	"cmp"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"time"
	"unsafe"

	"golang.org/x/sys/unix"

	"github.com/albumwright/albumwright/internal/localdisk"
)

func setTime(f *os.File, t time.Time) error { return os.Chtimes(f.Name(), t, t) }

// beginSync lets the kernel begin to write, and waits for nothing. What goes wrong with that is told by the sync at the end.
func beginSync(f *os.File, from, n int64) {
	_ = unix.SyncFileRange(int(f.Fd()), from, n, unix.SYNC_FILE_RANGE_WRITE)
}

// renameNew asks the kernel for a rename that refuses a name that is taken. Old FUSE file systems do not know it; most of those know links.
func renameNew(from, to string) error {
	err := unix.Renameat2(unix.AT_FDCWD, from, unix.AT_FDCWD, to, unix.RENAME_NOREPLACE)
	switch {
	case err == nil:
		return nil
	case !errors.Is(err, unix.EINVAL) && !errors.Is(err, unix.ENOSYS):
		return &os.LinkError{Op: "rename", Old: from, New: to, Err: err}
	}
	err = linked(from, to)
	if errors.Is(err, unix.EPERM) || errors.Is(err, unix.ENOTSUP) || errors.Is(err, unix.ENOSYS) {
		return guarded(from, to)
	}
	return err
}

func (system) SyncDir(name string) error {
	d, err := os.Open(name)
	if err != nil {
		return err
	}
	defer func() { _ = d.Close() }()
	err = d.Sync()
	if errors.Is(err, unix.EINVAL) || errors.Is(err, unix.ENOTSUP) || errors.Is(err, unix.ENOSYS) { // the file system has nothing to sync there
		return nil
	}
	return err
}

func (system) Volume(path string) (Volume, error) {
	whole, err := filepath.EvalSymlinks(path)
	if err == nil {
		whole, err = filepath.Abs(whole)
	}
	if err != nil {
		return Volume{}, err
	}
	var st unix.Statfs_t
	if err := unix.Statfs(whole, &st); err != nil {
		return Volume{}, &os.PathError{Op: "statfs", Path: path, Err: err}
	}
	block := int64(st.Bsize) // its size differs between machines
	v := Volume{Size: int64(st.Blocks) * block, Free: int64(st.Bavail) * block, Block: block}
	m, err := mounted(whole)
	if err != nil {
		return v, err
	}
	v.Mount, v.Device, v.Type = m.Point, m.Source, m.Type
	if rel, err := filepath.Rel(m.Point, whole); err == nil && m.Root != "" {
		v.Inside = filepath.Join(m.Root, rel)
	}
	if v.Covered, err = covered(whole); err != nil {
		return v, err
	}
	at, err := blockDevice(whole, m.Source)
	if err == nil {
		err = attached(whole, at)
	}
	if err != nil {
		return v, err
	}
	v.Disk = diskOf(at)
	if device, err := filepath.EvalSymlinks(m.Source); err == nil && strings.HasPrefix(device, "/dev/") {
		v.FSID, v.Label = linkTo("/dev/disk/by-uuid", device), linkTo("/dev/disk/by-label", device)
	}
	if !strings.HasPrefix(m.Source, "/dev/") {
		v.Device = m.Type + "@" + m.Point // tmpfs and its like: each mount has a space of its own
	}
	v.FSID = cmp.Or(v.FSID, fatSerial(m), ownNumber(st))
	v.Label = cmp.Or(v.Label, label(m))
	return v, nil
}

// Requests to the kernel that the package unix does not name.
const (
	fatGetVolumeID = 0x80047213 // FAT_IOCTL_GET_VOLUME_ID
	getLabel       = 0x81009431 // FS_IOC_GETFSLABEL
)

// fatSerial asks FAT for its serial number, which it has where no udev runs, too.
func fatSerial(m localdisk.Mount) string {
	var serial uint32
	if m.Type != "vfat" && m.Type != "msdos" || !ask(m.Point, fatGetVolumeID, unsafe.Pointer(&serial)) {
		return ""
	}
	return fmt.Sprintf("%04X-%04X", serial>>16, serial&0xffff)
}

// label asks a file system for its name.
func label(m localdisk.Mount) string {
	var name [256]byte
	if !ask(m.Point, getLabel, unsafe.Pointer(&name)) {
		return ""
	}
	return unix.ByteSliceToString(name[:])
}

func ask(path string, request uintptr, answer unsafe.Pointer) bool {
	d, err := os.Open(path)
	if err != nil {
		return false
	}
	defer func() { _ = d.Close() }()
	_, _, number := unix.Syscall(unix.SYS_IOCTL, d.Fd(), request, uintptr(answer))
	return number == 0
}

// ownNumber is the number that statfs tells, of the file systems that make it of what they keep. Others make it of the device's place.
func ownNumber(st unix.Statfs_t) string {
	switch uint32(st.Type) { // its size differs between machines
	case unix.EXT4_SUPER_MAGIC, unix.BTRFS_SUPER_MAGIC, unix.TMPFS_MAGIC:
		return fmt.Sprintf("%08x%08x", uint32(st.Fsid.Val[0]), uint32(st.Fsid.Val[1]))
	}
	return ""
}

const mountinfo = "/proc/self/mountinfo"

func mounted(path string) (localdisk.Mount, error) {
	f, err := os.Open(mountinfo)
	if err != nil {
		return localdisk.Mount{}, err
	}
	defer func() { _ = f.Close() }()
	return localdisk.Mounted(f, path)
}

// covered are the mounts below a folder, relative to it.
func covered(folder string) (below []string, err error) {
	f, err := os.Open(mountinfo)
	if err != nil {
		return nil, err
	}
	defer func() { _ = f.Close() }()
	points, err := localdisk.Below(f, folder)
	for _, point := range points {
		if rel, err := filepath.Rel(folder, point); err == nil {
			below = append(below, rel)
		}
	}
	return below, err
}

// blockDevices is where the kernel tells of its block devices by their numbers.
const blockDevices = "/sys/dev/block"

// blockDevice is where the kernel tells of the device of a file system; "" if it has none, or none that is known.
func blockDevice(path, source string) (string, error) {
	var st unix.Stat_t
	if err := unix.Stat(path, &st); err != nil {
		return "", &os.PathError{Op: "stat", Path: path, Err: err}
	}
	if unix.Major(uint64(st.Dev)) != 0 {
		return fmt.Sprintf(blockDevices+"/%d:%d", unix.Major(uint64(st.Dev)), unix.Minor(uint64(st.Dev))), nil
	}
	name, ok := strings.CutPrefix(source, "/dev/") // FUSE, btrfs: only the name of the device is known
	if !ok || strings.Contains(name, "/") {
		return "", nil
	}
	return "/sys/class/block/" + name, nil
}

// attached asks the kernel whether the device of a file system is still there. A card that was pulled stays mounted until somebody unmounts it, and is
// listed from memory as if nothing had happened.
func attached(path, device string) error {
	if _, err := os.Stat(blockDevices); err != nil || device == "" {
		return nil // nobody to ask
	}
	if _, err := os.Stat(device); errors.Is(err, os.ErrNotExist) {
		return &os.PathError{Op: "find the device of", Path: path, Err: unix.ENODEV}
	}
	return nil
}

// diskOf is the whole device of a partition: the kernel has the partition's folder in that of its device.
func diskOf(device string) string {
	at, err := filepath.EvalSymlinks(device)
	if err != nil || device == "" {
		return ""
	}
	if _, err := os.Stat(filepath.Join(at, "partition")); err == nil {
		at = filepath.Dir(at)
	}
	return filepath.Base(at)
}

// linkTo is the name of the link in a folder of udev's that leads to a device.
func linkTo(dir, device string) string {
	links, err := os.ReadDir(dir)
	if err != nil {
		return "" // no udev: nobody knows
	}
	for _, l := range links {
		if to, err := filepath.EvalSymlinks(filepath.Join(dir, l.Name())); err == nil && to == device {
			return unescaped(l.Name())
		}
	}
	return ""
}

// unescaped undoes what udev does to characters that are awkward in names: \x20 is a blank.
func unescaped(name string) string {
	var out strings.Builder
	for at := 0; at < len(name); at++ {
		if b, ok := escapedByte(name[at:]); ok {
			out.WriteByte(b)
			at += 3
			continue
		}
		out.WriteByte(name[at])
	}
	return out.String()
}

func escapedByte(s string) (b byte, ok bool) {
	if len(s) < 4 || s[0] != '\\' || s[1] != 'x' {
		return 0, false
	}
	for _, c := range []byte(s[2:4]) {
		digit := strings.IndexByte("0123456789abcdef", c|0x20)
		if digit < 0 {
			return 0, false
		}
		b = b<<4 | byte(digit)
	}
	return b, true
}
