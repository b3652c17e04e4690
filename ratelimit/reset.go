package ratelimit

import (
	"time"
	_ "time/tzdata" // the service's day is Pacific, also on machines without a zone database
)

// NextReset is when the day's requests come back: the next midnight in Pacific time.
func NextReset(now time.Time) time.Time {
	pacific, err := time.LoadLocation("America/Los_Angeles")
	if err != nil {
		pacific = time.FixedZone("PST", -8*60*60) // the database is part of the program; this is for a broken ZONEINFO only
	}
	y, m, d := now.In(pacific).Date()
	return time.Date(y, m, d+1, 0, 0, 0, 0, pacific)
}
