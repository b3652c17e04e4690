package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"
	"time"

	"github.com/urfave/cli/v2"

	"github.com/albumwright/albumwright/internal/album"
	"github.com/albumwright/albumwright/internal/order"
	"github.com/albumwright/albumwright/internal/planfile"
	"github.com/albumwright/albumwright/internal/replace"
	"github.com/albumwright/albumwright/pipeline"
)

// planOptions is what the plan command was asked.
type planOptions struct {
	runOptions // as far as they decide which ledger, and how long it takes
	choice
	file  string // "" is stdout
	force bool
	open  bool // first shown as a page
}

func planCommand(term terminal) *cli.Command {
	return command(cli.Command{
		Name:      "plan",
		Usage:     "write down what an import would do, to be edited and applied",
		ArgsUsage: "PATH...",
		Description: "Takes the same PATHs and rules as import, makes no call, and prints what import would do as YAML: a block for each album, a line for each file.\n" +
			"Edit it: give albums other titles, move lines, delete lines or whole albums, change descriptions. Then albumwright apply does just that.\n\n" +
			"   albumwright plan ~/Pictures > plan.yaml\n" +
			"   albumwright plan --album-by event -o plan.yaml ~/Pictures\n" +
			"   albumwright plan --album-by event --open ~/Pictures > plan.yaml     look at it, and find the right --event-gap\n" +
			"   albumwright apply plan.yaml",
		Flags: append(append(ledgerFlags(jsonFlag(), writesFlag()), budgetFlags()...), append(choiceFlags(),
			&cli.StringFlag{Name: "output", Aliases: []string{"o"}, Usage: "write the plan to this `FILE`", EnvVars: envVar("output"), TakesFile: true},
			&cli.BoolFlag{Name: "open", Usage: "show the plan as a page in the browser, where --event-gap and --day-start can be moved; its Done button writes the plan", EnvVars: envVar("open")},
			&cli.BoolFlag{Name: "force", Usage: "with --output: also if there is such a file already", EnvVars: envVar("force")})...),
		Action: func(c *cli.Context) error {
			o, err := readPlanOptions(c)
			if err != nil {
				return usageError{err}
			}
			return runPlan(c.Context, o, term)
		},
	})
}

func readPlanOptions(c *cli.Context) (planOptions, error) {
	o := planOptions{file: c.String("output"), force: c.Bool("force"), open: c.Bool("open")}
	l, err := readLedgerOptions(c)
	if err != nil {
		return o, err
	}
	o.service, o.stateDir, o.json = l.service, l.stateDir, l.json
	if o.service.writesPerMinute = c.Int("writes-per-minute"); o.service.writesPerMinute < 0 {
		return o, fmt.Errorf("--writes-per-minute %d: must be 0 (unpaced) or more", o.service.writesPerMinute)
	}
	if o.service.budget, err = readBudgetOptions(c); err != nil {
		return o, err
	}
	if o.choice, err = readChoice(c); err != nil {
		return o, err
	}
	if o.open && o.json {
		return o, errors.New("--open writes a plan to be edited; --json is one for programs")
	}
	switch info, err := os.Lstat(o.file); {
	case o.file == "" || err != nil:
	case !info.Mode().IsRegular(): // the plan would take the place of a folder, a device, or a link
		return o, fmt.Errorf("--output: %s is no regular file; without --output the plan is printed", o.file)
	case !o.force:
		return o, fmt.Errorf("--output: %s is there already; --force writes over it", o.file)
	}
	return o, nil
}

func runPlan(ctx context.Context, o planOptions, term terminal) error {
	cfg := o.runOptions.pipelineConfig("plan " + strings.Join(o.paths, " "))
	if err := o.choice.into(&cfg); err != nil {
		return err
	}
	if o.open {
		return o.show(ctx, cfg, term)
	}
	p, costs, err := planOf(ctx, cfg, o.runOptions)
	if err != nil {
		return err
	}
	return o.write(term, func(w io.Writer) error {
		if o.json {
			return printPlanJSON(w, p, costs, nil)
		}
		return writePlan(w, cfg, p, costs)
	})
}

// writePlan is the plan as a file.
func writePlan(w io.Writer, cfg pipeline.Config, p pipeline.Foresight, costs planCost) error {
	var sum strings.Builder
	printPlanSum(&sum, p, costs)
	if chosen := chosenTimes(cfg.Naming); chosen != "" {
		row(&sum, "Made with", "%s", chosen)
	}
	root := planfile.Root(cfg.Paths, func(path string) bool {
		info, err := os.Stat(path)
		return err == nil && info.IsDir()
	})
	f := planfile.File{Endpoint: cfg.Endpoint, Account: cfg.Account, Root: root, Albums: p.Albums}
	if f.Order = string(cfg.Order); cfg.Order == order.Captured {
		f.Order = "" // goes without saying
	}
	for _, shift := range cfg.Shifts {
		f.TimeShifts = append(f.TimeShifts, shift.String())
	}
	return planfile.Write(w, f, sum.String())
}

// chosenTimes are the settings that the page of a plan moves, as flags, where they are not what goes without saying: so a later import can have them, too.
func chosenTimes(n pipeline.AlbumNaming) string {
	var flags []string
	if n.EventGap != 0 && n.EventGap != album.DefaultEventGap {
		flags = append(flags, "--event-gap "+n.EventGap.String())
	}
	if n.DayStart != 0 {
		flags = append(flags, "--day-start "+time.Time{}.Add(n.DayStart).Format("15:04"))
	}
	return strings.Join(flags, " ")
}

// write writes to the file that was asked for, or to stdout. A file appears, or takes the place of another one, only if nothing goes wrong.
func (o planOptions) write(term terminal, do func(io.Writer) error) error {
	if o.file == "" {
		return do(term.out)
	}
	if err := replace.With(o.file, 0o644, do); err != nil {
		return usageError{fmt.Errorf("--output: %w", err)}
	}
	fmt.Fprintf(term.err, "albumwright: the plan is in %s; edit it, then: albumwright apply %[1]s\n", o.file)
	return nil
}
