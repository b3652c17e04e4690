package ledger

import (
	"bytes"
	"cmp"
	"context"
	"encoding/json"
	"maps"
	"path/filepath"
	"slices"
	"strings"
)

// pending tells whether an item is an unfinished one of a run.
func (it *draftItem) pending(run RunID) bool { return it.run == run && !it.State.Ended() }

func byPlace(a, b *draftItem) int {
	return cmp.Or(bytes.Compare(a.sort, b.sort), cmp.Compare(a.Item, b.Item))
}

// pending are the unfinished items of a run.
func (d *Draft) pending(run RunID) func(yield func(*draftItem) bool) {
	return func(yield func(*draftItem) bool) {
		for _, it := range d.mine {
			if it.pending(run) && !yield(it) {
				return
			}
		}
	}
}

// unfinished are the files of a run's unfinished items.
func (d *Draft) unfinished(run RunID) func(yield func(*draftFile) bool) {
	return func(yield func(*draftFile) bool) {
		for it := range d.pending(run) {
			items := it.file.items
			if first := slices.IndexFunc(items, func(i *draftItem) bool { return i.pending(run) }); items[first] == it && !yield(it.file) {
				return
			}
		}
	}
}

// queue are the unfinished items of an album, in their order.
func (d *Draft) queue(run RunID, album AlbumID) []*draftItem {
	if d.queues == nil {
		d.queues = map[AlbumID][]*draftItem{}
		for it := range d.pending(run) {
			d.queues[it.album.ID] = append(d.queues[it.album.ID], it)
		}
		for _, q := range d.queues {
			slices.SortFunc(q, byPlace)
		}
	}
	return d.queues[album]
}

// PendingAlbums lists the albums with unfinished items of a run, by title and volume.
func (d *Draft) PendingAlbums(_ context.Context, run RunID) ([]PendingAlbum, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	counted := map[AlbumID]*draftAlbum{}
	var all []*draftAlbum
	for it := range d.pending(run) {
		a := counted[it.album.ID]
		if a == nil {
			a = &draftAlbum{PendingAlbum: it.album.PendingAlbum, volume: it.album.volume}
			counted[a.ID], all = a, append(all, a)
		}
		a.Items++
		a.Bytes += it.file.Size
		if it.State == Sent {
			a.Sent++
		}
		if it.batch {
			a.Tried++
		}
	}
	slices.SortFunc(all, func(a, b *draftAlbum) int {
		return cmp.Or(strings.Compare(cmp.Or(a.Continues, a.Title), cmp.Or(b.Continues, b.Title)), cmp.Compare(a.volume, b.volume))
	})
	var albums []PendingAlbum
	for _, a := range all {
		albums = append(albums, a.PendingAlbum)
	}
	return albums, nil
}

// Pending returns at most limit unfinished items of one album after the cursor, in their order.
func (d *Draft) Pending(_ context.Context, run RunID, album AlbumID, after Cursor, limit int) ([]Pending, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	q := d.queue(run, album)
	from, found := slices.BinarySearchFunc(q, after, func(it *draftItem, c Cursor) int {
		return cmp.Or(bytes.Compare(it.sort, c.Sort), cmp.Compare(it.Item, c.Item))
	})
	if found {
		from++
	}
	q = q[from:min(from+limit, len(q))]
	page := make([]Pending, len(q))
	for i, it := range q {
		f := it.file
		page[i] = Pending{
			Item: it.Item, File: f.File, Dir: f.dir.path, Name: f.name, Size: f.Size, ModTime: unix(f.modified), MediaType: f.facts.common.MediaType,
			Description: f.facts.own().description, Captured: f.facts.time(), Source: f.facts.common.CaptureSource, Sort: it.sort, Content: f.Content,
			Doubt: it.doubt, Tried: it.batch,
		}
		for _, other := range f.items {
			if other != it && other.run == run {
				page[i].Others++
			}
		}
	}
	return page, nil
}

// Unfinished counts the files of a run of which an item has not reached its end.
func (d *Draft) Unfinished(_ context.Context, run RunID) (int, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	n := 0
	for range d.unfinished(run) {
		n++
	}
	return n, nil
}

