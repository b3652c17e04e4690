package pipeline

import (
	"context"
	"fmt"
	"time"

	"github.com/albumwright/albumwright/internal/album"
	"github.com/albumwright/albumwright/internal/headings"
	"github.com/albumwright/albumwright/internal/ledger"
	"github.com/albumwright/albumwright/internal/order"
	"github.com/albumwright/albumwright/watcher"
)

// A heading is an enrichment in front of a group of an album's items: of a day, an event, a place. The service never shows it again, and nobody can move or
// remove it by the API (contract 5, 7): so each is sent once at most, and items that come later are placed around those that there are.

// Headings is what headings are put in front of.
type Headings = headings.Kind

// The kinds of headings.
const (
	NoHeadings    = headings.None
	DayHeadings   = headings.Day
	EventHeadings = headings.Event
	PlaceHeadings = headings.Place
)

// ParseHeadings reads "day", "event", "place" or "".
func ParseHeadings(text string) (Headings, error) { return headings.Parse(text) }

// validHeadings refuses headings that there are none of, and any in albums that do not stand in the order of time.
func (c Config) validHeadings() error {
	if _, err := headings.Parse(string(c.Headings)); err != nil {
		return fmt.Errorf("pipeline: Config.Headings: %w", err)
	}
	if c.Headings != NoHeadings && c.Order != "" && c.Order != order.Captured {
		return fmt.Errorf("pipeline: Config.Headings: an album in the order %q has no groups of time", c.Order)
	}
	return nil
}

// group finds out where groups begin in the albums that the run will put something into, before it does. Albums that have headings of another kind, or have
// them from a run before, keep them in front of their groups.
func (r *run) group(ctx context.Context) error {
	lost, err := r.ledger.LoseHeadings(ctx)
	if err != nil {
		return err
	}
	for _, h := range lost {
		a, err := r.ledger.Album(ctx, h.Album)
		if err != nil {
			return err
		}
		r.warn(lostHeading(a.Title, h.Text))
	}
	albums, err := r.ledger.PendingAlbums(ctx, r.id)
	if err != nil {
		return err
	}
	for _, a := range albums {
		if a.ID == ledger.Library {
			continue
		}
		if err := r.groupAlbum(ctx, a.ID); err != nil {
			return err
		}
	}
	return nil
}

func lostHeading(title, text string) string {
	return fmt.Sprintf("album %q: the heading %q was sent, and nobody knows whether it is there; look, and add it by hand if it is not", title, text)
}

// groupAlbum does so for one album, by all kinds of headings that it has or shall have.
func (r *run) groupAlbum(ctx context.Context, id ledger.AlbumID) error {
	all, err := r.ledger.Headings(ctx, id)
	if err != nil {
		return err
	}
	known := map[headings.Kind][]ledger.Heading{}
	if r.cfg.Headings != NoHeadings {
		known[r.cfg.Headings] = nil
	}
	for _, h := range all {
		if h.State != ledger.HeadingWanted {
			kind := headings.Kind(h.Kind)
			known[kind] = append(known[kind], h)
		}
	}
	for kind, of := range known {
		if err := r.groupBy(ctx, id, kind, of); err != nil {
			return err
		}
	}
	return nil
}

// groupBy cuts an album into groups of a kind. Those without a heading get one only if the run was asked for that.
func (r *run) groupBy(ctx context.Context, id ledger.AlbumID, kind headings.Kind, known []ledger.Heading) error {
	cutter := headings.Cutter{By: kind, DayStart: r.cfg.Naming.DayStart, Gap: r.cfg.Naming.EventGap}
	if cutter.Gap == 0 {
		cutter.Gap = album.DefaultEventGap
	}
	for _, h := range known {
		cutter.Known = append(cutter.Known, h.Sort)
	}
	if err := r.ledger.AlbumShots(ctx, r.id, id, func(s ledger.AlbumShot) { cutter.Next(shotOf(s)) }); err != nil {
		return err
	}
	var moved, wanted []ledger.Heading
	for _, g := range cutter.Groups() {
		switch {
		case g.Known >= 0:
			h := known[g.Known]
			if h.Sort = g.Sort; string(h.Sort) != string(known[g.Known].Sort) {
				moved = append(moved, h)
			}
		case kind == r.cfg.Headings:
			wanted = append(wanted, ledger.Heading{Sort: g.Sort, Text: cutter.Text(g)})
		}
	}
	return r.ledger.GroupHeadings(ctx, r.id, id, string(kind), moved, wanted)
}

// shotOf is a file as headings see it, by the rules of albums: a modification time tells nothing, and a date in a name can be a day only.
func shotOf(s ledger.AlbumShot) headings.Shot {
	f := albumFile(watcher.File{}, ledger.Facts{Captured: s.Captured, CaptureSource: s.Source}, time.Time{})
	return headings.Shot{Sort: s.Sort, Captured: f.Captured, DayOnly: f.DayOnly, Latitude: s.Latitude, Longitude: s.Longitude, Removed: s.Removed}
}

// headingGone is asked about a call that was refused and was to go behind a heading. The service does not show whether that is there; the user can have
// removed it by hand, and nothing is put behind it any more.
func (r *run) headingGone(ctx context.Context, id ledger.AlbumID, enrichment string) error {
	all, err := r.ledger.Headings(ctx, id)
	if err != nil {
		return err
	}
	a, err := r.ledger.Album(ctx, id)
	if err != nil {
		return err
	}
	for _, h := range all {
		if h.Enrichment != enrichment {
			continue
		}
		r.warn(fmt.Sprintf("album %q: the heading %q is not there any more, as it seems; what belongs behind it goes behind the item before it", a.Title, h.Text))
		if err := r.ledger.SetHeading(context.WithoutCancel(ctx), r.id, h.ID, ledger.HeadingRemoved, ""); err != nil {
			return err
		}
	}
	return nil
}

// stand are the headings of an album that stand in it, or may.
func (r *run) stand(ctx context.Context, id ledger.AlbumID) (stand []ledger.Heading, err error) {
	all, err := r.ledger.Headings(ctx, id)
	for _, h := range all {
		if h.State == ledger.HeadingThere || h.State == ledger.HeadingUnknown {
			stand = append(stand, h)
		}
	}
	return stand, err
}
