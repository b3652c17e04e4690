package ledger

import (
	"context"
	"database/sql"
	"errors"
	"strings"
	"time"
)

// Watched says since when a folder is watched. The zero value is one that never was.
type Watched struct {
	Since  time.Time
	Looked time.Time // when all that was there at first had been looked at; zero: it has not
}

// LeftOut is a file that was there before its folder was watched.
type LeftOut struct {
	Dir, Name string
	Size      int64
	ModTime   time.Time
}

// SetWatched records since when a folder is watched.
func (l *SQLite) SetWatched(ctx context.Context, root string, at Watched) error {
	return l.writer.do(ctx, func(t *tx) error { return t.setWatched([]byte(root), wallNano(at.Since), wallNano(at.Looked)) })
}

func (t *tx) setWatched(root []byte, since, looked int64) error {
	_, err := t.exec(`
		INSERT INTO watched (root, since, looked) VALUES (?, ?, nullif(?, 0))
		ON CONFLICT (root) DO UPDATE SET since = excluded.since, looked = excluded.looked`, root, since, looked)
	return err
}

// LeaveOut records files that watches leave out as long as they stay as they are.
func (l *SQLite) LeaveOut(ctx context.Context, files []LeftOut) error {
	return l.writer.do(ctx, func(t *tx) error {
		for _, f := range files {
			if err := t.leaveOut([]byte(f.Dir), []byte(f.Name), f.Size, f.ModTime.UnixNano()); err != nil {
				return err
			}
		}
		return nil
	})
}

func (t *tx) leaveOut(dir, name []byte, size, mtime int64) error {
	id, err := t.id(`INSERT INTO dirs (path) VALUES (?) ON CONFLICT (path) DO UPDATE SET path = path RETURNING id`, dir)
	if err == nil {
		_, err = t.exec(`INSERT INTO left_out (dir, name, size, mtime) VALUES (?, ?, ?, ?)
			ON CONFLICT (dir, name) DO UPDATE SET size = excluded.size, mtime = excluded.mtime`, id, name, size, mtime)
	}
	return err
}

// Watched says since when a folder is watched.
func (r *Reader) Watched(ctx context.Context, root string) (at Watched, err error) {
	var since int64
	var looked sql.NullInt64
	err = r.db.QueryRowContext(ctx, `SELECT since, looked FROM watched WHERE root = ?`, []byte(root)).Scan(&since, &looked)
	switch {
	case errors.Is(err, sql.ErrNoRows):
		return Watched{}, nil
	case err != nil:
		return Watched{}, r.explain(ctx, err)
	}
	at.Since = unix(since)
	if looked.Valid {
		at.Looked = unix(looked.Int64)
	}
	return at, nil
}

// IsLeftOut tells whether watches leave out this very file. It is asked file by file: what is left out of one folder can be a million files.
func (r *Reader) IsLeftOut(ctx context.Context, f LeftOut) (yes bool, err error) {
	err = r.db.QueryRowContext(ctx, `
		SELECT EXISTS (SELECT 1 FROM left_out WHERE dir = (SELECT id FROM dirs WHERE path = ?) AND name = ? AND size = ? AND mtime = ?)`,
		[]byte(f.Dir), []byte(f.Name), f.Size, f.ModTime.UnixNano()).Scan(&yes)
	if err != nil {
		return false, r.explain(ctx, err)
	}
	return yes, nil
}

// Knows tells whether any file at or below a folder is known, be it that it is left out.
func (r *Reader) Knows(ctx context.Context, folder string) (yes bool, err error) {
	below := strings.TrimSuffix(folder, "/") + "/"
	err = r.db.QueryRowContext(ctx, `
		SELECT EXISTS (
			SELECT 1 FROM dirs d WHERE (d.path = ? OR d.path >= ? AND d.path < ?)
			AND (EXISTS (SELECT 1 FROM files f WHERE f.dir = d.id) OR EXISTS (SELECT 1 FROM left_out o WHERE o.dir = d.id)))`,
		[]byte(folder), []byte(below), []byte(below[:len(below)-1]+"0")).Scan(&yes) // "0" is what comes after "/"
	if err != nil {
		return false, r.explain(ctx, err)
	}
	return yes, nil
}

// The lines of an export that tell of watching.
type (
	watchedLine struct {
		Type   string  `json:"message_type"` // "watched"
		Root   rawText `json:"root"`
		Since  moment  `json:"since"`
		Looked *moment `json:"looked,omitempty"`
	}
	leftOutLine struct {
		Type     string  `json:"message_type"` // "left out"
		Dir      rawText `json:"dir"`
		Name     rawText `json:"name"`
		Size     int64   `json:"size"`
		Modified moment  `json:"modified"`
	}
)

func (e *exporter) watched(ctx context.Context, tx *sql.Tx) error {
	err := eachRow(ctx, tx, func(rows *sql.Rows) error {
		l := watchedLine{Type: "watched"}
		if err := rows.Scan((*[]byte)(&l.Root), &l.Since, &l.Looked); err != nil {
			return err
		}
		return e.line(l)
	}, `SELECT root, since, looked FROM watched ORDER BY root`)
	if err != nil {
		return err
	}
	return eachRow(ctx, tx, func(rows *sql.Rows) error {
		l := leftOutLine{Type: "left out"}
		if err := rows.Scan((*[]byte)(&l.Dir), (*[]byte)(&l.Name), &l.Size, &l.Modified); err != nil {
			return err
		}
		return e.line(l)
	}, `SELECT d.path, o.name, o.size, o.mtime FROM left_out o JOIN dirs d ON d.id = o.dir ORDER BY d.path, o.name`)
}

func (t *tx) takeWatched(l watchedLine) error {
	return t.setWatched([]byte(l.Root), int64(l.Since), orZero(l.Looked))
}

func (t *tx) takeLeftOut(l leftOutLine) error {
	return t.leaveOut([]byte(l.Dir), []byte(l.Name), l.Size, int64(l.Modified))
}
