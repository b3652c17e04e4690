package ledger

import (
	"context"
	"crypto/sha256"
	"database/sql"
	"fmt"
	"strings"
	"time"
)

// unfinished is the condition of the index items_pending, word for word, so that SQLite uses it.
const unfinished = `i.state IN ('described', 'sending', 'sent', 'creating')`

// anyState is true of all items, and lets the index items_state find those of one album.
const anyState = `i.state IN ('described', 'sending', 'sent', 'creating', 'created', 'confirmed', 'already', 'duplicate', 'skipped', 'failed', 'gone')`

// PendingAlbums lists the albums with unfinished items of a run, the library first, then by title, and the volumes of a title in their order.
func (l *SQLite) PendingAlbums(ctx context.Context, run RunID) ([]PendingAlbum, error) {
	rows, err := l.read.QueryContext(ctx, `
		SELECT a.id, a.title, coalesce(a.continues, a.id), coalesce(b.title, ''), a.remote IS NOT NULL, a.missing, count(*), sum(f.size),
			count(*) FILTER (WHERE i.state = 'sent'), count(i.batch)
		FROM items i JOIN files f ON f.id = i.file JOIN albums a ON a.id = i.album LEFT JOIN albums b ON b.id = a.continues
		WHERE i.run = ? AND `+unfinished+` GROUP BY a.id ORDER BY coalesce(b.title, a.title), a.volume`, run)
	if err != nil {
		return nil, wrap(err)
	}
	defer func() { _ = rows.Close() }()
	var albums []PendingAlbum
	for rows.Next() {
		var a PendingAlbum
		if err := rows.Scan(&a.ID, &a.Title, &a.First, &a.Continues, &a.Remote, &a.Missing, &a.Items, &a.Bytes, &a.Sent, &a.Tried); err != nil {
			return nil, wrap(err)
		}
		albums = append(albums, a)
	}
	return albums, rows.Err()
}

// Pending returns at most limit unfinished items of one album after the cursor, in their order.
func (l *SQLite) Pending(ctx context.Context, run RunID, album AlbumID, after Cursor, limit int) ([]Pending, error) {
	rows, err := l.read.QueryContext(ctx, `
		SELECT i.id, i.sort, f.id, d.path, f.name, f.size, f.mtime, f.ctime, f.media_type, f.description, f.captured, f.capture_source,
			(SELECT count(*) FROM items o WHERE o.file = i.file AND o.run = i.run AND o.id <> i.id),
			EXISTS (SELECT 1 FROM batches b WHERE b.id = i.batch AND b.answered IS NULL), i.batch IS NOT NULL, `+contentColumns+`, `+sessionColumns+`
		FROM items i JOIN files f ON f.id = i.file JOIN dirs d ON d.id = f.dir LEFT JOIN contents c ON c.id = f.content
			LEFT JOIN sessions s ON s.file = f.id
		WHERE i.run = ? AND i.album = ? AND `+unfinished+` AND (i.sort, i.id) > (?, ?)
		ORDER BY i.sort, i.id LIMIT ?`, run, album, append([]byte{}, after.Sort...), after.Item, limit)
	if err != nil {
		return nil, wrap(err)
	}
	defer func() { _ = rows.Close() }()
	var page []Pending
	for rows.Next() {
		var (
			p         Pending
			dir, name []byte
			mtime     int64
			ctime     int64
			captured  int64
			c         contentRow
			s         sessionRow
		)
		into := []any{&p.Item, &p.Sort, &p.File, &dir, &name, &p.Size, &mtime, &ctime, &p.MediaType, &p.Description, &captured, &p.Source, &p.Others, &p.Doubt, &p.Tried}
		if err := rows.Scan(append(append(into, c.into()...), s.into()...)...); err != nil {
			return nil, wrap(err)
		}
		p.Dir, p.Name, p.ModTime = string(dir), string(name), unix(mtime)
		if ctime != 0 {
			p.Changed = unix(ctime)
		}
		if captured != 0 {
			p.Captured = unix(captured)
		}
		p.Content, p.Session = c.orNil(), s.orNil()
		page = append(page, p)
	}
	return page, rows.Err()
}

// Siblings returns the items of this run of the file that an item is of, by title.
func (l *SQLite) Siblings(ctx context.Context, run RunID, item ItemID) ([]Sibling, error) {
	rows, err := l.read.QueryContext(ctx, `
		SELECT i.id, a.title, i.state, i.reason, i.permanent, coalesce(c.media_item, '')
		FROM items i JOIN albums a ON a.id = i.album JOIN files f ON f.id = i.file LEFT JOIN contents c ON c.id = f.content
		WHERE i.run = ? AND i.file = (SELECT file FROM items WHERE id = ?) ORDER BY a.title`, run, item)
	if err != nil {
		return nil, wrap(err)
	}
	defer func() { _ = rows.Close() }()
	var all []Sibling
	for rows.Next() {
		var s Sibling
		var state string
		if err := rows.Scan(&s.Item, &s.Album, &state, &s.Reason, &s.Permanent, &s.MediaItem); err != nil {
			return nil, wrap(err)
		}
		s.State = State(state)
		all = append(all, s)
	}
	return all, wrap(rows.Err())
}

// Unfinished counts the files of a run of which an item has not reached its end.
func (l *SQLite) Unfinished(ctx context.Context, run RunID) (n int, err error) {
	err = l.read.QueryRowContext(ctx, `SELECT count(DISTINCT i.file) FROM items i WHERE i.run = ? AND `+unfinished, run).Scan(&n)
	return n, wrap(err)
}

