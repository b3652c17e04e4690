package ledger

import (
	"context"
	"path/filepath"
)

// Standing is where a file stands in an album, or will.
type Standing struct {
	Item   ItemID
	Sort   []byte
	Placed bool  // the album holds its content
	Run    RunID // the last one that worked on it
}

// Standing returns where all files that were ever wanted in the volumes of a title stand in it, by path.
func (l *SQLite) Standing(ctx context.Context, title string) (map[string]Standing, error) {
	rows, err := l.read.QueryContext(ctx, `
		SELECT d.path, f.name, i.id, coalesce(p.sort, i.sort), p.sort IS NOT NULL, i.run
		FROM albums t CROSS JOIN albums a ON a.id = t.id OR a.continues = t.id CROSS JOIN items i ON i.album = a.id AND `+anyState+`
			CROSS JOIN files f ON f.id = i.file CROSS JOIN dirs d ON d.id = f.dir
			LEFT JOIN placements p ON p.album = i.album AND p.content = f.content
		WHERE t.title = ?`, title)
	if err != nil {
		return nil, wrap(err)
	}
	defer func() { _ = rows.Close() }()
	standing := map[string]Standing{}
	for rows.Next() {
		var dir, name []byte
		var s Standing
		if err := rows.Scan(&dir, &name, &s.Item, &s.Sort, &s.Placed, &s.Run); err != nil {
			return nil, wrap(err)
		}
		standing[filepath.Join(string(dir), string(name))] = s
	}
	return standing, wrap(rows.Err())
}

// SetPlaces gives unfinished items other places in their albums, all of them or none.
func (l *SQLite) SetPlaces(ctx context.Context, places map[ItemID][]byte) error {
	return l.writer.do(ctx, func(t *tx) error {
		for item, sort := range places {
			if _, err := t.exec(`UPDATE items AS i SET sort = ? WHERE id = ? AND `+unfinished, sort, item); err != nil {
				return err
			}
		}
		return nil
	})
}
