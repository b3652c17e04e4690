package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/urfave/cli/v2"

	"github.com/albumwright/albumwright/internal/budget"
	"github.com/albumwright/albumwright/internal/rebuild"
	"github.com/albumwright/albumwright/photos"
	"github.com/albumwright/albumwright/pipeline"
)

// rebuildOptions is what the command was asked: what an import is asked, as far as it counts here.
type rebuildOptions struct {
	importOptions
	quiet bool
}

func ledgerRebuildCommand(term terminal) *cli.Command {
	return command(cli.Command{
		Name:      "rebuild",
		Usage:     "find out again what a lost ledger knew",
		ArgsUsage: "PATH...",
		Description: "Takes the same PATHs and rules as the imports did. Lists the albums of the service and the items of those that files are wanted in, and takes a file\n" +
			"for an item if name, capture time, dimensions and kind are the same and nothing else could be it. The next import then neither sends these\n" +
			"files nor makes their albums anew. It sends the others, and the service, which knows them by their bytes, doubles nothing.\n\n" +
			"Reads every byte of every file that it finds, and sends none. Nothing that the ledger knows is changed. The service cannot prove that the bytes\n" +
			"are equal, so --after leaves these files alone, and verify shows them apart, as matched.\n\n" +
			"   albumwright ledger rebuild --dry-run ~/Pictures     ask the service, write nothing\n" +
			"   albumwright ledger rebuild ~/Pictures\n\n" +
			"It costs a request for every 50 albums and for every 100 items of the albums, and says how many before. When the day's requests are used up,\n" +
			"it ends with exit code 5; run again, it goes on with what is left.",
		Flags: append(append(serviceFlags(), whatFlags()...), stateDirFlag(), jsonFlag(),
			&cli.BoolFlag{Name: "dry-run", Aliases: []string{"n"}, Usage: "ask the service, and print what would be found; write nothing, read only what has to be told apart", EnvVars: envVar("dry-run")},
			&cli.IntFlag{Name: "tries", Category: ofPace, Usage: "a call is given up after `N` tries", Value: 7, EnvVars: envVar("tries")},
			&cli.BoolFlag{Name: "quiet", Category: ofOutput, Aliases: []string{"q"}, Usage: "no progress", EnvVars: envVar("quiet")},
		),
		Action: func(c *cli.Context) error {
			o, err := readRebuildOptions(c)
			if err != nil {
				return usageError{err}
			}
			return runRebuild(c.Context, o, term)
		},
	})
}

// whatFlags are the flags of import that say which files are wanted, and in which albums.
func whatFlags() []cli.Flag {
	return append(albumFlags(), slices.DeleteFunc(importFlags(), func(f cli.Flag) bool {
		return !slices.Contains([]string{"include", "exclude"}, f.Names()[0])
	})...)
}

// readWhat reads these flags as import does.
func (o *rebuildOptions) readWhat(c *cli.Context) (err error) {
	o.paths, o.include, o.exclude = c.Args().Slice(), textsOf(c, "include"), textsOf(c, "exclude")
	o.albumOptions, err = readAlbumOptions(c)
	return err
}

func readRebuildOptions(c *cli.Context) (o rebuildOptions, err error) {
	o.dryRun, o.quiet, o.tries = c.Bool("dry-run"), c.Bool("quiet"), c.Int("tries")
	l, err := readLedgerOptions(c)
	if err != nil {
		return o, err
	}
	o.stateDir, o.json = l.stateDir, l.json
	if o.service, err = readServiceOptions(c); err != nil {
		return o, err
	}
	if err := o.readWhat(c); err != nil {
		return o, err
	}
	switch {
	case len(o.paths) == 0:
		return o, errors.New("nothing to look for: name at least one folder or file")
	case o.tries < 1 || o.tries > 50:
		return o, fmt.Errorf("--tries %d: must be between 1 and 50", o.tries)
	}
	return o, nil
}

