package pipeline

import (
	"context"

	"github.com/albumwright/albumwright/internal/ledger"
)

// Arrange is the step of a run that arranges its items, alone.
func Arrange(ctx context.Context, l ledger.Ledger, id ledger.RunID) error {
	r, err := newRun(ctx, Config{}, l)
	if err != nil {
		return err
	}
	r.id = id
	return r.arrange(ctx)
}

// WithAlbumLimit is the Config of a service whose albums hold only so many items: to fill real ones takes 20,000 files.
func (c Config) WithAlbumLimit(n int) Config {
	c.albumLimit = n
	return c
}
