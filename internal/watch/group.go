package watch

import (
	"cmp"
	"path/filepath"
	"slices"
	"time"

	"github.com/albumwright/albumwright/watcher"
)

// group is files that wait to be sent together.
type group struct {
	files map[string]watcher.File // by path
	quiet time.Time               // when the last one came; zero is due at once
}

// key names the group of a file.
func (f *folder) key(file watcher.File) string {
	if f.job.ByFolder {
		return filepath.Dir(file.Path)
	}
	return ""
}

func (f *folder) group(file watcher.File) *group { return f.groups[f.key(file)] }

func (g *group) has(path string) bool {
	if g == nil {
		return false
	}
	_, ok := g.files[path]
	return ok
}

// put puts a file into its group. One that comes at the zero time makes its group due, unless others wait there for more.
func (f *folder) put(file watcher.File, at time.Time) {
	g := f.group(file)
	if g == nil {
		g = &group{files: map[string]watcher.File{}}
		f.groups[f.key(file)] = g
	}
	if !g.has(file.Path) {
		f.ready++
	}
	g.files[file.Path] = file
	if at.After(g.quiet) {
		g.quiet = at
	}
}

// dueAt is when a group is due: when it is full, when nothing came for a while, or when everything is.
func (f *folder) dueAt(g *group) time.Time {
	if len(g.files) >= full || g.quiet.IsZero() || f.watch.flushing || f.watch.draining || f.ready >= mostReady {
		return time.Time{}
	}
	return g.quiet.Add(f.job.BatchTimeout)
}

// due tells whether something is, and else when something will be; zero is never.
func (f *folder) due(now time.Time) (yes bool, next time.Time) {
	for _, g := range f.groups {
		at := f.dueAt(g)
		if !at.After(now) {
			return true, now
		}
		if next.IsZero() || at.Before(next) {
			next = at
		}
	}
	return false, next
}

// drop takes a file out of its group, if it is in one.
func (f *folder) drop(file watcher.File) {
	if g := f.group(file); g.has(file.Path) {
		delete(g.files, file.Path)
		f.ready--
	}
}

// take takes what is due, or all, at most so many files; those of a folder come together, in the order of their names. They count as taken until they end.
// A file that is on its way as what it was before stays in its group.
func (f *folder) take(now time.Time, all bool, most int) []watcher.File {
	var files []watcher.File
	for key, g := range f.groups {
		if len(files) >= most {
			break
		}
		if !all && f.dueAt(g).After(now) {
			continue
		}
		for path, file := range g.files {
			if len(files) >= most {
				break
			}
			if f.onItsWay(path) {
				continue
			}
			if _, older := f.taken[text(path)]; older {
				f.watch.figures.found--
			}
			files = append(files, file)
			f.taken[text(path)] = file
			delete(g.files, path)
		}
		if len(g.files) == 0 {
			delete(f.groups, key)
		}
	}
	f.ready -= len(files)
	f.hasRoom()
	inOrder(files)
	return files
}

// hasRoom lets a file come that waits for room.
func (f *folder) hasRoom() {
	select {
	case f.room <- struct{}{}:
	default:
	}
}

// onItsWay tells whether the run under way was handed a file of this path.
func (f *folder) onItsWay(path string) bool {
	r := f.account.running
	return r != nil && r.folder == f && r.open[text(path)]
}

// inOrder sorts files by their folders, then by their names.
func inOrder(files []watcher.File) {
	slices.SortFunc(files, func(a, b watcher.File) int {
		return cmp.Or(cmp.Compare(filepath.Dir(a.Path), filepath.Dir(b.Path)), cmp.Compare(a.Path, b.Path))
	})
}

// left are the files that runs were handed and did not end, in order.
func (f *folder) left() []watcher.File {
	files := make([]watcher.File, 0, len(f.taken))
	for _, file := range f.taken {
		files = append(files, file)
	}
	inOrder(files)
	return files
}
