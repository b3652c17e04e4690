package ledger

import (
	"bytes"
	"context"
	"database/sql"
	"errors"
	"slices"
	"sync"
	"time"
)

// Draft is the ledger of a dry run: a copy in memory that takes what the look at the files finds out, and nothing of what sending does. What many files change
// is in Go's memory, folder by folder as they are asked for; the rest is read from the copy, and so are new albums and headings written there. It answers as
// the copy would if all were written there, at a tenth of the price.
//
// Sessions are not in it, and there is one run at a time: the next BeginRun forgets the wishes of the one before, and keeps what was found out about files.
type Draft struct {
	*SQLite // a copy

	mu      sync.Mutex // guards all that follows
	run     RunID
	dirs    map[string]*draftDir
	items   map[ItemID]*draftItem
	mine    []*draftItem             // the run's
	queues  map[AlbumID][]*draftItem // of them the unfinished ones in their order; nil: not known
	undo    []*draftItem             // what mine were before, in the same order; nil: they were not
	titles  map[string]*draftAlbum   // albums by title
	albums  map[AlbumID]*draftAlbum  // and by number
	events  map[string]*draftEvents  // by scope
	waiting map[FileID]*draftFile    // files that wait for their event
	shared  map[Facts]*Facts         // one of each that many files have in common
	states  map[State]State          // one of each
	file    FileID                   // the last one
	item    ItemID                   // the last one

	remote map[string][]RemoteAlbum // the service's albums by title, as last listed
	listed time.Time
}

type draftDir struct {
	path  string
	files map[string]*draftFile
	list  []*draftFile
}

// draftFile is a [Known] in less room: there is one for each file of the import.
type draftFile struct {
	File              FileID
	Size              int64
	modified, changed int64 // Unix time in ns; 0: not known
	facts             draftFacts
	Content           *Content
	dir               *draftDir
	name              string
	items             []*draftItem
}

// draftItem is a [KnownItem], with what else counts.
type draftItem struct {
	Item      ItemID
	State     State
	Reason    string
	Permanent bool
	LeftOut   bool
	batch     bool // it was in one
	doubt     bool // nobody knows what came of that
	attempts  bool // there were some
	file      *draftFile
	album     *draftAlbum
	sort      []byte
	run       RunID
	placed    []byte // where its album holds its content, if that is what it says; nil: it does not
}

type draftAlbum struct {
	PendingAlbum // but for its counts
	volume       int
	bare         bool // the copy knows nothing of it but its title
}

// OpenDraft opens a draft of the ledger at path, or of an empty one if there is none. The original is only read, may be in use by a running process, and
// learns nothing of the draft.
func OpenDraft(ctx context.Context, path string) (*Draft, error) {
	l, err := OpenCopy(ctx, path)
	if err != nil {
		return nil, err
	}
	d := &Draft{
		SQLite: l, dirs: map[string]*draftDir{}, items: map[ItemID]*draftItem{}, titles: map[string]*draftAlbum{}, albums: map[AlbumID]*draftAlbum{},
		shared: map[Facts]*Facts{}, states: map[State]State{}, remote: map[string][]RemoteAlbum{},
	}
	if err := errors.Join(d.begin(ctx), d.listing(ctx)); err != nil {
		return nil, errors.Join(err, l.Close())
	}
	return d, nil
}

// begin finds out which numbers are taken, and which albums there are.
func (d *Draft) begin(ctx context.Context) error {
	err := d.read.QueryRowContext(ctx, `SELECT coalesce((SELECT max(id) FROM files), 0), coalesce((SELECT max(id) FROM items), 0)`).Scan(&d.file, &d.item)
	if err != nil {
		return wrap(err)
	}
	rows, err := d.read.QueryContext(ctx, `
		SELECT a.id, a.title, coalesce(a.continues, a.id), coalesce(b.title, ''), a.remote IS NOT NULL, a.missing, a.volume
		FROM albums a LEFT JOIN albums b ON b.id = a.continues`)
	if err != nil {
		return wrap(err)
	}
	defer func() { _ = rows.Close() }()
	for rows.Next() {
		a := &draftAlbum{}
		if err := rows.Scan(&a.ID, &a.Title, &a.First, &a.Continues, &a.Remote, &a.Missing, &a.volume); err != nil {
			return wrap(err)
		}
		d.titles[a.Title], d.albums[a.ID] = a, a
	}
	return wrap(rows.Err())
}

// BeginRun begins a new run with what the copy knows, and what is known about files by now.
func (d *Draft) BeginRun(ctx context.Context, command string) (RunID, error) {
	run, err := d.SQLite.BeginRun(ctx, command)
	d.mu.Lock()
	defer d.mu.Unlock()
	for i, it := range slices.Backward(d.mine) {
		d.drop(it)
		if was := d.undo[i]; was != nil {
			*it = *was
			it.file.items, d.items[it.Item] = append(it.file.items, it), it
		}
	}
	d.run, d.mine, d.undo, d.queues = run, d.mine[:0], d.undo[:0], nil
	d.events, d.waiting = map[string]*draftEvents{}, map[FileID]*draftFile{}
	return run, err
}

