package main

import (
	"context"
	"errors"
	"fmt"
	"os"

	"github.com/urfave/cli/v2"

	"github.com/albumwright/albumwright/internal/planfile"
	"github.com/albumwright/albumwright/pipeline"
)

// applyOptions is what the apply command was asked.
type applyOptions struct {
	runOptions
	file        string
	confirm     bool
	after       pipeline.After
	dryRun      bool
	skipChanged bool
	elsewhere   bool
}

func applyCommand(term terminal) *cli.Command {
	return command(cli.Command{
		Name:      "apply",
		Usage:     "carry out a plan that albumwright plan wrote and you may have edited",
		ArgsUsage: "FILE",
		Description: "Takes the files of the plan and no others, each into the albums that it stands in there, in that order and with that description. If a file is\n" +
			"not the one that was planned any more, or is gone, nothing is done at all (exit code 2). It can be stopped and run again like any import.\n" +
			"What the service has already keeps the description that it has; a warning tells of that.\n\n" +
			"   albumwright apply --dry-run plan.yaml     what it would do, without any call\n" +
			"   albumwright apply plan.yaml\n" +
			"   albumwright apply --skip-changed plan.yaml",
		Flags: append(append(runFlags(), endFlags()...),
			&cli.BoolFlag{Name: "skip-changed", Usage: "leave out files that changed or went since the plan was made", EnvVars: envVar("skip-changed")},
			&cli.BoolFlag{Name: "elsewhere", Usage: "carry the plan out although it was made for another account or endpoint", EnvVars: envVar("elsewhere")}),
		Action: func(c *cli.Context) error {
			o, err := readApplyOptions(c)
			if err != nil {
				return usageError{err}
			}
			return runApply(c.Context, o, term)
		},
	})
}

func readApplyOptions(c *cli.Context) (applyOptions, error) {
	o := applyOptions{
		file: c.Args().First(), confirm: c.Bool("confirm"), dryRun: c.Bool("dry-run"), skipChanged: c.Bool("skip-changed"), elsewhere: c.Bool("elsewhere"),
	}
	if c.Args().Len() != 1 || o.file == "" {
		return o, errors.New("name one plan to apply, as albumwright plan wrote it")
	}
	var err error
	if o.runOptions, err = readRunOptions(c); err != nil {
		return o, err
	}
	if o.after, err = pipeline.ParseAfter(c.String("after"), os.Getenv("XDG_DATA_HOME")); err != nil {
		return o, fmt.Errorf("--after: %w", err)
	}
	if o.dryRun && o.service.recording.file != "" {
		return o, errors.New("--record: a --dry-run asks the service for nothing")
	}
	return o, nil
}

func runApply(ctx context.Context, o applyOptions, term terminal) error {
	cfg, err := o.pipelineConfig()
	if err != nil {
		return err
	}
	if o.dryRun {
		return printPlan(ctx, cfg, o.runOptions, term)
	}
	return o.carryOut(ctx, cfg, term, pipeline.Run)
}

// pipelineConfig says the plan and the options in the pipeline's words.
func (o applyOptions) pipelineConfig() (pipeline.Config, error) {
	cfg := o.runOptions.pipelineConfig("apply " + o.file)
	p, err := o.read()
	if err != nil {
		return cfg, err
	}
	if !o.elsewhere && (p.Endpoint != cfg.Endpoint || p.Account != cfg.Account) {
		return cfg, usageError{fmt.Errorf("%s was made for account %q at %s, but this is account %q at %s; give it --account and --endpoint of that one, or --elsewhere",
			o.file, p.Account, p.Endpoint, cfg.Account, cfg.Endpoint)}
	}
	if _, err := os.Stat(p.Root); err != nil {
		return cfg, fmt.Errorf("the root of the plan: %w", err)
	}
	cfg.Paths, cfg.Planned = []string{p.Root}, &pipeline.Planned{Albums: p.Albums, SkipChanged: o.skipChanged}
	cfg.Confirm, cfg.After = o.confirm, o.after
	cfg.Order = pipeline.Order(p.Order)
	if cfg.Shifts, err = parseShifts(p.TimeShifts); err != nil {
		return cfg, usageError{fmt.Errorf("%s: %w", o.file, err)}
	}
	if err := cfg.Valid(); err != nil {
		return cfg, usageError{err}
	}
	return cfg, nil
}

// read reads the plan, once.
func (o applyOptions) read() (planfile.File, error) {
	f, err := os.Open(o.file)
	if err != nil {
		return planfile.File{}, err
	}
	defer func() { _ = f.Close() }()
	if info, err := f.Stat(); err == nil && info.IsDir() {
		return planfile.File{}, usageError{fmt.Errorf("%s is a folder; name a plan in it", o.file)}
	}
	p, err := planfile.Read(f)
	if problems := (planfile.Problems)(nil); errors.As(err, &problems) {
		return p, usageError{fmt.Errorf("%s cannot be carried out, and nothing was done:\n%w", o.file, problems)}
	}
	return p, err
}
