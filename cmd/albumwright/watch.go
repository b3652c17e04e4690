package main

import (
	"fmt"
	"os"
	"slices"
	"strings"
	"time"

	"github.com/urfave/cli/v2"

	"github.com/albumwright/albumwright/internal/album"
	"github.com/albumwright/albumwright/internal/watch"
	"github.com/albumwright/albumwright/pipeline"
)

// watchOptions are what is asked of the watching of some folders.
type watchOptions struct {
	runOptions
	choice
	headings                           pipeline.Headings
	confirm                            bool
	after                              pipeline.After
	settle, rescan, poll, batchTimeout time.Duration
	initial                            watch.Initial
	print                              string // see watch.Job
}

func watchCommand(term terminal) *cli.Command {
	return command(cli.Command{
		Name:      "watch",
		Usage:     "keep folders and the library the same: send what is there, then what comes",
		ArgsUsage: "[DIR...]",
		Description: "Sends what is in the folders, and then each file as soon as it is complete: when it has stayed as it is for the settle time. Without a DIR the\n" +
			"folders of the configuration file are watched, each with settings of its own. A folder that is not there, or goes away, is waited for; nothing of it is\n" +
			"forgotten. What came while the program was down is found by the next start.\n\n" +
			"Ctrl-C or SIGTERM lets it finish what it is sending; twice leaves at once. Nothing is lost either way.\n\n" +
			"Examples:\n" +
			"   albumwright watch ~/Pictures/Camera\n" +
			"   albumwright watch --initial=skip --album-by month ~/Pictures     only what comes from now on\n" +
			"   albumwright watch --after=move:~/sent ~/Scans                    move what the service has confirmed out of the way\n" +
			"   albumwright watch --once ~/Pictures/Camera                       what is there, then end, as for a timer\n" +
			"   albumwright watch --listen 127.0.0.1:8090 ~/Pictures             with a page that shows what it does\n" +
			"   albumwright watch                                                the folders: of the configuration file\n\n" +
			"folders:\n" +
			"  - path: ~/Pictures/Camera\n" +
			"    album-by: month\n" +
			"  - path: ~/Scans\n" +
			"    account: family\n" +
			"    album: Scans\n" +
			"    settle: 30s\n" +
			"    after: trash",
		Flags:  watchFlags(),
		Action: func(c *cli.Context) error { return runWatch(c, term) },
	})
}

// watchFlags are those of the command. What else runs beside a watch adds its own here.
func watchFlags() []cli.Flag {
	flags := slices.Concat(runFlags(), choiceFlags(), endFlags(), []cli.Flag{headingsFlag()}, folderFlags(), pageFlags(), hookFlags(), []cli.Flag{
		&cli.BoolFlag{Name: "once", Usage: "end when all is sent that is there at first"},
	})
	return slices.DeleteFunc(flags, func(f cli.Flag) bool { return slices.Contains(withoutEnd(), f.Names()[0]) })
}

// folderFlags say how a folder is looked after.
func folderFlags() []cli.Flag {
	return []cli.Flag{
		&cli.DurationFlag{Name: "settle", Usage: "the `TIME` for which a file must stay as it is before it is taken", Value: watch.DefaultSettle, EnvVars: envVar("settle")},
		&cli.DurationFlag{Name: "batch-timeout", Usage: "the `TIME` that files wait for others of their album before they are sent; 50 go at once", Value: watch.DefaultBatchTimeout, EnvVars: envVar("batch-timeout")},
		&cli.DurationFlag{Name: "rescan", Usage: "the `TIME` after which everything is looked at again, whatever the system tells", Value: watch.DefaultRescan, EnvVars: envVar("rescan")},
		&cli.DurationFlag{Name: "poll", Usage: "look at everything in turns of this `TIME` in place of listening to the system; 0 = only where the system does not tell, as on network shares", EnvVars: envVar("poll")},
		&cli.StringFlag{Name: "initial", Usage: "`WHAT` becomes of files that are there when a folder is watched for the first time ever: upload, skip", Value: string(watch.Upload), EnvVars: envVar("initial")},
	}
}

// withoutEnd are flags of an import that make no sense for what goes on and on.
func withoutEnd() []string { return []string{"dry-run", "report"} }

// readWatchOptions reads what is asked for the folders that are the arguments.
func readWatchOptions(c *cli.Context) (watchOptions, error) {
	o := watchOptions{
		confirm: c.Bool("confirm"), initial: watch.Initial(c.String("initial")),
		settle: c.Duration("settle"), rescan: c.Duration("rescan"), poll: c.Duration("poll"), batchTimeout: c.Duration("batch-timeout"),
	}
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
	if o.choice, err = readChoice(c); err != nil {
		return o, err
	}
	return o, o.valid()
}

func (o watchOptions) valid() error {
	switch {
	case o.settle <= 0:
		return fmt.Errorf("--settle %v: must be longer than nothing", o.settle)
	case o.batchTimeout <= 0:
		return fmt.Errorf("--batch-timeout %v: must be longer than nothing", o.batchTimeout)
	case o.rescan <= 0:
		return fmt.Errorf("--rescan %v: must be longer than nothing", o.rescan)
	case o.poll < 0:
		return fmt.Errorf("--poll %v: must not be negative", o.poll)
	case o.initial != watch.Upload && o.initial != watch.Skip:
		return fmt.Errorf("--initial %q: must be upload or skip", o.initial)
	}
	return nil
}

// job says the options for one folder in the watch's words.
func (o watchOptions) job(root string) watch.Job {
	cfg := o.runOptions.pipelineConfig("watch " + root)
	cfg.Confirm, cfg.After, cfg.Headings = o.confirm, o.after, o.headings
	o.rulesInto(&cfg)
	rule, byFolder := ruleWords(o.rules)
	return watch.Job{
		Root: root, Run: cfg, Rule: rule, ByFolder: byFolder, Settle: o.settle, Rescan: o.rescan, Poll: o.poll, BatchTimeout: o.batchTimeout,
		Initial: o.initial, Print: o.print,
	}
}

// ruleWords says rules for albums, and whether they go by folders alone.
func ruleWords(rules []pipeline.AlbumRule) (words string, byFolder bool) {
	var parts []string
	byFolder = true
	for _, r := range rules {
		switch {
		case r.Title != "":
			parts = append(parts, fmt.Sprintf("the album %q", r.Title))
		case r.Template != "":
			parts = append(parts, "albums by "+r.Template)
		case r.By == album.ByNone:
			parts = append(parts, "no album")
		default:
			parts = append(parts, "an album for each "+string(r.By))
		}
		byFolder = byFolder && r.Title == "" && r.Template == "" && (r.By == album.ByFolder || r.By == album.ByPath)
	}
	return strings.Join(parts, ", "), byFolder
}
