package pipeline

import (
	"cmp"
	"context"

	"github.com/albumwright/albumwright/batch"
	"github.com/albumwright/albumwright/internal/album"
	"github.com/albumwright/albumwright/internal/ledger"
	"github.com/albumwright/albumwright/internal/report"
	"github.com/albumwright/albumwright/photos"
)

// AlbumID implements batch.Journal. Finding an album is tried again as a whole: whether one that was asked for was made, only a new listing tells.
func (c *committer) AlbumID(ctx context.Context, title string) (string, error) {
	var found album.Resolution
	err := c.persist(ctx, &c.gates.writes, func(ctx context.Context) (err error) {
		found, err = c.albums.Resolve(ctx, c.albumIDs[title])
		return err
	})
	if err == nil {
		c.tally.Album(report.Album{Title: found.Title, ID: found.ID, New: found.Created})
	}
	return found.ID, err
}

// Begin implements batch.Journal.
func (c *committer) Begin(ctx context.Context, in photos.BatchCreateRequest, items []batch.Item) error {
	c.begun++
	b := ledger.Batch{Run: c.id}
	if in.AlbumPosition != nil {
		b.Position, b.Relative = string(in.AlbumPosition.Position), cmp.Or(in.AlbumPosition.RelativeMediaItemID, in.AlbumPosition.RelativeEnrichmentItemID)
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
	parcels := make([]*parcel, len(outcomes))
	ends := make([]ledger.End, len(outcomes))
	for i, o := range outcomes {
		parcels[i] = c.underway[o.Key]
		ends[i] = parcels[i].outcome(o, c.now())
		if c.planned.isTyped(parcels[i].path()) {
			ends[i].Given = nil
		}
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
	line.ID, line.Notes, line.Permanent = end.MediaItem, p.notes(), end.Permanent
	if err := c.ended(ctx, p, line); err != nil {
		return err
	}
	for _, twin := range c.twins[p.Item] {
		if end.State.Delivered() {
			twin.finish(ledger.Duplicate, report.Duplicate, "", false)
		} else {
			twin.finish(end.State, reportEnd(end.State), end.Reason, end.Permanent)
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
	case ledger.Already:
		return report.AlreadyThere
	case ledger.Skipped:
		return report.Skipped
	}
	return report.Failed
}
