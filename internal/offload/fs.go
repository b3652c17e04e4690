// Package offload copies one file to several folders in one read, and proves the copies.
//
// [Copy] writes a partial file in each target folder, makes it durable, and only then gives it its name, in one step that never replaces anything.
// [Verify] reads copies back, at the greatest depth past the page cache, and the file that they were made of once more. [Room] asks beforehand whether
// the destinations have space.
//
// What is copied, and to which paths, others decide. The package sees file systems through [FS]; [OS] is the machine's own.
package offload

import (
	"io"
	"io/fs"
	"time"
)

// FS is what copying asks of file systems. Names are paths of the machine. Errors are those of package os: errors.Is finds fs.ErrNotExist, fs.ErrExist
// and the system's own numbers in them. It is safe for concurrent use.
type FS interface {
	Lstat(name string) (fs.FileInfo, error)
	// ReadDir lists a folder, sorted by name.
	ReadDir(name string) ([]fs.DirEntry, error)
	Open(name string) (Reader, error)
	// OpenCold opens a file so that it is read from its device: what memory holds of it is dropped first. cold tells whether that worked, as measured.
	OpenCold(name string) (r Reader, cold bool, err error)
	// Create makes a new file, and refuses with fs.ErrExist what exists, whatever it is.
	Create(name string) (Writer, error)
	// Mkdir makes one folder.
	Mkdir(name string) error
	// RenameNew gives a file another name in the same folder in one step. A name that is taken is refused with fs.ErrExist: nothing is ever replaced.
	RenameNew(from, to string) error
	Remove(name string) error
	// SyncDir makes the names in a folder durable.
	SyncDir(name string) error
	// Volume tells which file system a path is on. The path must exist.
	Volume(path string) (Volume, error)
}

// Reader is a file that is read.
type Reader interface {
	io.Reader
	io.Closer
	Stat() (fs.FileInfo, error)
}

// Writer is a new file.
type Writer interface {
	io.Writer
	// Commit gives the file its time of change, makes it durable, and closes it.
	Commit(modTime time.Time) error
	// Close gives the file up. Behind Commit it does nothing.
	Close() error
}

// Volume is a mounted file system. What a system does not tell is zero.
type Volume struct {
	Mount  string // where it is mounted
	Device string // what it is on, such as /dev/sdb1; file systems of one device share its space
	Disk   string // the whole device that it is a partition of, such as sdb
	Type   string // such as "exfat"
	FSID   string // its own number, which a card keeps until it is formatted: a UUID or a FAT serial
	Label  string // the name that people give it
	Size   int64  // bytes in all
	Free   int64  // bytes that this user may still write
	Block  int64  // bytes that the smallest file takes
	Inside string // the path that was asked about, links followed, below the file system's own root, whatever part of it is mounted where
	// Covered are the paths below the one that was asked about, relative to it, on which something else is mounted: what the file system has there nobody sees.
	Covered []string
}
