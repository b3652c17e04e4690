package ratelimit_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"net/http"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/albumwright/albumwright/ratelimit"
)

// service answers every request, slowly if asked to, and remembers when each came.
type service struct {
	takes time.Duration // until the answer is there
	err   error         // in place of an answer

	mu    sync.Mutex
	times []time.Time // guarded by mu
}

func (s *service) RoundTrip(req *http.Request) (*http.Response, error) {
	if req.Body != nil {
		defer req.Body.Close()
	}
	s.mu.Lock()
	s.times = append(s.times, time.Now())
	s.mu.Unlock()
	time.Sleep(s.takes)
	if s.err != nil {
		return nil, s.err
	}
	return &http.Response{StatusCode: http.StatusOK, Header: http.Header{}, Body: io.NopCloser(strings.NewReader("{}")), Request: req}, nil
}

// calls is how many requests came.
func (s *service) calls() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return len(s.times)
}

func TestNoMinuteEverHasMoreWritesThanAllowed(t *testing.T) {
	for _, perMinute := range []int{1, 5, 6, 30, 100} {
		for _, pauses := range []bool{false, true} {
			t.Run(fmt.Sprintf("%d a minute, pauses %t", perMinute, pauses), func(t *testing.T) {
				synctest.Test(t, func(t *testing.T) { longRun(t, perMinute, pauses) })
			})
		}
	}
}

// longRun writes for an hour, as fast as it may or with pauses in which the limit recovers.
func longRun(t *testing.T, perMinute int, pauses bool) {
	s := &service{}
	through := limited(t, ratelimit.Config{WritesPerMinute: perMinute}, s)
	random := rand.New(rand.NewPCG(1, uint64(perMinute)))
	for began := time.Now(); time.Since(began) < time.Hour; {
		if err := write(t.Context(), through); err != nil {
			t.Fatal(err)
		}
		if pauses && random.IntN(perMinute) == 0 {
			time.Sleep(time.Duration(random.Int64N(int64(90 * time.Second))))
		}
	}
	for i := perMinute; i < len(s.times); i++ {
		if span := s.times[i].Sub(s.times[i-perMinute]); span <= time.Minute {
			t.Fatalf("writes %d to %d within %v: that is %d in a minute, want at most %d", i-perMinute, i, span, perMinute+1, perMinute)
		}
	}
	if least := 60 * perMinute * 8 / 10; !pauses && len(s.times) < least {
		t.Errorf("%d writes in an hour, want at least %d: four fifths of what is allowed", len(s.times), least)
	}
}

func TestTheFirstWritesGoAtOnceAndTheOthersAreSpread(t *testing.T) {
	for _, tc := range []struct {
		perMinute, atOnce int
		then              time.Duration // between two writes afterwards
	}{
		{1, 1, 60 * time.Second * 10 / 9},
		{6, 1, 12 * time.Second},
		{30, 5, 2400 * time.Millisecond},
		{100, 16, time.Minute / 84},
	} {
		synctest.Test(t, func(t *testing.T) {
			s := &service{}
			through := limited(t, ratelimit.Config{WritesPerMinute: tc.perMinute}, s)
			began := time.Now()
			for range tc.atOnce + 3 {
				if err := write(t.Context(), through); err != nil {
					t.Fatal(err)
				}
			}
			for i, at := range s.times {
				want := time.Duration(max(0, i-tc.atOnce+1)) * tc.then
				if got := at.Sub(began); (got - want).Abs() > time.Microsecond {
					t.Errorf("%d a minute: write %d after %v, want %v", tc.perMinute, i+1, got, want)
				}
			}
		})
	}
}

func TestUnpacedWritesDoNotWait(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := &service{}
		through := limited(t, ratelimit.Config{Observe: func(w ratelimit.Wait) { t.Errorf("waits for %v", w) }}, s)
		began := time.Now()
		for range 1000 {
			if err := write(t.Context(), through); err != nil {
				t.Fatal(err)
			}
		}
		if took := time.Since(began); took != 0 || s.calls() != 1000 {
			t.Errorf("%d writes took %v, want 1000 in no time", s.calls(), took)
		}
	})
}

