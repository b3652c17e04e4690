// Package download brings media items back to a folder, and knows on its next run what is there.
//
// [Run] takes media items one by one, gives each a path by a template, and loads several at a time. A file has its name only when it is whole and on the disk; until
// then its bytes gather in the folder .albumwright, from where the next run goes on. A journal there says which file is which, so that names stay the same from run to
// run. Nothing that stands in the folder is ever overwritten, and no name from the service leads out of it.
package download

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"iter"
	"sync"
	"sync/atomic"
	"time"

	"github.com/albumwright/albumwright/internal/album"
	"github.com/albumwright/albumwright/internal/retry"
	"github.com/albumwright/albumwright/photos"
)

// Errors that end a run.
var (
	ErrFolder = errors.New("the folder cannot be written to")
	ErrLocked = errors.New("another download is at work in this folder")
	ErrNewer  = errors.New("a newer version of albumwright wrote this journal")
)

// Opener opens media items; a [photos.Fetcher] is one.
type Opener interface {
	Open(ctx context.Context, item photos.MediaItem, want photos.Rendition, from int64) (*photos.Load, error)
}

// Wanted is a media item to download, or the reason why there is none of this id.
type Wanted struct {
	Item photos.MediaItem
	Err  error // only the item's ID counts then
}

// Motion says which files are made of a photo that moves.
type Motion string

// The kinds. The service does not tell which photos move: but for MotionStill each photo costs a load more, once.
const (
	MotionStill Motion = "still"
	MotionBoth  Motion = "both"
	MotionVideo Motion = "video" // of a photo that does not move, the still
)

// Picture asks for pictures of a size instead of all that there is; the zero value does not.
type Picture struct {
	Width, Height int  // pixels, 1 to [photos.MaxSide]
	Crop          bool // cut to exactly this size
}

// The defaults of a [Config].
const (
	DefaultPath       = "{album}/{filename}"
	DefaultTransfers  = 4
	DefaultWaitVideos = 10 * time.Minute
)

// Config says what is downloaded where. Dir, Items and Fetcher are required.
type Config struct {
	Dir        string
	Items      iter.Seq2[Wanted, error] // an error ends the run, when what came before it is done
	Fetcher    Opener
	Album      string             // title of the album that Items are from; "" = of none
	Path       album.PathTemplate // below Dir; the zero value is [DefaultPath]
	Picture    Picture
	Motion     Motion        // "" = [MotionStill]
	Transfers  int           // loads at a time; 0 = [DefaultTransfers]
	Tries      int           // how often a load is begun that gets no further; 0 = 7
	WaitVideos time.Duration // for videos that are still being processed, when all else is done; 0 = [DefaultWaitVideos], negative = not at all
	DryRun     bool          // nothing is loaded or written

	Intake   context.Context                      // when it ends, nothing more is begun; may be nil
	Observe  func(Item)                           // is told each item's end, one at a time; may be nil
	Wait     func(reason string, until time.Time) // is told what a load waits for; may be nil
	Progress *Progress                            // may be nil
}

func (c Config) valid() error {
	switch {
	case c.Dir == "":
		return errors.New("download: Config.Dir is missing")
	case c.Items == nil, c.Fetcher == nil:
		return errors.New("download: Config.Items or Config.Fetcher is missing")
	case c.Motion != "" && c.Motion != MotionStill && c.Motion != MotionBoth && c.Motion != MotionVideo:
		return fmt.Errorf("download: Config.Motion is %q", c.Motion)
	case c.Transfers < 0, c.Tries < 0:
		return errors.New("download: Config.Transfers and Config.Tries must not be negative")
	}
	if c.Picture == (Picture{}) {
		return nil
	}
	_, err := photos.BaseURL("x").Fit(c.Picture.Width, c.Picture.Height)
	return err
}

func (c Config) withDefaults() (Config, error) {
	if len(c.Path.Names(album.File{Path: "x", Item: album.Item{ID: "x"}}, album.Options{})) == 0 {
		path, err := album.ParsePath(DefaultPath)
		if err != nil {
			return c, err
		}
		c.Path = path
	}
	if c.Intake == nil {
		c.Intake = context.Background()
	}
	if c.Progress == nil {
		c.Progress = &Progress{}
	}
	c.Motion, c.Transfers = cmp.Or(c.Motion, MotionStill), cmp.Or(c.Transfers, DefaultTransfers)
	c.WaitVideos = cmp.Or(c.WaitVideos, DefaultWaitVideos)
	return c, nil
}

// run is one run's state.
type run struct {
	cfg     Config
	journal *journal
	gate    retry.Gate // all loads wait when one is told to slow down
	bad     atomic.Int32
	number  int     // of items so far; the feeder's
	waiting []*task // videos that are being processed; the feeder's

	mu     sync.Mutex
	report Report // guarded by mu
}

