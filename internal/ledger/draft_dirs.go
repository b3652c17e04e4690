package ledger

import (
	"bytes"
	"context"
	"database/sql"
	"time"
)

// A folder is taken over from the copy in as few columns as can be, since each value of each file costs: what many files have in common comes as one text,
// which is taken apart the first time that it comes.
const (
	commonColumns = `concat_ws(char(31), f.capture_source, f.make, f.model, f.serial, f.media_type, f.orientation, f.width, f.height, f.shifted)`
	stateColumns  = `concat(i.state, i.permanent, i.left_out, i.attempts > 0, i.batch IS NOT NULL,
		i.batch IS NOT NULL AND EXISTS (SELECT 1 FROM batches b WHERE b.id = i.batch AND b.answered IS NULL), i.reason)`
)

// draftReader reads folders of the copy, one at a time. What it has read it shares with nobody but those that it was handed to.
type draftReader struct {
	rows   []draftRow             // of the folder, a row for each item of each file
	facts  map[string]*Facts      // that many files have in common, as the copy says them
	asked  map[*Facts]FileID      // those that came for the first time, in this file: what they are is to be read yet
	states map[string]*draftState // as the copy says them
}

func newDraftReader() any {
	return &draftReader{facts: map[string]*Facts{}, asked: map[*Facts]FileID{}, states: map[string]*draftState{}}
}

// draftRow is a file with one of its items, or none.
type draftRow struct {
	name               string
	file               FileID
	size, mtime, ctime int64
	facts              draftFacts
	content            *Content
	item               ItemID // 0: none
	album              AlbumID
	state              *draftState
	sort, placed       []byte
	run                RunID
}

// load takes a folder over from the copy, if it was not yet. Several can be taken over at a time.
func (d *Draft) load(ctx context.Context, path string) error {
	if d.loaded(path) != nil {
		return nil
	}
	reader := d.readers.Get().(*draftReader)
	defer d.readers.Put(reader)
	if err := reader.read(ctx, d.read, path); err != nil {
		return wrap(err)
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.dirs[path] == nil { // nobody else was quicker
		d.take(path, reader.rows)
	}
	return nil
}

// loaded is a folder that was taken over, nil if it was not.
func (d *Draft) loaded(path string) *draftDir {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.dirs[path]
}

// take makes a folder of what was read.
func (d *Draft) take(path string, rows []draftRow) {
	in := &draftDir{path: path, fresh: map[string]*draftFile{}}
	var f *draftFile
	for i := range rows {
		r := &rows[i]
		if f == nil || f.name != r.name {
			f = d.addFile(in, r.name, r.file)
			f.Size, f.modified, f.changed, f.facts, f.Content = r.size, r.mtime, r.ctime, r.facts, r.content
		}
		if r.item != 0 {
			d.addItem(f, d.albums[r.album], draftItem{draftState: r.state, Item: r.item, sort: r.sort, run: r.run, placed: r.placed})
		}
	}
	in.old, d.dirs[path] = len(in.list), in
}

// read reads the rows of a folder.
func (r *draftReader) read(ctx context.Context, from *statements, path string) error {
	known, err := r.files(ctx, from, path)
	if err == nil {
		err = r.common(ctx, from)
	}
	if err == nil && known {
		err = r.contents(ctx, from, path)
	}
	return err
}

// files reads a folder's files and their items, and tells whether the content of any is known.
func (r *draftReader) files(ctx context.Context, from *statements, path string) (known bool, err error) {
	rows, err := from.QueryContext(ctx, `
		SELECT f.name, f.id, f.size, f.mtime, f.ctime, f.captured, f.zone_offset, f.latitude, f.longitude, f.description, f.content_id, f.duration,
			`+commonColumns+`, f.content IS NOT NULL, coalesce(i.id, 0), i.album, `+stateColumns+`, i.sort, coalesce(i.run, 0), p.sort
		FROM dirs d JOIN files f ON f.dir = d.id LEFT JOIN items i ON i.file = f.id LEFT JOIN placements p ON p.album = i.album AND p.content = f.content
		WHERE d.path = ? ORDER BY f.name`, []byte(path))
	if err != nil {
		return false, err
	}
	defer func() { _ = rows.Close() }()
	r.rows = r.rows[:0]
	var v draftRow
	var facts factRow
	var name, common, state, sort, placed sql.RawBytes
	var content bool
	var album sql.NullInt64
	for rows.Next() {
		if err := rows.Scan(&name, &v.file, &v.size, &v.mtime, &v.ctime, &facts.captured, &facts.offset, &facts.latitude, &facts.longitude, &facts.description,
			&facts.contentID, &facts.duration, &common, &content, &v.item, &album, &state, &sort, &v.run, &placed); err != nil {
			return false, err
		}
		v.name, v.facts, v.album, v.sort, v.placed = string(name), facts.own(), AlbumID(album.Int64), bytes.Clone(sort), bytes.Clone(placed)
		v.facts.common, v.state = r.sharedFacts(common, v.file), r.state(state)
		r.rows, known = append(r.rows, v), known || content
	}
	return known, rows.Err()
}

// own are the facts that are a file's own.
func (r *factRow) own() draftFacts {
	rare := draftRare{offset: r.zone(), description: r.description, contentID: r.contentID, duration: time.Duration(r.duration)}
	rare.latitude, rare.longitude = r.place()
	return draftFacts{captured: r.captured, rare: rare.orNil()}
}

// sharedFacts are those that the copy says in one text.
func (r *draftReader) sharedFacts(text []byte, file FileID) *Facts {
	f := r.facts[string(text)]
	if f == nil {
		f = &Facts{}
		r.facts[string(text)], r.asked[f] = f, file
	}
	return f
}

// state is that which the copy says in one text: a name, five digits, and a reason. There is none without an item.
func (r *draftReader) state(text []byte) *draftState {
	s := r.states[string(text)]
	if at := bytes.IndexAny(text, "01"); s == nil && at > 0 {
		is := func(n int) bool { return text[at+n] == '1' }
		s = &draftState{State(text[:at]), string(text[at+5:]), is(0), is(1), is(2), is(3), is(4)}
		r.states[string(text)] = s
	}
	return s
}

// common reads the facts that came for the first time.
func (r *draftReader) common(ctx context.Context, from *statements) error {
	for facts, file := range r.asked {
		var row factRow
		if err := from.QueryRowContext(ctx, `SELECT `+factColumns+` FROM files f WHERE f.id = ?`, file).Scan(row.into()...); err != nil {
			return err
		}
		*facts = row.facts().inCommon()
		delete(r.asked, facts)
	}
	return nil
}

// contents reads what is known about the bytes of a folder's files.
func (r *draftReader) contents(ctx context.Context, from *statements, path string) error {
	rows, err := from.QueryContext(ctx, `
		SELECT f.name, `+contentColumns+` FROM dirs d JOIN files f ON f.dir = d.id JOIN contents c ON c.id = f.content WHERE d.path = ? ORDER BY f.name`, []byte(path))
	if err != nil {
		return err
	}
	defer func() { _ = rows.Close() }()
	var name sql.RawBytes
	var c contentRow
	into := append([]any{&name}, c.into()...)
	of := r.rows
	for rows.Next() {
		if err := rows.Scan(into...); err != nil {
			return err
		}
		content := c.orNil()
		for ; len(of) > 0 && of[0].name < string(name); of = of[1:] {
		}
		for ; len(of) > 0 && of[0].name == string(name); of = of[1:] {
			of[0].content = content
		}
	}
	return rows.Err()
}
