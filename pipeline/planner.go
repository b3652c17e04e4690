package pipeline

import (
	"context"
	"time"

	"github.com/albumwright/albumwright/internal/ledger"
)

// Planner plans the same import again and again, with albums named in other ways. What it has read of a file it does not read again as long as the
// file is the same. It is used by one goroutine.
type Planner struct {
	cfg    Config
	ledger *ledger.Draft // which knows after the first plan what the files say
	sums   map[ledger.FileID]hashed
}

// hashed is a file's hash, and the file that has it.
type hashed struct {
	of  fileState
	sum hash
}

// fileState tells a file from another one of its path.
type fileState struct {
	size     int64
	modified time.Time
}

func stateOf(p ledger.Pending) fileState { return fileState{p.Size, p.ModTime.UTC()} }

// NewPlanner begins with the ledger of a Config as it is now; it makes no call, and writes nothing. Who calls it calls Close.
func NewPlanner(ctx context.Context, cfg Config) (*Planner, error) {
	if err := cfg.Valid(); err != nil {
		return nil, err
	}
	l, err := ledger.OpenDraft(ctx, LedgerPath(cfg))
	if err != nil {
		return nil, err
	}
	return &Planner{cfg: cfg, ledger: l, sums: map[ledger.FileID]hashed{}}, nil
}

// Plan says what Run would do with this naming, as the function Plan does. After an error the next call begins anew.
func (p *Planner) Plan(ctx context.Context, naming AlbumNaming) (Foresight, error) {
	cfg := p.cfg
	cfg.Naming = naming
	if err := cfg.Valid(); err != nil {
		return Foresight{}, err
	}
	r, err := newRun(ctx, cfg, p.ledger)
	if err != nil {
		return Foresight{}, err
	}
	if err := r.do(ctx, r.look, r.spread, r.group); err != nil {
		return Foresight{}, err
	}
	if cfg.Checksum {
		clear(p.sums) // neither size nor time are believed
	}
	f := foresight{
		run: r, tokens: map[hash]bool{}, placed: map[placing]bool{}, sums: p.sums, places: map[ledger.AlbumID][][]byte{}, parts: map[ledger.FileID][]File{},
	}
	err = f.foresee(ctx)
	return f.plan, err
}

// Close forgets everything.
func (p *Planner) Close() error { return p.ledger.Close() }