// own makes an item the run's, and tells whether it was not before.
func (d *Draft) own(it *draftItem, run RunID) bool {
	if it.run == run {
		return false
	}
	var was *draftItem
	if it.run != 0 {
		was = it.clone()
	}
	d.mine, d.undo = append(d.mine, it), append(d.undo, was)
	it.run = run
	return true
}

func (it *draftItem) clone() *draftItem {
	c := *it
	return &c
}

// drop takes an item away.
func (d *Draft) drop(it *draftItem) {
	delete(d.items, it.Item)
	it.file.items = slices.DeleteFunc(it.file.items, func(i *draftItem) bool { return i == it })
	it.run = 0
}

// Folder returns what is known about the files directly in a folder.
func (d *Draft) Folder(ctx context.Context, dir string) (map[string]Known, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	in, err := d.dir(ctx, dir)
	if err != nil {
		return nil, err
	}
	known := make(map[string]Known, len(in.list))
	for _, f := range in.list {
		known[f.name] = f.known()
	}
	return known, nil
}

func (f *draftFile) known() Known {
	k := Known{File: f.File, Size: f.Size, ModTime: unix(f.modified), Facts: f.facts.all(), Content: f.Content, Items: slices.Grow([]KnownItem(nil), len(f.items))}
	if f.changed != 0 {
		k.Changed = unix(f.changed)
	}
	for _, it := range f.items {
		k.Items = append(k.Items, KnownItem{
			Item: it.Item, Album: it.album.Title, Continues: it.album.Continues, State: it.State, Reason: it.Reason, Permanent: it.Permanent, LeftOut: it.LeftOut,
		})
	}
	return k
}

// dir takes a folder over from the copy, once.
func (d *Draft) dir(ctx context.Context, path string) (*draftDir, error) {
	if in, ok := d.dirs[path]; ok {
		return in, nil
	}
	rows, err := d.read.QueryContext(ctx, `
		SELECT f.name, f.id, f.size, f.mtime, f.ctime, `+factColumns+`, `+contentColumns+`,
			i.id, i.album, i.state, i.reason, i.permanent, i.left_out, i.sort, i.run, i.batch IS NOT NULL, i.attempts > 0,
			EXISTS (SELECT 1 FROM batches b WHERE b.id = i.batch AND b.answered IS NULL), p.sort
		FROM dirs d JOIN files f ON f.dir = d.id LEFT JOIN contents c ON c.id = f.content LEFT JOIN items i ON i.file = f.id
			LEFT JOIN placements p ON p.album = i.album AND p.content = f.content
		WHERE d.path = ? ORDER BY f.name`, []byte(path))
	if err != nil {
		return nil, wrap(err)
	}
	defer func() { _ = rows.Close() }()
	in := &draftDir{path: path, files: map[string]*draftFile{}}
	var r draftRow
	into := r.into()
	for rows.Next() {
		if err := rows.Scan(into...); err != nil {
			return nil, wrap(err)
		}
		d.take(in, &r)
	}
	if rows.Err() == nil {
		d.dirs[path] = in
	}
	return in, wrap(rows.Err())
}

// draftRow is a file with one of its items, or none.
type draftRow struct {
	name                             sql.RawBytes
	file                             FileID
	size, mtime, ctime               int64
	facts                            factRow
	content                          contentRow
	item, album, run                 sql.NullInt64
	state, reason                    sql.NullString
	permanent, leftOut, batch, tried sql.NullBool
	doubt                            bool
	sort, placed                     sql.RawBytes
}

func (r *draftRow) into() []any {
	into := append([]any{&r.name, &r.file, &r.size, &r.mtime, &r.ctime}, r.facts.into()...)
	into = append(into, r.content.into()...)
	return append(into, &r.item, &r.album, &r.state, &r.reason, &r.permanent, &r.leftOut, &r.sort, &r.run, &r.batch, &r.tried, &r.doubt, &r.placed)
}

// take adds a row to a folder.
func (d *Draft) take(in *draftDir, r *draftRow) {
	f := in.files[string(r.name)]
	if f == nil {
		f = in.add(string(r.name), r.file)
		f.Size, f.modified, f.changed, f.facts, f.Content = r.size, r.mtime, r.ctime, d.pack(r.facts.facts()), r.content.orNil()
	}
	if r.item.Valid {
		d.add(f, d.albums[AlbumID(r.album.Int64)], &draftItem{
			Item: ItemID(r.item.Int64), State: d.state(r.state.String), Reason: r.reason.String, Permanent: r.permanent.Bool, LeftOut: r.leftOut.Bool,
			sort: bytes.Clone(r.sort), run: RunID(r.run.Int64), batch: r.batch.Bool, doubt: r.doubt, attempts: r.tried.Bool, placed: bytes.Clone(r.placed),
		})
	}
}

func (in *draftDir) add(name string, id FileID) *draftFile {
	f := &draftFile{File: id, dir: in, name: name}
	in.files[name], in.list = f, append(in.list, f)
	return f
}

func (d *Draft) add(f *draftFile, a *draftAlbum, it *draftItem) {
	it.file, it.album = f, a
	f.items, d.items[it.Item] = append(f.items, it), it
}

// state is one of the states, in the same memory for all that have it.
func (d *Draft) state(text string) State {
	s, ok := d.states[State(text)]
	if !ok {
		s = State(text)
		d.states[s] = s
	}
	return s
}
