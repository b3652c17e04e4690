package hooks_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/albumwright/albumwright/internal/hooks"
	"github.com/albumwright/albumwright/internal/report"
	"github.com/albumwright/albumwright/internal/watch"
)

// fake is a watch of which only the snapshot is asked.
type fake struct {
	watch.Control
	mu sync.Mutex
	s  watch.Snapshot // guarded by mu
}

func (f *fake) Snapshot() watch.Snapshot {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.s
}

func (f *fake) set(state watch.State, uploaded, failed int, trouble ...watch.Trouble) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.s = watch.Snapshot{State: state, Trouble: trouble, Ends: map[report.End]int{report.Uploaded: uploaded, report.Failed: failed}}
	for i := range failed {
		f.s.Failures = append(f.s.Failures, watch.Failure{Path: fmt.Sprintf("/p/%d.jpg", i)})
	}
}

// ear is a hook that notes what it hears, and when.
type ear struct {
	began time.Time
	heard []string
	news  []hooks.News
	err   error
	takes time.Duration
	mu    sync.Mutex // guards all of it
}

func (e *ear) hook() hooks.Hook {
	return hooks.Hook{Name: "ear", Send: func(ctx context.Context, n hooks.News) error {
		select {
		case <-time.After(e.takes):
		case <-ctx.Done():
			return ctx.Err()
		}
		e.mu.Lock()
		defer e.mu.Unlock()
		e.heard = append(e.heard, fmt.Sprintf("%s %s: %s", time.Since(e.began), n.Kind, n.Text))
		e.news = append(e.news, n)
		return e.err
	}}
}

func (e *ear) want(t *testing.T, want ...string) {
	t.Helper()
	e.mu.Lock()
	defer e.mu.Unlock()
	if diff := cmp.Diff(want, e.heard); diff != "" {
		t.Errorf("heard (-want +got):\n%s", diff)
	}
}

// listen lets ears hear of f until the returned function is called, which gives the log.
func listen(t *testing.T, f *fake, ears ...*ear) (end func() []string) {
	ctx, stop := context.WithCancel(t.Context())
	var log []string
	var all []hooks.Hook
	for _, e := range ears {
		e.began = time.Now()
		all = append(all, e.hook())
	}
	done := make(chan struct{})
	go func() {
		defer close(done)
		hooks.Run(ctx, f, func(line string) { log = append(log, line) }, all...)
	}()
	return func() []string { stop(); <-done; return log }
}

func pass(d time.Duration) {
	time.Sleep(d)
	synctest.Wait()
}

func TestAHookHearsOfBatchesAtMostOnceAMinute(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f, e := &fake{}, &ear{}
		f.set(watch.Sending, 3, 0)
		end := listen(t, f, e)
		pass(6 * time.Second)
		e.want(t) // it goes on
		f.set(watch.Idle, 5, 1)
		pass(5 * time.Second)
		e.want(t, "10s batch: 5 uploaded, 1 failed")
		if n := e.news[0]; n.Ends[report.Uploaded] != 5 || len(n.Failures) != 1 || n.Failures[0].Path != "/p/0.jpg" {
			t.Errorf("news %+v", n)
		}
		for i := range 5 { // a batch each ten seconds
			f.set(watch.Settling, 6+i, 1)
			pass(10 * time.Second)
		}
		f.set(watch.Idle, 20, 1)
		pass(time.Hour)
		e.want(t, "10s batch: 5 uploaded, 1 failed", "1m10s batch: 15 uploaded")
		if log := end(); len(log) > 0 {
			t.Errorf("log %q", log)
		}
		e.want(t, "10s batch: 5 uploaded, 1 failed", "1m10s batch: 15 uploaded")
	})
}

