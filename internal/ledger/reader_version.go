package ledger

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
)

// errOlder says that the ledger lacks tables or columns that this version has.
var errOlder = errors.New("the ledger is of an older version")

// checkVersion compares a ledger's version with this program's.
func checkVersion(ctx context.Context, db *sql.DB) error {
	has, err := versionOf(ctx, db)
	if err != nil {
		return err
	}
	last, err := lastVersion()
	if err == nil && has < last {
		return errOlder
	}
	return errors.Join(err, notNewer(has))
}

// versionOf is the number of the last migration that a ledger has been through.
func versionOf(ctx context.Context, db *sql.DB) (int64, error) {
	var tables int
	var migrated bool
	err := db.QueryRowContext(ctx, `
		SELECT count(*), coalesce(max(name = 'goose_db_version'), 0) FROM sqlite_schema WHERE type = 'table'`).Scan(&tables, &migrated)
	switch {
	case err != nil:
		return 0, err
	case tables == 0:
		return 0, ErrNone
	case !migrated:
		return 0, fmt.Errorf("%w: it is a database of something else", ErrDamaged)
	}
	var version sql.NullInt64
	err = db.QueryRowContext(ctx, `SELECT max(version_id) FROM goose_db_version WHERE is_applied`).Scan(&version)
	if err == nil && version.Int64 == 0 {
		err = ErrNone // its first migration has only begun
	}
	return version.Int64, err
}