// Sent records that the service has the bytes: the content with its token, the file's content, the item's state.
func (l *SQLite) Sent(ctx context.Context, item ItemID, c Content) error {
	return l.writer.do(ctx, func(t *tx) error {
		id, err := t.content(c.SHA256, c.Size)
		if err != nil {
			return err
		}
		if _, err := t.exec(`UPDATE contents SET token = ?, issued = ? WHERE id = ?`, c.Token, c.Issued.UnixNano(), id); err != nil {
			return err
		}
		if err := t.setContent(item, id); err != nil {
			return err
		}
		if err := t.endSession(item); err != nil {
			return err
		}
		return t.advance(item, Sent, "", false)
	})
}

// Finish records an item's end without a batch.
func (l *SQLite) Finish(ctx context.Context, end End) error {
	return l.writer.do(ctx, func(t *tx) error { return t.finish(end) })
}

func (t *tx) finish(end End) error {
	if end.SHA256 != nil {
		id, err := t.content(*end.SHA256, end.Size)
		if err != nil {
			return err
		}
		if err := t.setContent(end.Item, id); err != nil {
			return err
		}
		if err := t.endSession(end.Item); err != nil { // whatever it was for is known now
			return err
		}
	}
	return t.advance(end.Item, end.State, end.Reason, end.Permanent)
}

// content finds or makes the row of a content.
func (t *tx) content(sum [sha256.Size]byte, size int64) (ContentID, error) {
	id, err := t.id(`INSERT INTO contents (sha256, size) VALUES (?, ?) ON CONFLICT (sha256) DO UPDATE SET size = size RETURNING id`, sum[:], size)
	return ContentID(id), err
}

func (t *tx) setContent(item ItemID, content ContentID) error {
	_, err := t.exec(`UPDATE files SET content = ? WHERE id = (SELECT file FROM items WHERE id = ?)`, content, item)
	return err
}

// advance moves an item to a state, if it is in one from which that can be reached.
func (t *tx) advance(item ItemID, to State, reason string, permanent bool) error {
	var from []string
	for _, s := range to.from() {
		from = append(from, "'"+string(s)+"'")
	}
	n, err := t.exec(`UPDATE items SET state = ?, reason = ?, permanent = ? WHERE id = ? AND state IN (`+strings.Join(from, ", ")+`)`,
		string(to), reason, permanent, item)
	if err == nil && n != 1 {
		err = fmt.Errorf("%w: item %d to %s", ErrTransition, item, to)
	}
	return err
}

// Content looks a content up by its hash.
func (l *SQLite) Content(ctx context.Context, sum [sha256.Size]byte) (Content, bool, error) {
	var r contentRow
	err := l.read.QueryRowContext(ctx, `SELECT `+contentColumns+` FROM contents c WHERE c.sha256 = ?`, sum[:]).Scan(r.into()...)
	if err == sql.ErrNoRows {
		return Content{}, false, nil
	}
	return r.content(), err == nil, wrap(err)
}

// SharedSizes are the sizes of a run's unfinished items that another one of them has, and those of all known contents.
func (l *SQLite) SharedSizes(ctx context.Context, run RunID) (map[int64]bool, error) {
	return l.sizes(ctx, `
		SELECT DISTINCT size FROM contents UNION
		SELECT f.size FROM items i JOIN files f ON f.id = i.file WHERE i.run = ? AND `+unfinished+` GROUP BY f.size HAVING count(*) > 1`, run)
}

func (l *SQLite) sizes(ctx context.Context, query string, args ...any) (map[int64]bool, error) {
	rows, err := l.read.QueryContext(ctx, query, args...)
	if err != nil {
		return nil, wrap(err)
	}
	defer func() { _ = rows.Close() }()
	sizes := map[int64]bool{}
	for rows.Next() {
		var size int64
		if err := rows.Scan(&size); err != nil {
			return nil, wrap(err)
		}
		sizes[size] = true
	}
	return sizes, wrap(rows.Err())
}

// HasSize tells whether any content of that size is known.
func (l *SQLite) HasSize(ctx context.Context, size int64) (has bool, err error) {
	err = l.read.QueryRowContext(ctx, `SELECT EXISTS (SELECT 1 FROM contents WHERE size = ?)`, size).Scan(&has)
	return has, wrap(err)
}

const contentColumns = `c.id, c.sha256, c.size, c.token, c.issued, c.media_item, c.refused, c.matched, c.made, c.given`

// contentRow is a content as the driver gives it; all columns are NULL where an outer join found none.
type contentRow struct {
	id, size, issued, made    sql.NullInt64
	sum                       []byte
	token, mediaItem, refused sql.NullString
	given                     sql.NullString
	matched                   sql.NullBool
}

func (r *contentRow) into() []any {
	return []any{&r.id, &r.sum, &r.size, &r.token, &r.issued, &r.mediaItem, &r.refused, &r.matched, &r.made, &r.given}
}

func (r *contentRow) content() Content {
	c := Content{
		ID: ContentID(r.id.Int64), Size: r.size.Int64, Token: r.token.String, MediaItem: r.mediaItem.String, Refused: r.refused.String,
		Matched: r.matched.Bool, Made: RunID(r.made.Int64),
	}
	copy(c.SHA256[:], r.sum)
	if r.given.Valid {
		given := r.given.String
		c.Given = &given
	}
	if r.issued.Valid {
		c.Issued = time.Unix(0, r.issued.Int64).UTC()
	}
	return c
}

// orNil is the content, if there is one.
func (r *contentRow) orNil() *Content {
	if !r.id.Valid {
		return nil
	}
	c := r.content()
	return &c
}

// wrap says that the ledger's file is the source of an error.
func wrap(err error) error {
	if err != nil {
		return fmt.Errorf("%w: %w", ErrFile, err)
	}
	return nil
}
