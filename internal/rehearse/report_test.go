package rehearse_test

import (
	"context"
	"errors"
	"fmt"
	"math"
	"path/filepath"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/albumwright/albumwright/emulator"
	"github.com/albumwright/albumwright/internal/budget"
	"github.com/albumwright/albumwright/internal/fixture"
	"github.com/albumwright/albumwright/internal/race"
	"github.com/albumwright/albumwright/internal/rehearse"
	"github.com/albumwright/albumwright/pipeline"
	"github.com/albumwright/albumwright/ratelimit"
)

// small is a world in which a handful of files takes days.
func small(t testing.TB) *world {
	w := newWorld(t)
	w.limit, w.quota = 20, emulator.Quota{RequestsPerDay: 20}
	return w
}

func TestEachFileCountsOnceHoweverManyDaysItTakes(t *testing.T) {
	w := small(t)
	w.photos("Pier", 25, 0)
	w.photos("Harbour", 5, 0)
	copied := fixture.TinyJPEG(1, time.Date(2024, 5, 18, 12, 0, 1, 0, time.UTC))
	w.write("Pier/copy.jpg", copied)
	w.write("Pier/cut.jpg", copied[:len(copied)/2])
	w.write("Pier/words.txt", []byte("words"))
	cfg, _ := w.rehearsal()
	ends := map[string]int{}
	cfg.Import.Observe = func(ev pipeline.Event) {
		if end, ok := ev.(pipeline.FileEnd); ok {
			ends[end.Path]++
		}
	}
	out, err := rehearse.Run(t.Context(), cfg)
	if err != nil || len(out.Days) != 3 {
		t.Fatalf("it took %d days and ended with %v, want 3", len(out.Days), err)
	}
	want := map[pipeline.End]int{pipeline.Uploaded: 30, pipeline.AlreadyThere: 0, pipeline.Duplicate: 1, pipeline.Skipped: 1, pipeline.Failed: 1, pipeline.Unfinished: 0}
	if diff := cmp.Diff(want, out.Report.Ends); diff != "" || out.Report.Found != 33 || out.Report.Check() != nil {
		t.Errorf("of %d files (-want +got), %v:\n%s", out.Report.Found, out.Report.Check(), diff)
	}
	for path, n := range ends {
		if n != 1 {
			t.Errorf("%s was told %d times", path, n)
		}
	}
	if len(ends) != 33 || len(out.Report.Failures) != 1 || filepath.Base(out.Report.Failures[0].Path) != "cut.jpg" {
		t.Errorf("%d files were told; failures: %+v", len(ends), out.Report.Failures)
	}
	added := map[string]int{}
	for _, a := range out.Report.Albums {
		if added[a.Title] = a.Added; !a.New {
			t.Errorf("album %q is not new", a.Title)
		}
	}
	if diff := cmp.Diff(map[string]int{"Pier": 25, "Harbour": 5}, added); diff != "" {
		t.Errorf("albums (-want +got):\n%s", diff)
	}
	requests, files, bytes := 0, 0, int64(0)
	for _, d := range out.Days {
		requests, files, bytes = requests+d.Requests, files+d.Files, bytes+d.Bytes
	}
	if requests != out.Report.Requests.Total() || files != 30 || bytes != out.Report.Bytes.Sent {
		t.Errorf("the days have %d requests, %d files, %d bytes; the report has %+v", requests, files, bytes, out.Report)
	}
	if out.Decides != budget.ByRequests || out.Report.Ended.Sub(out.Report.Started) < 24*time.Hour {
		t.Errorf("%q decides, and it takes %v", out.Decides, out.Report.Ended.Sub(out.Report.Started))
	}
}

func TestWhatTheProjectHasUsedTodayIsMissingOnTheFirstDay(t *testing.T) {
	w := small(t)
	w.photos("Pier", 12, 0)
	cfg, _ := w.rehearsal()
	spent := cfg.Budget
	spent.Now = cfg.Clock.Now
	job, err := budget.Begin(t.Context(), spent)
	for range 10 {
		err = errors.Join(err, job.Take(t.Context(), budget.Other))
	}
	if err = errors.Join(err, job.Close()); err != nil {
		t.Fatal(err)
	}
	out, err := rehearse.Run(t.Context(), cfg)
	if err != nil || len(out.Days) != 2 || out.Days[0].Requests != 6 || out.Days[0].Files != 3 || out.Days[1].Files != 9 {
		t.Errorf("after 10 of 16 requests the days are %+v (%v)", out.Days, err)
	}
}

func TestNothingToDoTakesNoDay(t *testing.T) {
	w := small(t)
	w.photos("Pier", 3, 0)
	cfg, _ := w.rehearsal()
	for i, want := range []int{1, 0} {
		if out, err := rehearse.Run(t.Context(), cfg); err != nil || len(out.Days) != want {
			t.Errorf("rehearsal %d takes the days %+v (%v), want %d", i+1, out.Days, err, want)
		}
	}
}

