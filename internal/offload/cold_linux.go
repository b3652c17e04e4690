package offload

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"runtime"
	"unsafe"

	"golang.org/x/sys/unix"
)

// openQuietly opens a file without leaving the time of its reading on it, where that is allowed: a card is not written to, not even so.
func openQuietly(name string, flags int) (*os.File, error) {
	f, err := os.OpenFile(name, os.O_RDONLY|unix.O_NOATIME|flags, 0)
	if errors.Is(err, unix.EPERM) { // somebody else's file
		return os.OpenFile(name, os.O_RDONLY|flags, 0)
	}
	return f, err
}

// openCold drops a file from the page cache and counts what is left there. If something is, as for a file that somebody has mapped, it is read past the
// cache where the file system can.
func openCold(name string) (Reader, bool, error) {
	f, err := openQuietly(name, 0)
	if err != nil {
		return nil, false, err
	}
	if inMemory(f) {
		return f, false, nil
	}
	if drop(f) || f.Sync() == nil && drop(f) { // pages that are not written yet stay
		return f, true, nil
	}
	if direct, err := openDirect(name); err == nil {
		_ = f.Close()
		return direct, true, nil
	}
	return f, false, nil
}

// drop asks for a file's pages to be dropped and tells whether they are.
func drop(f *os.File) bool {
	return unix.Fadvise(int(f.Fd()), 0, 0, unix.FADV_DONTNEED) == nil && !cached(f)
}

// inMemory tells the file systems that have no device: what they hold is nowhere else.
func inMemory(f *os.File) bool {
	var st unix.Statfs_t
	if err := unix.Fstatfs(int(f.Fd()), &st); err != nil {
		return false
	}
	switch uint32(st.Type) { // its size differs between machines
	case unix.TMPFS_MAGIC, unix.RAMFS_MAGIC, unix.HUGETLBFS_MAGIC:
		return true
	}
	return false
}

// window is how much of a file is looked at at a time: machines of 32 bits have no room for more.
const window = 256 << 20

// cached tells whether the page cache holds anything of a file. Where nobody says, it does.
func cached(f *os.File) bool {
	info, err := f.Stat()
	if err != nil {
		return true
	}
	for at := int64(0); at < info.Size(); at += window {
		if resident(f, at, int(min(window, info.Size()-at))) {
			return true
		}
	}
	return false
}

func resident(f *os.File, at int64, n int) bool {
	m, err := unix.Mmap(int(f.Fd()), at, n, unix.PROT_READ, unix.MAP_SHARED)
	if err != nil {
		return true
	}
	defer func() { _ = unix.Munmap(m) }()
	page := os.Getpagesize()
	pages := make([]byte, (n+page-1)/page)
	_, _, number := unix.Syscall(unix.SYS_MINCORE, uintptr(unsafe.Pointer(&m[0])), uintptr(n), uintptr(unsafe.Pointer(&pages[0])))
	runtime.KeepAlive(m)
	if number != 0 {
		return true
	}
	for _, p := range pages {
		if p&1 != 0 {
			return true
		}
	}
	return false
}

// directBlock is the alignment that every device is content with.
const directBlock = 4096

// direct reads past the page cache, which is done in whole blocks from and into whole blocks of memory.
type direct struct {
	f         *os.File
	buf, rest []byte
}

func openDirect(name string) (Reader, error) {
	f, err := openQuietly(name, unix.O_DIRECT)
	if err != nil {
		return nil, err
	}
	raw := make([]byte, bufferSize+directBlock)
	skip := int(-uintptr(unsafe.Pointer(&raw[0])) & (directBlock - 1))
	d := &direct{f: f, buf: raw[skip : skip+bufferSize]}
	if err := d.probe(); err != nil {
		_ = f.Close()
		return nil, err
	}
	return d, nil
}

// probe reads the first block: file systems differ in where they refuse.
func (d *direct) probe() error {
	if _, err := d.f.ReadAt(d.buf[:directBlock], 0); err != nil && !errors.Is(err, io.EOF) {
		return fmt.Errorf("read past the cache: %w", err)
	}
	return nil
}

func (d *direct) Read(p []byte) (int, error) {
	if len(d.rest) == 0 {
		n, err := d.f.Read(d.buf)
		if err != nil {
			return 0, err
		}
		d.rest = d.buf[:n]
	}
	n := copy(p, d.rest)
	d.rest = d.rest[n:]
	return n, nil
}

func (d *direct) Stat() (fs.FileInfo, error) { return d.f.Stat() }

func (d *direct) Close() error { return d.f.Close() }
