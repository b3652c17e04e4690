package ledger

import (
	"context"
	"crypto/rand"
	"database/sql"
	"fmt"
	"strings"
)

// tables are those that a question can be about.
var tables = [...]string{"runs", "dirs", "contents", "files", "albums", "remote_albums", "placements", "batches", "items", "sessions", "events", "headings", "meta"}

// veil attaches the ledger to an empty database, under a name that nobody can guess, and lays a view over each of its tables.
func (r *Reader) veil(ctx context.Context, db *sql.DB) error {
	hidden := "ledger_" + rand.Text()
	if _, err := db.ExecContext(ctx, `ATTACH ? AS `+hidden, dsn(r.path, r.mode)); err != nil {
		return err
	}
	for _, table := range tables {
		columns, err := columnsOf(ctx, db, hidden, table)
		if err != nil {
			return err
		}
		view := fmt.Sprintf(`CREATE TEMP VIEW %s AS SELECT %s FROM %s.%s`, table, strings.Join(columns, ", "), hidden, table)
		if _, err := db.ExecContext(ctx, view); err != nil {
			return err
		}
	}
	_, err := db.ExecContext(ctx, `PRAGMA query_only = 1`)
	return err
}

// columnsOf lists what a view shows of a table.
func columnsOf(ctx context.Context, db *sql.DB, schema, table string) (columns []string, err error) {
	rows, err := db.QueryContext(ctx, `SELECT name FROM pragma_table_info(?, ?) ORDER BY cid`, table, schema)
	if err != nil {
		return nil, err
	}
	defer func() { _ = rows.Close() }()
	for rows.Next() {
		var name string
		if err := rows.Scan(&name); err != nil {
			return nil, err
		}
		if isSecret(table, name) {
			name = fmt.Sprintf(`CASE WHEN %[1]s IS NOT NULL THEN '%[2]s' END AS %[1]s`, name, secret)
		}
		columns = append(columns, name)
	}
	return columns, rows.Err()
}

func ask(ctx context.Context, db *sql.DB, query string, visit func(columns []string, row []any) error) error {
	rows, err := db.QueryContext(ctx, query)
	if err != nil {
		return err
	}
	defer func() { _ = rows.Close() }()
	columns, err := rows.Columns()
	if err != nil {
		return err
	}
	row := make([]any, len(columns))
	into := make([]any, len(columns))
	for i := range row {
		into[i] = &row[i]
	}
	for rows.Next() {
		if err := rows.Scan(into...); err != nil {
			return err
		}
		if err := visit(columns, row); err != nil {
			return err
		}
	}
	return rows.Err()
}
