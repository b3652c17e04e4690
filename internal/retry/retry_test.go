package retry_test

import (
	"context"
	"errors"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/albumwright/albumwright/internal/retry"
)

func TestThePolicyWaitsByKind(t *testing.T) {
	for _, c := range []struct {
		name    string
		failure retry.Failure
		failed  int
		jitter  float64
		delay   time.Duration
		again   bool
	}{
		{"a final error is not repeated", retry.Failure{Kind: retry.Final}, 1, 1, 0, false},
		{"a transient one after a second at least", retry.Failure{Kind: retry.Transient}, 1, 0, time.Second, true},
		{"and two at most", retry.Failure{Kind: retry.Transient}, 1, 1, 2 * time.Second, true},
		{"twice as long each time", retry.Failure{Kind: retry.Transient}, 4, 1, 16 * time.Second, true},
		{"up to a minute", retry.Failure{Kind: retry.Transient}, 6, 1, time.Minute, true},
		{"seven tries in all", retry.Failure{Kind: retry.Transient}, 7, 0, time.Second, false},
		{"a 429 after half a minute at least", retry.Failure{Kind: retry.RateLimited}, 1, 0, 30 * time.Second, true},
		{"and a minute at most", retry.Failure{Kind: retry.RateLimited}, 1, 1, time.Minute, true},
		{"up to four minutes", retry.Failure{Kind: retry.RateLimited}, 6, 1, 4 * time.Minute, true},
		{"what the service asks for goes before", retry.Failure{Kind: retry.RateLimited, After: 10 * time.Minute}, 1, 0, 10 * time.Minute, true},
		{"but does not shorten the floor", retry.Failure{Kind: retry.Transient, After: time.Millisecond}, 1, 0, time.Second, true},
		{"a stale access token is renewed at once", retry.Failure{Kind: retry.Stale}, 1, 1, 0, true},
		{"and only once", retry.Failure{Kind: retry.Stale}, 2, 1, 0, false},
	} {
		t.Run(c.name, func(t *testing.T) {
			var failed retry.Counts
			failed[c.failure.Kind] = c.failed
			delay, again := retry.Policy{}.Next(c.failure, failed, c.jitter)
			if again != c.again || again && delay != c.delay {
				t.Errorf("Next(%+v, failed %d, jitter %v) = %v, %v; want %v, %v", c.failure, c.failed, c.jitter, delay, again, c.delay, c.again)
			}
		})
	}
}

var errBusy = errors.New("busy")

func TestACallIsRepeatedUntilItSucceeds(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		start, calls := time.Now(), 0
		var waits []time.Duration
		call := retry.Call{
			Judge: func(error) retry.Failure { return retry.Failure{Kind: retry.Transient} },
			Wait: func(err error, until time.Time) {
				if !errors.Is(err, errBusy) {
					t.Errorf("waiting because of %v", err)
				}
				waits = append(waits, time.Until(until))
			},
		}
		err := call.Do(t.Context(), func(context.Context) error {
			if calls++; calls < 4 {
				return errBusy
			}
			return nil
		})
		var waited time.Duration
		for _, w := range waits {
			waited += w
		}
		if err != nil || calls != 4 || len(waits) != 3 || time.Since(start) != waited {
			t.Errorf("%v after %d calls and %v, told waits %v", err, calls, time.Since(start), waits)
		}
	})
}

func TestAFailedCallReturnsItsLastError(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		calls := 0
		call := retry.Call{Policy: retry.Policy{Tries: 3}, Judge: func(error) retry.Failure { return retry.Failure{Kind: retry.RateLimited} }}
		err := call.Do(t.Context(), func(context.Context) error { calls++; return errBusy })
		if err != errBusy || calls != 3 {
			t.Errorf("%v after %d calls, want the last error after 3", err, calls)
		}
	})
}

func TestTheEndOfTheContextEndsAWaitAndSaysBoth(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		stopped := errors.New("stopped")
		ctx, stop := context.WithCancelCause(t.Context())
		call := retry.Call{Judge: func(error) retry.Failure { return retry.Failure{Kind: retry.RateLimited} }}
		time.AfterFunc(10*time.Second, func() { stop(stopped) })
		start := time.Now()
		err := call.Do(ctx, func(context.Context) error { return errBusy })
		if !errors.Is(err, stopped) || !errors.Is(err, errBusy) || time.Since(start) != 10*time.Second {
			t.Errorf("%v after %v, want both causes after 10 s", err, time.Since(start))
		}
	})
}

func TestKindsAreCountedApart(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		calls := 0
		call := retry.Call{Policy: retry.Policy{Tries: 3}, Judge: func(error) retry.Failure {
			return retry.Failure{Kind: []retry.Kind{retry.Transient, retry.RateLimited}[calls%2]}
		}}
		_ = call.Do(t.Context(), func(context.Context) error { calls++; return errBusy })
		if calls != 5 {
			t.Errorf("%d calls, want 5: the third of one kind ends it", calls)
		}
	})
}

func TestOneCallThatIsToldToSlowDownHoldsBackAllOfItsGate(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var gate retry.Gate
		limited := retry.Call{Gate: &gate, Judge: func(error) retry.Failure { return retry.Failure{Kind: retry.RateLimited, After: 45 * time.Second} }}
		var wg sync.WaitGroup
		start, calls := time.Now(), 0
		wg.Go(func() {
			_ = limited.Do(t.Context(), func(context.Context) error {
				if calls++; calls == 1 {
					return errBusy
				}
				return nil
			})
		})
		synctest.Wait()
		if err := limited.Do(t.Context(), func(context.Context) error { return nil }); err != nil {
			t.Error(err)
		}
		if waited := time.Since(start); waited < 45*time.Second {
			t.Errorf("another call of the gate went through after %v, want the 45 s that were asked for", waited)
		}
		other := retry.Call{Judge: limited.Judge}
		if err := other.Do(t.Context(), func(context.Context) error { return nil }); err != nil {
			t.Error(err)
		}
		wg.Wait()
	})
}
