package ledger

import (
	"context"
	"database/sql"
	"fmt"
	"slices"
)

// headingLine is a heading in an export.
type headingLine struct {
	Type       string       `json:"message_type"` // "heading"
	Album      string       `json:"album"`
	Kind       string       `json:"kind"`
	Sort       hexText      `json:"sort"`
	Text       string       `json:"text"`
	State      HeadingState `json:"state"`
	Enrichment *string      `json:"enrichment,omitempty"`
	Run        RunID        `json:"run"`
}

// headings writes the headings of albums, those in front of one item as they were added. One that was being sent counts as one of which nobody knows.
func (e *exporter) headings(ctx context.Context, tx *sql.Tx) error {
	return eachRow(ctx, tx, func(rows *sql.Rows) error {
		l := headingLine{Type: "heading"}
		if err := rows.Scan(&l.Album, &l.Kind, (*[]byte)(&l.Sort), &l.Text, &l.State, &l.Enrichment, &l.Run); err != nil {
			return err
		}
		return e.line(l)
	}, `
		SELECT a.title, h.kind, h.sort, h.text, CASE h.state WHEN 'intended' THEN 'unknown' ELSE h.state END, h.enrichment, h.run
		FROM headings h JOIN albums a ON a.id = h.album ORDER BY a.title, h.sort, h.id`)
}

func (t *tx) takeHeading(l headingLine) error {
	if !slices.Contains([]HeadingState{HeadingWanted, HeadingThere, HeadingUnknown, HeadingRefused, HeadingRemoved}, l.State) {
		return fmt.Errorf("%w: there is no state %q of headings", ErrForm, l.State)
	}
	album, err := t.albumOf(l.Album)
	if err != nil {
		return err
	}
	_, err = t.exec(`INSERT INTO headings (album, kind, sort, text, state, enrichment, run) VALUES (?, ?, ?, ?, ?, ?, ?)`,
		album, l.Kind, []byte(l.Sort), l.Text, string(l.State), l.Enrichment, l.Run)
	return err
}
