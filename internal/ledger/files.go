package ledger

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"slices"
	"time"
)

// Folder returns what is known about the files directly in a folder.
func (l *SQLite) Folder(ctx context.Context, dir string) (Folder, error) {
	rows, err := l.read.QueryContext(ctx, `
		SELECT f.name, f.id, f.size, f.mtime, f.ctime, `+factColumns+`, `+contentColumns+`, i.id, a.title, b.title, i.state, i.reason, i.permanent, i.left_out
		FROM dirs d JOIN files f ON f.dir = d.id LEFT JOIN contents c ON c.id = f.content
		LEFT JOIN items i ON i.file = f.id LEFT JOIN albums a ON a.id = i.album LEFT JOIN albums b ON b.id = a.continues
		WHERE d.path = ?`, []byte(dir))
	if err != nil {
		return nil, wrap(err)
	}
	defer func() { _ = rows.Close() }()
	known := knownFiles{}
	for rows.Next() {
		if err := scanKnown(rows, known); err != nil {
			return nil, wrap(err)
		}
	}
	return known, wrap(rows.Err())
}

// knownFiles is a [Folder] as it was at one moment, by name.
type knownFiles map[string]Known

func (k knownFiles) Names() []string         { return slices.Sorted(maps.Keys(k)) }
func (k knownFiles) Known(name string) Known { return k[name] }

// scanKnown adds one row, a file with one of its items or none, to what is known.
func scanKnown(rows *sql.Rows, known knownFiles) error {
	var (
		name          []byte
		k             Known
		mtime, ctime  int64
		facts         factRow
		content       contentRow
		item          sql.NullInt64
		album, reason sql.NullString
		continues     sql.NullString
		state         sql.NullString
		permanent     sql.NullBool
		leftOut       sql.NullBool
	)
	into := append([]any{&name, &k.File, &k.Size, &mtime, &ctime}, facts.into()...)
	into = append(into, content.into()...)
	if err := rows.Scan(append(into, &item, &album, &continues, &state, &reason, &permanent, &leftOut)...); err != nil {
		return err
	}
	if before, ok := known[string(name)]; ok {
		k = before
	} else {
		k.ModTime, k.Facts, k.Content = unix(mtime), facts.facts(), content.orNil()
		if ctime != 0 {
			k.Changed = unix(ctime)
		}
	}
	if item.Valid {
		k.Items = append(k.Items, KnownItem{
			Item: ItemID(item.Int64), Album: album.String, Continues: continues.String, State: State(state.String), Reason: reason.String,
			Permanent: permanent.Bool, LeftOut: leftOut.Bool,
		})
	}
	known[string(name)] = k
	return nil
}

// Record writes files that were seen and the items they wish for. A file whose size or times are not the recorded ones is a new file: its
// content is unknown again, a session with its bytes is forgotten, and its items start over.
func (l *SQLite) Record(ctx context.Context, run RunID, seen []Sighting) error {
	return l.writer.do(ctx, func(t *tx) error {
		known := rows{t, map[string]int64{}, map[string]int64{}}
		for _, s := range seen {
			if err := known.record(run, s); err != nil {
				return err
			}
		}
		return nil
	})
}

// rows knows the folders and albums that one change has to do with, most of them many times.
type rows struct {
	*tx
	dirs, albums map[string]int64
}

// of finds or makes the row of a text.
func (r rows) of(known map[string]int64, text string, find func(*tx) (int64, error)) (id int64, err error) {
	id, ok := known[text]
	if !ok {
		id, err = find(r.tx)
		known[text] = id
	}
	return id, err
}

func (r rows) dir(path string) (int64, error) {
	return r.of(r.dirs, path, func(t *tx) (int64, error) {
		return t.id(`INSERT INTO dirs (path) VALUES (?) ON CONFLICT (path) DO UPDATE SET path = path RETURNING id`, []byte(path))
	})
}

func (r rows) album(title string) (int64, error) {
	return r.of(r.albums, title, func(t *tx) (int64, error) {
		id, err := t.id(`SELECT id FROM albums WHERE title = ?`, title)
		if errors.Is(err, sql.ErrNoRows) {
			return t.newAlbum(title)
		}
		return id, err
	})
}

func (r rows) record(run RunID, s Sighting) error {
	dir, err := r.dir(s.Dir)
	if err != nil {
		return err
	}
	file, err := r.file(dir, s)
	if err != nil {
		return err
	}
	if s.Awaits != "" {
		return r.await(run, file, s)
	}
	return r.wish(run, file, s.Album, s.Sort, s.Skip)
}

