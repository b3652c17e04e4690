package ledger

import (
	"context"
	"crypto/rand"
	"database/sql"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"strings"
)

// tables in an order in which each row's references are there before it.
var tables = [...]string{"runs", "dirs", "contents", "files", "albums", "remote_albums", "placements", "batches", "items", "sessions", "events", "headings", "meta"}

// OpenCopy opens a copy in memory of the ledger at path, or an empty one if there is none. The original is only read, may be in use by a
// running process, and learns nothing of what is written into the copy.
func OpenCopy(ctx context.Context, path string) (*SQLite, error) {
	// A name beginning with a slash makes the memory one that several connections of this process share.
	memory := "file:/" + rand.Text() + "?vfs=memdb&_pragma=foreign_keys(1)&_pragma=busy_timeout(10000)"
	l, err := open(ctx, memory, memory)
	if err != nil {
		return nil, fmt.Errorf("ledger copy: %w", err)
	}
	if _, err := os.Stat(path); errors.Is(err, fs.ErrNotExist) {
		return l, nil
	}
	if err := l.copyFrom(ctx, path); err != nil {
		return nil, errors.Join(fmt.Errorf("copy of ledger %s: %w", path, err), l.Close())
	}
	return l, nil
}

func (l *SQLite) copyFrom(ctx context.Context, path string) error {
	query := "mode=ro"
	if _, err := os.Stat(path + "-wal"); err != nil {
		query = "immutable=1" // nobody has it open: read it without leaving files beside it
	}
	disk, err := sql.Open("sqlite", dsn(path, query))
	if err != nil {
		return err
	}
	defer func() { _ = disk.Close() }()
	snapshot, err := disk.BeginTx(ctx, &sql.TxOptions{ReadOnly: true}) // all tables as of one moment
	if err != nil {
		return err
	}
	defer func() { _ = snapshot.Rollback() }()
	var version int64
	if err := snapshot.QueryRowContext(ctx, `SELECT max(version_id) FROM goose_db_version`).Scan(&version); err != nil {
		return err
	}
	if err := notNewer(version); err != nil {
		return err
	}
	return l.writer.do(ctx, func(t *tx) error {
		for _, table := range tables {
			if err := copyTable(ctx, t, snapshot, table); err != nil {
				return fmt.Errorf("%s: %w", table, err)
			}
		}
		return nil
	})
}

// Copy makes a ledger at to, where there is none yet, that knows what the one at path knows, if there is one. The original is only read, and may be in use.
//
// Addresses of uploads that were broken off are left out: whoever sends there sends for the original. Unsent is how many bytes of theirs are known to have
// arrived, which the copy knows nothing of.
func Copy(ctx context.Context, path, to string) (unsent int64, err error) {
	l, err := Open(ctx, to)
	if err != nil {
		return 0, err
	}
	defer func() { err = errors.Join(err, l.Close()) }()
	if _, err := os.Stat(path); errors.Is(err, fs.ErrNotExist) {
		return 0, nil
	}
	if err := l.copyFrom(ctx, path); err != nil {
		return 0, fmt.Errorf("copy of ledger %s: %w", path, err)
	}
	err = l.writer.do(ctx, func(t *tx) (err error) {
		if unsent, err = t.id(`SELECT coalesce(sum(hashed), 0) FROM sessions`); err != nil {
			return err
		}
		_, err = t.exec(`DELETE FROM sessions`)
		return err
	})
	return unsent, err
}

// copyTable copies by column name, so that a ledger of an older version can be copied into one of this version.
func copyTable(ctx context.Context, t *tx, from *sql.Tx, table string) error {
	var there bool
	if err := from.QueryRowContext(ctx, `SELECT EXISTS (SELECT 1 FROM sqlite_master WHERE name = ?)`, table).Scan(&there); err != nil || !there {
		return err
	}
	rows, err := from.QueryContext(ctx, "SELECT * FROM "+table)
	if err != nil {
		return err
	}
	defer func() { _ = rows.Close() }()
	columns, err := rows.Columns()
	if err != nil {
		return err
	}
	insert := fmt.Sprintf("INSERT OR REPLACE INTO %s (%s) VALUES (?%s)", table, strings.Join(columns, ", "), strings.Repeat(", ?", len(columns)-1))
	values := make([]any, len(columns))
	into := make([]any, len(columns))
	for i := range values {
		into[i] = &values[i]
	}
	for rows.Next() {
		if err := rows.Scan(into...); err != nil {
			return err
		}
		if _, err := t.exec(insert, values...); err != nil {
			return err
		}
	}
	return rows.Err()
}
