package offload

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"path/filepath"
	"strings"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"

	"github.com/albumwright/albumwright/internal/media"
)

// PartialEnding is what the names of files end in that are not copied to their end. They begin with a dot.
const PartialEnding = ".albumwright-partial"

// longestName is how many bytes a name may have: disks take 255.
const longestName = 255

// mostNumbers is where looking for a free name ends: something is wrong, and not with the names.
const mostNumbers = 10_000

// partialOf is the name of the partial file of a copy. The source is in it, so that two files that want one name can be copied at the same time, and so that
// the next copy of the same file finds, and replaces, what a killed run has left.
func partialOf(path, source string) string {
	sum := sha256.Sum256([]byte(source))
	tail := "." + hex.EncodeToString(sum[:4]) + PartialEnding
	return filepath.Join(folderOf(path), "."+cut(filepath.Base(path), longestName-1-len(tail))+tail)
}

func folderOf(path string) string { return filepath.Dir(path) }

// cut shortens a name to so many bytes, between two characters.
func cut(name string, most int) string {
	if len(name) <= most {
		return name
	}
	for most > 0 && !utf8.RuneStart(name[most]) {
		most--
	}
	return name[:most]
}

// makeFolder makes a folder and what is missing above it, each durable before the next.
func makeFolder(fsys FS, dir string) error {
	info, err := fsys.Lstat(dir)
	switch {
	case err == nil && (info.IsDir() || info.Mode()&fs.ModeSymlink != 0):
		return nil
	case err == nil:
		return fmt.Errorf("%s is no folder", dir)
	case !errors.Is(err, fs.ErrNotExist) || filepath.Dir(dir) == dir:
		return err
	}
	if err := makeFolder(fsys, filepath.Dir(dir)); err != nil {
		return err
	}
	if err := fsys.Mkdir(dir); err != nil && !errors.Is(err, fs.ErrExist) {
		return err
	}
	return fsys.SyncDir(filepath.Dir(dir))
}

// pending are the copies of a group that are durable and have no name yet, each with its task.
func pending(tasks []*task) []*target {
	var all []*target
	for _, t := range tasks {
		for _, c := range t.copies {
			if t.written && c.final.Err == nil && !c.settled {
				all = append(all, c)
			}
		}
	}
	return all
}

// settle gives all copies of a group their names, and makes the names durable. The copies of the group's first file come first: of two groups that want the
// same names at the same time, one gets them all.
func settle(ctx context.Context, fsys FS, tasks []*task) error {
	for n := 0; n < mostNumbers; n++ {
		left := pending(tasks)
		if len(left) == 0 {
			break
		}
		if err := ctx.Err(); err != nil {
			return err
		}
		if !free(fsys, left, n) {
			continue
		}
		for _, c := range left {
			if !c.name(fsys, n) {
				break
			}
		}
	}
	for _, c := range pending(tasks) {
		c.fail(fmt.Errorf("%s: %d names like it are taken", c.path, mostNumbers))
	}
	durable(fsys, tasks)
	return nil
}

// free tells whether none of the copies meets other content under its n-th name. What it meets of its own it has then.
func free(fsys FS, copies []*target, n int) bool {
	for _, c := range copies {
		there, err := holds(fsys, c.nth(n), *c.sums)
		c.fail(err)
		if err == nil && there == otherContent {
			return false
		}
		c.existed = there == sameContent
	}
	return true
}

// name gives a copy its n-th name; false if somebody took it meanwhile.
func (c *target) name(fsys FS, n int) bool {
	if c.final.Err != nil {
		return true
	}
	to := c.nth(n)
	if !c.existed {
		err := fsys.RenameNew(c.partial, to)
		if errors.Is(err, fs.ErrExist) {
			return false
		}
		if err != nil {
			c.fail(err)
			return true
		}
		c.made = false
	}
	c.settled = true
	c.final.Path, c.final.Existed = to, c.existed
	return true
}

// content is what there is under a name.
type content int

const (
	nothing content = iota
	sameContent
	otherContent // also a folder, a link, and what cannot be read
)

// holds compares what is under a name with the bytes that were copied.
func holds(fsys FS, name string, want Sums) (content, error) {
	info, err := fsys.Lstat(name)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return nothing, nil
	case err != nil:
		return nothing, err
	case !info.Mode().IsRegular() || info.Size() != want.Size:
		return otherContent, nil
	}
	r, err := fsys.Open(name)
	if err != nil {
		return otherContent, nil
	}
	defer func() { _ = r.Close() }()
	if got, err := sumsOf(context.Background(), r, name, info.Size()); err != nil || got != want {
		return otherContent, nil
	}
	return sameContent, nil
}

// durable makes all names of a group last, also those that a killed run has given.
func durable(fsys FS, tasks []*task) {
	done := map[string]error{}
	for _, t := range tasks {
		for _, c := range t.copies {
			if !c.settled {
				continue
			}
			dir := filepath.Dir(c.final.Path)
			if _, ok := done[dir]; !ok {
				done[dir] = fsys.SyncDir(dir)
			}
			c.fail(done[dir])
		}
	}
}

// folded is the same for paths that a disk may take for one: upper and lower case, composed or not.
func folded(path string) string { return norm.NFC.String(strings.ToLower(path)) }

// nth is the n-th name of a copy: with a number from 1 on.
func (c *target) nth(n int) string {
	if n == 0 {
		return c.path
	}
	return numbered(c.path, n)
}

// numbered puts a number behind a name.
func numbered(path string, n int) string {
	dir, stem, ext := split(path)
	tail := fmt.Sprintf("-%d%s", n, ext)
	return dir + cut(stem, longestName-len(tail)) + tail
}

// split parts a path where its number would be. A sidecar that is named after a whole file gets it in the same place as that file.
func split(path string) (dir, stem, ext string) {
	dir, name := filepath.Split(path)
	ext = filepath.Ext(name)
	if _, ok := media.ByName(strings.TrimSuffix(name, ext)); ok {
		ext = filepath.Ext(strings.TrimSuffix(name, ext)) + ext
	}
	if len(ext) == len(name) {
		ext = ""
	}
	return dir, strings.TrimSuffix(name, ext), ext
}

// Rivals tells whether two jobs may want one name, perhaps with a number. If they are copied at the same time, it is left to chance who gets it, and a group can be
// torn apart: they have to be copied one after the other.
func Rivals(a, b Job) bool {
	for _, to := range a.Dests {
		for _, other := range b.Dests {
			if rivals(folded(to), folded(other)) {
				return true
			}
		}
	}
	return false
}

func rivals(a, b string) bool {
	dirA, stemA, extA := split(a)
	dirB, stemB, extB := split(b)
	return dirA == dirB && extA == extB && (stemA == stemB || strings.HasPrefix(stemA, stemB+"-") || strings.HasPrefix(stemB, stemA+"-"))
}
