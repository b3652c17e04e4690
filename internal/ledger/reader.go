package ledger

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io/fs"
	"os"

	"modernc.org/sqlite"
	sqlite3 "modernc.org/sqlite/lib"

	"github.com/albumwright/albumwright/internal/localdisk"
)

// Errors of a ledger that cannot be read.
var (
	// ErrNone says that there is no ledger yet.
	ErrNone = errors.New("there is no ledger yet")
	// ErrDamaged says that the file is no ledger, or no longer one: cut off, or overwritten in part.
	ErrDamaged = errors.New("the ledger is damaged")
)

// Reader looks into a ledger. It takes no lock, so that a run under way neither waits for it nor keeps it waiting, and it cannot write: the file is
// opened for reading only. Each of its methods sees the ledger as of one moment. It is safe for concurrent use.
type Reader struct {
	db   *sql.DB
	path string
	mode string // in which the file is opened, as part of a DSN
	tidy bool   // there was no write-ahead log, so nobody had the ledger open
}

// OpenRead opens the ledger at path for reading. What a killed run has left in the write-ahead log is seen, and left there. A ledger of an older
// version is first brought up to date, as a run would do it. The errors to expect are [ErrNone], [ErrNewer] and [ErrDamaged].
func OpenRead(ctx context.Context, path string) (*Reader, error) {
	if err := localdisk.Check(path); err != nil {
		return nil, fmt.Errorf("ledger: %w", err)
	}
	info, err := os.Stat(path)
	_, noLog := os.Stat(path + "-wal")
	switch {
	case errors.Is(err, fs.ErrNotExist), err == nil && info.Size() == 0 && noLog != nil:
		return nil, fmt.Errorf("%w: %s", ErrNone, path)
	case err != nil:
		return nil, fmt.Errorf("ledger: %w", err)
	case !info.Mode().IsRegular():
		return nil, fmt.Errorf("%w: %s is not a file", ErrDamaged, path)
	}
	r, err := openRead(ctx, path, noLog != nil)
	if !errors.Is(err, errOlder) {
		return r, err
	}
	l, err := Open(ctx, path)
	if err != nil {
		return nil, fmt.Errorf("the ledger is of an older version and has to be brought up to date first: %w", err)
	}
	if err := l.Close(); err != nil {
		return nil, err
	}
	return openRead(ctx, path, true)
}

func openRead(ctx context.Context, path string, tidy bool) (*Reader, error) {
	r := &Reader{path: path, mode: "mode=ro", tidy: tidy}
	err := r.connect(ctx)
	if isCode(err, sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_READONLY) && tidy {
		// The files that readers and writers share cannot be made here, so nobody can write here either, this user at least.
		r.mode, r.tidy = "immutable=1", false
		err = r.connect(ctx)
	}
	if err != nil {
		return nil, r.explain(ctx, err)
	}
	return r, nil
}

func (r *Reader) connect(ctx context.Context) (err error) {
	if r.db, err = sql.Open("sqlite", dsn(r.path, r.mode+"&_pragma=query_only(1)")); err != nil {
		return err
	}
	if err = checkVersion(ctx, r.db); err != nil {
		return errors.Join(err, r.Close())
	}
	return nil
}

// Close ends the reading. Where nobody had the ledger open, the files that had to be made beside it are taken away again.
func (r *Reader) Close() error {
	if err := r.db.Close(); err != nil || !r.tidy {
		return err
	}
	// Only a connection that may write takes them away. It does so by SQLite's own rules, so that a run that has begun meanwhile keeps them.
	db, err := sql.Open("sqlite", dsn(r.path, "mode=rw"))
	if err != nil {
		return err
	}
	var version int
	_ = db.QueryRow(`PRAGMA schema_version`).Scan(&version) // a connection opens the file at its first question; its answer is of no interest
	return db.Close()
}

// snapshot gives read what the ledger holds at this moment, whatever is written meanwhile.
func (r *Reader) snapshot(ctx context.Context, read func(*sql.Tx) error) error {
	tx, err := r.db.BeginTx(ctx, &sql.TxOptions{ReadOnly: true})
	if err == nil {
		defer func() { _ = tx.Rollback() }()
		err = read(tx)
	}
	return r.explain(ctx, err)
}

// explain says of an error what it means for the ledger.
func (r *Reader) explain(ctx context.Context, err error) error {
	switch {
	case err == nil:
		return nil
	case ctx.Err() != nil:
		return context.Cause(ctx)
	case isCode(err, sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB):
		return fmt.Errorf("%w: %s: %w", ErrDamaged, r.path, err)
	case errors.Is(err, ErrNone), errors.Is(err, ErrNewer), errors.Is(err, ErrDamaged):
		return fmt.Errorf("%w: %s", err, r.path)
	}
	return fmt.Errorf("ledger %s: %w", r.path, err)
}

// isCode tells whether an error is SQLite's own, with one of these primary codes.
func isCode(err error, codes ...int) bool {
	e := (*sqlite.Error)(nil)
	if !errors.As(err, &e) {
		return false
	}
	for _, c := range codes {
		if e.Code()&0xff == c {
			return true
		}
	}
	return false
}

// eachRow hands every row of a query on. The row is valid until visit returns.
func eachRow(ctx context.Context, tx *sql.Tx, visit func(*sql.Rows) error, query string, args ...any) error {
	rows, err := tx.QueryContext(ctx, query, args...)
	if err != nil {
		return err
	}
	defer func() { _ = rows.Close() }()
	for rows.Next() {
		if err := visit(rows); err != nil {
			return err
		}
	}
	return rows.Err()
}
