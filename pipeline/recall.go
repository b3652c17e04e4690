package pipeline

import (
	"cmp"
	"context"
	"path/filepath"
	"sync"
	"time"

	"golang.org/x/sync/errgroup"

	"github.com/albumwright/albumwright/internal/flow"
	"github.com/albumwright/albumwright/internal/ledger"
	"github.com/albumwright/albumwright/internal/report"
	"github.com/albumwright/albumwright/watcher"
)

const (
	// openers ask the ledger about folders at the same time.
	openers = 2
	// foldersAhead is how many groups of files wait for their look meanwhile.
	foldersAhead = 4
)

// opened is files of one folder, and what the ledger knows of it.
type opened struct {
	in    *folder
	files []watcher.File
}

// openAll asks the ledger about the folders that files are in, ahead of who looks at the files.
func (r *run) openAll(ctx context.Context, g *errgroup.Group, files <-chan watcher.File) <-chan opened {
	return flow.Ordered(ctx, g, openers, foldersAhead, byFolder(ctx, g, files), func(ctx context.Context, o opened) (opened, error) {
		o.in.once.Do(func() { o.in.err = r.ask(ctx, o.in) })
		return o, o.in.err
	})
}

// byFolder groups files by their folders, as many as have come.
func byFolder(ctx context.Context, g *errgroup.Group, files <-chan watcher.File) <-chan opened {
	out := make(chan opened)
	g.Go(func() error {
		defer close(out)
		in := &folder{}
		for {
			group, err := gather(ctx, files, recordGroup)
			if len(group) == 0 || err != nil {
				return err
			}
			for len(group) > 0 {
				n := 1
				for n < len(group) && beside(group[0], group[n]) {
					n++
				}
				if dir := filepath.Dir(group[0].Path); in.dir != dir {
					in = &folder{dir: dir} // the one before may still be looked at
				}
				if err := flow.Send(ctx, out, opened{in, group[:n]}); err != nil {
					return err
				}
				group = group[n:]
			}
		}
	})
	return out
}

// beside tells whether two files are in one folder.
func beside(a, b watcher.File) bool {
	in, _ := filepath.Split(a.Path)
	other, _ := filepath.Split(b.Path)
	return in == other
}

// recall looks what the ledger says about each file. One that has its path, size and mtime in there is not opened: it is at its end, or goes on where it was.
func (r *run) recall(ctx context.Context, g *errgroup.Group, folders <-chan opened) <-chan look {
	fresh := make(chan look, 64)
	g.Go(func() error {
		defer close(fresh)
		var left unfinished
		for {
			o, ok, err := flow.Receive(ctx, folders)
			if err != nil {
				return err
			}
			if !ok {
				return r.takeUp(ctx, &left)
			}
			for _, f := range o.files {
				if err := r.recallFile(ctx, r.at(o.in, f), &left, fresh); err != nil {
					return err
				}
			}
		}
	})
	return fresh
}

// recallFile gives a known file its end, or notes what an earlier run left to do. Others go on to be described.
func (r *run) recallFile(ctx context.Context, l look, left *unfinished, fresh chan<- look) error {
	r.remember(l)
	switch {
	case !r.unchanged(l):
	case r.ended(&l):
		r.looking.add(-1)
		return nil
	case len(l.adopt) > 0 && len(l.fresh) == 0:
		return r.leftOver(ctx, left, l.adopt)
	}
	r.events.more(StageDescribe)
	return flow.Send(ctx, fresh, l)
}

// unfinished is what an earlier run left to do: some files' items.
type unfinished struct {
	files int
	items []ledger.ItemID
}

// leftOver adds a file's items; from time to time all are taken up.
func (r *run) leftOver(ctx context.Context, u *unfinished, items []ledger.ItemID) error {
	u.files++
	u.items = append(u.items, items...)
	if u.files < recordGroup {
		return nil
	}
	return r.takeUp(ctx, u)
}

// takeUp makes items of earlier runs this run's own.
func (r *run) takeUp(ctx context.Context, u *unfinished) error {
	if u.files == 0 {
		return nil
	}
	err := bothOrNone(ctx, func(ctx context.Context) error { return r.ledger.Adopt(ctx, r.id, u.items) })
	if err == nil {
		r.looking.add(-u.files)
		u.files, u.items = 0, u.items[:0]
	}
	return err
}

