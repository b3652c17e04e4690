package ingest

import (
	"context"
	"database/sql"
	"errors"
	"time"

	"github.com/gofrs/flock"

	"github.com/albumwright/albumwright/internal/card"
	"github.com/albumwright/albumwright/internal/offload"
)

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
	before, step, after := stepsAround(at)
	return v.history.find(ctx, f, `size = ? AND `+quarterStep+` IN (?, ?, ?) AND modified BETWEEN ? AND ?`, f.Size, before, step, after, at-day, at+day)
}

// quarterStep is in which step of 5 s of its quarter of an hour a time lies: what card.SameTime calls the same is in this step or one beside it.
const quarterStep = `(((modified % 900000000000) + 900000000000) % 900000000000) / 5000000000`

func stepsAround(at int64) (before, step, after int64) {
	const quarter, five = int64(15 * time.Minute), int64(5 * time.Second)
	const steps = quarter / five
	step = ((at%quarter + quarter) % quarter) / five
	return (step + steps - 1) % steps, step, (step + 1) % steps
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
