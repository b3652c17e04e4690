package pipeline_test

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"testing"
	"time"

	"golang.org/x/oauth2"

	"github.com/albumwright/albumwright/emulator"
	"github.com/albumwright/albumwright/internal/budget"
	"github.com/albumwright/albumwright/internal/fixture"
	"github.com/albumwright/albumwright/photos"
	"github.com/albumwright/albumwright/pipeline"
	"github.com/albumwright/albumwright/ratelimit"
)

// runWithin runs an import that keeps within the service's quotas, as the program does.
func (w *world) runWithin(limit int) (pipeline.Report, error) {
	w.t.Helper()
	job, err := budget.Begin(w.t.Context(), budget.Config{Path: filepath.Join(w.cfg.StateDir, "budget.db"), Limit: limit})
	if err != nil {
		w.t.Fatal(err)
	}
	defer func() {
		if err := job.Close(); err != nil {
			w.t.Error(err)
		}
	}()
	pace, err := ratelimit.New(ratelimit.Config{WritesPerMinute: ratelimit.DefaultWritesPerMinute})
	if err != nil {
		w.t.Fatal(err)
	}
	client, err := photos.New(photos.Config{
		Transport: budget.Transport(pace.Transport(w.wire), job), UploadTransport: budget.Transport(w.wire, job),
		TokenSource: oauth2.StaticTokenSource(&oauth2.Token{AccessToken: w.service.AccessToken()}),
	})
	if err != nil {
		w.t.Fatal(err)
	}
	cfg := w.cfg
	cfg.API, cfg.Budget = pipeline.ClientAPI(client), job
	rep, err := pipeline.Run(w.t.Context(), cfg)
	if bad := rep.Check(); bad != nil {
		w.t.Error(bad)
	}
	return rep, err
}

// stranded counts upload tokens that no media item was made of.
func (w *world) stranded(rep pipeline.Report) int {
	return rep.Requests.Uploads - rep.Ends[pipeline.Uploaded]
}

// A library that takes three days takes three days: each of the first two ends because the day is spent, with every upload token used, and the
// service never has to say that a quota is exceeded.
func TestALibraryOfThreeDaysTakesThreeDaysOfTheServicesQuota(t *testing.T) {
	const perAlbum = 100
	quota := emulator.ServiceQuota()
	day, albums := quota.RequestsPerDay, quota.RequestsPerDay/40
	inBubble(t, "three days", func(t *testing.T) {
		w := newWorldWith(t, emulator.Config{Quota: quota})
		for a := range albums {
			for i := range perAlbum {
				w.n++
				w.write(fmt.Sprintf("album %03d/%03d.jpg", a, i), fixture.TinyJPEG(w.n, noon(i)))
			}
		}
		requests := 0
		for d := range 3 {
			rep, err := w.runWithin(day)
			requests += rep.Requests.Total()
			if n := w.stranded(rep); n != 0 {
				t.Errorf("day %d: %d upload tokens are left without a media item", d+1, n)
			}
			spent := budget.ErrSpent{}
			switch d {
			case 0, 1:
				if !errors.As(err, &spent) || photos.Classify(err) != photos.ClassDailyQuota {
					t.Fatalf("day %d ended with %v, want that the day is spent", d+1, err)
				}
				pass(time.Until(spent.Until) + time.Minute)
			case 2:
				if err != nil {
					t.Fatalf("the last day ended with %v", err)
				}
			}
		}
		if n := len(w.service.MediaItems()); n != albums*perAlbum {
			t.Errorf("the service has %d media items, want %d", n, albums*perAlbum)
		}
		w.checkLibrary()
		if n := len(w.service.Violations()); n != 0 {
			t.Errorf("%d quotas were exceeded: %v", n, w.service.Violations()[0])
		}
		least := albums*perAlbum + albums*(perAlbum/photos.MaxBatch) + albums + 1
		if requests > least*101/100 {
			t.Errorf("%d requests were made, want at most 1 %% above the least possible, %d", requests, least)
		}
		t.Logf("%d requests in three days, the least possible are %d", requests, least)
	})
}

func TestTokensOfAnEarlierRunAreNotStrandedByNewFiles(t *testing.T) {
	inBubble(t, "new files come first", func(t *testing.T) {
		w := newWorld(t)
		for i := range 20 {
			w.photo(fmt.Sprintf("Z/%02d.jpg", i), i)
		}
		ctx, kill := context.WithCancelCause(t.Context())
		died := errors.New("died")
		w.cfg.Observe = func(ev pipeline.Event) {
			if p, ok := ev.(pipeline.Progress); ok && p.Stage == pipeline.StageUpload && p.Done == 12 {
				kill(died)
			}
		}
		if _, err := w.try(ctx); !errors.Is(err, died) {
			t.Fatal(err)
		}
		w.cfg.Observe = nil
		won := w.recorded() // the service may have given more, whose answers died with the run
		for i := range 100 {
			w.photo(fmt.Sprintf("A/%03d.jpg", i), i)
		}
		before := w.service.Calls()
		rep, err := w.runWithin(40)
		if photos.Classify(err) != photos.ClassDailyQuota {
			t.Fatalf("it ended with %v, want that the day is spent", err)
		}
		pass(24 * time.Hour) // from here on the tokens are worth nothing
		for range 4 {
			if rep, err = w.runWithin(0); err == nil {
				break
			}
		}
		wantEnds(t, rep, map[pipeline.End]int{pipeline.Uploaded: rep.Ends[pipeline.Uploaded], pipeline.AlreadyThere: 120 - rep.Ends[pipeline.Uploaded]})
		if sent := w.calls(before)["uploads"]; sent != 120-won {
			t.Errorf("%d files were sent although only %d had not been", sent, 120-won)
		}
	})
}

func TestABudgetThatIsSpentEndsTheRunBeforeTheNextFileIsBegun(t *testing.T) {
	w := newWorld(t)
	w.series("Pier", "p", 60, 0)
	rep, err := w.runWithin(30)
	if photos.Classify(err) != photos.ClassDailyQuota || w.stranded(rep) != 0 || rep.Ends[pipeline.Uploaded] == 0 || rep.Requests.Total() > 30 {
		t.Errorf("it ended with %v, requests %+v, ends %v", err, rep.Requests, rep.Ends)
	}
	if rep.Ends[pipeline.Failed] != 0 || rep.Ends[pipeline.Unfinished] != 60-rep.Ends[pipeline.Uploaded] {
		t.Errorf("ends %v, want the others left for another day", rep.Ends)
	}
	if rep, err = w.runWithin(0); err != nil || rep.Ends[pipeline.Unfinished] != 0 {
		t.Errorf("without a limit it ended with %v, %v", err, rep.Ends)
	}
}
