package main

import (
	"context"
	"errors"
	"time"

	"github.com/urfave/cli/v2"

	"github.com/albumwright/albumwright/internal/budget"
	"github.com/albumwright/albumwright/internal/ledger"
	"github.com/albumwright/albumwright/pipeline"
)

// statusOptions is what the status command was asked.
type statusOptions struct {
	ledgerOptions
	files bool
}

func statusCommand(term terminal) *cli.Command {
	return command(cli.Command{
		Name:  "status",
		Usage: "what waits, what failed and why, what is left to do, and what a running watch is doing",
		Description: "Answers from the ledger, at once and without any call, also while an import is under way. A running watch is asked what it is doing.\n\n" +
			"   albumwright status\n" +
			"   albumwright status --files                                        every file that failed\n" +
			"   albumwright status --json | jq 'select(.message_type == \"failure\")'\n\n" +
			"A file that is wanted in two albums counts twice. What is left costs at least the requests shown: contents that turn out to be in the\n" +
			"service already cost none, and repetitions cost more.",
		Flags: ledgerFlags(append(budgetFlags(), jsonFlag(), &cli.BoolFlag{Name: "files", Usage: "list all failed files", EnvVars: envVar("files")})...),
		Action: func(c *cli.Context) error {
			o, err := readLedgerOptions(c)
			if err == nil {
				o.service.budget, err = readBudgetOptions(c)
			}
			if err != nil {
				return usageError{err}
			}
			if c.Args().Present() {
				return unexpected(c, 0)
			}
			return runStatus(c.Context, statusOptions{o, c.Bool("files")}, time.Now(), term)
		},
	})
}

// standing is all that a status shows.
type standing struct {
	ledger.Status
	path   string
	asked  time.Time
	pid    int       // of the process that holds the ledger; 0 = none
	since  time.Time // it does
	watch  watching
	budget budget.Status
	cost   cost
}

func runStatus(ctx context.Context, o statusOptions, now time.Time, term terminal) error {
	w, err := o.askWatch(ctx)
	if err != nil {
		return err
	}
	err = o.reading(ctx, func(ctx context.Context, r *ledger.Reader) error {
		s := standing{asked: now, watch: w}
		var err error
		if s.path, err = o.path(); err != nil {
			return err
		}
		if s.Status, err = r.Status(ctx, now.Add(-pipeline.TokenLife), pipeline.DefaultResumableFrom); err != nil {
			return err
		}
		if pid, since, held := ledger.WhoHolds(s.path); held {
			s.pid, s.since = pid, since
		}
		if s.budget, err = budget.Read(ctx, o.service.budgetConfig(o.stateDir)); err != nil {
			return err
		}
		s.cost = s.forecast()
		if o.json {
			return printStatusJSON(ctx, r, o, s, term.out)
		}
		return printStatus(ctx, r, o, s, term.out)
	})
	switch {
	case errors.Is(err, ledger.ErrNone):
		return w.alone(o, err, term.out)
	case err != nil: // as when its disk is full: then the watch knows more
		return errors.Join(err, w.alone(o, nil, term.out))
	}
	return w.err
}
