package budget

import (
	"maps"
	"slices"
	"sync"
	"time"
	_ "time/tzdata" // the service's day is Pacific, also on machines without a zone database
)

// keptDays is how many days with requests are remembered.
const keptDays = 400

// Day is what was counted on one Pacific day.
type Day struct {
	Date string `json:"date"` // as 2026-11-22

	Uploads      int `json:"uploads"` // every request of an upload session is one
	BatchCreates int `json:"batch_creates"`
	AlbumCreates int `json:"album_creates"`
	AlbumLists   int `json:"album_lists"`
	Others       int `json:"others"`

	// Carried is what was used on the day that the clock showed before it was set back to this one.
	Carried int `json:"carried,omitempty"`
	// Loads are those of base URLs, which have a quota of their own.
	Loads int `json:"base_url_loads,omitempty"`
	// Spent is true when the service has said that the day's requests are used up.
	Spent bool `json:"spent,omitempty"`

	Bytes int64         `json:"bytes,omitempty"`      // of files that were uploaded
	Busy  time.Duration `json:"busy_nanos,omitempty"` // while uploads were under way

	void bool // counted by a clock that was wrong: no longer true of its date
}

// Used is the number that counts against the day's limit.
func (d Day) Used() int {
	return d.Uploads + d.BatchCreates + d.AlbumCreates + d.AlbumLists + d.Others + d.Carried
}

// date is the Pacific date of a moment.
func date(t time.Time) string { return t.In(pacific()).Format(time.DateOnly) }

// NextReset is when the day's requests come back: the next midnight in Pacific time.
func NextReset(now time.Time) time.Time { return nextMidnight(now.In(pacific())) }

func nextMidnight(t time.Time) time.Time {
	y, m, d := t.Date()
	return time.Date(y, m, d+1, 0, 0, 0, 0, t.Location())
}

// pacific is read from the zone database once, and never changes.
var pacific = sync.OnceValue(func() *time.Location {
	zone, err := time.LoadLocation("America/Los_Angeles")
	if err != nil {
		zone = time.FixedZone("PST", -8*60*60) // the database is part of the program; this is for a broken ZONEINFO only
	}
	return zone
})

// calendar is the days that have been counted, and the one that the clock showed when something was counted last.
type calendar struct {
	last string // date; "" before the first
	days map[string]Day
}

// turn goes to the day that the clock shows now. Going on, a day begins with nothing, unless the clock has shown it before. Going back, it
// begins with what was used of the day that the clock showed last: perhaps that was the same day. Days further ahead were counted by a wrong
// clock, and mean nothing when they come; only the one that it showed last keeps its count, in case the clock goes there again at once.
func (c *calendar) turn(today string) {
	before := c.days[c.last]
	for date, d := range c.days {
		if date > today && date != c.last {
			d.void = true
			c.days[date] = d
		}
	}
	d, shown := c.days[today]
	if !shown || d.void {
		d = Day{Date: today}
	}
	if today < c.last {
		d.Carried, d.Spent = before.Used(), d.Spent || before.Spent
	}
	c.days[today] = d
	c.prune(today)
	c.last = today
}

// prune forgets the oldest days. It goes by number, not by age: a clock that is a year ahead must not forget the day before it went wrong.
func (c *calendar) prune(today string) {
	dates := slices.Sorted(maps.Keys(c.days))
	for _, date := range dates[:max(0, len(dates)-keptDays)] {
		if date != today && date != c.last {
			delete(c.days, date)
		}
	}
}

// history is the days up to today, the newest first.
func (c *calendar) history(today string) []Day {
	var days []Day
	for _, date := range slices.Backward(slices.Sorted(maps.Keys(c.days))) {
		if date <= today {
			days = append(days, c.days[date])
		}
	}
	return days
}