func TestANegativePaceIsRefused(t *testing.T) {
	_, err := ratelimit.New(ratelimit.Config{WritesPerMinute: -1})
	if err == nil || !strings.Contains(err.Error(), "WritesPerMinute is -1") {
		t.Errorf("error %v, want one that names the field and its value", err)
	}
}

func TestOnlyWritesArePaced(t *testing.T) {
	for _, tc := range []struct {
		method, path string
		write        bool
	}{
		{"GET", "/v1/albums?pageSize=50", false},
		{"", "/v1/albums", false}, // net/http: no method is GET
		{"GET", "/v1/mediaItems:batchGet?mediaItemIds=a", false},
		{"HEAD", "/v1/albums", false},
		{"POST", "/v1/uploads", false},
		{"POST", "/v1/uploads?upload_id=x", false},
		{"POST", "/prefix/v1/uploads", false},
		{"POST", "/v1/mediaItems:search", false},
		{"POST", batchCreate, true},
		{"POST", "/v1/albums", true},
		{"PATCH", "/v1/albums/A?updateMask=title", true},
		{"PATCH", "/v1/mediaItems/uploads", true},
		{"POST", "/v1/albums/A:batchAddMediaItems", true},
		{"POST", "/v1/albums/A:batchRemoveMediaItems", true},
		{"POST", "/v1/albums/A:addEnrichment", true},
		{"DELETE", "/v1/albums/A", true},
	} {
		synctest.Test(t, func(t *testing.T) {
			through := limited(t, ratelimit.Config{WritesPerMinute: 6}, &service{})
			if err := write(t.Context(), through); err != nil { // the one that goes at once
				t.Fatal(err)
			}
			req := request(t.Context(), tc.method, tc.path)
			req.Method = tc.method
			began := time.Now()
			resp, err := through.RoundTrip(req)
			if err != nil {
				t.Fatal(err)
			}
			_ = resp.Body.Close()
			if waited := time.Since(began) > 0; waited != tc.write {
				t.Errorf("%s %s: waited %t, want %t", tc.method, tc.path, waited, tc.write)
			}
		})
	}
}

func TestWhoWaitsIsToldWhyAndUntilWhen(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		type told struct {
			wait ratelimit.Wait
			at   time.Time
		}
		var heard []told
		s := &service{}
		through := limited(t, ratelimit.Config{WritesPerMinute: 6, Observe: func(w ratelimit.Wait) { heard = append(heard, told{w, time.Now()}) }}, s)
		began := time.Now()
		for range 2 {
			if err := write(t.Context(), through); err != nil {
				t.Fatal(err)
			}
		}
		goesOn := began.Add(12 * time.Second)
		want := []told{{ratelimit.Wait{For: "at most 6 writes a minute", Until: goesOn}, began}, {ratelimit.Wait{}, goesOn}}
		if !slices.Equal(heard, want) {
			t.Errorf("told %v, want %v", heard, want)
		}
		if s.times[1] != goesOn {
			t.Errorf("the write went on at %v, want %v as told", s.times[1], goesOn)
		}
	})
}

func TestAWaitThatIsCancelledIsOverForTheObserverToo(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var heard []ratelimit.Wait
		through := limited(t, ratelimit.Config{WritesPerMinute: 6, Observe: func(w ratelimit.Wait) { heard = append(heard, w) }}, &service{})
		if err := write(t.Context(), through); err != nil {
			t.Fatal(err)
		}
		ctx, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		if err := write(ctx, through); !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("error %v, want the context's", err)
		}
		if len(heard) != 2 || heard[1] != (ratelimit.Wait{}) {
			t.Errorf("told %v, want a wait and its end", heard)
		}
	})
}
