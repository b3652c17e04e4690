package offload

import (
	"errors"
	"fmt"
)

var (
	// ErrGone is found, with errors.Is, where a card is there no more: it was pulled, unmounted, or another one is in its place.
	ErrGone = errors.New("the card is gone")
	// ErrFull is found in the error of a destination that has no more room.
	ErrFull = errors.New("the destination is full")
	// ErrTooLarge is found in the error of a destination whose file system cannot hold a file of that size, as FAT cannot from 4 GiB on.
	ErrTooLarge = errors.New("the destination's file system cannot hold a file of this size")
	// ErrChanged is found where a file is not, or no longer, what was listed.
	ErrChanged = errors.New("the file changed")
	// ErrDiffers is found where a copy, or the source itself, has other bytes than those that were copied.
	ErrDiffers = errors.New("the bytes differ")
)

// ReadError is a source that could not be read to its end. It unwraps to the system's error, and to [ErrGone] if that says that the device is gone.
type ReadError struct {
	Path string
	At   int64 // bytes that were read before
	Err  error
}

// Error names the file and the place.
func (e *ReadError) Error() string { return fmt.Sprintf("%s: at byte %d: %v", e.Path, e.At, e.Err) }

// Unwrap returns what is behind the error.
func (e *ReadError) Unwrap() []error {
	if Gone(e.Err) {
		return []error{ErrGone, e.Err}
	}
	return []error{e.Err}
}

// Gone reports whether an error says that there is no device any more. Systems do not always say so of a card that was pulled: after any error about one,
// ask whether it is still the same.
func Gone(err error) bool { return errors.Is(err, ErrGone) || goneBySystem(err) }

// ofDestination says what an error of a destination means.
func ofDestination(err error) error {
	switch {
	case err == nil:
		return nil
	case errors.Is(err, ErrFull), errors.Is(err, ErrTooLarge):
		return err
	case fullBySystem(err):
		return fmt.Errorf("%w: %w", ErrFull, err)
	case tooLargeBySystem(err):
		return fmt.Errorf("%w: %w", ErrTooLarge, err)
	}
	return err
}
