package ledger

import (
	"context"
	"path/filepath"
)

// SetGiven records which description the service has for a content's media item, since this program gave it or found it there.
func (l *SQLite) SetGiven(ctx context.Context, content ContentID, description string) error {
	return l.writer.do(ctx, func(t *tx) error {
		_, err := t.exec(`UPDATE contents SET given = ? WHERE id = ? AND media_item IS NOT NULL`, description, content)
		return err
	})
}

// give notes the description that a media item was created with. What is known already stays: the service keeps an item's first description, and who
// changed it in Google Photos since shall not be taken for this program.
func (t *tx) give(end End) error {
	if end.Given == nil {
		return nil
	}
	_, err := t.exec(`UPDATE contents SET given = coalesce(given, ?) WHERE id = `+contentOfItem, *end.Given, end.Item)
	return err
}

// FilesOf returns the paths that a content was last seen at, sorted.
func (l *SQLite) FilesOf(ctx context.Context, content ContentID) ([]string, error) {
	rows, err := l.read.QueryContext(ctx, `
		SELECT d.path, f.name FROM files f JOIN dirs d ON d.id = f.dir WHERE f.content = ? ORDER BY d.path, f.name`, content)
	if err != nil {
		return nil, wrap(err)
	}
	defer func() { _ = rows.Close() }()
	var paths []string
	for rows.Next() {
		var dir, name []byte
		if err := rows.Scan(&dir, &name); err != nil {
			return nil, wrap(err)
		}
		paths = append(paths, filepath.Join(string(dir), string(name)))
	}
	return paths, wrap(rows.Err())
}

// Folders returns the folders that a file was ever seen in, sorted.
func (l *SQLite) Folders(ctx context.Context) ([]string, error) {
	rows, err := l.read.QueryContext(ctx, `SELECT path FROM dirs ORDER BY path`)
	if err != nil {
		return nil, wrap(err)
	}
	defer func() { _ = rows.Close() }()
	var dirs []string
	for rows.Next() {
		var dir []byte
		if err := rows.Scan(&dir); err != nil {
			return nil, wrap(err)
		}
		dirs = append(dirs, string(dir))
	}
	return dirs, wrap(rows.Err())
}
