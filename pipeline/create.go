package pipeline

import (
	"context"
	"errors"
	"strconv"

	"golang.org/x/sync/errgroup"

	"github.com/albumwright/albumwright/batch"
	"github.com/albumwright/albumwright/internal/album"
	"github.com/albumwright/albumwright/internal/flow"
	"github.com/albumwright/albumwright/internal/ledger"
	"github.com/albumwright/albumwright/internal/report"
	"github.com/albumwright/albumwright/photos"
)

// create makes media items of parcels, one batch after the other.
func (r *run) create(ctx context.Context, g *errgroup.Group, in <-chan *parcel) {
	g.Go(func() error {
		defer r.events.complete(StageCreate)
		c := &committer{
			run: r, underway: map[string]*parcel{}, twins: map[ledger.ItemID][]*parcel{}, albumIDs: map[string]ledger.AlbumID{},
		}
		var err error
		if c.batches, err = c.newBatches(); err != nil {
			return err
		}
		for {
			p, ok, err := flow.Receive(ctx, in)
			if err != nil {
				return err
			}
			if !ok {
				r.events.complete(StageUpload)
				return c.finishAlbum(ctx)
			}
			if err := c.take(ctx, p); err != nil {
				return err
			}
		}
	})
}

// committer is the create stage's memory: what is in the batch that is being filled or under way, and what has to be tried again. It is used by
// one goroutine.
type committer struct {
	*run
	batches  *batch.Committer
	underway map[string]*parcel          // by key, until their end
	twins    map[ledger.ItemID][]*parcel // files whose content another file brings, until that one's end
	retried  bool                        // items of the present album were tried again before it was complete
	again    []*parcel                   // items of the present album that the service said to try again
	albumIDs map[string]ledger.AlbumID   // by title
	album    ledger.AlbumID              // the album that is being filled
	working  ledger.AlbumID              // the album of the batch that is under way
	batch    ledger.BatchID              // the batch that is under way
}

func (c *committer) newBatches() (*batch.Committer, error) {
	return batch.New(batch.Config{
		API: steadyMediaItems{countedMediaItems{c.cfg.API.MediaItems, c.tally}, c.run}, Journal: c, Sinks: sinks,
	})
}

func key(item ledger.ItemID) string { return strconv.FormatInt(int64(item), 10) }

// take deals with the next parcel of the plan.
func (c *committer) take(ctx context.Context, p *parcel) error {
	if p.album.ID != c.album {
		if err := c.finishAlbum(ctx); err != nil {
			return err
		}
		c.album, c.retried = p.album.ID, false
	}
	if reason := c.bad.reason(p.album.ID); reason != "" && p.fate == nil {
		p.twin = nil
		p.finish(ledger.Failed, report.Failed, reason, false)
	}
	switch {
	case p.left:
		c.claims.leave(p.claim)
		return nil
	case p.fate != nil:
		return c.finish(ctx, p)
	case p.twin != nil:
		return c.follow(ctx, p)
	}
	c.albumIDs[p.album.Title] = p.album.ID
	c.underway[key(p.Item)] = p
	if !p.live(c.now()) {
		if ended, err := c.renew(ctx, p); ended || err != nil {
			return err
		}
	}
	if c.retried && !p.place.Last { // what was tried again stands between now
		var err error
		if p.place.After, p.place.Last, err = c.ledger.Neighbour(ctx, p.album.ID, p.Sort); err != nil {
			return err
		}
	}
	if err := c.trouble(ctx, c.batches.Add(ctx, p.item(key(p.Item)))); err != nil {
		return err
	}
	if len(c.again) >= photos.MaxBatch && c.batches.Waiting() == 0 {
		return c.tryAgain(ctx)
	}
	return nil
}

// finishAlbum creates what is left of an album before the next one begins.
func (c *committer) finishAlbum(ctx context.Context) error {
	if err := c.trouble(ctx, c.batches.Flush(ctx)); err != nil {
		return err
	}
	return c.tryAgain(ctx)
}

// follow lets a parcel wait for the file that brings its content. If that one's end is known already, the ledger has it.
func (c *committer) follow(ctx context.Context, p *parcel) error {
	if owner, ok := c.underway[key(p.twin.item)]; ok {
		c.twins[owner.Item] = append(c.twins[owner.Item], p)
		return nil
	}
	content, _, err := c.ledger.Content(ctx, *p.sum)
	if err != nil {
		return err
	}
	v, err := c.verdict(ctx, p, content)
	if err != nil {
		return err
	}
	switch v {
	case duplicate, alreadyThere:
		p.finish(ledger.Duplicate, report.Duplicate, "", false)
	case failed:
		p.finish(ledger.Failed, report.Failed, content.Refused, true)
	default: // its twin failed for a reason of its own, or was left; the next run tries this one
		if c.cfg.Intake.Err() != nil {
			c.leave(p)
			return nil
		}
		p.finish(ledger.Failed, report.Failed, "the file with the same content failed: "+p.twin.path, false)
	}
	return c.finish(ctx, p)
}

