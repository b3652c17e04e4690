package ledger

import (
	"context"
	"database/sql"
	"strconv"
	"time"
)

// listedKey is where the time of the last complete album listing is kept.
const listedKey = "remote_albums_listed"

// Album reads an album.
func (l *SQLite) Album(ctx context.Context, id AlbumID) (Album, error) {
	a := Album{ID: id}
	var remote sql.NullString
	err := l.read.QueryRowContext(ctx, `SELECT title, remote, intended IS NOT NULL FROM albums WHERE id = ?`, id).Scan(&a.Title, &remote, &a.Intended)
	a.Remote = remote.String
	return a, wrap(err)
}

// IntendAlbum records that an album is about to be created.
func (l *SQLite) IntendAlbum(ctx context.Context, id AlbumID) error {
	return l.writer.do(ctx, func(t *tx) error {
		_, err := t.exec(`UPDATE albums SET intended = ? WHERE id = ?`, time.Now().UnixNano(), id)
		return err
	})
}

// SetAlbum records the service's id of an album.
func (l *SQLite) SetAlbum(ctx context.Context, id AlbumID, remote string) error {
	return l.writer.do(ctx, func(t *tx) error {
		_, err := t.exec(`UPDATE albums SET remote = ?, intended = NULL, missing = 0 WHERE id = ?`, remote, id)
		return err
	})
}

// LoseAlbum records that the service no longer has an album: its id is forgotten, and what it held is to be put into the next one, with its headings, but for what
// the user had taken out.
func (l *SQLite) LoseAlbum(ctx context.Context, id AlbumID) error {
	return l.writer.do(ctx, func(t *tx) error {
		if _, err := t.exec(`UPDATE placements SET lost = 1 WHERE album = ? AND NOT removed`, id); err != nil {
			return err
		}
		if _, err := t.exec(`DELETE FROM remote_albums WHERE remote = (SELECT remote FROM albums WHERE id = ?)`, id); err != nil {
			return err
		}
		if _, err := t.exec(`UPDATE headings SET state = 'wanted', enrichment = NULL WHERE album = ? AND state <> 'removed'`, id); err != nil {
			return err
		}
		_, err := t.exec(`UPDATE albums SET remote = NULL, filled = NULL, intended = NULL, missing = 1 WHERE id = ?`, id)
		return err
	})
}

// RemoteAlbums returns the service's albums of one title as last listed. The time is zero if they were never listed.
func (l *SQLite) RemoteAlbums(ctx context.Context, title string) ([]RemoteAlbum, time.Time, error) {
	var text string
	err := l.read.QueryRowContext(ctx, `SELECT value FROM meta WHERE key = ?`, listedKey).Scan(&text)
	if err == sql.ErrNoRows {
		return nil, time.Time{}, nil
	}
	if err != nil {
		return nil, time.Time{}, wrap(err)
	}
	listed, err := strconv.ParseInt(text, 10, 64)
	if err != nil {
		return nil, time.Time{}, wrap(err)
	}
	rows, err := l.read.QueryContext(ctx, `SELECT remote, title, writeable FROM remote_albums WHERE title = ? ORDER BY remote`, title)
	if err != nil {
		return nil, time.Time{}, wrap(err)
	}
	defer func() { _ = rows.Close() }()
	var albums []RemoteAlbum
	for rows.Next() {
		var a RemoteAlbum
		if err := rows.Scan(&a.Remote, &a.Title, &a.Writeable); err != nil {
			return nil, time.Time{}, wrap(err)
		}
		albums = append(albums, a)
	}
	return albums, unix(listed), rows.Err()
}

// SetRemoteAlbums replaces the whole listing, which was made at that time.
func (l *SQLite) SetRemoteAlbums(ctx context.Context, listed time.Time, albums []RemoteAlbum) error {
	return l.writer.do(ctx, func(t *tx) error {
		if _, err := t.exec(`DELETE FROM remote_albums`); err != nil {
			return err
		}
		for _, a := range albums {
			if _, err := t.exec(`INSERT OR REPLACE INTO remote_albums (remote, title, writeable) VALUES (?, ?, ?)`, a.Remote, a.Title, a.Writeable); err != nil {
				return err
			}
		}
		_, err := t.exec(`INSERT OR REPLACE INTO meta (key, value) VALUES (?, ?)`, listedKey, strconv.FormatInt(listed.UnixNano(), 10))
		return err
	})
}
