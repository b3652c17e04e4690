package ledger

import (
	"context"
	"database/sql"
	"fmt"
)

// eventLine is which event a file is counted to. It stands in an export behind all files.
type eventLine struct {
	Type     string  `json:"message_type"` // "event"
	Scope    string  `json:"scope"`
	Dir      rawText `json:"dir"`
	Name     rawText `json:"name"`
	Captured wall    `json:"captured"`
	Offset   *int64  `json:"zone_offset,omitempty"` // seconds east of UTC
	Began    wall    `json:"began"`
	Run      RunID   `json:"run"`
}

// events writes the events that files have. Those that still wait for one ask again.
func (e *exporter) events(ctx context.Context, tx *sql.Tx) error {
	return eachRow(ctx, tx, func(rows *sql.Rows) error {
		l := eventLine{Type: "event"}
		if err := rows.Scan(&l.Scope, (*[]byte)(&l.Dir), (*[]byte)(&l.Name), &l.Captured, &l.Offset, &l.Began, &l.Run); err != nil {
			return err
		}
		return e.line(l)
	}, `
		SELECT e.scope, d.path, f.name, e.captured, e.zone_offset, e.began, e.run
		FROM events e JOIN files f ON f.id = e.file JOIN dirs d ON d.id = f.dir
		WHERE e.began IS NOT NULL ORDER BY e.scope, d.path, f.name`)
}

func (t *tx) takeEvent(l eventLine) error {
	n, err := t.exec(`
		INSERT INTO events (scope, file, captured, zone_offset, root, began, run)
		SELECT ?, f.id, ?, ?, x'', ?, ? FROM dirs d JOIN files f ON f.dir = d.id WHERE d.path = ? AND f.name = ?`,
		l.Scope, int64(l.Captured), l.Offset, int64(l.Began), l.Run, []byte(l.Dir), []byte(l.Name))
	if err == nil && n != 1 {
		err = fmt.Errorf("%w: it names the file %q, which no line before it is about", ErrForm, l.Name)
	}
	return err
}
