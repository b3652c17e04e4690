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

// Captures hands on when, by what clock and by which camera files were taken, in the order of time: the unfinished ones of a run, and those that stand in the
// albums that these go into. Files without a time are left out, and other facts are.
func (l *SQLite) Captures(ctx context.Context, run RunID, visit func(f Facts, unfinished bool)) error {
	return l.captures(ctx, `
		WITH fresh AS MATERIALIZED (SELECT i.file, i.album FROM items i WHERE i.run = ? AND `+unfinished+`), albums AS (SELECT album FROM fresh)
		SELECT f.id, f.captured, f.capture_source, f.make, f.model, f.serial, f.id IN (SELECT file FROM fresh) FROM files f
		WHERE f.captured <> 0 AND f.id IN (SELECT file FROM fresh UNION `+standing+`) ORDER BY f.captured, 7 DESC`, run,
		func(_ FileID, f Facts, unfinished bool) { visit(f, unfinished) })
}

// standing are the files that stand in albums.
const standing = `SELECT s.id FROM placements p JOIN files s ON s.content = p.content WHERE p.album <> 0 AND p.album IN albums AND NOT p.removed`

// capturesIn hands on the same of what stands in albums, which is a JSON array of their ids.
func (l *SQLite) capturesIn(ctx context.Context, albums string, visit func(FileID, Facts)) error {
	return l.captures(ctx, `
		WITH albums AS (SELECT value FROM json_each(?))
		SELECT f.id, f.captured, f.capture_source, f.make, f.model, f.serial, FALSE FROM files f
		WHERE f.captured <> 0 AND f.id IN (`+standing+`) ORDER BY f.captured`, albums,
		func(id FileID, f Facts, _ bool) { visit(id, f) })
}

func (l *SQLite) captures(ctx context.Context, query string, of any, visit func(id FileID, f Facts, unfinished bool)) error {
	rows, err := l.read.QueryContext(ctx, query, of)
	if err != nil {
		return wrap(err)
	}
	defer func() { _ = rows.Close() }()
	for rows.Next() {
		var id FileID
		var f Facts
		var captured int64
		var unfinished bool
		if err := rows.Scan(&id, &captured, &f.CaptureSource, &f.Make, &f.Model, &f.Serial, &unfinished); err != nil {
			return wrap(err)
		}
		f.Captured = unix(captured)
		visit(id, f, unfinished)
	}
	return wrap(rows.Err())
}
