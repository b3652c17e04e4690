package pipeline

import (
	"context"
	"errors"
	"slices"

	"github.com/albumwright/albumwright/batch"
	"github.com/albumwright/albumwright/internal/ledger"
	"github.com/albumwright/albumwright/internal/report"
	"github.com/albumwright/albumwright/photos"
)

// SearchAPI lists what an album holds; *photos.MediaItemsService has it.
type SearchAPI interface {
	SearchPage(ctx context.Context, in photos.SearchRequest, token string) (items []photos.MediaItem, next string, err error)
}

// errEndless is a listing of an album that would never end. What it left out cannot be told from what is not there.
var errEndless = errors.New("the service answers the listing of an album with the page that it was asked to follow")

// inAlbum lists the ids of what an album really holds, 100 in a request.
func (r *run) inAlbum(ctx context.Context, remote string) (held map[string]bool, err error) {
	err = r.persist(ctx, &r.gates.reads, func(ctx context.Context) error {
		held, err = r.listAlbum(ctx, remote)
		return err
	})
	return held, err
}

// listAlbum does it once, and holds a request of the day back for each page.
func (r *run) listAlbum(ctx context.Context, remote string) (map[string]bool, error) {
	held := map[string]bool{} // not more than fit into an album
	for token := ""; ; {
		if err := r.hold(ctx, 1); err != nil {
			return nil, err
		}
		r.tally.Requests(func(q *report.Requests) { q.Searches++ })
		page, next, err := r.cfg.API.Search.SearchPage(ctx, photos.SearchRequest{AlbumID: remote}, token)
		if err != nil {
			return nil, err
		}
		for _, item := range page {
			held[item.ID] = true
		}
		switch next {
		case "":
			return held, nil
		case token:
			return nil, errEndless
		}
		token = next
	}
}

// misplaced is asked about a call that was refused and was to go behind a media item or a heading. If the user has taken that out of the album, the items go behind the
// next earlier one that is still there.
func (c *committer) misplaced(ctx context.Context, in photos.BatchCreateRequest, items []batch.Item) (place batch.Place, moved bool, err error) {
	p := c.underway[items[0].Key]
	gone, noted, err := c.anchorGone(ctx, p.album.ID, in.AlbumID, *in.AlbumPosition)
	c.retried = c.retried || gone || noted > 0
	switch {
	case err != nil:
		return batch.Place{}, false, err
	case !gone:
		return batch.Place{}, false, c.full(ctx, in)
	}
	c.moves++
	err = c.findPlace(ctx, p)
	return p.place, err == nil, err
}

// anchorGone tells whether what a refused call was to go behind is no longer in its album, and notes what is missing there; noted is how many media items that
// are.
func (r *run) anchorGone(ctx context.Context, id ledger.AlbumID, remote string, at photos.AlbumPosition) (gone bool, noted int, err error) {
	if at.RelativeEnrichmentItemID != "" {
		return true, 0, r.headingGone(ctx, id, at.RelativeEnrichmentItemID)
	}
	return r.removed(ctx, id, remote, at.RelativeMediaItemID)
}

// removed tells whether a media item is no longer in its album. The album is listed for that, and everything else that is missing is noted on the way. One
// that was all there is not listed again in this run: the refusals have another reason.
func (r *run) removed(ctx context.Context, id ledger.AlbumID, remote, item string) (gone bool, noted int, err error) {
	held, err := r.ledger.Placements(ctx, id, r.id+1)
	isItem := func(p ledger.Placement) bool { return p.MediaItem == item }
	switch {
	case err != nil:
		return false, 0, err
	case !slices.ContainsFunc(held, isItem): // found out before
		return true, 0, nil
	case r.intact[id]:
		return false, 0, nil
	}
	there, err := r.inAlbum(ctx, remote)
	if err != nil {
		return false, 0, err
	}
	var missing []ledger.ContentID
	for _, p := range held {
		// What this run has made may just not be listed yet; of the item itself the refusal tells more.
		if !there[p.MediaItem] && (p.Run < r.id || isItem(p)) {
			missing = append(missing, p.Content)
		}
	}
	r.intact[id] = there[item]
	return !there[item], len(missing), r.ledger.SetRemoved(context.WithoutCancel(ctx), id, missing)
}

// findPlace places a parcel among what its album holds by now.
func (c *committer) findPlace(ctx context.Context, p *parcel) (err error) {
	p.place = batch.Place{}
	if p.place.After, p.place.Last, err = c.ledger.Neighbour(ctx, p.album.ID, p.Sort); err != nil {
		return err
	}
	if p.place.AfterHeading, err = c.ledger.HeadingAbove(ctx, p.album.ID, p.Sort); p.place.AfterHeading != "" {
		p.place.After = ""
	}
	return err
}

// toCreate gives a parcel to the batches. If what waited there has turned out to stand elsewhere, this one may as well.
func (c *committer) toCreate(ctx context.Context, batches *batch.Committer, p *parcel) error {
	moves := c.moves
	err := batches.Add(ctx, p.item(key(p.Item)))
	if err != nil || moves == c.moves || batches.Waiting() == 0 {
		return err
	}
	batches.Drop() // this one alone: the others are created
	if err := c.findPlace(ctx, p); err != nil {
		return err
	}
	return batches.Add(ctx, p.item(key(p.Item)))
}
