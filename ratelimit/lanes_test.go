package ratelimit_test

import (
	"context"
	"errors"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/albumwright/albumwright/ratelimit"
)

func newLanes(t *testing.T, cfg ratelimit.LanesConfig) *ratelimit.Lanes {
	t.Helper()
	l, err := ratelimit.NewLanes(cfg)
	if err != nil {
		t.Fatal(err)
	}
	return l
}

// entered takes a lane that must be free.
func entered(t *testing.T, l *ratelimit.Lanes) (leave func(error)) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), time.Nanosecond)
	defer cancel()
	leave, err := l.Enter(ctx)
	if err != nil {
		t.Fatalf("no lane is free: %v", err)
	}
	return leave
}

// isFull tells whether nobody may enter now.
func isFull(t *testing.T, l *ratelimit.Lanes) bool {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), time.Nanosecond)
	defer cancel()
	leave, err := l.Enter(ctx)
	if err == nil {
		leave(nil)
	}
	return err != nil
}

func TestWhoWaitsForALaneEntersInTurn(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := newLanes(t, ratelimit.LanesConfig{Min: 1, Max: 1})
		leave := entered(t, l)
		var order []int
		var g sync.WaitGroup
		for i := range 20 {
			g.Go(func() {
				leave, err := l.Enter(t.Context())
				if err != nil {
					t.Error(err)
					return
				}
				order = append(order, i) // guarded by the lane
				leave(nil)
			})
			synctest.Wait()
		}
		leave(nil)
		g.Wait()
		if !slices.IsSorted(order) || len(order) != 20 {
			t.Errorf("entered in the order %v, want that of asking", order)
		}
	})
}

func TestWhoGivesUpWaitingTakesNoLane(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		gaveUp := errors.New("gave up")
		l := newLanes(t, ratelimit.LanesConfig{Min: 1, Max: 1})
		leave := entered(t, l)
		ctx, cancel := context.WithCancelCause(t.Context())
		var g sync.WaitGroup
		for range 3 {
			g.Go(func() {
				if _, err := l.Enter(ctx); !errors.Is(err, gaveUp) {
					t.Errorf("error %v, want the context's cause", err)
				}
			})
		}
		synctest.Wait()
		cancel(gaveUp)
		g.Wait()
		if _, err := l.Enter(ctx); !errors.Is(err, gaveUp) {
			t.Errorf("error %v, want the context's cause", err)
		}
		leave(nil)
		entered(t, l)(nil)
	})
}

func TestALaneAndTheEndOfTheWaitAtOnceLoseNothing(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := newLanes(t, ratelimit.LanesConfig{Min: 1, Max: 1})
		for range 200 { // which comes first is up to the scheduler
			leave := entered(t, l)
			ctx, cancel := context.WithCancel(t.Context())
			var g sync.WaitGroup
			g.Go(func() {
				if leave, err := l.Enter(ctx); err == nil {
					leave(nil)
				}
			})
			synctest.Wait()
			g.Go(cancel)
			g.Go(func() { leave(nil) })
			g.Wait()
		}
		entered(t, l)(nil)
	})
}

func TestAFixedNumberStays(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := newLanes(t, ratelimit.LanesConfig{Min: 3, Max: 3})
		for range 3 {
			leave := entered(t, l)
			defer leave(nil)
		}
		for range 100 {
			time.Sleep(time.Second)
			l.Moved(1 << 30)
		}
		if !isFull(t, l) || l.Number() != 3 {
			t.Errorf("%d lanes, full %t, want 3 and full", l.Number(), isFull(t, l))
		}
	})
}

// busyFor keeps so many uploads under way for a time; what they move grows with their number.
func busyFor(t *testing.T, l *ratelimit.Lanes, uploads int, d time.Duration) {
	ctx, cancel := context.WithTimeout(t.Context(), d)
	defer cancel()
	var g sync.WaitGroup
	for range uploads {
		g.Go(func() {
			leave, err := l.Enter(ctx)
			if err != nil {
				return
			}
			for ctx.Err() == nil {
				time.Sleep(10 * time.Millisecond)
				l.Moved(10_000)
			}
			leave(nil)
		})
	}
	g.Wait()
}

