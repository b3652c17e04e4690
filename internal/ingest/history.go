package ingest

import (
	"context"
	"crypto/sha256"
	"database/sql"
	"encoding/hex"
	"errors"
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"time"

	"github.com/gofrs/flock"
	_ "modernc.org/sqlite" // the database

	"github.com/albumwright/albumwright/internal/card"
	"github.com/albumwright/albumwright/internal/localdisk"
	"github.com/albumwright/albumwright/internal/offload"
)

// ErrLocked says that another process is at work on the same card.
var ErrLocked = errors.New("another ingest is at work on this card")

// ErrHistory says that the history cannot be used: no room, no permission, damage, or a newer program's.
var ErrHistory = errors.New("the history of cards cannot be used")

// layout is the version of the tables, in the database's user_version.
const layout = 1

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
CREATE INDEX files_by_size ON files (size, modified);
CREATE TABLE copies (
  file INTEGER NOT NULL REFERENCES files,
  dir  BLOB NOT NULL,                -- the destination
  path BLOB NOT NULL,                -- below it
  PRIMARY KEY (file, dir)
) STRICT, WITHOUT ROWID;`

// History is what is known of cards that were here before: what was on them, and where its copies lie. It is written after a copy is safe on its disk, so what a
// power cut takes from it is only found out again; that it is true is proved anew by each verification.
type History struct {
	path string
	db   *sql.DB // one connection
}

// OpenHistory opens the history in a state folder, and makes it if there is none.
func OpenHistory(ctx context.Context, stateDir string) (*History, error) {
	path := filepath.Join(stateDir, "cards.db")
	if err := prepare(path); err != nil {
		return nil, fmt.Errorf("%w: %w", ErrHistory, err)
	}
	dsn := (&url.URL{Scheme: "file", Opaque: url.PathEscape(path), RawQuery: "_pragma=busy_timeout(10000)&_pragma=journal_mode(WAL)&_pragma=synchronous(NORMAL)&_pragma=foreign_keys(1)&_txlock=immediate"}).String()
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
	}
	_, err := h.db.ExecContext(ctx, "BEGIN;"+schema+fmt.Sprintf("PRAGMA user_version = %d; COMMIT;", layout))
	return err
}

// Close closes the history.
func (h *History) Close() error { return h.db.Close() }

// visit is one insertion of a card, as long as its ingest is at work. It holds the card's lock.
type visit struct {
	history *History
	card    int64
	id      int64
	lock    *flock.Flock
}

// Seen is an earlier visit of a card.
type Seen struct {
	Started time.Time `json:"started"`
	Found   int       `json:"found"` // files
	Safe    bool      `json:"safe"`
	Ended   bool      `json:"ended"` // it came to its end
}

// begin notes that a card is here, and says when it was here last; nil: never. Without a write (dry) there is no visit, and no lock.
func (h *History) begin(ctx context.Context, id card.ID, now time.Time, dry bool) (v *visit, last *Seen, err error) {
	v = &visit{history: h}
	if !dry {
		if v.lock, err = h.hold(id); err != nil {
			return nil, nil, err
		}
		defer func() {
			if err != nil {
				err = errors.Join(err, v.lock.Unlock())
			}
		}()
		if _, err = h.db.ExecContext(ctx, `INSERT OR IGNORE INTO cards (name) VALUES (?)`, id.String()); err != nil {
			return nil, nil, h.wrong(err)
		}
	}
	err = h.db.QueryRowContext(ctx, `SELECT id FROM cards WHERE name = ?`, id.String()).Scan(&v.card)
	if errors.Is(err, sql.ErrNoRows) {
		return v, nil, nil // dry, and never seen
	}
	if err == nil {
		last, err = h.last(ctx, v.card)
	}
	if err == nil && !dry {
		err = h.db.QueryRowContext(ctx, `INSERT INTO visits (card, started) VALUES (?, ?) RETURNING id`, v.card, now.UnixNano()).Scan(&v.id)
	}
	return v, last, h.wrong(err)
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

// memory is what the history knows of one file: the sums of its bytes, and where copies of them lie.
type memory struct {
	id     int64 // 0: nothing
	sums   offload.Sums
	copies map[string]string // destination -> path below it
}

// known finds a file of this card: the same path and size, and a time of change that cameras and file systems call the same.
func (v *visit) known(ctx context.Context, f card.File) (memory, error) {
	return v.history.find(ctx, f, `card = ? AND path = ? AND size = ?`, v.card, []byte(f.Rel), f.Size)
}

// elsewhere finds what may be the same bytes on any card, under any name: the same size and time. Only reading the file tells.
func (v *visit) elsewhere(ctx context.Context, f card.File) (memory, error) {
	if f.Size == 0 {
		return memory{}, nil // all empty files are the same, and each is to be there under its own name
	}
	const day = int64(25 * time.Hour) // as far as card.SameTime goes
	at := f.ModTime.UnixNano()
	return v.history.find(ctx, f, `size = ? AND modified BETWEEN ? AND ?`, f.Size, at-day, at+day)
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

// keep notes a file of this card with the copies that lie there now, in place of what was known of it.
func (v *visit) keep(ctx context.Context, f card.File, m memory) (err error) {
	tx, err := v.history.db.BeginTx(ctx, nil)
	if err != nil {
		return v.history.wrong(err)
	}
	defer func() { _ = tx.Rollback() }()
	row := tx.QueryRowContext(ctx, `SELECT id FROM files WHERE card = ? AND path = ? AND size = ? AND modified = ? AND sha256 = ?`,
		v.card, []byte(f.Rel), f.Size, f.ModTime.UnixNano(), m.sums.SHA256[:])
	id := int64(0)
	if err := row.Scan(&id); errors.Is(err, sql.ErrNoRows) {
		err = tx.QueryRowContext(ctx, `INSERT INTO files (card, path, size, modified, sha256, xxh64, visit) VALUES (?, ?, ?, ?, ?, ?, ?) RETURNING id`,
			v.card, []byte(f.Rel), f.Size, f.ModTime.UnixNano(), m.sums.SHA256[:], int64(m.sums.XXH64), v.id).Scan(&id)
		if err != nil {
			return v.history.wrong(err)
		}
	} else if err != nil {
		return v.history.wrong(err)
	}
	if _, err := tx.ExecContext(ctx, `DELETE FROM copies WHERE file = ?`, id); err != nil {
		return v.history.wrong(err)
	}
	for dir, path := range m.copies {
		if _, err := tx.ExecContext(ctx, `INSERT INTO copies (file, dir, path) VALUES (?, ?, ?)`, id, []byte(dir), []byte(path)); err != nil {
			return v.history.wrong(err)
		}
	}
	return v.history.wrong(tx.Commit())
}

// end notes how the visit ended, and lets others at the card.
func (v *visit) end(ctx context.Context, now time.Time, found int, safe bool, report []byte) error {
	_, err := v.history.db.ExecContext(ctx, `UPDATE visits SET ended = ?, found = ?, safe = ?, report = ? WHERE id = ?`, now.UnixNano(), found, safe, string(report), v.id)
	return errors.Join(v.history.wrong(err), v.release())
}

// release lets others at the card; the visit counts as one that died.
func (v *visit) release() error {
	if v.lock == nil {
		return nil
	}
	return v.lock.Unlock()
}

// wrong says of an error of the database that it is one.
func (h *History) wrong(err error) error {
	if err == nil || errors.Is(err, context.Canceled) || errors.Is(err, context.DeadlineExceeded) {
		return err
	}
	return fmt.Errorf("%w: %w", ErrHistory, err)
}
