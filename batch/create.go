package batch

import (
	"context"
	"errors"
	"regexp"
	"slices"
	"strconv"

	"github.com/albumwright/albumwright/photos"
)

// Sinks tells whether an error of a whole call may have its reason in one entry of it: an upload token that is empty or stale, a field that
// the service will not have. Without that entry, the others go through.
func Sinks(err error) bool {
	switch photos.Classify(err) {
	case photos.ClassInvalidToken, photos.ClassInvalid, photos.ClassNotFound:
		return true
	}
	return false
}

// mostBad is how many entries in a row are found bad before it is believed that the reason lies in no entry but in the call: an album that is full,
// a position that is gone. To find five among 50 takes about fifteen calls.
const mostBad = 5

// create makes the call for items of one place. If one of them sinks the call, it is found and taken out, and the others are created without it.
func (c *Committer) create(ctx context.Context, items []Item) error {
	in, err := c.request(ctx, items)
	if err != nil {
		return err
	}
	if err := c.cfg.Journal.Begin(ctx, in, items); err != nil {
		return err
	}
	resp, err := c.cfg.API.BatchCreate(ctx, in)
	switch {
	case err == nil:
		c.bad = 0
		return c.done(ctx, match(items, resp.NewMediaItemResults))
	case ctx.Err() != nil || !c.cfg.Sinks(err):
		return err
	}
	if moved, failed := c.move(ctx, in, items, err); moved || failed != nil {
		return failed
	}
	switch {
	case c.bad == mostBad && photos.Classify(err) != photos.ClassInvalidToken:
		return err
	case len(items) == 1 || c.bad == mostBad: // so many stale tokens in a row: they have grown old together
		return c.sunk(ctx, items, err)
	}
	return c.split(ctx, items, err)
}

// move creates items at another place if the one that they were to go to is gone.
func (c *Committer) move(ctx context.Context, in photos.BatchCreateRequest, items []Item, refusal error) (moved bool, err error) {
	_, blamed := named(refusal, len(items))
	if blamed || !positionMayBeWrong(in, refusal) || c.cfg.Misplaced == nil {
		return false, nil
	}
	place, moved, err := c.cfg.Misplaced(ctx, in, items)
	if at := position(place, place.After); !moved || err != nil || at != nil && *at == *in.AlbumPosition {
		return false, err
	}
	items = slices.Clone(items)
	for i := range items {
		items[i].Place = place
	}
	c.last = place.After
	return true, c.create(ctx, items)
}

// positionMayBeWrong tells whether a refusal can be meant for what a call goes behind.
func positionMayBeWrong(in photos.BatchCreateRequest, refusal error) bool {
	class := photos.Classify(refusal)
	return in.AlbumPosition != nil && in.AlbumPosition.RelativeMediaItemID+in.AlbumPosition.RelativeEnrichmentItemID != "" && (class == photos.ClassInvalid || class == photos.ClassNotFound)
}

// sunk gives items that sink a call their outcome.
func (c *Committer) sunk(ctx context.Context, items []Item, err error) error {
	c.bad = min(c.bad+len(items), mostBad)
	outcomes := make([]Outcome, len(items))
	for i, it := range items {
		outcomes[i] = Outcome{Key: it.Key, Err: err}
	}
	return c.done(ctx, outcomes)
}

// split takes out the entry that the error names; if it names none, the halves are tried, which finds one bad entry of 50 in a dozen calls.
func (c *Committer) split(ctx context.Context, items []Item, err error) error {
	if i, ok := named(err, len(items)); ok {
		if err := c.sunk(ctx, items[i:i+1], err); err != nil {
			return err
		}
		return c.create(ctx, slices.Delete(slices.Clone(items), i, i+1))
	}
	half := len(items) / 2
	if err := c.create(ctx, items[:half]); err != nil {
		return err
	}
	return c.create(ctx, items[half:])
}

// entry finds an index in a field path, in either spelling of JSON.
var entry = regexp.MustCompile(`(?:newMediaItems|new_media_items)\[(\d+)\]`)

// named finds the one entry that the service blames.
func named(err error, n int) (int, bool) {
	e := (*photos.Error)(nil)
	if !errors.As(err, &e) {
		return 0, false
	}
	for _, text := range append(slices.Clone(e.Fields), e.Message) {
		if m := entry.FindStringSubmatch(text); m != nil {
			i, err := strconv.Atoi(m[1])
			return i, err == nil && i < n
		}
	}
	return 0, false
}

func (c *Committer) done(ctx context.Context, outcomes []Outcome) error {
	for _, o := range outcomes {
		if o.MediaItemID != "" {
			c.last = o.MediaItemID
		}
	}
	return c.cfg.Journal.Done(context.WithoutCancel(ctx), outcomes)
}
