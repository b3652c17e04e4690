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
