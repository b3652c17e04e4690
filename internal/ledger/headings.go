package ledger

import (
	"context"
	"database/sql"
	"time"
)

// HeadingID identifies a heading.
type HeadingID int64

// HeadingState is how far a heading got.
type HeadingState string

// The states of headings.
const (
	HeadingWanted   HeadingState = "wanted"   // its group has none yet
	HeadingIntended HeadingState = "intended" // it is being sent
	HeadingThere    HeadingState = "there"
	HeadingUnknown  HeadingState = "unknown" // it was sent, and nobody knows what came of it: it is never sent again
	HeadingRefused  HeadingState = "refused"
	HeadingRemoved  HeadingState = "removed" // it was there, and by all signs the user took it away
)

// Heading is a text in front of a group of an album's items.
type Heading struct {
	ID         HeadingID
	Album      AlbumID
	Kind       string
	Sort       []byte // the place of the first item of its group
	Text       string
	State      HeadingState
	Enrichment string // the service's id; "" if it is not there
}

// AlbumShot is a file of an album as its groups are told from.
type AlbumShot struct {
	Sort                []byte
	Captured            time.Time // wall clock; zero: not known
	Source              string    // where that came from
	Latitude, Longitude *float64  // degrees; nil: not known
	Removed             bool      // it was taken out of the album
}

// AlbumShots hands on what an album holds, what was taken out of it, and what a run is about to put into it, in order.
func (l *SQLite) AlbumShots(ctx context.Context, run RunID, album AlbumID, visit func(AlbumShot)) error {
	rows, err := l.read.QueryContext(ctx, `
		SELECT s.sort, f.captured, f.capture_source, f.latitude, f.longitude, s.removed
		FROM (
			SELECT p.sort, (SELECT min(id) FROM files WHERE content = p.content) AS file, p.removed FROM placements p WHERE p.album = ?1
			UNION ALL
			SELECT i.sort, i.file, 0 FROM items i WHERE i.run = ?2 AND i.album = ?1 AND `+unfinished+`
		) s JOIN files f ON f.id = s.file ORDER BY s.sort`, album, run)
	if err != nil {
		return wrap(err)
	}
	defer func() { _ = rows.Close() }()
	for rows.Next() {
		var s AlbumShot
		var captured int64
		if err := rows.Scan(&s.Sort, &captured, &s.Source, &s.Latitude, &s.Longitude, &s.Removed); err != nil {
			return wrap(err)
		}
		if captured != 0 {
			s.Captured = unix(captured)
		}
		visit(s)
	}
	return wrap(rows.Err())
}

// Headings lists the headings of an album in its order: of several in front of one item, the one that was added last stands first.
func (l *SQLite) Headings(ctx context.Context, album AlbumID) ([]Heading, error) {
	rows, err := l.read.QueryContext(ctx, `
		SELECT id, album, kind, sort, text, state, coalesce(enrichment, '') FROM headings WHERE album = ? ORDER BY sort, id DESC`, album)
	if err != nil {
		return nil, wrap(err)
	}
	defer func() { _ = rows.Close() }()
	return scanHeadings(rows)
}

func scanHeadings(rows *sql.Rows) (all []Heading, err error) {
	for rows.Next() {
		var h Heading
		if err := rows.Scan(&h.ID, &h.Album, &h.Kind, &h.Sort, &h.Text, &h.State, &h.Enrichment); err != nil {
			return nil, wrap(err)
		}
		all = append(all, h)
	}
	return all, wrap(rows.Err())
}

// HeadingAbove is the heading directly behind which an item goes among what its album holds now; "" if it goes behind another item, or first.
func (l *SQLite) HeadingAbove(ctx context.Context, album AlbumID, sort []byte) (enrichment string, err error) {
	return l.headingAbove(ctx, album, sort, `<=`)
}

// HeadingBefore is the same for a heading: of several in front of one item, the one that is added last stands first.
func (l *SQLite) HeadingBefore(ctx context.Context, album AlbumID, sort []byte) (enrichment string, err error) {
	return l.headingAbove(ctx, album, sort, `<`)
}

func (l *SQLite) headingAbove(ctx context.Context, album AlbumID, sort []byte, before string) (enrichment string, err error) {
	err = l.read.QueryRowContext(ctx, `
		SELECT enrichment FROM headings h
		WHERE album = ?1 AND state = 'there' AND sort `+before+` ?2
			AND NOT EXISTS (SELECT 1 FROM placements p WHERE p.album = ?1 AND p.sort >= h.sort AND p.sort < ?2 AND `+here+`)
		ORDER BY sort DESC, id LIMIT 1`, album, sort).Scan(&enrichment)
	if err == sql.ErrNoRows {
		return "", nil
	}
	return enrichment, wrap(err)
}

// HeadingAlbums lists the albums that a run has put something into, and those in which headings of a kind are wanted.
func (l *SQLite) HeadingAlbums(ctx context.Context, run RunID, kind string) (albums []AlbumID, err error) {
	rows, err := l.read.QueryContext(ctx, `
		SELECT album FROM batches WHERE run = ? AND album <> 0 UNION SELECT album FROM headings WHERE kind = ? AND state = 'wanted' ORDER BY album`, run, kind)
	if err != nil {
		return nil, wrap(err)
	}
	defer func() { _ = rows.Close() }()
	for rows.Next() {
		var id AlbumID
		if err := rows.Scan(&id); err != nil {
			return nil, wrap(err)
		}
		albums = append(albums, id)
	}
	return albums, wrap(rows.Err())
}

// GroupHeadings records how an album is cut into groups of a kind: where those begin now whose headings there are, and which ones want a heading, instead of all
// that wanted one before.
func (l *SQLite) GroupHeadings(ctx context.Context, run RunID, album AlbumID, kind string, known, wanted []Heading) error {
	return l.writer.do(ctx, func(t *tx) error {
		for _, h := range known {
			if _, err := t.exec(`UPDATE headings SET sort = ? WHERE id = ?`, h.Sort, h.ID); err != nil {
				return err
			}
		}
		if _, err := t.exec(`DELETE FROM headings WHERE album = ? AND kind = ? AND state = 'wanted'`, album, kind); err != nil {
			return err
		}
		for _, h := range wanted {
			if _, err := t.exec(`INSERT INTO headings (album, kind, sort, text, state, run) VALUES (?, ?, ?, ?, 'wanted', ?)`,
				album, kind, h.Sort, h.Text, run); err != nil {
				return err
			}
		}
		return nil
	})
}

// SetHeading records that a heading is about to be sent, or what came of it.
func (l *SQLite) SetHeading(ctx context.Context, run RunID, id HeadingID, state HeadingState, enrichment string) error {
	return l.writer.do(ctx, func(t *tx) error {
		_, err := t.exec(`UPDATE headings SET state = ?, enrichment = nullif(?, ''), run = ? WHERE id = ?`, string(state), enrichment, run, id)
		return err
	})
}

// LoseHeadings gives up the headings that earlier runs were sending when they died, and returns them.
func (l *SQLite) LoseHeadings(ctx context.Context) (lost []Heading, err error) {
	rows, err := l.read.QueryContext(ctx, `SELECT id, album, kind, sort, text, state, '' FROM headings WHERE state = 'intended' ORDER BY id`)
	if err != nil {
		return nil, wrap(err)
	}
	lost, err = scanHeadings(rows)
	_ = rows.Close()
	if err != nil || len(lost) == 0 {
		return nil, err
	}
	return lost, l.writer.do(ctx, func(t *tx) error {
		_, err := t.exec(`UPDATE headings SET state = 'unknown' WHERE state = 'intended'`)
		return err
	})
}
