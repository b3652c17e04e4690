package ledger

import (
	"context"
	"crypto/sha256"
	"fmt"
)

// Match says that the file of an unfinished item is taken for a media item of its album, because name, time and dimensions are the same.
type Match struct {
	Item      ItemID
	SHA256    [sha256.Size]byte // of the file
	Size      int64
	MediaItem string
	Double    bool // another file of the album has the same content, and brought it there
}

// Matched is the reason of items that were matched.
const Matched = "matched by name, time and dimensions"

// Match ends items whose files were never sent by this ledger as if they had been: their contents have the media items, and their albums hold them. A
// content that is new to the ledger is marked, until its bytes are sent after all.
func (l *SQLite) Match(ctx context.Context, matches []Match) error {
	return l.writer.do(ctx, func(t *tx) error {
		for _, m := range matches {
			if err := t.match(m); err != nil {
				return err
			}
		}
		return nil
	})
}

func (t *tx) match(m Match) error {
	content, err := t.content(m.SHA256, m.Size)
	if err != nil {
		return err
	}
	if err := t.setContent(m.Item, content); err != nil {
		return err
	}
	state := Created
	if m.Double {
		state = Duplicate
	}
	n, err := t.exec(`UPDATE items SET state = ?, reason = ? WHERE id = ? AND state = 'described'`, string(state), Matched, m.Item)
	if err == nil && n != 1 {
		err = fmt.Errorf("%w: item %d to %s", ErrTransition, m.Item, state)
	}
	if err != nil {
		return err
	}
	if _, err := t.exec(`UPDATE contents SET media_item = ?, matched = 1 WHERE id = ? AND media_item IS NULL`, m.MediaItem, content); err != nil {
		return err
	}
	return t.place(m.Item, m.MediaItem)
}

// place records that an item's album holds its content.
func (t *tx) place(item ItemID, mediaItem string) error {
	_, err := t.exec(`
		INSERT INTO placements (album, content, sort, media_item, run)
		SELECT i.album, f.content, i.sort, ?, i.run FROM items i JOIN files f ON f.id = i.file WHERE i.id = ?
		ON CONFLICT (album, content) DO NOTHING`, mediaItem, item)
	return err
}

// MediaItems returns all media items that the service is known to have, each with the content that is known as it.
func (l *SQLite) MediaItems(ctx context.Context) (map[string][sha256.Size]byte, error) {
	rows, err := l.read.QueryContext(ctx, `SELECT media_item, sha256 FROM contents WHERE media_item IS NOT NULL`)
	if err != nil {
		return nil, wrap(err)
	}
	defer func() { _ = rows.Close() }()
	items := map[string][sha256.Size]byte{}
	for rows.Next() {
		var id string
		var sum []byte
		if err := rows.Scan(&id, &sum); err != nil {
			return nil, wrap(err)
		}
		items[id] = [sha256.Size]byte(sum)
	}
	return items, wrap(rows.Err())
}

// prove takes the mark of a matched content away: the service was sent the bytes, and has said which media item they are. If that is not the one that
// was matched, the match was wrong: what it said about albums is forgotten, and the files are wanted in them again.
func (t *tx) prove(end End) error {
	const wrong = `c.matched AND c.media_item <> ?1 AND c.id = (SELECT f.content FROM items i JOIN files f ON f.id = i.file WHERE i.id = ?2)`
	for _, statement := range []string{
		`UPDATE items SET state = 'gone' WHERE state IN ('created', 'confirmed', 'already', 'duplicate') AND id <> ?2
			AND file IN (SELECT f.id FROM files f JOIN contents c ON c.id = f.content WHERE ` + wrong + `)`,
		`DELETE FROM placements WHERE content IN (SELECT c.id FROM contents c WHERE ` + wrong + `)`,
		`UPDATE contents SET given = CASE WHEN media_item = ?1 THEN given END, media_item = ?1, refused = NULL, matched = 0, made = (SELECT run FROM items WHERE id = ?2)
			WHERE id = (SELECT f.content FROM items i JOIN files f ON f.id = i.file WHERE i.id = ?2)`,
	} {
		if _, err := t.exec(statement, end.MediaItem, end.Item); err != nil {
			return err
		}
	}
	return nil
}
