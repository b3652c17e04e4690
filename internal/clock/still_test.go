package clock_test

import (
	"context"
	"errors"
	"testing"
	"testing/synctest"
	"time"

	"github.com/albumwright/albumwright/internal/clock"
)

func TestTheStillClockGoesOnByWhatIsWaitedForOnly(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		noon := time.Date(2026, 11, 22, 12, 0, 0, 0, time.FixedZone("CET", 3600))
		c := clock.NewStill(noon)
		want := func(after time.Duration) {
			t.Helper()
			if got := c.Now().Sub(noon); got != after {
				t.Errorf("it shows %v after noon, want %v", got, after)
			}
		}
		began := time.Now()
		time.Sleep(time.Minute)
		want(0)
		if err := clock.Or(c).Sleep(t.Context(), 24*time.Hour); err != nil || time.Since(began) != time.Minute {
			t.Errorf("a day's sleep (%v) took time", err)
		}
		want(24 * time.Hour)
		c.JumpTo(noon)
		want(24 * time.Hour)
		c.JumpTo(noon.Add(25 * time.Hour).UTC())
		if name, _ := c.Now().Zone(); name != "CET" {
			t.Errorf("it shows the time of %s since it jumped", name)
		}
		ctx, cancel := context.WithCancel(t.Context())
		cancel()
		if err := c.Sleep(ctx, time.Hour); !errors.Is(err, context.Canceled) {
			t.Errorf("a cancelled sleep ends with %v", err)
		}
		want(25 * time.Hour)
		c.Release()
		c.Release()
		time.Sleep(time.Minute)
		want(25*time.Hour + time.Minute)
	})
}
