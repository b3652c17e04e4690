package watcher

import (
	"io"
	"io/fs"
	"os"
)

// disk is what is asked of the file system; tests have one of their own.
type disk interface {
	Stat(path string) (fs.FileInfo, error)  // of what a link leads to
	Lstat(path string) (fs.FileInfo, error) // of the link itself
	Open(folder string, isRoot bool) (listing, error)
	Volume(path string) (volume, error)
	// Writing reports whether someone is known to have the file open for writing. It keeps nobody waiting.
	Writing(path string) bool
}

// listing is an open folder.
type listing interface {
	ReadDir(n int) ([]fs.DirEntry, error)
	io.Closer
}

// volume is the file system that a path is on. Where the system does not tell, it is zero.
type volume struct {
	// ID is its own idea of its identity. A disk that is plugged in again may get another device number; most keep their ID.
	ID uint64
	// Mounted: the path is where it is mounted. A folder of a disk that is mounted again elsewhere (a bind mount) is known by this alone.
	Mounted bool
	// Kind names a file system that sends no events for what others write to it, or is not known to: "nfs". "" is a local disk.
	Kind string
	// LooseIDs: inode numbers are made up as files are looked at, so a file may come back with another one.
	LooseIDs bool
}

// realDisk is the disk of this machine.
type realDisk struct{}

func (realDisk) Stat(path string) (fs.FileInfo, error)  { return os.Stat(path) }
func (realDisk) Lstat(path string) (fs.FileInfo, error) { return os.Lstat(path) }
func (realDisk) Volume(path string) (volume, error)     { return volumeOf(path) }
func (realDisk) Writing(path string) bool               { return isWritten(path) }

func (realDisk) Open(folder string, isRoot bool) (listing, error) {
	f, err := openFolder(folder, isRoot)
	if err != nil {
		return nil, err // and no listing that is not nil
	}
	return f, nil
}
