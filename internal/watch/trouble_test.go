package watch_test

import (
	"bytes"
	"errors"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"github.com/albumwright/albumwright/internal/ledger"
	"github.com/albumwright/albumwright/internal/report"
	"github.com/albumwright/albumwright/internal/watch"
	"github.com/albumwright/albumwright/pipeline"
)

// broken is a wire that fails, as long as it is told to.
type broken struct {
	next http.RoundTripper
	how  atomic.Pointer[func(*http.Request) (*http.Response, error)]
}

func (b *broken) RoundTrip(req *http.Request) (*http.Response, error) {
	if how := b.how.Load(); how != nil {
		return (*how)(req)
	}
	return b.next.RoundTrip(req)
}

func (w *world) breakable() *broken {
	b := &broken{next: w.wire}
	w.wire = b
	return b
}

func (b *broken) with(how func(*http.Request) (*http.Response, error)) { b.how.Store(&how) }
func (b *broken) mend()                                                { b.how.Store(nil) }

// Each trouble is said, together with what can be done, loses nothing, and is over without a restart.
func TestEachTroublePassesWithoutARestart(t *testing.T) {
	for _, c := range []struct {
		name   string
		kind   string
		begin  func(w *world, wire *broken)
		end    func(w *world, wire *broken)
		within time.Duration // the trouble's end is noticed
	}{
		{"the network is gone", "network", func(_ *world, wire *broken) {
			wire.with(func(req *http.Request) (*http.Response, error) {
				if req.Body != nil {
					_ = req.Body.Close()
				}
				return nil, syscall.ECONNREFUSED
			})
		}, func(_ *world, wire *broken) { wire.mend() }, 15 * time.Minute},
		{"the service is down", "network", func(_ *world, wire *broken) {
			wire.with(func(req *http.Request) (*http.Response, error) {
				return answer(req, 503, `{"error":{"code":503,"status":"UNAVAILABLE","message":"down"}}`)
			})
		}, func(_ *world, wire *broken) { wire.mend() }, 15 * time.Minute},
		{"the sign-in has ended", "sign-in", func(w *world, _ *broken) { w.signAs("revoked", "dead") },
			func(w *world, _ *broken) { w.signAs(w.service.AccessToken(), "anew") }, time.Minute},
		{"nobody has signed in", "sign-in", func(w *world, _ *broken) { w.setConnect(pipelineNoSignIn()) },
			func(w *world, _ *broken) { w.setConnect(nil); w.signAs(w.service.AccessToken(), "anew") }, time.Minute},
		{"the storage is full", "storage full", func(_ *world, wire *broken) {
			wire.with(func(req *http.Request) (*http.Response, error) {
				if !strings.Contains(req.URL.Path, "batchCreate") {
					return wire.next.RoundTrip(req)
				}
				return answer(req, 400, `{"error":{"code":400,"status":"INVALID_ARGUMENT","message":"The remaining storage in the user's account is not enough to perform this operation."}}`)
			})
		}, func(_ *world, wire *broken) { wire.mend() }, time.Hour + time.Minute},
	} {
		t.Run(c.name, func(t *testing.T) {
			inBubble(t, func(t *testing.T, w *world) {
				wire := w.breakable()
				c.begin(w, wire)
				w.begin()
				pass(time.Minute)
				w.photo("Pier/x.jpg")
				pass(20 * time.Minute)
				s := w.wantSums()
				if len(s.Trouble) != 1 || s.Trouble[0].Kind != c.kind || s.State != watch.Waiting || s.Open != 1 {
					t.Fatalf("it is %s in %+v, with %d open; want %s", s.State, s.Trouble, s.Open, c.kind)
				}
				if n := strings.Count(w.told(watch.TroubleNote), c.kind); n != 1 {
					t.Errorf("the trouble was told %d times, want once: %s", n, w.told(watch.TroubleNote))
				}
				w.photo("Pier/y.jpg")
				pass(time.Minute)
				c.end(w, wire)
				pass(c.within)
				w.wantAll()
				w.wantCount(2)
				w.wantTold(watch.MendedNote, c.kind)
				if s := w.wantSums(); len(s.Trouble) != 0 || s.State != watch.Idle {
					t.Errorf("it is %s in %+v", s.State, s.Trouble)
				}
			})
		})
	}
}

func answer(req *http.Request, status int, body string) (*http.Response, error) {
	if req.Body != nil {
		_ = req.Body.Close()
	}
	return &http.Response{StatusCode: status, Status: http.StatusText(status), Header: http.Header{"Content-Type": {"application/json"}}, Body: body1(body), Request: req, ProtoMajor: 1, ProtoMinor: 1}, nil
}

