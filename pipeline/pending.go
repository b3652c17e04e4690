package pipeline

import (
	"bytes"
	"context"
	"errors"
	"slices"

	"golang.org/x/sync/errgroup"

	"github.com/albumwright/albumwright/internal/ledger"
)

// pending brings the run's unfinished files back from the ledger: album after album, in capture order, each with its place. Who keeps one makes it their own: most of a plan is looked at once.
func (r *run) pending(ctx context.Context, g *errgroup.Group) <-chan *parcel {
	out := make(chan *parcel)
	g.Go(func() error {
		defer close(out)
		defer r.purse.close()
		albums, err := r.ledger.PendingAlbums(ctx, r.id)
		if err != nil {
			return err
		}
		r.announce(albums)
		if err := r.knownMissing(albums); err != nil {
			return err
		}
		if err := r.purse.owe(ctx, albums); err != nil {
			return err
		}
		for _, a := range albums {
			if a.Sent == 0 && r.spent() != nil {
				continue
			}
			if err := r.pendingOf(ctx, a, out); err != nil {
				return ifStopped(err)
			}
		}
		return nil
	})
	return out
}

// ifStopped lets the end of the intake pass as a normal end.
func ifStopped(err error) error {
	if errors.Is(err, errStopped) {
		return nil
	}
	return err
}

// announce says how much there is to do.
func (r *run) announce(albums []ledger.PendingAlbum) {
	var files int
	var bytes int64
	for _, a := range albums {
		files, bytes = files+a.Items, bytes+a.Bytes
	}
	r.events.progress(StageUpload, func(p *Progress) { p.Total, p.TotalBytes = files, bytes })
	r.events.progress(StageCreate, func(p *Progress) { p.Total = files })
}

func (r *run) pendingOf(ctx context.Context, a ledger.PendingAlbum, out chan<- *parcel) error {
	return r.eachPending(ctx, a, func(p parcel) error {
		if r.moved.has(p.Item) { // it is under way from the album before
			return nil
		}
		return r.dispatch(ctx, &p, out)
	})
}

// eachPending goes through the unfinished files of one album in their order, page by page, each with its place. Who keeps one makes it their own: most of a plan is looked at once.
func (r *run) eachPending(ctx context.Context, a ledger.PendingAlbum, visit func(parcel) error) error {
	var at places
	var behind []byte // what sorts before it would stand in an earlier volume
	if a.Continues != "" {
		var err error
		if behind, err = r.ledger.Behind(ctx, r.id, a.ID); err != nil {
			return err
		}
	}
	if a.ID != ledger.Library {
		held, err := r.ledger.Placements(ctx, a.ID, r.id)
		if err != nil {
			return err
		}
		at.held = held
		if at.headings, err = r.stand(ctx, a.ID); err != nil {
			return err
		}
	}
	if a.ID != ledger.Library && a.Tried > 0 {
		return r.eachPendingAround(ctx, a, at, behind, visit)
	}
	return r.eachOf(ctx, a, &at, behind, visit)
}

// eachPendingAround goes through an album in which some files may stand already, since nobody heard what came of their calls. They come first, and what comes then
// finds its place around them: behind the others they would be taken for new ones, at whose end everything else goes.
func (r *run) eachPendingAround(ctx context.Context, a ledger.PendingAlbum, at places, behind []byte, visit func(parcel) error) error {
	tried, visited := at, map[ledger.ItemID]bool{}
	err := r.eachOf(ctx, a, &tried, behind, func(p parcel) error {
		if !p.Tried {
			return nil
		}
		visited[p.Item] = true
		at.held = append(at.held[:len(at.held):len(at.held)], ledger.Placement{Sort: p.Sort, MediaItem: "tried " + key(p.Item)})
		return visit(p)
	})
	if err != nil {
		return err
	}
	slices.SortStableFunc(at.held, func(a, b ledger.Placement) int { return bytes.Compare(a.Sort, b.Sort) })
	return r.eachOf(ctx, a, &at, behind, func(p parcel) error {
		if visited[p.Item] { // and perhaps still there: one that became another file begins anew, as one that was never tried
			return nil
		}
		p.around = true
		return visit(p)
	})
}

// eachOf pages through an album's files.
func (r *run) eachOf(ctx context.Context, a ledger.PendingAlbum, at *places, behind []byte, visit func(parcel) error) error {
	for cursor := (ledger.Cursor{}); ; {
		page, err := r.ledger.Pending(ctx, r.id, a.ID, cursor, pageSize)
		if err != nil || len(page) == 0 {
			return err
		}
		for _, p := range page {
			cursor = p.Cursor()
			next := parcel{Pending: p, album: &a}
			next.place, next.doubt = at.next(p.Sort)
			next.behind = at.before()
			if string(p.Sort) < string(behind) {
				next.full = a.Continues
			}
			if err := visit(next); err != nil {
				return err
			}
		}
		if len(page) < pageSize { // while a run sends, no album gets further items
			return nil
		}
	}
}
