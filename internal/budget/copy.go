package budget

import (
	"context"
	"database/sql"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
)

// Copy puts a copy of a budget, as it is at this moment, to another path, where there is none. The original is only read, and may be in use: what its jobs
// hold is not held in the copy. If there is none, there is none.
func Copy(ctx context.Context, path, to string) error {
	query := "mode=ro"
	switch _, err := os.Stat(path); {
	case errors.Is(err, fs.ErrNotExist):
		return nil
	case err != nil:
		return unusable(path, err)
	}
	if _, err := os.Stat(path + "-wal"); err != nil {
		query = "immutable=1" // nobody has it open: read it without leaving files beside it
	}
	if err := os.MkdirAll(filepath.Dir(to), 0o700); err != nil {
		return unusable(to, err)
	}
	db, err := sql.Open("sqlite", dsn(path, query))
	if err != nil {
		return unusable(path, err)
	}
	_, err = db.ExecContext(ctx, `VACUUM INTO ?`, to)
	return unusable(path, errors.Join(err, db.Close()))
}
