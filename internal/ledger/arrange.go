package ledger

import (
	"context"
	"database/sql"
)

// FolderItem is an item of a file in a folder: one that its album holds, or that is on its way there.
type FolderItem struct {
	Item    ItemID
	File    FileID
	Album   AlbumID
	Title   string // of the album
	Name    string
	Size    int64
	Facts   Facts // but for place, size of the picture and description
	Sort    []byte
	Pending bool // the run is to bring it there
	Held    bool // the album holds it
	Fixed   bool // the album holds it at Sort, or may: nobody knows what came of its batch
}

// Arranged is what was found out about an item beside the others of its folder.
type Arranged struct {
	Item    ItemID
	Sort    []byte // its place in the album
	LeftOut string // why it is not taken for now, "" if it is
}

// EachFolder hands on the folders in which a run has unfinished items, one after the other, each with all items of its files that are in an album or
// on the way there. A file that another one brought into an album has that one's place.
func (l *SQLite) EachFolder(ctx context.Context, run RunID, visit func(dir string, items []FolderItem)) error {
	const held = `i.state IN ('created', 'confirmed', 'already', 'duplicate')`
	rows, err := l.read.QueryContext(ctx, `
		WITH folders AS (SELECT DISTINCT f.dir FROM items i JOIN files f ON f.id = i.file WHERE i.run = ?1 AND `+unfinished+`)
		SELECT d.path, i.id, f.id, i.album, a.title, f.name, f.size,
			f.captured, f.capture_source, f.make, f.model, f.serial, f.media_type, f.content_id, f.duration, f.shifted,
			coalesce(p.sort, i.sort), i.run = ?1 AND `+unfinished+`, `+held+`, i.attempts > 0 AND i.state IN ('sent', 'creating')
		FROM folders CROSS JOIN dirs d ON d.id = folders.dir CROSS JOIN files f ON f.dir = d.id CROSS JOIN items i ON i.file = f.id
			JOIN albums a ON a.id = i.album LEFT JOIN placements p ON p.album = i.album AND p.content = f.content AND `+held+`
		WHERE i.run = ?1 AND `+unfinished+` OR i.state = 'creating' OR `+held+`
		ORDER BY folders.dir`, run)
	if err != nil {
		return wrap(err)
	}
	defer func() { _ = rows.Close() }()
	var at string
	var items []FolderItem
	for rows.Next() {
		dir, it, err := scanFolderItem(rows)
		if err != nil {
			return wrap(err)
		}
		if dir != at && len(items) > 0 {
			visit(at, items)
			items = nil
		}
		at, items = dir, append(items, it)
	}
	if len(items) > 0 && rows.Err() == nil {
		visit(at, items)
	}
	return wrap(rows.Err())
}

func scanFolderItem(rows *sql.Rows) (dir string, it FolderItem, err error) {
	var path, name []byte
	var facts factRow
	var doubt bool
	err = rows.Scan(&path, &it.Item, &it.File, &it.Album, &it.Title, &name, &it.Size,
		&facts.captured, &facts.source, &facts.make, &facts.model, &facts.serial, &facts.mediaType, &facts.contentID, &facts.duration, &facts.shifted,
		&it.Sort, &it.Pending, &it.Held, &doubt)
	it.Name, it.Facts, it.Fixed = string(name), facts.facts(), it.Held || doubt
	return string(path), it, err
}

// Arrange gives unfinished items their places, and ends those that are left out.
func (l *SQLite) Arrange(ctx context.Context, items []Arranged) error {
	return l.writer.do(ctx, func(t *tx) error {
		for _, it := range items {
			if err := t.arrange(it); err != nil {
				return err
			}
		}
		return nil
	})
}

func (t *tx) arrange(it Arranged) error {
	if it.LeftOut == "" {
		_, err := t.exec(`UPDATE items AS i SET sort = ? WHERE i.id = ? AND `+unfinished, it.Sort, it.Item)
		return err
	}
	if err := t.advance(it.Item, Skipped, it.LeftOut, false); err != nil {
		return err
	}
	_, err := t.exec(`UPDATE items SET left_out = 1 WHERE id = ?`, it.Item)
	return err
}
