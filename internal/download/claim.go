package download

import (
	"crypto/sha256"
	"encoding/hex"
	"io/fs"
	"os"
	"path"
	"strings"
	"time"
)

// partOf is where a file's bytes gather until it is whole.
func partOf(k key) string {
	sum := sha256.Sum256([]byte(k.ID + "\x00" + k.What + "\x00" + k.Album))
	return partsFolder + "/" + hex.EncodeToString(sum[:16])
}

// sight says what is known of a wanted file: again if this run has seen it before, there if it is in its place, or there is none to have.
func (j *journal) sight(k key) (f file, there, again bool) {
	j.mu.Lock()
	defer j.mu.Unlock()
	known := j.files[k]
	if known == nil {
		j.files[k] = &file{seen: true}
		return f, false, false
	}
	again, known.seen = known.seen, true
	if known.state == none {
		return *known, true, again
	}
	info := j.stat(known.path)
	if known.state == begun && info != nil && j.finished(k, *known, info) {
		known.state = done
		_ = j.note(k, *known) // else the next run finds it out again
	}
	return *known, known.state == done && info != nil, again
}

// finished recognises a file that was given its name just before the program died.
func (j *journal) finished(k key, f file, info fs.FileInfo) bool {
	if part := j.stat(partOf(k)); part != nil {
		return os.SameFile(part, info)
	}
	return f.size == info.Size() && sameTime(f.changed, info.ModTime())
}

// sameTime allows for disks that count in two seconds.
func sameTime(a, b time.Time) bool { return a.Sub(b).Abs() <= 2*time.Second }

// stat is what stands at a path; nil if there is nothing, or nothing that can be told.
func (j *journal) stat(name string) fs.FileInfo {
	if j.root == nil || name == "" {
		return nil
	}
	info, err := j.root.Lstat(name)
	if err != nil {
		return nil
	}
	return info
}

// claim gives a wanted file a path that is nobody else's: the one that it had, if that is free and has the right extension, or the first free one for some names, of
// folders and at last of the file. It keeps it for all runs to come.
func (j *journal) claim(k key, names []string, contentType string) (string, error) {
	j.mu.Lock()
	defer j.mu.Unlock()
	if known := j.files[k]; known != nil && known.path != "" && typed(known.path, contentType) == known.path && j.stat(known.path) == nil {
		if known.state == begun {
			return known.path, nil
		}
		return known.path, j.note(k, file{path: known.path, state: begun, size: -1})
	}
	dir := ""
	for _, name := range names[:len(names)-1] {
		dir = j.folder(dir, cleanName(name, untitled))
	}
	name := typed(cleanName(names[len(names)-1], k.ID), contentType)
	for n := 1; ; n++ {
		at := path.Join(dir, numbered(name, n))
		if j.isFree(k, at) && j.isFree(k, at+sidecarEnding) {
			return at, j.note(k, file{path: at, state: begun, size: -1})
		}
	}
}

// folder is the path of a folder, or one like it if a file has that path.
func (j *journal) folder(dir, name string) string {
	for n := 1; ; n++ {
		at := path.Join(dir, numbered(name, n))
		of, known := j.taken[folded(at)]
		info := j.stat(at)
		if (!known || of == key{}) && (info == nil || info.IsDir() || info.Mode()&fs.ModeSymlink != 0) {
			return at
		}
	}
}

// isFree tells whether a file may have a path.
func (j *journal) isFree(k key, name string) bool {
	of, known := j.taken[folded(name)]
	return (!known || of == k) && j.stat(name) == nil
}

// expects notes what a file will be before it gets its name, so that it is recognised whenever the program dies.
func (j *journal) expects(k key, size int64, changed time.Time) error {
	j.mu.Lock()
	defer j.mu.Unlock()
	f := *j.files[k]
	if f.size == size && f.changed.Equal(changed) {
		return nil
	}
	f.size, f.changed = size, changed
	return j.note(k, f)
}

// durable sees to it that what was noted outlives the machine.
func (j *journal) durable() error { return folderError(j.out.Sync()) }

// isDone notes that a file has its name and all its bytes.
func (j *journal) isDone(k key) error {
	j.mu.Lock()
	defer j.mu.Unlock()
	f := *j.files[k]
	f.state = done
	return j.note(k, f)
}

// isNone notes that there is no such file.
func (j *journal) isNone(k key) error {
	j.mu.Lock()
	defer j.mu.Unlock()
	return j.note(k, file{state: none})
}

// changedSince tells whether a person has changed a file that is done.
func (j *journal) changedSince(f file) bool {
	info := j.stat(f.path)
	return info != nil && f.state == done && (info.Size() != f.size || !f.changed.IsZero() && !sameTime(info.ModTime(), f.changed))
}

// isWithin keeps a journal that somebody wrote from leading elsewhere.
func isWithin(name string) bool {
	return name == "" || fs.ValidPath(name) && name != "." && !strings.HasPrefix(name, stateFolder+"/")
}
