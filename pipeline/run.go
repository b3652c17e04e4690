package pipeline

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"path/filepath"
	"sync/atomic"
	"time"

	"golang.org/x/sync/semaphore"

	"github.com/albumwright/albumwright/internal/album"
	"github.com/albumwright/albumwright/internal/ledger"
	"github.com/albumwright/albumwright/internal/report"
	"github.com/albumwright/albumwright/upload"
	"github.com/albumwright/albumwright/watcher"
)

// run is the state of one run. Its stages each own what they write; what they share is safe for concurrent use.
type run struct {
	cfg      Config
	id       ledger.RunID
	ledger   ledger.Ledger
	names    album.Names       // of the albums that files are wanted in; set by look
	planned  *planned          // what the plan says, if there is one; set by look
	volumes  map[string]string // titles of further volumes -> the titles that they continue; set by look
	albums   album.Directory
	uploader *upload.Uploader
	sending  upload.Config // the uploader's
	purse    purse
	tally    *report.Tally
	events   *events
	claims   *claims
	memory   *semaphore.Weighted // bytes of the files that are read in one go
	sends    *semaphore.Weighted // uploads at a time, each until its token is in the ledger
	gates    gates
	bad      badAlbums
	moved    movedItems
	holds    map[string]int          // media items of albums, as far as the service was asked; belongs to the goroutine that creates
	intact   map[ledger.AlbumID]bool // albums that were listed, and held what they should; likewise, then to head
	uploads  streak
	creates  streak
	sidecars sidecars
	shutters shutters
	captions captionFiles
	someAway atomic.Bool    // something could not be read since its place is away
	handed   []watcher.File // by Config.Source, for the confirmation; belongs to look, then to confirm
	unread   unread
	looking  counter // files that were found and have neither an end nor an item in the ledger
}

// LedgerPath is where a Config's ledger lies.
func LedgerPath(cfg Config) string {
	return filepath.Join(cfg.StateDir, ledgerName(cfg.Endpoint, cfg.Client, cfg.Account))
}

func begin(ctx context.Context, cfg Config) (*run, error) {
	l, err := ledger.Open(ctx, LedgerPath(cfg))
	if errors.Is(err, ErrLocked) {
		return nil, err
	}
	if err != nil {
		return nil, fmt.Errorf("%w: %w", ErrLedger, err)
	}
	r, err := newRun(ctx, cfg, l)
	if err != nil {
		return nil, fmt.Errorf("%w: %w", ErrLedger, errors.Join(err, l.Close()))
	}
	return r, nil
}

func newRun(ctx context.Context, cfg Config, l ledger.Ledger) (*run, error) {
	cfg = cfg.withDefaults()
	id, err := l.BeginRun(ctx, cfg.Command)
	if err != nil {
		return nil, err
	}
	r := &run{
		cfg: cfg, id: id, ledger: l, tally: report.NewTally(int64(id), cfg.Endpoint, cfg.Account),
		purse:  purse{budget: cfg.Budget, opened: map[ledger.AlbumID]bool{}, batches: map[ledger.AlbumID]int{}},
		events: newEvents(cfg.Observe), claims: newClaims(), memory: semaphore.NewWeighted(memoryForBodies),
		sends: semaphore.NewWeighted(int64(cfg.Transfers)), shutters: shutters{shifts: cfg.Shifts}, holds: map[string]int{}, intact: map[ledger.AlbumID]bool{},
	}
	r.albums = album.Directory{API: countedAlbums{cfg.API.Albums, r.tally}, Ledger: l, Now: r.now}
	r.sending = upload.Config{
		API: countedUploads{cfg.API.Uploads, r.tally}, Transfers: cfg.Transfers, Lanes: cfg.Lanes,
		ResumableFrom: cfg.ResumableFrom, Chunk: cfg.Chunk, Now: cfg.Clock.Now, Patience: cfg.Patience,
	}
	r.captions = captionFiles{named: cfg.Captions, warn: r.warn}
	r.uploader, err = upload.New(r.sending)
	return r, err
}

// warn tells what concerns more than one file, at once and in the report.
func (r *run) warn(text string) {
	r.tally.Warn(text)
	r.events.send(Warning{text})
}

// end makes the report, writes it into the ledger's history and closes the ledger. It works even when ctx has ended.
func (r *run) end(ctx context.Context, cause error) (Report, error) {
	if cause == nil && r.cfg.Intake.Err() != nil {
		cause = context.Cause(r.cfg.Intake)
	}
	if cause == nil {
		cause = r.spent()
	}
	if cause == nil && r.someAway.Load() {
		cause = ErrRootGone
	}
	switch {
	case ctx.Err() != nil && (errors.Is(cause, ledger.ErrFile) || errors.Is(cause, ctx.Err())): // what was waited for, or read, was broken off
		cause = context.Cause(ctx)
	case errors.Is(cause, ledger.ErrFile):
		cause = fmt.Errorf("%w any more: %w", ErrLedger, cause)
	}
	ctx = context.WithoutCancel(ctx)
	unfinished, err := r.ledger.Unfinished(ctx, r.id)
	unfinished += r.looking.value()
	if cause == nil && unfinished > 0 {
		cause = fmt.Errorf("%d files were left without an end: this is a fault of the program", unfinished)
	}
	rep := r.tally.Report(unfinished, cause)
	if err == nil {
		err = rep.Check()
	}
	outcome, marshalled := json.Marshal(rep)
	err = errors.Join(cause, err, marshalled, r.ledger.EndRun(ctx, r.id, string(outcome)), r.ledger.Close())
	return rep, err
}

// fileEnd counts a file's end and tells the observer.
func (r *run) fileEnd(f File) {
	r.tally.End(f)
	r.events.send(FileEnd{f})
}

// away tells whether what cannot be read is only away for now, and notes it.
func (r *run) away(path string) bool {
	if r.cfg.Away == nil || !r.cfg.Away(path) {
		return false
	}
	r.someAway.Store(true)
	return true
}

// now is the time by which tokens and listings are judged.
func (r *run) now() time.Time { return r.cfg.Clock.Now() }
