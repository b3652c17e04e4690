package ledger

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"os"
	"slices"
	"syscall"
	"time"

	"github.com/gofrs/flock"
)

// Run is a run of the program, as the ledger remembers it.
type Run struct {
	ID      RunID
	Started time.Time
	Ended   time.Time // zero: it is under way, or died
	Command string
	Outcome string // as it was given to EndRun; "" if it never ended
}

// Runs returns the last runs, the oldest of them first.
func (r *Reader) Runs(ctx context.Context, last int) (runs []Run, err error) {
	err = r.snapshot(ctx, func(tx *sql.Tx) (err error) {
		runs, err = lastRuns(ctx, tx, last)
		slices.Reverse(runs)
		return err
	})
	return runs, err
}

// Run returns one run. It is not ok if there was none of that number.
func (r *Reader) Run(ctx context.Context, id RunID) (run Run, ok bool, err error) {
	err = r.snapshot(ctx, func(tx *sql.Tx) error {
		return eachRow(ctx, tx, func(rows *sql.Rows) (err error) {
			run, err = scanRun(rows)
			ok = err == nil
			return err
		}, `SELECT `+runColumns+` FROM runs WHERE id = ?`, id)
	})
	return run, ok, err
}

const runColumns = `id, started, ended, command, outcome`

func lastRuns(ctx context.Context, tx *sql.Tx, last int) (runs []Run, err error) {
	err = eachRow(ctx, tx, func(rows *sql.Rows) error {
		run, err := scanRun(rows)
		runs = append(runs, run)
		return err
	}, `SELECT `+runColumns+` FROM runs ORDER BY id DESC LIMIT ?`, last)
	return runs, err
}

func scanRun(rows *sql.Rows) (run Run, err error) {
	var started int64
	var ended sql.NullInt64
	var outcome sql.NullString
	err = rows.Scan(&run.ID, &started, &ended, &run.Command, &outcome)
	run.Started, run.Outcome = unix(started), outcome.String
	if ended.Valid {
		run.Ended = unix(ended.Int64)
	}
	return run, err
}

// WhoHolds tells which process holds the ledger at path, and since when.
func WhoHolds(path string) (pid int, since time.Time, held bool) {
	var h holder
	text, err := os.ReadFile(path + heldBy)
	if err != nil || json.Unmarshal(text, &h) != nil {
		return 0, time.Time{}, false
	}
	// A process that has ended left the file behind. One of its number may be another one; then, and only then, the lock itself is asked, since for
	// that moment nobody else would get it.
	if p, err := os.FindProcess(h.PID); err != nil || errors.Is(p.Signal(syscall.Signal(0)), os.ErrProcessDone) {
		return 0, time.Time{}, false
	}
	lock := flock.New(path + lockName)
	if free, err := lock.TryRLock(); err != nil || free {
		_ = lock.Unlock()
		return 0, time.Time{}, false
	}
	return h.PID, h.Since, true
}