func TestASpentDaySleepsUntilTheNextOne(t *testing.T) {
	inBubble(t, func(t *testing.T, w *world) {
		w.limit = 60
		for i := range 100 {
			w.photo("Pier/" + string(rune('a'+i/26)) + string(rune('a'+i%26)) + ".jpg")
		}
		w.begin()
		pass(10 * time.Minute)
		s := w.wantSums()
		if len(s.Trouble) != 1 || s.Trouble[0].Kind != "quota" || s.Ends[report.Uploaded] == 0 || s.Ends[report.Uploaded] == 100 {
			t.Fatalf("it is in %+v with ends %v", s.Trouble, s.Ends)
		}
		if until := time.Until(s.Trouble[0].Until); until < time.Hour || until > 25*time.Hour {
			t.Errorf("it waits for %v, want until the day's end", until)
		}
		pass(4 * 24 * time.Hour)
		w.wantAll()
		w.wantCount(100)
	})
}

func TestWhileAnotherProcessHoldsTheLedgerItWaits(t *testing.T) {
	inBubble(t, func(t *testing.T, w *world) {
		l, err := ledger.Open(t.Context(), pipeline.LedgerPath(w.job.Run))
		if err != nil {
			t.Fatal(err)
		}
		w.begin()
		w.photo("Pier/x.jpg")
		pass(5 * time.Minute)
		if s := w.wantSums(); len(s.Trouble) != 1 || s.Trouble[0].Kind != "locked" {
			t.Errorf("it is in %+v", s.Trouble)
		}
		if err := l.Close(); err != nil {
			t.Fatal(err)
		}
		pass(time.Minute)
		w.wantAll()
	})
}

func TestARootThatGoesAwayInMidRunLosesNothing(t *testing.T) {
	inBubble(t, func(t *testing.T, w *world) {
		for i := range 40 {
			w.photo("Pier/" + string(rune('a'+i/26)) + string(rune('a'+i%26)) + ".jpg")
		}
		wire := w.breakable()
		sent := 0
		wire.with(func(req *http.Request) (*http.Response, error) {
			if strings.HasSuffix(req.URL.Path, "/uploads") {
				if sent++; sent == 10 {
					w.takeAway()
				}
			}
			return wire.next.RoundTrip(req)
		})
		w.job.Run.Transfers = 1
		w.begin()
		pass(10 * time.Minute)
		s := w.wantSums()
		if s.Ends[report.Failed] != 0 || s.Ends[report.Uploaded] >= 40 || s.Open == 0 {
			t.Errorf("while it is away: ends %v, %d open", s.Ends, s.Open)
		}
		if len(s.Trouble) != 1 || s.Trouble[0].Kind != "offline" {
			t.Errorf("it is in %+v", s.Trouble)
		}
		w.bringBack()
		pass(10 * time.Minute)
		w.wantAll()
		w.wantCount(40)
		w.wantTold(watch.FolderNote, "is offline")
		w.wantTold(watch.FolderNote, "is back")
		if s := w.wantSums(); s.Ends[report.Uploaded] != 40 || s.Open != 0 {
			t.Errorf("at last: ends %v, %d open", s.Ends, s.Open)
		}
	})
}

func TestAFileThatFailsIsTriedAgainAtGrowingPauses(t *testing.T) {
	inBubble(t, func(t *testing.T, w *world) {
		bad := w.photo("Pier/bad.jpg")
		w.photo("Pier/good.jpg")
		wire := w.breakable()
		wire.with(func(req *http.Request) (*http.Response, error) {
			if !strings.HasSuffix(req.URL.Path, "/uploads") {
				return wire.next.RoundTrip(req)
			}
			body, err := io.ReadAll(req.Body)
			if err != nil {
				return nil, err
			}
			if bytes.Equal(body, bad) {
				return answer(req, 400, `{"error":{"code":400,"status":"INVALID_ARGUMENT","message":"no"}}`)
			}
			again := req.Clone(req.Context())
			again.Body = io.NopCloser(bytes.NewReader(body))
			defer req.Body.Close()
			return wire.next.RoundTrip(again)
		})
		w.begin()
		pass(3 * time.Hour)
		s := w.wantSums()
		if s.FailureCount != 1 || len(s.Failures) != 1 || s.Failures[0].Tries < 3 || s.Failures[0].Next.IsZero() {
			t.Fatalf("%d failures: %+v", s.FailureCount, s.Failures)
		}
		wire.mend()
		n, err := w.watch.Retry(t.Context(), s.Failures[0].Path)
		if n != 1 || err != nil {
			t.Errorf("Retry: %d, %v", n, err)
		}
		pass(time.Minute)
		w.wantAll()
		if s := w.wantSums(); s.FailureCount != 0 || s.Ends[report.Uploaded] != 2 {
			t.Errorf("%d failures, ends %v", s.FailureCount, s.Ends)
		}
	})
}

