package ledger

import (
	"context"
	"database/sql"
	"time"
)

// Delivery is a content that the service has something of, and the file that it is known by.
type Delivery struct {
	Content
	Name      string // as text; "" if no file holds it any more
	MediaType string
	Captured  time.Time // wall clock
}

// Deliveries hands every content on that has a media item or ever had an upload token, those with the oldest tokens first.
func (r *Reader) Deliveries(ctx context.Context, visit func(Delivery) error) error {
	return r.snapshot(ctx, func(tx *sql.Tx) error {
		return eachRow(ctx, tx, func(rows *sql.Rows) error {
			var d Delivery
			var sum, name []byte
			var token, item, kind sql.NullString
			var issued, captured sql.NullInt64
			if err := rows.Scan(&d.ID, &sum, &d.Size, &token, &issued, &item, &name, &kind, &captured); err != nil {
				return err
			}
			copy(d.SHA256[:], sum)
			d.Token, d.MediaItem, d.Name, d.MediaType = token.String, item.String, string(name), kind.String
			if issued.Valid {
				d.Issued = unix(issued.Int64)
			}
			if captured.Int64 != 0 {
				d.Captured = unix(captured.Int64)
			}
			return visit(d)
		}, `
			SELECT c.id, c.sha256, c.size, c.token, c.issued, c.media_item, f.name, f.media_type, f.captured
			FROM contents c LEFT JOIN files f ON f.id = (SELECT min(id) FROM files WHERE content = c.id)
			WHERE c.media_item IS NOT NULL OR c.token IS NOT NULL ORDER BY c.issued, c.id`)
	})
}

// DeliveredAlbum is an album that the service has, and what it holds as far as the ledger knows.
type DeliveredAlbum struct {
	RemoteAlbum
	Items    []string           // media item ids, in the album's order
	Headings []DeliveredHeading // in the album's order
}

// DeliveredHeading is a heading that stands in an album.
type DeliveredHeading struct {
	Enrichment string // the service's id
	Text       string
	At         int // how many of the album's items stand before it
}

// DeliveredAlbums hands every album on that the service is known to have: those with files of this ledger, then the others of its last listing.
func (r *Reader) DeliveredAlbums(ctx context.Context, visit func(DeliveredAlbum) error) error {
	return r.snapshot(ctx, func(tx *sql.Tx) error {
		g := gathering{visit: visit}
		err := eachRow(ctx, tx, g.row, `
			SELECT remote, title, 1, media_item, enrichment, text FROM (
				SELECT a.id, a.remote, a.title, p.media_item, NULL AS enrichment, '' AS text, p.sort, 1 AS item, p.content AS tie
				FROM albums a LEFT JOIN placements p ON p.album = a.id AND NOT p.removed AND NOT p.lost
				UNION ALL
				SELECT a.id, a.remote, a.title, NULL, h.enrichment, h.text, h.sort, 0, -h.id FROM albums a JOIN headings h ON h.album = a.id AND h.state = 'there'
			) WHERE remote IS NOT NULL ORDER BY id, sort, item, tie`)
		if err == nil {
			err = eachRow(ctx, tx, g.row, `
				SELECT remote, title, writeable, NULL, NULL, '' FROM remote_albums
				WHERE remote NOT IN (SELECT remote FROM albums WHERE remote IS NOT NULL) ORDER BY remote`)
		}
		if err != nil {
			return err
		}
		return g.flush()
	})
}

// gathering makes albums of rows with an item each, or none.
type gathering struct {
	visit func(DeliveredAlbum) error
	album DeliveredAlbum // that is being gathered
}

func (g *gathering) row(rows *sql.Rows) error {
	var next RemoteAlbum
	var item, enrichment sql.NullString
	var text string
	if err := rows.Scan(&next.Remote, &next.Title, &next.Writeable, &item, &enrichment, &text); err != nil {
		return err
	}
	if next.Remote != g.album.Remote {
		if err := g.flush(); err != nil {
			return err
		}
		g.album = DeliveredAlbum{RemoteAlbum: next}
	}
	switch {
	case item.Valid:
		g.album.Items = append(g.album.Items, item.String)
	case enrichment.Valid:
		g.album.Headings = append(g.album.Headings, DeliveredHeading{enrichment.String, text, len(g.album.Items)})
	}
	return nil
}

// flush hands the album on whose rows are complete.
func (g *gathering) flush() error {
	if g.album.Remote == "" {
		return nil
	}
	return g.visit(g.album)
}
