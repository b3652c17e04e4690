// Package albumedit changes one album of the service by hand: its title, its cover, and what is in it.
//
// An album is found by its title or its id among those that the ledger knows, and only if it is not among them, by listing the service's. What was done
// is in the ledger before anybody hears of it; what is put in or taken out is noted before, since a repetition of such a call may be refused. Every call is
// safe to make again by running the command again.
package albumedit

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/albumwright/albumwright/internal/album"
	"github.com/albumwright/albumwright/internal/ledger"
	"github.com/albumwright/albumwright/photos"
)

// API is what this package asks of the service; *photos.AlbumsService has it.
type API interface {
	album.API
	Patch(ctx context.Context, id string, change photos.AlbumPatch) (photos.Album, error)
	BatchAddMediaItems(ctx context.Context, id string, mediaItemIDs []string) error
	BatchRemoveMediaItems(ctx context.Context, id string, mediaItemIDs []string) error
}

// Mistake is what the user can only mend by asking for something else: an album that there is none of, a file that was never delivered.
type Mistake struct{ error }

// Unwrap gives the cause.
func (m Mistake) Unwrap() error { return m.error }

func mistake(format string, args ...any) error { return Mistake{fmt.Errorf(format, args...)} }

// Cover says which item becomes the cover: exactly one of these.
type Cover struct {
	First bool   // of the album
	Best  bool   // the best rated; of several the first
	File  string // that this file is
	Item  string // of this id
}

// Edit is what is to be done to an album: exactly one of these.
type Edit struct {
	Album  string   // title or id
	Rename string   // the new title
	Cover  *Cover   //
	Add    []string // absolute paths of delivered files, or ids of media items
	Remove []string // likewise
}

// Config says how. All but DryRun and Now are required, API and Held not for a dry run.
type Config struct {
	API    API
	Ledger *ledger.SQLite
	Run    ledger.RunID
	DryRun bool                                                // make no call and write nothing: say which calls would be made
	Stop   func() error                                        // asked between two calls: an error ends the run; nil never does
	Now    func() time.Time                                    // nil is the system's time
	Rating func(ctx context.Context, path string) (int, error) // stars of a file; fs.ErrNotExist if it is not the delivered one

	// Held asks the service for the ids of all that an album holds.
	Held func(ctx context.Context, albumID string) (map[string]bool, error)
}

// The methods of the API that change albums.
const (
	MethodList   = "albums.list"
	MethodPatch  = "albums.patch"
	MethodAdd    = "albums.batchAddMediaItems"
	MethodRemove = "albums.batchRemoveMediaItems"
)

// Call is a call that was made, or would be.
type Call struct {
	Method string   `json:"method"`
	Album  string   `json:"album,omitempty"` // id; "" where only a listing finds it
	Title  string   `json:"title,omitempty"` // the new one
	Cover  string   `json:"cover,omitempty"` // media item id
	Items  []string `json:"items,omitempty"` // media item ids
}

// State is what became of one item that was to be put in or taken out.
type State string

// The states.
const (
	Added   State = "added"   // in a dry run it would be
	Removed State = "removed" // likewise
	Already State = "already" // it was in the album, or out of it, before
	Failed  State = "failed"  // the reason says why
	Unasked State = "unasked" // the run ended before its turn came
)

// States lists all states in the order in which a report shows them.
func States() []State { return []State{Added, Removed, Already, Failed, Unasked} }

// Item is one item that was to be put in or taken out.
type Item struct {
	Name   string `json:"name"` // as it was asked for
	ID     string `json:"id"`
	State  State  `json:"state"`
	Reason string `json:"reason,omitempty"`
}

// Outcome is what was done.
type Outcome struct {
	DryRun bool     `json:"dry_run"`
	Album  string   `json:"album"`          // id; "" if only a listing can tell
	Title  string   `json:"title"`          // as the service calls the album now
	Rule   string   `json:"rule,omitempty"` // the title by which rules go on to name it, if that is another one
	Calls  []Call   `json:"calls"`          // that change something, and listings in a dry run
	Items  []Item   `json:"items"`
	Notes  []string `json:"notes,omitempty"`
}

// Run carries an edit out. The outcome is valid in any case.
func Run(ctx context.Context, cfg Config, edit Edit) (Outcome, error) {
	if cfg.Now == nil {
		cfg.Now = time.Now
	}
	if cfg.Stop == nil {
		cfg.Stop = func() error { return nil }
	}
	e := editor{Config: cfg, out: Outcome{DryRun: cfg.DryRun, Calls: []Call{}, Items: []Item{}}}
	err := e.run(ctx, edit)
	return e.out, err
}

// editor is one edit. It is used by one goroutine.
type editor struct {
	Config
	target target
	out    Outcome
}

func (e *editor) run(ctx context.Context, edit Edit) (err error) {
	if edit.Rename != "" { // before anything is asked
		if err := validTitle(edit.Rename); err != nil {
			return err
		}
	}
	if e.target, err = e.find(ctx, edit.Album); err != nil {
		return err
	}
	e.out.Album, e.out.Title = e.target.Remote, e.target.Title
	if e.target.Rule != e.target.Title {
		e.out.Rule = e.target.Rule
	}
	switch {
	case edit.Rename != "":
		return e.rename(ctx, edit.Rename)
	case edit.Cover != nil:
		return e.cover(ctx, *edit.Cover)
	case len(edit.Add) > 0:
		return e.add(ctx, edit.Add)
	case len(edit.Remove) > 0:
		return e.remove(ctx, edit.Remove)
	}
	return errors.New("albumedit: nothing is to be done")
}

func (e *editor) called(c Call) {
	c.Album = e.target.Remote
	e.out.Calls = append(e.out.Calls, c)
}

// explain says what a refusal of the service means here.
func explain(err error, about string) error {
	switch photos.Classify(err) {
	case photos.ClassAlbumGone, photos.ClassNotFound:
		return fmt.Errorf("the service no longer has the album; the next import that puts something into it makes it anew, with what it held: %w", err)
	case photos.ClassAlbumForeign, photos.ClassForbidden:
		return fmt.Errorf("the album %w: %w", album.ErrForeign, err)
	case photos.ClassInvalid:
		return fmt.Errorf("%s: %w", about, err)
	}
	return err
}

// refused is the same where the service was asked for something that it will not have: the user can ask for something else.
func refused(err error, about string) error {
	if photos.Classify(err) == photos.ClassInvalid {
		return Mistake{explain(err, about)}
	}
	return explain(err, about)
}
