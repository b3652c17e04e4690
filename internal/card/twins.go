package card

import (
	"errors"
	"io/fs"
	"path/filepath"
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"
)

// twins tells which entries of a folder cannot be opened, since another one before them has their name: by the letter, or, where the file system makes no
// difference between upper and lower case, but for that. A damaged FAT or exFAT has such; whichever is asked for, the system opens the first.
func (w walk) twins(rel string, entries []fs.DirEntry) map[int]bool {
	var twins map[int]bool
	first := make(map[string]string, len(entries))
	for i, e := range entries {
		name := e.Name()
		folded := norm.NFC.String(strings.ToLower(name))
		other, met := first[folded]
		if !met {
			first[folded] = name
			continue
		}
		if other == name || w.folds(rel, name, entries) {
			if twins == nil {
				twins = map[int]bool{}
			}
			twins[i] = true
		}
	}
	return twins
}

// folds tells whether a name is found by a spelling that nobody has given it.
func (w walk) folds(rel, name string, entries []fs.DirEntry) bool {
	given := map[string]bool{}
	for _, e := range entries {
		given[e.Name()] = true
	}
	letters := []rune(name)
	for i, r := range letters {
		other := append([]rune(nil), letters...)
		if other[i] = unicode.ToUpper(r); other[i] == r {
			other[i] = unicode.ToLower(r)
		}
		if spelled := string(other); !given[spelled] {
			_, err := w.fsys.Lstat(filepath.Join(w.mount, filepath.FromSlash(rel), spelled))
			return !errors.Is(err, fs.ErrNotExist)
		}
	}
	return false
}
