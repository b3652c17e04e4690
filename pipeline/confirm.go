package pipeline

import (
	"context"
	"maps"
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
	a := r.asker(r.conclude)
	r.tally.Confirmation(r.cfg.After.String())
	defer r.events.complete(StageConfirm)
	err := r.eachToConfirm(ctx, func(f watcher.File) error {
		if r.cfg.Intake.Err() != nil {
			return errStopped
		}
		if f.Skip != "" {
			return nil
		}
		return a.consider(ctx, f)
	})
	if err == nil {
		err = a.ask(ctx)
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

// asker gathers delivered files until their media items fill a request, and hands them on with the answers.
type asker struct {
	*run
	in       folder
	waiting  []delivered
	ids      map[string]bool // of the waiting files
	answered func(context.Context, []delivered, map[string]confirm.Answer) error
}

func (r *run) asker(answered func(context.Context, []delivered, map[string]confirm.Answer) error) *asker {
	return &asker{run: r, ids: map[string]bool{}, answered: answered}
}

// delivered is a file whose content the service has, as the ledger knows.
type delivered struct {
	file    watcher.File
	content ledger.Content
	items   []ledger.ItemID // one for each album
}

// look finds what the ledger knows about a file.
func (a *asker) look(ctx context.Context, f watcher.File) (look, error) {
	err := a.open(ctx, &a.in, filepath.Dir(f.Path))
	return a.at(&a.in, f), err
}

// hasItem tells whether a file still is the one of which the ledger knows a media item.
func (r *run) hasItem(l look) bool {
	return l.known.Content != nil && l.known.Content.MediaItem != "" && r.same(l)
}

func (a *asker) take(ctx context.Context, d delivered) error {
	a.ids[d.content.MediaItem] = true
	a.waiting = append(a.waiting, d)
	if len(a.ids) < photos.MaxBatch && len(a.waiting) < 10*photos.MaxBatch {
		return nil
	}
	return a.ask(ctx)
}

// ask asks about the files that wait, and hands them on.
func (a *asker) ask(ctx context.Context) error {
	answers, err := confirm.Items(ctx, steadyReads{a.run, a.cfg.API.Reads}, slices.Collect(maps.Keys(a.ids)))
	if err != nil {
		return err
	}
	err = a.answered(ctx, a.waiting, answers)
	a.waiting = nil
	clear(a.ids)
	return err
}

// consider takes a file that is delivered into all albums that it is wanted in.
func (a *asker) consider(ctx context.Context, f watcher.File) error {
	l, err := a.look(ctx, f)
	if err != nil || !a.hasItem(l) || a.awaits(l.albumFile()) {
		return err
	}
	d, confirmed := delivered{file: f, content: *l.known.Content}, true
	for _, title := range a.titles(l.albumFile()) {
		it, ok := a.itemOf(l.known, title)
		if !ok || !it.State.Delivered() {
			return nil
		}
		d.items = append(d.items, it.Item)
		confirmed = confirmed && it.State == ledger.Confirmed
	}
	if confirmed && a.cfg.After.Keeps() {
		return nil
	}
	return a.take(ctx, d)
}

// conclude notes which files the service has confirmed, and does with them what is wanted.
func (r *run) conclude(ctx context.Context, files []delivered, answers map[string]confirm.Answer) error {
	var confirmed []ledger.ItemID
	for _, d := range files {
		if answers[d.content.MediaItem] == confirm.Confirmed {
			confirmed = append(confirmed, d.items...)
		}
	}
	if err := r.ledger.Confirm(context.WithoutCancel(ctx), confirmed); err != nil {
		return err
	}
	for _, d := range files {
		if r.cfg.Intake.Err() != nil { // who stops the run does not want one more file to go
			return errStopped
		}
		if err := r.act(ctx, d, answers[d.content.MediaItem]); err != nil {
			return err
		}
	}
	return nil
}

// onlyMatched is why a file stays whose content a rebuilt ledger takes for a media item: that the service has such an item proves nothing about the bytes.
const onlyMatched = "matched by name and time only: the service was never sent these bytes by this ledger"

// act does with one file what is wanted, if it is confirmed and still the same. Whatever goes wrong with it, it stays.
func (r *run) act(ctx context.Context, d delivered, answer confirm.Answer) error {
	end := report.Confirmed{Path: report.Text(d.file.Path), Answer: string(answer)}
	switch {
	case answer != confirm.Confirmed || r.cfg.After.Keeps():
	case d.content.Matched:
		end.Kept = onlyMatched
	default:
		now, err := r.cfg.After.Do(ctx, d.file.Root, d.file.Path, d.content.SHA256)
		switch {
		case ctx.Err() != nil:
			return context.Cause(ctx)
		case err != nil:
			end.Kept = cause(err)
		default:
			end.Did, end.Now = r.cfg.After.Done(), report.Text(now)
		}
	}
	r.tally.Confirmed(end)
	r.events.done(StageConfirm)
	r.events.send(FileConfirmed{end})
	return nil
}

// steadyReads makes reads that are tried again.
type steadyReads struct {
	run *run
	api confirm.API
}

// BatchGet implements confirm.API.
func (s steadyReads) BatchGet(ctx context.Context, ids []string) (out []photos.MediaItemResult, err error) {
	call := s.run.calls(&s.run.gates.reads)
	call.Judge = confirm.Judge()
	err = call.Do(ctx, func(ctx context.Context) error {
		s.run.tally.Requests(func(r *report.Requests) { r.BatchGets++ })
		out, err = s.api.BatchGet(ctx, ids)
		return err
	})
	return out, err
}

// After is what is done with a file once the service has confirmed that it has its content; the zero value keeps it. [ParseAfter] reads one.
type After = after.Action

// ParseAfter reads "keep", "move:DIR", "trash" or "delete". DataHome is the folder that holds the user's trash, "" the default of desktops.
func ParseAfter(text, dataHome string) (After, error) { return after.Parse(text, dataHome) }
