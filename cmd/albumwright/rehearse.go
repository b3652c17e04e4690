package main

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math"
	"net"
	"os"
	"path/filepath"
	"time"

	"github.com/urfave/cli/v2"

	"github.com/albumwright/albumwright/emulator"
	"github.com/albumwright/albumwright/internal/budget"
	"github.com/albumwright/albumwright/internal/clock"
	"github.com/albumwright/albumwright/internal/rehearse"
	"github.com/albumwright/albumwright/pipeline"
	"github.com/albumwright/albumwright/ratelimit"
)

// rehearseOptions are how an import is rehearsed.
type rehearseOptions struct {
	on     bool
	rate   float64 // bytes per second; 0 = as measured, or assumed
	serve  bool    // show the gallery at the end
	listen string
	keep   int64 // bytes of photos for the gallery
}

func rehearseFlags() []cli.Flag {
	return under(ofRehearsal,
		&cli.BoolFlag{Name: "rehearse", Usage: "carry it all out against an emulator in this process, in sped-up time: send nothing to anyone, and say how many days, requests and bytes it takes", EnvVars: envVar("rehearse")},
		&cli.Float64Flag{Name: "rehearse-rate", Usage: "with --rehearse: the `RATE` of your line's upload, in Mbit/s", DefaultText: "as in the last runs, or 20", EnvVars: envVar("rehearse-rate")},
		&cli.StringFlag{Name: "rehearse-keep", Usage: "with --rehearse: the `SIZE` of what is copied of your photos for the gallery; it shows tiles for the others", Value: "2GiB", EnvVars: envVar("rehearse-keep")},
		&cli.BoolFlag{Name: "serve", Usage: "with --rehearse: show the gallery at the end, until Ctrl-C; on a terminal without being asked, unless --serve=false", EnvVars: envVar("serve")},
		&cli.StringFlag{Name: "listen", Usage: "with --serve: loopback `ADDRESS` of the gallery; port 0 takes a free one", Value: "127.0.0.1:0", EnvVars: envVar("listen")},
	)
}

func readRehearseOptions(c *cli.Context, out io.Writer) (o rehearseOptions, err error) {
	o = rehearseOptions{on: c.Bool("rehearse"), serve: c.Bool("serve"), listen: c.String("listen"), rate: c.Float64("rehearse-rate") * 1e6 / 8}
	if !o.on {
		if c.IsSet("rehearse-rate") || c.IsSet("rehearse-keep") || o.serve {
			return o, errors.New("--rehearse-rate, --rehearse-keep and --serve are for --rehearse only")
		}
		return o, nil
	}
	if c.IsSet("rehearse-rate") && (!(o.rate > 0) || math.IsInf(o.rate, 0)) {
		return o, fmt.Errorf("--rehearse-rate %v: must be a number of Mbit/s above 0", c.Float64("rehearse-rate"))
	}
	if o.keep, err = readBytes(c, "rehearse-keep"); err != nil {
		return o, err
	}
	if !c.IsSet("serve") {
		o.serve = isTerminal(out) && !c.Bool("json")
	}
	if o.keep == 0 || !o.serve { // nobody will look
		o.keep = -1
	}
	return o, nil
}

// valid refuses what a rehearsal cannot be asked for beside.
func (o rehearseOptions) valid(of importOptions) error {
	switch {
	case !o.on:
		return nil
	case of.dryRun:
		return errors.New("--rehearse and --dry-run cannot be given together: a dry run reckons, a rehearsal carries out")
	case !of.after.Keeps():
		return fmt.Errorf("--rehearse: nothing is sent, so --after=%s may not touch a file; leave it out", of.after)
	case of.service.recording.file != "":
		return errors.New("--record: a rehearsal asks the service for nothing")
	}
	return nil
}

// rehearsal is an import on a stage of its own: a service in this process, and a folder with copies of what is known.
type rehearsal struct {
	importOptions
	real   pipeline.Config
	dir    string
	clock  *clock.Still
	stand  *emulator.Server
	rate   float64 // bytes per second
	source string  // where the rate is from
	unsent int64   // bytes that the real run need not send, of uploads that were broken off
}

