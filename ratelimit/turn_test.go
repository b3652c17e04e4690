package ratelimit_test

import (
	"context"
	"errors"
	"io"
	"net/http"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"golang.org/x/sync/errgroup"

	"github.com/albumwright/albumwright/emulator"
	"github.com/albumwright/albumwright/ratelimit"
)

func TestWritesNeverOverlapEvenWhileAnAnswerIsRead(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var now, most atomic.Int64
		s := &service{takes: time.Second}
		through := limited(t, ratelimit.Config{}, roundTrip(func(req *http.Request) (*http.Response, error) {
			most.Store(max(most.Load(), now.Add(1)))
			return s.RoundTrip(req)
		}))
		began := time.Now()
		var g errgroup.Group
		for range 5 {
			g.Go(func() error {
				resp, err := through.RoundTrip(request(t.Context(), http.MethodPost, batchCreate))
				if err != nil {
					return err
				}
				time.Sleep(time.Second) // a slow reader
				now.Add(-1)
				return resp.Body.Close()
			})
		}
		if err := g.Wait(); err != nil {
			t.Error(err)
		}
		if took := time.Since(began); most.Load() != 1 || took != 10*time.Second {
			t.Errorf("%d at once, 5 writes in %v, want one at a time in 10s", most.Load(), took)
		}
	})
}

type roundTrip func(*http.Request) (*http.Response, error)

func (r roundTrip) RoundTrip(req *http.Request) (*http.Response, error) { return r(req) }

func TestReadsAndBytesPassWhileAWriteIsUnderWay(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		through := limited(t, ratelimit.Config{WritesPerMinute: 1}, &service{})
		resp, err := through.RoundTrip(request(t.Context(), http.MethodPost, batchCreate)) // its answer is not closed
		if err != nil {
			t.Fatal(err)
		}
		began := time.Now()
		for _, r := range [][2]string{{"GET", "/v1/albums"}, {"POST", "/v1/uploads"}, {"POST", "/v1/mediaItems:search"}} {
			if err := call(t.Context(), through, r[0], r[1]); err != nil {
				t.Error(err)
			}
		}
		if took := time.Since(began); took != 0 {
			t.Errorf("waited %v, want nothing", took)
		}
		_ = resp.Body.Close()
	})
}

func TestAnAnswerClosedTwiceEndsItsTurnOnce(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		through := limited(t, ratelimit.Config{}, &service{})
		first, err := through.RoundTrip(request(t.Context(), http.MethodPost, batchCreate))
		if err != nil {
			t.Fatal(err)
		}
		_ = first.Body.Close()
		second, err := through.RoundTrip(request(t.Context(), http.MethodPost, batchCreate))
		if err != nil {
			t.Fatal(err)
		}
		_ = first.Body.Close() // not the second one's turn
		ctx, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		if err := write(ctx, through); !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("third write while the second is under way: error %v, want it to wait", err)
		}
		_ = second.Body.Close()
		if err := write(t.Context(), through); err != nil {
			t.Error(err)
		}
	})
}

// slowClose is an answer that takes its time to be closed.
type slowClose struct{ io.Reader }

func (slowClose) Close() error { time.Sleep(time.Second); return nil }

func TestATurnEndsWhenTheAnswerIsClosedAndNotBefore(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := &service{}
		through := limited(t, ratelimit.Config{}, roundTrip(func(req *http.Request) (*http.Response, error) {
			resp, err := s.RoundTrip(req)
			resp.Body = slowClose{resp.Body}
			return resp, err
		}))
		var g errgroup.Group
		for range 2 {
			g.Go(func() error { return write(t.Context(), through) })
		}
		if err := g.Wait(); err != nil {
			t.Error(err)
		}
		if gap := s.times[1].Sub(s.times[0]); gap != time.Second {
			t.Errorf("the second write began %v after the first, want 1s: when its answer was closed", gap)
		}
	})
}

