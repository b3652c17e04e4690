package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"github.com/urfave/cli/v2"

	"github.com/albumwright/albumwright/internal/budget"
	"github.com/albumwright/albumwright/internal/describe"
	"github.com/albumwright/albumwright/internal/ledger"
	"github.com/albumwright/albumwright/photos"
	"github.com/albumwright/albumwright/pipeline"
)

// describeOptions is what the describe command was asked.
type describeOptions struct {
	runOptions
	paths         []string
	captions      []pipeline.Captions
	dryRun, force bool
}

func describeCommand(term terminal) *cli.Command {
	return command(cli.Command{
		Name:      "describe",
		Usage:     "give delivered photos the words that were written since",
		ArgsUsage: "[PATH...]",
		Description: "Reads captions, sidecars and headers of the files below PATH, or of all files that the ledger knows, and compares them with the descriptions that\n" +
			"the service was given. Where they differ it asks the service, 50 items in a request, and changes what nobody has changed in Google Photos since:\n" +
			"a request each. Run again, it goes on where it ended.\n\n" +
			"A description is taken away only by an empty caption. A photo whose own metadata was edited is another file, with another content: the next import\n" +
			"sends it. Of copies of one photo the first by its path that has words speaks.\n\n" +
			"Examples:\n" +
			"   albumwright describe --dry-run ~/Pictures           what would be changed, without any call\n" +
			"   albumwright describe ~/Pictures\n" +
			"   albumwright describe --captions words.csv           all files of the ledger, words.csv before all else\n" +
			"   albumwright describe --force ~/Pictures/2019        also what was changed in Google Photos",
		Flags: append(lookingFlags(), captionsFlag(),
			&cli.BoolFlag{Name: "dry-run", Aliases: []string{"n"}, Usage: "print what would be changed; make no call, write nothing", EnvVars: envVar("dry-run")},
			&cli.BoolFlag{Name: "force", Usage: "also replace descriptions that were changed in Google Photos", EnvVars: envVar("force")},
		),
		Action: func(c *cli.Context) error {
			o, err := readDescribeOptions(c)
			if err != nil {
				return usageError{err}
			}
			return runDescribe(c.Context, o, term)
		},
	})
}

// lookingFlags are those of commands that make calls and send no files.
func lookingFlags() []cli.Flag {
	return append(serviceFlags(), stateDirFlag(), jsonFlag(),
		&cli.IntFlag{Name: "tries", Category: ofPace, Usage: "a call is given up after `N` tries", Value: 7, EnvVars: envVar("tries")},
		&cli.BoolFlag{Name: "quiet", Category: ofOutput, Aliases: []string{"q"}, Usage: "no progress", EnvVars: envVar("quiet")},
	)
}

func readLookingOptions(c *cli.Context) (o runOptions, err error) {
	l, err := readLedgerOptions(c)
	if err != nil {
		return o, err
	}
	o.stateDir, o.json, o.tries, o.transfers = l.stateDir, l.json, c.Int("tries"), 1
	if c.Bool("quiet") {
		o.verbosity = quiet
	}
	if o.tries < 1 || o.tries > 50 {
		return o, fmt.Errorf("--tries %d: must be between 1 and 50", o.tries)
	}
	o.service, err = readServiceOptions(c)
	return o, err
}

func readDescribeOptions(c *cli.Context) (o describeOptions, err error) {
	if o.runOptions, err = readLookingOptions(c); err != nil {
		return o, err
	}
	o.dryRun, o.force = c.Bool("dry-run"), c.Bool("force")
	if o.dryRun && o.service.recording.file != "" {
		return o, errors.New("--record: a --dry-run asks the service for nothing")
	}
	if o.captions, err = readCaptions(c); err != nil {
		return o, err
	}
	for _, p := range c.Args().Slice() {
		if p == "" {
			return o, errors.New("a PATH is empty: is a variable not set?")
		}
		abs, err := filepath.Abs(p)
		if err != nil {
			return o, err
		}
		o.paths = append(o.paths, abs)
	}
	return o, nil
}

func runDescribe(ctx context.Context, o describeOptions, term terminal) error {
	cfg := o.pipelineConfig(strings.TrimSpace("describe " + strings.Join(o.paths, " ")))
	cfg.Paths, cfg.Captions = o.paths, o.captions
	for _, p := range cfg.Paths {
		if _, err := os.Stat(p); err != nil {
			return err
		}
	}
	if err := hasLedger(cfg); err != nil {
		return err
	}
	ctx, intake, stop := untilSignals(ctx, func() {})
	defer stop()
	cfg.Intake = intake
	show := newLookProgress("describe", term.err, o.verbosity == quiet || o.json)
	defer show.end()
	if o.dryRun {
		return o.describe(ctx, cfg, show, term)
	}
	return o.asking(ctx, cfg, show, term, func(cfg pipeline.Config) error { return o.describe(ctx, cfg, show, term) })
}