func TestAPauseOutlivesARestart(t *testing.T) {
	inBubble(t, func(t *testing.T, w *world) {
		w.begin()
		pass(time.Minute)
		if err := w.watch.Pause(t.Context()); err != nil {
			t.Fatal(err)
		}
		w.photo("Pier/x.jpg")
		pass(time.Hour)
		if s := w.wantSums(); s.State != watch.Paused || s.Open != 1 || !s.NextRun.IsZero() {
			t.Errorf("it is %s with %d open, and goes on at %s", s.State, s.Open, s.NextRun)
		}
		if err := w.stop(); err != nil {
			t.Fatal(err)
		}
		w.begin()
		pass(time.Hour)
		w.wantCount(0)
		if err := w.watch.Resume(t.Context()); err != nil {
			t.Fatal(err)
		}
		pass(time.Minute)
		w.wantAll()
		w.wantCount(1)
	})
}

func TestWhatWasThereBeforeCanBeLeftOut(t *testing.T) {
	inBubble(t, func(t *testing.T, w *world) {
		w.job.Initial = watch.Skip
		w.photo("Pier/old.jpg")
		pass(time.Hour)
		w.eyes = nil
		w.begin()
		pass(time.Minute)
		w.wantCount(0)
		w.photo("Pier/new.jpg")
		pass(time.Minute)
		w.wantCount(1)
		if s := w.wantSums(); s.Ends[report.Skipped] != 1 || s.Ends[report.Uploaded] != 1 {
			t.Errorf("ends %v", s.Ends)
		}
		w.kill()
		w.photo("Pier/while it was down.jpg")
		pass(time.Hour)
		w.begin()
		pass(time.Minute)
		w.wantCount(2)
		w.photo("Pier/old.jpg") // is another one now
		pass(time.Minute)
		w.wantCount(3)
		w.wantAll()
	})
}

func TestTwoWatchesOfOneFolderAreRefused(t *testing.T) {
	inBubble(t, func(t *testing.T, w *world) {
		w.begin()
		if _, err := watch.New(w.config(t.Context())); !errors.Is(err, watch.ErrWatched) || !errors.Is(err, pipeline.ErrLocked) {
			t.Errorf("the second one is answered with %v", err)
		}
		if err := w.stop(); err != nil {
			t.Error(err)
		}
		again, err := watch.New(w.config(t.Context()))
		if err != nil {
			t.Fatal(err)
		}
		if err := again.Close(); err != nil {
			t.Error(err)
		}
	})
}

func TestFoldersInOneAnotherAreRefusedUnlessTheInnerIsExcluded(t *testing.T) {
	inBubble(t, func(t *testing.T, w *world) {
		inner := w.job
		inner.Root = w.dir + "/inner"
		if err := os.Mkdir(inner.Root, 0o755); err != nil {
			t.Fatal(err)
		}
		cfg := w.config(t.Context())
		cfg.Jobs = append(cfg.Jobs, inner)
		if _, err := watch.New(cfg); !errors.Is(err, watch.ErrNested) {
			t.Errorf("nested folders: %v", err)
		}
		cfg.Jobs[0].Run.Exclude = []string{"/inner/"}
		again, err := watch.New(cfg)
		if err != nil {
			t.Fatal(err)
		}
		if err := again.Close(); err != nil {
			t.Error(err)
		}
	})
}

// broken writes files that the service will never take.
func (w *world) broken(paths ...string) {
	for _, path := range paths {
		w.write(path, []byte("no photo, whatever it is called"))
	}
}

func TestTheNewestFailureIsShownFirst(t *testing.T) {
	inBubble(t, func(t *testing.T, w *world) {
		w.begin()
		for _, name := range []string{"b", "a", "c"} {
			w.broken("Pier/" + name + ".jpg")
			pass(time.Minute)
		}
		var got []string
		for _, f := range w.wantSums().Failures {
			got = append(got, filepath.Base(f.Path))
		}
		if want := []string{"c.jpg", "a.jpg", "b.jpg"}; !slices.Equal(got, want) {
			t.Errorf("shown are %v, want %v", got, want)
		}
	})
}

// Who deletes a file that will never do shall not read of it for a year.
func TestAFileThatFailedForGoodAndIsGoneIsForgotten(t *testing.T) {
	inBubble(t, func(t *testing.T, w *world) {
		w.begin()
		w.broken("Pier/a.jpg", "Pier/b.jpg")
		pass(10 * time.Minute)
		if s := w.wantSums(); s.FailureCount != 2 {
			t.Fatalf("%d failures", s.FailureCount)
		}
		if err := os.Remove(filepath.Join(w.dir, "Pier/a.jpg")); err != nil {
			t.Fatal(err)
		}
		w.takeAway() // what cannot be seen is not gone
		pass(2 * time.Hour)
		if s := w.wantSums(); s.FailureCount != 2 {
			t.Errorf("%d failures while the root is away", s.FailureCount)
		}
		w.bringBack()
		pass(2 * time.Hour)
		if s := w.wantSums(); s.FailureCount != 1 || s.Ends[report.Failed] != 1 || s.Open != 0 {
			t.Errorf("%d failures, ends %v", s.FailureCount, s.Ends)
		}
	})
}
