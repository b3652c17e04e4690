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
	Items []string // media item ids, in the album's order
}

// DeliveredAlbums hands every album on that the service is known to have: those with files of this ledger, then the others of its last listing.
func (r *Reader) DeliveredAlbums(ctx context.Context, visit func(DeliveredAlbum) error) error {
	return r.snapshot(ctx, func(tx *sql.Tx) error {
		g := gathering{visit: visit}
		err := eachRow(ctx, tx, g.row, `
			SELECT a.remote, a.title, 1, p.media_item FROM albums a LEFT JOIN placements p ON p.album = a.id AND NOT p.removed AND NOT p.lost
			WHERE a.remote IS NOT NULL ORDER BY a.id, p.sort, p.content`)
		if err == nil {
			err = eachRow(ctx, tx, g.row, `
				SELECT remote, title, writeable, NULL FROM remote_albums
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
	var item sql.NullString
	if err := rows.Scan(&next.Remote, &next.Title, &next.Writeable, &item); err != nil {
		return err
	}
	if next.Remote != g.album.Remote {
		if err := g.flush(); err != nil {
			return err
		}
		g.album = DeliveredAlbum{RemoteAlbum: next}
	}
	if item.Valid {
		g.album.Items = append(g.album.Items, item.String)
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
