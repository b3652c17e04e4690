package album_test

import (
	"cmp"
	"errors"
	"fmt"
	"slices"
	"testing"
	"time"

	gocmp "github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/albumwright/albumwright/internal/album"
	"github.com/albumwright/albumwright/internal/ledger"
	"github.com/albumwright/albumwright/internal/property"
)

func asTemplateError(err error, into **album.TemplateError) bool { return errors.As(err, into) }

// clock is a wall clock on a day in May.
func clock(hour, minute int) time.Time { return time.Date(2024, 5, 18, hour, minute, 0, 0, time.UTC) }

func zoned(at time.Time, hours int) ledger.Shot {
	offset := hours * 3600
	return ledger.Shot{Captured: at, Offset: &offset}
}

// inOrder is the order in which a cutter wants shots.
func inOrder(a, b ledger.Shot) int {
	return cmp.Or(
		a.Captured.Compare(b.Captured),
		compareBools(a.Event.IsZero(), b.Event.IsZero()), a.Event.Compare(b.Event),
		compareBools(a.Offset == nil, b.Offset == nil), compareOffsets(a.Offset, b.Offset),
	)
}

func compareBools(a, b bool) int {
	switch {
	case a == b:
		return 0
	case b:
		return -1
	}
	return 1
}

func compareOffsets(a, b *int) int {
	if a == nil || b == nil {
		return 0
	}
	return *a - *b
}

// cut gives each shot its event, as the ledger does it by stretches.
func cut(gap time.Duration, shots []ledger.Shot) []ledger.Shot {
	out := slices.Clone(shots)
	slices.SortStableFunc(out, inOrder)
	var found []ledger.Stretch
	cutter := album.EventCutter{Gap: gap, Found: func(s ledger.Stretch) { found = append(found, s) }}
	for _, s := range out {
		cutter.Next(s)
	}
	cutter.End()
	for i, s := range out {
		for _, f := range found {
			if s.Event.IsZero() && !s.Captured.Before(f.From) && !s.Captured.After(f.To) {
				out[i].Event = f.Event
			}
		}
	}
	return out
}

func TestShotsAreCountedToEvents(t *testing.T) {
	named := func(at, event time.Time) ledger.Shot { return ledger.Shot{Captured: at, Event: event} }
	shot := func(hour, minute int) ledger.Shot { return ledger.Shot{Captured: clock(hour, minute)} }
	for _, c := range []struct {
		name  string
		shots []ledger.Shot
		want  []string // the events' clocks, in the order of the shots
	}{
		{"nothing", nil, nil},
		{"an hour is no pause, more is", []ledger.Shot{shot(9, 0), shot(10, 0), shot(11, 1)}, []string{"09:00", "09:00", "11:01"}},
		{"over midnight", []ledger.Shot{shot(23, 30), shot(24, 10), shot(25, 30)}, []string{"23:30", "23:30", "01:30"}},
		{"a late one joins at the end", []ledger.Shot{named(clock(9, 0), clock(9, 0)), shot(9, 59)}, []string{"09:00", "09:00"}},
		{"late ones join at the beginning, which is named as before", []ledger.Shot{shot(7, 30), shot(8, 20), named(clock(9, 0), clock(9, 0))}, []string{"09:00", "09:00", "09:00"}},
		{"late ones between two events belong to the one before", []ledger.Shot{
			named(clock(9, 0), clock(9, 0)), shot(9, 50), shot(10, 40), named(clock(11, 30), clock(11, 30)), shot(11, 40),
		}, []string{"09:00", "09:00", "09:00", "11:30", "11:30"}},
		{"a late one far from all is an event", []ledger.Shot{named(clock(9, 0), clock(9, 0)), shot(12, 0)}, []string{"09:00", "12:00"}},
		{"at the same time as a named one", []ledger.Shot{shot(9, 0), named(clock(9, 0), clock(8, 0))}, []string{"08:00", "08:00"}},
		{"the clock is put forward", []ledger.Shot{zoned(clock(1, 59), 1), zoned(clock(3, 1), 2)}, []string{"01:59", "01:59"}},
		{"the clock is put forward, of a camera that does not say so", []ledger.Shot{zoned(clock(1, 59), 1), shot(3, 1)}, []string{"01:59", "03:01"}},
		{"the clock is put back", []ledger.Shot{zoned(clock(2, 50), 2), zoned(clock(2, 10), 1), zoned(clock(3, 10), 1)}, []string{"02:10", "02:10", "02:10"}},
		{"a traveller's morning and a late morning at home", []ledger.Shot{zoned(clock(9, 0), 2), zoned(clock(9, 5), -4)}, []string{"09:00", "09:00"}},
	} {
		var got []string
		for _, s := range cut(time.Hour, c.shots) {
			got = append(got, s.Event.Format("15:04"))
		}
		if diff := gocmp.Diff(c.want, got); diff != "" {
			t.Errorf("%s (-want +got):\n%s", c.name, diff)
		}
	}
}

