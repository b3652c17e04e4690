package budget_test

import (
	"testing"
	"time"

	"github.com/albumwright/albumwright/internal/budget"
)

func TestWorkIsRequests(t *testing.T) {
	w := budget.Work{Raw: 25_000, Resumable: 10, Batches: 510, NewAlbums: 100, ListPages: 4}
	if got := w.Requests(); got != 25_000+20+510+100+4 {
		t.Errorf("%d requests", got)
	}
}

func TestAForecastSaysWhatDecides(t *testing.T) {
	const mbit = 1e6 / 8
	const hour = time.Hour
	midnight := budget.NextReset(noon) // in 12 hours
	for _, tc := range []struct {
		name    string
		work    budget.Work
		limit   int
		left    int
		rate    float64
		writes  int
		days    int
		sending time.Duration
		ends    time.Time
		decides budget.Bound
	}{
		{"nothing to do", budget.Work{}, 10_000, 9950, mbit, 30, 0, 0, noon, ""},
		{"a few files: their bytes", budget.Work{Raw: 100, Batches: 2, Bytes: 3600 * mbit}, 10_000, 9950, mbit, 30, 1, hour, noon.Add(hour), budget.ByBytes},
		{"many small batches: writes", budget.Work{Raw: 1000, Batches: 900, NewAlbums: 900, Bytes: 1000}, 10_000, 9950, mbit, 30, 1, hour, noon.Add(hour), budget.ByWrites},
		{"no pace and no rate", budget.Work{Raw: 100, Batches: 2, Bytes: 1e9}, 10_000, 9950, 0, 0, 1, 0, noon, budget.ByBytes},
		{"just what is left", budget.Work{Raw: 9950}, 10_000, 9950, 0, 0, 1, 0, noon, budget.ByBytes},
		{"one more than is left", budget.Work{Raw: 9951}, 10_000, 9950, 0, 0, 2, 0, midnight, budget.ByRequests},
		{"nothing left today", budget.Work{Raw: 1}, 10_000, 0, 0, 0, 1, 0, midnight, budget.ByRequests},
		{"three days", budget.Work{Raw: 25_000, Batches: 500}, 10_000, 9950, 0, 0, 3, 0, midnight.Add(24 * hour), budget.ByRequests},
		{"little left today, then days", budget.Work{Raw: 20_000}, 10_000, 50, 0, 0, 4, 0, midnight.Add(48 * hour), budget.ByRequests},
		{"bytes over days", budget.Work{Raw: 480, Bytes: 48 * 3600 * mbit}, 10_000, 9950, mbit, 30, 3, 48 * hour, noon.Add(48 * hour), budget.ByBytes},
		{"one file of days", budget.Work{Resumable: 1, Bytes: 48 * 3600 * mbit}, 10_000, 9950, mbit, 30, 3, 48 * hour, noon.Add(48 * hour), budget.ByBytes},
		// 100 requests an hour: 50 of them today, then 80 of each day's 24 hours, then the rest.
		{"requests, and bytes between", budget.Work{Raw: 180, Bytes: 180 * 36 * mbit}, 100, 50, mbit, 30, 3, 108 * time.Minute, midnight.Add(24*hour + 30*time.Minute), budget.ByRequests},
		{"own budget off: the service's own quota", budget.Work{Raw: 10_000}, 0, 9950, 0, 0, 2, 0, midnight, budget.ByRequests},
		{"over the day of 25 hours", budget.Work{Raw: 60, Bytes: 60 * 3600 * mbit}, 10_000, 9950, mbit, 30, 4, 60 * hour, noon.Add(60 * hour), budget.ByBytes},
	} {
		now := noon
		if tc.name == "over the day of 25 hours" {
			now = time.Date(2026, 10, 31, 19, 0, 0, 0, time.UTC)
			tc.ends = now.Add(60 * hour)
			tc.days = 3
		}
		got := tc.work.Forecast(budget.Terms{Now: now, Limit: tc.limit, Left: tc.left, BytesPerSecond: tc.rate, WritesPerMinute: tc.writes})
		if got.Requests != tc.work.Requests() || got.Days != tc.days || got.Decides != tc.decides ||
			(got.Sending-tc.sending).Abs() > time.Second || got.Ends.Sub(tc.ends).Abs() > time.Second {
			t.Errorf("%s: %+v, want %d days, %v of sending, end %v by %s", tc.name, got, tc.days, tc.sending, tc.ends, tc.decides)
		}
	}
}

func TestAnAbsurdForecastComesToAnEnd(t *testing.T) {
	w := budget.Work{Raw: 1_000_000, Bytes: 1 << 60}
	f := w.Forecast(budget.Terms{Now: noon, Limit: 5, BytesPerSecond: 1e-9})
	if f.Days < 36_000 || !f.Ends.After(noon) {
		t.Errorf("forecast %+v, want a century", f)
	}
}
