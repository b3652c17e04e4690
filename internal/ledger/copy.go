package ledger

import (
	"context"
	"crypto/rand"
	"database/sql"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"

	"modernc.org/sqlite"
)

// OpenCopy opens a copy in memory of the ledger at path, or an empty one if there is none. The original is only read, may be in use by a
// running process, and learns nothing of what is written into the copy.
func OpenCopy(ctx context.Context, path string) (*SQLite, error) {
	// A name beginning with a slash makes the memory one that several connections of this process share, as long as one of them is open.
	memory := "file:/" + rand.Text() + "?vfs=memdb&_pragma=foreign_keys(1)&_pragma=busy_timeout(10000)"
	first, err := sql.Open("sqlite", memory+"&_pragma=locking_mode(EXCLUSIVE)")
	if err != nil {
		return nil, fmt.Errorf("ledger copy: %w", err)
	}
	defer func() { _ = first.Close() }()
	if err := copyPages(ctx, first, path); err != nil {
		return nil, err
	}
	l, err := open(ctx, memory, memory)
	if err != nil {
		return nil, fmt.Errorf("copy of ledger %s: %w", path, err)
	}
	return l, nil
}

// Copy makes a ledger at to, where there is none yet, that knows what the one at path knows, if there is one. The original is only read, and may be in use.
//
// Addresses of uploads that were broken off are left out: whoever sends there sends for the original. Unsent is how many bytes of theirs are known to have
// arrived, which the copy knows nothing of.
func Copy(ctx context.Context, path, to string) (unsent int64, err error) {
	if err := os.MkdirAll(filepath.Dir(to), 0o700); err != nil {
		return 0, fmt.Errorf("ledger folder: %w", err)
	}
	if err := touch(to); err != nil {
		return 0, wrap(err)
	}
	db, err := sql.Open("sqlite", dsn(to, "_pragma=locking_mode(EXCLUSIVE)"))
	if err != nil {
		return 0, wrap(err)
	}
	if err := errors.Join(copyPages(ctx, db, path), db.Close()); err != nil {
		return 0, err
	}
	l, err := Open(ctx, to)
	if err != nil {
		return 0, err
	}
	defer func() { err = errors.Join(err, l.Close()) }()
	err = l.writer.do(ctx, func(t *tx) (err error) {
		if unsent, err = t.id(`SELECT coalesce(sum(hashed), 0) FROM sessions`); err != nil {
			return err
		}
		_, err = t.exec(`DELETE FROM sessions`)
		return err
	})
	return unsent, err
}

// copyPages fills an empty database with the ledger at path as it is at one moment, of whatever version, if there is one. A copy has no log beside it: only a
// connection that has it to itself can read it first, and says so.
func copyPages(ctx context.Context, to *sql.DB, path string) error {
	conn, err := to.Conn(ctx)
	if err != nil {
		return wrap(err)
	}
	defer func() { _ = conn.Close() }()
	if _, err := os.Stat(path); err == nil {
		if err := conn.Raw(func(c any) error { return restore(c, path) }); err != nil {
			return fmt.Errorf("copy of ledger %s: %w", path, err)
		}
	} else if !errors.Is(err, fs.ErrNotExist) {
		return wrap(err)
	}
	for _, say := range []string{"PRAGMA journal_mode = DELETE", "PRAGMA locking_mode = NORMAL", "SELECT count(*) FROM sqlite_master"} { // which reads, and so lets go
		if _, err := conn.ExecContext(ctx, say); err != nil {
			return wrap(err)
		}
	}
	return nil
}

// restore fills a connection's database with the pages of the one at path.
func restore(conn any, path string) error {
	query := "mode=ro"
	if _, err := os.Stat(path + "-wal"); err != nil {
		query = "immutable=1" // nobody has it open: read it without leaving files beside it
	}
	backup, err := conn.(interface {
		NewRestore(from string) (*sqlite.Backup, error)
	}).NewRestore(dsn(path, query))
	if err != nil {
		return err
	}
	_, err = backup.Step(-1)
	return errors.Join(err, backup.Finish())
}
