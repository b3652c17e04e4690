package supervise_test

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/albumwright/albumwright/internal/supervise"
	"github.com/albumwright/albumwright/internal/watch"
)

// fake is a watch of which only the snapshot is asked.
type fake struct {
	watch.Control
	mu       sync.Mutex
	snapshot watch.Snapshot // guarded by mu
	hang     chan struct{}  // guarded by mu; nil = it answers
}

func (f *fake) Snapshot() watch.Snapshot {
	f.mu.Lock()
	hang, s := f.hang, f.snapshot
	f.mu.Unlock()
	if hang != nil {
		<-hang
	}
	return s
}

func (f *fake) set(s watch.Snapshot, hang chan struct{}) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.snapshot, f.hang = s, hang
}

// manager is a service manager, and a log. It belongs to the bubble's goroutines in turn.
type manager struct {
	mu     sync.Mutex
	states []string // guarded by mu
	log    []string // guarded by mu
	dumps  int      // guarded by mu
}

func (m *manager) config() supervise.Config {
	return supervise.Config{
		Notify: func(state string) error {
			m.mu.Lock()
			defer m.mu.Unlock()
			m.states = append(m.states, state)
			return nil
		},
		Watchdog: 30 * time.Second,
		Dump:     func() (string, error) { m.mu.Lock(); defer m.mu.Unlock(); m.dumps++; return "/state/dump.txt", nil },
		Log:      func(line string) { m.mu.Lock(); defer m.mu.Unlock(); m.log = append(m.log, line) },
	}
}

// take returns what was told since it was last called, pings counted.
func (m *manager) take() (states []string, pings int) {
	m.mu.Lock()
	defer m.mu.Unlock()
	for _, s := range m.states {
		if s == "WATCHDOG=1" {
			pings++
		} else {
			states = append(states, s)
		}
	}
	m.states = nil
	return states, pings
}

func (m *manager) wantLog(t *testing.T, want ...string) {
	t.Helper()
	m.mu.Lock()
	defer m.mu.Unlock()
	if diff := cmp.Diff(want, m.log); diff != "" {
		t.Errorf("log (-want +got):\n%s", diff)
	}
	m.log = nil
}

func pass(d time.Duration) {
	time.Sleep(d)
	synctest.Wait()
}

// begin supervises f until the returned function is called, which returns Run's error.
func begin(t *testing.T, f *fake, cfg supervise.Config) (end func() error) {
	ctx, stop := context.WithCancel(t.Context())
	done := make(chan error, 1)
	go func() { done <- supervise.Run(ctx, f, cfg) }()
	synctest.Wait()
	return func() error { stop(); return <-done }
}

func TestAServiceManagerIsToldHowAWatchIsDoing(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f, m := &fake{}, &manager{}
		cfg := m.config()
		stopping := make(chan struct{})
		cfg.Stopping = stopping
		end := begin(t, f, cfg)
		pass(time.Minute)
		if states, pings := m.take(); len(states) > 0 || pings > 0 {
			t.Errorf("it was told %q, and %d pings, before anything began", states, pings)
		}
		f.set(watch.Snapshot{State: watch.Starting}, nil)
		pass(10 * time.Second)
		f.set(watch.Snapshot{State: watch.Sending, Open: 2, Trouble: []watch.Trouble{{What: "/a\nREADY=0 is offline"}}}, nil)
		pass(time.Minute)
		states, pings := m.take()
		want := []string{"READY=1", "STATUS=looking at the folders: 0 files so far", `STATUS=sending: 2 files on the way; /a\nREADY=0 is offline`}
		if diff := cmp.Diff(want, states); diff != "" || pings != 7 {
			t.Errorf("%d pings, want one each 10 s; told otherwise:\n%s", pings, diff)
		}
		close(stopping)
		synctest.Wait()
		if states, _ := m.take(); !slices.Equal(states, []string{"STOPPING=1"}) {
			t.Errorf("at the end it was told %q", states)
		}
		pass(time.Minute)
		if states, pings := m.take(); len(states) > 0 || pings != 6 {
			t.Errorf("while it drains: %q, %d pings", states, pings)
		}
		if err := end(); err != nil {
			t.Error(err)
		}
		m.wantLog(t)
	})
}

