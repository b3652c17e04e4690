package ledger

import (
	"context"
	"database/sql"
)

const sessionColumns = `s.url, s.granularity, s.started, s.hashed, s.prefix`

// sessionRow is a session as the driver gives it; all columns are NULL where an outer join found none.
type sessionRow struct {
	url                          sql.NullString
	granularity, started, hashed sql.NullInt64
	prefix                       []byte
}

func (r *sessionRow) into() []any {
	return []any{&r.url, &r.granularity, &r.started, &r.hashed, &r.prefix}
}

// orNil is the session, if there is one.
func (r *sessionRow) orNil() *Session {
	if !r.url.Valid {
		return nil
	}
	s := &Session{URL: r.url.String, Granularity: r.granularity.Int64, Started: unix(r.started.Int64), Hashed: r.hashed.Int64}
	copy(s.SHA256[:], r.prefix)
	return s
}

// KeepSession records how far the resumable upload of an item's file got, in place of what was recorded before.
func (l *SQLite) KeepSession(ctx context.Context, item ItemID, s Session) error {
	return l.writer.do(ctx, func(t *tx) error {
		if err := t.advance(item, Sending, "", false); err != nil {
			return err
		}
		_, err := t.exec(`
			INSERT OR REPLACE INTO sessions (file, url, granularity, started, hashed, prefix)
			SELECT file, ?, ?, ?, ?, ? FROM items WHERE id = ?`, s.URL, s.Granularity, s.Started.UnixNano(), s.Hashed, s.SHA256[:], item)
		return err
	})
}

// endSession forgets the resumable upload of an item's file.
func (t *tx) endSession(item ItemID) error {
	_, err := t.exec(`DELETE FROM sessions WHERE file = (SELECT file FROM items WHERE id = ?)`, item)
	return err
}
