package ledger

import "context"

// AlbumMissing is the reason of items that were skipped because their album was deleted in the service. Another run may take them.
const AlbumMissing = "its album was deleted in the service"

// here is the condition of a placement that its album really holds, as far as this ledger knows.
const here = `NOT removed AND NOT lost`

// SetRemoved records that the user has taken contents out of an album. They stay placed in it, so that nothing brings them back, and are no neighbours
// of others any more.
func (l *SQLite) SetRemoved(ctx context.Context, album AlbumID, contents []ContentID) error {
	return l.mark(ctx, `UPDATE placements SET removed = 1, lost = 0 WHERE album = ? AND content = ?`, album, contents)
}

// LostAlbums lists the albums that were lost and into which something is to be put back, by title.
func (l *SQLite) LostAlbums(ctx context.Context) ([]PendingAlbum, error) {
	rows, err := l.read.QueryContext(ctx, `
		SELECT id, title, remote IS NOT NULL, missing FROM albums WHERE id IN (SELECT album FROM placements WHERE lost) ORDER BY title`)
	if err != nil {
		return nil, wrap(err)
	}
	defer func() { _ = rows.Close() }()
	var albums []PendingAlbum
	for rows.Next() {
		var a PendingAlbum
		if err := rows.Scan(&a.ID, &a.Title, &a.Remote, &a.Missing); err != nil {
			return nil, wrap(err)
		}
		albums = append(albums, a)
	}
	return albums, wrap(rows.Err())
}

// Lost lists what an album held when it was lost and is to be put back, in order, at most limit of them: what sorts before the given key, or all if that is
// nil.
func (l *SQLite) Lost(ctx context.Context, album AlbumID, before []byte, limit int) ([]Lost, error) {
	rows, err := l.read.QueryContext(ctx, `
		SELECT content, sort, media_item, run, lost = 2 FROM placements WHERE album = ?1 AND lost AND (?2 IS NULL OR sort < ?2) ORDER BY sort, content LIMIT ?3`,
		album, nullBytes(before), limit)
	if err != nil {
		return nil, wrap(err)
	}
	defer func() { _ = rows.Close() }()
	var lost []Lost
	for rows.Next() {
		var p Lost
		if err := rows.Scan(&p.Content, &p.Sort, &p.MediaItem, &p.Run, &p.Doubt); err != nil {
			return nil, wrap(err)
		}
		lost = append(lost, p)
	}
	return lost, wrap(rows.Err())
}

// IntendBack records that lost contents are about to be put back into their album, PutBack that they are.
func (l *SQLite) IntendBack(ctx context.Context, album AlbumID, contents []ContentID) error {
	return l.mark(ctx, `UPDATE placements SET lost = 2 WHERE album = ? AND content = ? AND lost`, album, contents)
}

// PutBack records that lost contents, or those that were intended for it, are in their album.
func (l *SQLite) PutBack(ctx context.Context, album AlbumID, contents []ContentID) error {
	return l.mark(ctx, `UPDATE placements SET lost = 0, removed = 0 WHERE album = ? AND content = ?`, album, contents)
}

func (l *SQLite) mark(ctx context.Context, update string, album AlbumID, contents []ContentID) error {
	return l.writer.do(ctx, func(t *tx) error {
		for _, c := range contents {
			if _, err := t.exec(update, album, c); err != nil {
				return err
			}
		}
		return nil
	})
}

// nullBytes makes NULL of what is not given; an empty key is one.
func nullBytes(b []byte) any {
	if b == nil {
		return nil
	}
	return b
}
