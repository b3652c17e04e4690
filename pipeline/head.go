package pipeline

import (
	"context"
	"errors"
	"fmt"
	"net"

	"github.com/albumwright/albumwright/internal/headings"
	"github.com/albumwright/albumwright/internal/ledger"
	"github.com/albumwright/albumwright/internal/report"
	"github.com/albumwright/albumwright/internal/retry"
	"github.com/albumwright/albumwright/photos"
)

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
		r.warn(lostHeading(a.Title, h.Text))
		if ctx.Err() == nil && r.answers(ctx) {
			return true, ended
		}
	case ledger.HeadingRefused:
		r.warn(fmt.Sprintf("album %q: the service refused the heading %q: %v", a.Title, h.Text, err))
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
