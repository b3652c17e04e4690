package ledger

import (
	"context"
	"fmt"
	"reflect"
	"slices"
	"time"
)

// Record writes files that were seen and the items they wish for, by the rules of [SQLite.Record].
func (d *Draft) Record(ctx context.Context, run RunID, seen []Sighting) error {
	for _, s := range seen {
		if err := d.load(ctx, s.Dir); err != nil {
			return err
		}
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	d.queues = nil
	titles := make([]string, 0, len(seen))
	for _, s := range seen {
		if s.Awaits == "" {
			titles = append(titles, s.Album)
		}
	}
	if err := d.haveAlbums(ctx, titles); err != nil {
		return err
	}
	for _, s := range seen {
		f, err := d.saw(ctx, s)
		if err != nil {
			return err
		}
		if s.Awaits == "" {
			d.wish(run, f, s.Album, s.Sort, s.Skip)
		} else if err := d.await(ctx, run, f, s); err != nil {
			return err
		}
	}
	return nil
}

// saw finds or makes a file.
func (d *Draft) saw(ctx context.Context, s Sighting) (*draftFile, error) {
	in := d.dirs[s.Dir]
	f := in.file(s.Name)
	if f == nil {
		d.file++
		f = d.addFile(in, s.Name, d.file)
		in.fresh[s.Name] = f
	} else if s.Doubt || !f.same(s) {
		if err := d.forget(ctx, f); err != nil {
			return nil, err
		}
	}
	if wallNano(s.Facts.Captured) == 0 {
		s.Facts.Captured = time.Time{}
	}
	if f.Content != nil && !reflect.DeepEqual(f.facts.all(), s.Facts) {
		if err := d.tellCopy(ctx, f.File, s.Facts); err != nil {
			return nil, err
		}
	}
	f.Size, f.modified, f.changed, f.facts = s.Size, s.ModTime.UnixNano(), wallNano(s.Changed), d.pack(s.Facts)
	return f, nil
}

// tellCopy tells the copy the facts of a file by which it knows a content.
func (d *Draft) tellCopy(ctx context.Context, file FileID, f Facts) error {
	return d.writer.do(ctx, func(t *tx) error {
		_, err := t.exec(`UPDATE files SET captured = ?, capture_source = ?, latitude = ?, longitude = ? WHERE id = ?`,
			wallNano(f.Captured), f.CaptureSource, nullable(f.Latitude), nullable(f.Longitude), file)
		return err
	})
}

func (f *draftFile) same(s Sighting) bool {
	return f.Size == s.Size && f.modified == s.ModTime.UnixNano() && (f.changed == wallNano(s.Changed) || f.changed == 0 || s.Changed.IsZero())
}

// forget forgets what belongs to the file that was at a path before.
func (d *Draft) forget(ctx context.Context, f *draftFile) error {
	for _, it := range f.items {
		if it.State.Ended() {
			is := *it.draftState
			is.State = Gone
			d.become(it, is)
		}
	}
	if f.Content == nil {
		return nil
	}
	f.Content = nil
	return d.writer.do(ctx, func(t *tx) error { // what is told by contents is told by the copy
		_, err := t.exec(`UPDATE files SET content = NULL WHERE id = ?`, f.File)
		return err
	})
}

// haveAlbums makes the albums that there are not.
func (d *Draft) haveAlbums(ctx context.Context, titles []string) error {
	if !slices.ContainsFunc(titles, func(title string) bool { return d.titles[title] == nil }) {
		return nil
	}
	return d.writer.do(ctx, func(t *tx) error {
		for _, title := range titles {
			if d.titles[title] != nil {
				continue
			}
			if err := d.haveAlbum(t, title); err != nil {
				return err
			}
		}
		return nil
	})
}

func (d *Draft) haveAlbum(t *tx, title string) error {
	id, err := t.newAlbum(title)
	if err != nil {
		return err
	}
	a := PendingAlbum{ID: AlbumID(id), Title: title, First: AlbumID(id)}
	if len(d.remote[title]) > 0 { // perhaps an album was renamed to it
		first, err := t.id(`SELECT coalesce(continues, id) FROM albums WHERE id = ?`, id)
		if err != nil {
			return err
		}
		if a.First = AlbumID(first); a.First != a.ID {
			a.Continues = d.albums[a.First].Title
		}
	}
	d.addAlbum(a, 1)
	d.titles[title].bare = a.First == a.ID
	return nil
}

func (d *Draft) addAlbum(a PendingAlbum, volume int) {
	added := &draftAlbum{PendingAlbum: a, volume: volume}
	d.titles[a.Title], d.albums[a.ID] = added, added
}

// Wish records wishes of known files. One that was made before starts over.
func (d *Draft) Wish(ctx context.Context, run RunID, wishes []Wish) error {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.queues = nil
	titles := make([]string, len(wishes))
	for i, w := range wishes {
		titles[i] = w.Album
	}
	if err := d.haveAlbums(ctx, titles); err != nil {
		return err
	}
	for _, w := range wishes {
		f, err := d.asked(w.File)
		if err != nil {
			return err
		}
		d.wish(run, f, w.Album, w.Sort, "")
	}
	return nil
}

func (d *Draft) wish(run RunID, f *draftFile, title string, sort []byte, skip string) {
	album := d.titles[title]
	at := slices.IndexFunc(f.items, func(it *draftItem) bool { return it.album == album })
	if at < 0 { // a wish that led to another volume of the title begins anew
		at = slices.IndexFunc(f.items, func(it *draftItem) bool { return it.album != album && it.album.First == album.ID })
	}
	if at < 0 {
		d.item++
		at = len(f.items)
		d.addItem(f, album, draftItem{Item: d.item})
	}
	it := f.items[at]
	state := Described
	if skip != "" {
		state = Skipped
	}
	fresh := d.own(it, run)
	it.album, it.sort, it.placed = album, sort, nil
	d.become(it, draftState{State: state, Reason: skip})
	if skip != "" && fresh { // which is about the file, whatever the run
		it.was = &draftWas{it.draftState, album, sort, nil, run}
	}
}

// Adopt makes items of earlier runs this run's own, by the rules of [SQLite.Adopt].
func (d *Draft) Adopt(_ context.Context, run RunID, items []ItemID) error {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.queues = nil
	for _, id := range items {
		it := d.items.of(id)
		if it == nil || it.State.Ended() && it.State != Failed && !(it.State == Skipped && (it.LeftOut || it.Reason == AlbumMissing)) {
			return fmt.Errorf("%w: item %d is not unfinished", ErrTransition, id)
		}
	}
	for _, id := range items {
		it := d.items.of(id)
		d.own(it, run)
		is := *it.draftState
		switch is.State {
		case Creating:
			is.State = Sent
		case Failed, Skipped:
			is.State = Described
		}
		is.Reason, is.Permanent, is.LeftOut = "", false, false
		d.become(it, is)
	}
	return nil
}
