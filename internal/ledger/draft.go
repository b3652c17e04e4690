package ledger

import (
	"context"
	"errors"
	"slices"
	"strings"
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
	readers sync.Pool

	mu      sync.Mutex // guards all that follows
	run     RunID
	once    bool // it is the last one
	dirs    map[string]*draftDir
	items   draftItems
	mine    []*draftItem               // the run's
	queues  map[AlbumID][]*draftItem   // of them the unfinished ones in their order; nil: not known
	titles  map[string]*draftAlbum     // albums by title
	albums  map[AlbumID]*draftAlbum    // and by number
	events  map[string]*draftEvents    // by scope
	waiting map[FileID]*draftFile      // files that wait for their event
	common  map[Facts]*Facts           // of each that many files have in common, one
	states  map[draftState]*draftState // one of each
	file    FileID                     // the last one
	item    ItemID                     // the last one
	memory  struct {
		files slab[draftFile]
		items slab[draftItem]
		only  slab[*draftItem] // of files that have one
		was   slab[draftWas]
	}

	remote map[string][]RemoteAlbum // the service's albums by title, as last listed
	listed time.Time
}

type draftDir struct {
	path  string
	list  []*draftFile
	old   int                   // so many of the list are from the copy, by name
	fresh map[string]*draftFile // the others
}

// file is the file of a name; nil: none is known.
func (in *draftDir) file(name string) *draftFile {
	at, ok := slices.BinarySearchFunc(in.list[:in.old], name, func(f *draftFile, name string) int { return strings.Compare(f.name, name) })
	if ok {
		return in.list[at]
	}
	return in.fresh[name]
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
	*draftState
	Item   ItemID
	file   *draftFile
	album  *draftAlbum
	sort   []byte
	run    RunID
	placed []byte    // where its album holds its content, if that is what it says; nil: it does not
	was    *draftWas // what it was before it was the run's; nil: it was not
}

// draftState is how far an item is. Many have the same one: it is never changed.
type draftState struct {
	State     State
	Reason    string
	Permanent bool
	LeftOut   bool
	attempts  bool // there were some
	batch     bool // it was in one
	doubt     bool // nobody knows what came of that
}

// draftWas is what changes of an item.
type draftWas struct {
	state        *draftState
	album        *draftAlbum
	sort, placed []byte
	run          RunID
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
		SQLite: l, dirs: map[string]*draftDir{}, items: draftItems{}, titles: map[string]*draftAlbum{}, albums: map[AlbumID]*draftAlbum{},
		readers: sync.Pool{New: newDraftReader}, common: map[Facts]*Facts{}, states: map[draftState]*draftState{}, remote: map[string][]RemoteAlbum{},
	}
	if err := errors.Join(d.begin(ctx), d.listing(ctx)); err != nil {
		return nil, errors.Join(err, l.Close())
	}
	return d, nil
}

// Once says that one run is all: what items were before it is not kept for the next one, and that of 100,000 files takes 10 MB.
func (d *Draft) Once() *Draft {
	d.once = true
	return d
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
	if d.once && d.run != 0 {
		return 0, errors.New("ledger: a draft for one run was asked for a second one")
	}
	for _, it := range slices.Backward(d.mine) {
		d.drop(it)
		if was := it.was; was != nil {
			it.draftState, it.album, it.sort, it.placed, it.run, it.was = was.state, was.album, was.sort, was.placed, was.run, nil
			it.file.items = append(it.file.items, it)
			d.items.put(it.Item, it)
		}
	}
	d.run, d.mine, d.queues = run, d.mine[:0], nil
	d.events, d.waiting = map[string]*draftEvents{}, map[FileID]*draftFile{}
	return run, err
}

// own makes an item the run's, and tells whether it was not before.
func (d *Draft) own(it *draftItem, run RunID) bool {
	if it.run == run {
		return false
	}
	if it.run != 0 && !d.once {
		it.was = d.memory.was.next()
		*it.was = draftWas{it.draftState, it.album, it.sort, it.placed, it.run}
	}
	d.mine = append(d.mine, it)
	it.run = run
	return true
}

// drop takes an item away.
func (d *Draft) drop(it *draftItem) {
	d.items.put(it.Item, nil)
	it.file.items = slices.DeleteFunc(it.file.items, func(i *draftItem) bool { return i == it })
	it.run = 0
}

// draftFolder is a [Folder] of a draft: what is known at the time of the question.
type draftFolder struct {
	*Draft
	in *draftDir
}

// Folder returns what is known about the files directly in a folder.
func (d *Draft) Folder(ctx context.Context, dir string) (Folder, error) {
	if err := d.load(ctx, dir); err != nil {
		return nil, err
	}
	return draftFolder{d, d.loaded(dir)}, nil
}

// Names lists the files of which something is known.
func (d draftFolder) Names() []string {
	d.mu.Lock()
	defer d.mu.Unlock()
	names := make([]string, len(d.in.list))
	for i, f := range d.in.list {
		names[i] = f.name
	}
	slices.Sort(names)
	return names
}

// Known is what is known about a file.
func (d draftFolder) Known(name string) (k Known) {
	d.mu.Lock()
	defer d.mu.Unlock()
	f := d.in.file(name)
	if f == nil {
		return k
	}
	k = Known{File: f.File, Size: f.Size, ModTime: unix(f.modified), Facts: f.facts.all(), Content: f.Content, Items: slices.Grow([]KnownItem(nil), len(f.items))}
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

func (d *Draft) addFile(in *draftDir, name string, id FileID) *draftFile {
	f := d.memory.files.next()
	f.File, f.dir, f.name = id, in, name
	in.list = append(in.list, f)
	return f
}

// become changes how far an item is.
func (d *Draft) become(it *draftItem, s draftState) {
	is := d.states[s]
	if is == nil {
		is = &s
		d.states[s] = is
	}
	it.draftState = is
}

func (d *Draft) addItem(f *draftFile, a *draftAlbum, it draftItem) *draftItem {
	added := d.memory.items.next()
	*added = it
	added.file, added.album = f, a
	if f.items == nil {
		f.items = d.memory.only.none()
	}
	f.items = append(f.items, added)
	d.items.put(it.Item, added)
	return added
}
