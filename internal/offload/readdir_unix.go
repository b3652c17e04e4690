//go:build unix

package offload

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
)

// readDir lists a folder, and every name in it. os.ReadDir leaves out, in silence, what the listing has no type of and cannot be looked at.
func readDir(name string) ([]fs.DirEntry, error) {
	d, err := os.Open(name)
	if err != nil {
		return nil, err
	}
	names, err := d.Readdirnames(-1)
	slices.Sort(names)
	return entriesOf(name, names), errors.Join(err, d.Close())
}

// entriesOf looks at each name in a folder. The error of one that cannot be looked at is that of its Info.
func entriesOf(dir string, names []string) []fs.DirEntry {
	entries := make([]fs.DirEntry, len(names))
	for i, name := range names {
		info, err := os.Lstat(filepath.Join(dir, name))
		if err != nil {
			entries[i] = unseen{name, err}
			continue
		}
		entries[i] = fs.FileInfoToDirEntry(info)
	}
	return entries
}

// unseen is an entry of which only the name is known.
type unseen struct {
	name string
	err  error
}

func (u unseen) Name() string               { return u.name }
func (u unseen) IsDir() bool                { return false }
func (u unseen) Type() fs.FileMode          { return fs.ModeIrregular }
func (u unseen) Info() (fs.FileInfo, error) { return nil, u.err }
