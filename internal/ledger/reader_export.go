package ledger

import (
	"bufio"
	"context"
	"database/sql"
	"encoding/json"
	"io"
	"os"
)

// Export writes all that is known in a form for other programs, and for [Import]: JSON Lines, see docs/ledger.md. Upload tokens and addresses of sessions
// are secrets and left out, so what was sent but not created counts as to be sent.
func (r *Reader) Export(ctx context.Context, w io.Writer) error {
	buffered := bufio.NewWriter(w)
	out := &exporter{json: json.NewEncoder(buffered)}
	out.json.SetEscapeHTML(false)
	err := r.snapshot(ctx, func(tx *sql.Tx) error {
		if err := out.line(headerLine{"ledger", formVersion}); err != nil {
			return err
		}
		for _, part := range []func(context.Context, *sql.Tx) error{out.runs, out.albums, out.contents, out.files, out.placements, out.events, out.headings, out.watched} {
			if err := part(ctx, tx); err != nil {
				return err
			}
		}
		if err := out.line(endLine{"end", out.lines}); err != nil {
			return err
		}
		return buffered.Flush()
	})
	return err
}

// ExportFile writes an export into a new file, which appears when it is complete; one that is there already is not touched (fs.ErrExist).
func (r *Reader) ExportFile(ctx context.Context, file string) error {
	return newFile(file, func(part *os.File) error { return r.Export(ctx, part) })
}

// exporter writes the parts of an export.
type exporter struct {
	json  *json.Encoder
	lines int
	file  *fileLine // whose items are being gathered
}

func (e *exporter) line(v any) error {
	e.lines++
	return e.json.Encode(v)
}

func (e *exporter) runs(ctx context.Context, tx *sql.Tx) error {
	return eachRow(ctx, tx, func(rows *sql.Rows) error {
		l := runLine{Type: "run"}
		if err := rows.Scan(&l.Run, &l.Started, &l.Ended, &l.Command, &l.Outcome); err != nil {
			return err
		}
		return e.line(l)
	}, `SELECT id, started, ended, command, outcome FROM runs ORDER BY id`)
}

func (e *exporter) albums(ctx context.Context, tx *sql.Tx) error {
	return eachRow(ctx, tx, func(rows *sql.Rows) error {
		l := albumLine{Type: "album"}
		if err := rows.Scan(&l.Title, &l.ID, &l.Intended, &l.Missing, &l.Continues, &l.Volume, &l.Filled); err != nil {
			return err
		}
		return e.line(l)
	}, `
		SELECT a.title, a.remote, a.intended, a.missing, b.title, CASE WHEN a.continues IS NOT NULL THEN a.volume ELSE 0 END, a.filled
		FROM albums a LEFT JOIN albums b ON b.id = a.continues WHERE a.id <> 0 ORDER BY a.continues IS NOT NULL, a.title`)
}

func (e *exporter) contents(ctx context.Context, tx *sql.Tx) error {
	return eachRow(ctx, tx, func(rows *sql.Rows) error {
		l := contentLine{Type: "content"}
		if err := rows.Scan((*[]byte)(&l.SHA256), &l.Size, &l.MediaItem, &l.Refused, &l.Matched, &l.Given); err != nil {
			return err
		}
		return e.line(l)
	}, `SELECT sha256, size, media_item, refused, matched, given FROM contents ORDER BY sha256`)
}

// files writes each file with its items, which come in as many rows.
func (e *exporter) files(ctx context.Context, tx *sql.Tx) error {
	var last int64
	err := eachRow(ctx, tx, func(rows *sql.Rows) error {
		f := &fileLine{Type: "file", Items: []itemLine{}}
		it, id, err := f.scan(rows)
		if err != nil {
			return err
		}
		if id != last || e.file == nil {
			if err := e.flush(); err != nil {
				return err
			}
			e.file, last = f, id
		}
		if it != nil {
			e.file.Items = append(e.file.Items, *it)
		}
		return nil
	}, `
		SELECT f.id, d.path, f.name, f.size, f.mtime, nullif(f.ctime, 0), f.device, f.inode, c.sha256,
			nullif(f.captured, 0), f.zone_offset, f.capture_source, f.make, f.model, f.serial, f.orientation, f.latitude, f.longitude, f.width, f.height,
			f.media_type, f.description, f.content_id, f.duration, f.shifted,
			a.title, i.sort, CASE WHEN `+unfinished+` THEN 'described' ELSE i.state END, i.reason, i.permanent, i.left_out, i.attempts, i.run
		FROM dirs d CROSS JOIN files f ON f.dir = d.id LEFT JOIN contents c ON c.id = f.content
		LEFT JOIN items i ON i.file = f.id LEFT JOIN albums a ON a.id = i.album
		ORDER BY d.path, f.name, a.title`)
	if err != nil {
		return err
	}
	return e.flush()
}

// flush writes the file whose items are complete.
func (e *exporter) flush() error {
	if e.file == nil {
		return nil
	}
	f := e.file
	e.file = nil
	return e.line(f)
}

// scan reads a row of a file with one of its items, or none.
func (f *fileLine) scan(rows *sql.Rows) (*itemLine, int64, error) {
	var id int64
	var it struct {
		album, state, reason sql.NullString
		sort                 []byte
		permanent, leftOut   sql.NullBool
		attempts, run        sql.NullInt64
	}
	c := &f.Facts
	err := rows.Scan(&id, (*[]byte)(&f.Dir), (*[]byte)(&f.Name), &f.Size, &f.Modified, &f.Changed, &f.Device, &f.Inode, (*[]byte)(&f.SHA256),
		&c.Captured, &c.Offset, &c.CaptureSource, &c.Make, &c.Model, &c.Serial, &c.Orientation, &c.Latitude, &c.Longitude, &c.Width, &c.Height,
		&c.MediaType, &c.Description, &c.ContentID, &c.Duration, &c.Shifted,
		&it.album, &it.sort, &it.state, &it.reason, &it.permanent, &it.leftOut, &it.attempts, &it.run)
	if err != nil || !it.run.Valid {
		return nil, id, err
	}
	return &itemLine{
		Album: it.album.String, Sort: it.sort, State: State(it.state.String), Reason: it.reason.String, Permanent: it.permanent.Bool, LeftOut: it.leftOut.Bool,
		Attempts: int(it.attempts.Int64), Run: RunID(it.run.Int64),
	}, id, nil
}

func (e *exporter) placements(ctx context.Context, tx *sql.Tx) error {
	return eachRow(ctx, tx, func(rows *sql.Rows) error {
		l := placementLine{Type: "placement"}
		if err := rows.Scan(&l.Album, (*[]byte)(&l.Sort), (*[]byte)(&l.SHA256), &l.MediaItem, &l.Run, &l.Removed, &l.Lost); err != nil {
			return err
		}
		return e.line(l)
	}, `
		SELECT a.title, p.sort, c.sha256, p.media_item, p.run, p.removed, p.lost <> 0
		FROM albums a CROSS JOIN placements p ON p.album = a.id JOIN contents c ON c.id = p.content
		ORDER BY a.title, p.sort, c.sha256`)
}
