package main

import (
	"bytes"
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"

	"github.com/albumwright/albumwright/internal/album"
	"github.com/albumwright/albumwright/internal/plan"
	"github.com/albumwright/albumwright/internal/planpage"
	"github.com/albumwright/albumwright/pipeline"
)

// errPageStopped ends the page of a plan by a signal.
var errPageStopped = errors.New("stopped by a signal: no plan was written; the page's Done button writes it")

// show shows the plan as a page until the user is done with it, and writes what was chosen there.
func (o planOptions) show(ctx context.Context, cfg pipeline.Config, term terminal) (err error) {
	_, ctx, stop := untilSignals(ctx, func() {})
	defer stop()
	names, err := album.Compile(cfg.Rules, cfg.Naming)
	if err != nil {
		return usageError{err}
	}
	planner, err := pipeline.NewPlanner(ctx, cfg)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, planner.Close()) }()
	fmt.Fprintln(term.err, "albumwright: looking at the files ...")
	yaml, err := planpage.Serve(ctx, o.page(cfg, planner, names, term))
	if errors.Is(context.Cause(ctx), errInterrupted) {
		return errPageStopped
	}
	if err != nil {
		return err
	}
	return o.write(term, func(w io.Writer) error {
		_, err := w.Write(yaml)
		return err
	})
}

// page is the page of plans that a planner makes.
func (o planOptions) page(cfg pipeline.Config, planner *pipeline.Planner, names album.Names, term terminal) planpage.Config {
	var costs planCost // of the last plan
	return planpage.Config{
		Start:   planpage.Settings{Gap: cmp.Or(cfg.Naming.EventGap, album.DefaultEventGap), DayStart: cfg.Naming.DayStart},
		ByEvent: names.ByEvent(), ByTime: names.ByTime(),
		Replan: func(ctx context.Context, set planpage.Settings) (p plan.Plan, yaml []byte, err error) {
			cfg := cfg
			cfg.Naming.EventGap, cfg.Naming.DayStart = set.Gap, set.DayStart
			if p, err = planner.Plan(ctx, cfg.Naming); err != nil {
				return p, nil, err
			}
			if costs, err = foresee(ctx, p, o.runOptions); err != nil {
				return p, nil, err
			}
			var b bytes.Buffer
			err = writePlan(&b, cfg, p, costs)
			return p, b.Bytes(), err
		},
		Cost: func(plan.Plan) string { return costs.words() },
		Ready: func(url string) {
			fmt.Fprintf(term.err, "albumwright: the plan is at %s until Done is pressed there, or Ctrl-C here\n", url)
			openBrowser(url)
		},
	}
}

// words are a plan's cost in one line.
func (c planCost) words() string {
	if c.Requests == 0 {
		return ""
	}
	days := "1 day"
	if c.Days != 1 {
		days = comma(c.Days) + " days"
	}
	return fmt.Sprintf("%s at %s requests a day; %s at %.3g Mbit/s", days, comma(c.PerDay), about(c.Sending), c.BytesPerSecond*8/1e6)
}
