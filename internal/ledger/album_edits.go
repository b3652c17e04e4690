package ledger

import (
	"context"
	"database/sql"
	"time"
)

// KnownAlbum is an album of the service, as a rule of this ledger names it, as the service listed it, or both.
type KnownAlbum struct {
	ID        AlbumID // 0: no rule of this ledger names it
	Rule      string  // the title that rules name it by, "" if none does; the service may call it otherwise since it was renamed
	Remote    string  // the service's id
	Title     string  // as the service calls it, as far as is known
	Writeable bool
}

const knownAlbums = `
	SELECT coalesce(a.id, 0), coalesce(a.title, ''), r.remote, r.title, r.writeable FROM remote_albums r LEFT JOIN albums a ON a.remote = r.remote
	UNION ALL
	SELECT a.id, a.title, a.remote, a.title, 1 FROM albums a WHERE a.remote IS NOT NULL AND a.remote NOT IN (SELECT remote FROM remote_albums)`

// KnownAlbums lists the albums of the service that are known here, by title: those that files were brought into, and those of the last listing. An album
// that two rules name is there twice.
func (l *SQLite) KnownAlbums(ctx context.Context) ([]KnownAlbum, error) {
	rows, err := l.read.QueryContext(ctx, `SELECT * FROM (`+knownAlbums+`) ORDER BY 4, 3, 1`)
	if err != nil {
		return nil, wrap(err)
	}
	defer func() { _ = rows.Close() }()
	var albums []KnownAlbum
	for rows.Next() {
		var a KnownAlbum
		if err := rows.Scan(&a.ID, &a.Rule, &a.Remote, &a.Title, &a.Writeable); err != nil {
			return nil, wrap(err)
		}
		albums = append(albums, a)
	}
	return albums, wrap(rows.Err())
}

// Retitle records that the service calls an album otherwise now. Rules go on to name it as they did: they mean the album, which keeps what it holds.
func (l *SQLite) Retitle(ctx context.Context, remote, title string) error {
	return l.writer.do(ctx, func(t *tx) error {
		_, err := t.exec(`
			INSERT INTO remote_albums (remote, title, writeable) VALUES (?, ?, 1) ON CONFLICT (remote) DO UPDATE SET title = excluded.title`, remote, title)
		return err
	})
}

// newAlbum makes the album that rules of a title name. If that is what an album was renamed to, it shares that one: it continues it, and never takes anything
// itself.
func (t *tx) newAlbum(title string) (int64, error) {
	return t.id(`
		INSERT INTO albums (title, continues, filled)
		SELECT ?1, n.album, CASE WHEN n.album IS NOT NULL THEN ?2 END FROM (
			SELECT min(coalesce(a.continues, a.id)) AS album FROM remote_albums r JOIN albums a ON a.remote = r.remote WHERE r.title = ?1) n
		RETURNING id`, title, time.Now().UnixNano())
}

// NamedByRules tells whether rules of this ledger know another album than the service's of this id by a title.
func (l *SQLite) NamedByRules(ctx context.Context, title, remote string) (named bool, err error) {
	err = l.read.QueryRowContext(ctx, `
		SELECT EXISTS (SELECT 1 FROM albums a LEFT JOIN albums b ON b.id = a.continues WHERE a.title = ? AND coalesce(a.remote, b.remote, '') <> ?)`,
		title, remote).Scan(&named)
	return named, wrap(err)
}

// AlbumPlace is what is known of a content in an album.
type AlbumPlace struct {
	Placement
	Removed bool // the user took it out
	Doubt   bool // it was about to be put in, and nobody knows what came of it
}

// AlbumPlaces lists what an album holds (but for what it lost when it was deleted in the service), or may hold, and what was taken out of it, in order.
func (l *SQLite) AlbumPlaces(ctx context.Context, album AlbumID) ([]AlbumPlace, error) {
	rows, err := l.read.QueryContext(ctx, `
		SELECT content, sort, media_item, run, removed, lost = 2 FROM placements WHERE album = ? AND lost <> 1 ORDER BY sort, content`, album)
	if err != nil {
		return nil, wrap(err)
	}
	defer func() { _ = rows.Close() }()
	var places []AlbumPlace
	for rows.Next() {
		var p AlbumPlace
		if err := rows.Scan(&p.Content, &p.Sort, &p.MediaItem, &p.Run, &p.Removed, &p.Doubt); err != nil {
			return nil, wrap(err)
		}
		places = append(places, p)
	}
	return places, wrap(rows.Err())
}

