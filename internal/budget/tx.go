package budget

import (
	"context"
	"database/sql"
	"fmt"
	"maps"
	"time"

	sqlite3 "modernc.org/sqlite/lib"
)

// tx is one transaction. It holds the database's write lock, so that what it reads stays true until it is committed.
type tx struct {
	*sql.Tx
	ctx   context.Context
	store *store
	now   time.Time // read when the lock was held, so that a slow process does not turn the day back
	today string
}

// transact carries fn out, on the day that it is by then. A cancelled ctx changes nothing.
func (s *store) transact(ctx context.Context, clock func() time.Time, fn func(*tx) error) error {
	if ctx.Err() != nil {
		return context.Cause(ctx)
	}
	err := s.begun(ctx, clock, fn)
	if err != nil && ctx.Err() != nil {
		return context.Cause(ctx) // whatever the interrupted database calls it
	}
	return unusable(s.path, err)
}

func (s *store) begun(ctx context.Context, clock func() time.Time, fn func(*tx) error) error {
	begun, err := s.begin(ctx)
	if err != nil {
		return err
	}
	defer func() { _ = begun.Rollback() }() // does nothing once it is committed
	now := clock()
	t := &tx{Tx: begun, ctx: ctx, store: s, now: now, today: date(now)}
	if err := t.turn(); err != nil {
		return err
	}
	if err := fn(t); err != nil {
		return err
	}
	return begun.Commit()
}

// patience is how long one waits for other processes, each of which holds the lock for a millisecond.
const patience = 20 * time.Second

// begin takes the database's write lock. SQLite's own wait does not end when ctx does, so it is a short one, taken again and again.
func (s *store) begin(ctx context.Context) (*sql.Tx, error) {
	for began := time.Now(); ; {
		tx, err := s.db.BeginTx(ctx, nil)
		if codeOf(err) != sqlite3.SQLITE_BUSY || ctx.Err() != nil || time.Since(began) > patience {
			return tx, err
		}
	}
}

// turn goes to today, if the day is another one than before.
func (t *tx) turn() error {
	var last string
	if err := t.QueryRowContext(t.ctx, "SELECT last FROM clock").Scan(&last); err != nil || last == t.today {
		return err
	}
	c, err := readCalendar(t.ctx, t)
	if err != nil {
		return err
	}
	was := maps.Clone(c.days)
	c.turn(t.today)
	for date, d := range c.days {
		if was[date] == d {
			continue
		}
		if err := t.put(d); err != nil {
			return err
		}
	}
	for date := range was {
		if _, kept := c.days[date]; kept {
			continue
		}
		if _, err := t.ExecContext(t.ctx, "DELETE FROM days WHERE date = ?", date); err != nil {
			return err
		}
	}
	_, err = t.ExecContext(t.ctx, "UPDATE clock SET last = ?", c.last)
	return err
}

const columns = "date, uploads, batch_creates, album_creates, album_lists, others, carried, loads, spent, bytes, busy, void"

func (t *tx) put(d Day) error {
	_, err := t.ExecContext(t.ctx, "INSERT OR REPLACE INTO days ("+columns+") VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
		d.Date, d.Uploads, d.BatchCreates, d.AlbumCreates, d.AlbumLists, d.Others, d.Carried, d.Loads, d.Spent, d.Bytes, d.Busy, d.void)
	return err
}

// querier is a transaction, or a database of one's own.
type querier interface {
	QueryContext(ctx context.Context, query string, args ...any) (*sql.Rows, error)
}

// readDays reads the days that a condition chooses.
func readDays(ctx context.Context, q querier, where string, args ...any) (days []Day, err error) {
	rows, err := q.QueryContext(ctx, "SELECT "+columns+" FROM days "+where, args...)
	if err != nil {
		return nil, err
	}
	defer func() { _ = rows.Close() }()
	for rows.Next() {
		var d Day
		if err := rows.Scan(&d.Date, &d.Uploads, &d.BatchCreates, &d.AlbumCreates, &d.AlbumLists, &d.Others, &d.Carried, &d.Loads, &d.Spent, &d.Bytes,
			&d.Busy, &d.void); err != nil {
			return nil, err
		}
		days = append(days, d)
	}
	return days, rows.Err()
}

func readCalendar(ctx context.Context, q querier) (*calendar, error) {
	days, err := readDays(ctx, q, "")
	if err != nil {
		return nil, err
	}
	c := &calendar{days: map[string]Day{}}
	for _, d := range days {
		c.days[d.Date] = d
	}
	rows, err := q.QueryContext(ctx, "SELECT last FROM clock")
	if err != nil {
		return nil, err
	}
	defer func() { _ = rows.Close() }()
	if !rows.Next() {
		return nil, fmt.Errorf("%w: no row in the table clock", errDamaged)
	}
	if err := rows.Scan(&c.last); err != nil {
		return nil, err
	}
	return c, rows.Err()
}

// day is today's row.
func (t *tx) day() (Day, error) {
	days, err := readDays(t.ctx, t, "WHERE date = ?", t.today)
	if err != nil {
		return Day{}, err
	}
	if len(days) != 1 {
		return Day{}, fmt.Errorf("%w: %d rows for %s", errDamaged, len(days), t.today)
	}
	return days[0], nil
}

// held is what all jobs hold, and what one of them does.
func (t *tx) held(id string) (all, own int, err error) {
	err = t.QueryRowContext(t.ctx, "SELECT coalesce(sum(held), 0), coalesce(sum(held) FILTER (WHERE id = ?), 0) FROM jobs", id).Scan(&all, &own)
	return all, own, err
}
