package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"path/filepath"
	"time"

	"github.com/albumwright/albumwright/internal/confirm"
	"github.com/albumwright/albumwright/internal/ingest"
	"github.com/albumwright/albumwright/internal/library"
	"github.com/albumwright/albumwright/internal/offload"
	"github.com/albumwright/albumwright/internal/report"
	"github.com/albumwright/albumwright/pipeline"
)

// runIngest carries an ingest out, and says last whether the card can be formatted. Whatever goes wrong, what is said is never yes.
func runIngest(ctx context.Context, o ingestOptions, term terminal) error {
	cfg := o.config
	cfg.FS = offload.OS()
	var err error
	if cfg.Card, err = o.find(cfg.FS); err == nil {
		err = o.offCard(cfg)
	}
	if err == nil && cfg.DryRun {
		cfg.History, err = ingest.LookIntoHistory(ctx, o.stateDir)
	} else if err == nil {
		cfg.History, err = ingest.OpenHistory(ctx, o.stateDir)
	}
	if err != nil {
		return errors.Join(err, o.tell(term.out, ingest.Result{}))
	}
	defer func() { _ = cfg.History.Close() }()
	res, err := o.held(ctx, cfg, term)
	told := o.tell(term.out, res)
	if o.eject {
		if err := eject(ctx, cfg.FS, cfg.Card); err != nil {
			fmt.Fprintf(term.err, "albumwright: warning: the card was not ejected: %v\n", err)
		}
	}
	return errors.Join(o.outcome(res, err), told)
}

// held carries an ingest out while no other process of this machine is at the card.
func (o ingestOptions) held(ctx context.Context, cfg ingest.Config, term terminal) (ingest.Result, error) {
	if cfg.DryRun {
		return o.carryOut(ctx, cfg, term)
	}
	release, err := ingest.Hold(cfg.Card)
	if err != nil {
		return ingest.Result{}, err
	}
	res, err := o.carryOut(ctx, cfg, term)
	return res, errors.Join(err, release())
}

// offCard refuses to write on the card, whatever it is.
func (o ingestOptions) offCard(cfg ingest.Config) error {
	for flag, path := range map[string]string{"state-dir": o.stateDir, "report": o.reportFile} {
		if path == "" {
			continue
		}
		abs, err := filepath.Abs(path)
		if err != nil {
			return err
		}
		if ingest.OnCard(cfg.FS, cfg.Card, resolved(abs)) {
			return usageError{fmt.Errorf("--%s %s is on the card, to which nothing is ever written", flag, path)}
		}
	}
	if err := cfg.Valid(); err != nil {
		return usageError{err}
	}
	return nil
}

// carryOut connects, if something is to be sent, and runs.
func (o ingestOptions) carryOut(ctx context.Context, cfg ingest.Config, term terminal) (ingest.Result, error) {
	cfg.Progress = &ingest.Progress{}
	show := newProgressBelow(copyLine(cfg.Progress), term.err, o.runOptions)
	defer show.end()
	ctx, intake, stop := untilSignals(ctx, show.interrupted)
	defer stop()
	context.AfterFunc(intake, func() {
		if ctx.Err() == nil {
			show.log("stopping: what was begun is finished; Ctrl-C again leaves at once")
		}
	})
	cfg.Intake = intake
	if o.verbosity == verbose {
		cfg.Observe = func(f ingest.File) { show.log(ingestedLine(f)) }
	}
	none := func() error { return nil }
	finish := none
	if o.upload {
		send, err := o.sending(cfg)
		if err != nil {
			return ingest.Result{}, err
		}
		send.Intake, send.Observe = intake, show.event
		if !cfg.DryRun {
			if finish, err = o.connectTo(ctx, &send, show.waiting, term); err != nil {
				if cfg.Unsent, finish = err, none; !o.copiesAllTheSame(ctx, err) {
					return ingest.Result{}, err
				}
				show.log("warning: only copying: " + report.Text(err.Error()))
			}
		}
		cfg.Upload = &send
		if o.require {
			cfg.Confirm = func(ctx context.Context, ids []string) (map[string]confirm.Answer, error) {
				return (&library.Reader{Tries: o.tries, Wait: show.waiting}).Confirm(ctx, send.API.Reads, ids)
			}
		}
	}
	res, err := ingest.Run(ctx, cfg)
	return res, errors.Join(err, finish())
}

