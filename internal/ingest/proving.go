package ingest

import (
	"cmp"
	"context"
	"errors"
	"maps"
	"path/filepath"
	"slices"

	"github.com/albumwright/albumwright/internal/card"
	"github.com/albumwright/albumwright/internal/offload"
)

// stillThere tells whether an error about a file is one about the card.
func (r *run) stillThere(ctx context.Context) error {
	err := r.cfg.Card.Same(ctx, r.fs)
	if errors.Is(err, offload.ErrGone) || ctx.Err() != nil {
		return err
	}
	return nil
}

// prove reads back. A file that is not what the history says it was has no known copies; a copy that is not what it should be is none.
func (r *run) prove(ctx context.Context, row *row) error {
	dirs, paths := row.where(r.cfg.Dests)
	if len(paths) == 0 {
		return nil
	}
	stamps := map[string]stamp{}
	for i, dir := range dirs {
		if info, err := r.fs.Lstat(paths[i]); err == nil { // before it is read: what changes behind that does not go unnoticed
			stamps[dir] = stampOf(info)
		}
	}
	proof, err := offload.Verify(ctx, r.fs, r.cfg.Card.Path(row.File), paths, *row.sums, r.cfg.Depth)
	if err != nil {
		return err
	}
	if proof.Source.Err != nil {
		if row.allKnown() && errors.Is(proof.Source.Err, offload.ErrDiffers) {
			row.copies, row.sums, row.known = map[string]*copied{}, nil, memory{}
			return nil
		}
		if err := r.stillThere(ctx); err != nil { // then it is not the file's fault
			return err
		}
		row.unreadable(reason(proof.Source.Err))
		return nil
	}
	row.warm = proof.Source.Read && !proof.Source.Cold
	for i, dir := range dirs {
		c := row.copies[dir]
		c.verified, c.stamp, c.warm = proof.Copies[i].Err == nil, stamps[dir], proof.Copies[i].Read && !proof.Copies[i].Cold
		if !c.verified {
			c.reason = reason(proof.Copies[i].Err)
		}
	}
	if row.end == Unfinished {
		row.end = r.endOf(row)
	}
	return nil
}

// where are the copies that there are, in the order of the destinations.
func (row *row) where(all []string) (dirs, paths []string) {
	for _, dir := range all {
		if c := row.copies[dir]; c != nil && c.path != "" {
			dirs, paths = append(dirs, dir), append(paths, c.path)
		}
	}
	return dirs, paths
}

// allKnown tells whether no copy is of this ingest.
func (row *row) allKnown() bool {
	for _, c := range row.copies {
		if c.isNew {
			return false
		}
	}
	return true
}

// endOf is how a file ended of which all is known.
func (r *run) endOf(row *row) End {
	end := There
	for _, dir := range r.cfg.Dests {
		c := row.copies[dir]
		switch {
		case c == nil:
			row.fail(dir + ": there is no copy")
		case !c.verified:
			row.fail(dir + ": " + cmp.Or(c.reason, "not verified"))
		case c.isNew:
			end = Copied
		}
	}
	if row.end == Failed {
		return Failed
	}
	return end
}

// fail gives a file its end; what failed first counts.
func (row *row) fail(why string) {
	if row.end != Failed {
		row.end, row.reason = Failed, why
	}
}

// unreadable fails a file for what the card did.
func (row *row) unreadable(why string) {
	row.fail(why)
	row.fault = cmp.Or(row.fault, why)
}

// findElsewhere recognises content that was copied from another card, or under another name: the same size and time, and then the same bytes.
func (r *run) findElsewhere(ctx context.Context, row *row) error {
	if row.end != Unfinished || row.known.id != 0 || row.Class != card.Media || row.Tree != "" { // what is beside a photo, or in a tree, has to stay there
		return nil
	}
	m, err := r.visit.elsewhere(ctx, row.File)
	if err != nil || m.id == 0 {
		return err
	}
	r.recall(row, m)
	_, paths := row.where(r.cfg.Dests)
	if len(paths) == 0 {
		return nil
	}
	proof, err := offload.Verify(ctx, r.fs, r.cfg.Card.Path(row.File), paths, m.sums, offload.Full)
	if err == nil && proof.Good() < len(paths) {
		row.copies, row.sums = map[string]*copied{}, nil
	}
	return err
}

// remember writes into the history which copies of a file there are. One that failed its verification is not known any more: the next ingest makes another beside it.
func (r *run) remember(ctx context.Context, row *row) error {
	if row.sums == nil || row.changed {
		return nil
	}
	m := memory{sums: *row.sums, copies: map[string]string{}}
	for dir, rel := range row.known.copies {
		if !slices.Contains(r.cfg.Dests, dir) && row.known.sums == *row.sums {
			m.copies[dir] = rel // of a destination that this ingest has nothing to do with
		}
	}
	for dir, c := range row.copies {
		if rel, err := filepath.Rel(dir, c.path); c.verified && err == nil {
			m.copies[dir] = filepath.ToSlash(rel)
		}
	}
	if row.known.id != 0 && row.known.sums == m.sums && maps.Equal(row.known.copies, m.copies) {
		return nil // as the history has it
	}
	return r.visit.keep(context.WithoutCancel(ctx), row.File, m)
}
