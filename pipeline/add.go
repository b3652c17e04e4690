package pipeline

import (
	"bytes"
	"context"
	"math"
	"slices"

	"github.com/albumwright/albumwright/internal/ledger"
	"github.com/albumwright/albumwright/internal/report"
	"github.com/albumwright/albumwright/photos"
)

// MembersAPI adds media items of the library to an album; *photos.AlbumsService has it.
type MembersAPI interface {
	BatchAddMediaItems(ctx context.Context, albumID string, mediaItemIDs []string) error
}

// addition is a media item of the library that is to stand at the end of an album.
type addition struct {
	id     string
	parcel *parcel          // the file that wants it there; nil: it is put back
	back   ledger.ContentID // what is put back
	doubt  bool             // a call for it was begun before, and nobody knows what came of it
}

// additions are those of the present album that wait for their call. They and the batches are one sequence: only one of the two ever waits.
type additions struct {
	waiting []addition
	back    []ledger.Lost // what is to be put back into the present album, in order
	spare   int           // requests held back for a batch that was broken in two, and whose second part has not begun
	refused int           // media items refused since a call went through
	stuck   bool          // something cannot be put back today, so that nothing that sorts after it can be created
}

// mostRefused is how many media items in a row are refused, each by itself, before it is believed of all that wait with them.
const mostRefused = 5

// inLibrary tells whether a file can be added to its album as the media item that an earlier run has made of its content. The service adds at an album's
// end only. What this run makes has a token that is as good, and joins the batches.
func (r *run) inLibrary(p *parcel, c ledger.Content) bool {
	return p.album.ID != ledger.Library && p.place.Last && c.MediaItem != "" && !c.Matched && c.Made < r.id
}

// toAdd lets an addition wait for its call, behind everything that waits already.
func (c *committer) toAdd(ctx context.Context, a addition) error {
	if c.batches.Waiting() > 0 {
		if err := c.hold(ctx, 1); c.noRoom(err) {
			c.postpone([]addition{a})
			return nil
		} else if err != nil {
			return err
		}
		c.adds.spare++
		if err := c.batches.Flush(ctx); err != nil {
			return err
		}
	}
	if c.adds.waiting = append(c.adds.waiting, a); len(c.adds.waiting) < photos.MaxBatch {
		return nil
	}
	return c.flushAdds(ctx)
}

// flushAdds adds what waits.
func (c *committer) flushAdds(ctx context.Context) error {
	group := c.adds.waiting
	if len(group) == 0 {
		return nil
	}
	if ctx.Err() != nil {
		return context.Cause(ctx)
	}
	c.adds.waiting = nil
	if err := c.hold(ctx, 1); c.noRoom(err) {
		c.postpone(group)
		return nil
	} else if err != nil {
		return err
	}
	remote, err := c.AlbumID(ctx, c.title)
	if err != nil {
		return err
	}
	if group, err = c.settleDoubts(ctx, remote, group); err != nil {
		return err
	}
	return c.add(ctx, remote, group)
}

// postpone leaves additions to the next run: the day has no room for them.
func (c *committer) postpone(group []addition) {
	for _, a := range group {
		if a.parcel != nil {
			c.leave(a.parcel)
		} else {
			c.adds.stuck = true
		}
	}
}

// settleDoubts asks the album about additions of which an earlier run did not hear, and returns those that are still to be made.
func (c *committer) settleDoubts(ctx context.Context, remote string, group []addition) ([]addition, error) {
	if !slices.ContainsFunc(group, func(a addition) bool { return a.doubt }) {
		return group, nil
	}
	there, err := c.inAlbum(ctx, remote)
	if err != nil {
		return nil, err
	}
	var done, open []addition
	for _, a := range group {
		if there[a.id] {
			done = append(done, a)
		} else {
			open = append(open, a)
		}
	}
	if len(done) == 0 {
		return open, nil
	}
	if err := c.intendAdds(ctx, done); err != nil {
		return nil, err
	}
	return open, c.added(ctx, done)
}

// add makes the call, all or nothing to the service. Where it refuses a media item (the user has deleted it, or it came there some other way), that is found
// by halving.
func (c *committer) add(ctx context.Context, remote string, group []addition) error {
	if len(group) == 0 {
		return nil
	}
	if err := c.intendAdds(ctx, group); err != nil {
		return err
	}
	var ids []string
	for _, a := range group {
		ids = append(ids, a.id)
	}
	err := c.batchAdd(ctx, c.cfg.API.Members, remote, ids)
	class := photos.Classify(err)
	switch {
	case err == nil:
		c.adds.refused = 0
		return c.added(ctx, group)
	case ctx.Err() != nil || class != photos.ClassInvalid && class != photos.ClassNotFound:
		return err
	case len(group) == 1 || c.adds.refused >= mostRefused:
		c.adds.refused += len(group)
		return c.cannotAdd(ctx, group)
	}
	half := len(group) / 2
	if err := c.add(ctx, remote, group[:half]); err != nil {
		return err
	}
	return c.add(ctx, remote, group[half:])
}