// file finds or makes the row of a file.
func (t *tx) file(dir int64, s Sighting) (int64, error) {
	size, mtime, ctime := s.Size, s.ModTime.UnixNano(), wallNano(s.Changed)
	if err := t.forgetOther(dir, s); err != nil {
		return 0, err
	}
	return t.id(`
		INSERT INTO files (dir, name, size, mtime, ctime, device, inode, `+factNames+`) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, `+factMarks+`)
		ON CONFLICT (dir, name) DO UPDATE SET
			size = excluded.size, mtime = excluded.mtime, ctime = excluded.ctime, device = excluded.device, inode = excluded.inode, `+factUpdates+`
		RETURNING id`,
		append([]any{dir, []byte(s.Name), size, mtime, ctime, int64(s.Device), int64(s.Inode)}, factArgs(s.Facts)...)...)
}

// forgetOther forgets what belongs to the file that was at a path before, if it is another one, or may be: its content, its upload, and what became of
// it in each album.
func (t *tx) forgetOther(dir int64, s Sighting) error {
	other, err := t.id(`
		SELECT coalesce(max(id), 0) FROM files
		WHERE dir = ?1 AND name = ?2 AND (?6 OR NOT (size = ?3 AND mtime = ?4 AND (ctime = ?5 OR ctime = 0 OR ?5 = 0)))`,
		dir, []byte(s.Name), s.Size, s.ModTime.UnixNano(), wallNano(s.Changed), s.Doubt)
	if err != nil || other == 0 {
		return err
	}
	for _, statement := range []string{
		`DELETE FROM sessions WHERE file = ?`,
		`DELETE FROM items WHERE file = (SELECT f.id FROM files f WHERE f.id = ? AND ` + neverLooked + `)`,
		`UPDATE items SET state = 'gone' WHERE file = ? AND state NOT IN ('described', 'sending', 'sent', 'creating')`,
		`UPDATE files SET content = NULL WHERE id = ?`,
	} {
		if _, err := t.exec(statement, other); err != nil {
			return err
		}
	}
	return nil
}

// Adopt makes items of earlier runs this run's own that are unfinished, failed or left out. One whose batch was under way when its run died counts as sent: it is
// created again with the same token, which the service answers with the same media item. What the service refused for what it is, it is offered again.
func (l *SQLite) Adopt(ctx context.Context, run RunID, items []ItemID) error {
	if len(items) == 0 {
		return nil
	}
	ids, err := json.Marshal(items)
	if err != nil {
		return err
	}
	return l.writer.do(ctx, func(t *tx) error {
		// A statement for all: most of the time for one is spent around it. The signs keep SQLite from going through all items of those states.
		if _, err := t.exec(`
			UPDATE contents SET refused = NULL
			WHERE id IN (SELECT f.content FROM json_each(?) j JOIN items i ON i.id = j.value JOIN files f ON f.id = i.file WHERE +i.state = 'failed' AND i.permanent)`,
			string(ids)); err != nil {
			return err
		}
		n, err := t.exec(`
			UPDATE items SET run = ?, reason = '', permanent = 0, left_out = 0,
				state = CASE state WHEN 'creating' THEN 'sent' WHEN 'failed' THEN 'described' WHEN 'skipped' THEN 'described' ELSE state END
			WHERE id IN (SELECT value FROM json_each(?))
				AND (+state IN ('described', 'sending', 'sent', 'creating', 'failed') OR +state = 'skipped' AND (left_out OR reason = ?))`,
			run, string(ids), AlbumMissing)
		if err == nil && int(n) != len(items) {
			err = fmt.Errorf("%w: of items %s only %d are unfinished", ErrTransition, ids, n)
		}
		return err
	})
}

// Again says what is tried again beside what failed and need not fail again.
type Again struct {
	Refused bool // what the service refused for what it is: its content is offered once more
	Missing bool // what was skipped because its album was deleted in the service ([AlbumMissing])
}

// AdoptFailed makes all failed items of earlier runs this run's own, but for what could not be looked at: of that nobody knows the album.
func (l *SQLite) AdoptFailed(ctx context.Context, run RunID, also Again) (int, error) {
	const again = ` (state = 'failed' AND (NOT permanent OR ?1) OR state = 'skipped' AND reason = ?2 AND ?3)
		AND NOT EXISTS (SELECT 1 FROM files f WHERE f.id = items.file AND ` + neverLooked + `)`
	files := int64(0)
	err := l.writer.do(ctx, func(t *tx) error {
		if also.Refused {
			if _, err := t.exec(`
				UPDATE contents SET refused = NULL
				WHERE id IN (SELECT f.content FROM items i JOIN files f ON f.id = i.file WHERE i.state = 'failed' AND i.permanent)`); err != nil {
				return err
			}
		}
		var err error
		if files, err = t.id(`SELECT count(DISTINCT file) FROM items WHERE`+again, also.Refused, AlbumMissing, also.Missing); err != nil {
			return err
		}
		_, err = t.exec(`UPDATE items SET run = ?4, state = 'described', reason = '', permanent = 0 WHERE`+again, also.Refused, AlbumMissing, also.Missing, run)
		return err
	})
	return int(files), err
}

// unix turns the ledger's form of a time back.
func unix(ns int64) time.Time { return time.Unix(0, ns).UTC() }