func TestBytesKeepToTheTimetable(t *testing.T) {
	table, err := ratelimit.ParseTimetable("00:00,1k 00:01,2k 00:02,off")
	if err != nil {
		t.Fatal(err)
	}
	for _, test := range []struct {
		name  string
		rate  float64
		files int // of 10 KiB
		takes time.Duration
	}{
		{"below the line's rate", 100_000, 6, time.Minute},
		{"it changes on the way", 100_000, 12, 90 * time.Second},
		{"no limit but the line's", 10_240, 28, 2*time.Minute + 10*time.Second},
		{"no line", 0, 28, 2 * time.Minute},
	} {
		t.Run(test.name, func(t *testing.T) {
			w := newWorld(t)
			w.limit, w.rate = 1000, test.rate
			w.photos("Pier", test.files, 10<<10)
			cfg, _ := w.rehearsal()
			cfg.Limits.UploadBytes = table
			out, err := rehearse.Run(t.Context(), cfg)
			if err != nil || len(out.Days) != 1 {
				t.Fatalf("%+v, %v", out.Days, err)
			}
			if took := out.Days[0].To.Sub(out.Days[0].From); (took - test.takes).Abs() > time.Millisecond {
				t.Errorf("it took %v, want %v", took, test.takes)
			}
		})
	}
}

func TestARehearsalCanBeStopped(t *testing.T) {
	enough := errors.New("enough")
	for _, test := range []struct {
		name string
		stop func(cfg *rehearse.Config, ctx context.Context) context.Context // that is stopped
	}{
		{"gently", func(cfg *rehearse.Config, ctx context.Context) context.Context {
			cfg.Import.Intake = ctx
			return context.WithoutCancel(ctx)
		}},
		{"at once", func(_ *rehearse.Config, ctx context.Context) context.Context { return ctx }},
	} {
		t.Run(test.name, func(t *testing.T) {
			w := small(t)
			w.photos("Pier", 60, 0)
			cfg, _ := w.rehearsal()
			ctx, stop := context.WithCancelCause(t.Context())
			runs := test.stop(&cfg, ctx)
			files := 0
			cfg.Import.Observe = func(ev pipeline.Event) {
				if end, ok := ev.(pipeline.FileEnd); ok && end.End == pipeline.Uploaded {
					if files++; files == 20 { // on the second day
						stop(enough)
					}
				}
			}
			out, err := rehearse.Run(runs, cfg)
			if !errors.Is(err, enough) || len(out.Days) != 2 {
				t.Errorf("it took %d days and ended with %v", len(out.Days), err)
			}
			if bad := out.Report.Check(); bad != nil || out.Report.Ends[pipeline.Unfinished] == 0 || out.Report.Found != 60 {
				t.Errorf("of %d files: %v, %v", out.Report.Found, out.Report.Ends, bad)
			}
		})
	}
}

func TestAConfigThatCannotBeIsRefused(t *testing.T) {
	for name, spoil := range map[string]func(*rehearse.Config){
		"Service":        func(c *rehearse.Config) { c.Service = nil },
		"Clock":          func(c *rehearse.Config) { c.Clock = nil },
		"BytesPerSecond": func(c *rehearse.Config) { c.BytesPerSecond = math.NaN() },
	} {
		t.Run(name, func(t *testing.T) {
			w := small(t)
			cfg, s := w.rehearsal()
			spoil(&cfg)
			if out, err := rehearse.Run(t.Context(), cfg); err == nil || out.Report.Run != 0 || len(s.Calls()) != 0 {
				t.Errorf("it ran: %v", err)
			}
		})
	}
}

// A day's requests of the service, and a few more.
func TestTenThousandFilesTakeTwoDaysOfTheServicesQuota(t *testing.T) {
	if testing.Short() || race.Enabled {
		t.Skip("ten thousand files take half a minute, and minutes under the race detector")
	}
	t.Parallel()
	w := newWorld(t)
	w.limit, w.quota, w.rate = budget.DefaultLimit, emulator.ServiceQuota(), budget.AssumedBytesPerSecond
	for i := range 100 {
		w.photos(fmt.Sprintf("album %02d", i), 100, 0)
	}
	out, err := w.rehearse()
	if err != nil || len(out.Days) != 2 || out.Days[0].Requests != budget.Reservable(w.limit) || out.Report.Ends[pipeline.Uploaded] != 10_000 {
		t.Fatalf("%+v, %v, %v", out.Days, out.Report.Ends, err)
	}
	least := 10_000 + 200 + 100 + 1
	if n := out.Report.Requests.Total(); n < least || n > least+2 {
		t.Errorf("%d requests, want %d, and one or two more for the batch that the day's end cuts in two", n, least)
	}
}
