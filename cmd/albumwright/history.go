package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strconv"
	"time"

	"github.com/urfave/cli/v2"

	"github.com/albumwright/albumwright/internal/ledger"
	"github.com/albumwright/albumwright/internal/report"
	"github.com/albumwright/albumwright/pipeline"
)

func historyCommand(term terminal) *cli.Command {
	return command(cli.Command{
		Name:      "history",
		Usage:     "past runs, or one of them with its report",
		ArgsUsage: "[RUN]",
		Description: "Answers from the ledger, without any call. With --cards, from the history of cards: when each was here, and the verdict of that time.\n\n" +
			"   albumwright history\n" +
			"   albumwright history 12             the whole report of run 12\n" +
			"   albumwright history --json --last 100\n" +
			"   albumwright history --cards        the visits of cards; --cards 7: the whole report of visit 7",
		Flags: ledgerFlags(jsonFlag(), &cli.IntFlag{Name: "last", Usage: "the newest `N` runs", Value: 20, EnvVars: envVar("last")},
			&cli.BoolFlag{Name: "cards", Usage: "visits of cards instead of runs", EnvVars: envVar("cards")}),
		Action: func(c *cli.Context) error {
			o, err := readLedgerOptions(c)
			switch {
			case err != nil:
				return usageError{err}
			case c.Args().Len() > 1:
				return unexpected(c, 1)
			case c.Int("last") < 1:
				return usageError{fmt.Errorf("--last %d: must be 1 or more", c.Int("last"))}
			}
			n := int64(0)
			if c.Args().Present() {
				if n, err = strconv.ParseInt(c.Args().First(), 10, 64); err != nil || n < 1 {
					return usageError{fmt.Errorf("%q is not the number of a run; albumwright history lists them", c.Args().First())}
				}
			}
			switch {
			case c.Bool("cards"):
				return runCards(c.Context, o, c.Int("last"), n, term.out)
			case n == 0:
				return runHistory(c.Context, o, c.Int("last"), term.out)
			}
			return runHistoryOf(c.Context, o, ledger.RunID(n), term.out)
		},
	})
}

// unexpected refuses the argument at that place.
func unexpected(c *cli.Context, at int) error {
	return usageError{fmt.Errorf("unexpected argument %q", c.Args().Get(at))}
}

// runHistory prints runs, the newest last, where the eye is.
func runHistory(ctx context.Context, o ledgerOptions, last int, w io.Writer) error {
	path, err := o.path()
	if err != nil {
		return err
	}
	return o.reading(ctx, func(ctx context.Context, r *ledger.Reader) error {
		runs, err := r.Runs(ctx, last)
		if err != nil {
			return err
		}
		_, _, held := ledger.WhoHolds(path)
		out := newPrinter(w)
		for i, run := range runs {
			p := pastRun{run, held && i == len(runs)-1}
			if o.json {
				out.line(p.message())
			} else {
				fmt.Fprintln(w, p.line())
			}
		}
		return out.err
	})
}

// runHistoryOf prints one run with its report.
func runHistoryOf(ctx context.Context, o ledgerOptions, id ledger.RunID, w io.Writer) error {
	path, err := o.path()
	if err != nil {
		return err
	}
	return o.reading(ctx, func(ctx context.Context, r *ledger.Reader) error {
		run, ok, err := r.Run(ctx, id)
		last, lastErr := r.Runs(ctx, 1)
		if err := errors.Join(err, lastErr); err != nil {
			return err
		}
		if !ok {
			return usageError{fmt.Errorf("there is no run %d: %s", id, numbered(last))}
		}
		_, _, held := ledger.WhoHolds(path)
		p := pastRun{run, held && id == last[0].ID}
		if o.json {
			out := newPrinter(w)
			out.line(p.message())
			return out.err
		}
		p.print(w)
		return nil
	})
}

func numbered(last []ledger.Run) string {
	if len(last) == 0 {
		return "there was none yet"
	}
	return fmt.Sprintf("they are numbered up to %d", last[0].ID)
}

// pastRun is a run as the ledger remembers it.
type pastRun struct {
	ledger.Run
	underWay bool
}

// report is what the run reported; not ok if it did not come to that.
func (p pastRun) report() (rep pipeline.Report, ok bool) {
	err := json.Unmarshal([]byte(p.Outcome), &rep)
	return rep, err == nil
}

// how says in a word how the run ended.
func (p pastRun) how() string {
	rep, reported := p.report()
	switch {
	case p.underWay && p.Ended.IsZero():
		return "under way"
	case p.Ended.IsZero():
		return "died"
	case !reported || rep.Cause != "":
		return "broke off"
	case rep.Ends[pipeline.Failed] > 0:
		return "with failures"
	}
	return "all good"
}

// line is the run in one line.
func (p pastRun) line() string {
	head := fmt.Sprintf("%4d  %s  %-13s  %s", p.ID, p.Started.Local().Format(time.DateTime), p.how(), report.Text(p.Command))
	rep, reported := p.report()
	if !reported {
		return head
	}
	head += fmt.Sprintf(": %s found, %s uploaded", comma(rep.Found), comma(rep.Ends[pipeline.Uploaded]))
	if n := rep.Ends[pipeline.Failed]; n > 0 {
		head += fmt.Sprintf(", %s failed", comma(n))
	}
	if rep.Cause != "" {
		head += "; " + report.Text(rep.Cause)
	}
	return head
}

// print shows the run with its report.
func (p pastRun) print(w io.Writer) {
	fmt.Fprintf(w, "%s\nStarted %s, %s\n", report.Text(p.Command), p.Started.Local().Format(time.DateTime), p.how())
	rep, reported := p.report()
	if !reported {
		fmt.Fprintln(w, "There is no report: the run did not come to its end.")
		return
	}
	printReport(w, rep, occasion{command: p.Command})
}

// runMessage is a run in --json.
type runMessage struct {
	Type    string           `json:"message_type"` // "run"
	Run     ledger.RunID     `json:"run"`
	Started time.Time        `json:"started"`
	Ended   *time.Time       `json:"ended,omitempty"`
	State   string           `json:"state"` // under way, died, broke off, with failures, all good
	Command string           `json:"command"`
	Report  *pipeline.Report `json:"report,omitempty"`
}

func (p pastRun) message() runMessage {
	m := runMessage{Type: "run", Run: p.ID, Started: p.Started, State: p.how(), Command: p.Command}
	if !p.Ended.IsZero() {
		m.Ended = &p.Ended
	}
	if rep, ok := p.report(); ok {
		m.Report = &rep
	}
	return m
}
