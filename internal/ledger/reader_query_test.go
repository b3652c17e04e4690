package ledger_test

import (
	"context"
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/albumwright/albumwright/internal/ledger"
)

// answer is what a question gives, as text.
func answer(t *testing.T, r *ledger.Reader, query string) (string, error) {
	t.Helper()
	var out strings.Builder
	err := r.Query(t.Context(), query, func(columns []string, row []any) error {
		for i, v := range row {
			if b, ok := v.([]byte); ok {
				v = string(b)
			}
			fmt.Fprintf(&out, "%s=%v ", columns[i], v)
		}
		return nil
	})
	return strings.TrimSpace(out.String()), err
}

func TestALedgerAnswersQuestions(t *testing.T) {
	r := read(t, story(t))
	for query, want := range map[string]string{
		`SELECT count(*) AS n FROM items`: "n=8",
		"-- what failed\nselect name from files join items on file = files.id where state = 'failed' order by 1;": "name=junk name=lost",
		`WITH a AS (SELECT title FROM albums WHERE id) SELECT max(title) AS t FROM a`:                             "t=B",
		`VALUES (1)`:                    "column1=1",
		`SELECT ';--' AS "a;b" /* ; */`: "a;b=;--",
		`SELECT null AS n, 1.5 AS f`:    "n=<nil> f=1.5",
	} {
		if got, err := answer(t, r, query); got != want || err != nil {
			t.Errorf("%s gives %q (%v), want %q", query, got, err, want)
		}
	}
}

func TestQuestionsThatChangeSomethingAreRefused(t *testing.T) {
	path := story(t)
	r := read(t, path)
	before := exported(t, path)
	for _, query := range []string{
		``, `;`, `DELETE FROM items`, `UPDATE items SET state = 'gone'`, `SELECT 1; DELETE FROM items`, `PRAGMA query_only = 0`, `ATTACH 'x' AS x`,
		`WITH x AS (SELECT 1) DELETE FROM items`, `/* SELECT */ DROP TABLE items`, `VACUUM INTO '/tmp/x'`, `SELECT data FROM SQLITE_dbpage`,
		`SELECT 1;;SELECT 2`, `SELECT 'open`, `SELECT nonsense FROM nowhere`,
	} {
		if got, err := answer(t, r, query); !ledger.IsAsked(err) {
			t.Errorf("%q gives %q, %v; want an error about the question", query, got, err)
		}
	}
	if after := exported(t, path); after != before {
		t.Errorf("the ledger was changed: %s", after)
	}
}

func TestSecretsNeverComeOut(t *testing.T) {
	r := read(t, story(t))
	for _, query := range []string{
		`SELECT * FROM contents`, `SELECT * FROM sessions`, `SELECT token FROM contents c`, `SELECT hex(token), substr(url, 2) FROM contents, sessions`,
		`SELECT * FROM temp.contents`, `SELECT group_concat(token || url) FROM contents, sessions`,
		`WITH contents AS (SELECT * FROM contents) SELECT * FROM contents`,
	} {
		got, err := answer(t, r, query)
		if strings.Contains(got, "token-secret") || strings.Contains(got, "746F6B656E2D") || strings.Contains(got, "session-secret") {
			t.Errorf("%s gives %s", query, got)
		}
		if err != nil && !ledger.IsAsked(err) {
			t.Errorf("%s: %v", query, err)
		}
	}
	if got, err := answer(t, r, `SELECT count(token) AS n, max(token) AS t FROM contents`); got != "n=2 t=(secret)" || err != nil {
		t.Errorf("tokens are told as %q (%v), want their number", got, err)
	}
	if _, err := answer(t, r, `SELECT token FROM main.contents`); err == nil {
		t.Error("main.contents can be asked past the views")
	}
}

// A column that comes to hold a secret must be named in isSecret, too.
func TestColumnsThatSoundSecretAreSecret(t *testing.T) {
	path := story(t)
	rows, err := sqlOpen(t, path).Query(`SELECT m.name, c.name FROM sqlite_schema m JOIN pragma_table_info(m.name) c WHERE m.type = 'table'`)
	must(t, err)
	defer rows.Close()
	var secrets []string
	for rows.Next() {
		var table, column string
		must(t, rows.Scan(&table, &column))
		if regexp.MustCompile(`(?i)token|url|uri|secret|address|password|key`).MatchString(column) && table != "meta" {
			secrets = append(secrets, table+"."+column)
		}
	}
	must(t, rows.Err())
	slices.Sort(secrets)
	if want := []string{"contents.token", "sessions.url"}; !slices.Equal(secrets, want) {
		t.Errorf("these columns sound secret: %v; hidden are %v", secrets, want)
	}
}

func TestALongQuestionCanBeBrokenOff(t *testing.T) {
	r := read(t, story(t))
	ctx, cancel := context.WithCancelCause(t.Context())
	stopped := errors.New("stopped by the user")
	err := r.Query(ctx, `WITH RECURSIVE n(i) AS (VALUES (1) UNION ALL SELECT i + 1 FROM n) SELECT i FROM n`, func([]string, []any) error {
		cancel(stopped)
		return nil
	})
	if !errors.Is(err, stopped) {
		t.Errorf("%v, want the cause of the end", err)
	}
}