func runRebuild(ctx context.Context, o rebuildOptions, term terminal) error {
	what, err := o.pipelineConfig()
	if err != nil {
		return err
	}
	_, ctx, stop := untilSignals(ctx, func() {})
	defer stop()
	what.Command = "ledger rebuild " + strings.Join(o.paths, " ")
	show := newLookProgress("rebuild", term.err, o.quiet || o.json)
	defer show.end()
	return o.service.asking(ctx, o.stateDir, show.waiting, term, func(client *photos.Client) error {
		albums, items := rebuild.Fields()
		return o.rebuild(ctx, what, rebuild.Config{
			Albums: client.Albums.Only(albums...), MediaItems: client.MediaItems.Only(items...), DryRun: o.dryRun, Tries: o.tries,
			Wait: show.waiting, Tell: func(c rebuild.Cost) { o.tell(ctx, c, term.err) }, Progress: (*rebuild.Progress)(&show.counts),
		}, show, term)
	})
}

func (o rebuildOptions) rebuild(ctx context.Context, what pipeline.Config, ask rebuild.Config, show *verifyProgress, term terminal) error {
	out := newPrinter(term.out)
	if o.json {
		ask.Observe = func(f rebuild.File) { out.line(rebuiltLine{"file", f}) }
	}
	rep, err := pipeline.Rebuild(ctx, what, ask)
	show.end()
	if err != nil && ctx.Err() != nil {
		err = context.Cause(ctx)
	}
	switch {
	case rep.States == nil: // it did not begin
		return err
	case o.json:
		out.line(rebuiltSummary{"summary", rep.Verdict(), rep})
	default:
		printRebuilt(term.out, rep)
	}
	if err == nil && rep.States[rebuild.Unreadable] > 0 {
		err = errSomeFailed
	}
	return errors.Join(err, out.err)
}

// tell says what is about to be asked, before it is.
func (o rebuildOptions) tell(ctx context.Context, c rebuild.Cost, w io.Writer) {
	if o.quiet {
		return
	}
	if !c.Listed {
		fmt.Fprintf(w, "Looking for %s files in %s albums; the albums of the service are listed first, 50 in a request\n", comma(c.Files), comma(c.Albums))
		return
	}
	line := fmt.Sprintf("Then about %s requests, for the items of these albums", comma(c.Requests))
	if c.Library {
		line += "; and one for every 100 items of the library, because files are wanted in no album"
	}
	if s, err := budget.Read(ctx, o.service.budgetConfig(o.stateDir)); err == nil && s.Limit > 0 && s.Limit-s.Used-s.Held < c.Requests {
		line += fmt.Sprintf("; today's budget leaves %s, run it again another day for the rest", comma(max(0, s.Limit-s.Used-s.Held)))
	}
	fmt.Fprintln(w, line)
}

// rebuiltLine and rebuiltSummary are the lines of --json.
type rebuiltLine struct {
	Type string `json:"message_type"`
	rebuild.File
}

type rebuiltSummary struct {
	Type    string `json:"message_type"`
	Verdict string `json:"verdict"`
	rebuild.Report
}

func printRebuilt(w io.Writer, r rebuild.Report) {
	printStates(w, r.Found, rebuild.States(), r.States)
	if len(r.SkippedBy) > 0 {
		row(w, "Skipped", "%s = %s", comma(r.States[rebuild.Skipped]), sumOf(r.SkippedBy))
	}
	row(w, "Service", "%s albums, %s items in all that was listed", comma(r.Albums), comma(r.Items))
	row(w, "Bytes", "%s read", size(r.Bytes))
	row(w, "Requests", "%s = %d album lists + %d searches + %d item lists", comma(r.Requests.Total()), r.Requests.AlbumLists, r.Requests.Searches, r.Requests.ItemLists)
	for i, f := range r.Unknown {
		if i == mostLines {
			row(w, "", "and %s more; --json tells of each", comma(r.States[rebuild.Unknown]-mostLines))
			break
		}
		row(w, first(i, "Unknown"), "%s: %s", f.Path, f.Reason)
	}
	verdict := r.Verdict()
	fmt.Fprintln(w, strings.ToUpper(verdict[:1])+verdict[1:])
	if r.DryRun {
		fmt.Fprintln(w, "Nothing was written: it was a dry run")
	}
}
