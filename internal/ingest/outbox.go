package ingest

import (
	"cmp"
	"context"
	"errors"
	"path/filepath"
	"slices"
	"sync"

	"github.com/albumwright/albumwright/internal/confirm"
	"github.com/albumwright/albumwright/internal/offload"
	"github.com/albumwright/albumwright/internal/report"
	"github.com/albumwright/albumwright/pipeline"
	"github.com/albumwright/albumwright/watcher"
)

// How much is gathered before a run of the pipeline takes it: each run costs at most one batch more in each album than a single run for all, so they are to be few;
// but sending has to begin long before copying ends.
const (
	portionFiles = 400
	portionBytes = 2 << 30
)

// answerConfirmed is the one answer that confirms.
const answerConfirmed = string(confirm.Confirmed)

// outbox holds the files that are to be sent. The copying goroutine puts them in; another takes them, a portion at a time, and sends them.
type outbox struct {
	cfg  pipeline.Config
	root string // what is sent lies below it

	ofCard  bool // it is the card
	portion int  // files

	mu      sync.Mutex
	waiting []parcel      // guarded by mu
	bytes   int64         // guarded by mu; of those
	closed  bool          // guarded by mu; nothing more will come
	drop    bool          // guarded by mu; what waits is not to be sent
	changed chan struct{} // tells the sender to look

	// The sender's, until it has ended.
	sent Uploads
	told *Progress
	err  error // what ended the sending
	warn []string
}

// parcel is a file to be sent.
type parcel struct {
	path string
	row  *row
}

// startSending begins to send what is handed over; the channel closes when all of it has its end.
func (r *run) startSending(ctx context.Context) <-chan struct{} {
	done := make(chan struct{})
	r.outbox = &outbox{changed: make(chan struct{}, 1), told: r.cfg.Progress, portion: cmp.Or(r.cfg.portion, portionFiles)}
	if r.cfg.Upload == nil {
		close(done)
		return done
	}
	r.outbox.cfg, r.outbox.root, r.outbox.ofCard = *r.cfg.Upload, r.cfg.Card.Mount, r.fromCard()
	if !r.fromCard() {
		r.outbox.root = r.cfg.Dests[0]
	}
	r.report.Upload = &r.outbox.sent
	if r.outbox.err = r.cfg.Unsent; r.outbox.err != nil {
		r.outbox.sent.Cause = report.Text(r.outbox.err.Error())
	}
	go func() {
		defer close(done)
		r.outbox.run(ctx)
	}()
	return done
}

func (r *run) fromCard() bool { return r.cfg.FromCard || len(r.cfg.Dests) == 0 }

// handOver gives rows to the sender: those of which what is to be sent is proved.
func (r *run) handOver(rows []*row) {
	for _, row := range rows {
		if len(r.cfg.Dests) == 0 && row.end == Unfinished {
			row.end = Left
			r.cfg.Progress.Files.Add(1)
			r.cfg.Observe(r.file(row))
		}
		if r.cfg.Upload == nil || !row.Upload {
			continue
		}
		row.upload = &Upload{End: report.Unfinished, Reason: "its copy is not proved"}
		if path, ok := r.sendable(row); ok {
			row.upload.Reason = ""
			r.outbox.add(parcel{path, row})
		}
	}
}

// sendable is where the bytes lie that are to be sent.
func (r *run) sendable(row *row) (path string, ok bool) {
	if r.fromCard() {
		return r.cfg.Card.Path(row.File), row.end != Failed
	}
	c := row.copies[r.cfg.Dests[0]]
	if c == nil || !c.verified {
		return "", false
	}
	return c.path, true
}

func (o *outbox) add(p parcel) {
	o.mu.Lock()
	o.waiting, o.bytes = append(o.waiting, p), o.bytes+p.row.Size
	o.mu.Unlock()
	o.told.ToSend.Add(1)
	o.wake()
}

// close says that nothing more will come. If the card is gone, and its files are what is sent, what waits is given up.
func (o *outbox) close(cause error) {
	o.mu.Lock()
	o.closed = true
	o.drop = o.ofCard && errors.Is(cause, offload.ErrGone)
	o.mu.Unlock()
	o.wake()
}

func (o *outbox) wake() {
	select {
	case o.changed <- struct{}{}:
	default:
	}
}

