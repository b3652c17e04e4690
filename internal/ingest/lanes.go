package ingest

import (
	"context"
	"errors"
	"slices"

	"github.com/albumwright/albumwright/internal/card"
	"github.com/albumwright/albumwright/internal/offload"
)

// lanes is how many parts are copied at the same time: while one is read, others become durable.
const lanes = 4

// part is what is copied and proved as one: a group, or one file of a tree. Parts are begun and ended in the order of the card, by the goroutine of the run; only
// the jobs in between are done beside it.
type part struct {
	rows []*row
	jobs []offload.Job
	of   []*row     // of each job
	dirs [][]string // of each job
	// Of the jobs, when done is closed.
	done    chan struct{}
	results []offload.Result
	stop    error
}

// begin proves what has all its copies, and lets the rest be copied. What could be the same file as one under way, or want its name, waits for the end of that.
func (r *run) begin(ctx context.Context, rows []*row, paths func() (map[string]string, error)) error {
	if err := r.endWhile(ctx, func() bool { return r.twins(rows) }); err != nil {
		return err
	}
	for _, row := range rows {
		if err := r.findElsewhere(ctx, row); err != nil {
			return err
		}
	}
	for _, row := range rows {
		if row.sums != nil && len(r.missing(row)) == 0 {
			if err := r.prove(ctx, row); err != nil {
				return err
			}
		}
	}
	if err := r.endWhile(ctx, func() bool { return len(r.lanes) >= lanes }); err != nil {
		return err
	}
	p := &part{rows: rows, done: make(chan struct{})}
	if err := r.plan(p, paths); err != nil {
		return err
	}
	if err := r.endWhile(ctx, func() bool { return r.rivals(p) }); err != nil {
		return err
	}
	r.lanes = append(r.lanes, p)
	go func() {
		defer close(p.done)
		p.results, p.stop = offload.CopyTogether(ctx, r.fs, p.jobs)
	}()
	return nil
}

// plan makes a job of each file of a part that lacks a copy somewhere.
func (r *run) plan(p *part, paths func() (map[string]string, error)) error {
	for _, row := range p.rows {
		missing := r.withRoom(row)
		if row.end != Unfinished || len(missing) == 0 {
			continue
		}
		at, err := paths()
		if err != nil {
			return err
		}
		job := offload.Job{Source: r.cfg.Card.Path(row.File), Size: row.Size, ModTime: row.ModTime}
		if missing = r.offCard(row, missing, at[row.Rel]); len(missing) == 0 {
			continue
		}
		for _, dir := range missing {
			job.Dests = append(job.Dests, join(dir, at[row.Rel]))
		}
		p.jobs, p.of, p.dirs = append(p.jobs, job), append(p.of, row), append(p.dirs, missing)
	}
	return nil
}

// twins tells whether one of the files may have the content of one that is under way: the history will know it then.
func (r *run) twins(rows []*row) bool {
	return slices.ContainsFunc(r.lanes, func(p *part) bool {
		return slices.ContainsFunc(p.rows, func(a *row) bool {
			return slices.ContainsFunc(rows, func(b *row) bool { return a.Size == b.Size && a.Size > 0 && card.SameTime(a.ModTime, b.ModTime) })
		})
	})
}

// rivals tells whether a part may want a name that one under way wants, too.
func (r *run) rivals(p *part) bool {
	return slices.ContainsFunc(r.lanes, func(other *part) bool {
		return slices.ContainsFunc(other.jobs, func(a offload.Job) bool {
			return slices.ContainsFunc(p.jobs, func(b offload.Job) bool { return offload.Rivals(a, b) })
		})
	})
}

// endAll ends all parts that are under way.
func (r *run) endAll(ctx context.Context) error { return r.endWhile(ctx, func() bool { return true }) }

// endWhile ends one part after the other as long as something stands against going on.
func (r *run) endWhile(ctx context.Context, against func() bool) error {
	for len(r.lanes) > 0 && against() {
		p := r.lanes[0]
		r.lanes = r.lanes[1:]
		if err := r.finish(ctx, p); err != nil {
			return err
		}
	}
	return nil
}

// finish waits for the jobs of a part, and proves all of it. What turned out to be another file than the history thought was copied as a new one.
func (r *run) finish(ctx context.Context, p *part) error {
	<-p.done
	stop := p.stop
	for i, res := range p.results {
		if stop == nil && res.Err != nil {
			stop = r.stillThere(ctx)
		}
		if res.Err != nil && errors.Is(stop, offload.ErrGone) {
			res.Err = stop // it is not the file's fault
		}
		r.copied(p.of[i], p.dirs[i], res)
	}
	if len(p.jobs) > 0 {
		stop = r.outOfRoom(stop)
	}
	if stop != nil {
		return stop
	}
	for _, row := range p.rows {
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
	r.handOver(p.rows)
	return nil
}

// giveUp ends the parts that are under way when something ended the copying. Of a card that is gone nothing can be proved any more: what was copied is noted.
func (r *run) giveUp(ctx context.Context, cause error) {
	for _, p := range r.lanes {
		<-p.done
		if ctx.Err() == nil && !errors.Is(cause, offload.ErrGone) {
			_ = r.finish(ctx, p) // the first that went wrong is what is told
			continue
		}
		for i, res := range p.results {
			if res.Err == nil {
				r.copied(p.of[i], p.dirs[i], res)
			}
		}
	}
	r.lanes = nil
}
