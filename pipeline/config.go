package pipeline

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/albumwright/albumwright/internal/clock"
	"github.com/albumwright/albumwright/upload"
	"github.com/albumwright/albumwright/watcher"
)

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
	Resend   bool  // ask it first, too, and send what it no longer has, because somebody deleted it there, once more
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
	if err := errors.Join(c.validHeadings(), c.validResend()); err != nil {
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