// run sends portion after portion until nothing more comes, or the sending cannot go on.
func (o *outbox) run(ctx context.Context) {
	var left []parcel // of a portion that another process kept from being sent
	for {
		portion, more := o.next(ctx)
		portion = append(left, portion...)
		if left = nil; len(portion) > 0 && o.err == nil && ctx.Err() == nil {
			err := o.send(ctx, portion)
			if errors.Is(err, pipeline.ErrLocked) && more {
				left = portion
				continue
			}
			o.err = err
		}
		if !more {
			return
		}
	}
}

// next waits for a portion; more is false when it is the last.
func (o *outbox) next(ctx context.Context) (portion []parcel, more bool) {
	for {
		o.mu.Lock()
		if ready := o.closed || len(o.waiting) >= o.portion || o.bytes >= portionBytes; ready {
			portion, more = o.waiting, !o.closed
			if o.drop {
				portion = nil
			}
			o.waiting, o.bytes = nil, 0
			o.mu.Unlock()
			return portion, more
		}
		o.mu.Unlock()
		select {
		case <-o.changed:
		case <-ctx.Done():
			return nil, false
		}
	}
}

// send makes one run of the pipeline. Its error ends the sending, and nothing else.
func (o *outbox) send(ctx context.Context, portion []parcel) error {
	slices.SortStableFunc(portion, func(a, b parcel) int {
		return cmp.Or(cmp.Compare(filepath.Dir(a.path), filepath.Dir(b.path)), cmp.Compare(a.path, b.path))
	})
	rows := map[string][]*row{}
	for _, p := range portion {
		text := report.Text(p.path)
		rows[text] = append(rows[text], p.row)
	}
	cfg, observe := o.cfg, o.cfg.Observe
	cfg.Paths = []string{o.root}
	cfg.Source = func(_ context.Context, visit func(watcher.File) error) error { return o.visit(portion, visit) }
	cfg.Observe = func(ev pipeline.Event) {
		if end, ok := ev.(pipeline.FileEnd); ok {
			for _, row := range rows[end.Path] {
				row.upload = &Upload{End: end.End, Reason: end.Reason, Album: end.Album, ID: end.ID}
				o.told.Sent.Add(1)
			}
			o.twin(end, rows)
		}
		if observe != nil {
			observe(ev)
		}
	}
	rep, err := pipeline.Run(ctx, cfg)
	o.sent.add(rep)
	for _, w := range rep.Warnings {
		if !slices.Contains(o.warn, w) {
			o.warn = append(o.warn, w)
		}
	}
	if err != nil && !errors.Is(err, pipeline.ErrLocked) {
		o.sent.Cause = report.Text(err.Error())
	}
	return err
}

// twin gives a file that has the content of another one the media item of that.
func (o *outbox) twin(end pipeline.FileEnd, rows map[string][]*row) {
	for _, row := range rows[end.Path] {
		if twins := rows[end.DuplicateOf]; end.DuplicateOf != "" && row.upload.ID == "" && len(twins) > 0 && twins[0].upload != nil {
			row.upload.ID = twins[0].upload.ID
		}
	}
}

// visit hands a portion over, folder after folder. Two files of the card may be one file here.
func (o *outbox) visit(portion []parcel, visit func(watcher.File) error) error {
	last := ""
	for _, p := range portion {
		if p.path == last {
			continue
		}
		last = p.path
		f, err := watcher.Stat(o.root, p.path)
		if err != nil {
			f = watcher.File{Root: o.root, Path: p.path, Skip: watcher.SkipUnreadable, Err: err}
		}
		if err := visit(f); err != nil {
			return err
		}
	}
	return nil
}

// confirm asks the service about all media items that were sent, now or before.
func (r *run) confirm(ctx context.Context) error {
	if r.cfg.Confirm == nil || r.outbox.err != nil {
		return nil
	}
	var ids []string
	for _, row := range r.rows {
		if row.upload != nil && row.upload.ID != "" {
			ids = append(ids, row.upload.ID)
		}
	}
	answers, err := r.cfg.Confirm(ctx, ids)
	for _, row := range r.rows {
		if row.upload != nil && row.upload.ID != "" {
			row.upload.Answer = string(answers[row.upload.ID])
		}
	}
	if err != nil {
		r.outbox.err = err
		r.outbox.sent.Cause = report.Text("asking the service again: " + err.Error())
	}
	return nil
}
