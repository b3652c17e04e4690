// Package describe gives media items the descriptions that people have written beside their files since.
//
// What an item was given is in the ledger, so files whose words are the same cost nothing. The others are asked about, 50 in a request, before anything
// is changed: an item whose description is neither what it was given nor what it is to get was changed by somebody in Google Photos, and is left alone.
// Then each is patched, one call an item, and what it got is in the ledger before anybody hears of it. So a run that dies is taken up by the next one.
package describe

import (
	"context"
	"time"

	"github.com/albumwright/albumwright/internal/confirm"
	"github.com/albumwright/albumwright/internal/ledger"
	"github.com/albumwright/albumwright/photos"
)

// API is what this package asks of the service; *photos.MediaItemsService has it.
type API interface {
	confirm.API
	Patch(ctx context.Context, id, description string) (photos.MediaItem, error)
}

// Fields are those of a media item that this package needs, for a field mask.
func Fields() []string { return []string{"id", "description"} }

// Ledger is where it is remembered; *ledger.SQLite has it.
type Ledger interface {
	SetGiven(ctx context.Context, content ledger.ContentID, description string) error
}

// Config says how. API and Ledger are required, API not for a dry run.
type Config struct {
	API     API
	Ledger  Ledger
	DryRun  bool         // make no call and write nothing: say what would be changed
	Force   bool         // also what somebody changed in Google Photos
	Stop    func() error // asked between two calls: an error ends the run; nil never does
	Observe func(File)   // is told each file's state; may be nil
}

// Wish is a file whose media item is to have these words.
type Wish struct {
	Path    string // as text
	Content ledger.Content
	Words   string // that fit the service's limits
}

// Describer carries it out. It is used by one goroutine.
type Describer struct {
	cfg     Config
	report  Report
	ids     []string // of the media items that wait to be asked about, each once
	waiting map[string][]Wish
}

// New begins.
func New(cfg Config) *Describer {
	if cfg.Observe == nil {
		cfg.Observe = func(File) {}
	}
	if cfg.Stop == nil {
		cfg.Stop = func() error { return nil }
	}
	return &Describer{cfg: cfg, report: newReport(cfg.DryRun), waiting: map[string][]Wish{}}
}

// End notes a file's state.
func (d *Describer) End(f File) {
	d.report.add(f)
	d.cfg.Observe(f)
}

// Take takes a file, and carries out what has come together when that fills a request. An error ended it: the service refuses everything, or the ledger
// cannot be written. Finish is to be called all the same.
func (d *Describer) Take(ctx context.Context, w Wish) error {
	if given := w.Content.Given; given != nil && *given == w.Words {
		d.end(w, Same, "", given)
		return nil
	}
	id := w.Content.MediaItem
	if len(d.waiting[id]) == 0 {
		d.ids = append(d.ids, id)
	}
	d.waiting[id] = append(d.waiting[id], w)
	if len(d.ids) < photos.MaxBatch {
		return nil
	}
	return d.carryOut(ctx)
}

// Finish carries out what is left, if the cause is nil, and makes the report.
func (d *Describer) Finish(ctx context.Context, cause error) (Report, error) {
	if cause == nil {
		cause = d.carryOut(ctx)
	}
	for _, id := range d.ids {
		d.endAll(id, Unasked, "", nil)
	}
	d.ids = nil
	d.report.Ended = time.Now()
	if cause != nil {
		d.report.Cause = cause.Error()
	}
	return d.report, cause
}

// carryOut asks about the items that wait, and changes those that are to be changed. What it does not come to keeps waiting.
func (d *Describer) carryOut(ctx context.Context) error {
	if len(d.ids) == 0 {
		return nil
	}
	if d.cfg.DryRun {
		d.foresee()
		return nil
	}
	if err := d.cfg.Stop(); err != nil {
		return err
	}
	has, err := confirm.Results(ctx, d.cfg.API, d.ids)
	if err != nil {
		return err
	}
	for len(d.ids) > 0 {
		if err := d.cfg.Stop(); err != nil {
			return err
		}
		id := d.ids[0]
		if err := d.item(ctx, id, has[id].MediaItemResult); err != nil {
			return err
		}
		d.ids = d.ids[1:]
	}
	return nil
}

// foresee says what would be done, as far as the ledger knows.
func (d *Describer) foresee() {
	d.report.Requests.BatchGets++
	d.report.Requests.Patches += len(d.ids)
	for _, id := range d.ids {
		d.endAll(id, Changed, "", d.waiting[id][0].Content.Given)
	}
	d.ids = nil
}

// item deals with one media item, of which the service says this.
func (d *Describer) item(ctx context.Context, id string, says photos.MediaItemResult) error {
	w := d.waiting[id][0]
	switch {
	case confirm.IsGone(says):
		d.endAll(id, Failed, "the service no longer shows its media item to this app", nil)
		return nil
	case says.MediaItem == nil || says.MediaItem.ID != id:
		d.endAll(id, Failed, "the service fails whenever it is asked about its media item", nil)
		return nil
	}
	has := says.MediaItem.Description
	switch {
	case has == w.Words:
		return d.settle(ctx, id, w, Same, &has)
	case !d.cfg.Force && !ours(w.Content, has):
		d.endAll(id, Kept, keptFor(w.Content), &has)
		return nil
	}
	_, err := d.cfg.API.Patch(ctx, id, w.Words)
	switch photos.Classify(err) {
	case photos.ClassInvalid, photos.ClassNotFound: // this item's own; what ails all of them ends the run
		d.endAll(id, Failed, err.Error(), &has)
		return nil
	}
	if err != nil {
		return err
	}
	return d.settle(ctx, id, w, Changed, &has)
}

// ours tells whether nobody but this program has written what an item has. Where it is not known what the item was given, only an empty description is
// certainly nobody's.
func ours(c ledger.Content, has string) bool {
	if c.Given == nil {
		return has == ""
	}
	return has == *c.Given
}

// keptFor is why an item is left as it is.
func keptFor(c ledger.Content) string {
	if c.Given == nil {
		return "somebody gave it another description, in Google Photos or in a plan"
	}
	return "its description was changed in Google Photos"
}

// settle writes what an item has now into the ledger, and only then tells of it.
func (d *Describer) settle(ctx context.Context, id string, w Wish, state State, old *string) error {
	if err := d.cfg.Ledger.SetGiven(context.WithoutCancel(ctx), w.Content.ID, w.Words); err != nil {
		return err
	}
	d.endAll(id, state, "", old)
	return nil
}

func (d *Describer) endAll(id string, state State, reason string, old *string) {
	for _, w := range d.waiting[id] {
		w.Words = d.waiting[id][0].Words // of several files with one content, one speaks
		d.end(w, state, reason, old)
	}
	delete(d.waiting, id)
}

func (d *Describer) end(w Wish, state State, reason string, old *string) {
	d.End(File{Path: w.Path, State: state, Reason: reason, ID: w.Content.MediaItem, Old: old, New: &w.Words})
}