// Run downloads until Items ends, Intake or ctx ends, or an error makes it pointless to go on: the day's loads are spent, the sign-in has ended, the disk is full
// ([ErrFolder]). The report is valid in any case, if it has anything in it.
func Run(ctx context.Context, cfg Config) (Report, error) {
	if err := cfg.valid(); err != nil {
		return Report{}, err
	}
	cfg, err := cfg.withDefaults()
	if err != nil {
		return Report{}, err
	}
	j, err := openJournal(cfg.Dir, cfg.DryRun)
	if err != nil {
		return Report{}, err
	}
	r := &run{cfg: cfg, journal: j, report: Report{DryRun: cfg.DryRun, Ends: map[End]int{}, Failures: []Item{}}}
	err = errors.Join(r.all(ctx), j.close())
	if err != nil {
		r.report.Cause = err.Error()
	}
	return r.report, errors.Join(err, r.report.Check())
}

// all feeds the lanes, and ends when all of them have: also an error that ends the run lets the others finish what they have begun.
func (r *run) all(ctx context.Context) error {
	intake, stop := context.WithCancelCause(r.cfg.Intake)
	defer stop(nil)
	r.cfg.Intake = intake
	tasks := make(chan *task)
	var lanes sync.WaitGroup
	for range r.cfg.Transfers {
		lanes.Go(func() {
			for t := range tasks {
				if err := r.carryOut(ctx, t); err != nil {
					stop(err)
				}
			}
		})
	}
	err := r.feed(ctx, tasks)
	close(tasks)
	lanes.Wait()
	return cmp.Or(r.stopped(ctx), err)
}

// stopped is why nothing more is begun; nil as long as it is.
func (r *run) stopped(ctx context.Context) error {
	if ctx.Err() != nil {
		return context.Cause(ctx)
	}
	if r.cfg.Intake.Err() != nil {
		return context.Cause(r.cfg.Intake)
	}
	return nil
}

// feed takes the items, and hands on what there is to load. Videos that are being processed come last.
func (r *run) feed(ctx context.Context, tasks chan<- *task) (err error) {
	for w, failed := range r.cfg.Items {
		if err = cmp.Or(r.stopped(ctx), failed); err != nil {
			break
		}
		if err = r.take(ctx, w, tasks); err != nil {
			break
		}
	}
	until := time.Now().Add(max(r.cfg.WaitVideos, 0))
	for _, t := range r.waiting {
		t.until = until
		if err != nil || r.stopped(ctx) != nil {
			r.end(t, Unfinished, "")
			continue
		}
		r.hand(ctx, t, tasks)
	}
	return cmp.Or(err, r.stopped(ctx))
}

// hand gives a task to the next lane that is free.
func (r *run) hand(ctx context.Context, t *task, tasks chan<- *task) {
	select {
	case tasks <- t:
	case <-ctx.Done():
		r.end(t, Unfinished, "")
	case <-r.cfg.Intake.Done():
		r.end(t, Unfinished, "")
	}
}

// take finds out what there is to do for an item.
func (r *run) take(ctx context.Context, w Wanted, tasks chan<- *task) error {
	r.number++
	t, again := r.taskOf(w)
	if again {
		return nil
	}
	r.cfg.Progress.Found.Add(1)
	r.mu.Lock()
	r.report.Found++
	r.mu.Unlock()
	switch {
	case w.Err != nil:
		r.end(t, Failed, w.Err.Error())
		return nil
	case len(t.pieces) == 0:
		r.end(t, AlreadyThere, t.note)
		return nil
	case r.cfg.DryRun:
		return r.foresee(t)
	}
	return r.begin(ctx, t, tasks)
}

// begin gives an item its name, and hands it on unless it has to wait.
func (r *run) begin(ctx context.Context, t *task, tasks chan<- *task) error {
	if err := r.claimFirst(t); err != nil {
		r.end(t, Unfinished, "")
		return err
	}
	if t.processing() {
		r.waiting = append(r.waiting, t)
	} else {
		r.hand(ctx, t, tasks)
	}
	return nil
}

// foresee ends an item as the real run would.
func (r *run) foresee(t *task) error {
	err := r.claimFirst(t)
	for _, p := range t.pieces {
		if p.path != "" {
			t.item.Files = append(t.item.Files, p.path)
		}
	}
	r.end(t, Downloaded, t.note)
	return err
}

// end counts an item's end and tells it.
func (r *run) end(t *task, end End, reason string) {
	t.item.End, t.item.Reason = end, reason
	r.cfg.Progress.Done.Add(1)
	r.mu.Lock()
	defer r.mu.Unlock()
	r.report.Ends[end]++
	if end == Failed && len(r.report.Failures) < mostFailures {
		r.report.Failures = append(r.report.Failures, t.item)
	}
	if r.cfg.Observe != nil {
		r.cfg.Observe(t.item)
	}
}