func TestAFailedWriteGivesItsTurnBack(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		reset := errors.New("connection reset")
		through := limited(t, ratelimit.Config{}, &service{err: reset})
		for range 3 {
			if err := write(t.Context(), through); !errors.Is(err, reset) {
				t.Errorf("error %v, want the transport's", err)
			}
		}
	})
}

// closeable is a request's body that remembers that it was given back.
type closeable struct {
	io.Reader
	closed int
}

func (c *closeable) Close() error { c.closed++; return nil }

func TestACancelledWaitEndsAtOnceAndTakesNothing(t *testing.T) {
	for _, waitsFor := range []string{"the pace", "the write before"} {
		t.Run(waitsFor, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				s := &service{}
				through := limited(t, ratelimit.Config{WritesPerMinute: 6}, s)
				began := time.Now()
				first, err := through.RoundTrip(request(t.Context(), http.MethodPost, batchCreate))
				if err != nil {
					t.Fatal(err)
				}
				if waitsFor == "the pace" {
					_ = first.Body.Close()
				}

				gaveUp := errors.New("gave up")
				ctx, cancel := context.WithCancelCause(t.Context())
				time.AfterFunc(5*time.Second, func() { cancel(gaveUp) })
				req := request(ctx, http.MethodPost, batchCreate)
				body := &closeable{}
				req.Body = body
				_, err = through.RoundTrip(req)
				if took := time.Since(began); !errors.Is(err, gaveUp) || took != 5*time.Second {
					t.Errorf("error %v after %v, want the context's cause after 5s", err, took)
				}
				if body.closed != 1 || s.calls() != 1 {
					t.Errorf("body closed %d times, %d requests, want once, and only the first", body.closed, s.calls())
				}

				_ = first.Body.Close()
				if err := write(t.Context(), through); err != nil {
					t.Fatal(err)
				}
				if at := s.times[1].Sub(began); at != 12*time.Second {
					t.Errorf("the next write went after %v, want 12s as if the cancelled one had never come", at)
				}
			})
		})
	}
}

func TestACancelledContextTakesNoTurn(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := &service{}
		through := limited(t, ratelimit.Config{WritesPerMinute: 6}, s)
		ctx, cancel := context.WithCancel(t.Context())
		cancel()
		for range 100 { // the turn is free, and select picks at random
			if err := write(ctx, through); !errors.Is(err, context.Canceled) {
				t.Fatalf("error %v, want the context's", err)
			}
		}
		began := time.Now()
		if err := write(t.Context(), through); err != nil {
			t.Fatal(err)
		}
		if s.calls() != 1 || time.Since(began) != 0 {
			t.Errorf("%d requests, the good one after %v, want one at once", s.calls(), time.Since(began))
		}
	})
}

// overlapping makes albums from many goroutines on an emulated service, and returns how often it saw two writes at once.
func overlapping(t *testing.T, cfg *ratelimit.Config) int {
	s, err := emulator.New(emulator.Config{Latency: time.Second})
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	through := s.Transport()
	if cfg != nil {
		through = limited(t, *cfg, through)
	}
	var g errgroup.Group
	for range 10 {
		g.Go(func() error {
			req := request(t.Context(), http.MethodPost, batchCreate)
			req.Header.Set("Authorization", "Bearer "+s.AccessToken())
			req.Header.Set("Content-Type", "application/json")
			resp, err := through.RoundTrip(req)
			if err != nil {
				return err
			}
			return resp.Body.Close()
		})
	}
	if err := g.Wait(); err != nil {
		t.Error(err)
	}
	return len(s.Violations())
}

func TestTheServiceSeesOneWriteAtATime(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		if n := overlapping(t, nil); n == 0 {
			t.Error("without a limiter the emulated service saw no two writes at once: this test shows nothing")
		}
		if n := overlapping(t, &ratelimit.Config{}); n != 0 {
			t.Errorf("with a limiter: %d violations, want none", n)
		}
	})
}
