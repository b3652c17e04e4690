package ledger

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
)

// Finding is something that is wrong with a ledger.
type Finding struct {
	What  string
	Count int // of the rows that it is true of; 0 where nobody can count
}

// String is the finding in a line.
func (f Finding) String() string {
	if f.Count == 0 {
		return f.What
	}
	return fmt.Sprintf("%s (%d)", f.What, f.Count)
}

// Check looks for damage of the file, then for references that lead nowhere, then for what the ledger's own rules say cannot be. It reads all of it,
// and ends at the first of these three kinds that finds anything: what comes after would be noise. Damage is a finding, not an error.
func (r *Reader) Check(ctx context.Context) (found []Finding, err error) {
	for _, look := range []func(context.Context, *sql.Tx) ([]Finding, error){checkPages, checkReferences, checkRules} {
		err = r.snapshot(ctx, func(tx *sql.Tx) (err error) {
			found, err = look(ctx, tx)
			return err
		})
		if errors.Is(err, ErrDamaged) {
			return append(found, Finding{What: err.Error()}), nil
		}
		if len(found) > 0 || err != nil {
			return found, err
		}
	}
	return nil, nil
}

// checkPages asks SQLite whether the file holds together, and each index fits its table.
func checkPages(ctx context.Context, tx *sql.Tx) (found []Finding, err error) {
	err = eachRow(ctx, tx, func(rows *sql.Rows) error {
		var says string
		if err := rows.Scan(&says); err != nil {
			return err
		}
		if says != "ok" {
			found = append(found, Finding{What: says})
		}
		return nil
	}, `PRAGMA integrity_check(20)`)
	return found, err
}

func checkReferences(ctx context.Context, tx *sql.Tx) (found []Finding, err error) {
	err = eachRow(ctx, tx, func(rows *sql.Rows) error {
		var table, to string
		var n int
		err := rows.Scan(&table, &to, &n)
		found = append(found, Finding{fmt.Sprintf("rows of %s that refer to rows of %s that are not there", table, to), n})
		return err
	}, `SELECT "table", "parent", count(*) FROM pragma_foreign_key_check GROUP BY 1, 2`)
	return found, err
}

// rules are what is true of every ledger, in words, and the query that counts where it is not.
var rules = [...]struct{ broken, count string }{
	{"items in a state that there is none of", `
		SELECT count(*) FROM items WHERE state NOT IN ('described', 'sending', 'sent', 'creating', 'created', 'confirmed', 'already', 'duplicate', 'skipped',
			'failed', 'gone')`},
	{"items that are being created in no batch", `SELECT count(*) FROM items WHERE state = 'creating' AND batch IS NULL`},
	{"items that are being created in a batch that was answered", `
		SELECT count(*) FROM items i JOIN batches b ON b.id = i.batch WHERE i.state = 'creating' AND b.answered IS NOT NULL`},
	{"items that were created, of contents that have no media item", `
		SELECT count(*) FROM items i JOIN files f ON f.id = i.file JOIN contents c ON c.id = f.content
		WHERE i.state IN ('created', 'confirmed') AND c.media_item IS NULL`},
	{"items that were created, of contents that their album does not hold", `
		SELECT count(*) FROM items i JOIN files f ON f.id = i.file
		WHERE i.state IN ('created', 'confirmed') AND i.album <> 0 AND f.content IS NOT NULL
			AND NOT EXISTS (
				SELECT 1 FROM placements p JOIN albums h ON h.id = p.album JOIN albums a ON a.id = i.album
				WHERE p.content = f.content AND coalesce(h.continues, h.id) = coalesce(a.continues, a.id))`},
	{"albums that continue one that continues another", `SELECT count(*) FROM albums a JOIN albums b ON b.id = a.continues WHERE b.continues IS NOT NULL`},
	{"headings that are there and have no id, or have one and are not", `SELECT count(*) FROM headings WHERE (state = 'there') <> (enrichment IS NOT NULL)`},
	{"places in albums without a media item", `SELECT count(*) FROM placements WHERE media_item = ''`},
	{"contents that were matched with no media item", `SELECT count(*) FROM contents WHERE matched AND media_item IS NULL`},
	{"descriptions given to contents that have no media item", `SELECT count(*) FROM contents WHERE given IS NOT NULL AND media_item IS NULL`},
	{"contents whose SHA-256 is none", `SELECT count(*) FROM contents WHERE length(sha256) <> 32`},
	{"upload tokens of which nobody knows when they were issued", `SELECT count(*) FROM contents WHERE (token IS NULL) <> (issued IS NULL)`},
	{"resumable uploads of more bytes than their file has", `SELECT count(*) FROM sessions s JOIN files f ON f.id = s.file WHERE s.hashed NOT BETWEEN 0 AND f.size`},
	{"albums under number 0 that are not the library", `SELECT count(*) FROM albums WHERE (id = 0) <> (title = '')`},
	{"runs whose report does not add up", `
		SELECT count(*) FROM runs WHERE outcome IS NOT NULL AND CASE WHEN json_valid(outcome)
			THEN (SELECT sum(value) FROM json_each(outcome, '$.ends')) IS NOT json_extract(outcome, '$.found') ELSE TRUE END`},
}

func checkRules(ctx context.Context, tx *sql.Tx) (found []Finding, err error) {
	for _, rule := range rules {
		var n int
		if err := tx.QueryRowContext(ctx, rule.count).Scan(&n); err != nil {
			return found, err
		}
		if n > 0 {
			found = append(found, Finding{rule.broken, n})
		}
	}
	return found, nil
}

// QuickCheck asks SQLite whether the file holds together, without a look at what is in it. It takes a second for some hundred MB; [Reader.Check] is
// thorough. Damage is an [ErrDamaged].
func (r *Reader) QuickCheck(ctx context.Context) error {
	return r.snapshot(ctx, func(tx *sql.Tx) error {
		var says string
		if err := tx.QueryRowContext(ctx, `PRAGMA quick_check(1)`).Scan(&says); err != nil {
			return err
		}
		if says != "ok" {
			return fmt.Errorf("%w: %s: %s", ErrDamaged, r.path, says)
		}
		return nil
	})
}
