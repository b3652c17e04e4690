package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/signal"
	"path/filepath"
	"strings"
	"syscall"

	"github.com/urfave/cli/v2"

	"github.com/albumwright/albumwright/internal/album"
	"github.com/albumwright/albumwright/pipeline"
	"github.com/albumwright/albumwright/ratelimit"
)

// importOptions is what the import command was asked.
type importOptions struct {
	paths            []string
	service          serviceOptions
	stateDir         string
	album, albumBy   string
	include, exclude []string
	transfers, tries int
	dryRun           bool
	json             bool
	reportFile       string
	verbosity        verbosity
}

func importCommand(term terminal) *cli.Command {
	return command(cli.Command{
		Name:      "import",
		Usage:     "upload folders and files, and make albums of them",
		ArgsUsage: "PATH...",
		Description: "Takes folders (with all below them) and single files. Albums stand in capture order. What was uploaded before is\n" +
			"known by its content and not sent again, even if it was renamed or moved; run it as often as you like.\n\n" +
			"Examples:\n" +
			"   albumwright import ~/Pictures                       an album for each folder\n" +
			"   albumwright import --album \"Harbour\" a.jpg b.jpg     one album for everything\n" +
			"   albumwright import --dry-run ~/Pictures             what it would do, without any call\n" +
			"   albumwright import --exclude 'drafts/' --include '*.jpg' ~/Pictures",
		Flags: importFlags(),
		Action: func(c *cli.Context) error {
			opts, err := readImportOptions(c)
			if err != nil {
				return usageError{err}
			}
			return runImport(c.Context, opts, term)
		},
	})
}

func importFlags() []cli.Flag {
	return append(serviceFlags(),
		&cli.StringFlag{Name: "state-dir", Usage: "where the ledgers live", Value: defaultStateDir(), EnvVars: envVar("state-dir"), DefaultText: "$XDG_STATE_HOME/albumwright"},
		&cli.StringFlag{Name: "album", Usage: "one album of this title for everything", EnvVars: envVar("album")},
		&cli.StringFlag{Name: "album-by", Usage: "an album for each: folder, path (all folders below PATH), or none (library only)", Value: "folder", EnvVars: envVar("album-by")},
		&cli.StringSliceFlag{Name: "include", Usage: "take only what matches this glob; may be repeated; case does not count", EnvVars: envVar("include")},
		&cli.StringSliceFlag{Name: "exclude", Usage: "leave out what matches this glob; may be repeated; wins over --include", EnvVars: envVar("exclude")},
		&cli.IntFlag{Name: "transfers", Usage: "uploads at a time", Value: pipeline.DefaultTransfers, EnvVars: envVar("transfers")},
		&cli.IntFlag{Name: "tries", Usage: "how often a call is made before it is given up; waits grow from 1 s to a minute", Value: 7, EnvVars: envVar("tries")},
		&cli.BoolFlag{Name: "dry-run", Aliases: []string{"n"}, Usage: "print what would be done; make no call, write nothing", EnvVars: envVar("dry-run")},
		&cli.BoolFlag{Name: "json", Usage: "print JSON Lines, each with a message_type", EnvVars: envVar("json")},
		&cli.StringFlag{Name: "report", Usage: "write every file's end and the counts to this JSON file", EnvVars: envVar("report"), TakesFile: true},
		&cli.BoolFlag{Name: "quiet", Aliases: []string{"q"}, Usage: "no progress", EnvVars: envVar("quiet")},
		&cli.BoolFlag{Name: "verbose", Aliases: []string{"v"}, Usage: "one line for each file", EnvVars: envVar("verbose")},
	)
}

func readImportOptions(c *cli.Context) (importOptions, error) {
	service, err := readServiceOptions(c)
	if err != nil {
		return importOptions{}, err
	}
	o := importOptions{
		paths: c.Args().Slice(), service: service, stateDir: c.String("state-dir"), album: c.String("album"), albumBy: c.String("album-by"),
		include: c.StringSlice("include"), exclude: c.StringSlice("exclude"), transfers: c.Int("transfers"), tries: c.Int("tries"), dryRun: c.Bool("dry-run"),
		json: c.Bool("json"), reportFile: c.String("report"), verbosity: normal,
	}
	if o.album != "" {
		if c.IsSet("album-by") && o.albumBy != string(album.ByNone) {
			return o, errors.New("--album and --album-by cannot be given together: one names one album, the other many")
		}
		o.albumBy = ""
	}
	switch {
	case c.Bool("quiet") && c.Bool("verbose"):
		return o, errors.New("--quiet and --verbose contradict each other")
	case c.Bool("quiet"):
		o.verbosity = quiet
	case c.Bool("verbose"):
		o.verbosity = verbose
	}
	switch {
	case len(o.paths) == 0:
		return o, errors.New("nothing to import: name at least one folder or file")
	case o.transfers < 1 || o.transfers > 64:
		return o, fmt.Errorf("--transfers %d: must be between 1 and 64", o.transfers)
	case o.tries < 1 || o.tries > 50:
		return o, fmt.Errorf("--tries %d: must be between 1 and 50", o.tries)
	case o.stateDir == "":
		return o, errors.New("--state-dir is needed: there is no home folder to put the ledger into")
	}
	return o, nil
}

