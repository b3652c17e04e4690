package budget_test

import (
	"context"
	"database/sql"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/albumwright/albumwright/internal/budget"
)

func TestEveryRequestIsCountedByItsKindAndLoadsApart(t *testing.T) {
	w := newWorld(t, 0)
	j := w.job()
	for kind, n := range map[budget.Kind]int{
		budget.Upload: 1, budget.BatchCreate: 2, budget.AlbumCreate: 3, budget.AlbumList: 4, budget.Other: 5, budget.BaseURLLoad: 6,
	} {
		for range n {
			if err := j.Take(t.Context(), kind); err != nil {
				t.Fatal(err)
			}
		}
	}
	s := w.status()
	want := budget.Day{Date: "2026-11-22", Uploads: 1, BatchCreates: 2, AlbumCreates: 3, AlbumLists: 4, Others: 5, Loads: 6}
	if s.Today != want || s.Used != 15 {
		t.Errorf("counted %+v, used %d, want %+v, used 15", s.Today, s.Used, want)
	}
}

func TestSomeOfTheDayIsKeptForRepetitions(t *testing.T) {
	for _, tc := range []struct{ limit, slack int }{
		{1, 0}, {4, 0}, {5, 1}, {10, 2}, {60, 12}, {99, 19}, {100, 20}, {1000, 20}, {4000, 20}, {10_000, 50}, {1_000_000, 5000},
	} {
		if got := budget.Slack(tc.limit); got != tc.slack {
			t.Errorf("of %d requests %d are kept, want %d", tc.limit, got, tc.slack)
		}
		if tc.limit > 1000 {
			continue
		}
		w := newWorld(t, tc.limit)
		j := w.job()
		room := tc.limit - tc.slack
		w.reserve(j, room)
		w.spent(j.Reserve(t.Context(), 1))
		w.take(j, room)
		if n := w.takeAll(j); n != tc.slack {
			t.Errorf("limit %d: %d repetitions, want %d", tc.limit, n, tc.slack)
		}
	}
}

func TestAHoldIsAPromiseThatNobodyCanTake(t *testing.T) {
	w := newWorld(t, 10)
	a, b := w.job(), w.job()
	w.reserve(a, 5)
	w.reserve(b, 2)
	e := w.spent(b.Reserve(t.Context(), 2)) // 8 of 10 can be held
	if e.Limit != 10 || e.Used != 0 || e.Held != 7 || e.Service {
		t.Errorf("refused with %+v, want 7 of 10 held", e)
	}
	if n := w.takeAll(b); n != 5 { // its own two, and the three that nobody holds
		t.Errorf("%d requests went out, want 5", n)
	}
	w.take(a, 5)
	w.spent(a.Take(t.Context(), budget.BatchCreate))
}

func TestWhatIsReleasedOrLeftOverIsThereForOthers(t *testing.T) {
	w := newWorld(t, 10)
	a, b := w.begin(), w.job()
	w.reserve(a, 8)
	w.spent(b.Reserve(t.Context(), 1))
	a.Release(3)
	w.reserve(b, 3)
	w.spent(b.Reserve(t.Context(), 1))
	w.close(a)
	w.reserve(b, 5)
	b.Release(100)
	b.Release(-5)
	if s := w.status(); s.Held != 0 || s.Jobs != 1 || s.Left != 8 {
		t.Errorf("status %+v, want one job that holds nothing", s)
	}
}

func TestWithoutALimitRequestsAreOnlyCounted(t *testing.T) {
	w := newWorld(t, 0)
	j := w.job()
	w.reserve(j, 100_000)
	w.take(j, 30)
	s := w.status()
	if s.Used != 30 || s.Held != 99_970 || s.Left != 0 {
		t.Errorf("status %+v, want 30 used and the rest held", s)
	}
}

func TestAReservationThatNoDayCanFulfilIsNotADaysMatter(t *testing.T) {
	w := newWorld(t, 5)
	j := w.job()
	err := j.Reserve(t.Context(), 5)
	if spent := (budget.ErrSpent{}); !errors.Is(err, budget.ErrTooFew) || errors.As(err, &spent) {
		t.Errorf("error %v, want ErrTooFew", err)
	}
	w.reserve(j, 4)
	if err := j.Reserve(t.Context(), -1); err == nil {
		t.Error("a negative reservation was taken")
	}
}

func TestACancelledContextChangesNothing(t *testing.T) {
	w := newWorld(t, 10)
	j := w.job()
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	for _, err := range []error{j.Reserve(ctx, 1), j.Take(ctx, budget.Upload), j.MarkSpent(ctx, w.now)} {
		if !errors.Is(err, context.Canceled) {
			t.Errorf("error %v, want the context's", err)
		}
	}
	if s := w.status(); s.Used != 0 || s.Held != 0 || s.Today.Spent {
		t.Errorf("status %+v, want nothing used", s)
	}
}

func TestWhoWaitsForAnotherProcessCanBeCancelled(t *testing.T) {
	w := newWorld(t, 10)
	j := w.job()
	other, err := sql.Open("sqlite", "file:"+w.cfg.Path+"?_txlock=immediate")
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = other.Close() }()
	tx, err := other.Begin()
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithTimeout(t.Context(), 50*time.Millisecond)
	defer cancel()
	if err := j.Take(ctx, budget.Upload); !errors.Is(err, context.DeadlineExceeded) || errors.Is(err, budget.ErrUnusable) {
		t.Errorf("error %v, want the context's", err)
	}
	if err := tx.Rollback(); err != nil {
		t.Fatal(err)
	}
	w.take(j, 1)
	if s := w.status(); s.Used != 1 {
		t.Errorf("%d used, want 1", s.Used)
	}
}