// folder is what the ledger knows of one folder; files come folder by folder.
type folder struct {
	dir    string
	known  ledger.Folder        // nil: none was opened yet
	events map[string]time.Time // by name

	once sync.Once // for those who share it
	err  error
}

// open goes on to a folder, if it is another one.
func (r *run) open(ctx context.Context, in *folder, dir string) error {
	if in.known != nil && in.dir == dir {
		return nil
	}
	in.dir = dir
	return r.ask(ctx, in)
}

// ask asks the ledger about a folder.
func (r *run) ask(ctx context.Context, in *folder) (err error) {
	if in.known, err = r.ledger.Folder(ctx, in.dir); err == nil && r.names.ByEvent() {
		in.events, err = r.ledger.Events(ctx, r.names.Scope(), in.dir)
	}
	return err
}

// at is a file of the open folder, with what is known about it.
func (r *run) at(in *folder, f watcher.File) look {
	name := filepath.Base(f.Path)
	l := look{file: f, known: in.known.Known(name), event: in.events[name]}
	if l.known.File != 0 {
		l.known.Facts = r.shutters.correct(l.known.Facts)
	}
	return l
}

// look is a file with what the ledger knows about its path.
type look struct {
	file  watcher.File
	known ledger.Known
	event time.Time       // when its event began, if it was named
	fresh []string        // titles of the albums that a known file is newly wanted in
	adopt []ledger.ItemID // the items that an earlier run left unfinished
}

// unchanged tells whether the path still holds the file that the ledger knows. The system's own time of change tells when a file was replaced by one
// of the same size and mtime; where it is not known, only Config.Checksum helps.
func (r *run) unchanged(l look) bool { return !r.cfg.Checksum && r.same(l) }

// same tells so by what the system says about the file, whatever that is worth.
func (r *run) same(l look) bool {
	k, f := l.known, l.file
	return k.File != 0 && k.Size == f.Size && k.ModTime.Equal(f.ModTime) && sameChange(k.Changed, f.Changed)
}

// ended gives a known file its end, if it has one in all albums that it is wanted in now. If not, it notes what is left to do.
func (r *run) ended(l *look) bool {
	for _, it := range l.known.Items {
		if it.State == ledger.Skipped && !it.LeftOut && it.Reason != ledger.AlbumMissing { // whatever the album
			r.fileEnd(File{Path: report.Text(l.file.Path), Size: l.file.Size, End: report.Skipped, Album: it.Album, Reason: it.Reason, Captured: l.known.Facts.Captured})
			return true
		}
	}
	if r.awaits(l.albumFile()) {
		return false
	}
	return r.settle(l)
}

// refusedBefore begins the reason of a file that the service would not have for what it is.
const refusedBefore = "refused before: "

// settle does so for a file of which all is known that names albums.
func (r *run) settle(l *look) bool {
	var parts []File
	for _, title := range r.titles(l.albumFile()) {
		end := File{Path: report.Text(l.file.Path), Size: l.file.Size, Album: title, End: report.AlreadyThere, Captured: l.known.Facts.Captured}
		it, ok := r.itemOf(l.known, title)
		switch {
		case !ok || it.State == ledger.Gone:
			l.fresh = append(l.fresh, title)
		case it.State.Delivered():
			end.Album = it.Album
			if c := l.known.Content; c != nil && !c.Matched { // an item that was only matched says nothing of these bytes
				end.ID = c.MediaItem
			}
			parts = append(parts, end)
		case it.State == ledger.Failed && it.Permanent && !r.cfg.Refused:
			end.End, end.Reason, end.Permanent = report.Failed, refusedBefore+it.Reason, true
			parts = append(parts, end)
		case r.planned != nil: // which may say something else about it since
			l.fresh = append(l.fresh, title)
		default:
			l.adopt = append(l.adopt, it.Item)
		}
	}
	if len(l.fresh)+len(l.adopt) > 0 {
		return false
	}
	r.fileEnd(asOne(parts))
	return true
}

// itemOf is a known file's item in one of the volumes of a title. Who names a volume means its title.
func (r *run) itemOf(k ledger.Known, title string) (found ledger.KnownItem, ok bool) {
	first := cmp.Or(r.volumes[title], title)
	for _, it := range k.Items {
		if cmp.Or(it.Continues, it.Album) == first && (!ok || found.State == ledger.Gone) {
			found, ok = it, true
		}
	}
	return found, ok
}
