// Package verify answers whether every file below some folders is in the service.
//
// [Run] walks the folders as an import does, reads every byte of every file, and looks its content up in the ledger: what an import was told by the
// service. With Config.Remote the service is asked again about each of these media items. Nothing is ever uploaded, and nothing written.
//
// The ledger knows that the service took these bytes, and the service only that it has an item of this id; both together is as much as can be proved.
package verify

import (
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"runtime"
	"sync/atomic"
	"time"

	"golang.org/x/sync/errgroup"

	"github.com/albumwright/albumwright/internal/confirm"
	"github.com/albumwright/albumwright/internal/flow"
	"github.com/albumwright/albumwright/internal/ledger"
	"github.com/albumwright/albumwright/watcher"
)

// State is what is known about one file.
type State string

// The states. Every file that was found has exactly one.
const (
	Accepted   State = "accepted"   // the service took its content, as the ledger knows; it was not asked again
	Matched    State = "matched"    // the service has an item of its name, time and size; a rebuilt ledger cannot prove that it is this content
	Confirmed  State = "confirmed"  // it was asked again, and has it
	Processing State = "processing" // it was asked again, and has the video, but is not done with it
	Broken     State = "broken"     // it was asked again, and has the video, but cannot show it
	Gone       State = "gone"       // it was asked again, and no longer has it, or shows it to this app
	Unanswered State = "unanswered" // it was asked again, and fails whenever it is asked about this item
	Waiting    State = "waiting"    // an import has begun with it and not finished
	Failed     State = "failed"     // an import failed with it; the reason says why
	Unknown    State = "unknown"    // no import has met its content
	Unreadable State = "unreadable" // the system refused to read it, or it changed meanwhile
	Skipped    State = "skipped"    // not for the service; the reason says why
)

// States lists all states in the order in which a report shows them.
func States() []State {
	return []State{Accepted, Matched, Confirmed, Processing, Broken, Gone, Unanswered, Waiting, Failed, Unknown, Unreadable, Skipped}
}

// File is one file with its state.
type File struct {
	Path   string `json:"path"` // as text, see report.Text
	Size   int64  `json:"size"` // bytes
	State  State  `json:"state"`
	Reason string `json:"reason,omitempty"`
	SHA256 string `json:"sha256,omitempty"`
	ID     string `json:"id,omitempty"` // media item id
}

// Ledger is what this package needs of a ledger; *ledger.Reader has it.
type Ledger interface {
	Find(ctx context.Context, sum [sha256.Size]byte, path string, size int64, modified time.Time) (ledger.Found, error)
}

// Config says what to verify. Walk.Roots and Ledger are required.
type Config struct {
	Walk   watcher.WalkConfig
	Ledger Ledger
	Remote confirm.API                          // asks the service again; nil: the ledger is enough
	Tries  int                                  // how often a call is made before it is given up; 0 = 7
	Wait   func(reason string, until time.Time) // is told what a call waits for; may be nil

	Readers  int        // files that are read at a time; 0 = 2 to 4, by the number of processors
	Observe  func(File) // is told each file's state; never two at a time; nil is told nothing
	Progress *Progress  // is counted up; may be nil
}

// Progress is how far a verification has got. It may be read at any time.
type Progress struct{ Found, Done, Bytes atomic.Int64 }

func (c Config) withDefaults() Config {
	if c.Readers == 0 {
		// More than one, so that a disk has its next file when one is done; few, because most disks are slower the more they have to jump.
		c.Readers = min(max(2, runtime.NumCPU()), 4)
	}
	if c.Observe == nil {
		c.Observe = func(File) {}
	}
	if c.Progress == nil {
		c.Progress = &Progress{}
	}
	return c
}

func (c Config) valid() error {
	switch {
	case c.Ledger == nil:
		return errors.New("verify: Config.Ledger is missing")
	case c.Readers < 0:
		return fmt.Errorf("verify: Config.Readers is %d, but must be positive", c.Readers)
	case c.Tries < 0:
		return fmt.Errorf("verify: Config.Tries is %d, but must be positive", c.Tries)
	}
	return c.Walk.Valid()
}

// Run verifies. An error ends it before all files have their state: a root is gone, the ledger cannot be read, the service cannot be reached.
func Run(ctx context.Context, cfg Config) (Report, error) {
	if err := cfg.valid(); err != nil {
		return Report{}, err
	}
	v := &verifier{Config: cfg.withDefaults(), report: newReport(cfg.Remote != nil)}
	g, work := errgroup.WithContext(ctx)
	files := v.walk(work, g)
	looked := flow.Ordered(work, g, v.Readers, 64, files, v.look)
	g.Go(func() error { return v.collect(work, looked) })
	err := g.Wait()
	v.report.Ended = time.Now()
	return v.report, err
}

type verifier struct {
	Config
	report Report // owned by collect
}

func (v *verifier) walk(ctx context.Context, g *errgroup.Group) <-chan watcher.File {
	files := make(chan watcher.File)
	g.Go(func() error {
		defer close(files)
		return watcher.Walk(ctx, v.Walk, func(f watcher.File) error {
			v.Progress.Found.Add(1)
			return flow.Send(ctx, files, f)
		})
	})
	return files
}

// collect counts each file, those that the service is asked about when it has answered.
func (v *verifier) collect(ctx context.Context, looked <-chan File) error {
	a := asker{verifier: v, answers: map[string]confirm.Answer{}}
	for {
		f, ok, err := flow.Receive(ctx, looked)
		switch {
		case err != nil:
			return err
		case !ok:
			return a.ask(ctx)
		case f.ID != "" && v.Remote != nil:
			err = a.take(ctx, f)
		default:
			v.end(f)
		}
		if err != nil {
			return err
		}
	}
}

func (v *verifier) end(f File) {
	v.report.add(f)
	v.Progress.Done.Add(1)
	v.Observe(f)
}
