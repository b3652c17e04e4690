package ledger

import (
	"database/sql"
	"strings"
	"time"
)

// The facts of a file stand in columns of the table files; here is their one list, from which all statements are made.
var factList = [...]string{
	"captured", "zone_offset", "capture_source", "make", "model", "serial", "orientation", "latitude", "longitude", "width", "height",
	"media_type", "description",
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
		nullable(f.Longitude), f.Width, f.Height, f.MediaType, f.Description,
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
}

func (r *factRow) into() []any {
	return []any{
		&r.captured, &r.offset, &r.source, &r.make, &r.model, &r.serial, &r.orientation, &r.latitude, &r.longitude, &r.width, &r.height,
		&r.mediaType, &r.description,
	}
}

func (r *factRow) facts() Facts {
	f := Facts{
		CaptureSource: r.source, Make: r.make, Model: r.model, Serial: r.serial, Orientation: r.orientation,
		Width: r.width, Height: r.height, MediaType: r.mediaType, Description: r.description,
	}
	if r.captured != 0 {
		f.Captured = time.Unix(0, r.captured).UTC()
	}
	if r.offset.Valid {
		offset := int(r.offset.Int64)
		f.Offset = &offset
	}
	if r.latitude.Valid && r.longitude.Valid {
		f.Latitude, f.Longitude = &r.latitude.Float64, &r.longitude.Float64
	}
	return f
}