func TestWhenTheServiceSaysThatTheDayIsSpentNobodyTriesAgainUntilTheReset(t *testing.T) {
	for _, limit := range []int{0, 100} {
		w := newWorld(t, limit)
		a, b := w.job(), w.job()
		w.reserve(b, 2)
		if err := a.MarkSpent(t.Context(), w.now); err != nil {
			t.Fatal(err)
		}
		for _, j := range []*budget.Job{a, b, w.job()} {
			for _, err := range []error{j.Take(t.Context(), budget.Upload), j.Reserve(t.Context(), 1)} {
				if e := w.spent(err); !e.Service || !strings.Contains(e.Error(), "2026-11-23 00:00 PST") {
					t.Errorf("refused with %q, want the service's word and the time", e)
				}
			}
			if err := j.Take(t.Context(), budget.BaseURLLoad); err != nil {
				t.Errorf("loads have a quota of their own: %v", err)
			}
		}
		if s := w.status(); !s.Today.Spent || s.Left != 0 {
			t.Errorf("status %+v, want a spent day with nothing left", s)
		}
		w.cfg.Anyway = true
		anyway := w.job()
		w.take(anyway, 1)
		w.now = budget.NextReset(w.now)
		w.take(a, 1)
	}
}

func TestARefusalThatComesAfterMidnightSaysNothingAboutTheNewDay(t *testing.T) {
	w := newWorld(t, 100)
	j := w.job()
	sent := w.now
	w.now = budget.NextReset(sent)
	if err := j.MarkSpent(t.Context(), sent); err != nil {
		t.Fatal(err)
	}
	w.take(j, 1)
}

func TestLoadsOfBaseURLsHaveALimitOfTheirOwn(t *testing.T) {
	w := newWorld(t, 10)
	j := w.job()
	w.reserve(j, 8)
	w.sql("UPDATE days SET loads = ?", budget.LoadLimit-1)
	if err := j.Take(t.Context(), budget.BaseURLLoad); err != nil {
		t.Fatal(err)
	}
	e := w.spent(j.Take(t.Context(), budget.BaseURLLoad))
	if e.Limit != budget.LoadLimit || !strings.Contains(e.Error(), "75000 loads of base URLs") {
		t.Errorf("refused with %v, want the loads' limit", e)
	}
	w.take(j, 10)
}

func TestABadConfigIsRefusedByName(t *testing.T) {
	for field, cfg := range map[string]budget.Config{"Config.Path": {}, "Config.Limit is -1": {Path: "x", Limit: -1}} {
		_, begin := budget.Begin(t.Context(), cfg)
		_, read := budget.Read(t.Context(), cfg)
		for _, err := range []error{begin, read} {
			if err == nil || !strings.Contains(err.Error(), field) {
				t.Errorf("error %v, want one that names %s", err, field)
			}
		}
	}
}

func TestEachProjectAndServiceHasABudgetOfItsOwn(t *testing.T) {
	google := budget.Path("state", "https://photoslibrary.googleapis.com", "")
	seen := map[string]bool{}
	for _, path := range []string{
		google, budget.Path("state", "https://photoslibrary.googleapis.com", "client"), budget.Path("state", "http://127.0.0.1:8080", ""),
	} {
		if seen[path] || filepath.Base(path) != "budget.db" || !strings.HasPrefix(path, filepath.Join("state", "budgets")) {
			t.Errorf("budget at %s, want a folder of its own", path)
		}
		seen[path] = true
	}
	if !strings.Contains(google, "photoslibrary.googleapis.com-") {
		t.Errorf("%s does not say whose it is", google)
	}
}

func TestOnlyTheOwnerCanReadTheBudget(t *testing.T) {
	w := newWorld(t, 10)
	w.take(w.job(), 1)
	files, err := os.ReadDir(filepath.Dir(w.cfg.Path))
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range files {
		info, err := f.Info()
		if err != nil || info.Mode().Perm() != 0o600 {
			t.Errorf("%s has mode %v (%v), want 0600", f.Name(), info.Mode(), err)
		}
	}
	if len(files) < 3 {
		t.Errorf("%d files, want the database, its log and a lock file at least", len(files))
	}
}

func TestADayEndsAtMidnightPacific(t *testing.T) {
	for now, want := range map[string]string{
		"2026-11-21T20:00:00Z": "2026-11-22T08:00:00Z", // noon there, standard time
		"2026-11-22T08:00:00Z": "2026-11-23T08:00:00Z", // the reset itself belongs to the new day
		"2026-03-08T09:00:00Z": "2026-03-09T07:00:00Z", // 23 hours
		"2026-11-01T08:00:00Z": "2026-11-02T08:00:00Z", // 25 hours
	} {
		at, err := time.Parse(time.RFC3339, now)
		if err != nil {
			t.Fatal(err)
		}
		if got := budget.NextReset(at).UTC().Format(time.RFC3339); got != want {
			t.Errorf("at %s the next day begins at %s, want %s", now, got, want)
		}
		w := newWorld(t, 5)
		w.now = at
		j := w.job()
		w.takeAll(j)
		w.now = budget.NextReset(at).Add(-time.Nanosecond)
		w.spent(j.Take(t.Context(), budget.Upload))
		w.now = budget.NextReset(at)
		if n := w.takeAll(j); n != 5 {
			t.Errorf("after %s: %d requests on the new day, want 5", want, n)
		}
	}
}
