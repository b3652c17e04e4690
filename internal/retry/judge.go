package retry

import (
	"errors"

	"github.com/albumwright/albumwright/photos"
)

// Judge sorts an error of a call to the service. What may pass is tried again; a 401 is, once, with the new access token that the client gets then, unless there is
// no token to be had; everything else is Final.
func Judge(err error) (f Failure) {
	if e := (*photos.Error)(nil); errors.As(err, &e) {
		f.After = e.RetryAfter
	}
	switch photos.Classify(err) {
	case photos.ClassTransient:
		f.Kind = Transient
	case photos.ClassRateLimited:
		f.Kind = RateLimited
	case photos.ClassUnauthenticated:
		if !errors.Is(err, photos.ErrNoToken) {
			f.Kind = Stale
		}
	}
	return f
}
