package ingest

import (
	"context"
	"crypto/sha256"
	"database/sql"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"net/url"
	"os"
	"path/filepath"
	"time"

	"github.com/gofrs/flock"
	_ "modernc.org/sqlite" // the database

	"github.com/albumwright/albumwright/internal/card"
	"github.com/albumwright/albumwright/internal/localdisk"
)

// ErrLocked says that another process is at work on the same card.
var ErrLocked = errors.New("another ingest is at work on this card")

// ErrHistory says that the history cannot be used: no room, no permission, damage, or a newer program's.
var ErrHistory = errors.New("the history of cards cannot be used")

const historyName = "cards.db"

// layout is the version of the tables, in the database's user_version.
const layout = 2

const schema = `
CREATE TABLE cards (
  id   INTEGER PRIMARY KEY,
  name TEXT NOT NULL UNIQUE          -- all that it is known by, see card.ID
) STRICT;
CREATE TABLE visits (
  id      INTEGER PRIMARY KEY,
  card    INTEGER NOT NULL REFERENCES cards,
  started INTEGER NOT NULL,          -- nanoseconds since 1970, as all times here
  ended   INTEGER,                   -- NULL: it is under way, or died
  found   INTEGER NOT NULL DEFAULT 0,
  safe    INTEGER NOT NULL DEFAULT 0,
  report  TEXT                       -- JSON
) STRICT;
CREATE TABLE files (
  id       INTEGER PRIMARY KEY,
  card     INTEGER NOT NULL REFERENCES cards,
  path     BLOB NOT NULL,            -- below the mount
  size     INTEGER NOT NULL,
  modified INTEGER NOT NULL,
  sha256   BLOB NOT NULL,
  xxh64    INTEGER NOT NULL,
  visit    INTEGER NOT NULL REFERENCES visits -- that saw it first
) STRICT;
CREATE INDEX files_by_path ON files (card, path, size);
CREATE TABLE copies (
  file INTEGER NOT NULL REFERENCES files,
  dir  BLOB NOT NULL,                -- the destination
  path BLOB NOT NULL,                -- below it
  PRIMARY KEY (file, dir)
) STRICT, WITHOUT ROWID;` + byClock

// byClock finds files of one size by where in a quarter of an hour they were changed, see quarterStep: a camera's uncompressed raws are all of one size.
const byClock = `
DROP INDEX IF EXISTS files_by_size;
CREATE INDEX files_by_clock ON files (size, ` + quarterStep + `);`

// History is what is known of cards that were here before: what was on them, and where its copies lie. It is written after a copy is safe on its disk, so what a
// power cut takes from it is only found out again; that it is true is proved anew by each verification.
type History struct {
	path string
	db   *sql.DB // one connection
}

// OpenHistory opens the history in a state folder, and makes it if there is none.
func OpenHistory(ctx context.Context, stateDir string) (*History, error) {
	path := filepath.Join(stateDir, historyName)
	if err := prepare(path); err != nil {
		return nil, fmt.Errorf("%w: %w", ErrHistory, err)
	}
	return openHistory(ctx, path, (&url.URL{Scheme: "file", Opaque: url.PathEscape(path), RawQuery: "_pragma=busy_timeout(10000)&_pragma=journal_mode(WAL)&_pragma=synchronous(NORMAL)&_pragma=foreign_keys(1)&_txlock=immediate"}).String())
}

// LookIntoHistory is the history for a dry run: where there is none, none is made.
func LookIntoHistory(ctx context.Context, stateDir string) (*History, error) {
	if _, err := os.Stat(filepath.Join(stateDir, historyName)); !errors.Is(err, fs.ErrNotExist) {
		return OpenHistory(ctx, stateDir)
	}
	return openHistory(ctx, "", "file::memory:")
}

func openHistory(ctx context.Context, path, dsn string) (*History, error) {
	db, err := sql.Open("sqlite", dsn)
	if err != nil {
		return nil, fmt.Errorf("%w: %w", ErrHistory, err)
	}
	db.SetMaxOpenConns(1)
	h := &History{path, db}
	if err := h.migrate(ctx); err != nil {
		return nil, fmt.Errorf("%w: %s: %w", ErrHistory, path, errors.Join(err, db.Close()))
	}
	return h, nil
}

// prepare makes the folder, on a disk that SQLite can work on.
func prepare(path string) error {
	if err := localdisk.Check(path); err != nil {
		return err
	}
	return os.MkdirAll(filepath.Dir(path), 0o700)
}

// migrate makes the tables. Two processes that come first are kept apart by a lock: SQLite refuses one of two that make a WAL database at once.
func (h *History) migrate(ctx context.Context) error {
	if h.path == "" {
		return h.makeTables(ctx)
	}
	lock := flock.New(h.path + ".lock")
	if _, err := lock.TryLockContext(ctx, 10*time.Millisecond); err != nil {
		return err
	}
	defer func() { _ = lock.Unlock() }()
	is := 0
	if err := h.db.QueryRowContext(ctx, "PRAGMA user_version").Scan(&is); err != nil {
		return err
	}
	switch {
	case is > layout:
		return fmt.Errorf("a newer version of the program made it (layout %d, this one knows %d)", is, layout)
	case is == layout:
		return nil
	case is == 1:
		return h.change(ctx, byClock)
	}
	return h.makeTables(ctx)
}

