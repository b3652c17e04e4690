package ledger

import (
	"context"
	"database/sql"
	"errors"
	"time"
)

// Volume is one of the albums that a title takes. Most titles take one.
type Volume struct {
	ID     AlbumID
	Title  string
	Held   int    // what it holds as far as is known, and what was intended for it
	First  []byte // the place of the first of that; nil if there is none
	Filled bool   // the service said that it is full
}

// Wanted is an unfinished item that may go into any volume of its title.
type Wanted struct {
	Item ItemID
	Sort []byte
}

// Share is the files that a volume gets: those from a place on, up to where the next share begins.
type Share struct {
	Album AlbumID
	From  Cursor // of its first item
}

// volumesOf are the numbers of all volumes of the title that album ?1 belongs to.
const volumesOf = `(SELECT v.id FROM albums a JOIN albums v ON v.id = coalesce(a.continues, a.id) OR v.continues = coalesce(a.continues, a.id) WHERE a.id = ?1)`

// movable is the condition under which an item i of run ?2 was never intended for the volume that it is wished into.
const movable = `i.run = ?2 AND ` + unfinished + ` AND i.batch IS NULL`

// Volumes lists the volumes of the title that an album belongs to, in their order.
func (l *SQLite) Volumes(ctx context.Context, run RunID, album AlbumID) ([]Volume, error) {
	rows, err := l.read.QueryContext(ctx, `
		SELECT v.id, v.title, v.filled IS NOT NULL,
			(SELECT count(*) FROM placements p WHERE p.album = v.id AND NOT p.removed),
			(SELECT min(p.sort) FROM placements p WHERE p.album = v.id AND NOT p.removed),
			(SELECT count(*) FROM items i WHERE i.run = ?2 AND i.album = v.id AND `+unfinished+` AND i.batch IS NOT NULL)
		FROM albums v WHERE v.id IN `+volumesOf+` ORDER BY v.volume, v.continues IS NOT NULL`, album, run)
	if err != nil {
		return nil, wrap(err)
	}
	defer func() { _ = rows.Close() }()
	var all []Volume
	for rows.Next() {
		var v Volume
		var intended int
		if err := rows.Scan(&v.ID, &v.Title, &v.Filled, &v.Held, &v.First, &intended); err != nil {
			return nil, wrap(err)
		}
		v.Held += intended
		all = append(all, v)
	}
	return all, wrap(rows.Err())
}

// Wanted hands on the unfinished items of a run that may go into any volume of the title that an album belongs to, in their order.
func (l *SQLite) Wanted(ctx context.Context, run RunID, album AlbumID, visit func(Wanted)) error {
	rows, err := l.read.QueryContext(ctx, `
		SELECT i.id, i.sort FROM items i WHERE `+movable+` AND i.album IN `+volumesOf+` ORDER BY i.sort, i.id`, album, run)
	if err != nil {
		return wrap(err)
	}
	defer func() { _ = rows.Close() }()
	for rows.Next() {
		var w Wanted
		if err := rows.Scan(&w.Item, &w.Sort); err != nil {
			return wrap(err)
		}
		visit(w)
	}
	return wrap(rows.Err())
}

// AddVolume makes the next volume of the title that an album belongs to. Title says what the n-th volume is called; a title that an album has already is
// passed over.
func (l *SQLite) AddVolume(ctx context.Context, album AlbumID, title func(n int) string) (v Volume, err error) {
	err = l.writer.do(ctx, func(t *tx) error {
		first, err := t.id(`SELECT coalesce(continues, id) FROM albums WHERE id = ?`, album)
		if err != nil {
			return err
		}
		number, err := t.id(`SELECT max(volume) + 1 FROM albums WHERE id = ?1 OR continues = ?1`, first)
		if err != nil {
			return err
		}
		for n := int(number); ; n++ {
			v.Title = title(n)
			id, err := t.id(`INSERT INTO albums (title, continues, volume) VALUES (?, ?, ?) ON CONFLICT (title) DO NOTHING RETURNING id`, v.Title, first, number)
			if !errors.Is(err, sql.ErrNoRows) {
				v.ID = AlbumID(id)
				return err
			}
		}
	})
	return v, err
}

