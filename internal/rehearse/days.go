package rehearse

import (
	"sync"
	"time"

	"github.com/albumwright/albumwright/internal/budget"
	"github.com/albumwright/albumwright/internal/clock"
)

// Day is what is done on one day of the service, which ends at midnight Pacific time (contract 6).
type Day struct {
	Date     string       `json:"date"` // Pacific, as 2026-11-22
	From     time.Time    `json:"from"` // the first request
	To       time.Time    `json:"to"`   // the end of the last one
	Requests int          `json:"requests"`
	Writes   int          `json:"writes"` // of those, that create albums or media items
	Files    int          `json:"files"`  // that became media items
	Bytes    int64        `json:"bytes"`  // sent
	Decides  budget.Bound `json:"decides"`

	sending time.Duration // that its bytes take
}

// days counts by the clock.
type days struct {
	clock           *clock.Still
	writesPerMinute int // 0 = no bound

	mu   sync.Mutex
	list []Day // guarded by mu; in order
}

func newDays(clock *clock.Still, writesPerMinute int) *days {
	return &days{clock: clock, writesPerMinute: writesPerMinute}
}

// today changes the day that it is now. Only a request begins one.
func (d *days) today(begins bool, change func(day *Day, now time.Time)) {
	d.mu.Lock()
	defer d.mu.Unlock()
	now := d.clock.Now()
	date := budget.NextReset(now).AddDate(0, 0, -1).Format(time.DateOnly)
	if n := len(d.list); begins && (n == 0 || d.list[n-1].Date != date) {
		d.list = append(d.list, Day{Date: date, From: now})
	}
	if n := len(d.list); n > 0 {
		day := &d.list[n-1]
		change(day, now)
		day.To = now
	}
}

func (d *days) request(kind budget.Kind) {
	d.today(true, func(day *Day, _ time.Time) {
		day.Requests++
		if kind == budget.BatchCreate || kind == budget.AlbumCreate {
			day.Writes++
		}
	})
}

func (d *days) bytes(n int, took time.Duration) {
	d.today(true, func(day *Day, _ time.Time) {
		day.Bytes += int64(n)
		day.sending += took
	})
}

func (d *days) file() { d.today(false, func(day *Day, _ time.Time) { day.Files++ }) }

// until notes the end of a request.
func (d *days) until() { d.today(false, func(*Day, time.Time) {}) }

// end notes that today's requests are used up.
func (d *days) end() {
	d.mu.Lock()
	defer d.mu.Unlock()
	if n := len(d.list); n > 0 {
		d.list[n-1].Decides = budget.ByRequests
	}
}

// requests are those of all days.
func (d *days) requests() (n int) {
	d.mu.Lock()
	defer d.mu.Unlock()
	for _, day := range d.list {
		n += day.Requests
	}
	return n
}

// all are all days, and what decides about the whole: the day's requests if any day had to wait for more, else bytes or writes, whichever take longer.
func (d *days) all() ([]Day, budget.Bound) {
	d.mu.Lock()
	defer d.mu.Unlock()
	var whole Day
	for i := range d.list {
		day := &d.list[i]
		whole.Writes += day.Writes
		whole.sending += day.sending
		if day.Decides == budget.ByRequests {
			whole.Decides = budget.ByRequests
			continue
		}
		day.Decides = d.decides(*day)
	}
	if whole.Decides == "" && len(d.list) > 0 {
		whole.Decides = d.decides(whole)
	}
	return d.list, whole.Decides
}

func (d *days) decides(day Day) budget.Bound {
	if d.writesPerMinute > 0 && time.Duration(day.Writes)*time.Minute/time.Duration(d.writesPerMinute) > day.sending {
		return budget.ByWrites
	}
	return budget.ByBytes
}
