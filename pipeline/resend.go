package pipeline

import (
	"context"
	"errors"

	"github.com/albumwright/albumwright/internal/confirm"
	"github.com/albumwright/albumwright/internal/ledger"
	"github.com/albumwright/albumwright/watcher"
)

// forgetDeleted asks the service about every file that is delivered, before anything else, and forgets the media items that it no longer has: their files
// are to be sent again.
func (r *run) forgetDeleted(ctx context.Context) error {
	if !r.cfg.Resend {
		return nil
	}
	a := r.asker(r.forget)
	err := r.eachFile(ctx, func(f watcher.File) error {
		switch {
		case r.cfg.Intake.Err() != nil:
			return errStopped
		case f.Skip != "":
			return nil
		}
		l, err := a.look(ctx, f)
		if err != nil || !r.hasItem(l) {
			return err
		}
		d := delivered{file: f, content: *l.known.Content}
		for _, it := range l.known.Items {
			if it.State.Delivered() {
				d.items = append(d.items, it.Item)
			}
		}
		return a.take(ctx, d)
	})
	if err == nil {
		err = a.ask(ctx)
	}
	return ifStopped(err)
}

// forget forgets those of some files that the service no longer has. What it has need not be asked about again.
func (r *run) forget(ctx context.Context, files []delivered, answers map[string]confirm.Answer) error {
	var there []ledger.ItemID
	var gone []ledger.ContentID
	for _, d := range files {
		r.events.done(StageConfirm)
		switch answers[d.content.MediaItem] {
		case confirm.Confirmed:
			there = append(there, d.items...)
		case confirm.Gone:
			gone = append(gone, d.content.ID)
		}
	}
	r.tally.Resend(len(files), len(gone))
	return bothOrNone(ctx,
		func(ctx context.Context) error { return r.ledger.Confirm(ctx, there) },
		func(ctx context.Context) error { return r.ledger.Forget(ctx, gone) },
	)
}

// validResend refuses to ask first about what only the run itself finds.
func (c Config) validResend() error {
	if c.Resend && (c.Source != nil || c.Planned != nil) {
		return errors.New("pipeline: Config.Resend asks about files before it looks for them: it needs Paths to walk, no Source and no Planned")
	}
	return nil
}