// shots draws some, with and without zones, or without any.
func shots(t *rapid.T, most int, zones bool) []ledger.Shot {
	one := rapid.Custom(func(t *rapid.T) ledger.Shot {
		s := ledger.Shot{Captured: clock(0, rapid.IntRange(0, 3000).Draw(t, "minute"))}
		if zones && rapid.Bool().Draw(t, "zoned") {
			return zoned(s.Captured, rapid.IntRange(-3, 3).Draw(t, "zone"))
		}
		return s
	})
	return rapid.SliceOfN(one, 0, most).Draw(t, "shots")
}

func TestEventsEndWithAPauseAndOnlyThere(t *testing.T) {
	property.Check(t, func(t *rapid.T) {
		gap := time.Duration(rapid.IntRange(1, 300).Draw(t, "gap")) * time.Minute
		got := cut(gap, shots(t, 40, true))
		for i, s := range got {
			if s.Event.IsZero() {
				t.Fatalf("%v has no event", s)
			}
			if i == 0 {
				continue
			}
			if together, near := got[i-1].Event.Equal(s.Event), album.Apart(got[i-1], s) <= gap; together != near {
				t.Fatalf("%v and %v: one event is %v, near enough is %v, gap %s", got[i-1], s, together, near, gap)
			}
		}
	})
}

func TestEventsDoNotDependOnTheOrderOfArrival(t *testing.T) {
	property.Check(t, func(t *rapid.T) {
		in := shots(t, 30, true)
		other := rapid.Permutation(in).Draw(t, "order")
		if a, b := events(cut(time.Hour, in)), events(cut(time.Hour, other)); !slices.Equal(a, b) {
			t.Fatalf("%v, in another order %v", a, b)
		}
	})
}

// Files come in any number of runs: what was named stays, and what comes belongs to an event within reach, or begins one.
func TestAnEventKeepsItsNameWhateverComesLater(t *testing.T) {
	property.Check(t, func(t *rapid.T) {
		var known []ledger.Shot
		zones := rapid.Bool().Draw(t, "zones")
		for range rapid.IntRange(1, 4).Draw(t, "runs") {
			before := events(known)
			known = cut(time.Hour, append(known, shots(t, 15, zones)...))
			after := events(known)
			for _, e := range before {
				i := slices.Index(after, e)
				if i < 0 {
					t.Fatalf("%s is gone or renamed: %v", e, after)
				}
				after = slices.Delete(after, i, i+1)
			}
		}
		for i, s := range known {
			// With zones, a shot without one may come between two that are near each other by theirs.
			if !zones && i > 0 && album.Apart(known[i-1], s) > time.Hour && known[i-1].Event.Equal(s.Event) {
				t.Fatalf("%v and %v are one event, but a pause lies between them", known[i-1], s)
			}
		}
	})
}

// events lists shots with their events.
func events(shots []ledger.Shot) []string {
	var out []string
	for _, s := range shots {
		out = append(out, fmt.Sprint(s.Captured.Format(time.DateTime), " in ", s.Event.Format(time.DateTime)))
	}
	slices.Sort(out)
	return out
}
