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
