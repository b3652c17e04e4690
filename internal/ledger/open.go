package ledger

import (
	"context"
	"database/sql"
	"embed"
	"errors"
	"fmt"
	"io/fs"
	"net/url"
	"os"
	"path/filepath"

	"github.com/pressly/goose/v3"
	_ "modernc.org/sqlite" // registers the driver "sqlite"

	"github.com/albumwright/albumwright/internal/localdisk"
)

//go:embed migrations/*.sql
var migrations embed.FS

// SQLite is a Ledger in one SQLite file: write-ahead log, synchronous=FULL (with NORMAL a power cut loses commits that were already
// acknowledged), one goroutine that writes, readers beside it.
type SQLite struct {
	writer *writer
	write  *sql.DB // one connection, the writer's
	read   *statements
	lock   *hold // nil for a copy
}

// Open opens the ledger at path, which is created with its folder if it does not exist, and holds it alone. If another process holds it the
// error is [ErrLocked] and says who.
func Open(ctx context.Context, path string) (*SQLite, error) {
	if err := localdisk.Check(path); err != nil {
		return nil, fmt.Errorf("ledger: %w", err)
	}
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		return nil, fmt.Errorf("ledger folder: %w", err)
	}
	lock, err := takeHold(path)
	if err != nil {
		return nil, err
	}
	// SQLite gives the files beside it the same mode. Upload tokens are as good as the user's photos.
	if err := touch(path); err != nil {
		return nil, errors.Join(wrap(err), lock.end())
	}
	l, err := open(ctx, dsn(path, "_pragma=journal_mode(WAL)&_pragma=synchronous(FULL)&_txlock=immediate"), dsn(path, "mode=ro"))
	if err != nil {
		return nil, errors.Join(fmt.Errorf("ledger %s: %w", path, err), lock.end())
	}
	l.lock = lock
	return l, nil
}

// touch creates a file that only its owner can read, or makes it so.
func touch(path string) error {
	f, err := os.OpenFile(path, os.O_CREATE|os.O_RDWR, 0o600)
	if err != nil {
		return err
	}
	return errors.Join(f.Chmod(0o600), f.Close())
}

// open migrates the database and starts its writer.
func open(ctx context.Context, writeDSN, readDSN string) (*SQLite, error) {
	l := &SQLite{}
	var err error
	if l.write, err = sql.Open("sqlite", writeDSN); err != nil {
		return nil, err
	}
	l.write.SetMaxOpenConns(1)
	if err = migrate(ctx, l.write); err == nil {
		l.read, err = openStatements(readDSN)
	}
	if err == nil {
		l.writer, err = startWriter(ctx, l.write)
	}
	if err != nil {
		return nil, errors.Join(err, l.closeDatabases())
	}
	return l, nil
}

func (l *SQLite) closeDatabases() error {
	var err error
	if l.read != nil {
		err = l.read.Close()
	}
	return errors.Join(err, l.write.Close()) // the last to close folds the write-ahead log in, which a reader cannot
}

func migrate(ctx context.Context, db *sql.DB) error {
	dir, err := fs.Sub(migrations, "migrations")
	if err != nil {
		return err
	}
	provider, err := goose.NewProvider(goose.DialectSQLite3, db, dir, goose.WithDisableGlobalRegistry(true))
	if err != nil {
		return err
	}
	is, err := provider.GetDBVersion(ctx)
	if err != nil {
		return err
	}
	if err := notNewer(is); err != nil {
		return err
	}
	_, err = provider.Up(ctx)
	return err
}

// notNewer refuses a ledger whose schema is of a later version than the last one that is known here.
func notNewer(version int64) error {
	known, err := lastVersion()
	if err == nil && version > known {
		err = fmt.Errorf("%w: its version is %d, and this program knows up to %d", ErrNewer, version, known)
	}
	return err
}

// lastVersion is the number of the last migration.
func lastVersion() (last int64, err error) {
	files, err := fs.Glob(migrations, "migrations/*.sql")
	for _, name := range files {
		number, wrong := goose.NumericComponent(name)
		last, err = max(last, number), errors.Join(err, wrong)
	}
	return last, err
}

func dsn(path, query string) string {
	return (&url.URL{Scheme: "file", Opaque: url.PathEscape(path), RawQuery: "_pragma=foreign_keys(1)&_pragma=busy_timeout(10000)&" + query}).String()
}

// Close waits for the writer, closes the file and lets others in.
func (l *SQLite) Close() error {
	err := errors.Join(l.writer.close(), l.closeDatabases())
	if l.lock != nil {
		err = errors.Join(err, l.lock.end())
	}
	return err
}
