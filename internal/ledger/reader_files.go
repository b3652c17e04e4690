package ledger

import (
	"context"
	"crypto/sha256"
	"database/sql"
	"path/filepath"
	"time"
)

// FailedFile is a file that failed, with what can be known of it without asking again.
type FailedFile struct {
	Path      string // raw bytes
	Size      int64
	Album     string // title; "" is the library only
	Reason    string
	Permanent bool // it would come again
	Attempts  int  // batches that it was in
}

// Failed hands every failed file on, by path.
func (r *Reader) Failed(ctx context.Context, visit func(FailedFile) error) error {
	return r.snapshot(ctx, func(tx *sql.Tx) error {
		return eachRow(ctx, tx, func(rows *sql.Rows) error {
			var dir, name []byte
			var f FailedFile
			if err := rows.Scan(&dir, &name, &f.Size, &f.Album, &f.Reason, &f.Permanent, &f.Attempts); err != nil {
				return err
			}
			f.Path = filepath.Join(string(dir), string(name))
			return visit(f)
		}, `
			SELECT d.path, f.name, f.size, a.title, i.reason, i.permanent, i.attempts
			FROM items i JOIN files f ON f.id = i.file JOIN dirs d ON d.id = f.dir JOIN albums a ON a.id = i.album
			WHERE i.state = 'failed' ORDER BY d.path, f.name, a.title`)
	})
}

func pathOfItem(ctx context.Context, tx *sql.Tx, id ItemID) (string, error) {
	var dir, name []byte
	err := tx.QueryRowContext(ctx, `
		SELECT d.path, f.name FROM items i JOIN files f ON f.id = i.file JOIN dirs d ON d.id = f.dir WHERE i.id = ?`, id).Scan(&dir, &name)
	return filepath.Join(string(dir), string(name)), err
}

// Found is what a ledger knows about a file and about the bytes that are in it now.
type Found struct {
	Content   bool   // the bytes are known
	MediaItem string // the service's id of them; "" if it never said that it has them
	Matched   bool   // MediaItem rests on name, time and dimensions alone
	Refused   string // why the service will not have these bytes; "" if it would
	// Items are the wishes of the file, if it is the one that was recorded, and of all other files with these bytes.
	Items []FoundItem
}

// FoundItem is a wish for one album.
type FoundItem struct {
	State  State
	Reason string
}

// Find looks up bytes by their hash, and the file that they were read from by its path, size and time of modification: a file that was recorded and
// not read yet is known by these only.
func (r *Reader) Find(ctx context.Context, sum [sha256.Size]byte, path string, size int64, modified time.Time) (f Found, err error) {
	err = r.snapshot(ctx, func(tx *sql.Tx) error {
		var id ContentID
		var mediaItem, refused sql.NullString
		err := tx.QueryRowContext(ctx, `SELECT id, media_item, refused, matched FROM contents WHERE sha256 = ?`, sum[:]).Scan(&id, &mediaItem, &refused, &f.Matched)
		if err != nil && err != sql.ErrNoRows {
			return err
		}
		f.Content, f.MediaItem, f.Refused = err == nil, mediaItem.String, refused.String
		if f.MediaItem != "" {
			return nil
		}
		dir, name := filepath.Split(path)
		return eachRow(ctx, tx, func(rows *sql.Rows) error {
			var it FoundItem
			if err := rows.Scan(&it.State, &it.Reason); err != nil {
				return err
			}
			f.Items = append(f.Items, it)
			return nil
		}, `
			SELECT i.state, i.reason FROM files f JOIN items i ON i.file = f.id WHERE f.content = ?1
			UNION ALL
			SELECT i.state, i.reason FROM dirs d JOIN files f ON f.dir = d.id JOIN items i ON i.file = f.id
			WHERE d.path = ?2 AND f.name = ?3 AND f.size = ?4 AND f.mtime = ?5 AND f.content IS NULL`,
			id, []byte(filepath.Clean(dir)), []byte(name), size, modified.UnixNano())
	})
	return f, err
}
