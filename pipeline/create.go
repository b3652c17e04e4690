package pipeline

import (
	"context"
	"errors"
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
		}
		items, err := batch.New(batch.Config{API: countedMediaItems{r.cfg.API.MediaItems, r.tally}, Journal: c})
		if err != nil {
			return err
		}
		for {
			p, ok, err := flow.Receive(ctx, in)
			if err != nil {
				return err
			}
			if !ok {
				return items.Flush(ctx)
			}
			if err := c.take(ctx, items, p); err != nil {
				return err
			}
		}
	})
}

// committer is the create stage's memory: what is in the batch that is being filled or under way. It is used by one goroutine.
type committer struct {
	*run
	underway map[string]*parcel          // by key
	twins    map[ledger.ItemID][]*parcel // files whose content another file brings, until that one's outcome is known
	albumIDs map[string]ledger.AlbumID   // by title
	batch    ledger.BatchID              // the batch that is under way
}

// take deals with the next parcel of the plan.
func (c *committer) take(ctx context.Context, items *batch.Committer, p *parcel) error {
	switch {
	case p.fate != nil:
		return c.finish(ctx, p)
	case p.twin != nil:
		return c.follow(ctx, p)
	}
	it := p.item(strconv.FormatInt(int64(p.Item), 10))
	c.underway[it.Key] = p
	c.albumIDs[p.album.Title] = p.album.ID
	return items.Add(ctx, it)
}

// follow lets a parcel wait for the file that brings its content. If that one's outcome is known already, the ledger has it.
func (c *committer) follow(ctx context.Context, p *parcel) error {
	if owner, ok := c.underway[strconv.FormatInt(int64(p.twin.item), 10)]; ok {
		c.twins[owner.Item] = append(c.twins[owner.Item], p)
		return nil
	}
	content, _, err := c.ledger.Content(ctx, *p.sum)
	if err != nil {
		return err
	}
	done, err := c.settled(ctx, p, content)
	if err == nil && !done {
		err = errors.New("pipeline: a file's twin ended, but the ledger does not know its content")
	}
	if err != nil {
		return err
	}
	return c.finish(ctx, p)
}

// finish records an end without a batch.
func (c *committer) finish(ctx context.Context, p *parcel) error {
	if err := c.ledger.Finish(context.WithoutCancel(ctx), *p.fate); err != nil {
		return err
	}
	end := p.end(p.why, p.fate.Reason)
	if p.twin != nil && p.why == report.Duplicate {
		end.DuplicateOf = report.Text(p.twin.path)
	}
	c.ended(p, end)
	return nil
}

// ended reports a parcel's end, and lets the claims forget it: from here on the ledger knows.
func (c *committer) ended(p *parcel, end File) {
	c.claims.leave(p.claim)
	c.events.done(StageCreate)
	c.fileEnd(end)
}

// AlbumID implements batch.Journal.
func (c *committer) AlbumID(ctx context.Context, title string) (string, error) {
	found, err := c.albums.Resolve(ctx, c.albumIDs[title])
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
	c.batch, err = c.ledger.BeginBatch(ctx, b)
	return err
}

// Done implements batch.Journal.
func (c *committer) Done(ctx context.Context, outcomes []batch.Outcome) error {
	ctx = context.WithoutCancel(ctx) // what the service has done is recorded, whatever happens to us
	ends := make([]ledger.End, len(outcomes))
	for i, o := range outcomes {
		ends[i] = endOf(c.underway[o.Key].Item, o)
	}
	if err := c.ledger.FinishBatch(ctx, c.batch, ends); err != nil {
		return err
	}
	for i, o := range outcomes {
		p := c.underway[o.Key]
		delete(c.underway, o.Key)
		c.outcome(p, ends[i])
		if err := c.outcomeOfTwins(ctx, p, ends[i]); err != nil {
			return err
		}
	}
	return nil
}

// endOf says a batch's outcome in the ledger's words.
func endOf(item ledger.ItemID, o batch.Outcome) ledger.End {
	if o.Err == nil {
		return ledger.End{Item: item, State: ledger.Created, MediaItem: o.MediaItemID}
	}
	refusal := (*batch.ItemError)(nil)
	return ledger.End{Item: item, State: ledger.Failed, Reason: o.Err.Error(), Permanent: errors.As(o.Err, &refusal) && refusal.Permanent()}
}

func (c *committer) outcome(p *parcel, end ledger.End) {
	line := p.end(report.Uploaded, end.Reason)
	if end.State == ledger.Failed {
		line.End = report.Failed
	}
	line.ID, line.Notes = end.MediaItem, p.notes()
	c.ended(p, line)
}

// outcomeOfTwins gives files with the same content the end that follows from their twin's.
func (c *committer) outcomeOfTwins(ctx context.Context, p *parcel, end ledger.End) error {
	for _, twin := range c.twins[p.Item] {
		if end.State == ledger.Created {
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