// finish records an end without a batch.
func (c *committer) finish(ctx context.Context, p *parcel) error {
	if err := c.ledger.Finish(context.WithoutCancel(ctx), *p.fate); err != nil {
		return err
	}
	end := p.end(p.why, p.fate.Reason)
	if p.why == report.Duplicate && p.twin != nil {
		p.dupOf = p.twin.path
	}
	end.DuplicateOf = report.Text(p.dupOf)
	return c.ended(ctx, p, end)
}

// ended reports a parcel's end, and lets the claims forget it: from here on the ledger knows.
func (c *committer) ended(ctx context.Context, p *parcel, end File) error {
	delete(c.underway, key(p.Item))
	c.claims.leave(p.claim)
	c.events.done(StageCreate)
	if end.End == report.Uploaded {
		c.tally.Added(end.Album)
	}
	end, whole, err := c.together(context.WithoutCancel(ctx), p, end)
	if err == nil && whole {
		c.fileEnd(end)
	}
	return err
}

// AlbumID implements batch.Journal. Finding an album is tried again as a whole: whether one that was asked for was made, only a new listing tells.
func (c *committer) AlbumID(ctx context.Context, title string) (string, error) {
	c.working = c.albumIDs[title]
	var found album.Resolution
	err := c.persist(ctx, &c.gates.writes, func(ctx context.Context) (err error) {
		found, err = c.albums.Resolve(ctx, c.working)
		return err
	})
	if err == nil {
		c.tally.Album(report.Album{Title: found.Title, ID: found.ID, New: found.Created})
	}
	return found.ID, err
}

// Begin implements batch.Journal.
func (c *committer) Begin(ctx context.Context, in photos.BatchCreateRequest, items []batch.Item) error {
	b := ledger.Batch{Run: c.id}
	if in.AlbumPosition != nil {
		b.Position, b.Relative = string(in.AlbumPosition.Position), in.AlbumPosition.RelativeMediaItemID
	}
	for _, it := range items {
		p := c.underway[it.Key]
		b.Album = p.album.ID
		b.Items = append(b.Items, p.Item)
	}
	var err error
	c.working = b.Album
	c.batch, err = c.ledger.BeginBatch(ctx, b)
	return err
}

// Done implements batch.Journal.
func (c *committer) Done(ctx context.Context, outcomes []batch.Outcome) error {
	parcels := make([]*parcel, len(outcomes))
	ends := make([]ledger.End, len(outcomes))
	for i, o := range outcomes {
		parcels[i] = c.underway[o.Key]
		ends[i] = parcels[i].outcome(o, c.now())
	}
	if err := c.ledger.FinishBatch(ctx, c.batch, ends); err != nil {
		return err
	}
	for i, p := range parcels {
		if !ends[i].State.Ended() {
			c.again = append(c.again, p)
			continue
		}
		if err := c.concluded(ctx, p, ends[i]); err != nil {
			return err
		}
	}
	return nil
}

// concluded reports an item's end, and gives files with the same content the end that follows from it.
func (c *committer) concluded(ctx context.Context, p *parcel, end ledger.End) error {
	line := p.end(reportEnd(end.State), end.Reason)
	line.ID, line.Notes = end.MediaItem, p.notes()
	if err := c.ended(ctx, p, line); err != nil {
		return err
	}
	for _, twin := range c.twins[p.Item] {
		if end.State.Delivered() {
			twin.finish(ledger.Duplicate, report.Duplicate, "", false)
		} else {
			twin.finish(ledger.Failed, report.Failed, end.Reason, end.Permanent)
		}
		if err := c.finish(ctx, twin); err != nil {
			return err
		}
	}
	delete(c.twins, p.Item)
	return nil
}

func reportEnd(s ledger.State) report.End {
	switch s {
	case ledger.Created:
		return report.Uploaded
	case ledger.Duplicate:
		return report.Duplicate
	}
	return report.Failed
}

// trouble deals with an error that concerns one album: its files fail, the others go on. Any other error ends the run.
func (c *committer) trouble(ctx context.Context, err error) error {
	reason := ""
	switch class := photos.Classify(err); {
	case err == nil || ctx.Err() != nil:
		return err
	case errors.Is(err, album.ErrForeign):
		reason = err.Error()
	case class == photos.ClassAlbumForeign:
		reason = "the album " + album.ErrForeign.Error()
	case class == photos.ClassInvalid, class == photos.ClassNotFound: // not an entry's fault: the batch was split before it came here
		reason = "the service takes nothing more into this album: " + err.Error()
	case class == photos.ClassAlbumGone:
		reason = "the album is gone from the service; the next run makes it anew"
		if err := c.ledger.ForgetAlbum(context.WithoutCancel(ctx), c.working); err != nil {
			return err
		}
	default:
		return err
	}
	c.bad.add(c.working, reason)
	if c.working == c.album {
		c.batches.Drop()
	}
	c.again = nil
	for _, p := range c.underway {
		if p.album.ID != c.working {
			continue
		}
		end := ledger.End{Item: p.Item, State: ledger.Failed, Reason: reason}
		if err := c.ledger.Finish(context.WithoutCancel(ctx), end); err != nil {
			return err
		}
		if err := c.concluded(ctx, p, end); err != nil {
			return err
		}
	}
	return nil
}
