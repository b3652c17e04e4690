package ledger

import (
	"cmp"
	"context"
	"database/sql"
	"slices"
	"time"
)

// Status is what a ledger knows, in numbers. A file that is wanted in two albums counts twice.
type Status struct {
	States    map[State]int
	Albums    []AlbumStatus // those in which something waits or failed, by title
	Failures  []Failure     // the most frequent ones first, at most [MostFailures]
	Remaining Remaining
	Sessions  Sessions
	Tokens    Tokens
	LastRun   Run // its ID is 0 if there was none
}

// MostFailures bounds the reasons that a Status tells apart.
const MostFailures = 100

// AlbumStatus is how far the items of one album are.
type AlbumStatus struct {
	Title  string // "" is the library only
	Known  bool   // the service's id of it is known, or it is the library
	States map[State]int
}

// Waiting counts the items that have not reached their end.
func (a AlbumStatus) Waiting() int { return waiting(a.States) }

// Waiting counts the items that have not reached their end.
func (s Status) Waiting() int { return waiting(s.States) }

func waiting(states map[State]int) int {
	return states[Described] + states[Sending] + states[Sent] + states[Creating]
}

// Failure is a reason for which items failed.
type Failure struct {
	Reason    string
	Permanent bool // it would come again
	Items     int
	Examples  []string // paths, one or two
}

// Remaining is what has to be sent for the items that wait. Files with the same content are not told apart before they were read.
type Remaining struct {
	Uploads int
	Large   int // of them: files of at least the size asked about
	Bytes   int64
}

// Sessions are the resumable uploads that have begun.
type Sessions struct {
	Open int
	Sent int64 // bytes, as far as is known here
	Size int64 // bytes of these files
}

// Tokens are upload tokens whose media item has not been created yet.
type Tokens struct {
	Won    int
	Oldest time.Time // when the oldest was issued; zero if there is none
}

// Status counts what waits, what failed and why, and what is left to do. Upload tokens that were issued before live are of no use any more; files of
// at least large bytes are counted apart.
func (r *Reader) Status(ctx context.Context, live time.Time, large int64) (s Status, err error) {
	err = r.snapshot(ctx, func(tx *sql.Tx) error {
		if err := s.count(ctx, tx); err != nil {
			return err
		}
		if s.Waiting() > 0 {
			if err := s.remain(ctx, tx, live, large); err != nil {
				return err
			}
		}
		if err := s.fail(ctx, tx); err != nil {
			return err
		}
		if err := tx.QueryRowContext(ctx, `SELECT count(*), coalesce(sum(s.hashed), 0), coalesce(sum(f.size), 0) FROM sessions s JOIN files f ON f.id = s.file`).
			Scan(&s.Sessions.Open, &s.Sessions.Sent, &s.Sessions.Size); err != nil {
			return err
		}
		runs, err := lastRuns(ctx, tx, 1)
		if len(runs) > 0 {
			s.LastRun = runs[0]
		}
		return err
	})
	return s, err
}

// count takes all counts from the index items_state alone.
func (s *Status) count(ctx context.Context, tx *sql.Tx) error {
	s.States = map[State]int{}
	albums := map[AlbumID]*AlbumStatus{}
	err := eachRow(ctx, tx, func(rows *sql.Rows) error {
		var state State
		var album AlbumID
		var n int
		if err := rows.Scan(&state, &album, &n); err != nil {
			return err
		}
		if albums[album] == nil {
			albums[album] = &AlbumStatus{States: map[State]int{}}
		}
		albums[album].States[state] = n
		s.States[state] += n
		return nil
	}, `SELECT state, album, count(*) FROM items GROUP BY state, album`)
	if err != nil {
		return err
	}
	for id, a := range albums {
		if a.Waiting() == 0 && a.States[Failed] == 0 {
			continue
		}
		if err := tx.QueryRowContext(ctx, `SELECT title, remote IS NOT NULL OR id = 0 FROM albums WHERE id = ?`, id).Scan(&a.Title, &a.Known); err != nil {
			return err
		}
		s.Albums = append(s.Albums, *a)
	}
	slices.SortFunc(s.Albums, func(a, b AlbumStatus) int { return cmp.Compare(a.Title, b.Title) })
	return nil
}

// unsent is the condition under which the service does not have the bytes of a content c, or will soon have forgotten its token.
const unsent = `(c.token IS NULL OR c.issued < ?1)`

// remain looks at all that waits. NOT INDEXED: items and their files lie in the same order, and to read them as they lie is eight times as fast as to
// jump between them by an index, if much is waiting.
func (s *Status) remain(ctx context.Context, tx *sql.Tx, live time.Time, large int64) error {
	var oldest sql.NullInt64
	err := tx.QueryRowContext(ctx, `
		SELECT
			count(*) FILTER (WHERE `+unsent+`), count(*) FILTER (WHERE `+unsent+` AND f.size >= ?2), coalesce(sum(f.size) FILTER (WHERE `+unsent+`), 0),
			count(DISTINCT c.id) FILTER (WHERE c.token IS NOT NULL AND i.state IN ('sent', 'creating')),
			min(c.issued) FILTER (WHERE c.token IS NOT NULL AND i.state IN ('sent', 'creating'))
		FROM items i NOT INDEXED CROSS JOIN files f ON f.id = i.file LEFT JOIN contents c ON c.id = f.content
		WHERE `+unfinished, live.UnixNano(), large).Scan(&s.Remaining.Uploads, &s.Remaining.Large, &s.Remaining.Bytes, &s.Tokens.Won, &oldest)
	if oldest.Valid {
		s.Tokens.Oldest = unix(oldest.Int64)
	}
	return err
}

func (s *Status) fail(ctx context.Context, tx *sql.Tx) error {
	var ends [][2]ItemID // an early and a late item of each
	err := eachRow(ctx, tx, func(rows *sql.Rows) error {
		var f Failure
		var e [2]ItemID
		if err := rows.Scan(&f.Reason, &f.Permanent, &f.Items, &e[0], &e[1]); err != nil {
			return err
		}
		s.Failures, ends = append(s.Failures, f), append(ends, e)
		return nil
	}, `SELECT reason, permanent, count(*), min(id), max(id) FROM items WHERE state = 'failed' GROUP BY 1, 2 ORDER BY 3 DESC, 1, 2 LIMIT ?`, MostFailures)
	for i, e := range ends {
		for _, id := range slices.Compact(e[:]) {
			path, read := pathOfItem(ctx, tx, id)
			if err = cmp.Or(err, read); err == nil {
				s.Failures[i].Examples = append(s.Failures[i].Examples, path)
			}
		}
	}
	return err
}