func TestAWatchThatDoesNotAnswerIsNoticedAndGetsNoPing(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f, m := &fake{}, &manager{}
		f.set(watch.Snapshot{State: watch.Idle}, nil)
		end := begin(t, f, m.config())
		pass(time.Minute)
		m.take()
		hang := make(chan struct{})
		f.set(watch.Snapshot{State: watch.Idle}, hang)
		pass(time.Minute)
		if states, pings := m.take(); pings > 0 || !slices.Equal(states, []string{"STATUS=stuck: it does not say what it is doing"}) {
			t.Errorf("%d pings, told %q", pings, states)
		}
		m.wantLog(t, "the watch is stuck: it does not say what it is doing; what all its parts are doing: /state/dump.txt")
		f.set(watch.Snapshot{State: watch.Idle}, nil)
		close(hang)
		pass(time.Minute)
		if states, pings := m.take(); pings < 5 || !slices.Equal(states, []string{"STATUS=idle: all that is complete is in the library"}) {
			t.Errorf("after it went on: %d pings, told %q", pings, states)
		}
		m.wantLog(t, "the watch moves again")
		if m.dumps != 1 {
			t.Errorf("%d dumps, want one", m.dumps)
		}
		if err := end(); err != nil {
			t.Error(err)
		}
	})
}

func TestAWatchThatCallsItselfStalledGetsNoPing(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f, m := &fake{}, &manager{}
		f.set(watch.Snapshot{State: watch.Sending, Trouble: []watch.Trouble{{Kind: "stalled", What: "nothing has moved for 5 minutes"}}}, nil)
		end := begin(t, f, m.config())
		pass(5 * time.Minute)
		if _, pings := m.take(); pings > 0 {
			t.Errorf("%d pings", pings)
		}
		m.wantLog(t, "the watch is stuck: nothing has moved for 5 minutes; what all its parts are doing: /state/dump.txt")
		if err := end(); err != nil {
			t.Errorf("%v: it answers, so it is not given up", err)
		}
	})
}

func TestAWatchThatNeverAnswersAgainIsGivenUp(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f, m := &fake{}, &manager{}
		hang := make(chan struct{})
		f.set(watch.Snapshot{State: watch.Idle}, hang)
		cfg := m.config()
		cfg.Notify, cfg.Watchdog = nil, 0 // without a service manager, too
		began := time.Now()
		err := supervise.Run(t.Context(), f, cfg)
		if took := time.Since(began); !errors.Is(err, supervise.ErrStuck) || took < supervise.GiveUp || took > supervise.GiveUp+2*supervise.Pulse {
			t.Errorf("%v after %s", err, took)
		}
		close(hang)
	})
}

func TestAServiceManagerThatCannotBeToldIsNoTrouble(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f, m := &fake{}, &manager{}
		f.set(watch.Snapshot{State: watch.Idle}, nil)
		cfg := m.config()
		cfg.Notify = func(string) error { return errors.New("connection refused") }
		end := begin(t, f, cfg)
		pass(time.Hour)
		if err := end(); err != nil {
			t.Error(err)
		}
		m.wantLog(t, "the service manager cannot be told how it goes: connection refused")
	})
}

func TestADumpSaysWhatIsDoneAndWithNothing(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "state")
	var last string
	for range 5 {
		path, err := waitWithASecret(dir, "ya29.a-secret-token", 4711)
		if err != nil {
			t.Fatal(err)
		}
		last = path
	}
	text, err := os.ReadFile(last)
	if err != nil || !strings.Contains(string(text), "waitWithASecret(...)") || strings.Contains(string(text), "0x1267") || strings.Contains(string(text), "ya29") {
		t.Errorf("%v, want functions without what they were called with:\n%s", err, text)
	}
	if info, err := os.Stat(last); err != nil || info.Mode().Perm()&0o077 != 0 {
		t.Errorf("others may read it: %v, %v", info.Mode(), err)
	}
	if found, _ := filepath.Glob(filepath.Join(dir, "*")); len(found) > 3 || !slices.Contains(found, last) {
		t.Errorf("%d files, want at most 3 with the newest", len(found))
	}
}

//go:noinline
func waitWithASecret(dir, token string, n int) (string, error) {
	path, err := supervise.Dump(dir)
	if n == 0 {
		return token, err
	}
	return path, err
}
