package pipeline

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"slices"

	"github.com/albumwright/albumwright/internal/album"
	"github.com/albumwright/albumwright/internal/ledger"
	"github.com/albumwright/albumwright/internal/report"
	"github.com/albumwright/albumwright/photos"
)

// MissingAlbum is what a run does about an album that was deleted in the service.
type MissingAlbum string

// The choices. The zero value is RecreateAlbum.
const (
	RecreateAlbum  MissingAlbum = "recreate" // make it anew, with what this ledger had put there
	SkipAlbum      MissingAlbum = "skip"     // leave its files out, until another run chooses otherwise
	StopForMissing MissingAlbum = "stop"     // end the run
)

// ErrAlbumMissing ends a run that is to stop for an album that was deleted in the service.
var ErrAlbumMissing = errors.New("the album was deleted in the service")

func (m MissingAlbum) valid() error {
	switch m {
	case "", RecreateAlbum, SkipAlbum, StopForMissing:
		return nil
	}
	return fmt.Errorf("pipeline: Config.OnMissingAlbum is %q, but must be %s, %s or %s", m, RecreateAlbum, SkipAlbum, StopForMissing)
}

func missing(title string) error { return fmt.Errorf("%w: %q", ErrAlbumMissing, title) }

// knownMissing deals with albums that an earlier run has found to be missing.
func (r *run) knownMissing(albums []ledger.PendingAlbum) error {
	for _, a := range albums {
		switch {
		case a.Missing && r.cfg.OnMissingAlbum == StopForMissing:
			return missing(a.Title)
		case a.Missing && r.cfg.OnMissingAlbum == SkipAlbum:
			r.bad.add(a.ID, ledger.AlbumMissing)
		}
	}
	return nil
}

// madeAnew tells whether an album with something to put back is, or will be, there to take it.
func (r *run) madeAnew(a ledger.PendingAlbum) bool {
	return !a.Missing || r.cfg.recreates()
}

func (c Config) recreates() bool { return c.OnMissingAlbum == RecreateAlbum || c.OnMissingAlbum == "" }

// trouble deals with an error that concerns one album: its files fail, the others go on. Any other error ends the run.
func (c *committer) trouble(ctx context.Context, err error) error {
	switch class := photos.Classify(err); {
	case err == nil || ctx.Err() != nil:
		return err
	case errors.As(err, new(errFull)):
		return c.goOn(ctx)
	case errors.Is(err, album.ErrForeign):
		return c.giveUp(ctx, ledger.Failed, err.Error())
	case class == photos.ClassAlbumForeign:
		return c.giveUp(ctx, ledger.Failed, "the album "+album.ErrForeign.Error())
	case class == photos.ClassInvalid, class == photos.ClassNotFound: // not an entry's fault: the batch was split before it came here
		return c.giveUp(ctx, ledger.Failed, "the service takes nothing more into this album: "+err.Error())
	case class == photos.ClassAlbumGone && c.looked[c.album]:
		return c.giveUp(ctx, ledger.Failed, "the service knows no such album, although it was there a moment ago: "+err.Error())
	case class == photos.ClassAlbumGone:
		return c.lookForAlbum(ctx)
	}
	return err
}

// lookForAlbum finds out whether the present album, of which the service says that it is gone, really is, and does what is wanted then. One that the service
// lists is tried once more.
func (c *committer) lookForAlbum(ctx context.Context) error {
	c.looked[c.album] = true
	if err := c.hold(ctx, 3); err != nil { // to list, to make the album, to make the call again
		return err
	}
	gone := false
	err := c.persist(ctx, &c.gates.reads, func(ctx context.Context) (err error) {
		gone, err = c.albums.Gone(ctx, c.album)
		return err
	})
	if err != nil {
		return err
	}
	if gone {
		if err := c.ledger.LoseAlbum(context.WithoutCancel(ctx), c.album); err != nil {
			return err
		}
		switch c.cfg.OnMissingAlbum {
		case SkipAlbum:
			return c.giveUp(ctx, ledger.Skipped, ledger.AlbumMissing)
		case StopForMissing:
			return missing(c.title)
		}
	}
	return c.startOver(ctx)
}

// startOver brings everything that is under way into the present album once more, in order, with what the album held before if it was lost.
func (c *committer) startOver(ctx context.Context) error {
	c.drop()
	c.restarts, c.retried = c.restarts+1, true
	if err := c.loadBack(ctx); err != nil {
		return err
	}
	var parcels []*parcel
	for _, p := range c.underway {
		parcels = append(parcels, p)
	}
	slices.SortFunc(parcels, func(a, b *parcel) int { return bytes.Compare(a.Sort, b.Sort) })
	for _, p := range parcels {
		if err := c.bring(ctx, p); err != nil || c.bad.reason(c.album) != "" {
			return err
		}
	}
	return nil
}

// drop forgets what waits for a call.
func (c *committer) drop() {
	c.batches.Drop()
	c.adds.waiting, c.again = nil, nil
}

// giveUp ends all files of the present album.
func (c *committer) giveUp(ctx context.Context, state ledger.State, reason string) error {
	c.bad.add(c.album, reason)
	c.drop()
	c.adds.back = nil
	for _, p := range c.underway {
		end := ledger.End{Item: p.Item, State: state, Reason: reason}
		if err := c.ledger.Finish(context.WithoutCancel(ctx), end); err != nil {
			return err
		}
		if err := c.concluded(ctx, p, end); err != nil {
			return err
		}
	}
	return nil
}

// fate gives a parcel the end that is left for it if nothing can be put into its album.
func (b *badAlbums) fate(p *parcel) {
	switch reason := b.reason(p.album.ID); {
	case reason == "" || p.fate != nil:
	case reason == ledger.AlbumMissing:
		p.finish(ledger.Skipped, report.Skipped, reason, false)
	default:
		p.finish(ledger.Failed, report.Failed, reason, false)
	}
}
