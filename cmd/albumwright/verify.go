package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"

	"github.com/urfave/cli/v2"

	"github.com/albumwright/albumwright/internal/ledger"
	"github.com/albumwright/albumwright/internal/verify"
	"github.com/albumwright/albumwright/photos"
	"github.com/albumwright/albumwright/pipeline"
	"github.com/albumwright/albumwright/watcher"
)

// verifyOptions is what the verify command was asked.
type verifyOptions struct {
	ledgerOptions
	walk          watcher.WalkConfig
	remote, quiet bool
	tries         int
	reportFile    string
}

func verifyCommand(term terminal) *cli.Command {
	return command(cli.Command{
		Name:      "verify",
		Usage:     "is every file in these folders in the service?",
		ArgsUsage: "PATH...",
		Description: "Reads every byte of every file and looks for its content in the ledger, wherever the file lies now and whatever it is called. Nothing is\n" +
			"uploaded and nothing is changed. With --remote the service is asked again whether it still has each item, 50 in a request.\n\n" +
			"   albumwright verify ~/Pictures && echo \"all of it is there\"\n" +
			"   albumwright verify --remote --json ~/Pictures | jq -r 'select(.state == \"unknown\") | .path'\n\n" +
			"Exit code 0 only if every file that the service takes is there, else 7. What is skipped, and why, is shown. That the bytes are the same is\n" +
			"what the ledger knows; the service shows only that it has the item.",
		Flags: append(askingFlags(), stateDirFlag(), jsonFlag(),
			&cli.BoolFlag{Name: "remote", Usage: "ask the service about each item", EnvVars: envVar("remote")},
			repeatable("include", ofChoice, "take only what matches this `GLOB`; may be repeated; case does not count"),
			repeatable("exclude", ofChoice, "leave out what matches this `GLOB`; may be repeated; wins over --include"),
			&cli.IntFlag{Name: "tries", Category: ofPace, Usage: "a call is given up after `N` tries", Value: 7, EnvVars: envVar("tries")},
			&cli.StringFlag{Name: "report", Category: ofOutput, Usage: "write every file's state and the counts to this JSON `FILE`", EnvVars: envVar("report"), TakesFile: true},
			&cli.BoolFlag{Name: "quiet", Category: ofOutput, Aliases: []string{"q"}, Usage: "no progress", EnvVars: envVar("quiet")},
		),
		Action: func(c *cli.Context) error {
			o, err := readVerifyOptions(c)
			if err != nil {
				return usageError{err}
			}
			return runVerify(c.Context, o, term)
		},
	})
}

func readVerifyOptions(c *cli.Context) (o verifyOptions, err error) {
	o = verifyOptions{
		walk:   watcher.WalkConfig{Include: textsOf(c, "include"), Exclude: textsOf(c, "exclude"), Accept: pipeline.Accept},
		remote: c.Bool("remote"), quiet: c.Bool("quiet"), tries: c.Int("tries"), reportFile: c.String("report"),
	}
	if o.ledgerOptions, err = readLedgerOptions(c); err != nil {
		return o, err
	}
	if o.service, err = readServiceOptions(c); err != nil {
		return o, err
	}
	switch {
	case !c.Args().Present():
		return o, errors.New("nothing to verify: name at least one folder or file")
	case o.tries < 1 || o.tries > 50:
		return o, fmt.Errorf("--tries %d: must be between 1 and 50", o.tries)
	}
	for _, p := range c.Args().Slice() {
		if p == "" {
			return o, errors.New("a PATH is empty: is a variable not set?")
		}
		abs, err := filepath.Abs(p)
		if err != nil {
			return o, err
		}
		o.walk.Roots = append(o.walk.Roots, abs)
	}
	return o, o.walk.Valid()
}

// errNotAll ends a verification that has printed what is missing.
var errNotAll = errors.New("not all files are in the service")

// errNothingVerified ends one that found nothing: an empty folder, such as one that a disk should be mounted on, proves nothing.
var errNothingVerified = errors.New("nothing was verified")

func runVerify(ctx context.Context, o verifyOptions, term terminal) error {
	for _, root := range o.walk.Roots {
		if _, err := os.Stat(root); err != nil {
			return err
		}
	}
	return o.reading(ctx, func(ctx context.Context, r *ledger.Reader) error {
		show := newVerifyProgress(term.err, o.quiet || o.json)
		defer show.end()
		cfg := verify.Config{Walk: o.walk, Ledger: r, Tries: o.tries, Progress: &show.counts, Wait: show.waiting}
		if !o.remote {
			return o.verify(ctx, cfg, show, term)
		}
		return o.service.asking(ctx, o.stateDir, show.waiting, term, func(client *photos.Client) error {
			cfg.Remote = client.MediaItems
			return o.verify(ctx, cfg, show, term)
		})
	})
}

func (o verifyOptions) verify(ctx context.Context, cfg verify.Config, show *verifyProgress, term terminal) error {
	files, err := newFileList(o.reportFile)
	if err != nil {
		return err
	}
	out := newPrinter(term.out)
	cfg.Observe = func(f verify.File) {
		files.add(f)
		if o.json {
			out.line(verifiedLine{"file", f})
		}
	}
	rep, err := verify.Run(ctx, cfg)
	show.end()
	if err = cmp.Or(err, rep.Check()); err != nil {
		return errors.Join(err, files.discard())
	}
	if err := errors.Join(files.finish(rep), out.err); err != nil {
		return err
	}
	return printVerified(term.out, o, out, rep)
}

// verifiedLine and verdictLine are the lines of --json.
type verifiedLine struct {
	Type string `json:"message_type"`
	verify.File
}

type verdictLine struct {
	Type    string `json:"message_type"`
	All     bool   `json:"all"`
	Verdict string `json:"verdict"`
	verify.Report
}

// printVerified prints the report. Its last line is the answer.
func printVerified(w io.Writer, o verifyOptions, out *printer, r verify.Report) error {
	if o.json {
		out.line(verdictLine{"summary", r.All(), r.Verdict(), r})
	} else {
		printVerification(w, r)
	}
	if out.err != nil || r.All() {
		return out.err
	}
	if r.Wanted() == 0 {
		return errNothingVerified
	}
	return errNotAll
}

func printVerification(w io.Writer, r verify.Report) {
	printStates(w, r.Found, verify.States(), r.States)
	if len(r.SkippedBy) > 0 {
		row(w, "Skipped", "%s = %s", comma(r.States[verify.Skipped]), sumOf(r.SkippedBy))
	}
	row(w, "Bytes", "%s read", size(r.Bytes))
	if r.Remote {
		row(w, "Requests", "%s batchGet", comma(r.Requests))
	}
	for i, f := range r.Missing {
		if i == mostLines {
			row(w, "", "and %s more; --report FILE lists them all", comma(r.Wanted()-r.There()-mostLines))
			break
		}
		reason := ""
		if f.Reason != "" {
			reason = ": " + f.Reason
		}
		row(w, first(i, "Missing"), "%s: %s%s", f.Path, f.State, reason)
	}
	verdict := r.Verdict()
	fmt.Fprintln(w, strings.ToUpper(verdict[:1])+verdict[1:])
}