// asking gives the pipeline a service whose calls are paced and counted, as those of an import are.
func (o runOptions) asking(ctx context.Context, cfg pipeline.Config, show *verifyProgress, term terminal, do func(pipeline.Config) error) error {
	return o.service.asking(ctx, o.stateDir, show.waiting, term, func(client *photos.Client) error {
		cfg.API = pipeline.ClientAPI(client)
		cfg.Observe = func(ev pipeline.Event) {
			if w, ok := ev.(pipeline.Waiting); ok {
				show.waiting(w.For, w.Until)
			}
		}
		return do(cfg)
	})
}

// hasLedger refuses what is about files that were delivered where none were.
func hasLedger(cfg pipeline.Config) error {
	path := pipeline.LedgerPath(cfg)
	if _, err := os.Stat(path); errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("%w: %s", ledger.ErrNone, path)
	}
	return nil
}

func (o describeOptions) describe(ctx context.Context, cfg pipeline.Config, show *verifyProgress, term terminal) error {
	out := newPrinter(term.out)
	rep, err := pipeline.Describe(ctx, cfg, pipeline.Describing{DryRun: o.dryRun, Force: o.force, Observe: func(f describe.File) {
		show.counts.Found.Add(1)
		show.counts.Done.Add(1)
		switch {
		case o.json:
			out.line(describedLine{"file", f})
		case o.dryRun && f.State == describe.Changed:
			fmt.Fprintf(term.out, "%s\n  - %s\n  + %s\n", f.Path, inQuotes(f.Old), inQuotes(f.New))
		}
	}})
	show.end()
	switch {
	case rep.States == nil: // it did not begin
		return err
	case o.json:
		out.line(describedSummary{"summary", rep})
	default:
		o.printDescribed(ctx, term.out, rep)
	}
	if err == nil && rep.States[describe.Failed] > 0 {
		err = errSomeFailed
	}
	return errors.Join(err, out.err)
}

// describedLine and describedSummary are the lines of --json.
type describedLine struct {
	Type string `json:"message_type"`
	describe.File
}

type describedSummary struct {
	Type string `json:"message_type"`
	pipeline.Described
}

func inQuotes(words *string) string {
	switch {
	case words == nil:
		return "not known; the service is asked"
	case *words == "":
		return "(none)"
	}
	return fmt.Sprintf("%q", *words)
}

func (o describeOptions) printDescribed(ctx context.Context, w io.Writer, r pipeline.Described) {
	printStates(w, r.Found, describe.States(), r.States)
	if len(r.SkippedBy) > 0 {
		row(w, "Skipped", "%s = %s", comma(r.States[describe.Skipped]), sumOf(r.SkippedBy))
	}
	least := ""
	if r.DryRun {
		least = "at most "
	}
	row(w, "Requests", "%s%s = %s batchGet + %s patch", least, comma(r.Requests.Total()), comma(r.Requests.BatchGets), comma(r.Requests.Patches))
	if r.DryRun {
		o.printBudget(ctx, w, r.Requests.Total())
	}
	for i, f := range r.Shown {
		if i == mostLines {
			row(w, "", "and %s more; --json tells of each", comma(r.States[describe.Kept]+r.States[describe.Failed]-mostLines))
			break
		}
		row(w, first(i, "Left"), "%s: %s%s", f.Path, f.Reason, keptWords(f))
	}
	printWarnings(w, r.Warnings)
	switch {
	case r.DryRun:
		fmt.Fprintln(w, "Nothing was asked and nothing was written: it was a dry run")
	case r.States[describe.Kept] > 0:
		fmt.Fprintln(w, "What was changed in Google Photos was left as it is; --force replaces it")
	}
	if r.Cause != "" {
		fmt.Fprintf(w, "\nNot all was done: %s\n", r.Cause)
	}
}

func keptWords(f describe.File) string {
	if f.State != describe.Kept {
		return ""
	}
	return ", and is " + inQuotes(f.Old)
}

// printBudget says what the day has left, if that is less.
func (o runOptions) printBudget(ctx context.Context, w io.Writer, requests int) {
	s, err := budget.Read(ctx, o.service.budgetConfig(o.stateDir))
	if err == nil && s.Limit > 0 && s.Limit-s.Used-s.Held < requests {
		row(w, "Budget", "today's leaves %s; run it again another day for the rest", comma(max(0, s.Limit-s.Used-s.Held)))
	}
}
