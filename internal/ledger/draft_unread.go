package ledger

import "context"

// SetUnread does nothing: what cannot be looked at has its end in the plan.
func (d *Draft) SetUnread(context.Context, RunID, []Unread) error { return nil }

// ClearUnread does nothing.
func (d *Draft) ClearUnread(context.Context, RunID, []string) error { return nil }