// IntendPlaces records that contents are about to be put into an album, to these places, also those that were taken out of it before; PutBack that they are. Who does
// not hear of it leaves it to the next run to find out. Of each Placement, Run does not count.
func (l *SQLite) IntendPlaces(ctx context.Context, run RunID, album AlbumID, places []Placement) error {
	return l.writer.do(ctx, func(t *tx) error {
		for _, p := range places {
			if _, err := t.exec(`
				INSERT INTO placements (album, content, sort, media_item, run, lost) VALUES (?, ?, ?, ?, ?, 2)
				ON CONFLICT (album, content) DO UPDATE SET sort = excluded.sort, media_item = excluded.media_item, run = excluded.run, lost = 2`,
				album, p.Content, p.Sort, p.MediaItem, run); err != nil {
				return err
			}
		}
		return nil
	})
}

// Unplace takes IntendPlaces back: the service would not put these in.
func (l *SQLite) Unplace(ctx context.Context, album AlbumID, contents []ContentID) error {
	return l.writer.do(ctx, func(t *tx) error {
		for _, c := range contents {
			if _, err := t.exec(`DELETE FROM placements WHERE album = ? AND content = ? AND lost = 2 AND NOT removed`, album, c); err != nil {
				return err
			}
			if _, err := t.exec(`UPDATE placements SET lost = 0 WHERE album = ? AND content = ? AND lost = 2`, album, c); err != nil {
				return err
			}
		}
		return nil
	})
}

// Elsewhere is the title of another album that the title of an album goes on in, or began in, and that holds a content; "" if there is none.
func (l *SQLite) Elsewhere(ctx context.Context, album AlbumID, content ContentID) (title string, err error) {
	err = l.read.QueryRowContext(ctx, `
		SELECT coalesce(r.title, a.title) FROM placements p JOIN albums a ON a.id = p.album LEFT JOIN remote_albums r ON r.remote = a.remote
		WHERE p.content = ?2 AND p.album <> ?1 AND p.album IN `+volumesOf+` AND `+here+` ORDER BY a.volume LIMIT 1`, album, content).Scan(&title)
	if err == sql.ErrNoRows {
		return "", nil
	}
	return title, wrap(err)
}

// SetHere takes SetRemoved back: the service would not take these out.
func (l *SQLite) SetHere(ctx context.Context, album AlbumID, contents []ContentID) error {
	return l.mark(ctx, `UPDATE placements SET removed = 0 WHERE album = ? AND content = ?`, album, contents)
}

// ContentOf finds the content that is known as a media item.
func (l *SQLite) ContentOf(ctx context.Context, mediaItem string) (Content, bool, error) {
	var r contentRow
	err := l.read.QueryRowContext(ctx, `SELECT `+contentColumns+` FROM contents c WHERE c.media_item = ? ORDER BY c.id LIMIT 1`, mediaItem).Scan(r.into()...)
	if err == sql.ErrNoRows {
		return Content{}, false, nil
	}
	return r.content(), err == nil, wrap(err)
}

// Adopted finds or makes the album that rules of a title name, and takes the service's album for it. It is not ok if they name another one already.
func (l *SQLite) Adopted(ctx context.Context, title, remote string) (id AlbumID, ok bool, err error) {
	err = l.writer.do(ctx, func(t *tx) error {
		n, err := t.id(`INSERT INTO albums (title) VALUES (?) ON CONFLICT (title) DO UPDATE SET title = title RETURNING id`, title)
		if err != nil {
			return err
		}
		changed, err := t.exec(`UPDATE albums SET remote = ?1, intended = NULL WHERE id = ?2 AND (remote IS NULL OR remote = ?1)`, remote, n)
		id, ok = AlbumID(n), changed == 1
		return err
	})
	return id, ok, err
}
