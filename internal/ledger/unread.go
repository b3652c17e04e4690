package ledger

import (
	"context"
	"path/filepath"
	"slices"
	"strings"
)

// Unread is a file that could not be looked at, or a folder of which nobody knows what is in it.
type Unread struct {
	Dir, Name string
	Reason    string
	Other     bool // what the ledger knows of the path is of another file
}

// neverLooked is true of the files f that could not be looked at so far: what has no bytes never comes into the ledger. Each has an item that failed; which album
// it belongs to nobody knows.
const neverLooked = `f.size = 0`

// SetUnread records that files could not be looked at. What is known of the same file from before stays.
func (l *SQLite) SetUnread(ctx context.Context, run RunID, files []Unread) error {
	return l.writer.do(ctx, func(t *tx) error {
		known := rows{t, map[string]int64{}, nil}
		for _, u := range files {
			if err := known.unread(run, u); err != nil {
				return err
			}
		}
		return nil
	})
}

func (r rows) unread(run RunID, u Unread) error {
	dir, err := r.dir(u.Dir)
	if err != nil {
		return err
	}
	if u.Other {
		if err := r.forgetAll(dir, u.Name); err != nil {
			return err
		}
	}
	if _, err := r.exec(`
		INSERT INTO files (dir, name, size, mtime, device, inode, captured, capture_source, make, model, serial, orientation, width, height, media_type, description)
		VALUES (?, ?, 0, 0, 0, 0, 0, '', '', '', '', 0, 0, 0, '', '') ON CONFLICT (dir, name) DO NOTHING`, dir, []byte(u.Name)); err != nil {
		return err
	}
	_, err = r.exec(`
		INSERT INTO items (file, album, sort, state, reason, run) SELECT f.id, ?1, x'', 'failed', ?2, ?3 FROM files f WHERE f.dir = ?4 AND f.name = ?5 AND `+neverLooked+`
		ON CONFLICT (file, album) DO UPDATE SET state = excluded.state, reason = excluded.reason, run = excluded.run`,
		Library, u.Reason, run, dir, []byte(u.Name))
	return err
}

// forgetAll makes a path one that was never looked at.
func (t *tx) forgetAll(dir int64, name string) error {
	for _, statement := range []string{
		`DELETE FROM sessions WHERE file IN (SELECT id FROM files WHERE dir = ? AND name = ?)`,
		`UPDATE items SET state = 'gone' WHERE file IN (SELECT id FROM files WHERE dir = ? AND name = ?)`,
		`UPDATE files SET content = NULL, size = 0, mtime = 0, ctime = 0 WHERE dir = ? AND name = ?`,
	} {
		if _, err := t.exec(statement, dir, []byte(name)); err != nil {
			return err
		}
	}
	return nil
}

// ClearUnread forgets what could not be looked at before a run that has now seen all that is at, or below, some paths: what is still so, it has recorded.
func (l *SQLite) ClearUnread(ctx context.Context, run RunID, roots []string) error {
	before, err := l.unreadBefore(ctx, run, roots)
	if err != nil || len(before) == 0 {
		return err
	}
	return l.writer.do(ctx, func(t *tx) error {
		for _, item := range before {
			if _, err := t.exec(`DELETE FROM items WHERE id = ?`, item); err != nil {
				return err
			}
		}
		return nil
	})
}

// unreadBefore are the items of files at or below some paths that could not be looked at in earlier runs.
func (l *SQLite) unreadBefore(ctx context.Context, run RunID, roots []string) (items []ItemID, err error) {
	rows, err := l.read.QueryContext(ctx, `
		SELECT i.id, d.path, f.name FROM items i JOIN files f ON f.id = i.file JOIN dirs d ON d.id = f.dir
		WHERE i.state = 'failed' AND i.run <> ? AND `+neverLooked, run)
	if err != nil {
		return nil, wrap(err)
	}
	defer func() { _ = rows.Close() }()
	for rows.Next() {
		var item ItemID
		var dir, name []byte
		if err := rows.Scan(&item, &dir, &name); err != nil {
			return nil, wrap(err)
		}
		path := filepath.Join(string(dir), string(name))
		if slices.ContainsFunc(roots, func(root string) bool { return isAtOrBelow(path, root) }) {
			items = append(items, item)
		}
	}
	return items, wrap(rows.Err())
}

func isAtOrBelow(path, root string) bool {
	const separator = string(filepath.Separator)
	return path == root || strings.HasPrefix(path, strings.TrimSuffix(root, separator)+separator)
}

// Unread counts what could not be looked at so far.
func (l *SQLite) Unread(ctx context.Context) (n int, err error) {
	err = l.read.QueryRowContext(ctx, `SELECT count(*) FROM items i JOIN files f ON f.id = i.file WHERE i.state = 'failed' AND `+neverLooked).Scan(&n)
	return n, wrap(err)
}
