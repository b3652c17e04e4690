package ledger

import (
	"context"
	"database/sql"
	"strings"
	"time"
)

// The facts of a file stand in columns of the table files; here is their one list, from which all statements are made.
var factList = [...]string{
	"captured", "zone_offset", "capture_source", "make", "model", "serial", "orientation", "latitude", "longitude", "width", "height",
	"media_type", "description", "content_id", "duration", "shifted",
}

var (
	factNames   = strings.Join(factList[:], ", ")
	factColumns = "f." + strings.Join(factList[:], ", f.")
	factMarks   = "?" + strings.Repeat(", ?", len(factList)-1)
	factUpdates = updates(factList[:])
)

func updates(names []string) string {
	set := make([]string, len(names))
	for i, n := range names {
		set[i] = n + " = excluded." + n
	}
	return strings.Join(set, ", ")
}

func factArgs(f Facts) []any {
	return []any{
		wallNano(f.Captured), nullable(f.Offset), f.CaptureSource, f.Make, f.Model, f.Serial, f.Orientation, nullable(f.Latitude),
		nullable(f.Longitude), f.Width, f.Height, f.MediaType, f.Description, f.ContentID, int64(f.Duration), int64(f.Shifted),
	}
}

// wallNano keeps the zero time as zero: as nanoseconds it would overflow.
func wallNano(t time.Time) int64 {
	if t.IsZero() {
		return 0
	}
	return t.UnixNano()
}

func nullable[T any](p *T) any {
	if p == nil {
		return nil
	}
	return *p
}

// factRow is the columns of one file as the driver gives them.
type factRow struct {
	captured            int64
	offset              sql.NullInt64
	source              string
	make, model, serial string
	orientation         int
	latitude, longitude sql.NullFloat64
	width, height       int
	mediaType           string
	description         string
	contentID           string
	duration            int64
	shifted             int64
}

func (r *factRow) into() []any {
	return []any{
		&r.captured, &r.offset, &r.source, &r.make, &r.model, &r.serial, &r.orientation, &r.latitude, &r.longitude, &r.width, &r.height,
		&r.mediaType, &r.description, &r.contentID, &r.duration, &r.shifted,
	}
}

func (r *factRow) facts() Facts {
	f := Facts{
		CaptureSource: r.source, Make: r.make, Model: r.model, Serial: r.serial, Orientation: r.orientation,
		Width: r.width, Height: r.height, MediaType: r.mediaType, Description: r.description,
		ContentID: r.contentID, Duration: time.Duration(r.duration), Shifted: time.Duration(r.shifted),
	}
	if r.captured != 0 {
		f.Captured = time.Unix(0, r.captured).UTC()
	}
	f.Offset = r.zone()
	f.Latitude, f.Longitude = r.place()
	return f
}

// zone is the offset from UTC, if it is known.
func (r *factRow) zone() *int {
	if !r.offset.Valid {
		return nil
	}
	seconds := int(r.offset.Int64)
	return &seconds
}

// place is where the file was taken, if that is known.
func (r *factRow) place() (latitude, longitude *float64) {
	if !r.latitude.Valid || !r.longitude.Valid {
		return nil, nil
	}
	at := [2]float64{r.latitude.Float64, r.longitude.Float64}
	return &at[0], &at[1]
}

// Captures hands on when, by what clock and by which camera the unfinished files of a run were taken, in the order of time. Files without a time are left out,
// and other facts are.
func (l *SQLite) Captures(ctx context.Context, run RunID, visit func(Facts)) error {
	rows, err := l.read.QueryContext(ctx, `
		SELECT f.captured, f.capture_source, f.make, f.model, f.serial FROM files f
		WHERE f.captured <> 0 AND f.id IN (SELECT i.file FROM items i WHERE i.run = ? AND `+unfinished+`) ORDER BY f.captured`, run)
	if err != nil {
		return wrap(err)
	}
	defer func() { _ = rows.Close() }()
	for rows.Next() {
		var f Facts
		var captured int64
		if err := rows.Scan(&captured, &f.CaptureSource, &f.Make, &f.Model, &f.Serial); err != nil {
			return wrap(err)
		}
		f.Captured = unix(captured)
		visit(f)
	}
	return wrap(rows.Err())
}
