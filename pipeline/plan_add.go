package pipeline

import (
	"context"
	"math"
	"slices"

	"github.com/albumwright/albumwright/batch"
	"github.com/albumwright/albumwright/internal/ledger"
	"github.com/albumwright/albumwright/internal/plan"
	"github.com/albumwright/albumwright/photos"
)

// withLost appends the albums into which nothing but what they held is to be put.
func (f *foresight) withLost(ctx context.Context, albums []ledger.PendingAlbum) ([]ledger.PendingAlbum, error) {
	lost, err := f.ledger.LostAlbums(ctx)
	for _, a := range lost {
		if f.fillsLost(a) && !slices.ContainsFunc(albums, func(p ledger.PendingAlbum) bool { return p.ID == a.ID }) {
			albums = append(albums, a)
		}
	}
	return albums, err
}

// lost is what will be put back into an album.
func (f *foresight) lost(ctx context.Context, a ledger.PendingAlbum) ([]ledger.Lost, error) {
	if !f.madeAnew(a) {
		return nil, nil
	}
	return f.ledger.Lost(ctx, a.ID, nil, math.MaxInt32)
}

// add foresees an addition, of what is put back into an album if one is given. If an earlier run may have made it, the album is asked first.
func (f *foresight) add(back *plan.Album, calls *sequence, doubt bool) {
	calls.add()
	if back != nil {
		back.PutBack++
	}
	if doubt {
		f.plan.Requests.Searches, f.plan.ListsAtLeast = max(f.plan.Requests.Searches, 1), true
	}
}

// sequence counts the calls that fill one album. Creates and adds are one sequence, in which a change of kind begins another call.
type sequence struct {
	title         string
	grouper       batch.Grouper
	around        bool // what may stand in the album already is done with
	adding        int  // in the last call, if that adds
	creates, adds int
}

func (s *sequence) create(p *parcel) {
	s.adding = 0
	if p.around && !s.around {
		s.around = true
		s.grouper.Break()
	}
	if starts, _ := s.grouper.Next(s.title, p.place); starts {
		s.creates++
	}
}

func (s *sequence) add() {
	s.grouper.Break()
	if s.adding == 0 || s.adding == photos.MaxBatch {
		s.adds, s.adding = s.adds+1, 0
	}
	s.adding++
}
