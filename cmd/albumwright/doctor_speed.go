package main

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/url"
	"strconv"
	"strings"

	"github.com/dustin/go-humanize"
	"github.com/urfave/cli/v2"

	"github.com/albumwright/albumwright/internal/budget"
	"github.com/albumwright/albumwright/internal/doctor"
)

// mostMeasured is how many bytes one measurement may send: beyond it a line shows nothing new.
const mostMeasured = 4 << 30

// speedOptions is what is measured.
type speedOptions struct {
	doctorOptions
	size    int64 // bytes for each number of streams
	streams []int
	yes     bool
}

func doctorSpeedCommand(term terminal) *cli.Command {
	return command(cli.Command{
		Name:  "speed",
		Usage: "measure how many uploads at a time fill the line",
		Description: "Uploads random bytes with each number of streams, and says what to give --transfers; import finds it by itself, too. Nothing of it gets into\n" +
			"the library: no media item is made, and the service forgets the bytes within a day. Each stream is one of the day's requests, and the\n" +
			"bytes go over your line: both are said before it begins, and the real service gets them only with --yes.\n\n" +
			"Examples:\n" +
			"   albumwright doctor speed --yes\n" +
			"   albumwright doctor speed --size 16M --streams 1,2,4,8",
		Flags: append(serviceFlags(), stateDirFlag(), jsonFlag(),
			&cli.StringFlag{Name: "size", Usage: "`SIZE` of what is sent for each number of streams", Value: "64M", EnvVars: envVar("size")},
			&cli.StringFlag{Name: "streams", Usage: "`NUMBERS` of uploads at a time", Value: "1,4,16", EnvVars: envVar("streams")},
			&cli.BoolFlag{Name: "yes", Usage: "spend the requests and bytes on the real service", EnvVars: envVar("yes")}),
		Action: func(c *cli.Context) error {
			if c.Args().Present() {
				return unexpected(c, 0)
			}
			o, err := readSpeedOptions(c)
			if err != nil {
				return usageError{err}
			}
			return runSpeed(c.Context, o, term)
		},
	})
}

func readSpeedOptions(c *cli.Context) (o speedOptions, err error) {
	file, err := readConfig(c)
	if err == nil {
		err = applyConfig(c, file)
	}
	if err != nil {
		return o, err
	}
	o.stateDir, o.json, o.yes = c.String("state-dir"), c.Bool("json"), c.Bool("yes")
	if o.service, err = readServiceOptions(c); err != nil {
		return o, err
	}
	for _, text := range strings.Split(c.String("streams"), ",") {
		n, err := strconv.Atoi(strings.TrimSpace(text))
		if err != nil || n < 1 || n > maxTransfers {
			return o, fmt.Errorf("--streams %q: must be numbers between 1 and %d, with commas between them", c.String("streams"), maxTransfers)
		}
		o.streams = append(o.streams, n)
	}
	if o.size, err = readBytes(c, "size"); err != nil {
		return o, err
	}
	if o.size < maxTransfers || o.size > mostMeasured {
		return o, fmt.Errorf("--size %s: must be between 64 B and %s", c.String("size"), humanize.IBytes(mostMeasured))
	}
	return o, nil
}

// requests is what the measurement costs.
func (o speedOptions) requests() (n int) {
	for _, streams := range o.streams {
		n += streams
	}
	return n
}

func runSpeed(ctx context.Context, o speedOptions, term terminal) (err error) {
	cost := fmt.Sprintf("%d of the day's requests and %s", o.requests(), size(o.size*int64(len(o.streams))))
	fmt.Fprintf(term.err, "This sends %s to %s. No media item is made of it.\n", cost, o.service.endpoint)
	if !o.yes && !isHere(o.service.endpoint) {
		return usageError{errors.New("this is the real service: --yes spends " + cost)}
	}
	_, ctx, stop := untilSignals(ctx, func() {})
	defer stop()
	limiter, err := o.service.limiter(nil)
	if err != nil {
		return err
	}
	job, err := budget.Begin(ctx, o.service.budgetConfig(o.stateDir))
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, job.Close()) }()
	if err := job.Reserve(ctx, o.requests()); err != nil {
		return err
	}
	client, err := o.service.connect(ctx, maxTransfers, limiter, job, nil)
	if err != nil {
		return err
	}
	out := newPrinter(term.out)
	rates, err := doctor.Speed(ctx, client.Uploads, o.size, o.streams, func(r doctor.Rate) {
		if o.json {
			out.line(rateLine{"rate", r})
			return
		}
		fmt.Fprintf(term.out, "%3d at a time  %7.1f MB/s  (%s in %.1f s)\n", r.Streams, r.BytesPerSecond/1e6, size(r.Bytes), r.Took.Seconds())
	})
	if err != nil {
		return err
	}
	if o.json {
		out.line(adviceLine{"summary", doctor.Fewest(rates), o.requests()})
		return out.err
	}
	fmt.Fprintf(term.out, "--transfers %d is enough here; auto finds it by itself, and goes on when the line changes\n", doctor.Fewest(rates))
	return nil
}

// rateLine and adviceLine are the lines of --json.
type rateLine struct {
	Type string `json:"message_type"`
	doctor.Rate
}

type adviceLine struct {
	Type      string `json:"message_type"`
	Transfers int    `json:"transfers"`
	Requests  int    `json:"requests"`
}

// isHere tells whether an endpoint is on this machine, so an emulator.
func isHere(endpoint string) bool {
	u, err := url.Parse(endpoint)
	if err != nil {
		return false
	}
	ip := net.ParseIP(u.Hostname())
	return u.Hostname() == "localhost" || ip != nil && ip.IsLoopback()
}
