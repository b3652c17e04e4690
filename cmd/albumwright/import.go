package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"strings"

	"github.com/urfave/cli/v2"

	"github.com/albumwright/albumwright/internal/order"
	"github.com/albumwright/albumwright/pipeline"
)

// importOptions is what the import command was asked.
type importOptions struct {
	runOptions
	choice
	headings pipeline.Headings
	confirm  bool
	resend   bool
	after    pipeline.After
	dryRun   bool
	rehearse rehearseOptions
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
			"   albumwright import --rehearse ~/Pictures            carry it all out here, and say how long the real run takes\n" +
			"   albumwright import --after=move:~/sent ~/Upload     move what the service has confirmed out of the way\n" +
			"   albumwright import --exclude 'drafts/' --include '*.jpg' ~/Pictures",
		Flags: importFlags(),
		Action: func(c *cli.Context) error {
			opts, err := readImportOptions(c, term)
			if err != nil {
				return usageError{err}
			}
			return runImport(c.Context, opts, term)
		},
	})
}

func importFlags() []cli.Flag {
	return append(append(append(append(runFlags(), rehearseFlags()...), choiceFlags()...), endFlags()...),
		headingsFlag(), resendFlag())
}

func headingsFlag() cli.Flag {
	return &cli.StringFlag{Name: "headings", Category: ofAlbums, Usage: "put a heading in front of each `GROUP` of an album that gets something: day, event or place; the API can neither change nor remove it afterwards", EnvVars: envVar("headings")}
}

// readHeadings reads the flag, which goes with albums in the order of time only.
func readHeadings(c *cli.Context) (pipeline.Headings, error) {
	kind, err := pipeline.ParseHeadings(c.String("headings"))
	if by := c.String("order"); err == nil && kind != pipeline.NoHeadings && by != string(order.Captured) {
		err = fmt.Errorf("an album in the order %q has no groups of time; leave --order at %s", by, order.Captured)
	}
	if err != nil {
		return "", fmt.Errorf("--headings: %w", err)
	}
	return kind, nil
}

func resendFlag() cli.Flag {
	return &cli.BoolFlag{Name: "resend", Usage: "ask the service about all that is delivered, 50 files in a request, and send again what was deleted there; then --confirm", EnvVars: envVar("resend")}
}

// endFlags are what is done when all is sent, and whether anything is done.
func endFlags() []cli.Flag {
	return append(under(ofEnd,
		&cli.BoolFlag{Name: "confirm", Usage: "at the end ask the service again whether it has everything, 50 files in a request", EnvVars: envVar("confirm")},
		&cli.StringFlag{Name: "after", Usage: "`WHAT` becomes of a file whose media item the service confirms, and whose content still is the one that was sent: keep, move:DIR, trash, delete", Value: "keep", EnvVars: envVar("after")},
	), &cli.BoolFlag{Name: "dry-run", Aliases: []string{"n"}, Usage: "print what would be done; make no call, write nothing", EnvVars: envVar("dry-run")})
}

func readImportOptions(c *cli.Context, term terminal) (importOptions, error) {
	o := importOptions{confirm: c.Bool("confirm"), resend: c.Bool("resend"), dryRun: c.Bool("dry-run")}
	var err error
	if o.runOptions, err = readRunOptions(c); err != nil {
		return o, err
	}
	if o.after, err = pipeline.ParseAfter(c.String("after"), os.Getenv("XDG_DATA_HOME")); err != nil {
		return o, fmt.Errorf("--after: %w", err)
	}
	if o.headings, err = readHeadings(c); err != nil {
		return o, err
	}
	if o.rehearse, err = readRehearseOptions(c, term.out); err != nil {
		return o, err
	}
	if o.choice, err = readChoice(c); err != nil {
		return o, err
	}
	if o.dryRun && o.service.recording.file != "" {
		return o, errors.New("--record: a --dry-run asks the service for nothing")
	}
	if o.resend && (o.dryRun || o.rehearse.on) {
		return o, errors.New("--resend: only the service knows what was deleted, and neither --dry-run nor --rehearse asks it; albumwright verify --remote PATH does")
	}
	return o, o.rehearse.valid(o)
}

// pipelineConfig says the options in the pipeline's words.
func (o importOptions) pipelineConfig() (pipeline.Config, error) {
	cfg := o.runOptions.pipelineConfig("import " + strings.Join(o.paths, " "))
	cfg.Confirm, cfg.Resend, cfg.After, cfg.Headings = o.confirm, o.resend, o.after, o.headings
	err := o.choice.into(&cfg)
	return cfg, err
}

// runImport carries the import out, or just says what it would do.
func runImport(ctx context.Context, o importOptions, term terminal) error {
	cfg, err := o.pipelineConfig()
	if err != nil {
		return err
	}
	if o.dryRun {
		return printPlan(ctx, cfg, o.runOptions, term)
	}
	if o.rehearse.on {
		return runRehearsal(ctx, o, cfg, term)
	}
	return o.carryOut(ctx, cfg, term, pipeline.Run)
}
