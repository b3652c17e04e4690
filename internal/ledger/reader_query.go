package ledger

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"slices"
	"strings"

	sqlite3 "modernc.org/sqlite/lib"
)

// ErrQuery says that a question is none that can be asked.
var ErrQuery = errors.New("only one statement that reads can be asked: SELECT, WITH, VALUES or EXPLAIN")

// secret is what stands in place of upload tokens and session addresses, with which anybody can put things into the account.
const secret = "(secret)"

// isSecret tells whether a column is never shown.
func isSecret(table, column string) bool {
	return slices.Contains([]string{"contents.token", "sessions.url"}, table+"."+column)
}

// Query asks the ledger in SQL and hands each row on, with the names of the columns. Values are nil, int64, float64, string or []byte, and valid until
// visit returns. Only one reading statement is allowed ([ErrQuery]), and secrets come out as "(secret)", whatever is asked. The end of ctx is seen while
// the first row is looked for, and at each later one.
func (r *Reader) Query(ctx context.Context, query string, visit func(columns []string, row []any) error) error {
	if !readsOnly(query) {
		return ErrQuery
	}
	// The question meets views, which lie before tables of the same name and hide the secrets. The tables themselves are in a database whose name
	// nobody knows.
	db, err := sql.Open("sqlite", "file::memory:?_pragma=busy_timeout(10000)")
	if err != nil {
		return err
	}
	defer func() { _ = db.Close() }()
	db.SetMaxOpenConns(1)
	if err := r.veil(ctx, db); err != nil {
		return r.explain(ctx, err)
	}
	err = ask(ctx, db, query, visit)
	if isCode(err, sqlite3.SQLITE_ERROR) {
		return fmt.Errorf("%w: %w", errAsked, err)
	}
	return r.explain(ctx, err)
}

// errAsked says that SQLite does not understand a question.
var errAsked = errors.New("this cannot be answered")

// IsAsked tells whether an error of Query is about what was asked.
func IsAsked(err error) bool { return errors.Is(err, ErrQuery) || errors.Is(err, errAsked) }

// readsOnly looks at how a statement begins, and that there is only one.
func readsOnly(query string) bool {
	code := strings.ToLower(strings.TrimRight(withoutQuotes(query), "; \t\r\n"))
	words := strings.Fields(strings.ReplaceAll(code, "(", " "))
	return len(words) > 0 && slices.Contains([]string{"select", "with", "values", "explain"}, words[0]) && !strings.Contains(code, ";") &&
		!strings.Contains(strings.ToLower(query), "sqlite_dbpage") // shows the pages of the file as they are
}

// withoutQuotes leaves of a statement what is neither a comment nor between quotes.
func withoutQuotes(query string) string {
	var code strings.Builder
	for query != "" {
		end, open := "", query[:1]
		switch {
		case strings.HasPrefix(query, "--"):
			open, end = "--", "\n"
		case strings.HasPrefix(query, "/*"):
			open, end = "/*", "*/"
		case open == "'", open == `"`, open == "`":
			end = open
		case open == "[":
			end = "]"
		}
		query = query[len(open):]
		if end == "" {
			code.WriteString(open)
			continue
		}
		code.WriteByte(' ')
		_, query, _ = strings.Cut(query, end)
	}
	return code.String()
}
