package ledger

import (
	"context"
	"database/sql"
	"errors"
	"sync"
)

// statements is a database that prepares each statement once: for small ones, preparing takes longer than all the rest.
type statements struct {
	db *sql.DB

	mu       sync.Mutex
	prepared map[string]*sql.Stmt // guarded by mu
}

func openStatements(dsn string) (*statements, error) {
	db, err := sql.Open("sqlite", dsn)
	return &statements{db: db, prepared: map[string]*sql.Stmt{}}, err
}

func (s *statements) of(ctx context.Context, query string) (*sql.Stmt, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if stmt, ok := s.prepared[query]; ok {
		return stmt, nil
	}
	stmt, err := s.db.PrepareContext(ctx, query)
	if err == nil {
		s.prepared[query] = stmt
	}
	return stmt, err
}

// QueryContext does what a database does.
func (s *statements) QueryContext(ctx context.Context, query string, args ...any) (*sql.Rows, error) {
	stmt, err := s.of(ctx, query)
	if err != nil {
		return nil, err
	}
	return stmt.QueryContext(ctx, args...)
}

// QueryRowContext does what a database does.
func (s *statements) QueryRowContext(ctx context.Context, query string, args ...any) row {
	stmt, err := s.of(ctx, query)
	if err != nil {
		return row{err: err}
	}
	return row{Row: stmt.QueryRowContext(ctx, args...)}
}

// row is one row, or why there can be none.
type row struct {
	*sql.Row
	err error
}

func (r row) Scan(into ...any) error {
	if r.err != nil {
		return r.err
	}
	return r.Row.Scan(into...)
}

// Close closes the statements and the database.
func (s *statements) Close() error {
	var err error
	for _, stmt := range s.prepared {
		err = errors.Join(err, stmt.Close())
	}
	return errors.Join(err, s.db.Close())
}
