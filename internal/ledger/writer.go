package ledger

import (
	"context"
	"database/sql"
	"errors"
)

// maxGroup bounds the changes that share one commit, so that no transaction grows without end.
const maxGroup = 512

// writer is the one goroutine that changes the database. It takes everything that waits into one transaction, so that many lanes share the
// price of one fsync.
type writer struct {
	conn  *sql.Conn // owned by the goroutine
	queue chan change
	done  chan error
	stmts map[string]*sql.Stmt // owned by the goroutine
}

// change is one caller's work inside the shared transaction.
type change struct {
	apply func(*tx) error
	ack   chan error
}

// tx is the shared transaction. It lives on the writer's one connection, whose prepared statements it uses.
type tx struct{ w *writer }

func startWriter(ctx context.Context, db *sql.DB) (*writer, error) {
	conn, err := db.Conn(ctx)
	if err != nil {
		return nil, wrap(err)
	}
	w := &writer{conn: conn, queue: make(chan change), done: make(chan error, 1), stmts: map[string]*sql.Stmt{}}
	go w.run()
	return w, nil
}

// do hands a change over and waits until it is durable. A cancelled ctx changes nothing; once handed over, the change is carried through.
func (w *writer) do(ctx context.Context, apply func(*tx) error) error {
	if ctx.Err() != nil {
		return context.Cause(ctx)
	}
	c := change{apply: apply, ack: make(chan error, 1)}
	select {
	case w.queue <- c:
		return <-c.ack
	case <-ctx.Done():
		return context.Cause(ctx)
	}
}

func (w *writer) close() error {
	close(w.queue)
	return <-w.done
}

func (w *writer) run() {
	for first := range w.queue {
		group := append(make([]change, 0, 8), first)
		for waiting := true; waiting && len(group) < maxGroup; {
			select {
			case c, ok := <-w.queue:
				if waiting = ok; ok {
					group = append(group, c)
				}
			default:
				waiting = false
			}
		}
		w.commit(group)
	}
	var err error
	for _, s := range w.stmts {
		err = errors.Join(err, s.Close())
	}
	w.done <- errors.Join(err, w.conn.Close())
}

// commit carries a group out together. If one change fails none of them is kept, and each is tried alone, so that a fault hits only its own caller.
func (w *writer) commit(group []change) {
	err := w.transact(group)
	if err == nil || len(group) == 1 {
		for _, c := range group {
			c.ack <- err
		}
		return
	}
	for _, c := range group {
		c.ack <- w.transact([]change{c})
	}
}

func (w *writer) transact(group []change) error {
	ctx := context.Background() // what is handed over is carried through
	if _, err := w.conn.ExecContext(ctx, "BEGIN IMMEDIATE"); err != nil {
		return wrap(err)
	}
	for _, c := range group {
		if err := c.apply(&tx{w}); err != nil {
			_, undone := w.conn.ExecContext(ctx, "ROLLBACK")
			return errors.Join(err, undone)
		}
	}
	if _, err := w.conn.ExecContext(ctx, "COMMIT"); err != nil {
		_, _ = w.conn.ExecContext(ctx, "ROLLBACK") // a failed COMMIT may or may not have left the transaction open
		return wrap(err)
	}
	return nil
}

// stmt prepares a statement once for the life of the writer.
func (t *tx) stmt(query string) (*sql.Stmt, error) {
	if s, ok := t.w.stmts[query]; ok {
		return s, nil
	}
	s, err := t.w.conn.PrepareContext(context.Background(), query)
	if err != nil {
		return nil, wrap(err)
	}
	t.w.stmts[query] = s
	return s, nil
}

// exec changes rows and tells how many.
func (t *tx) exec(query string, args ...any) (int64, error) {
	s, err := t.stmt(query)
	if err != nil {
		return 0, err
	}
	res, err := s.Exec(args...)
	if err != nil {
		return 0, wrap(err)
	}
	return res.RowsAffected()
}

// id runs a statement that returns one identifier.
func (t *tx) id(query string, args ...any) (int64, error) {
	s, err := t.stmt(query)
	if err != nil {
		return 0, err
	}
	var id int64
	if err := s.QueryRow(args...).Scan(&id); err != nil {
		return 0, wrap(err)
	}
	return id, nil
}
