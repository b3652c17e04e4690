// Package ingest copies what is new on a camera's card, proves all copies, sends them meanwhile, and says whether the card can be formatted.
//
// [Run] carries an ingest out. [Judge] is the verdict: a pure function of what was found and proved. [History] knows cards again. Nothing here ever writes to a card.
//
// An error about one file becomes that file's end in the report. A returned error ended the ingest before its work was done: the card is gone, no destination has
// room, the history cannot be written. The report is valid in both cases, and adds up; its verdict is then no.
package ingest

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/albumwright/albumwright/internal/card"
	"github.com/albumwright/albumwright/internal/offload"
	"github.com/albumwright/albumwright/internal/report"
)

// Result is how an ingest ended.
type Result struct {
	Report Report
	Files  []File // in the order of the listing
	Sent   error  // what ended the sending before its work was done; it hurts no copy
}

// Run carries an ingest out. It returns when everything it started has ended.
func Run(ctx context.Context, cfg Config) (Result, error) {
	r, err := begin(ctx, cfg)
	if err != nil {
		return Result{}, err
	}
	return r.end(ctx, r.do(ctx))
}

// run is the state of one ingest. It belongs to one goroutine, but for the outbox, and for the jobs of the parts that are under way.
type run struct {
	cfg     Config
	fs      *reader
	visit   *visit
	report  Report
	rows    []*row           // in the order of the listing
	at      map[string]*row  // by path below the mount
	full    map[string]error // destinations that have no more room
	lanes   []*part          // parts that are being copied, in the order of the card
	folders map[string]bool  // of destinations that lead onto the card, and that do not
	outbox  *outbox
	present map[string]card.File // on the card at the end; nil: it was not listed whole
	doubt   string               // what is wrong with the card at the end
	facts   facts
}

// row is one file of the card on its way.
type row struct {
	card.File
	known   memory // what the history knew of it
	sums    *offload.Sums
	copies  map[string]*copied // by destination
	end     End
	reason  string
	fault   string // why it could not be read; "" = it could
	warm    bool   // it may have been read again from memory
	changed bool
	upload  *Upload
}

// copied is a copy of a row.
type copied struct {
	path     string // absolute
	isNew    bool
	verified bool
	warm     bool
	reason   string
	stamp    stamp // when it was verified
}

// stamp tells whether a file was touched.
type stamp struct {
	size    int64
	modTime time.Time
}

func begin(ctx context.Context, cfg Config) (*run, error) {
	cfg = cfg.withDefaults()
	if err := cfg.Valid(); err != nil {
		return nil, err
	}
	var err error
	if cfg.Path, err = cfg.Path.orDefault(); err != nil {
		return nil, err
	}
	now := cfg.Now()
	v, last, err := cfg.History.begin(ctx, cfg.Card.ID, now, cfg.DryRun)
	if err != nil {
		return nil, err
	}
	id := cfg.Card.ID
	return &run{
		cfg: cfg, visit: v, at: map[string]*row{}, full: map[string]error{}, folders: map[string]bool{},
		fs: &reader{FS: cfg.FS, mount: cfg.Card.Mount, n: &cfg.Progress.Bytes, turns: make(chan struct{}, readers)},
		report: Report{
			Visit: v.id, DryRun: cfg.DryRun, Started: now, Depth: cfg.Depth, Warnings: []string{},
			Card: Card{cfg.Card.Mount, cfg.Card.Kind, cfg.Card.Type, id.FSID, id.Label, id.Size, id.Folder, last},
		},
	}, nil
}

// errStopped ends the copying when the intake has ended.
var errStopped = errors.New("stopped")

// do takes one step after the other. Whatever ended the copying, what was handed over is sent, and the card is listed again.
func (r *run) do(ctx context.Context) error {
	err := r.list(ctx)
	if err == nil {
		err = r.foresee(ctx)
	}
	if err == nil && !r.cfg.DryRun {
		err = r.distinct()
	}
	if err != nil || r.cfg.DryRun {
		return err
	}
	sent := r.startSending(ctx)
	err = r.copyAll(ctx)
	r.outbox.close(err)
	<-sent
	if err == nil {
		err = r.confirm(ctx)
	}
	r.look(ctx)
	return err
}

// end judges, reports, and writes the history. It works even when ctx has ended.
func (r *run) end(ctx context.Context, cause error) (Result, error) {
	if errors.Is(cause, errStopped) {
		cause = context.Cause(r.cfg.Intake)
	}
	if cause != nil && ctx.Err() != nil {
		cause = context.Cause(ctx)
	}
	out := Result{}
	if r.outbox != nil {
		out.Sent = r.outbox.err
	}
	for _, row := range r.rows {
		out.Files = append(out.Files, r.file(row))
	}
	r.fill(out.Files, cause)
	out.Report = r.report
	if r.cfg.DryRun {
		return out, cause
	}
	cause = errors.Join(cause, r.lists(&out))
	body, err := reportBytes(out.Report)
	ctx = context.WithoutCancel(ctx)
	return out, errors.Join(cause, err, r.visit.end(ctx, out.Report.Ended, out.Report.Found.Files, out.Report.Verdict.Safe, body))
}

// fill makes the report of the files' ends.
func (r *run) fill(files []File, cause error) {
	rep := &r.report
	rep.Ended, rep.Read = r.cfg.Now(), r.cfg.Progress.Bytes.Load()
	rep.count(files, r.cfg.Dests)
	r.temperatures()
	if rep.Upload != nil {
		rep.Upload.count(files)
	}
	switch {
	case errors.Is(cause, offload.ErrGone):
		rep.Cause = reason(cause)
	case cause != nil:
		rep.Cause = report.Text(cause.Error())
	}
	for _, w := range append(r.warnings(), r.outboxWarnings()...) {
		if !slices.Contains(rep.Warnings, w) {
			rep.Warnings = append(rep.Warnings, w)
		}
	}
	if err := rep.Check(); err != nil && rep.Cause == "" {
		rep.Cause = err.Error()
	}
	rep.Verdict = Judge(r.evidence())
}

// temperatures counts what may have been read from memory, and names the destinations that are nothing but memory.
func (r *run) temperatures() {
	for _, row := range r.rows {
		if row.warm {
			r.report.Warm++
		}
		for i, dir := range r.cfg.Dests {
			if c := row.copies[dir]; c != nil && c.warm {
				r.report.Places[i].Warm++
			}
		}
	}
	for i, dir := range r.cfg.Dests {
		v, err := r.cfg.FS.Volume(dir)
		r.report.Places[i].Memory = err == nil && (v.Type == "tmpfs" || v.Type == "ramfs")
	}
}

func (r *run) outboxWarnings() []string {
	if r.outbox == nil {
		return nil
	}
	return r.outbox.warn
}

// lists leaves the lists of hashes. One that cannot be written is a warning: the copies are none the worse.
func (r *run) lists(out *Result) error {
	var errs []error
	for _, dir := range r.cfg.Dests {
		if r.cfg.Manifest {
			_, err := writeManifest(dir, out.Report, out.Files)
			errs = append(errs, err)
		}
		if r.cfg.MHL {
			_, err := writeMHL(dir, out.Report, out.Files, r.cfg.Maker)
			errs = append(errs, err)
		}
	}
	if err := errors.Join(errs...); err != nil {
		return fmt.Errorf("the list of hashes: %w", err)
	}
	return nil
}
