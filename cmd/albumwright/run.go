package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/signal"
	"syscall"
	"time"

	"github.com/dustin/go-humanize"
	"github.com/urfave/cli/v2"

	"github.com/albumwright/albumwright/internal/budget"
	"github.com/albumwright/albumwright/pipeline"
	"github.com/albumwright/albumwright/ratelimit"
	"github.com/albumwright/albumwright/upload"
)

// runOptions are how files are sent, for all commands that send some.
type runOptions struct {
	service       serviceOptions
	stateDir      string
	transfers     int   // uploads at a time; 0 = as many as the link bears
	resumableFrom int64 // bytes; negative = never
	chunk         int64 // bytes; 0 = all that is left
	tries         int
	missing       pipeline.MissingAlbum
	json          bool
	reportFile    string
	verbosity     verbosity
}

func runFlags() []cli.Flag {
	return append(serviceFlags(), stateDirFlag(),
		&cli.StringFlag{Name: "transfers", Category: ofPace, Usage: "`N` uploads at a time, or auto for as many as the link bears", Value: "auto", EnvVars: envVar("transfers")},
		&cli.StringFlag{Name: "resumable-from", Category: ofPace, Usage: "the `SIZE` from which on a broken upload goes on where it ended, at the price of a second request for each file; off = never", Value: "50MB", EnvVars: envVar("resumable-from")},
		&cli.StringFlag{Name: "upload-chunk", Category: ofPace, Usage: "the `SIZE` of one request of such an upload, for networks that cut long ones; 0 = all that is left", Value: "0", EnvVars: envVar("upload-chunk")},
		&cli.IntFlag{Name: "tries", Category: ofPace, Usage: "a call is given up after `N` tries; waits grow from 1 s to a minute", Value: 7, EnvVars: envVar("tries")},
		&cli.StringFlag{Name: "on-missing-album", Category: ofAlbums, Usage: "`WHAT` is done about an album that was deleted in the service: recreate it with what it held, skip its files, stop", Value: "recreate", EnvVars: envVar("on-missing-album")},
		&cli.BoolFlag{Name: "json", Category: ofOutput, Usage: "print JSON Lines, each with a message_type", EnvVars: envVar("json")},
		&cli.StringFlag{Name: "report", Category: ofOutput, Usage: "write every file's end and the counts to this JSON `FILE`", EnvVars: envVar("report"), TakesFile: true},
		&cli.BoolFlag{Name: "quiet", Category: ofOutput, Aliases: []string{"q"}, Usage: "no progress", EnvVars: envVar("quiet")},
		&cli.BoolFlag{Name: "verbose", Category: ofOutput, Aliases: []string{"v"}, Usage: "one line for each file", EnvVars: envVar("verbose")},
	)
}

func readRunOptions(c *cli.Context) (runOptions, error) {
	o := runOptions{stateDir: c.String("state-dir"), tries: c.Int("tries"), missing: pipeline.MissingAlbum(c.String("on-missing-album")), json: c.Bool("json"), reportFile: c.String("report"), verbosity: normal}
	var err error
	if o.service, err = readServiceOptions(c); err != nil {
		return o, err
	}
	if o.transfers, err = readTransfers(c.String("transfers")); err != nil {
		return o, err
	}
	if o.resumableFrom, err = readBytes(c, "resumable-from"); err != nil {
		return o, err
	}
	if o.resumableFrom == 0 {
		o.resumableFrom = 1 // every file: to the pipeline 0 is its default
	}
	if o.chunk, err = readBytes(c, "upload-chunk"); err != nil {
		return o, err
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
	case o.tries < 1 || o.tries > 50:
		return o, fmt.Errorf("--tries %d: must be between 1 and 50", o.tries)
	case o.missing != pipeline.RecreateAlbum && o.missing != pipeline.SkipAlbum && o.missing != pipeline.StopForMissing:
		return o, fmt.Errorf("--on-missing-album %q: must be recreate, skip or stop", o.missing)
	case o.chunk < 0:
		return o, errors.New("--upload-chunk: 0 sends all that is left in one request")
	case o.stateDir == "":
		return o, errors.New("--state-dir is needed: there is no home folder to put the ledger into")
	}
	return o, nil
}