// pipelineConfig says the options in the pipeline's words.
func (o importOptions) pipelineConfig() (pipeline.Config, error) {
	cfg := pipeline.Config{
		Include: o.include, Exclude: o.exclude, Album: o.album, AlbumBy: o.albumBy, Endpoint: o.service.endpoint,
		Client: o.service.client(), Account: o.service.account, StateDir: o.stateDir, Transfers: o.transfers, Tries: o.tries,
		Command: "import " + strings.Join(o.paths, " "),
	}
	for _, p := range o.paths {
		if p == "" {
			return cfg, usageError{errors.New("a PATH is empty: is a variable not set?")}
		}
		abs, err := filepath.Abs(p)
		if err != nil {
			return cfg, err
		}
		if _, err := os.Stat(abs); err != nil {
			return cfg, err
		}
		cfg.Paths = append(cfg.Paths, abs)
	}
	if err := cfg.Valid(); err != nil {
		return cfg, usageError{err}
	}
	return cfg, nil
}

// runImport carries the import out, or just says what it would do.
func runImport(ctx context.Context, o importOptions, term terminal) error {
	cfg, err := o.pipelineConfig()
	if err != nil {
		return err
	}
	if o.dryRun {
		return printPlan(ctx, cfg, o, term)
	}
	show := newProgress(term.err, o)
	client, err := o.service.connect(o.transfers, func(w ratelimit.Wait) { show.waiting(w.For, w.Until) })
	if err != nil {
		return err
	}
	cfg.API = pipeline.ClientAPI(client)
	files, err := newFileList(o.reportFile)
	if err != nil {
		return err
	}
	out := json.NewEncoder(term.out)
	cfg.Observe = func(ev pipeline.Event) {
		show.event(ev)
		if end, ok := ev.(pipeline.FileEnd); ok {
			files.add(end.File)
			if o.json {
				_ = out.Encode(fileMessage{"file", end.File})
			}
		}
	}
	ctx, intake, stop := untilSignals(ctx, show.interrupted)
	defer stop()
	cfg.Intake = intake
	context.AfterFunc(intake, func() {
		if ctx.Err() == nil {
			show.log("stopping: what was begun is finished; Ctrl-C again leaves at once")
		}
	})
	rep, err := pipeline.Run(ctx, cfg)
	show.end()
	if rep.Run == 0 { // it did not begin
		return errors.Join(err, files.discard())
	}
	err = errors.Join(err, files.finish(rep))
	if o.json {
		_ = out.Encode(summaryMessage{"summary", rep})
	} else {
		printReport(term.out, rep)
	}
	if err == nil && rep.Ends[pipeline.Failed] > 0 {
		return errSomeFailed
	}
	return err
}

// untilSignals gives two contexts: the first signal ends the intake, the second everything. Each is told before.
func untilSignals(ctx context.Context, told func()) (all, intake context.Context, stop func()) {
	all, dropAll := context.WithCancelCause(ctx)
	intake, stopIntake := context.WithCancelCause(all)
	signals := make(chan os.Signal, 2)
	signal.Notify(signals, os.Interrupt, syscall.SIGTERM)
	done := make(chan struct{})
	go func() {
		for _, end := range []context.CancelCauseFunc{stopIntake, dropAll} {
			select {
			case <-signals:
				told()
				end(errInterrupted)
			case <-done:
				return
			}
		}
	}()
	return all, intake, func() {
		signal.Stop(signals)
		close(done)
		dropAll(nil)
	}
}

// fileMessage and summaryMessage are the lines of --json.
type fileMessage struct {
	Type string `json:"message_type"`
	pipeline.File
}

type summaryMessage struct {
	Type string `json:"message_type"`
	pipeline.Report
}
