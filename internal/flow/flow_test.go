package flow_test

import (
	"context"
	"errors"
	"math/rand/v2"
	"slices"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"go.uber.org/goleak"
	"golang.org/x/sync/errgroup"

	"github.com/albumwright/albumwright/internal/flow"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// feed sends 0, 1, … n-1 and closes. It counts what was taken.
func feed(ctx context.Context, g *errgroup.Group, n int, taken *atomic.Int64) <-chan int {
	in := make(chan int)
	g.Go(func() error {
		defer close(in)
		for i := range n {
			if err := flow.Send(ctx, in, i); err != nil {
				return err
			}
			taken.Add(1)
		}
		return nil
	})
	return in
}

func TestResultsComeInTheOrderOfTheInputs(t *testing.T) {
	for _, tc := range []struct{ lanes, ahead, n int }{{1, 0, 20}, {1, 5, 20}, {4, 0, 100}, {4, 10, 100}, {16, 3, 100}, {8, 8, 3}, {3, 3, 0}} {
		synctest.Test(t, func(t *testing.T) {
			random := rand.New(rand.NewPCG(1, 2))
			delays := make([]time.Duration, tc.n)
			for i := range delays {
				delays[i] = time.Duration(random.IntN(1000)) * time.Millisecond
			}
			g, ctx := errgroup.WithContext(t.Context())
			out := flow.Ordered(ctx, g, tc.lanes, tc.ahead, feed(ctx, g, tc.n, new(atomic.Int64)), func(_ context.Context, i int) (int, error) {
				time.Sleep(delays[i])
				return i * i, nil
			})
			var got, want []int
			for v := range out {
				got = append(got, v)
				want = append(want, len(want)*len(want))
			}
			if err := g.Wait(); err != nil || len(got) != tc.n || !slices.Equal(got, want) {
				t.Errorf("%d lanes, %d ahead: results %v (%v), want the squares of 0 to %d in order", tc.lanes, tc.ahead, got, err, tc.n-1)
			}
		})
	}
}

func TestAsManyAtOnceAsThereAreLanes(t *testing.T) {
	for _, lanes := range []int{1, 3, 8} {
		synctest.Test(t, func(t *testing.T) {
			var now, most atomic.Int64
			g, ctx := errgroup.WithContext(t.Context())
			began := time.Now()
			out := flow.Ordered(ctx, g, lanes, 0, feed(ctx, g, 24, new(atomic.Int64)), func(context.Context, int) (int, error) {
				most.Store(max(most.Load(), now.Add(1)))
				defer now.Add(-1)
				time.Sleep(time.Second)
				return 0, nil
			})
			for range out {
			}
			took, want := time.Since(began), time.Duration(24/lanes)*time.Second
			if err := g.Wait(); err != nil || most.Load() != int64(lanes) || took != want {
				t.Errorf("%d lanes: %d at once, 24 jobs in %v (%v), want all lanes busy and %v", lanes, most.Load(), took, err, want)
			}
		})
	}
}

func TestASlowOneHoldsUpOnlySoMuchWork(t *testing.T) {
	for _, tc := range []struct{ lanes, ahead int }{{1, 0}, {2, 0}, {4, 10}, {3, 100}} {
		synctest.Test(t, func(t *testing.T) {
			var taken, finished atomic.Int64
			slow := make(chan struct{})
			g, ctx := errgroup.WithContext(t.Context())
			out := flow.Ordered(ctx, g, tc.lanes, tc.ahead, feed(ctx, g, 1000, &taken), func(_ context.Context, i int) (int, error) {
				if i == 0 {
					<-slow
				}
				finished.Add(1)
				return i, nil
			})
			synctest.Wait() // the first is under way, nobody reads
			limit := int64(tc.lanes + tc.ahead)
			if n := finished.Load(); n > limit || tc.lanes > 1 && n != limit {
				t.Errorf("%d lanes, %d ahead: %d results wait behind a slow one, want %d", tc.lanes, tc.ahead, n, limit)
			}
			if n := taken.Load(); n > limit+2 { // and the slow one itself, and one in the hand
				t.Errorf("%d lanes, %d ahead: %d inputs taken, want at most %d", tc.lanes, tc.ahead, n, limit+2)
			}
			close(slow)
			n := 0
			for v := range out {
				if v != n {
					t.Fatalf("result %d is %d", n, v)
				}
				n++
			}
			if err := g.Wait(); err != nil || n != 1000 {
				t.Errorf("%d results (%v), want 1000", n, err)
			}
		})
	}
}

func TestAnErrorInWorkEndsAllLanes(t *testing.T) {
	for _, bad := range []int{0, 1, 7, 49} {
		synctest.Test(t, func(t *testing.T) { // fails if a goroutine is left
			boom := errors.New("boom")
			var after atomic.Int64
			g, ctx := errgroup.WithContext(t.Context())
			out := flow.Ordered(ctx, g, 4, 2, feed(ctx, g, 1000, new(atomic.Int64)), func(ctx context.Context, i int) (int, error) {
				if ctx.Err() != nil {
					after.Add(1)
				}
				if i == bad {
					return 0, boom
				}
				select {
				case <-time.After(time.Second):
				case <-ctx.Done():
				}
				return i, nil
			})
			n := 0
			for v := range out { // closed, though the input is not done
				if v != n || v >= bad {
					t.Errorf("result %d is %d, want only those before %d, in order", n, v, bad)
				}
				n++
			}
			if err := g.Wait(); !errors.Is(err, boom) {
				t.Errorf("work fails at %d: the group ends with %v, want its error", bad, err)
			}
			if after.Load() > 4 {
				t.Errorf("work fails at %d: %d jobs were begun afterwards, want at most one a lane", bad, after.Load())
			}
		})
	}
}

func TestTheEndOfTheContextEndsAllLanes(t *testing.T) {
	for _, reading := range []bool{true, false} {
		synctest.Test(t, func(t *testing.T) {
			stopped := errors.New("stopped")
			parent, cancel := context.WithCancelCause(t.Context())
			g, ctx := errgroup.WithContext(parent)
			out := flow.Ordered(ctx, g, 4, 2, make(chan int), func(context.Context, int) (int, error) { return 0, nil })
			time.AfterFunc(time.Second, func() { cancel(stopped) })
			if reading {
				for range out {
				}
			}
			if err := g.Wait(); !errors.Is(err, stopped) {
				t.Errorf("read %t: the group ends with %v, want the context's cause", reading, err)
			}
		})
	}
}

func TestAReaderWhoLeavesStopsNothingButHisContext(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		left := errors.New("left")
		g, ctx := errgroup.WithContext(t.Context())
		out := flow.Ordered(ctx, g, 4, 2, feed(ctx, g, 1000, new(atomic.Int64)), func(_ context.Context, i int) (int, error) { return i, nil })
		g.Go(func() error {
			<-out
			return left // with the rest unread
		})
		if err := g.Wait(); !errors.Is(err, left) {
			t.Errorf("the group ends with %v, want %v", err, left)
		}
	})
}

