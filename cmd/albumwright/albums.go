package main

import (
	"fmt"
	"strings"
	"time"

	"github.com/urfave/cli/v2"

	"github.com/albumwright/albumwright/internal/album"
	"github.com/albumwright/albumwright/internal/clocks"
	"github.com/albumwright/albumwright/pipeline"
)

// albumOptions say in which albums files are wanted, and how they stand there.
type albumOptions struct {
	rules  []pipeline.AlbumRule
	naming pipeline.AlbumNaming
	order  pipeline.Order
	pairs  pipeline.Pairs
	shifts []pipeline.ClockShift
}

// byFolder is what counts where no rule is given.
func byFolder() albumOptions { return albumOptions{rules: []pipeline.AlbumRule{{By: album.ByFolder}}} }

// albumFlags are the rules and what they have in common, and how albums stand.
func albumFlags() []cli.Flag {
	return append([]cli.Flag{
		repeatable("album", ofAlbums, "one album of this `TITLE` for everything; rules may be repeated and combined: a file belongs to the albums that all of them name"),
		repeatable("album-by", ofAlbums, "an album for each `KIND`: folder (default without any rule), path (all folders below PATH), day, month, year, event, camera, or none (library only)"),
		repeatable("album-template", ofAlbums, "an album for each title that this `TEMPLATE` makes, such as '{job|event|folder|date:%Y-%m-%d}'; see: albumwright help template"),
		repeatable("time-shift", ofAlbums, "put a camera's clock right by this `SHIFT`, for albums and their order, such as 'Canon EOS R6=+1:00' or '-0:02:30' for all; may be repeated. The files stay as they are"),
	}, append(namingFlags(), orderFlags()...)...)
}

func namingFlags() []cli.Flag {
	return under(ofAlbums,
		&cli.DurationFlag{Name: "event-gap", Usage: "the longest `PAUSE` within an event", Value: album.DefaultEventGap, EnvVars: envVar("event-gap")},
		&cli.StringFlag{Name: "day-start", Usage: "the `TIME` when a day begins in albums by date: with 03:00 a photo of half past midnight belongs to the day before", Value: "00:00", EnvVars: envVar("day-start")},
		&cli.StringFlag{Name: "path-joiner", Usage: "the `TEXT` between the folders of an album by path", Value: album.DefaultJoiner, EnvVars: envVar("path-joiner")},
		&cli.IntFlag{Name: "path-depth", Usage: "how many folders of a path name an album: the first `N`, or with -N the last; 0 = all", EnvVars: envVar("path-depth")},
		&cli.StringFlag{Name: "job", Usage: "`NAME` of what the files are of, for {job} in templates; events of different jobs have nothing to do with each other", EnvVars: envVar("job")},
	)
}

// readAlbumOptions reads and tries all rules, so that an error names its flag.
func readAlbumOptions(c *cli.Context) (o albumOptions, err error) {
	if o.naming, err = readNaming(c); err != nil {
		return o, err
	}
	if o.shifts, err = readShifts(c); err != nil {
		return o, err
	}
	if o.order, o.pairs, err = readOrder(c); err != nil {
		return o, err
	}
	for _, flag := range []string{"album", "album-by", "album-template"} {
		for _, text := range textsOf(c, flag) {
			rule, err := readRule(flag, text)
			if err != nil {
				return o, fmt.Errorf("--%s: %w", flag, err)
			}
			o.rules = append(o.rules, rule)
		}
	}
	if o.rules == nil {
		o.rules = byFolder().rules
	}
	return o, nil
}

func readShifts(c *cli.Context) (shifts clocks.Shifts, err error) {
	return parseShifts(textsOf(c, "time-shift"))
}

func parseShifts(texts []string) (shifts clocks.Shifts, err error) {
	for _, text := range texts {
		s, err := clocks.ParseShift(text)
		if err != nil {
			return nil, fmt.Errorf("--time-shift %w", err)
		}
		shifts = append(shifts, s)
	}
	if err := shifts.Valid(); err != nil {
		return nil, fmt.Errorf("--time-shift: %w", err)
	}
	return shifts, nil
}

func readRule(flag, text string) (rule pipeline.AlbumRule, err error) {
	switch {
	case strings.TrimSpace(text) == "" && flag != "album":
		return rule, fmt.Errorf("%q names no album", text)
	case flag == "album":
		rule.Title = text
	case flag == "album-by":
		rule.By = album.By(text)
	default:
		rule.Template = text
	}
	if text == "" {
		return rule, fmt.Errorf("album name %q has no visible character", text)
	}
	return rule, rule.Valid()
}

func readNaming(c *cli.Context) (o pipeline.AlbumNaming, err error) {
	o = pipeline.AlbumNaming{EventGap: c.Duration("event-gap"), Joiner: c.String("path-joiner"), Depth: c.Int("path-depth"), Job: c.String("job")}
	if o.EventGap <= 0 {
		return o, fmt.Errorf("--event-gap %s: must be a pause, such as 1h or 90m", o.EventGap)
	}
	at, err := time.Parse("15:04", c.String("day-start"))
	if err != nil {
		return o, fmt.Errorf("--day-start %q: must be a time of day, such as 03:00", c.String("day-start"))
	}
	o.DayStart = time.Duration(at.Hour())*time.Hour + time.Duration(at.Minute())*time.Minute
	return o, nil
}
