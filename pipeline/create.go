package pipeline

import (
	"context"
	"strconv"

	"golang.org/x/sync/errgroup"

	"github.com/albumwright/albumwright/batch"
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
			looked: map[ledger.AlbumID]bool{}, next: map[ledger.AlbumID]*ledger.PendingAlbum{},
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
				if err := c.finishAlbum(ctx); err != nil {
					return err
				}
				return c.fillLost(ctx)
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
	underway map[string]*parcel                      // by key, until their end
	twins    map[ledger.ItemID][]*parcel             // files whose content another file brings, until that one's end
	around   bool                                    // what may stand in the present album already was settled
	retried  bool                                    // the present album is no longer what it was when places in it were found
	again    []*parcel                               // items of the present album that the service said to try again
	albumIDs map[string]ledger.AlbumID               // by title
	next     map[ledger.AlbumID]*ledger.PendingAlbum // where it goes on after an album that turned out to be full
	adds     additions
	album    ledger.AlbumID          // the album that is being filled
	title    string                  // of that album
	looked   map[ledger.AlbumID]bool // albums that were looked for, because the service said that they are gone
	moves    int                     // how often a batch turned out to stand elsewhere
	restarts int                     // how often an album was begun again
	batch    ledger.BatchID          // the batch that is under way
	begun    int                     // batches of the present album that were begun
}

func (c *committer) newBatches() (*batch.Committer, error) {
	return batch.New(batch.Config{
		API: steadyMediaItems{countedMediaItems{c.cfg.API.MediaItems, c.tally}, c.run}, Journal: c, Sinks: sinks, Misplaced: c.misplaced,
	})
}

func key(item ledger.ItemID) string { return strconv.FormatInt(int64(item), 10) }

// take deals with the next parcel of the plan.
func (c *committer) take(ctx context.Context, p *parcel) error {
	if _, full := c.next[p.album.ID]; full {
		if moved, err := c.redirect(ctx, p); err != nil || !moved {
			return err
		}
	}
	if p.album.ID != c.album {
		if err := c.finishAlbum(ctx); err != nil {
			return err
		}
		if err := c.beginAlbum(ctx, p.album); err != nil {
			return err
		}
	}
	if c.bad.fate(p); p.fate != nil {
		p.twin = nil
	}
	if p.around && !c.around {
		if err := c.settleTried(ctx); err != nil {
			return err
		}
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
	c.underway[key(p.Item)] = p
	if err := c.bring(ctx, p); err != nil {
		return err
	}
	if len(c.again) >= photos.MaxBatch && c.batches.Waiting() == 0 {
		return c.tryAgain(ctx)
	}
	return nil
}

// beginAlbum goes on to an album.
func (c *committer) beginAlbum(ctx context.Context, a *ledger.PendingAlbum) error {
	c.album, c.title, c.retried, c.around, c.adds, c.begun = a.ID, a.Title, c.strayed(a.ID), false, additions{}, 0
	c.albumIDs[a.Title] = a.ID
	return c.loadBack(ctx)
}

// settleTried finds out about what may stand in the album already, so that the rest finds its place around it.
func (c *committer) settleTried(ctx context.Context) error {
	c.around, c.retried = true, true
	for restarts := -1; restarts != c.restarts; {
		restarts = c.restarts
		for _, step := range []func(context.Context) error{c.flushAdds, c.batches.Flush, c.tryAgain} {
			if err := c.trouble(ctx, step(ctx)); err != nil {
				return err
			}
		}
	}
	c.batches.Drop() // none wait; but what comes next at the same place does not go behind what was settled there
	return nil
}

// bring puts a parcel into its album, behind what sorts before it.
func (c *committer) bring(ctx context.Context, p *parcel) error {
	restarts := c.restarts
	if err := c.trouble(ctx, c.putBack(ctx, p.Sort)); err != nil || restarts != c.restarts || c.bad.reason(c.album) != "" {
		return err // or it was brought along with all others, or given up
	}
	switch {
	case c.adds.stuck:
		c.leave(p)
		return nil
	case p.adds != "":
		return c.trouble(ctx, c.toAdd(ctx, addition{id: p.adds, parcel: p, doubt: p.Doubt}))
	}
	if err := c.trouble(ctx, c.flushAdds(ctx)); err != nil || restarts != c.restarts || c.bad.reason(c.album) != "" {
		return err
	}
	if c.adds.stuck {
		c.leave(p)
		return nil
	}
	if !p.live(c.now()) {
		if ended, err := c.renew(ctx, p); ended || err != nil {
			return err
		}
	}
	if c.retried && !p.place.Last {
		if err := c.findPlace(ctx, p); err != nil {
			return err
		}
	}
	c.adds.spare = 0
	return c.trouble(ctx, c.toCreate(ctx, c.batches, p))
}

// finishAlbum creates and adds what is left of an album before the next one begins; all of it once more if the album had to be made anew meanwhile.
func (c *committer) finishAlbum(ctx context.Context) error {
	steps := []func(context.Context) error{func(ctx context.Context) error { return c.putBack(ctx, nil) }, c.flushAdds, c.batches.Flush, c.tryAgain}
	for restarts := -1; restarts != c.restarts; {
		restarts = c.restarts
		for _, step := range steps {
			if err := c.trouble(ctx, step(ctx)); err != nil {
				return err
			}
		}
	}
	if c.adds.spare > 0 {
		c.purse.budget.Release(c.adds.spare)
	}
	if _, goesOn := c.next[c.album]; !goesOn { // else its files take along what was held for them
		c.purse.done(c.album, c.begun)
	}
	return nil
}

// fillLost puts back what is left to be put back into albums that no file is wanted in.
func (c *committer) fillLost(ctx context.Context) error {
	albums, err := c.ledger.LostAlbums(ctx)
	if err != nil {
		return err
	}
	for _, a := range albums {
		if _, begun := c.albumIDs[a.Title]; begun || !c.fillsLost(a) || c.cfg.Intake.Err() != nil {
			continue
		}
		if err := c.beginAlbum(ctx, &a); err != nil {
			return err
		}
		if err := c.finishAlbum(ctx); err != nil {
			return err
		}
	}
	return nil
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
		if c.cfg.Intake.Err() != nil || c.someAway.Load() {
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
	end.Permanent = p.fate.Permanent
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
	if end.End == report.Uploaded || end.End == report.AlreadyThere && p.adds != "" {
		c.tally.Added(end.Album)
	}
	end, whole, err := c.together(context.WithoutCancel(ctx), p, end)
	if err == nil && whole {
		c.fileEnd(end)
	}
	return err
}
