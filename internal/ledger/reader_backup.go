package ledger

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
)

// Backup writes the ledger as it is at this moment, upload tokens and all, into a new file that only its owner can read. A run under way is not held
// up. The file appears under its name when it is complete; one that is there already is not touched, and the error is fs.ErrExist.
func (r *Reader) Backup(ctx context.Context, file string) error {
	return newFile(file, func(part *os.File) error {
		// A connection of its own: what forbids the others to write forbids them to write elsewhere, too.
		db, err := sql.Open("sqlite", dsn(r.path, r.mode))
		if err != nil {
			return err
		}
		_, err = db.ExecContext(ctx, `VACUUM INTO ?`, part.Name())
		return errors.Join(r.explain(ctx, err), db.Close())
	})
}

// newFile lets write fill a new file, which gets its name when it is complete and safe from a power cut. No other file is replaced.
func newFile(path string, write func(part *os.File) error) error {
	if _, err := os.Lstat(path); err == nil {
		return exists(path)
	}
	part, err := os.CreateTemp(filepath.Dir(path), "."+filepath.Base(path)+".*.part") // mode 0600
	if err != nil {
		return err
	}
	err = errors.Join(write(part), part.Sync(), part.Close())
	if err == nil {
		err = place(part.Name(), path)
	}
	if gone := os.Remove(part.Name()); !errors.Is(gone, fs.ErrNotExist) {
		err = errors.Join(err, gone)
	}
	return errors.Join(err, syncFolder(path))
}

// place gives a file its name. A link, unlike a rename, replaces nothing; where there are none, as on memory cards, it is looked first.
func place(part, path string) error {
	err := os.Link(part, path)
	if err == nil {
		return nil
	}
	if _, there := os.Lstat(path); there == nil {
		return exists(path)
	}
	return os.Rename(part, path)
}

func exists(path string) error {
	return fmt.Errorf("%w: %s is not replaced", fs.ErrExist, path)
}

// syncFolder makes names in a file's folder last. Where folders cannot be synced there is nothing to do.
func syncFolder(path string) error {
	dir, err := os.Open(filepath.Dir(path))
	if err != nil {
		return err
	}
	_ = dir.Sync()
	return dir.Close()
}
