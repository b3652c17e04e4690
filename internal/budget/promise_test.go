package budget_test

import (
	"context"
	"errors"
	"fmt"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/albumwright/albumwright/internal/budget"
	"github.com/albumwright/albumwright/internal/property"
)

// importer is a run as the budget sees it: files in the order of the plan, batches of some of them, repetitions.
type importer struct {
	job    *budget.Job
	size   int // files of a batch
	tokens int // won, not yet committed
	full   bool
	sent   *int
}

// file begins a file: its upload, and the create too if it is the first of a batch.
func (i *importer) file() error {
	needs := 1
	if i.tokens == 0 {
		needs = 2
	}
	if err := i.job.Reserve(context.Background(), needs); err != nil {
		i.full = true
		return err
	}
	if err := i.take(budget.Upload); err != nil {
		return fmt.Errorf("an upload that was reserved: %w", err)
	}
	if i.tokens++; i.tokens < i.size {
		return nil
	}
	return i.commit()
}

func (i *importer) commit() error {
	if i.tokens == 0 {
		return nil
	}
	i.tokens = 0
	if err := i.take(budget.BatchCreate); err != nil {
		return fmt.Errorf("the create of tokens that were won: %w", err)
	}
	return nil
}

func (i *importer) take(kind budget.Kind) error {
	err := i.job.Take(context.Background(), kind)
	if err == nil {
		*i.sent++
	}
	return err
}

// The whole promise, for any interleaving of runs on any number of days: no day has more than its requests, and no token is left that cannot be
// committed on the day on which the intake ends. Requests that nobody reserved (listings, a rude other job) take what they can get.
func TestNoDayIsOverspentAndEveryTokenThatWasWonIsCommitted(t *testing.T) {
	property.Check(t, func(rt *rapid.T) {
		limit := rapid.SampledFrom([]int{4, 10, 20, 60}).Draw(rt, "limit")
		w := newWorld(t, limit)
		sent := 0
		var runs []*importer
		begin := func() {
			runs = append(runs, &importer{job: w.begin(), size: rapid.IntRange(1, 5).Draw(rt, "batch"), sent: &sent})
		}
		defer func() {
			for _, r := range runs {
				w.close(r.job)
			}
		}()
		begin()
		rude := w.job()
		for range rapid.IntRange(1, 40).Draw(rt, "steps") {
			var err error
			n := rapid.IntRange(0, len(runs)-1).Draw(rt, "run")
			switch rapid.SampledFrom([]string{"file", "file", "file", "file", "commit", "rude", "begin", "end", "release", "midnight"}).Draw(rt, "step") {
			case "file":
				err = runs[n].file()
			case "commit":
				err = runs[n].commit()
			case "rude":
				if rude.Take(context.Background(), budget.Other) == nil {
					sent++
				}
			case "begin":
				if len(runs) < 4 {
					begin()
				}
			case "end":
				err = runs[n].commit()
				w.close(runs[n].job)
				runs[n] = &importer{job: w.begin(), size: runs[n].size, sent: &sent}
			case "release": // of a run that needs nothing
				if runs[n].tokens == 0 {
					runs[n].job.Release(3)
				}
			case "midnight":
				if sent > limit {
					rt.Fatalf("%d requests went out on a day of %d", sent, limit)
				}
				w.now, sent = budget.NextReset(w.now).Add(time.Hour), 0
			}
			if spent := (budget.ErrSpent{}); err != nil && !(errors.As(err, &spent) && runs[n].full) {
				rt.Fatal(err)
			}
			runs[n].full = false
		}
		for _, r := range runs {
			if err := r.commit(); err != nil {
				rt.Fatal(err)
			}
		}
		if s := w.status(); sent > limit || s.Used != sent || s.Held != 0 {
			rt.Fatalf("%d requests went out on a day of %d, the status is %+v", sent, limit, s)
		}
	})
}
