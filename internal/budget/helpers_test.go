package budget_test

import (
	"context"
	"database/sql"
	"errors"
	"os"
	"path/filepath"
	"testing"
	"time"

	"go.uber.org/goleak"

	"github.com/albumwright/albumwright/internal/budget"
)

// TestMain lets this binary be the other processes of its tests, too.
func TestMain(m *testing.M) {
	if os.Getenv(childVar) != "" {
		os.Exit(child())
	}
	goleak.VerifyTestMain(m)
}

// noon is a day like any other: noon of 22 November 2026 on the Pacific coast.
var noon = time.Date(2026, 11, 22, 20, 0, 0, 0, time.UTC)

// world is a budget and its clock.
type world struct {
	t   testing.TB
	cfg budget.Config
	now time.Time
}

func newWorld(t testing.TB, limit int) *world {
	w := &world{t: t, now: noon}
	w.cfg = budget.Config{Path: filepath.Join(t.TempDir(), "budget.db"), Limit: limit, Now: func() time.Time { return w.now }}
	return w
}

// job begins a job, which ends with the test.
func (w *world) job() *budget.Job {
	w.t.Helper()
	j := w.begin()
	w.t.Cleanup(func() { w.close(j) })
	return j
}

func (w *world) begin() *budget.Job {
	w.t.Helper()
	j, err := budget.Begin(context.Background(), w.cfg)
	if err != nil {
		w.t.Fatal(err)
	}
	return j
}

func (w *world) close(j *budget.Job) {
	w.t.Helper()
	if err := j.Close(); err != nil {
		w.t.Error(err)
	}
}

func (w *world) reserve(j *budget.Job, n int) {
	w.t.Helper()
	if err := j.Reserve(context.Background(), n); err != nil {
		w.t.Errorf("%d cannot be held: %v", n, err)
	}
}

// take sends n uploads.
func (w *world) take(j *budget.Job, n int) {
	w.t.Helper()
	for i := range n {
		if err := j.Take(context.Background(), budget.Upload); err != nil {
			w.t.Fatalf("request %d of %d: %v", i+1, n, err)
		}
	}
}

// takeAll sends uploads until it is refused, and tells how many went out.
func (w *world) takeAll(j *budget.Job) int {
	w.t.Helper()
	for n := 0; ; n++ {
		if err := j.Take(context.Background(), budget.Upload); err != nil {
			w.spent(err)
			return n
		}
	}
}

// spent wants the refusal that a day mends, at the next midnight of the clock.
func (w *world) spent(err error) budget.ErrSpent {
	w.t.Helper()
	var e budget.ErrSpent
	if !errors.As(err, &e) {
		w.t.Fatalf("error %v, want an ErrSpent", err)
	}
	if !e.Until.Equal(budget.NextReset(w.now)) || !e.DailyQuota().Equal(e.Until) {
		w.t.Errorf("refused until %v, want the midnight after %v", e.Until, w.now)
	}
	return e
}

func (w *world) status() budget.Status {
	w.t.Helper()
	s, err := budget.Read(context.Background(), w.cfg)
	if err != nil {
		w.t.Fatal(err)
	}
	return s
}

// sql changes the database behind everyone's back.
func (w *world) sql(query string, args ...any) {
	w.t.Helper()
	db, err := sql.Open("sqlite", w.cfg.Path)
	if err != nil {
		w.t.Fatal(err)
	}
	_, err = db.Exec(query, args...)
	if err := errors.Join(err, db.Close()); err != nil {
		w.t.Fatal(err)
	}
}
