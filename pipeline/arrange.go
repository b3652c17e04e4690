package pipeline

import (
	"bytes"
	"context"
	"errors"
	"path/filepath"
	"runtime"
	"slices"

	"golang.org/x/sync/errgroup"

	"github.com/albumwright/albumwright/internal/ledger"
	"github.com/albumwright/albumwright/internal/order"
	"github.com/albumwright/albumwright/internal/report"
)

// arrangeGroup is how many items are arranged in one transaction.
const arrangeGroup = 2048

// arrange gives the run's items the places that only their folders tell, and leaves out what is not taken of pairs. What changes is held until all
// folders were looked at: a few bytes for each file that is one of a pair. An intake that has ended leaves it to the next run, which may see more.
func (r *run) arrange(ctx context.Context) error {
	if r.cfg.Intake.Err() != nil {
		return nil
	}
	folders, err := r.arranged(ctx)
	if err != nil {
		return err
	}
	var each [][]ledger.Arranged
	for _, f := range folders {
		each = append(each, f.changes)
	}
	changes := slices.Concat(each...)
	for group := range slices.Chunk(changes, arrangeGroup) {
		if err := r.ledger.Arrange(ctx, group); err != nil {
			return err
		}
	}
	for _, f := range folders {
		for _, end := range f.ends {
			r.fileEnd(end)
		}
	}
	return nil
}

// arranged is what comes of one folder.
type arranged struct {
	changes []ledger.Arranged
	ends    []File
}

// arranged looks at all folders, each by itself, on all processors.
func (r *run) arranged(ctx context.Context) ([]*arranged, error) {
	var all []*arranged
	var g errgroup.Group
	g.SetLimit(runtime.GOMAXPROCS(0))
	err := r.ledger.EachFolder(ctx, r.id, func(dir string, items []ledger.FolderItem) {
		out := &arranged{}
		all = append(all, out)
		g.Go(func() error {
			for i := range items {
				items[i].Facts = r.shutters.correct(items[i].Facts)
			}
			a := newArrangement(dir, items)
			a.leaveOut(r.cfg.Pairs)
			out.changes, out.ends = a.changes(r.cfg.Order), a.ends()
			return nil
		})
	})
	return all, errors.Join(err, g.Wait())
}

// arrangement is the files of one folder, and which of their items are in which albums.
type arrangement struct {
	folder *order.Folder
	items  []ledger.FolderItem
	file   []int   // of items: index in folder.Files
	of     [][]int // of files: indexes of items
	left   map[int]order.Left
}

func newArrangement(dir string, items []ledger.FolderItem) *arrangement {
	a := &arrangement{items: items, file: make([]int, len(items)), of: make([][]int, 0, len(items))}
	index := make(map[ledger.FileID]int, len(items))
	files := make([]order.File, 0, len(items))
	ones := make([]int, len(items)) // room for the first item of each file
	for i, it := range items {
		at, ok := index[it.File]
		if !ok {
			at = len(files)
			index[it.File] = at
			files = append(files, orderFile(dir, it.Name, it.Facts))
			a.of = append(a.of, ones[i:i:i+1])
		}
		a.file[i], a.of[at] = at, append(a.of[at], i)
	}
	a.folder = order.NewFolder(files)
	return a
}

// leaveOut finds the files that are not taken. All pending items of a file are left out, or none.
func (a *arrangement) leaveOut(c order.Choice) {
	a.left = map[int]order.Left{}
	if c.All() {
		return
	}
	for _, l := range a.folder.LeftOut(c, a.free, a.stands) {
		a.left[l.File] = l
	}
}

// free tells whether a file has pending items, none of which may be in its album already.
func (a *arrangement) free(file int) bool {
	pending := false
	for _, i := range a.of[file] {
		pending = pending || a.items[i].Pending
		if a.items[i].Pending && a.items[i].Fixed {
			return false
		}
	}
	return pending
}

// stands tells whether a partner is, or will be, in all albums that a file is on its way to.
func (a *arrangement) stands(partner, file int) bool {
	for _, i := range a.of[file] {
		if !a.items[i].Pending {
			continue
		}
		in := func(j int) bool {
			p := a.items[j]
			return p.Album == a.items[i].Album && (p.Pending || p.Held)
		}
		if !slices.ContainsFunc(a.of[partner], in) {
			return false
		}
	}
	return true
}

// changes are the items whose places are not those that the ledger has, and those that are left out.
func (a *arrangement) changes(by order.By) []ledger.Arranged {
	out := make([]ledger.Arranged, 0, len(a.items))
	byAlbum := map[ledger.AlbumID][]int{}
	for i, it := range a.items {
		if l, ok := a.left[a.file[i]]; ok && it.Pending {
			out = append(out, ledger.Arranged{Item: it.Item, LeftOut: l.Reason})
			continue
		}
		byAlbum[it.Album] = append(byAlbum[it.Album], i)
	}
	for _, items := range byAlbum {
		for n, key := range a.keys(by, items) {
			if it := a.items[items[n]]; it.Pending && !it.Fixed && !bytes.Equal(key, it.Sort) {
				out = append(out, ledger.Arranged{Item: it.Item, Sort: key})
			}
		}
	}
	return out
}

// keys are those of items of one album.
func (a *arrangement) keys(by order.By, items []int) [][]byte {
	wanted := make([]order.Wanted, len(items))
	keys := make([][]byte, len(items))
	for n, i := range items {
		wanted[n].File = a.file[i]
		if a.items[i].Fixed {
			wanted[n].Fixed = a.items[i].Sort
		}
		if by == order.Name || by == order.None {
			keys[n] = by.Key(a.folder.Files[a.file[i]])
		}
	}
	if by == order.Name || by == order.None {
		return keys
	}
	return a.folder.Keys(wanted)
}

// ends are those of the files that are left out.
func (a *arrangement) ends() []File {
	var ends []File
	for file, items := range a.of {
		l, ok := a.left[file]
		if !ok {
			continue
		}
		var parts []File
		for _, i := range items {
			if it := a.items[i]; it.Pending {
				path := filepath.Join(a.folder.Files[file].Dir, it.Name)
				parts = append(parts, File{
					Path: report.Text(path), Size: it.Size, End: report.Skipped, Album: it.Title, Reason: report.Text(l.Reason), SkippedBy: "left out: " + l.By,
				})
			}
		}
		ends = append(ends, asOne(parts))
	}
	return ends
}