// SharedSizes are the sizes of a run's unfinished items that another one of them has, and those of all known contents.
func (d *Draft) SharedSizes(ctx context.Context, run RunID) (map[int64]bool, error) {
	shared, err := d.sizes(ctx, `SELECT DISTINCT size FROM contents`)
	if err != nil {
		return nil, err
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	var all []int64
	for it := range d.pending(run) {
		all = append(all, it.file.Size)
	}
	slices.Sort(all)
	for i := 1; i < len(all); i++ {
		if all[i] == all[i-1] {
			shared[all[i]] = true
		}
	}
	return shared, nil
}

// Captures hands on when and by which camera files were taken, as [SQLite.Captures] does.
func (d *Draft) Captures(ctx context.Context, run RunID, visit func(f Facts, unfinished bool)) error {
	files, albums := d.timed(run)
	beside, err := d.standingBeside(ctx, files, albums)
	if err != nil {
		return err
	}
	for _, f := range files {
		for ; len(beside) > 0 && beside[0].Captured.Before(f.facts.time()); beside = beside[1:] {
			visit(beside[0], false)
		}
		visit(f.facts.all(), true)
	}
	for _, f := range beside {
		visit(f, false)
	}
	return nil
}

// timed are the files of a run's unfinished items of which it is known when they were taken, in the order of time, and the albums of all these items.
func (d *Draft) timed(run RunID) (files []*draftFile, albums []AlbumID) {
	d.mu.Lock()
	defer d.mu.Unlock()
	files = make([]*draftFile, 0, len(d.mine))
	for f := range d.unfinished(run) {
		if f.facts.captured != 0 {
			files = append(files, f)
		}
	}
	slices.SortStableFunc(files, func(a, b *draftFile) int { return cmp.Compare(a.facts.captured, b.facts.captured) })
	in := map[AlbumID]bool{}
	for it := range d.pending(run) {
		in[it.album.ID] = true
	}
	return files, slices.Sorted(maps.Keys(in))
}

// standingBeside are the facts of what the copy has standing in albums, but for the files themselves, in the order of time.
func (d *Draft) standingBeside(ctx context.Context, files []*draftFile, albums []AlbumID) (standing []Facts, err error) {
	ids, err := json.Marshal(albums)
	if err != nil {
		return nil, err
	}
	var own map[FileID]bool // most albums of a first import hold nothing yet
	err = d.capturesIn(ctx, string(ids), func(id FileID, f Facts) {
		if own == nil {
			own = make(map[FileID]bool, len(files))
			for _, f := range files {
				own[f.File] = true
			}
		}
		if !own[id] {
			standing = append(standing, f)
		}
	})
	return standing, err
}

// AlbumShots hands on what an album holds and what a run is about to put into it, in order.
func (d *Draft) AlbumShots(ctx context.Context, run RunID, album AlbumID, visit func(AlbumShot)) error {
	var shots []AlbumShot
	if err := d.SQLite.AlbumShots(ctx, run, album, func(s AlbumShot) { shots = append(shots, s) }); err != nil {
		return err
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	for _, it := range d.queue(run, album) {
		f := it.file.facts
		shots = append(shots, AlbumShot{Sort: it.sort, Captured: f.time(), Source: f.common.CaptureSource, Latitude: f.own().latitude, Longitude: f.own().longitude})
	}
	slices.SortStableFunc(shots, func(a, b AlbumShot) int { return bytes.Compare(a.Sort, b.Sort) })
	for _, s := range shots {
		visit(s)
	}
	return nil
}

// Standing returns where all files that were ever wanted in the volumes of a title stand in it, by path.
func (d *Draft) Standing(ctx context.Context, title string) (map[string]Standing, error) {
	standing, err := d.SQLite.Standing(ctx, title)
	if err != nil {
		return nil, err
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	for path := range standing {
		if d.dirs[filepath.Dir(path)] != nil {
			delete(standing, path)
		}
	}
	for it := range d.items.each() {
		if a := it.album; a.Title != title && (a.First == a.ID || a.Continues != title) {
			continue
		}
		s := Standing{Item: it.Item, Sort: it.sort, Run: it.run}
		if c := it.file.Content; c != nil {
			p, ok, err := d.placement(ctx, it.album.ID, c.ID)
			if err != nil {
				return nil, err
			}
			if ok {
				s.Sort, s.Placed = p, true
			}
		}
		standing[filepath.Join(it.file.dir.path, it.file.name)] = s
	}
	return standing, nil
}