func (h *History) makeTables(ctx context.Context) error { return h.change(ctx, schema) }

// change brings the tables to this program's layout.
func (h *History) change(ctx context.Context, by string) error {
	_, err := h.db.ExecContext(ctx, "BEGIN;"+by+fmt.Sprintf("PRAGMA user_version = %d; COMMIT;", layout))
	return err
}

// Close closes the history.
func (h *History) Close() error { return h.db.Close() }

// begin notes that a card is here, and says when it was here last; nil: never. Without a write (dry) there is no visit, and no lock.
func (h *History) begin(ctx context.Context, id card.ID, now time.Time, dry bool) (*visit, *Seen, error) {
	v := &visit{history: h}
	if dry {
		last, err := v.recall(ctx, id)
		return v, last, err
	}
	var err error
	if v.lock, err = h.hold(id); err != nil {
		return nil, nil, err
	}
	last, err := v.note(ctx, id, now)
	if err != nil {
		return nil, nil, errors.Join(err, v.release())
	}
	return v, last, nil
}

// note writes down that a visit began.
func (v *visit) note(ctx context.Context, id card.ID, now time.Time) (*Seen, error) {
	db := v.history.db
	if _, err := db.ExecContext(ctx, `INSERT OR IGNORE INTO cards (name) VALUES (?)`, id.String()); err != nil {
		return nil, v.history.wrong(err)
	}
	last, err := v.recall(ctx, id)
	if err == nil {
		err = db.QueryRowContext(ctx, `INSERT INTO visits (card, started) VALUES (?, ?) RETURNING id`, v.card, now.UnixNano()).Scan(&v.id)
	}
	return last, v.history.wrong(err)
}

// recall finds a card, and its last visit. One that was never here has none.
func (v *visit) recall(ctx context.Context, id card.ID) (*Seen, error) {
	err := v.history.db.QueryRowContext(ctx, `SELECT id FROM cards WHERE name = ?`, id.String()).Scan(&v.card)
	if errors.Is(err, sql.ErrNoRows) {
		return nil, nil
	}
	if err != nil {
		return nil, v.history.wrong(err)
	}
	last, err := v.history.last(ctx, v.card)
	return last, v.history.wrong(err)
}

// hold keeps other processes from this card. The lock belongs to the open file, so it ends with the process, however that ends.
func (h *History) hold(id card.ID) (*flock.Flock, error) {
	sum := sha256.Sum256([]byte(id.String()))
	lock := flock.New(h.path + "." + hex.EncodeToString(sum[:8]) + ".lock")
	ok, err := lock.TryLock()
	switch {
	case err != nil:
		return nil, fmt.Errorf("%w: %w", ErrHistory, err)
	case !ok:
		return nil, ErrLocked
	}
	return lock, nil
}

func (h *History) last(ctx context.Context, card int64) (*Seen, error) {
	var started int64
	var ended sql.NullInt64
	s := &Seen{}
	err := h.db.QueryRowContext(ctx, `SELECT started, found, safe, ended FROM visits WHERE card = ? ORDER BY id DESC LIMIT 1`, card).
		Scan(&started, &s.Found, &s.Safe, &ended)
	if errors.Is(err, sql.ErrNoRows) {
		return nil, nil
	}
	s.Started, s.Ended = time.Unix(0, started), ended.Valid
	return s, err
}

func (h *History) find(ctx context.Context, f card.File, where string, args ...any) (memory, error) {
	rows, err := h.db.QueryContext(ctx, `SELECT id, modified, sha256, xxh64 FROM files WHERE `+where+` ORDER BY id DESC`, args...)
	if err != nil {
		return memory{}, h.wrong(err)
	}
	defer func() { _ = rows.Close() }()
	for rows.Next() {
		var m memory
		var modified, xxh64 int64
		var sum []byte
		if err := rows.Scan(&m.id, &modified, &sum, &xxh64); err != nil {
			return memory{}, h.wrong(err)
		}
		if !card.SameTime(time.Unix(0, modified), f.ModTime) || len(sum) != len(m.sums.SHA256) {
			continue
		}
		m.sums.XXH64, m.sums.Size = uint64(xxh64), f.Size
		copy(m.sums.SHA256[:], sum)
		if err := rows.Close(); err != nil {
			return memory{}, h.wrong(err)
		}
		m.copies, err = h.copies(ctx, m.id)
		return m, err
	}
	return memory{}, h.wrong(rows.Err())
}

func (h *History) copies(ctx context.Context, file int64) (map[string]string, error) {
	rows, err := h.db.QueryContext(ctx, `SELECT dir, path FROM copies WHERE file = ?`, file)
	if err != nil {
		return nil, h.wrong(err)
	}
	defer func() { _ = rows.Close() }()
	out := map[string]string{}
	for rows.Next() {
		var dir, path []byte
		if err := rows.Scan(&dir, &path); err != nil {
			return nil, h.wrong(err)
		}
		out[string(dir)] = string(path)
	}
	return out, h.wrong(rows.Err())
}

// wrong says of an error of the database that it is one.
func (h *History) wrong(err error) error {
	if err == nil || errors.Is(err, ErrHistory) || errors.Is(err, context.Canceled) || errors.Is(err, context.DeadlineExceeded) {
		return err
	}
	return fmt.Errorf("%w: %w", ErrHistory, err)
}
