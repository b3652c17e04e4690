package ledger

import (
	"context"
	"database/sql"
	"errors"
	"slices"
)

// EachFolder hands on the folders in which a run has unfinished items, as [SQLite.EachFolder] does.
func (d *Draft) EachFolder(_ context.Context, run RunID, visit func(dir string, items []FolderItem)) error {
	d.mu.Lock()
	defer d.mu.Unlock()
	seen := map[*draftDir]bool{}
	for it := range d.pending(run) {
		in := it.file.dir
		if seen[in] {
			continue
		}
		seen[in] = true
		items := make([]FolderItem, 0, len(in.list))
		for _, f := range in.list {
			for _, it := range f.items {
				if it.pending(run) || it.State == Creating || it.State.Delivered() {
					items = append(items, it.inFolder(run))
				}
			}
		}
		visit(in.path, items)
	}
	return nil
}

func (it *draftItem) inFolder(run RunID) FolderItem {
	f := it.file
	out := FolderItem{
		Item: it.Item, File: f.File, Album: it.album.ID, Title: it.album.Title, Name: f.name, Size: f.Size, Facts: f.facts.all(),
		Sort: it.sort, Pending: it.pending(run), Held: it.State.Delivered(),
	}
	if out.Held && it.placed != nil {
		out.Sort = it.placed
	}
	out.Fixed = out.Held || it.attempts && (it.State == Sent || it.State == Creating)
	return out
}

// Arrange gives unfinished items their places, and ends those that are left out.
func (d *Draft) Arrange(_ context.Context, items []Arranged) error {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.queues = nil
	for _, a := range items {
		it := d.items.of(a.Item)
		switch {
		case it == nil || it.State.Ended():
			if a.LeftOut != "" {
				return ErrTransition
			}
		case a.LeftOut != "":
			is := *it.draftState
			is.State, is.Reason, is.Permanent, is.LeftOut = Skipped, a.LeftOut, false, true
			d.become(it, is)
		default:
			it.sort = a.Sort
		}
	}
	return nil
}

// SetPlaces gives unfinished items other places in their albums.
func (d *Draft) SetPlaces(_ context.Context, places map[ItemID][]byte) error {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.queues = nil
	for item, sort := range places {
		if it := d.items.of(item); it != nil && !it.State.Ended() {
			it.sort = sort
		}
	}
	return nil
}

// placement is where an album holds a content.
func (d *Draft) placement(ctx context.Context, album AlbumID, content ContentID) (sort []byte, ok bool, err error) {
	err = d.read.QueryRowContext(ctx, `SELECT sort FROM placements WHERE album = ? AND content = ?`, album, content).Scan(&sort)
	if errors.Is(err, sql.ErrNoRows) {
		return nil, false, nil
	}
	return sort, err == nil, wrap(err)
}

// movable are the items of all volumes of a title that were never intended for the one that they are wished into, in their order.
func (d *Draft) movable(run RunID, album AlbumID) []*draftItem {
	first := d.albums[album].First
	var items []*draftItem
	for it := range d.pending(run) {
		if it.album.First == first && !it.batch {
			items = append(items, it)
		}
	}
	slices.SortFunc(items, byPlace)
	return items
}

// Wanted hands on the unfinished items of a run that may go into any volume of the title that an album belongs to, in their order.
func (d *Draft) Wanted(_ context.Context, run RunID, album AlbumID, visit func(Wanted)) error {
	d.mu.Lock()
	defer d.mu.Unlock()
	for _, it := range d.movable(run, album) {
		visit(Wanted{Item: it.Item, Sort: it.sort})
	}
	return nil
}

// ShareOut gives each volume of a title its share of what Wanted tells.
func (d *Draft) ShareOut(_ context.Context, run RunID, shares []Share) error {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.queues = nil
	if len(shares) == 0 {
		return nil
	}
	at := -1
	for _, it := range d.movable(run, shares[0].Album) {
		for at+1 < len(shares) && byPlace(it, &draftItem{Item: shares[at+1].From.Item, sort: shares[at+1].From.Sort}) >= 0 {
			at++
		}
		if at >= 0 && it.album.ID != shares[at].Album {
			d.move(it, d.albums[shares[at].Album])
		}
	}
	return nil
}

// move gives an item to another volume. A file that is wished into that one, too, has one wish then.
func (d *Draft) move(it *draftItem, to *draftAlbum) {
	items := it.file.items
	at := slices.IndexFunc(items, func(i *draftItem) bool { return i.album == to })
	if at >= 0 && items[at].State != Gone {
		d.drop(it)
		return
	}
	if at >= 0 {
		other := items[at]
		d.own(other, d.run)
		d.drop(other)
	}
	it.album = to
}