// readBytes reads a size, such as 50MB or 64MiB; off is negative.
func readBytes(c *cli.Context, flag string) (int64, error) {
	text := c.String(flag)
	if text == "off" {
		return -1, nil
	}
	n, err := humanize.ParseBytes(text)
	if err != nil || n > 1<<50 {
		return 0, fmt.Errorf("--%s %q: must be a size, such as 50MB or 64MiB", flag, text)
	}
	return int64(n), nil
}

// ledger says which ledger a run works with.
func (o runOptions) ledger() ledgerOptions {
	return ledgerOptions{service: o.service, stateDir: o.stateDir, json: o.json}
}

// pipelineConfig says the options in the pipeline's words.
func (o runOptions) pipelineConfig(command string) pipeline.Config {
	transfers := mostTransfers(o.transfers)
	return pipeline.Config{
		Patience: upload.DefaultPatience + o.service.longestTurn(transfers),
		Endpoint: o.service.endpoint, Client: o.service.client(), Account: o.service.account, StateDir: o.stateDir,
		Transfers: transfers, ResumableFrom: max(o.resumableFrom, -1), Chunk: o.chunk, Tries: o.tries, OnMissingAlbum: o.missing, Command: command,
	}
}

// carryOut connects, runs, and tells how it goes and how it went.
func (o runOptions) carryOut(ctx context.Context, cfg pipeline.Config, term terminal, run func(context.Context, pipeline.Config) (pipeline.Report, error)) error {
	show := newProgress(term.err, o)
	ctx, intake, stop := untilSignals(ctx, show.interrupted)
	defer stop()
	finish, err := o.connectTo(ctx, &cfg, show.waiting, term)
	if err != nil {
		return err
	}
	files, err := newFileList(o.reportFile)
	if err != nil {
		return errors.Join(err, finish())
	}
	out := json.NewEncoder(term.out)
	cfg.Observe = func(ev pipeline.Event) {
		show.event(ev)
		switch ev := ev.(type) {
		case pipeline.FileEnd:
			files.add(ev.File)
			o.print(out, fileMessage{"file", ev.File})
		case pipeline.FileConfirmed:
			o.print(out, confirmedMessage{"confirmed", ev.Confirmed})
		}
	}
	cfg.Intake = intake
	context.AfterFunc(intake, func() {
		if ctx.Err() == nil {
			show.log("stopping: what was begun is finished; Ctrl-C again leaves at once")
		}
	})
	rep, err := run(ctx, cfg)
	show.end()
	err = errors.Join(err, finish())
	if rep.Run == 0 { // it did not begin
		return errors.Join(err, files.discard())
	}
	err = errors.Join(err, files.finish(rep))
	if o.json {
		o.print(out, summaryMessage{"summary", rep})
	} else {
		printReport(term.out, rep, occasion{command: cfg.Command, perDay: o.service.budget.perDay()})
	}
	if err == nil && !rep.Complete() {
		return errSomeFailed
	}
	return err
}

// print writes one line of --json.
func (o runOptions) print(out *json.Encoder, message any) {
	if o.json {
		_ = out.Encode(message)
	}
}

// connectTo gives the pipeline its service, its lanes and its budget. Waiting is told what requests wait for. Finish is called when the run has ended.
func (o runOptions) connectTo(ctx context.Context, cfg *pipeline.Config, waiting func(reason string, until time.Time), term terminal) (finish func() error, err error) {
	limiter, err := o.service.limiter(func(w ratelimit.Wait) { waiting(w.For, w.Until) })
	if err != nil {
		return nil, err
	}
	if cfg.Lanes, err = newLanes(o.transfers, limiter); err != nil {
		return nil, err
	}
	job, err := budget.Begin(ctx, o.service.budgetConfig(o.stateDir))
	if err != nil {
		return nil, err
	}
	rec, err := o.service.recording.begin()
	if err != nil {
		return nil, errors.Join(err, job.Close())
	}
	finish = func() error {
		o.service.recording.end(rec, term.err)
		return job.Close()
	}
	client, err := o.service.connect(ctx, cfg.Transfers, limiter, job, rec)
	if err != nil {
		return nil, errors.Join(err, finish())
	}
	cfg.API, cfg.Budget = pipeline.ClientAPI(client), job
	return finish, nil
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
		signal.Stop(signals) // whoever asks a third time is not to wait for anything
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

type confirmedMessage struct {
	Type string `json:"message_type"`
	pipeline.Confirmed
}
