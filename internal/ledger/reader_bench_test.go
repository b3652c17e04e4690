package ledger_test

import (
	"path/filepath"
	"testing"
)

// grown makes a ledger of n files in a hundred albums: nine of ten are in the service, of the others some wait, some failed.
func grown(t testing.TB, n int) (path string) {
	path = filepath.Join(t.TempDir(), "grown.db")
	l := open(t, path)
	if err := l.Close(); err != nil {
		t.Fatal(err)
	}
	raw(t, path,
		`INSERT INTO runs (id, started, command) VALUES (1, 1, 'import /photos')`,
		`WITH RECURSIVE k(i) AS (VALUES (1) UNION ALL SELECT i + 1 FROM k WHERE i < 100)
			INSERT INTO albums (id, title, remote) SELECT i, printf('Album %03d', i), printf('remote-%d', i) FROM k`,
		`WITH RECURSIVE k(i) AS (VALUES (1) UNION ALL SELECT i + 1 FROM k WHERE i < 1000)
			INSERT INTO dirs (id, path) SELECT i, CAST(printf('/photos/2024/folder %04d', i) AS BLOB) FROM k`,
		`WITH RECURSIVE k(i) AS (VALUES (1) UNION ALL SELECT i + 1 FROM k WHERE i < ?)
			INSERT INTO contents (id, sha256, size, token, issued, media_item)
			SELECT i, randomblob(32), 4000000 + i, printf('%0200d', i), 1700000000000000000, CASE WHEN i % 10 THEN printf('media-%060d', i) END FROM k`, n,
		`INSERT INTO files (id, dir, name, size, mtime, device, inode, content, captured, capture_source, make, model, serial, orientation, width, height,
				media_type, description)
			SELECT id, 1 + id % 1000, CAST(printf('IMG_%07d.JPG', id) AS BLOB), size, 1700000000000000000, 1, id, id, 1700000000000000000,
				'EXIF:DateTimeOriginal', 'Acme', 'One', '77', 1, 4000, 3000, 'image/jpeg', '' FROM contents`,
		`INSERT INTO items (id, file, album, sort, state, reason, run)
			SELECT id, id, 1 + id % 100, CAST(printf('%040d', id) AS BLOB),
				CASE WHEN id % 10 THEN 'created' WHEN id % 30 THEN 'sent' WHEN id % 60 THEN 'described' ELSE 'failed' END,
				CASE WHEN id % 60 THEN '' ELSE printf('INVALID_ARGUMENT: BAD_IMAGE %d', id % 7) END, 1 FROM files`,
		`INSERT INTO placements (album, content, sort, media_item, run)
			SELECT i.album, i.file, i.sort, printf('media-%060d', i.file), 1 FROM items i WHERE state = 'created'`)
	return path
}
