package pipeline

import (
	"bytes"
	"context"
	"slices"

	"github.com/albumwright/albumwright/internal/ledger"
)

// stands notes a place in an album, if headings are to be found theirs.
func (f *foresight) stands(in ledger.AlbumID, sort []byte) {
	if f.cfg.Headings != NoHeadings {
		f.places[in] = append(f.places[in], sort)
	}
}

// headings foresees which are added: those of groups of which something is in the album then.
func (f *foresight) headings(ctx context.Context) error {
	if f.cfg.Headings == NoHeadings {
		return nil
	}
	wanting, err := f.ledger.HeadingAlbums(ctx, f.id, string(f.cfg.Headings))
	if err != nil {
		return err
	}
	for _, id := range wanting {
		if err := f.headingsOf(ctx, id); err != nil {
			return err
		}
	}
	return nil
}

func (f *foresight) headingsOf(ctx context.Context, id ledger.AlbumID) error {
	all, err := f.ledger.Headings(ctx, id)
	if err != nil {
		return err
	}
	held, err := f.ledger.Placements(ctx, id, f.id)
	if err != nil {
		return err
	}
	places := f.places[id]
	for _, p := range held {
		places = append(places, p.Sort)
	}
	slices.SortFunc(places, bytes.Compare)
	all = slices.DeleteFunc(all, func(h ledger.Heading) bool { return h.Kind != string(f.cfg.Headings) })
	for i, h := range all {
		first, _ := slices.BinarySearchFunc(places, h.Sort, bytes.Compare)
		inside := first < len(places) && (i+1 == len(all) || bytes.Compare(places[first], all[i+1].Sort) < 0)
		if h.State == ledger.HeadingWanted && inside {
			f.plan.Requests.AddEnrichments++
		}
	}
	return nil
}
