package ingest

import (
	"cmp"
	"context"
	"encoding/hex"
	"errors"
	"fmt"
	"maps"
	"path/filepath"
	"slices"
	"sync"
	"time"

	"github.com/albumwright/albumwright/internal/card"
	"github.com/albumwright/albumwright/internal/offload"
	"github.com/albumwright/albumwright/internal/report"
)

// copyAll goes over the card in the order in which its files were taken, so that most of what is sent later belongs behind what was sent before. One bad file does
// not stop the rest; a card that is gone does.
func (r *run) copyAll(ctx context.Context) error {
	var list []card.File
	for _, row := range r.rows {
		if row.end == Unfinished {
			list = append(list, row.File)
		}
	}
	groups := card.Groups(list)
	slices.SortStableFunc(groups, func(a, b card.Group) int { return earliest(a).Compare(earliest(b)) })
	for _, g := range groups {
		if r.cfg.Intake.Err() != nil {
			return errStopped
		}
		if err := r.group(ctx, g); err != nil {
			return err
		}
	}
	return nil
}

func earliest(g card.Group) time.Time {
	return slices.MinFunc(g.Files, func(a, b card.File) int { return a.ModTime.Compare(b.ModTime) }).ModTime
}

// group copies and proves what belongs together. A tree is copied file by file: its place was found for all of it, and what is copied of it stays if the card is pulled.
func (r *run) group(ctx context.Context, g card.Group) error {
	rows := make([]*row, len(g.Files))
	for i, f := range g.Files {
		rows[i] = r.at[f.Rel]
	}
	if len(r.cfg.Dests) == 0 {
		return r.handOver(rows)
	}
	for _, row := range rows {
		if err := r.findElsewhere(ctx, row); err != nil {
			return err
		}
	}
	paths := sync.OnceValues(func() (map[string]string, error) { return r.paths(g) }) // what is all copied need not be looked into
	together := [][]*row{rows}
	if g.Tree != "" {
		together = slices.Collect(slices.Chunk(rows, 1))
	}
	for _, part := range together {
		if r.cfg.Intake.Err() != nil {
			return errStopped
		}
		if err := r.part(ctx, part, paths); err != nil {
			return err
		}
	}
	return nil
}

// part copies what has no copy yet, and proves all of it. What turns out to be another file than the history thought is copied as a new one.
func (r *run) part(ctx context.Context, rows []*row, paths func() (map[string]string, error)) error {
	for _, row := range rows {
		if row.sums != nil && len(r.missing(row)) == 0 {
			if err := r.prove(ctx, row); err != nil {
				return err
			}
		}
	}
	if err := r.copyPart(ctx, rows, paths); err != nil {
		return err
	}
	for _, row := range rows {
		if row.end == Unfinished && row.sums != nil {
			if err := r.prove(ctx, row); err != nil {
				return err
			}
		}
		if row.end == Unfinished {
			row.end = r.endOf(row)
		}
		if err := r.remember(ctx, row); err != nil {
			return err
		}
		r.cfg.Progress.Files.Add(1)
		r.cfg.Observe(r.file(row))
	}
	return r.handOver(rows)
}

// missing are the destinations that lack a copy and have room.
func (r *run) missing(row *row) (dirs []string) {
	for _, dir := range r.cfg.Dests {
		if row.copies[dir] == nil {
			dirs = append(dirs, dir)
		}
	}
	return dirs
}

// copyPart copies all of a group that lacks a copy somewhere.
func (r *run) copyPart(ctx context.Context, rows []*row, paths func() (map[string]string, error)) error {
	var jobs []offload.Job
	var of []*row
	var dirs [][]string
	for _, row := range rows {
		missing := r.withRoom(row)
		if row.end != Unfinished || len(missing) == 0 {
			continue
		}
		at, err := paths()
		if err != nil {
			return err
		}
		job := offload.Job{Source: r.cfg.Card.Path(row.File), Size: row.Size, ModTime: row.ModTime}
		for _, dir := range missing {
			job.Dests = append(job.Dests, join(dir, at[row.Rel]))
		}
		jobs, of, dirs = append(jobs, job), append(of, row), append(dirs, missing)
	}
	if len(jobs) == 0 {
		return nil
	}
	results, stop := offload.CopyTogether(ctx, r.fs, jobs)
	for i, res := range results {
		r.copied(of[i], dirs[i], res)
		if stop == nil && res.Err != nil {
			stop = r.stillThere(ctx)
		}
	}
	return r.outOfRoom(stop)
}

// withRoom are the destinations that lack a copy; those that are full fail at once.
func (r *run) withRoom(row *row) (dirs []string) {
	for _, dir := range r.missing(row) {
		if err := r.full[dir]; err != nil {
			row.copies[dir] = &copied{reason: reason(err)}
			continue
		}
		dirs = append(dirs, dir)
	}
	return dirs
}

// outOfRoom ends the copying if no destination has room any more.
func (r *run) outOfRoom(stop error) error {
	if stop != nil || len(r.full) < len(r.cfg.Dests) {
		return stop
	}
	return fmt.Errorf("no destination has room: %w", r.full[r.cfg.Dests[0]])
}

// copied takes in what became of one job.
func (r *run) copied(row *row, dirs []string, res offload.Result) {
	if res.Err == nil {
		if row.sums != nil && *row.sums != res.Sums { // the history's copies are of other bytes
			for dir, c := range row.copies {
				if c.path != "" {
					delete(row.copies, dir)
				}
			}
		}
		sums := res.Sums
		row.sums = &sums
	}
	for i, c := range res.Copies {
		switch {
		case c.Err == nil:
			row.copies[dirs[i]] = &copied{path: c.Path, isNew: !c.Existed}
		case res.Err == nil:
			row.copies[dirs[i]] = &copied{reason: reason(c.Err)}
			if errors.Is(c.Err, offload.ErrFull) {
				r.full[dirs[i]] = c.Err
			}
		}
	}
	switch {
	case errors.Is(res.Err, offload.ErrGone), errors.Is(res.Err, context.Canceled), errors.Is(res.Err, context.DeadlineExceeded):
	case res.Err != nil:
		row.changed = errors.Is(res.Err, offload.ErrChanged)
		row.unreadable(reason(res.Err))
	}
}

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
		stamps[dir], _ = r.stampOf(paths[i]) // before it is read: what changes behind that does not go unnoticed
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
		row.unreadable(reason(proof.Source.Err))
		return r.stillThere(ctx)
	}
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

// file is a row as the report shows it.
func (r *run) file(row *row) File {
	f := File{
		Path: report.Text(row.Rel), Size: row.Size, ModTime: row.ModTime, Class: row.Class, Why: row.Why, End: row.end, Reason: row.reason, Upload: row.upload,
	}
	if row.sums != nil {
		f.SHA256, f.XXH64 = hex.EncodeToString(row.sums.SHA256[:]), fmt.Sprintf("%016x", row.sums.XXH64)
	}
	for _, dir := range r.cfg.Dests {
		if c := row.copies[dir]; c != nil {
			out := Copy{Dir: dir, New: c.isNew, Verified: c.verified, Reason: c.reason}
			if rel, err := filepath.Rel(dir, c.path); err == nil && c.path != "" {
				out.path = filepath.ToSlash(rel)
				out.Path = report.Text(out.path)
			}
			f.Copies = append(f.Copies, out)
		}
	}
	return f
}
