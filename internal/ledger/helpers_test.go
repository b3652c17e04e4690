package ledger_test

import (
	"database/sql"
	"net/url"
	"os"
	"strconv"
	"testing"
)

func sqlOpen(t testing.TB, path string) *sql.DB {
	t.Helper()
	db, err := sql.Open("sqlite", (&url.URL{Scheme: "file", Opaque: url.PathEscape(path)}).String())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = db.Close() })
	return db
}

func truncate(t *testing.T, path string, size int64) {
	t.Helper()
	if err := os.Truncate(path, size); err != nil {
		t.Fatal(err)
	}
}

func write(t *testing.T, path, text string) {
	t.Helper()
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
}

func mkdir(t *testing.T, path string) {
	t.Helper()
	if err := os.Mkdir(path, 0o700); err != nil {
		t.Fatal(err)
	}
}

func number(t *testing.T, s string) int {
	t.Helper()
	n, err := strconv.Atoi(s)
	if err != nil {
		t.Fatal(err)
	}
	return n
}

// raw changes a ledger behind its back.
func raw(t testing.TB, path string, statements ...any) {
	t.Helper()
	db := sqlOpen(t, path)
	db.SetMaxOpenConns(1)
	if _, err := db.Exec(`PRAGMA synchronous = OFF`); err != nil {
		t.Fatal(err)
	}
	for len(statements) > 0 {
		n := 1
		for n < len(statements) {
			if _, isText := statements[n].(string); isText {
				break
			}
			n++
		}
		if _, err := db.Exec(statements[0].(string), statements[1:n]...); err != nil {
			t.Fatalf("%s: %v", statements[0], err)
		}
		statements = statements[n:]
	}
	if err := db.Close(); err != nil {
		t.Fatal(err)
	}
}
