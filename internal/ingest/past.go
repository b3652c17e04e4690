package ingest

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"slices"
	"time"
)

// Past is a visit of a card as the history remembers it.
type Past struct {
	Visit  int64   `json:"visit"`
	Card   string  `json:"card"` // all that it is known by
	Seen           // its beginning, and how it ended
	Report *Report `json:"report,omitempty"` // nil: it did not come to its end, or is under way
}

const pastVisits = `SELECT visits.id, cards.name, started, ended, found, safe, report FROM visits JOIN cards ON cards.id = visits.card `

// Visits are the last visits of all cards, the newest last.
func (h *History) Visits(ctx context.Context, last int) (visits []Past, err error) {
	rows, err := h.db.QueryContext(ctx, pastVisits+`ORDER BY visits.id DESC LIMIT ?`, last)
	if err != nil {
		return nil, h.wrong(err)
	}
	defer func() { _ = rows.Close() }()
	for rows.Next() {
		p, err := scanPast(rows.Scan)
		if err != nil {
			return nil, h.wrong(err)
		}
		visits = append(visits, p)
	}
	slices.Reverse(visits)
	return visits, h.wrong(rows.Err())
}

// Visit is one visit; not ok if there was none of that number.
func (h *History) Visit(ctx context.Context, id int64) (p Past, ok bool, err error) {
	p, err = scanPast(h.db.QueryRowContext(ctx, pastVisits+`WHERE visits.id = ?`, id).Scan)
	if errors.Is(err, sql.ErrNoRows) {
		return Past{}, false, nil
	}
	return p, err == nil, h.wrong(err)
}

func scanPast(scan func(...any) error) (p Past, err error) {
	var started int64
	var ended sql.NullInt64
	var body sql.NullString
	if err := scan(&p.Visit, &p.Card, &started, &ended, &p.Found, &p.Safe, &body); err != nil {
		return p, err
	}
	p.Started, p.Ended = time.Unix(0, started), ended.Valid
	if body.Valid {
		p.Report = &Report{}
		err = json.Unmarshal([]byte(body.String), p.Report)
	}
	return p, err
}