// copiesAllTheSame tells whether an ingest that cannot send is worth its while: copies need no service. What a person typed wrong is for that person first.
func (o ingestOptions) copiesAllTheSame(ctx context.Context, err error) bool {
	return len(o.config.Dests) > 0 && ctx.Err() == nil && !errors.As(err, new(usageError))
}

// sending says in the pipeline's words how files are sent.
func (o ingestOptions) sending(cfg ingest.Config) (pipeline.Config, error) {
	send := o.pipelineConfig("ingest " + cfg.Card.Mount)
	send.Rules, send.Naming, send.Shifts, send.Order, send.Pairs, send.Captions = o.rules, o.naming, o.shifts, o.order, o.pairs, o.captions
	send.Paths = []string{cfg.Card.Mount}
	if err := send.Valid(); err != nil {
		return send, usageError{err}
	}
	return send, nil
}

// outcome is the error that the exit code comes from: what is worst comes first.
func (o ingestOptions) outcome(res ingest.Result, err error) error {
	switch {
	case res.Report.Started.IsZero(): // it did not begin
		return err
	case errors.Is(err, errInterrupted), errors.Is(err, offload.ErrGone):
		return err
	case !res.Report.Verdict.Safe && err != nil:
		return fmt.Errorf("%w: %w", errNotSafe, err)
	case !res.Report.Verdict.Safe && res.Sent != nil:
		return errors.Join(errNotSafe, unsentError{res.Sent})
	case !res.Report.Verdict.Safe:
		return errNotSafe
	case err != nil:
		return err
	case res.Sent != nil:
		return res.Sent
	case !res.Report.Complete():
		return errSomeFailed
	}
	return nil
}

// ingestedMessage, ingestMessage and formatMessage are the lines of --json; the last one is the verdict.
type ingestedMessage struct {
	Type string `json:"message_type"` // "file"
	ingest.File
}

type ingestMessage struct {
	Type string `json:"message_type"` // "summary"
	ingest.Report
}

type formatMessage struct {
	Type string `json:"message_type"` // "verdict"
	Text string `json:"text"`
	ingest.Verdict
}

// tell writes the report, and as the last line the verdict.
func (o ingestOptions) tell(out io.Writer, res ingest.Result) error {
	var saved error
	if began := !res.Report.Started.IsZero(); !began {
		res.Report.Verdict.Reasons = []string{"it did not begin"}
	} else if o.reportFile != "" {
		saved = ingest.Save(o.reportFile, res)
	}
	if !o.json {
		if res.Report.Started.IsZero() {
			_, err := fmt.Fprintln(out, res.Report.Verdict)
			return err
		}
		return errors.Join(saved, ingest.Text(out, res.Report))
	}
	lines := json.NewEncoder(out)
	for _, f := range res.Files {
		_ = lines.Encode(ingestedMessage{"file", f})
	}
	if !res.Report.Started.IsZero() {
		_ = lines.Encode(ingestMessage{"summary", res.Report})
	}
	return errors.Join(saved, lines.Encode(formatMessage{"verdict", res.Report.Verdict.String(), res.Report.Verdict}))
}

// copyLine shows how far copying is, by the bytes that come from the card.
func copyLine(p *ingest.Progress) func() string {
	var bytes rate
	return func() string {
		now, done, total := time.Now(), p.Bytes.Load(), p.Total.Load()
		bytes.at(now, done)
		text := fmt.Sprintf("%-9s %s/%s  %s of %s read", "copy", comma(int(p.Files.Load())), comma(int(p.Found.Load())), size(done), size(max(done, total)))
		if perSecond := bytes.perSecond(now); perSecond > 0 && done < total {
			text += fmt.Sprintf("  %s/s  ETA %s", size(int64(perSecond)), eta(total-done, perSecond))
		}
		return text
	}
}

func ingestedLine(f ingest.File) string {
	line := fmt.Sprintf("%-14s %s", f.End, f.Path)
	if f.Reason != "" {
		line += ": " + f.Reason
	}
	return line
}