// FillAlbum records that the service said that an album is full.
func (l *SQLite) FillAlbum(ctx context.Context, album AlbumID) error {
	return l.writer.do(ctx, func(t *tx) error {
		_, err := t.exec(`UPDATE albums SET filled = ? WHERE id = ?`, time.Now().UnixNano(), album)
		return err
	})
}

// ShareOut gives each volume of a title its share of what Wanted tells. Shares are in the order of their places; what comes before the first stays where it
// is. A file that is wished into its volume by another rule, too, has one wish then.
func (l *SQLite) ShareOut(ctx context.Context, run RunID, shares []Share) error {
	for n, s := range shares {
		end := Cursor{}
		if n+1 < len(shares) {
			end = shares[n+1].From
		}
		err := l.writer.do(ctx, func(t *tx) error { return t.move(s.Album, run, s.From, end) })
		if err != nil {
			return err
		}
	}
	return nil
}

// move gives a volume what is wanted from one place up to before another one, the zero value being the end.
func (t *tx) move(to AlbumID, run RunID, from, end Cursor) error {
	const which = movable + ` AND i.album <> ?1 AND i.album IN ` + volumesOf + `
		AND (i.sort, i.id) >= (?3, ?4) AND (?6 = 0 OR (i.sort, i.id) < (?5, ?6))`
	for _, statement := range []string{
		`DELETE FROM items WHERE album = ?1 AND state = 'gone' AND file IN (SELECT i.file FROM items i WHERE ` + which + `)`,
		`DELETE FROM items WHERE id IN (SELECT i.id FROM items i JOIN items o ON o.file = i.file AND o.album = ?1 WHERE ` + which + `)`,
		`UPDATE items SET album = ?1 WHERE id IN (SELECT i.id FROM items i WHERE ` + which + `)`,
	} {
		if _, err := t.exec(statement, to, run, append([]byte{}, from.Sort...), from.Item, append([]byte{}, end.Sort...), end.Item); err != nil {
			return err
		}
	}
	return nil
}

// MoveItem wishes one unfinished item into another volume, because the one that it was meant for turned out to be full. It tells whether the file is not
// wished into that one already; then it keeps that wish only.
func (l *SQLite) MoveItem(ctx context.Context, item ItemID, to AlbumID) (moved bool, err error) {
	err = l.writer.do(ctx, func(t *tx) error {
		n, err := t.exec(`UPDATE OR IGNORE items SET album = ?2, batch = NULL, state = CASE state WHEN 'creating' THEN 'sent' ELSE state END WHERE id = ?1`, item, to)
		moved = n == 1
		if err == nil && !moved {
			_, err = t.exec(`DELETE FROM items WHERE id = ?`, item)
		}
		return err
	})
	return moved, err
}

// Behind is the place of the last item that the volumes before an album held before a run; nil if there is none: what sorts before it comes late.
func (l *SQLite) Behind(ctx context.Context, run RunID, album AlbumID) (sort []byte, err error) {
	err = l.read.QueryRowContext(ctx, `
		SELECT max(p.sort) FROM placements p JOIN albums v ON v.id = p.album
		WHERE p.run < ?2 AND NOT p.removed AND p.album IN `+volumesOf+` AND v.volume < (SELECT volume FROM albums WHERE id = ?1)`, album, run).Scan(&sort)
	return sort, wrap(err)
}

// VolumeTitles are the titles of all further volumes, each with the title that it continues, and those that albums were renamed to, each with the title by which
// rules know it.
func (l *SQLite) VolumeTitles(ctx context.Context) (map[string]string, error) {
	rows, err := l.read.QueryContext(ctx, `
		SELECT v.title, a.title FROM albums v JOIN albums a ON a.id = v.continues
		UNION ALL
		SELECT r.title, b.title FROM remote_albums r JOIN albums a ON a.remote = r.remote JOIN albums b ON b.id = coalesce(a.continues, a.id)
		WHERE r.title NOT IN (SELECT title FROM albums)`)
	if err != nil {
		return nil, wrap(err)
	}
	defer func() { _ = rows.Close() }()
	titles := map[string]string{}
	for rows.Next() {
		var volume, first string
		if err := rows.Scan(&volume, &first); err != nil {
			return nil, wrap(err)
		}
		titles[volume] = first
	}
	return titles, wrap(rows.Err())
}
