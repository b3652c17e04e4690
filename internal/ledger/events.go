package ledger

import (
	"context"
	"database/sql"
	"time"
)

// Shot is when a file was captured, and the event that it is counted to.
type Shot struct {
	Captured time.Time // wall clock
	Offset   *int      // seconds east of UTC; nil if not known
	Event    time.Time // wall clock of the event's beginning; zero: none yet
}

// Stretch is neighbouring shots that have no event yet, and the one that they belong to.
type Stretch struct {
	From, To time.Time // wall clocks of the first and the last
	Event    time.Time
}

// Awaiting is a file that waited for its event.
type Awaiting struct {
	File      FileID
	Dir, Name string
	Root      string
}

// Wish is a known file's wish to be in an album.
type Wish struct {
	File  FileID
	Album string // title; "" is the library only
	Sort  []byte // place in the album
}

// await records that a file waits for its event. One that had an event keeps it, unless its capture time is another one now.
func (t *tx) await(run RunID, file int64, s Sighting) error {
	_, err := t.exec(`
		INSERT INTO events (scope, file, captured, zone_offset, root, run) VALUES (?, ?, ?, ?, ?, ?)
		ON CONFLICT (scope, file) DO UPDATE SET
			captured = excluded.captured, zone_offset = excluded.zone_offset, root = excluded.root, run = excluded.run,
			began = CASE WHEN captured = excluded.captured THEN began END`,
		s.Awaits, file, wallNano(s.Facts.Captured), nullable(s.Facts.Offset), []byte(s.Root), run)
	return err
}

// Events returns the beginnings of the events of the files directly in a folder, by name. A file that has none is left out.
func (l *SQLite) Events(ctx context.Context, scope, dir string) (map[string]time.Time, error) {
	rows, err := l.read.QueryContext(ctx, `
		SELECT f.name, e.began FROM dirs d JOIN files f ON f.dir = d.id JOIN events e ON e.scope = ?1 AND e.file = f.id AND e.captured = f.captured
		WHERE d.path = ?2 AND e.began IS NOT NULL`, scope, []byte(dir))
	if err != nil {
		return nil, wrap(err)
	}
	defer func() { _ = rows.Close() }()
	events := map[string]time.Time{}
	for rows.Next() {
		var name []byte
		var began int64
		if err := rows.Scan(&name, &began); err != nil {
			return nil, wrap(err)
		}
		events[string(name)] = unix(began)
	}
	return events, wrap(rows.Err())
}

// Shots hands on the shots of a scope: all that have an event, and those that wait for one since this run. They come in the order of their wall clocks, among
// equals those with an event first, then those with a zone, so that the order does not depend on which file was found first.
func (l *SQLite) Shots(ctx context.Context, run RunID, scope string, visit func(Shot)) error {
	rows, err := l.read.QueryContext(ctx, `
		SELECT captured, zone_offset, began FROM events WHERE scope = ? AND (began IS NOT NULL OR run = ?) ORDER BY captured, began IS NULL, began,
			zone_offset IS NULL, zone_offset`,
		scope, run)
	if err != nil {
		return wrap(err)
	}
	defer func() { _ = rows.Close() }()
	for rows.Next() {
		var captured int64
		var offset, began sql.NullInt64
		if err := rows.Scan(&captured, &offset, &began); err != nil {
			return wrap(err)
		}
		s := Shot{Captured: unix(captured)}
		if offset.Valid {
			seconds := int(offset.Int64)
			s.Offset = &seconds
		}
		if began.Valid {
			s.Event = unix(began.Int64)
		}
		visit(s)
	}
	return wrap(rows.Err())
}

// SetEvents records which events the shots of a run that wait for one belong to.
func (l *SQLite) SetEvents(ctx context.Context, run RunID, scope string, found []Stretch) error {
	return l.writer.do(ctx, func(t *tx) error {
		for _, s := range found {
			_, err := t.exec(`UPDATE events SET began = ? WHERE scope = ? AND run = ? AND began IS NULL AND captured BETWEEN ? AND ?`,
				s.Event.UnixNano(), scope, run, s.From.UnixNano(), s.To.UnixNano())
			if err != nil {
				return err
			}
		}
		return nil
	})
}

// Awaiting returns a page of the files whose event this run asked for, in the order in which they were first seen, and so mostly folder by folder; after is
// the last of the page before.
func (l *SQLite) Awaiting(ctx context.Context, run RunID, scope string, after FileID, limit int) ([]Awaiting, error) {
	rows, err := l.read.QueryContext(ctx, `
		SELECT f.id, d.path, f.name, e.root FROM events e CROSS JOIN files f ON f.id = e.file CROSS JOIN dirs d ON d.id = f.dir
		WHERE e.scope = ? AND e.file > ? AND +e.run = ? ORDER BY e.file LIMIT ?`, scope, after, run, limit)
	if err != nil {
		return nil, wrap(err)
	}
	defer func() { _ = rows.Close() }()
	var page []Awaiting
	for rows.Next() {
		var a Awaiting
		var dir, name, root []byte
		if err := rows.Scan(&a.File, &dir, &name, &root); err != nil {
			return nil, wrap(err)
		}
		a.Dir, a.Name, a.Root = string(dir), string(name), string(root)
		page = append(page, a)
	}
	return page, wrap(rows.Err())
}

// Wish records wishes of known files. One that was made before starts over.
func (l *SQLite) Wish(ctx context.Context, run RunID, wishes []Wish) error {
	return l.writer.do(ctx, func(t *tx) error {
		known := rows{t, nil, map[string]int64{}}
		for _, w := range wishes {
			if err := known.wish(run, int64(w.File), w.Album, w.Sort, ""); err != nil {
				return err
			}
		}
		return nil
	})
}

// wish records a file's wish to be in an album, or with a reason that it is not taken at all.
func (r rows) wish(run RunID, file int64, title string, sort []byte, skip string) error {
	album, err := r.album(title)
	if err != nil {
		return err
	}
	// A wish that led to another volume of the title begins anew.
	if _, err := r.exec(`
		UPDATE OR IGNORE items SET album = ?1
		WHERE file = ?2 AND album IN (SELECT id FROM albums WHERE continues = ?1)`, album, file); err != nil {
		return err
	}
	state := Described
	if skip != "" {
		state = Skipped
	}
	_, err = r.exec(`
		INSERT INTO items (file, album, sort, state, reason, run) VALUES (?, ?, ?, ?, ?, ?)
		ON CONFLICT (file, album) DO UPDATE SET
			sort = excluded.sort, state = excluded.state, reason = excluded.reason, run = excluded.run, permanent = 0, left_out = 0, attempts = 0, batch = NULL`,
		file, album, append([]byte{}, sort...), string(state), skip, run)
	return err
}