// runRehearsal carries the import out where nobody sees it.
func runRehearsal(ctx context.Context, o importOptions, cfg pipeline.Config, term terminal) (err error) {
	r := &rehearsal{importOptions: o, real: cfg, clock: clock.NewStill(time.Now())}
	var ln net.Listener
	if o.rehearse.serve {
		if ln, err = listenLoopback("listen", o.rehearse.listen); err != nil {
			return err
		}
		defer func() { _ = ln.Close() }() // Serve may have done so
	}
	if r.dir, err = os.MkdirTemp("", "albumwright-rehearsal-"); err != nil {
		return err
	}
	defer func() { err = errors.Join(err, os.RemoveAll(r.dir)) }()
	if err := r.open(ctx); err != nil {
		return err
	}
	defer func() { err = errors.Join(err, r.stand.Close()) }()
	if err = r.play(ctx, term); ln == nil || err != nil && !errors.Is(err, errSomeFailed) {
		return err
	}
	return errors.Join(err, r.serve(ctx, ln, term))
}

// open prepares the stage: copies of ledger and budget, and a service that holds what they say. Ctrl-C ends it.
func (r *rehearsal) open(ctx context.Context) (err error) {
	_, ctx, stop := untilSignals(ctx, func() {})
	defer stop()
	defer func() {
		if ctx.Err() != nil {
			err = errLookStopped
		}
	}()
	spending := r.service.budgetConfig(r.stateDir)
	if err := budget.Copy(ctx, spending.Path, r.service.budgetConfig(r.dir).Path); err != nil {
		return err
	}
	status, err := budget.Read(ctx, spending)
	if err != nil {
		return err
	}
	r.reckonRate(status)
	quota := emulator.ServiceQuota()
	quota.RequestsPerDay = max(quota.RequestsPerDay, spending.Limit) // who allows more has been given more
	r.stand, err = emulator.New(emulator.Config{Dir: filepath.Join(r.dir, "service"), Now: r.clock.Now, Quota: quota, KeepBytes: r.rehearse.keep})
	if err != nil {
		return err
	}
	if err := r.fill(ctx, status.Used); err != nil {
		return errors.Join(err, r.stand.Close())
	}
	return nil
}

func (r *rehearsal) reckonRate(s budget.Status) {
	measured := s.BytesPerSecond()
	switch r.rate = cmp.Or(r.rehearse.rate, measured, budget.AssumedBytesPerSecond); {
	case r.rehearse.rate > 0:
		r.source = "as given"
	case measured > 0:
		r.source = "measured in the last runs"
	default:
		r.source = "assumed"
	}
}

// config says all in the words of package rehearse.
func (r *rehearsal) config() (rehearse.Config, error) {
	limits := r.service.limits()
	cfg := rehearse.Config{
		Import: r.real, Limits: limits, Budget: r.service.budgetConfig(r.dir), Service: r.stand.Transport(), AccessToken: r.stand.AccessToken(),
		Clock: r.clock, BytesPerSecond: r.rate,
	}
	cfg.Import.StateDir = r.dir
	_, err := ratelimit.New(limits)
	if err != nil {
		return cfg, usageError{err}
	}
	return cfg, nil
}

// serve shows the gallery until Ctrl-C.
func (r *rehearsal) serve(ctx context.Context, ln net.Listener, term terminal) error {
	_, ctx, stop := untilSignals(ctx, func() {})
	defer stop()
	r.clock.Release()
	if r.json {
		r.print(json.NewEncoder(term.out), galleryMessage{"gallery", "http://" + ln.Addr().String() + "/"})
	} else {
		fmt.Fprintf(term.out, "Gallery: http://%s/   (Ctrl-C ends it)\n", ln.Addr())
	}
	return r.stand.Serve(ctx, ln)
}
