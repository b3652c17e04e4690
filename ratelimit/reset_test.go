package ratelimit_test

import (
	"testing"
	"time"

	"github.com/albumwright/albumwright/ratelimit"
)

func TestTheDayEndsAtMidnightPacific(t *testing.T) {
	for _, c := range []struct{ now, want string }{
		{"2026-11-21T20:00:00Z", "2026-11-22T08:00:00Z"}, // noon there, standard time
		{"2026-11-22T07:59:59Z", "2026-11-22T08:00:00Z"},
		{"2026-11-22T08:00:00Z", "2026-11-23T08:00:00Z"},
		{"2026-07-01T12:00:00Z", "2026-07-02T07:00:00Z"}, // daylight saving time
		{"2026-03-08T09:00:00Z", "2026-03-09T07:00:00Z"}, // the day of 23 hours
		{"2026-11-01T08:00:00Z", "2026-11-02T08:00:00Z"}, // the day of 25 hours
	} {
		now, err := time.Parse(time.RFC3339, c.now)
		if err != nil {
			t.Fatal(err)
		}
		if got := ratelimit.NextReset(now).UTC().Format(time.RFC3339); got != c.want {
			t.Errorf("at %s the next day begins at %s, want %s", c.now, got, c.want)
		}
	}
}