func TestSendAndReceiveHandValuesOver(t *testing.T) {
	c := make(chan string, 1)
	if err := flow.Send(t.Context(), c, "x"); err != nil {
		t.Error(err)
	}
	if v, ok, err := flow.Receive(t.Context(), c); v != "x" || !ok || err != nil {
		t.Errorf("received %q, %t, %v, want x", v, ok, err)
	}
}

func TestReceiveDrainsAClosedChannelAndIsThenNotOK(t *testing.T) {
	c := make(chan string, 1)
	c <- "last"
	close(c)
	if v, ok, err := flow.Receive(t.Context(), c); v != "last" || !ok || err != nil {
		t.Errorf("received %q, %t, %v, want the last value", v, ok, err)
	}
	if v, ok, err := flow.Receive(t.Context(), c); v != "" || ok || err != nil {
		t.Errorf("received %q, %t, %v, want nothing, not ok, no error", v, ok, err)
	}
}

func TestSendAndReceiveEndWithTheirContext(t *testing.T) {
	stopped := errors.New("stopped")
	ctx, cancel := context.WithCancelCause(t.Context())
	cancel(stopped)
	for range 100 { // the channels are ready, and select picks at random
		empty, full := make(chan int, 1), make(chan int, 1)
		full <- 1
		if err := flow.Send(ctx, empty, 1); !errors.Is(err, stopped) || len(empty) != 0 {
			t.Fatalf("Send: %v, %d values sent, want the context's cause and none", err, len(empty))
		}
		if _, ok, err := flow.Receive(ctx, full); ok || !errors.Is(err, stopped) || len(full) != 1 {
			t.Fatalf("Receive: ok %t, %v, want the context's cause and the value left", ok, err)
		}
	}
}

func TestSendAndReceiveThatWaitEndWithTheirContext(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		ctx, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		nobody := make(chan int)
		var g errgroup.Group
		g.Go(func() error { return flow.Send(ctx, nobody, 1) })
		_, ok, err := flow.Receive(ctx, make(chan int))
		if ok || !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("Receive: ok %t, %v, want the context's end", ok, err)
		}
		if err := g.Wait(); !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("Send: %v, want the context's end", err)
		}
	})
}
