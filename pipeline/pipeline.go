// Package pipeline imports folders into albums: it is the one package that knows all stages.
//
// [Run] carries an import out and returns its [Report]; [Plan] says beforehand what Run would do, without a call and without writing
// anything. Both take the same [Config]. What a run knows it keeps in a ledger, one file for each endpoint, client and account below
// Config.StateDir, so that a run that dies is taken up by the next one, and a run that has nothing to do makes no request.
//
// An error about one file becomes that file's end in the report. A returned error ended the run before its work was done: the ledger could not
// be written, a root is gone, the service refused everything. The report is valid in both cases, and adds up.
//
// There are two ways to stop. When Config.Intake ends, nothing more is taken in; what has an upload token is committed, and the report is
// written. When the ctx of Run ends, everything is dropped at once; the ledger stays true.
package pipeline

import (
	"context"
	"errors"

	"golang.org/x/sync/errgroup"

	"github.com/albumwright/albumwright/internal/clock"
	"github.com/albumwright/albumwright/internal/ledger"
	"github.com/albumwright/albumwright/internal/report"
	"github.com/albumwright/albumwright/upload"
	"github.com/albumwright/albumwright/watcher"
)

// Report is how a run ended; see its fields and methods. Every file that was found has exactly one end.
type Report = report.Report

// The parts of a Report.
type (
	File     = report.File     // one file's end
	Bytes    = report.Bytes    // bytes moved
	End      = report.End      // how a file ended
	Requests = report.Requests // calls made, by method

	Confirmation = report.Confirmation // what the service said when it was asked again
	Confirmed    = report.Confirmed    // what it said about one file, and what was done with the file
)

// The ends. Every file that was found has exactly one.
const (
	Uploaded     = report.Uploaded     // this run made its media item
	AlreadyThere = report.AlreadyThere // the service had its media item before this run, which at most added that to an album
	Duplicate    = report.Duplicate    // another file of this run has the same content
	Skipped      = report.Skipped      // not for the service; the reason says why
	Failed       = report.Failed
	Unfinished   = report.Unfinished // the run ended first; the next one goes on
)

// DefaultTransfers is the number of uploads at a time where a Config does not say.
const DefaultTransfers = upload.DefaultTransfers

// How a run deals with bytes where a Config does not say.
const (
	DefaultResumableFrom = upload.DefaultResumableFrom // bytes
	TokenLife            = upload.TokenLife            // how long an upload token is trusted
)

// Errors that end a run and that a caller can act on.
var (
	ErrRootGone = watcher.ErrRootGone // a path went away while it was walked: a card pulled, a share unmounted
	ErrLocked   = ledger.ErrLocked    // another process holds the ledger; the text says which
	// ErrLedger says that the ledger cannot be used: no room, no permission, damage. If it is found at the beginning, nothing was sent.
	ErrLedger = errors.New("the ledger cannot be used")
)

// Clock tells the time and waits: Now() time.Time, and Sleep(ctx, d) error.
type Clock = clock.Clock

// Ends lists all ends in the order in which a report shows them.
func Ends() []End { return report.Ends() }

// Run imports. It returns when everything it started has ended.
func Run(ctx context.Context, cfg Config) (Report, error) {
	if err := errors.Join(cfg.Valid(), cfg.API.valid(cfg.asks())); err != nil {
		return Report{}, err
	}
	r, err := begin(ctx, cfg)
	if err != nil {
		return Report{}, err
	}
	return r.end(ctx, r.do(ctx,
		r.forgetDeleted, // what the service no longer has -> to be sent again, if that is wanted
		r.look,
		r.spread, // a title that is too much for one album -> its volumes
		r.group,  // albums -> where headings stand, or are wanted
		r.send,
		r.head, // the headings that are missing
		r.confirm,
	))
}

// do takes one step after the other, as long as all goes well.
func (r *run) do(ctx context.Context, steps ...func(context.Context) error) error {
	for _, step := range steps {
		if err := step(ctx); err != nil {
			return err
		}
	}
	return nil
}

// Retry tries the files again that failed in earlier runs, those that were skipped because their album was deleted, if Config.OnMissingAlbum makes such albums
// anew, and no others; those that the service refused for what they are only if all is true. Nothing is walked, so Config.Paths, the rules for albums, Confirm and After do not count: each file goes into the album that it was wanted in.
func Retry(ctx context.Context, cfg Config, all bool) (Report, error) {
	if err := errors.Join(cfg.validLedger(), cfg.API.valid(false)); err != nil {
		return Report{}, err
	}
	r, err := begin(ctx, cfg)
	if err != nil {
		return Report{}, err
	}
	n, err := r.ledger.AdoptFailed(ctx, r.id, ledger.Again{Refused: all, Missing: r.cfg.recreates()})
	r.tally.FoundMany(n)
	if err == nil {
		err = r.do(ctx, r.warnOfUnread, r.spread, r.group, r.send)
	}
	return r.end(ctx, err)
}

// look finds out what there is to do.
func (r *run) look(ctx context.Context) (err error) {
	if r.names, err = r.cfg.names(); err != nil {
		return err
	}
	if r.volumes, err = r.ledger.VolumeTitles(ctx); err != nil {
		return err
	}
	if r.planned, err = r.lookPlanned(ctx); err != nil {
		return err
	}
	r.captions.check()
	g, work := errgroup.WithContext(ctx)
	files := r.walk(work, g)             // roots -> files, or the reasons to skip them
	folders := r.openAll(work, g, files) // -> what the ledger knows, folder by folder
	fresh := r.recall(work, g, folders)  // the ledger's files need no look, let alone a byte
	seen := r.describe(work, g, fresh)   // new files -> capture facts, the user's words, album, place in it
	r.record(work, g, seen)              // -> ledger
	if err := errors.Join(g.Wait(), r.recordUnread(ctx)); err != nil {
		return err
	}
	return r.do(ctx,
		r.clearUnread,
		r.findEvents,   // ledger -> albums that are named by events, which all files together tell
		r.arrange,      // ledger -> places that the files of a folder tell together; what is left out of pairs
		r.keepOrder,    // ledger -> places in the order of the plan, if there is one
		r.warnOfClocks, // what all files together tell about cameras
	)
}

// send does it.
func (r *run) send(ctx context.Context) error {
	g, work := errgroup.WithContext(ctx)
	pending := r.pending(work, g)      // ledger -> files, album after album, in capture order
	sent := r.upload(work, g, pending) // bytes -> upload tokens, many at a time, in order
	r.create(work, g, sent)            // upload tokens -> media items, batch after batch -> ledger
	return g.Wait()
}
