package pipeline

import (
	"context"
	"path/filepath"
	"slices"

	"github.com/albumwright/albumwright/internal/after"
	"github.com/albumwright/albumwright/internal/confirm"
	"github.com/albumwright/albumwright/internal/ledger"
	"github.com/albumwright/albumwright/internal/report"
	"github.com/albumwright/albumwright/photos"
	"github.com/albumwright/albumwright/watcher"
)

// confirm asks the service again about every file below the roots that is delivered, now or by an earlier run, and does with those that it confirms what
// Config.After says. The folders are walked once more: nothing about a file is kept in memory until then.
func (r *run) confirm(ctx context.Context) error {
	if !r.cfg.asks() {
		return nil
	}
	c := confirmer{run: r, api: steadyReads{r, r.cfg.API.Reads}}
	r.tally.Confirmation(r.cfg.After.String())
	defer r.events.complete(StageConfirm)
	err := r.eachToConfirm(ctx, func(f watcher.File) error {
		if r.cfg.Intake.Err() != nil {
			return errStopped
		}
		if f.Skip != "" {
			return nil
		}
		return c.consider(ctx, f)
	})
	if err == nil {
		err = c.ask(ctx)
	}
	return ifStopped(err)
}

// eachToConfirm visits what may have been delivered: the files that the run was handed, or all below its roots.
func (r *run) eachToConfirm(ctx context.Context, visit func(watcher.File) error) error {
	if r.cfg.Source == nil {
		return r.eachFile(ctx, visit)
	}
	for _, f := range r.handed {
		if err := visit(f); err != nil {
			return err
		}
	}
	return nil
}

// remember keeps a file that the run was handed until the service is asked about it: a source is called only once. What the service has confirmed, and
// stays, need not be asked again.
func (r *run) remember(l look) {
	if r.cfg.Source == nil || !r.cfg.asks() {
		return
	}
	open := func(it ledger.KnownItem) bool { return it.State != ledger.Confirmed }
	done := r.same(l) && len(l.known.Items) > 0 && !slices.ContainsFunc(l.known.Items, open)
	if !done || !r.cfg.After.Keeps() {
		r.handed = append(r.handed, l.file)
	}
}

// confirmer gathers delivered files until their media items fill a request.
type confirmer struct {
	*run
	api     confirm.API
	in      folder
	waiting []delivered
	ids     map[string]bool // of the waiting files
}

// delivered is a file whose content the service has, as the ledger knows.
type delivered struct {
	file    watcher.File
	content ledger.Content
	items   []ledger.ItemID // one for each album
}

// consider takes a file that is delivered into all albums that it is wanted in.
func (c *confirmer) consider(ctx context.Context, f watcher.File) error {
	if err := c.open(ctx, &c.in, filepath.Dir(f.Path)); err != nil {
		return err
	}
	l := c.at(&c.in, f)
	if l.known.Content == nil || l.known.Content.MediaItem == "" || !c.same(l) || c.awaits(l.albumFile()) {
		return nil
	}
	d, confirmed := delivered{file: f, content: *l.known.Content}, true
	for _, title := range c.titles(l.albumFile()) {
		it, ok := c.itemOf(l.known, title)
		if !ok || !it.State.Delivered() {
			return nil
		}
		d.items = append(d.items, it.Item)
		confirmed = confirmed && it.State == ledger.Confirmed
	}
	if confirmed && c.cfg.After.Keeps() {
		return nil
	}
	return c.take(ctx, d)
}

func (c *confirmer) take(ctx context.Context, d delivered) error {
	if c.ids == nil {
		c.ids = map[string]bool{}
	}
	c.ids[d.content.MediaItem] = true
	c.waiting = append(c.waiting, d)
	if len(c.ids) < photos.MaxBatch && len(c.waiting) < 10*photos.MaxBatch {
		return nil
	}
	return c.ask(ctx)
}

// ask asks about the files that wait, and acts on those that are confirmed.
func (c *confirmer) ask(ctx context.Context) error {
	ids := make([]string, 0, len(c.ids))
	for id := range c.ids {
		ids = append(ids, id)
	}
	answers, err := confirm.Items(ctx, c.api, ids)
	if err != nil {
		return err
	}
	var confirmed []ledger.ItemID
	for _, d := range c.waiting {
		if answers[d.content.MediaItem] == confirm.Confirmed {
			confirmed = append(confirmed, d.items...)
		}
	}
	if err := c.ledger.Confirm(context.WithoutCancel(ctx), confirmed); err != nil {
		return err
	}
	for _, d := range c.waiting {
		if c.cfg.Intake.Err() != nil { // who stops the run does not want one more file to go
			return errStopped
		}
		if err := c.act(ctx, d, answers[d.content.MediaItem]); err != nil {
			return err
		}
	}
	c.waiting, c.ids = nil, nil
	return nil
}

// onlyMatched is why a file stays whose content a rebuilt ledger takes for a media item: that the service has such an item proves nothing about the bytes.
const onlyMatched = "matched by name and time only: the service was never sent these bytes by this ledger"

// act does with one file what is wanted, if it is confirmed and still the same. Whatever goes wrong with it, it stays.
func (c *confirmer) act(ctx context.Context, d delivered, answer confirm.Answer) error {
	end := report.Confirmed{Path: report.Text(d.file.Path), Answer: string(answer)}
	switch {
	case answer != confirm.Confirmed || c.cfg.After.Keeps():
	case d.content.Matched:
		end.Kept = onlyMatched
	default:
		now, err := c.cfg.After.Do(ctx, d.file.Root, d.file.Path, d.content.SHA256)
		switch {
		case ctx.Err() != nil:
			return context.Cause(ctx)
		case err != nil:
			end.Kept = cause(err)
		default:
			end.Did, end.Now = c.cfg.After.Done(), report.Text(now)
		}
	}
	c.tally.Confirmed(end)
	c.events.done(StageConfirm)
	c.events.send(FileConfirmed{end})
	return nil
}

// steadyReads makes reads that are tried again. One that fails with 500 is tried only once more: it is probably about one of its ids, which is found by
// asking for fewer.
type steadyReads struct {
	run *run
	api confirm.API
}

func (s steadyReads) BatchGet(ctx context.Context, ids []string) (out []photos.MediaItemResult, err error) {
	failed := 0
	err = s.run.persist(ctx, &s.run.gates.reads, func(ctx context.Context) error {
		s.run.tally.Requests(func(r *report.Requests) { r.BatchGets++ })
		out, err = s.api.BatchGet(ctx, ids)
		if confirm.AboutOneID(err) {
			if failed++; failed > 1 {
				return errPoison{err}
			}
		}
		return err
	})
	return out, err
}

// After is what is done with a file once the service has confirmed that it has its content; the zero value keeps it. [ParseAfter] reads one.
type After = after.Action

// ParseAfter reads "keep", "move:DIR", "trash" or "delete". DataHome is the folder that holds the user's trash, "" the default of desktops.
func ParseAfter(text, dataHome string) (After, error) { return after.Parse(text, dataHome) }
