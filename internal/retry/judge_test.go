package retry_test

import (
	"context"
	"errors"
	"fmt"
	"testing"
	"time"

	"github.com/albumwright/albumwright/internal/retry"
	"github.com/albumwright/albumwright/photos"
)

func TestAnErrorOfTheServiceIsSortedByWhatMayHelp(t *testing.T) {
	answered := func(status int, message string) error {
		return fmt.Errorf("listing: %w", &photos.Error{Op: "mediaItems.list", Status: status, Message: message})
	}
	for _, c := range []struct {
		name string
		err  error
		want retry.Failure
	}{
		{"a service that is down passes", answered(503, ""), retry.Failure{Kind: retry.Transient}},
		{"so does a broken connection", answered(0, ""), retry.Failure{Kind: retry.Transient}},
		{"a minute's quota passes", answered(429, "per minute"), retry.Failure{Kind: retry.RateLimited}},
		{"a day's does not", answered(429, "per day"), retry.Failure{}},
		{"what the service asks to wait is kept", &photos.Error{Status: 429, RetryAfter: time.Minute}, retry.Failure{Kind: retry.RateLimited, After: time.Minute}},
		{"an access token is renewed", answered(401, ""), retry.Failure{Kind: retry.Stale}},
		{"where there is none to be had, nothing helps", &photos.Error{Err: photos.ErrNoToken}, retry.Failure{}},
		{"what is forbidden stays so", answered(403, ""), retry.Failure{}},
		{"what was refused here is refused again", &photos.Error{Err: photos.ErrNotSent}, retry.Failure{}},
		{"the caller's own end is no failure", context.Canceled, retry.Failure{}},
		{"what is not the service's is not judged", errors.New("disk full"), retry.Failure{}},
	} {
		t.Run(c.name, func(t *testing.T) {
			if got := retry.Judge(c.err); got != c.want {
				t.Errorf("Judge(%v) = %+v, want %+v", c.err, got, c.want)
			}
		})
	}
}
