package budget

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io/fs"
	"net/url"
	"os"
	"path/filepath"

	"modernc.org/sqlite"
	sqlite3 "modernc.org/sqlite/lib"

	"github.com/albumwright/albumwright/internal/localdisk"
)

// version is the layout of the database, in its user_version.
const version = 1

const schema = `
CREATE TABLE days (
  date TEXT PRIMARY KEY,                -- Pacific, as the clock showed it
  uploads INTEGER NOT NULL, batch_creates INTEGER NOT NULL, album_creates INTEGER NOT NULL, album_lists INTEGER NOT NULL, others INTEGER NOT NULL,
  carried INTEGER NOT NULL,             -- used on the day that the clock showed before it was set back to this one
  loads   INTEGER NOT NULL,             -- of base URLs
  spent   INTEGER NOT NULL,             -- 1: the service has said so
  bytes   INTEGER NOT NULL,
  busy    INTEGER NOT NULL,             -- nanoseconds
  void    INTEGER NOT NULL              -- 1: counted by a clock that was wrong
) STRICT, WITHOUT ROWID;
CREATE TABLE clock (last TEXT NOT NULL) STRICT;  -- the date it showed when something was counted last
INSERT INTO clock VALUES ('');
CREATE TABLE jobs (
  id   TEXT PRIMARY KEY,                -- names the lock file that its process holds
  held INTEGER NOT NULL
) STRICT, WITHOUT ROWID;`

// store is the database.
type store struct {
	path string
	db   *sql.DB // one connection, so that goroutines wait for each other here and not inside SQLite
}

// open opens the database, and makes it with its folder if it does not exist.
//
// WAL keeps readers and the one who counts out of each other's way. It is not synced at every commit (synchronous=NORMAL): a power cut then loses
// the last counts, which are a handful of requests of ten thousand, and nothing that was acknowledged to anyone. A killed process loses none.
func open(ctx context.Context, path string) (*store, error) {
	if err := prepare(path); err != nil {
		return nil, unusable(path, err)
	}
	db, err := sql.Open("sqlite", dsn(path, "_pragma=journal_mode(WAL)&_pragma=synchronous(NORMAL)&_txlock=immediate"))
	if err != nil {
		return nil, unusable(path, err)
	}
	db.SetMaxOpenConns(1)
	s := &store{path, db}
	// Two processes that make it a WAL database at once refuse each other without waiting; so one at a time.
	if err := alone(ctx, s.beside("open.lock"), func() error { return s.migrate(ctx) }); err != nil {
		return nil, errors.Join(unusable(path, err), db.Close())
	}
	return s, nil
}

// prepare makes the file, readable by its owner only, without opening one that is there: a program that closes a file loses all locks that SQLite
// holds on it for other connections of the same process.
func prepare(path string) error {
	if err := localdisk.Check(path); err != nil {
		return err
	}
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		return err
	}
	f, err := os.OpenFile(path, os.O_CREATE|os.O_EXCL|os.O_RDWR, 0o600)
	if errors.Is(err, fs.ErrExist) {
		return os.Chmod(path, 0o600)
	}
	if err != nil {
		return err
	}
	return f.Close()
}

func dsn(path, query string) string {
	return (&url.URL{Scheme: "file", Opaque: url.PathEscape(path), RawQuery: "_pragma=busy_timeout(1000)&" + query}).String()
}

// beside is the path of a file in the database's folder.
func (s *store) beside(name string) string { return filepath.Join(filepath.Dir(s.path), name) }

func (s *store) migrate(ctx context.Context) error {
	made, err := layout(ctx, s.db)
	if err != nil {
		return err
	}
	if made {
		return check(ctx, s.db)
	}
	tx, err := s.begin(ctx)
	if err != nil {
		return err
	}
	defer func() { _ = tx.Rollback() }()
	if _, err := tx.ExecContext(ctx, schema+fmt.Sprintf("PRAGMA user_version = %d", version)); err != nil {
		return err
	}
	return tx.Commit()
}

// layout tells whether the tables have been made, and refuses those of another version.
func layout(ctx context.Context, q querier) (made bool, err error) {
	rows, err := q.QueryContext(ctx, "PRAGMA user_version")
	if err != nil {
		return false, err
	}
	defer func() { _ = rows.Close() }()
	is := 0
	for rows.Next() {
		if err := rows.Scan(&is); err != nil {
			return false, err
		}
	}
	if is > version {
		return false, fmt.Errorf("a newer version of the program made it (layout %d, this one knows %d): use that one, or delete the file", is, version)
	}
	return is > 0, rows.Err()
}

// check looks at the whole file, which is small, so that damage is found before the first request and not in the middle of a run.
func check(ctx context.Context, db *sql.DB) error {
	var said string
	if err := db.QueryRowContext(ctx, "PRAGMA quick_check(1)").Scan(&said); err != nil {
		return err
	}
	if said != "ok" {
		return fmt.Errorf("%w: %s", errDamaged, said)
	}
	return nil
}

var errDamaged = errors.New("damaged")

// unusable says what to do about an error of the database.
func unusable(path string, err error) error {
	if err == nil || errors.Is(err, context.Canceled) || errors.Is(err, context.DeadlineExceeded) {
		return err
	}
	code := codeOf(err)
	if errors.Is(err, errDamaged) || code == sqlite3.SQLITE_CORRUPT || code == sqlite3.SQLITE_NOTADB {
		return fmt.Errorf("%w: %s: %w; delete the file while no run is under way: only the count of today's requests is lost", ErrUnusable, path, err)
	}
	return fmt.Errorf("%w: %s: %w", ErrUnusable, path, err)
}

// codeOf is SQLite's primary result code, 0 if the error is not SQLite's.
func codeOf(err error) int {
	if e := (*sqlite.Error)(nil); errors.As(err, &e) {
		return e.Code() & 0xff
	}
	return 0
}

func (s *store) close() error { return s.db.Close() }
