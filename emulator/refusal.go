package emulator

import (
	"errors"

	"github.com/albumwright/albumwright/emulator/internal/inspect"
)

// refusal is why no media item can be made of a content; "" = one can. It is
// decided when the bytes come, and batchCreate tells it.
type refusal string

const (
	refusedNotMedia refusal = "not media"
	refusedDamaged  refusal = "damaged"
	refusedTooLarge refusal = "too large"
	refusedUnread   refusal = "unread" // a disk error of ours
)

// refusalOf is what inspect found, in words that can be kept.
func refusalOf(err error) refusal {
	switch {
	case err == nil:
		return ""
	case errors.Is(err, inspect.ErrNotMedia):
		return refusedNotMedia
	case errors.Is(err, inspect.ErrDamaged):
		return refusedDamaged
	case errors.Is(err, inspect.ErrTooLarge):
		return refusedTooLarge
	}
	return refusedUnread
}
