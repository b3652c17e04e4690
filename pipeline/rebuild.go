package pipeline

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strings"

	"github.com/albumwright/albumwright/internal/ledger"
	"github.com/albumwright/albumwright/internal/rebuild"
	"github.com/albumwright/albumwright/internal/report"
)

// The parts of a rebuild: what it asks, and what it found.
type (
	Rebuilding = rebuild.Config
	Rebuilt    = rebuild.Report
)

// Rebuild finds out again what a lost ledger knew: it looks at all files as Run does, and then, instead of sending those that are not known to be delivered,
// looks for them among the media items of the service; see package rebuild. What is not found is left for the next Run. A dry run works on a copy of the
// ledger. Of ask, Ledger and Run are set here; Config.API does not count.
func Rebuild(ctx context.Context, cfg Config, ask Rebuilding) (Rebuilt, error) {
	if err := cfg.Valid(); err != nil {
		return Rebuilt{}, err
	}
	known := rebuild.NewReport(ask.DryRun)
	cfg.Observe = func(ev Event) {
		end, ok := ev.(FileEnd)
		if !ok {
			return
		}
		f := knownFile(end.File)
		known.Add(f)
		if ask.Observe != nil {
			ask.Observe(f)
		}
	}
	l, err := openFor(ctx, cfg, ask.DryRun)
	if err != nil {
		return Rebuilt{}, err
	}
	r, err := newRun(ctx, cfg, l)
	if err != nil {
		return Rebuilt{}, fmt.Errorf("%w: %w", ErrLedger, errors.Join(err, l.Close()))
	}
	rep := rebuild.NewReport(ask.DryRun)
	if err = r.do(ctx, r.look, r.spread); err == nil {
		ask.Ledger, ask.Run = l, r.id
		rep, err = rebuild.Run(ctx, ask)
	}
	rep.Join(known)
	if errors.Is(err, ledger.ErrFile) && ctx.Err() == nil {
		err = fmt.Errorf("%w any more: %w", ErrLedger, err)
	}
	return rep, errors.Join(err, l.EndRun(context.WithoutCancel(ctx), r.id, r.rebuilt(rep, err)), l.Close())
}

// openFor takes the ledger, or for a dry run a copy of it in memory.
func openFor(ctx context.Context, cfg Config, dry bool) (l *ledger.SQLite, err error) {
	open := ledger.Open
	if dry {
		open = ledger.OpenCopy
	}
	if l, err = open(ctx, LedgerPath(cfg)); err != nil && !errors.Is(err, ErrLocked) {
		err = fmt.Errorf("%w: %w", ErrLedger, err)
	}
	return l, err
}

// knownFile is a file that a look has ended.
func knownFile(f File) rebuild.File {
	out := rebuild.File{Path: f.Path, Size: f.Size, Album: f.Album, State: rebuild.Known, Reason: f.Reason, ID: f.ID}
	switch {
	case f.End == Skipped:
		out.State = rebuild.Skipped
	case f.End == Failed && !strings.HasPrefix(f.Reason, refusedBefore):
		out.State = rebuild.Unreadable
	}
	return out
}

// rebuilt is the report of a rebuild in the form in which the ledger's history has those of runs.
func (r *run) rebuilt(b Rebuilt, cause error) string {
	rep := r.tally.Report(0, cause)
	rep.Ends = map[End]int{
		Uploaded: 0, Duplicate: 0, AlreadyThere: b.States[rebuild.Matched] + b.States[rebuild.Known], Skipped: b.States[rebuild.Skipped],
		Failed: b.States[rebuild.Unreadable], Unfinished: b.States[rebuild.Unknown] + b.States[rebuild.Unasked],
	}
	rep.Found, rep.Requests = b.Found, report.Requests{AlbumLists: b.Requests.AlbumLists}
	text, _ := json.Marshal(rep) // a report always can be
	return string(text)
}