// Where files come all the time, batch follows batch.
func TestAHookHearsOfABatchAlthoughTheNextOneIsUnderWay(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f, e := &fake{}, &ear{}
		end := listen(t, f, e)
		for i := range 10 {
			f.set(watch.Sending, 50*i, 0)
			f.mu.Lock()
			f.s.LastRun = time.Now()
			f.mu.Unlock()
			pass(30 * time.Second)
		}
		if len(e.heard) < 4 {
			t.Errorf("heard only %q in five minutes", e.heard)
		}
		end()
	})
}

func TestWhatNothingCameOfIsNoNews(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f, e := &fake{}, &ear{}
		f.s = watch.Snapshot{State: watch.Idle, Ends: map[report.End]int{report.AlreadyThere: 1000, report.Skipped: 3}}
		end := listen(t, f, e)
		pass(time.Hour)
		end()
		e.want(t)
	})
}

func TestAHookHearsOfTroubleThatLastsAndOfItsEnd(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f, e := &fake{}, &ear{}
		end := listen(t, f, e)
		f.set(watch.Waiting, 0, 0, watch.Trouble{Kind: "network", What: "the service cannot be reached", Since: time.Now()})
		pass(30 * time.Second)
		f.set(watch.Idle, 0, 0)
		pass(10 * time.Minute)
		e.want(t) // a moment without a network
		signIn := watch.Trouble{Kind: "sign-in", What: "the sign-in has ended", Do: "albumwright auth login", Since: time.Now()}
		offline := watch.Trouble{Kind: "offline", What: "/a\x1b is offline", Since: time.Now()}
		for i := range 100 { // its words count on
			signIn.Do = fmt.Sprintf("albumwright auth login, said %d times", i)
			f.set(watch.Waiting, 0, 0, signIn, offline)
			pass(10 * time.Second)
		}
		f.set(watch.Waiting, 0, 0, signIn)
		pass(time.Minute)
		f.set(watch.Idle, 0, 0)
		pass(10 * time.Minute)
		end()
		e.want(t,
			`11m30s trouble: the sign-in has ended (albumwright auth login, said 5 times); /a\x1b is offline`,
			`27m15s recovered: over: /a\x1b is offline`,
			"28m15s recovered: over: the sign-in has ended")
	})
}

func TestAHookThatFailsIsToldLaterWithAllThatItMissed(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f, e := &fake{}, &ear{err: errors.New("the answer was 503")}
		end := listen(t, f, e)
		for i := range 10 * 60 / 2 { // a file each two minutes, for ten hours
			f.set(watch.Idle, i, 0)
			pass(2 * time.Minute)
		}
		if n := len(e.heard); n < 10 || n > 17 {
			t.Errorf("%d tries in ten hours: pauses should double up to an hour", n)
		}
		e.mu.Lock()
		e.err, e.heard = nil, nil
		e.mu.Unlock()
		pass(2 * time.Hour)
		if len(e.news) == 0 || len(e.heard) != 1 || e.news[len(e.news)-1].Text != "299 uploaded" {
			t.Errorf("heard %q in the end, want all in one", e.heard)
		}
		if log := end(); len(log) == 0 || log[0] != "ear: the answer was 503; it is told later" {
			t.Errorf("log %q", log)
		}
	})
}

func TestASlowHookDelaysNoOtherAndNoEnd(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f, slow, quick := &fake{}, &ear{takes: time.Hour}, &ear{}
		f.set(watch.Idle, 1, 0)
		end := listen(t, f, slow, quick)
		pass(10 * time.Second)
		quick.want(t, "5s batch: 1 uploaded")
		f.set(watch.Sending, 2, 0)
		pass(time.Second)
		f.set(watch.Draining, 2, 0)
		began := time.Now()
		log := end()
		if took := time.Since(began); took > hooks.Grace || took < hooks.Grace/2 {
			t.Errorf("the end took %s, want the grace of %s", took, hooks.Grace)
		}
		quick.want(t, "5s batch: 1 uploaded", "11s batch: 1 uploaded") // the last one need not wait for its minute
		if !slices.Contains(log, "ear: context canceled; it is told later") {
			t.Errorf("log %q", log)
		}
	})
}
