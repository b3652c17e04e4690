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
	"encoding/json"
	"errors"
	"fmt"
	"path/filepath"
	"sync/atomic"
	"time"

	"golang.org/x/sync/errgroup"
	"golang.org/x/sync/semaphore"

	"github.com/albumwright/albumwright/internal/album"
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

// Config says what to import, where to, and how. Paths, StateDir and (for Run) API are required.
type Config struct {
	Paths            []string // files and folders
	Include, Exclude []string // patterns for the path below the root, see watcher.WalkConfig

	Album   string // one album for everything; goes before AlbumBy
	AlbumBy string // "folder", "path", "day", "month", "year", "event", "camera", or "none" (also "")
	// Rules name further albums: a file belongs to all that any rule names for it.
	Rules  []AlbumRule
	Naming AlbumNaming // what rules have in common
	// Planned is a plan to carry out: only its files are taken, each into the albums that it stands in there, and no rule counts.
	Planned *Planned
	// Source hands files over in place of a walk, those of a folder together if it can; each lies below one of Paths. It is called once, and its end is the end
	// of the look: nothing is sent before.
	Source func(ctx context.Context, visit func(watcher.File) error) error
	// Away tells whether the place of a path is gone for now, as a disk that was unmounted. What cannot be read there stays unfinished and has not failed; the
	// run then ends with [ErrRootGone]. It is asked by several goroutines at a time, and only about files that could not be read. Nil is never.
	Away func(path string) bool
	// Refused offers files once more that the service has refused for what they are.
	Refused bool
	// Captions are believed before those that stand in the folders, the first one most; see [ReadCaptions].
	Captions []Captions

	Order  Order        // "captured" (also ""), "name", or "none": as found, at the end of the album
	Pairs  Pairs        // which files of pairs are taken; the zero value takes all
	Shifts []ClockShift // put cameras' clocks right

	API API
	// Endpoint, Client and Account name the ledger: what went to one service, by one OAuth client, for one account, is not known to another.
	Endpoint, Client, Account string
	StateDir                  string // where ledgers live

	OnMissingAlbum MissingAlbum // what is done about albums that were deleted in the service; "" makes them anew
	// Headings are added in front of the groups of each album: of a day, an event, a place.
	Headings Headings

	Confirm  bool  // ask the service again about all that is delivered
	After    After // what is done with a file that the service has confirmed; the zero value keeps it
	Checksum bool  // read every file: size and times alone do not tell that the ledger knows it
	// ResumableFrom is the size from which on a file is sent so that a broken upload goes on where it ended; see upload.Config, as for Chunk.
	ResumableFrom, Chunk int64

	Tries     int             // how often a call is made before it is given up; 0 = 7, about two minutes of a service that is down
	Transfers int             // uploads at a time; 0 = DefaultTransfers
	Patience  time.Duration   // how long an upload may stand still, waiting for a rate limit included; see upload.Config
	Budget    Budget          // the day's requests; nil is as many as it takes
	Lanes     upload.Lanes    // bounds the uploads at a time, within Transfers; nil = Transfers alone does
	Intake    context.Context // its end stops the run gently; nil never does
	Clock     Clock           // what waiting, and the age of tokens, go by; nil is the system's
	Observe   func(Event)     // is told what happens; never two events at a time; nil is told nothing
	Command   string          // what was asked, for the ledger's history; without secrets

	albumLimit int // media items that an album can hold; 0 = photos.MaxAlbumItems
}

// Valid refuses what cannot be, with the field named. Run and Plan ask it first.
func (c Config) Valid() error {
	if len(c.Paths) == 0 {
		return errors.New("pipeline: Config.Paths is empty: nothing to import")
	}
	if err := c.validLedger(); err != nil {
		return err
	}
	if err := c.validAlbums(); err != nil {
		return err
	}
	if err := errors.Join(c.Order.Valid(), c.Pairs.Valid()); err != nil {
		return fmt.Errorf("pipeline: Config: %w", err)
	}
	if err := c.validHeadings(); err != nil {
		return err
	}
	if err := c.After.Valid(c.Paths); err != nil {
		return fmt.Errorf("pipeline: Config.After: %w", err)
	}
	return c.walk().Valid()
}

// validLedger refuses what cannot be for a run that only the ledger tells what to do.
func (c Config) validLedger() error {
	if err := c.OnMissingAlbum.valid(); err != nil {
		return err
	}
	switch {
	case c.StateDir == "":
		return errors.New("pipeline: Config.StateDir is missing")
	case c.Tries < 0:
		return fmt.Errorf("pipeline: Config.Tries is %d, but must be positive", c.Tries)
	case c.Transfers < 0:
		return fmt.Errorf("pipeline: Config.Transfers is %d, but must be positive", c.Transfers)
	case c.Chunk < 0:
		return fmt.Errorf("pipeline: Config.Chunk is %d, but must be positive", c.Chunk)
	}
	return nil
}

// withDefaults fills in what was left out.
func (c Config) withDefaults() Config {
	if c.Transfers == 0 {
		c.Transfers = DefaultTransfers
	}
	if c.Intake == nil {
		c.Intake = context.Background()
	}
	c.Clock = clock.Or(c.Clock)
	if c.Budget == nil {
		c.Budget = unlimited{}
	}
	if c.Observe == nil {
		c.Observe = func(Event) {}
	}
	return c
}

func (c Config) walk() watcher.WalkConfig {
	return watcher.WalkConfig{Roots: c.Paths, Include: c.Include, Exclude: c.Exclude, Accept: Accept}
}

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
		err = r.do(ctx, r.spread, r.group, r.send)
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
	if err := g.Wait(); err != nil {
		return err
	}
	return r.do(ctx,
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
	holds    map[string]int // media items of albums, as far as the service was asked; belongs to the goroutine that creates
	uploads  streak
	creates  streak
	sidecars sidecars
	shutters shutters
	captions captionFiles
	someAway atomic.Bool    // something could not be read since its place is away
	handed   []watcher.File // by Config.Source, for the confirmation; belongs to look, then to confirm
	looking  counter        // files that were found and have neither an end nor an item in the ledger
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
		purse:  purse{budget: cfg.Budget, opened: map[ledger.AlbumID]bool{}},
		events: newEvents(cfg.Observe), claims: newClaims(), memory: semaphore.NewWeighted(memoryForBodies),
		sends: semaphore.NewWeighted(int64(cfg.Transfers)), shutters: shutters{shifts: cfg.Shifts}, holds: map[string]int{},
	}
	r.albums = album.Directory{API: countedAlbums{cfg.API.Albums, r.tally}, Ledger: l, Now: r.now}
	r.sending = upload.Config{
		API: countedUploads{cfg.API.Uploads, r.tally}, Transfers: cfg.Transfers, Lanes: cfg.Lanes,
		ResumableFrom: cfg.ResumableFrom, Chunk: cfg.Chunk, Now: cfg.Clock.Now, Patience: cfg.Patience,
	}
	r.captions = captionFiles{named: cfg.Captions, warn: r.tally.Warn}
	r.uploader, err = upload.New(r.sending)
	return r, err
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
	case !errors.Is(cause, ledger.ErrFile):
	case ctx.Err() != nil: // a read that was broken off
		cause = context.Cause(ctx)
	default:
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
