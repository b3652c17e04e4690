package clock_test

import (
	"context"
	"errors"
	"testing"
	"testing/synctest"
	"time"

	"github.com/albumwright/albumwright/internal/clock"
)

func TestTheRealClockWaits(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := clock.Or(nil)
		began := c.Now()
		if err := c.Sleep(t.Context(), time.Hour); err != nil || c.Now().Sub(began) != time.Hour {
			t.Errorf("after an hour's sleep (%v) %v have gone by", err, c.Now().Sub(began))
		}
		why := errors.New("enough")
		ctx, cancel := context.WithCancelCause(t.Context())
		time.AfterFunc(time.Minute, func() { cancel(why) })
		if err := c.Sleep(ctx, time.Hour); err != why || c.Now().Sub(began) != time.Hour+time.Minute {
			t.Errorf("the sleep ended with %v after %v, want the cause after a minute", err, c.Now().Sub(began))
		}
	})
}

func TestTheJumpingClockDoesNotWait(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		began := time.Now()
		c := &clock.Jumping{}
		if err := clock.Or(c).Sleep(t.Context(), 24*time.Hour); err != nil {
			t.Fatal(err)
		}
		if time.Since(began) != 0 || c.Now().Sub(began) != 24*time.Hour {
			t.Errorf("a day's sleep took %v, and the clock went on by %v", time.Since(began), c.Now().Sub(began))
		}
		c.JumpTo(began)
		if c.Now().Sub(began) != 24*time.Hour {
			t.Error("the clock went back")
		}
		time.Sleep(time.Second)
		if c.Now().Sub(began) != 24*time.Hour+time.Second {
			t.Error("the clock stands still while the system's goes on")
		}
		ctx, cancel := context.WithCancel(t.Context())
		cancel()
		if err := c.Sleep(ctx, time.Hour); !errors.Is(err, context.Canceled) || c.Now().Sub(began) > 25*time.Hour {
			t.Errorf("a cancelled sleep returns %v and moves the clock", err)
		}
	})
}
