package pipeline

import (
	"context"
	"errors"
	"fmt"
	"net"
	"time"

	"github.com/albumwright/albumwright/internal/album"
	"github.com/albumwright/albumwright/internal/headings"
	"github.com/albumwright/albumwright/internal/ledger"
	"github.com/albumwright/albumwright/internal/order"
	"github.com/albumwright/albumwright/internal/report"
	"github.com/albumwright/albumwright/internal/retry"
	"github.com/albumwright/albumwright/photos"
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
		r.tally.Warn(lostHeading(a.Title, h.Text))
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

// head adds the headings that are missing in the albums that the run, or one before it that ended early, put something into.
func (r *run) head(ctx context.Context) error {
	if r.cfg.Headings == NoHeadings || r.cfg.Intake.Err() != nil || r.spent() != nil {
		return nil
	}
	albums, err := r.ledger.HeadingAlbums(ctx, r.id, string(r.cfg.Headings))
	if err != nil {
		return err
	}
	for _, id := range albums {
		if r.bad.reason(id) != "" {
			continue
		}
		if err := r.headAlbum(ctx, id); err != nil {
			return ifStopped(err)
		}
	}
	return nil
}

func (r *run) headAlbum(ctx context.Context, id ledger.AlbumID) error {
	a, err := r.ledger.Album(ctx, id)
	if err != nil || a.Remote == "" { // nothing could be put into it
		return err
	}
	if err := r.groupAlbum(ctx, id); err != nil { // what failed needs no heading
		return err
	}
	all, err := r.ledger.Headings(ctx, id)
	if err != nil {
		return err
	}
	for _, h := range all {
		if h.State != ledger.HeadingWanted || h.Kind != string(r.cfg.Headings) {
			continue
		}
		if r.cfg.Intake.Err() != nil {
			return errStopped
		}
		if paid, err := r.purse.reserve(ctx, 1); err != nil || !paid {
			return err
		}
		if on, err := r.addHeading(ctx, a, h); err != nil || !on {
			return err
		}
	}
	return nil
}

// addHeading adds one heading; on is false if the album takes no more. Whatever happens, it is not sent again if it may be there.
func (r *run) addHeading(ctx context.Context, a ledger.Album, h ledger.Heading) (on bool, err error) {
	added, state, err := r.placeHeading(ctx, a, h)
	ended := r.ledger.SetHeading(context.WithoutCancel(ctx), r.id, h.ID, state, added.ID)
	switch state {
	case ledger.HeadingThere:
		r.tally.Heading()
		return true, ended
	case ledger.HeadingUnknown:
		r.tally.Warn(lostHeading(a.Title, h.Text))
		if ctx.Err() == nil && r.answers(ctx) {
			return true, ended
		}
	case ledger.HeadingRefused:
		r.tally.Warn(fmt.Sprintf("album %q: the service refused the heading %q: %v", a.Title, h.Text, err))
		return photos.Classify(err) == photos.ClassInvalid, ended
	}
	return false, errors.Join(err, ended)
}

// placeHeading sends a heading, and tells what came of it. A refusal is certain, so it is sent once more if what it was to go behind is gone from the album.
func (r *run) placeHeading(ctx context.Context, a ledger.Album, h ledger.Heading) (added photos.EnrichmentItem, state ledger.HeadingState, err error) {
	for {
		at, err := r.behind(ctx, h)
		if err != nil {
			return added, ledger.HeadingWanted, err
		}
		added, state, err = r.sendHeading(ctx, a, h, at)
		if state != ledger.HeadingRefused || photos.Classify(err) != photos.ClassInvalid || at.Position == photos.FirstInAlbum {
			return added, state, err
		}
		if err := r.ledger.SetHeading(ctx, r.id, h.ID, ledger.HeadingWanted, ""); err != nil {
			return added, ledger.HeadingWanted, err
		}
		gone, _, asked := r.anchorGone(ctx, h.Album, a.Remote, at)
		if asked == nil && gone {
			asked = r.hold(ctx, 1)
		}
		switch {
		case asked != nil:
			return added, ledger.HeadingWanted, asked
		case !gone:
			return added, state, err
		}
	}
}

// sendHeading makes the call.
func (r *run) sendHeading(ctx context.Context, a ledger.Album, h ledger.Heading, at photos.AlbumPosition) (added photos.EnrichmentItem, state ledger.HeadingState, err error) {
	if err := r.ledger.SetHeading(ctx, r.id, h.ID, ledger.HeadingIntended, ""); err != nil {
		return added, ledger.HeadingWanted, err
	}
	sent := false
	call := r.calls(&r.gates.writes)
	call.Judge = judgeOnce
	err = call.Do(ctx, func(ctx context.Context) (err error) {
		sent = true
		r.tally.Requests(func(q *report.Requests) { q.AddEnrichments++ })
		added, err = r.cfg.API.Albums.AddEnrichment(ctx, a.Remote, enrichment(h), at)
		return err
	})
	return added, came(added, sent, err), err
}

// came is what came of sending a heading; it is still wanted only if it is certain that it is not there, for a reason that passes.
func came(added photos.EnrichmentItem, sent bool, err error) ledger.HeadingState {
	switch class := photos.Classify(err); {
	case err == nil && added.ID != "":
		return ledger.HeadingThere
	case !sent:
		return ledger.HeadingWanted
	case err == nil, maybeDone(err):
		return ledger.HeadingUnknown
	case class == photos.ClassInvalid, class == photos.ClassNotFound, class == photos.ClassAlbumForeign, class == photos.ClassAlbumGone:
		return ledger.HeadingRefused
	}
	return ledger.HeadingWanted
}

// behind is where a heading goes: behind the last item before its group, or behind the heading of a group of which nothing is left.
func (r *run) behind(ctx context.Context, h ledger.Heading) (photos.AlbumPosition, error) {
	if heading, err := r.ledger.HeadingBefore(ctx, h.Album, h.Sort); heading != "" || err != nil {
		return photos.AlbumPosition{Position: photos.AfterEnrichmentItem, RelativeEnrichmentItemID: heading}, err
	}
	item, _, err := r.ledger.Neighbour(ctx, h.Album, h.Sort)
	if item == "" {
		return photos.AlbumPosition{Position: photos.FirstInAlbum}, err
	}
	return photos.AlbumPosition{Position: photos.AfterMediaItem, RelativeMediaItemID: item}, err
}

// enrichment is a heading in the API's words.
func enrichment(h ledger.Heading) (item photos.NewEnrichmentItem) {
	if h.Kind != string(PlaceHeadings) {
		item.TextEnrichment = &photos.TextEnrichment{Text: h.Text}
		return item
	}
	item.LocationEnrichment = &photos.LocationEnrichment{Location: photos.Location{LocationName: h.Text}}
	if lat, lon, ok := headings.Coordinates(h.Text); ok {
		item.LocationEnrichment.Location.Latlng = &photos.LatLng{Latitude: lat, Longitude: lon}
	}
	return item
}

// judgeOnce lets only those calls be made again of which it is certain that the service did nothing.
func judgeOnce(err error) retry.Failure {
	f := judgeCall(err)
	if maybeDone(err) {
		f.Kind = retry.Failure{}.Kind
	}
	return f
}

// maybeDone tells whether the service may have done what it was asked although the call failed: whatever is no refusal.
func maybeDone(err error) bool {
	dial := (*net.OpError)(nil)
	switch photos.Classify(err) {
	case photos.ClassTransient, photos.ClassUnknown, photos.ClassCancelled:
		return !(errors.As(err, &dial) && dial.Op == "dial")
	}
	return false
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
		r.tally.Warn(fmt.Sprintf("album %q: the heading %q is not there any more, as it seems; what belongs behind it goes behind the item before it", a.Title, h.Text))
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