func TestLanesOpenOneByOne(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := newLanes(t, ratelimit.LanesConfig{})
		began := time.Now()
		var at []time.Duration
		var g sync.WaitGroup
		for range 8 {
			g.Go(func() {
				leave, err := l.Enter(t.Context())
				if err != nil {
					t.Error(err)
					return
				}
				at = append(at, time.Since(began))
				for time.Since(began) < 10*time.Second {
					time.Sleep(10 * time.Millisecond)
					l.Moved(10_000)
				}
				leave(nil)
			})
			synctest.Wait()
		}
		g.Wait()
		if len(at) != 8 || at[3] != 0 || at[4] < 2*time.Second {
			t.Fatalf("entered at %v, want four at once and four when those were judged", at)
		}
		for i := 5; i < 8; i++ {
			if gap := at[i] - at[i-1]; gap < 100*time.Millisecond {
				t.Errorf("entered at %v, want at least 100ms from the fifth on", at)
			}
		}
	})
}

func TestTooLittleWorkIsNotJudged(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := newLanes(t, ratelimit.LanesConfig{})
		busyFor(t, l, 3, time.Minute)
		if l.Number() != 4 {
			t.Errorf("%d lanes after a minute with three uploads, want 4 as in the beginning", l.Number())
		}
		time.Sleep(time.Hour)
		if busyFor(t, l, 64, 30*time.Second); l.Number() < 24 {
			t.Errorf("%d lanes after half a minute with all in use, want that many more", l.Number())
		}
	})
}

func TestBytesThatAreHeldBackAreNotJudged(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		began := time.Now()
		l := newLanes(t, ratelimit.LanesConfig{Held: func() time.Duration { return time.Since(began) * 3 }})
		if busyFor(t, l, 64, time.Minute); l.Number() != 4 {
			t.Errorf("%d lanes while bytes are held back, want 4 as in the beginning", l.Number())
		}
	})
}

var errSlowDown = errors.New("slow down")

func TestOneRefusalCutsAndThoseThatBeganBeforeItDoNot(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := newLanes(t, ratelimit.LanesConfig{Start: 16, Refused: func(err error) bool { return errors.Is(err, errSlowDown) }})
		var leaves []func(error)
		for range 16 {
			leaves = append(leaves, entered(t, l))
		}
		leaves[0](errors.New("no such file"))
		if l.Number() != 16 {
			t.Errorf("%d lanes after an error that is no refusal, want 16", l.Number())
		}
		leaves[0] = entered(t, l)
		for _, leave := range leaves { // all connections break at once
			leave(errSlowDown)
		}
		if l.Number() != 12 {
			t.Errorf("%d lanes after 16 refusals at once, want 12: one cut", l.Number())
		}
		for range 11 {
			defer entered(t, l)(nil)
		}
		entered(t, l)(errSlowDown)
		if l.Number() != 9 || !isFull(t, l) {
			t.Errorf("%d lanes, full %t after a refusal that is news, want 9 and full", l.Number(), isFull(t, l))
		}
	})
}

func TestBoundsOfLanesThatCannotBeAreRefused(t *testing.T) {
	for _, cfg := range []ratelimit.LanesConfig{{Min: -1}, {Max: -1}, {Start: -1}, {Min: 5, Max: 4}, {Min: 33}} {
		if _, err := ratelimit.NewLanes(cfg); err == nil || !strings.Contains(err.Error(), "LanesConfig") {
			t.Errorf("%+v: error %v, want one that names it", cfg, err)
		}
	}
}

func TestLanesBeginWithinTheirBounds(t *testing.T) {
	for _, tc := range []struct{ min, max, start, want int }{{0, 0, 0, 4}, {0, 2, 0, 2}, {7, 0, 0, 7}, {0, 0, 99, 32}, {40, 50, 0, 40}, {2, 8, 6, 6}} {
		if got := newLanes(t, ratelimit.LanesConfig{Min: tc.min, Max: tc.max, Start: tc.start}).Number(); got != tc.want {
			t.Errorf("Min %d, Max %d, Start %d: begins with %d lanes, want %d", tc.min, tc.max, tc.start, got, tc.want)
		}
	}
}
