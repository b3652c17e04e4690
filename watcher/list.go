package watcher

import (
	"context"
	"errors"
	"io"
	"io/fs"
	"slices"
)

// list reads the folders of all roots, and ends the walk: with the error of a
// root, or with nil.
func (w *walker) list(ctx context.Context) {
	defer close(w.queue)
	defer close(w.work)
	for _, r := range w.roots {
		if w.listErr = w.listRoot(ctx, r); w.listErr != nil {
			return
		}
	}
}

// listRoot reads all folders of one root, depth first: what waits is then only
// the brothers and sisters of the folders on the way down.
func (w *walker) listRoot(ctx context.Context, r *root) error {
	if !r.isFolder() {
		return w.send(ctx, r, "", []fs.DirEntry{fs.FileInfoToDirEntry(r.info)})
	}
	waiting := []string{r.start}
	for len(waiting) > 0 {
		last := len(waiting) - 1
		folder := waiting[last]
		below, err := w.listFolder(ctx, r, folder)
		if err != nil {
			return err
		}
		slices.Reverse(below) // the first one found is the first one entered
		waiting = append(waiting[:last], below...)
	}
	return nil
}

// listFolder sends what is in one folder and returns the folders to enter. A
// folder that cannot be read is sent as such, unless it is the root.
func (w *walker) listFolder(ctx context.Context, r *root, folder string) (below []string, err error) {
	if err := w.enter(folder); err != nil {
		return nil, err
	}
	f, err := w.disk.Open(folder, folder == r.path)
	if err != nil {
		return nil, w.sendUnreadable(ctx, r, folder, err)
	}
	defer f.Close()
	for {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		entries, err := f.ReadDir(batchSize)
		rest, enter := w.sort(r, folder, entries)
		below = append(below, enter...)
		if err := w.send(ctx, r, folder, rest); err != nil {
			return nil, err
		}
		switch {
		case errors.Is(err, io.EOF):
			return below, nil
		case err != nil: // what was read so far is good
			return below, w.sendUnreadable(ctx, r, folder, err)
		}
	}
}

// sort tells the folders to enter from the entries to look at.
func (w *walker) sort(r *root, folder string, entries []fs.DirEntry) (rest []fs.DirEntry, enter []string) {
	for _, e := range entries {
		path := join(folder, e.Name())
		rel := relative(r.path, path)
		switch {
		case r.apart[rel]: // a root of its own
		case e.IsDir() && w.rules.folder(rel, e.Name()) == "":
			enter = append(enter, path)
		default:
			rest = append(rest, e)
		}
	}
	return rest, enter
}

// send hands a batch to the workers and to the visits.
func (w *walker) send(ctx context.Context, r *root, folder string, entries []fs.DirEntry) error {
	if len(entries) == 0 {
		return nil
	}
	b := &batch{root: r, folder: folder, entries: entries, ready: make(chan struct{})}
	for _, to := range []chan<- *batch{w.queue, w.work} {
		select {
		case <-ctx.Done():
			return ctx.Err()
		case to <- b:
		}
	}
	return nil
}

// sendUnreadable hands on a folder that could not be read. Without its root
// there is nothing to walk, and that is an error of the walk.
func (w *walker) sendUnreadable(ctx context.Context, r *root, folder string, err error) error {
	if folder == r.path {
		return rootError(folder, err)
	}
	f := File{Root: r.path, Path: folder, Folder: true, Skip: SkipUnreadable, Err: err}
	b := &batch{files: []File{f}, ready: make(chan struct{})}
	close(b.ready)
	select {
	case <-ctx.Done():
		return ctx.Err()
	case w.queue <- b:
		return nil
	}
}