// batchAdd makes the call until it is answered. What a call has done whose answer was lost, the album tells: whether an item can be added to an album that
// holds it, nobody has promised.
func (r *run) batchAdd(ctx context.Context, api MembersAPI, remote string, ids []string) error {
	doubt := false
	return r.persist(ctx, &r.gates.writes, func(ctx context.Context) error {
		if doubt {
			there, err := r.listAlbum(ctx, remote)
			if err != nil {
				return err
			}
			if ids = slices.DeleteFunc(ids, func(id string) bool { return there[id] }); len(ids) == 0 {
				return nil
			}
		}
		r.tally.Requests(func(q *report.Requests) { q.BatchAdds++ })
		err := api.BatchAddMediaItems(ctx, remote, ids)
		doubt = doubt || photos.Classify(err) == photos.ClassTransient
		return err
	})
}

// parts are the files and the contents put back among additions.
func parts(group []addition) (files []*parcel, back []ledger.ContentID) {
	for _, a := range group {
		if a.parcel != nil {
			files = append(files, a.parcel)
		} else {
			back = append(back, a.back)
		}
	}
	return files, back
}

func (c *committer) intendAdds(ctx context.Context, group []addition) error {
	files, back := parts(group)
	if len(files) > 0 {
		b := ledger.Batch{Run: c.id, Album: c.album}
		for _, p := range files {
			b.Items = append(b.Items, p.Item)
		}
		var err error
		if c.batch, err = c.ledger.BeginBatch(ctx, b); err != nil {
			return err
		}
	}
	return c.ledger.IntendBack(ctx, c.album, back)
}

// added records what the album holds now.
func (c *committer) added(ctx context.Context, group []addition) error {
	ctx = context.WithoutCancel(ctx)
	files, back := parts(group)
	if err := c.ledger.PutBack(ctx, c.album, back); err != nil {
		return err
	}
	for range back {
		c.tally.Added(c.title)
	}
	if len(files) == 0 {
		return nil
	}
	ends := make([]ledger.End, len(files))
	for i, p := range files {
		ends[i] = ledger.End{Item: p.Item, State: ledger.Already, MediaItem: p.adds, SHA256: p.sum, Size: p.Size}
	}
	if err := c.ledger.FinishBatch(ctx, c.batch, ends); err != nil {
		return err
	}
	for i, p := range files {
		if err := c.concluded(ctx, p, ends[i]); err != nil {
			return err
		}
	}
	return nil
}

// cannotAdd deals with media items that the service will not add. The bytes of files are sent again; what was to be put back and is no longer in the library
// has been deleted by the user.
func (c *committer) cannotAdd(ctx context.Context, group []addition) error {
	files, back := parts(group)
	if err := c.ledger.SetRemoved(context.WithoutCancel(ctx), c.album, back); err != nil || len(files) == 0 {
		return err
	}
	ends := make([]ledger.End, len(files))
	for i, p := range files {
		ends[i] = ledger.End{Item: p.Item, State: ledger.Described, SHA256: p.sum, Size: p.Size}
	}
	if err := c.ledger.FinishBatch(context.WithoutCancel(ctx), c.batch, ends); err != nil {
		return err
	}
	if err := c.hold(ctx, 1); c.noRoom(err) { // the batch that they will be in
		for _, p := range files {
			c.leave(p)
		}
		return nil
	} else if err != nil {
		return err
	}
	for _, p := range files {
		p.adds = ""
		c.again = append(c.again, p)
	}
	return nil
}

// loadBack finds out what is to be put back into the present album.
func (c *committer) loadBack(ctx context.Context) (err error) {
	c.adds.back = nil
	if c.album != ledger.Library && c.bad.reason(c.album) == "" {
		c.adds.back, err = c.ledger.Lost(ctx, c.album, nil, math.MaxInt32)
	}
	return err
}

// putBack puts back what the present album held when it was lost, as far as it sorts before a key; all of it for nil.
func (c *committer) putBack(ctx context.Context, before []byte) error {
	for len(c.adds.back) > 0 && !c.adds.stuck && (before == nil || bytes.Compare(c.adds.back[0].Sort, before) < 0) {
		l := c.adds.back[0]
		c.adds.back = c.adds.back[1:]
		if err := c.toAdd(ctx, addition{id: l.MediaItem, back: l.Content, doubt: l.Doubt}); err != nil {
			return err
		}
	}
	return nil
}
