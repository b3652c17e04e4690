package pipeline

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"
	"sync"
	"time"

	"github.com/albumwright/albumwright/batch"
	"github.com/albumwright/albumwright/internal/ledger"
	"github.com/albumwright/albumwright/internal/retry"
	"github.com/albumwright/albumwright/photos"
	"github.com/albumwright/albumwright/upload"
)

// outcome says what a batch's outcome means for one item: an end, or that it is tried again, with the same token (Sent) or with a new one
// (Described).
func (p *parcel) outcome(o batch.Outcome, now time.Time) ledger.End {
	end := ledger.End{Item: p.Item, State: ledger.Created, MediaItem: o.MediaItemID}
	if o.Err == nil {
		if o.Description == batch.FitDescription(p.Description) {
			end.Given = &o.Description // else it was there before, or the answer leaves it out: what it has is not known
		}
		if p.doubled {
			end.State = ledger.Duplicate
		}
		return end
	}
	p.tries++
	end.Reason = o.Err.Error()
	refusal := (*batch.ItemError)(nil)
	switch {
	case p.stale(o.Err, now):
		p.renewed, p.token, end.State = true, "", ledger.Described
	case worthAnother(o.Err) && p.tries < itemTries:
		p.doubled = p.doubled || errors.As(o.Err, &refusal) && refusal.Code == photos.CodeAlreadyExists
		end.State = ledger.Sent
	default:
		end.State = ledger.Failed
		end.Permanent = errors.As(o.Err, &refusal) && refusal.Permanent()
	}
	return end
}

// stale tells whether the service may have forgotten the upload token: it says so of the whole call, or it refuses, like junk, an item whose token
// was used before or is from an earlier run. The bytes are then sent again, once.
func (p *parcel) stale(err error, now time.Time) bool {
	if p.renewed {
		return false
	}
	refusal := (*batch.ItemError)(nil)
	doubtful := p.oldToken || !p.live(now) // a machine can sleep for a day between two lines of code
	return photos.Classify(err) == photos.ClassInvalidToken || doubtful && errors.As(err, &refusal) && refusal.Code == photos.CodeInvalidArgument
}

// worthAnother tells whether an item may go through by itself if it is tried again: what passes by itself, what nobody knows the outcome of, and what
// the service took for a copy of another item of the same call (created in a call of its own, it gets that one's id).
func worthAnother(err error) bool {
	refusal := (*batch.ItemError)(nil)
	if errors.Is(err, batch.ErrNoResult) {
		return true
	}
	if !errors.As(err, &refusal) {
		return false
	}
	switch refusal.Code {
	case photos.CodeInternal, photos.CodeUnavailable, photos.CodeResourceExhausted, photos.CodeAborted, photos.CodeDeadlineExceeded, photos.CodeAlreadyExists:
		return true
	}
	return false
}

// tryAgain creates what the service said to try again, each at its place among what the album holds by now, until all of it has its end.
func (c *committer) tryAgain(ctx context.Context) error {
	for len(c.again) > 0 {
		c.retried = true
		items := c.again
		c.again = nil
		if err := c.pause(ctx, items); err != nil {
			return err
		}
		if err := c.createAgain(ctx, items); err != nil {
			return err
		}
	}
	return nil
}

// pause waits before another try, longer each time; before a first one it does not.
func (c *committer) pause(ctx context.Context, items []*parcel) error {
	var failed retry.Counts
	for _, p := range items {
		failed[retry.Transient] = max(failed[retry.Transient], p.tries)
	}
	if failed[retry.Transient] == 0 {
		return nil
	}
	delay, _ := retry.Policy{}.Next(retry.Failure{Kind: retry.Transient}, failed, rand.Float64())
	c.events.send(Waiting{For: fmt.Sprintf("trying again: %d media items", len(items)), Until: c.now().Add(delay)})
	return c.cfg.Clock.Sleep(ctx, delay)
}

func (c *committer) createAgain(ctx context.Context, items []*parcel) error {
	slices.SortFunc(items, func(a, b *parcel) int { return bytes.Compare(a.Sort, b.Sort) })
	restarts := c.restarts
	over := func() bool { return c.restarts != restarts || c.bad.reason(c.album) != "" } // they are dealt with elsewhere
	batches, err := c.newBatches()
	if err != nil {
		return err
	}
	for _, p := range items {
		if !p.live(c.now()) {
			if ended, err := c.renew(ctx, p); err != nil {
				return err
			} else if ended {
				continue
			}
		}
		if err := c.findPlace(ctx, p); err != nil {
			return err
		}
		if err := c.trouble(ctx, c.toCreate(ctx, batches, p)); err != nil || over() {
			return err
		}
		if p.doubled { // by itself: what it doubles may be in the same call again
			if err := c.trouble(ctx, batches.Flush(ctx)); err != nil || over() {
				return err
			}
		}
	}
	return c.trouble(ctx, batches.Flush(ctx))
}

// renew sends the bytes of an item again whose token the service has forgotten, or is about to. If that fails for a reason of the file's own, the item has
// ended; if the intake has, or the day, the next run takes it.
func (c *committer) renew(ctx context.Context, p *parcel) (ended bool, err error) {
	_, err = c.sendBytes(ctx, p, p.sum, nil, func(res upload.Result) error {
		p.token, p.issued = res.Token.Value, res.Token.Issued
		return c.ledger.Sent(context.WithoutCancel(ctx), p.Item, p.won(res))
	})
	c.refund(p)
	switch {
	case err == nil:
		return false, nil
	case errors.Is(err, errStopped), c.noRoom(err), ctx.Err() == nil && ownFault(err) && c.away(p.path()):
		c.leave(p)
		return true, nil
	case ctx.Err() == nil && ownFault(err):
		end := ledger.End{Item: p.Item, State: ledger.Failed, Reason: cause(err)}
		return true, errors.Join(c.ledger.Finish(context.WithoutCancel(ctx), end), c.concluded(ctx, p, end))
	}
	return false, err
}

// leave leaves a parcel, and those that wait for it, to the next run.
func (c *committer) leave(p *parcel) {
	delete(c.underway, key(p.Item))
	delete(c.twins, p.Item)
	c.claims.leave(p.claim)
}

// badAlbums are the albums that nothing can be put into any more in this run. It is safe for concurrent use.
type badAlbums struct {
	mu      sync.Mutex
	reasons map[ledger.AlbumID]string // guarded by mu
}

func (b *badAlbums) add(id ledger.AlbumID, reason string) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.reasons == nil {
		b.reasons = map[ledger.AlbumID]string{}
	}
	b.reasons[id] = reason
}

// reason is why nothing can be put into an album, or "".
func (b *badAlbums) reason(id ledger.AlbumID) string {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.reasons[id]
}
