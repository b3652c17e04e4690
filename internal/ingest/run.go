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
	"path/filepath"
	"slices"
	"sync/atomic"
	"time"

	"github.com/albumwright/albumwright/internal/card"
	"github.com/albumwright/albumwright/internal/confirm"
	"github.com/albumwright/albumwright/internal/offload"
	"github.com/albumwright/albumwright/internal/report"
	"github.com/albumwright/albumwright/pipeline"
)

// Config says what to do with a card. Card and History are required.
type Config struct {
	Card    card.Card
	History *History
	FS      offload.FS    // nil is the machine's
	Dests   []string      // absolute paths of the folders that get copies; none: nothing is copied
	Path    Naming        // where in them a file goes
	Depth   offload.Depth // of verification; "" is full
	Places  int           // how many verified copies the verdict asks for; 0 is as many as there are Dests
	DryRun  bool          // copy, send and write nothing

	Upload   *pipeline.Config // how files are sent; its Paths and Source are set here. nil: nothing is sent
	FromCard bool             // sent is the card's file and not its copy
	// Confirm asks the service about media items, and makes its answer a condition of the verdict. nil: it is not asked.
	Confirm func(ctx context.Context, ids []string) (map[string]confirm.Answer, error)

	Manifest, MHL bool  // leave a list of hashes in each destination
	Maker         Maker // stands in them

	Intake   context.Context  // its end stops the ingest gently, between two files; nil never does
	Now      func() time.Time // nil is the system's clock
	Progress *Progress        // is told how far it is; may be nil
	Observe  func(File)       // is told each file's end; may be nil

	portion int // files that are sent together; 0 = portionFiles
}

// Progress says how far an ingest is. Its fields may be read at any time.
type Progress struct {
	Files, Found atomic.Int64 // at their end; on the card, junk left out
	Bytes, Total atomic.Int64 // read from the card; to read, to copy and to prove
	Sent, ToSend atomic.Int64 // files at their end in the service; handed over
}

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

// run is the state of one ingest. It belongs to one goroutine, but for the outbox.
type run struct {
	cfg     Config
	fs      *counted
	visit   *visit
	report  Report
	rows    []*row           // in the order of the listing
	at      map[string]*row  // by path below the mount
	full    map[string]error // destinations that have no more room
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

func (c Config) withDefaults() Config {
	if c.FS == nil {
		c.FS = offload.OS()
	}
	if c.Depth == "" {
		c.Depth = offload.Full
	}
	if c.Places == 0 {
		c.Places = len(c.Dests)
	}
	if c.Intake == nil {
		c.Intake = context.Background()
	}
	if c.Now == nil {
		c.Now = time.Now
	}
	if c.Progress == nil {
		c.Progress = &Progress{}
	}
	if c.Observe == nil {
		c.Observe = func(File) {}
	}
	return c
}

// Valid refuses what cannot be. Run asks it first.
func (c Config) Valid() error {
	c = c.withDefaults()
	if err := c.Depth.Valid(); err != nil {
		return err
	}
	if c.Places > len(c.Dests) {
		return fmt.Errorf("ingest: %d verified copies are asked for, but there are only %d destinations", c.Places, len(c.Dests))
	}
	seen := map[string]bool{}
	for _, dir := range c.Dests {
		switch {
		case !filepath.IsAbs(dir):
			return fmt.Errorf("ingest: destination %s is no absolute path", dir)
		case seen[filepath.Clean(dir)]:
			return fmt.Errorf("ingest: destination %s is named twice: two copies in one place are one", dir)
		case c.onCard(dir):
			return fmt.Errorf("ingest: destination %s is on the card, to which nothing is ever written", dir)
		}
		seen[filepath.Clean(dir)] = true
	}
	return nil
}

// onCard tells of a folder on the card, by its path or by its file system, whatever path leads there.
func (c Config) onCard(dir string) bool {
	if within(c.Card.Mount, dir) {
		return true
	}
	if c.Card.ID.Folder != "" { // the card is a folder of a disk that holds other things, too
		return false
	}
	for ; ; dir = filepath.Dir(dir) {
		if _, err := c.FS.Lstat(dir); err == nil || filepath.Dir(dir) == dir {
			break
		}
	}
	there, err := c.FS.Volume(dir)
	card, cardErr := c.FS.Volume(c.Card.Mount)
	return err == nil && cardErr == nil && there.Mount != "" && there.Mount == card.Mount
}

// within tells whether a path is a folder or below it.
func within(folder, path string) bool {
	rel, err := filepath.Rel(folder, path)
	return err == nil && filepath.IsLocal(rel)
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
		cfg: cfg, visit: v, at: map[string]*row{}, full: map[string]error{},
		fs: &counted{FS: cfg.FS, mount: cfg.Card.Mount, n: &cfg.Progress.Bytes},
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
	for i, dir := range r.cfg.Dests {
		for _, row := range r.rows {
			if c := row.copies[dir]; c != nil && c.warm {
				rep.Places[i].Warm++
			}
		}
	}
	if rep.Upload != nil {
		rep.Upload.count(files)
	}
	if cause != nil {
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
