package ratelimit_test

import (
	"context"
	"errors"
	"math"
	"net/http"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/albumwright/albumwright/ratelimit"
)

func TestRequestsOfAllKindsKeepToTheNumberOfASecond(t *testing.T) {
	for _, tc := range []struct {
		perSecond float64
		atOnce    int
		want      []time.Duration // when the requests go
	}{
		{0, 0, []time.Duration{0, 0, 0, 0, 0, 0}},
		{2, 0, []time.Duration{0, 500, 1000, 1500, 2000, 2500}},
		{2, 1, []time.Duration{0, 500, 1000, 1500, 2000, 2500}},
		{2, 4, []time.Duration{0, 0, 0, 0, 500, 1000}},
		{0.5, 0, []time.Duration{0, 2000, 4000, 6000, 8000, 10000}},
	} {
		synctest.Test(t, func(t *testing.T) {
			s := &service{}
			l, err := ratelimit.New(ratelimit.Config{RequestsPerSecond: tc.perSecond, RequestsAtOnce: tc.atOnce})
			if err != nil {
				t.Fatal(err)
			}
			json, bytes := l.Transport(s), l.Transport(s) // of one limiter, as of one account
			began := time.Now()
			for range 2 {
				for _, err := range []error{
					call(t.Context(), bytes, "POST", "/v1/uploads"), call(t.Context(), json, "GET", "/v1/albums"), write(t.Context(), json),
				} {
					if err != nil {
						t.Fatal(err)
					}
				}
			}
			for i, at := range s.times {
				if want := tc.want[i] * time.Millisecond; (at.Sub(began) - want).Abs() > time.Microsecond {
					t.Errorf("%v a second, %d at once: request %d after %v, want %v", tc.perSecond, tc.atOnce, i+1, at.Sub(began), want)
				}
			}
		})
	}
}

func TestTheWaitIsOverWhenNobodyWaits(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var heard []ratelimit.Wait
		began := time.Now()
		through := limited(t, ratelimit.Config{RequestsPerSecond: 1, Observe: func(w ratelimit.Wait) { heard = append(heard, w) }}, &service{})
		var g sync.WaitGroup
		for range 4 {
			g.Go(func() {
				if err := call(t.Context(), through, "GET", "/v1/albums"); err != nil {
					t.Error(err)
				}
			})
			synctest.Wait()
		}
		g.Wait()
		want := []ratelimit.Wait{}
		for i := range 3 {
			want = append(want, ratelimit.Wait{For: "at most 1 requests a second", Until: began.Add(time.Duration(i+1) * time.Second)})
		}
		if want = append(want, ratelimit.Wait{}); !slices.Equal(heard, want) {
			t.Errorf("told %v, want %v", heard, want)
		}
	})
}

func TestARequestThatGivesUpTakesNothing(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := &service{}
		through := limited(t, ratelimit.Config{RequestsPerSecond: 1}, s)
		if err := write(t.Context(), through); err != nil {
			t.Fatal(err)
		}
		for _, path := range []string{"/v1/uploads", batchCreate} {
			gaveUp := errors.New("gave up")
			ctx, cancel := context.WithTimeoutCause(t.Context(), 100*time.Millisecond, gaveUp)
			req := request(ctx, http.MethodPost, path)
			body := &closeable{}
			req.Body = body
			if _, err := through.RoundTrip(req); !errors.Is(err, gaveUp) || body.closed != 1 {
				t.Errorf("error %v, body closed %d times, want the context's cause and once", err, body.closed)
			}
			cancel()
		}
		if err := write(t.Context(), through); err != nil {
			t.Fatal(err)
		}
		if gap := s.times[1].Sub(s.times[0]); gap != time.Second || s.calls() != 2 {
			t.Errorf("%d requests, the second %v after the first, want two a second apart", s.calls(), gap)
		}
	})
}

func TestLimitsThatCannotBeAreRefused(t *testing.T) {
	for _, tc := range []struct {
		cfg   ratelimit.Config
		field string
	}{
		{ratelimit.Config{RequestsPerSecond: -1}, "RequestsPerSecond is -1"},
		{ratelimit.Config{RequestsPerSecond: math.NaN()}, "RequestsPerSecond is NaN"},
		{ratelimit.Config{RequestsPerSecond: math.Inf(1)}, "RequestsPerSecond is +Inf"},
		{ratelimit.Config{RequestsAtOnce: -1}, "RequestsAtOnce is -1"},
	} {
		if _, err := ratelimit.New(tc.cfg); err == nil || !strings.Contains(err.Error(), tc.field) {
			t.Errorf("error %v, want one that says %s", err, tc.field)
		}
	}
}

// jumping is a clock that jumps over its waits.
type jumping struct{ now *time.Time }

func (j jumping) Now() time.Time { return *j.now }

func (j jumping) Sleep(ctx context.Context, d time.Duration) error {
	*j.now = j.now.Add(d)
	return context.Cause(ctx)
}

func TestARehearsalBringsItsOwnClock(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		noon := time.Date(2026, 7, 1, 12, 0, 0, 0, time.UTC)
		now := noon
		var until time.Time
		through := limited(t, ratelimit.Config{
			WritesPerMinute: 30, RequestsPerSecond: 10, UploadBytes: timetable(t, "1M"), Clock: jumping{&now},
			Observe: func(w ratelimit.Wait) {
				if !w.Until.IsZero() {
					until = w.Until
				}
			},
		}, newSink())
		began := time.Now()
		for range 305 { // the first five at once, then 25 a minute
			if err := write(t.Context(), through); err != nil {
				t.Fatal(err)
			}
		}
		if took := now.Sub(noon).Round(time.Second); took != 12*time.Minute || !until.Equal(now) {
			t.Errorf("305 writes took %v by the clock, told to wait until %v, want 12m, and until %v", took, until, now)
		}
		wrote := now
		send(t, through, uploadOf(t.Context(), "", 100<<20))
		if took := now.Sub(wrote).Round(time.Second); took != 100*time.Second || time.Since(began) != 0 {
			t.Errorf("100 MiB took %v by the clock and %v in truth, want 100s and nothing", took, time.Since(began))
		}
	})
}
