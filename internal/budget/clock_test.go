package budget_test

import (
	"fmt"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/albumwright/albumwright/internal/budget"
	"github.com/albumwright/albumwright/internal/property"
)

const limit = 10

// days moves the clock to noon, some days from the first one.
func (w *world) day(n int) { w.now = noon.AddDate(0, 0, n) }

// use tells how many requests a job that begins now gets through.
func (w *world) use() int {
	w.t.Helper()
	j := w.begin()
	defer w.close(j)
	return w.takeAll(j)
}

func TestAClockThatIsSetGivesNoSecondBudgetTwiceAndBlocksNothingBeyondMidnight(t *testing.T) {
	const year = 365
	for _, tc := range []struct {
		name string
		days []int // that the clock shows, one after the other; on each everything is used that there is
		want []int
	}{
		{"days go by", []int{0, 1, 2}, []int{10, 10, 10}},
		{"a year ahead, and mended", []int{year, 0, 1, 2}, []int{10, 0, 10, 10}},
		{"a year ahead, and mended on the next day", []int{year, 1, 2}, []int{10, 0, 10}},
		{"a year ahead by mistake, again and again: one budget too many", []int{0, year, 0, year, 0, year, 1, 2}, []int{10, 10, 0, 0, 0, 0, 0, 10}},
		{"when that year has come it is a day like others", []int{0, year, 0, 1, year - 1, year}, []int{10, 10, 0, 10, 10, 10}},
		{"a year behind, and mended", []int{0, -year, 0, 1}, []int{10, 0, 0, 10}},
		{"a year behind, and it stays so", []int{-3, -2, -1, 0, -year, 1 - year, 2 - year}, []int{10, 10, 10, 10, 0, 10, 10}},
		{"each time it starts it is 1970 until the network is there", []int{0, -20_000, 0, -20_000, 0, 1, -20_000, 1}, []int{10, 0, 0, 0, 0, 10, 0, 0}},
		{"a month ahead for some days, then mended", []int{30, 31, 32, 33, 4, 5, 6, 30, 31}, []int{10, 10, 10, 10, 0, 10, 10, 10, 10}},
		{"back step by step", []int{3, 2, 1, 0, 4}, []int{10, 0, 0, 0, 10}},
	} {
		t.Run(tc.name, func(t *testing.T) {
			w := newWorld(t, limit)
			var got []int
			for _, day := range tc.days {
				w.day(day)
				got = append(got, w.use())
			}
			if fmt.Sprint(got) != fmt.Sprint(tc.want) {
				t.Errorf("on the days %v got %v, want %v", tc.days, got, tc.want)
			}
		})
	}
}

func TestGoingBackCarriesOnlyWhatWasUsed(t *testing.T) {
	w := newWorld(t, limit)
	w.day(365)
	w.take(w.job(), 3)
	w.day(0)
	before := w.status()
	if before.Used != 3 || before.Today.Carried != 3 || len(before.Days) != 1 {
		t.Errorf("status %+v, want 3 carried", before)
	}
	w.take(w.job(), 2)
	if s := w.status(); s.Used != 5 || s.Today.Uploads != 2 {
		t.Errorf("status %+v, want 3 carried and 2 of its own", s)
	}
	w.day(365)
	if s := w.status(); s.Used != 3 || s.Today.Carried != 0 {
		t.Errorf("ahead again the status is %+v, want its own 3", s)
	}
}

func TestASpentDayIsCarriedBackAndEndsAtMidnight(t *testing.T) {
	w := newWorld(t, 0)
	j := w.job()
	w.day(365)
	if err := j.MarkSpent(t.Context(), w.now); err != nil {
		t.Fatal(err)
	}
	w.day(0)
	w.spent(j.Take(t.Context(), budget.Upload))
	w.day(1)
	w.take(j, 1)
}

// Whatever the clock does: going back gives nothing new, staying and going on give one budget at the most, and after all days that it has shown
// there is a whole one again.
func TestTheRulesOfTheClockHoldForAnyClock(t *testing.T) {
	property.Check(t, func(rt *rapid.T) {
		w := newWorld(t, limit)
		j := w.begin()
		defer w.close(j)
		w.day(rapid.IntRange(-2, 2).Draw(rt, "first day"))
		w.take(j, 1)
		last, highest := date(w.now), date(w.now)
		for range rapid.IntRange(1, 8).Draw(rt, "visits") {
			day, before := rapid.SampledFrom([]int{-20_000, -365, -30, -1, 0, 1, 2, 29, 30, 365}).Draw(rt, "day"), 0
			if noon.AddDate(0, 0, day).Before(w.now) {
				before = w.status().Used
			}
			w.day(day)
			n := 0
			for want := rapid.IntRange(1, limit+1).Draw(rt, "requests"); n < want; n++ {
				if err := j.Take(t.Context(), budget.Upload); err != nil {
					w.spent(err)
					break
				}
			}
			today := date(w.now)
			if n > limit || today < last && n > 0 && before+n > limit {
				rt.Fatalf("from %s, where %d were used, to %s: %d more", last, before, today, n)
			}
			last, highest = today, max(highest, today)
		}
		at, err := time.Parse(time.DateOnly, highest)
		if err != nil {
			rt.Fatal(err)
		}
		w.now = at.Add(44 * time.Hour) // noon of the day after
		if n := w.takeAll(j); n != limit {
			rt.Fatalf("on the day after all others %d requests, want %d", n, limit)
		}
	})
}

func date(t time.Time) string { return budget.NextReset(t).Add(-time.Second).Format(time.DateOnly) }

func TestFourHundredDaysAreRemembered(t *testing.T) {
	w := newWorld(t, limit)
	j := w.job()
	for day := range 410 {
		w.day(day)
		w.take(j, 1)
	}
	s := w.status()
	first, last := s.Days[0].Date, s.Days[len(s.Days)-1].Date
	if len(s.Days) < 400 || len(s.Days) > 401 || first != noon.AddDate(0, 0, 409).Format(time.DateOnly) || last > noon.AddDate(0, 0, 10).Format(time.DateOnly) {
		t.Errorf("%d days from %s to %s, want the last 400", len(s.Days), last, first)
	}
	w.day(5000)
	w.take(j, 1)
	w.day(409)
	if s := w.status(); s.Used != 2 || len(s.Days) < 399 {
		t.Errorf("after a moment in the future %d days, %d used, want the history as it was", len(s.Days), s.Used)
	}
}
