package pipeline

import (
	"context"
	"fmt"
	"path/filepath"
	"slices"
	"time"

	"github.com/albumwright/albumwright/exif"
	"github.com/albumwright/albumwright/internal/album"
	"github.com/albumwright/albumwright/internal/clocks"
	"github.com/albumwright/albumwright/internal/ledger"
	"github.com/albumwright/albumwright/watcher"
)

// How albums are named: a rule names one album of each file, and what rules have in common are their options.
type (
	AlbumRule   = album.Rule
	AlbumNaming = album.Options
)

func (c Config) rule() album.Rule { return album.Rule{Title: c.Album, By: album.By(c.AlbumBy)} }

func (c Config) validAlbums() error {
	if err := c.rule().Valid(); err != nil {
		return err
	}
	for i, rule := range c.Rules {
		if err := rule.Valid(); err != nil {
			return fmt.Errorf("pipeline: Config.Rules[%d]: %w", i, err)
		}
	}
	if err := clocks.Shifts(c.Shifts).Valid(); err != nil {
		return fmt.Errorf("pipeline: Config.Shifts: %w", err)
	}
	if err := c.Naming.Valid(); err != nil {
		return fmt.Errorf("pipeline: Config.Naming.%w", err)
	}
	return nil
}

// names makes the names of all rules.
func (c Config) names() (album.Names, error) {
	return album.Compile(append([]album.Rule{c.rule()}, c.Rules...), c.Naming)
}

// albumFile is what rules see of a known file.
func (l look) albumFile() album.File { return albumFile(l.file, l.known.Facts, l.event) }

// AlbumFile is what rules for albums see of a file that has these facts, but for its event.
func AlbumFile(root, path string, facts exif.Facts) album.File {
	return albumFile(watcher.File{Root: root, Path: path}, ledgerFacts(facts, ""), time.Time{})
}

// albumFile is what rules for albums see of a file. A modification time tells when the file was written, not when the photo was taken, so it names no
// album; a date in a name can be without a time of day.
func albumFile(f watcher.File, facts ledger.Facts, event time.Time) album.File {
	out := album.File{Root: f.Root, Path: f.Path, Captured: facts.Captured, Make: facts.Make, Model: facts.Model, Event: event}
	switch exif.Source(facts.CaptureSource) {
	case exif.SourceModTime:
		out.Captured = time.Time{}
	case exif.SourceFileName:
		out.DayOnly = facts.Captured.Equal(facts.Captured.Truncate(24 * time.Hour))
	}
	return out
}

// titles are the albums that a file belongs to: those of the plan, if there is one, or those that the rules name.
func (r *run) titles(f album.File) []string {
	if r.planned != nil {
		return r.planned.wanted[f.Path].titles
	}
	return r.names.Titles(f)
}

// awaits tells whether a file's albums are named by its event, which is not known yet.
func (r *run) awaits(f album.File) bool { return r.names.ByEvent() && f.InTime() && f.Event.IsZero() }

// wish notes which albums a described file is wanted in, or that its event must be found first.
func (r *run) wish(l look, s *sighting) {
	f := albumFile(l.file, s.Facts, time.Time{})
	if r.unchanged(l) {
		f.Event = l.event
	}
	switch {
	case len(s.albums) > 0:
	case s.Skip != "":
		s.albums = r.titles(f)[:1]
	case r.awaits(f):
		s.Awaits, s.Root = r.names.Scope(), l.file.Root
	default:
		s.albums = r.titles(f)
	}
}

// findEvents finds the events of the files that wait for theirs, among all files that ever had one, and the albums that they are wanted in then. An
// intake that has ended leaves them to the next run: it may not have seen their neighbours.
func (r *run) findEvents(ctx context.Context) error {
	if !r.names.ByEvent() || r.cfg.Intake.Err() != nil {
		return nil
	}
	var found []ledger.Stretch // not more than there are events
	cutter := album.EventCutter{Gap: r.names.EventGap(), Found: func(s ledger.Stretch) { found = append(found, s) }}
	if err := r.ledger.Shots(ctx, r.id, r.names.Scope(), cutter.Next); err != nil {
		return err
	}
	cutter.End()
	for group := range slices.Chunk(found, recordGroup) {
		if err := r.ledger.SetEvents(ctx, r.id, r.names.Scope(), group); err != nil {
			return err
		}
	}
	return r.wishByEvents(ctx)
}

// wishByEvents goes through the files that waited, page by page.
func (r *run) wishByEvents(ctx context.Context) error {
	var in folder
	for after := ledger.FileID(0); ; {
		page, err := r.ledger.Awaiting(ctx, r.id, r.names.Scope(), after, recordGroup)
		if err != nil || len(page) == 0 {
			return err
		}
		after = page[len(page)-1].File
		waiting := len(page)
		var wishes []ledger.Wish
		var adopt []ledger.ItemID
		for _, a := range page {
			if err := r.open(ctx, &in, a.Dir); err != nil {
				return err
			}
			l := r.at(&in, watcher.File{Root: a.Root, Path: filepath.Join(a.Dir, a.Name), Size: in.known.Known(a.Name).Size})
			if r.settle(&l) {
				r.looking.add(-1)
				waiting--
				continue
			}
			adopt = append(adopt, l.adopt...)
			for _, title := range l.fresh {
				wishes = append(wishes, ledger.Wish{File: a.File, Album: title, Sort: r.sortKey(a.Dir, a.Name, l.known.Facts)})
			}
		}
		err = bothOrNone(ctx,
			func(ctx context.Context) error { return r.ledger.Wish(ctx, r.id, wishes) },
			func(ctx context.Context) error { return r.ledger.Adopt(ctx, r.id, adopt) },
		)
		if err != nil {
			return err
		}
		r.looking.add(-waiting)
	}
}
