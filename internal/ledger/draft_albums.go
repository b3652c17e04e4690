package ledger

import (
	"context"
	"time"
)

// Most albums of a dry run are new: the copy has nothing but their titles, and need not be asked about each of them.

// bare tells whether the copy knows nothing of an album but its title.
func (d *Draft) bare(album AlbumID) (*draftAlbum, bool) {
	d.mu.Lock()
	defer d.mu.Unlock()
	a := d.albums[album]
	return a, a != nil && a.bare
}

// Album reads an album.
func (d *Draft) Album(ctx context.Context, id AlbumID) (Album, error) {
	if a, bare := d.bare(id); bare {
		return Album{ID: id, Title: a.Title}, nil
	}
	return d.SQLite.Album(ctx, id)
}

// Volumes lists the volumes of the title that an album belongs to, in their order.
func (d *Draft) Volumes(ctx context.Context, run RunID, album AlbumID) ([]Volume, error) {
	if a, bare := d.bare(album); bare {
		return []Volume{{ID: album, Title: a.Title}}, nil
	}
	all, err := d.SQLite.Volumes(ctx, run, album)
	if err != nil {
		return nil, err
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	for i := range all {
		for _, it := range d.queue(run, all[i].ID) {
			if it.batch {
				all[i].Held++
			}
		}
	}
	return all, nil
}

// AddVolume makes the next volume of the title that an album belongs to.
func (d *Draft) AddVolume(ctx context.Context, album AlbumID, title func(n int) string) (Volume, error) {
	v, err := d.SQLite.AddVolume(ctx, album, title)
	if err != nil {
		return v, err
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	first, volume := d.albums[d.albums[album].First], 0
	for _, a := range d.albums {
		if a.First == first.ID {
			volume = max(volume, a.volume)
		}
	}
	first.bare = false
	d.addAlbum(PendingAlbum{ID: v.ID, Title: v.Title, First: first.ID, Continues: first.Title}, volume+1)
	return v, nil
}

// Placements lists what an album held before a run and still holds, in order.
func (d *Draft) Placements(ctx context.Context, album AlbumID, before RunID) ([]Placement, error) {
	if _, bare := d.bare(album); bare {
		return nil, nil
	}
	return d.SQLite.Placements(ctx, album, before)
}

// Lost lists what an album held when it was lost and is to be put back, in order.
func (d *Draft) Lost(ctx context.Context, album AlbumID, before []byte, limit int) ([]Lost, error) {
	if _, bare := d.bare(album); bare {
		return nil, nil
	}
	return d.SQLite.Lost(ctx, album, before, limit)
}

// Headings lists the headings of an album in its order.
func (d *Draft) Headings(ctx context.Context, album AlbumID) ([]Heading, error) {
	if _, bare := d.bare(album); bare {
		return nil, nil
	}
	return d.SQLite.Headings(ctx, album)
}

// GroupHeadings records how an album is cut into groups of a kind.
func (d *Draft) GroupHeadings(ctx context.Context, run RunID, album AlbumID, kind string, known, wanted []Heading) error {
	if a, bare := d.bare(album); bare {
		d.mu.Lock()
		a.bare = false
		d.mu.Unlock()
	}
	return d.SQLite.GroupHeadings(ctx, run, album, kind, known, wanted)
}

// RemoteAlbums returns the service's albums of one title as last listed. The time is zero if they were never listed.
func (d *Draft) RemoteAlbums(_ context.Context, title string) ([]RemoteAlbum, time.Time, error) {
	return d.remote[title], d.listed, nil
}

// listing takes the service's albums over from the copy.
func (d *Draft) listing(ctx context.Context) (err error) {
	if _, d.listed, err = d.SQLite.RemoteAlbums(ctx, ""); err != nil || d.listed.IsZero() {
		return err
	}
	rows, err := d.read.QueryContext(ctx, `SELECT remote, title, writeable FROM remote_albums ORDER BY remote`)
	if err != nil {
		return wrap(err)
	}
	defer func() { _ = rows.Close() }()
	for rows.Next() {
		var a RemoteAlbum
		if err := rows.Scan(&a.Remote, &a.Title, &a.Writeable); err != nil {
			return wrap(err)
		}
		d.remote[a.Title] = append(d.remote[a.Title], a)
	}
	return wrap(rows.Err())
}
