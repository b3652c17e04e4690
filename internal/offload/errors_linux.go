package offload

import (
	"errors"
	"syscall"
)

// noMedium: the reader is there, the card is not.
func noMedium(err error) bool { return errors.Is(err, syscall.ENOMEDIUM) }
