package watcher

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
)

// ErrRootGone is in the error of a walk whose root went away, or became another
// folder, while it was walked: a card that was pulled, a share that was
// unmounted. What was not visited is then unknown, not gone.
var ErrRootGone = errors.New("went away during the walk")

// root is one of the roots that are walked.
type root struct {
	path string      // as the user named it, absolute and clean
	real string      // the same, with links resolved
	info fs.FileInfo // of what the path leads to
	// start is where the walk begins: path, or a folder below it.
	start string
	// apart holds paths below this root that are roots of their own, which the
	// walk of this one must leave to them.
	apart map[string]bool
}

func (r *root) isFolder() bool { return r.info.IsDir() }

// resolveRoots looks at the roots and returns those that need walking: each
// folder once, by whatever names it was given, and none that the walk of
// another one comes to anyway.
func resolveRoots(given []string) ([]*root, error) {
	var roots []*root
	seen := make(map[place]bool)
	for _, g := range given {
		r, err := newRoot(g)
		if err != nil {
			return nil, err
		}
		if p := r.place(); !seen[p] {
			seen[p] = true
			roots = append(roots, r)
		}
	}
	return dropReached(roots)
}

func newRoot(given string) (*root, error) {
	path, err := filepath.Abs(given)
	if err != nil {
		return nil, rootError(given, err)
	}
	r := &root{path: path, start: path, apart: make(map[string]bool)}
	if r.info, err = os.Stat(path); err != nil {
		return nil, rootError(path, err)
	}
	if r.real, err = filepath.EvalSymlinks(path); err != nil {
		return nil, rootError(path, err)
	}
	if r.isFolder() {
		// A root that cannot be listed is better known before the work begins.
		f, err := openFolder(path, true)
		if err != nil {
			return nil, rootError(path, err)
		}
		_ = f.Close() // opened for reading and not read: nothing can be lost
	}
	return r, nil
}

// rootError names the root once: the system's own error names it too.
func rootError(path string, err error) error {
	var p *fs.PathError
	if errors.As(err, &p) {
		err = p.Err
	}
	return fmt.Errorf("root %s: %w", path, err)
}

// place tells folders apart: by identity, which sees through links, mounts and
// case, or by the resolved path where the system has no identities.
type place struct {
	id   FileID
	path string
}

func placeOf(realPath string, info fs.FileInfo) place {
	if id := idOf(info); !id.IsZero() {
		return place{id: id}
	}
	return place{path: realPath}
}

// place of a file is its path: two hard links are one file on disk, and two
// files to whoever named them.
func (r *root) place() place {
	if !r.isFolder() {
		return place{path: r.real}
	}
	return placeOf(r.real, r.info)
}

// dropReached drops the roots that the walk of another root comes to. Where a
// root lies inside another one but its walk would stop short of it (in a hidden
// folder, say), both are walked, and the outer one leaves the inner alone.
func dropReached(roots []*root) ([]*root, error) {
	folders := make(map[place]*root)
	for _, r := range roots {
		if r.isFolder() {
			folders[r.place()] = r
		}
	}
	var kept []*root
	places := make(map[string]place) // of the folders above, asked once each
	for _, r := range roots {
		outers, err := r.within(folders, places)
		if err != nil {
			return nil, err
		}
		reached := false
		for rel, outer := range outers {
			if reaches(rel, r.isFolder()) {
				reached = true
			} else {
				outer.apart[rel] = true
			}
		}
		if !reached {
			kept = append(kept, r)
		}
	}
	return kept, nil
}

// within returns the roots above r, by the path of r below each.
func (r *root) within(folders map[place]*root, places map[string]place) (map[string]*root, error) {
	var outers map[string]*root
	for up := filepath.Dir(r.real); ; up = filepath.Dir(up) {
		p, ok := places[up]
		if !ok {
			info, err := os.Stat(up)
			if err != nil {
				return nil, rootError(r.path, err)
			}
			p = placeOf(up, info)
			places[up] = p
		}
		if outer := folders[p]; outer != nil && outer != r {
			if outers == nil {
				outers = make(map[string]*root)
			}
			outers[relative(up, r.real)] = outer
		}
		if up == filepath.Dir(up) {
			return outers, nil
		}
	}
}

// reaches reports whether a walk comes to the path below its root, going by the
// names on the way. Patterns do not count: what the user excluded stays
// excluded, and the walk says so.
func reaches(rel string, folder bool) bool {
	names := strings.Split(rel, "/")
	for i, name := range names {
		last := i == len(names)-1
		if last && !folder {
			return nameReason(name) == ""
		}
		if folderReason(name) != "" {
			return false
		}
	}
	return true
}

// stillThere looks at the root again, after the walk. An unmounted disk leaves
// an empty folder behind, which lists without an error.
func (r *root) stillThere() error {
	if !r.isFolder() {
		return nil // a file that vanished was handed on as unreadable
	}
	info, err := os.Stat(r.path)
	switch {
	case err != nil:
		return fmt.Errorf("%w: %w", rootError(r.path, err), ErrRootGone)
	case !os.SameFile(info, r.info):
		return rootError(r.path, ErrRootGone)
	}
	return nil
}
