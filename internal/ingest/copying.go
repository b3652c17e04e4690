package ingest

import (
	"cmp"
	"context"
	"encoding/hex"
	"errors"
	"fmt"
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
	var err error
	for _, g := range groups {
		if err = r.group(ctx, g); err != nil {
			break
		}
	}
	if err == nil {
		err = r.endAll(ctx)
	}
	if err != nil {
		r.giveUp(ctx, err)
	}
	return err
}

func earliest(g card.Group) time.Time {
	return slices.MinFunc(g.Files, func(a, b card.File) int { return a.ModTime.Compare(b.ModTime) }).ModTime
}

// group copies and proves what belongs together. A tree is copied file by file: its place was found for all of it, and what is copied of it stays if the card is pulled.
func (r *run) group(ctx context.Context, g card.Group) error {
	if r.cfg.Intake.Err() != nil {
		return errStopped
	}
	rows := make([]*row, len(g.Files))
	for i, f := range g.Files {
		rows[i] = r.at[f.Rel]
	}
	if len(r.cfg.Dests) == 0 {
		r.handOver(rows)
		return nil
	}
	paths := sync.OnceValues(func() (map[string]string, error) { return r.paths(g) }) // what is all copied need not be looked into
	together := [][]*row{rows}
	if g.Tree != "" {
		if err := r.endAll(ctx); err != nil { // its place is where nothing stands by then
			return err
		}
		together = slices.Collect(slices.Chunk(rows, 1))
	}
	for _, rows := range together {
		if r.cfg.Intake.Err() != nil {
			return errStopped
		}
		if err := r.begin(ctx, rows, paths); err != nil {
			return err
		}
	}
	return nil
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

// file is a row as the report shows it.
func (r *run) file(row *row) File {
	f := File{
		Path: report.Text(row.Rel), Size: row.Size, ModTime: row.ModTime, Class: row.Class, Why: row.Why, End: row.end, Reason: cmp.Or(row.reason, row.fault), Upload: row.upload,
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
