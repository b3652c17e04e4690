// Package watcher turns folders into files: what lies below the roots, and for
// everything that is not taken, the reason. [Walk] does it once, and a
// [Watcher] for years: it hands on each file when it is complete.
//
// Start with a [WalkConfig] and Walk, or a [WatchConfig] and [NewWatcher]. Nothing
// is left out in silence: a file that is hidden, junk, half written, of the wrong
// type or unreadable is handed on as a [File] with its [Reason], and a folder that
// is left out whole is handed on once, as a folder. A returned error is about a
// root or about the run, never about one file.
//
// The package looks at names and at what stat says. It opens folders, and reads
// no file: not a photo, and not a named pipe that would keep the reader waiting.
// Only a Watcher on Linux opens a file for a moment, when it is complete by all
// other signs, to ask whether somebody still writes it; its Whole may read. It keeps names exactly as
// the system gives them, whatever bytes they are made of, and it knows nothing of
// media types, albums or the service.
package watcher

import (
	"io/fs"
	"os"
	"path/filepath"
	"time"
)

// File is something that was found below a root: a file to take, or a file or
// folder that is left out and why.
type File struct {
	// Root is the root it was found under: absolute and clean, and with its
	// links unresolved, as the user knows it.
	Root string
	// Path is absolute and begins with Root.
	Path string
	// Size in bytes; 0 for everything that is not a regular file.
	Size int64
	// ModTime is the time of the last change, zero if the system did not say.
	ModTime time.Time
	// Changed is when the system last noted a change of the file, of its name or
	// of its mode, zero if it does not say. A file that was replaced by one of the
	// same size and ModTime has another one.
	Changed time.Time
	// ID is the identity on disk, zero if the system has none.
	ID FileID
	// Folder says that this is a folder: one that was left out with all that is
	// in it, or that could not be read, or not to its end. What else lies below
	// it is unknown, not gone.
	Folder bool
	// Skip is why it is not taken; "" means take it.
	Skip Reason
	// Err is what the system said, with SkipUnreadable.
	Err error
}

// Stat looks at one path below root, or at root itself, without judging it: Skip
// stays empty. Links are followed.
func Stat(root, path string) (File, error) {
	info, err := os.Stat(path)
	if err != nil {
		return File{}, err
	}
	f := File{Root: root, Path: path, Folder: info.IsDir()}
	f.observe(info)
	return f, nil
}

// Rel returns the slash-separated path below Root, or the base name where Root
// is the file itself.
func (f File) Rel() string {
	if f.Path == f.Root {
		return filepath.Base(f.Path)
	}
	return relative(f.Root, f.Path)
}

// relative returns the slash-separated path of path, which lies below root.
// It cuts instead of calling filepath.Rel, which costs more than the stat of a
// cached file.
func relative(root, path string) string {
	rel := path[len(root):]
	if rel != "" && isSeparator(rel[0]) {
		rel = rel[1:] // not there where root is "/"
	}
	return filepath.ToSlash(rel)
}

func isSeparator(c byte) bool { return c == filepath.Separator }

// join appends a name to a clean folder path. filepath.Join would clean again,
// and it would be wrong to: names are carried through untouched.
func join(folder, name string) string {
	if isSeparator(folder[len(folder)-1]) {
		return folder + name
	}
	return folder + string(filepath.Separator) + name
}

// FileID is what the system calls a file, whatever its names are: two hard
// links have the same FileID, and a renamed file keeps it.
type FileID struct {
	Device uint64
	Inode  uint64
}

// IsZero reports whether the system gave no identity.
func (id FileID) IsZero() bool { return id == FileID{} }

// observe fills in what the system knows about the file.
func (f *File) observe(info fs.FileInfo) {
	f.ModTime = info.ModTime()
	f.Changed = changeOf(info)
	f.ID = idOf(info)
	if info.Mode().IsRegular() {
		f.Size = info.Size()
	}
}
