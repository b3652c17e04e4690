package ledger

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"path/filepath"
	"time"
)

// BeginBatch records that items are about to be created.
func (l *SQLite) BeginBatch(ctx context.Context, b Batch) (BatchID, error) {
	var batch BatchID
	err := l.writer.do(ctx, func(t *tx) error {
		id, err := t.id(`INSERT INTO batches (run, album, position, relative, intended) VALUES (?, ?, ?, ?, ?) RETURNING id`,
			b.Run, b.Album, b.Position, b.Relative, time.Now().UnixNano())
		if err != nil {
			return err
		}
		batch = BatchID(id)
		for _, item := range b.Items {
			if err := t.advance(item, Creating, "", false); err != nil {
				return err
			}
			if _, err := t.exec(`UPDATE items SET batch = ?, attempts = attempts + 1 WHERE id = ?`, id, item); err != nil {
				return err
			}
		}
		return nil
	})
	return batch, err
}

// FinishBatch records what came of each item of a batch: Created with its media item (or Duplicate, with the one that it doubles), Already with the one that
// was added, Sent to be tried again, Described to be sent again, or Failed.
func (l *SQLite) FinishBatch(ctx context.Context, batch BatchID, ends []End) error {
	return l.writer.do(ctx, func(t *tx) error {
		for _, end := range ends {
			if err := t.finish(end); err != nil {
				return err
			}
			if err := t.settle(end); err != nil {
				return err
			}
		}
		_, err := t.exec(`UPDATE batches SET answered = ? WHERE id = ?`, time.Now().UnixNano(), batch)
		return err
	})
}

// Confirm records that the service was asked again, and has these items.
func (l *SQLite) Confirm(ctx context.Context, items []ItemID) error {
	return l.writer.do(ctx, func(t *tx) error {
		for _, item := range items {
			if err := t.advance(item, Confirmed, "", false); err != nil {
				return err
			}
		}
		return nil
	})
}

// settle carries an item's end over to its content and its album.
func (t *tx) settle(end End) error {
	switch {
	case end.State.Delivered() && end.MediaItem != "":
		n, err := t.exec(`
			UPDATE contents SET made = CASE WHEN media_item IS ?1 THEN made ELSE (SELECT run FROM items WHERE id = ?2) END,
				given = CASE WHEN media_item = ?1 THEN given END, media_item = ?1, refused = NULL
			WHERE NOT matched AND id = (SELECT f.content FROM items i JOIN files f ON f.id = i.file WHERE i.id = ?2)`, end.MediaItem, end.Item)
		if err == nil && n == 0 {
			err = t.prove(end)
		}
		if err != nil {
			return err
		}
		return errors.Join(t.give(end), t.place(end.Item, end.MediaItem))
	case end.State == Described: // the service no longer knows the token
		_, err := t.exec(`UPDATE contents SET token = NULL, issued = NULL WHERE id = `+contentOfItem, end.Item)
		return err
	case end.State == Failed && end.Permanent:
		_, err := t.exec(`UPDATE contents SET refused = ? WHERE id = `+contentOfItem, end.Reason, end.Item)
		return err
	}
	return nil
}

const contentOfItem = `(SELECT f.content FROM items i JOIN files f ON f.id = i.file WHERE i.id = ?)`

// Placed tells whether an album, or another volume of its title, holds a content.
func (l *SQLite) Placed(ctx context.Context, album AlbumID, content ContentID) (Placement, bool, error) {
	p := Placement{Content: content}
	err := l.read.QueryRowContext(ctx, `SELECT sort, media_item, run FROM placements WHERE content = ?2 AND album IN `+volumesOf+` LIMIT 1`, album, content).
		Scan(&p.Sort, &p.MediaItem, &p.Run)
	if err == sql.ErrNoRows {
		return Placement{}, false, nil
	}
	return p, err == nil, wrap(err)
}

// Holder is the path of the file that brought a content into an album, or another volume of its title, "" if it is not known.
func (l *SQLite) Holder(ctx context.Context, album AlbumID, content ContentID) (string, error) {
	var dir, name []byte
	err := l.read.QueryRowContext(ctx, `
		SELECT d.path, f.name FROM files f JOIN dirs d ON d.id = f.dir JOIN items i ON i.file = f.id
		WHERE f.content = ?2 AND i.album IN `+volumesOf+` AND i.state IN ('created', 'confirmed') LIMIT 1`, album, content).Scan(&dir, &name)
	if err == sql.ErrNoRows {
		return "", nil
	}
	return filepath.Join(string(dir), string(name)), wrap(err)
}

// Placements lists what an album held before a run and still holds, in order. An album holds at most 20,000 items.
func (l *SQLite) Placements(ctx context.Context, album AlbumID, before RunID) ([]Placement, error) {
	rows, err := l.read.QueryContext(ctx, `
		SELECT content, sort, media_item, run FROM placements WHERE album = ? AND run < ? AND `+here+` ORDER BY sort`, album, before)
	if err != nil {
		return nil, wrap(err)
	}
	defer func() { _ = rows.Close() }()
	var held []Placement
	for rows.Next() {
		var p Placement
		if err := rows.Scan(&p.Content, &p.Sort, &p.MediaItem, &p.Run); err != nil {
			return nil, wrap(err)
		}
		held = append(held, p)
	}
	return held, rows.Err()
}

// Neighbour finds the place of an item among what its album holds now: the media item that it stands behind, "" if none, and whether it comes last.
func (l *SQLite) Neighbour(ctx context.Context, album AlbumID, sort []byte) (after string, last bool, err error) {
	err = l.read.QueryRowContext(ctx, `
		SELECT coalesce((SELECT media_item FROM placements WHERE album = ?1 AND sort < ?2 AND `+here+` ORDER BY sort DESC LIMIT 1), ''),
			NOT EXISTS (SELECT 1 FROM placements WHERE album = ?1 AND sort > ?2 AND `+here+`)`, album, sort).Scan(&after, &last)
	return after, last, wrap(err)
}

// BeginRun makes the row of a new run.
func (l *SQLite) BeginRun(ctx context.Context, command string) (RunID, error) {
	var run RunID
	err := l.writer.do(ctx, func(t *tx) error {
		id, err := t.id(`INSERT INTO runs (started, command) VALUES (?, ?) RETURNING id`, time.Now().UnixNano(), command)
		run = RunID(id)
		return err
	})
	return run, err
}

// EndRun records that a run ended, and how.
func (l *SQLite) EndRun(ctx context.Context, run RunID, outcome string) error {
	return l.writer.do(ctx, func(t *tx) error {
		n, err := t.exec(`UPDATE runs SET ended = ?, outcome = ? WHERE id = ? AND ended IS NULL`, time.Now().UnixNano(), outcome, run)
		if err == nil && n != 1 {
			err = fmt.Errorf("%w: run %d is not under way", ErrTransition, run)
		}
		return err
	})
}
