// Package supervise sees to it that somebody notices when a watch is stuck, and tells the service manager, where there is one, how the watch is doing.
//
// Both hang on one question: what is in the watch's snapshot? A watch that answers it, and does not call itself stalled, moves. No answer, no ping.
package supervise

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/coreos/go-systemd/v22/daemon"

	"github.com/albumwright/albumwright/internal/report"
	"github.com/albumwright/albumwright/internal/watch"
)

// ErrStuck ends a watch that has not answered for [GiveUp].
var ErrStuck = errors.New("the watch is stuck")

const (
	// Pulse is how often a watch is asked, at the least.
	Pulse = 10 * time.Second
	// Patience is how long no answer, or nothing that moves, is nothing to speak of: a disk that wakes up takes ten seconds.
	Patience = 30 * time.Second
	// GiveUp is how long a watch may not answer until it is ended, for somebody to start it again: what it has in its memory is worth nothing.
	GiveUp = 10 * time.Minute
)

// Config says whom to tell.
type Config struct {
	// Notify tells the service manager; nil = there is none. It is called from one goroutine.
	Notify func(state string) error
	// Watchdog is how long the service manager waits for a sign of life before it kills; 0 = for ever.
	Watchdog time.Duration
	// Stopping is closed when the watch begins to drain.
	Stopping <-chan struct{}
	// Dump writes down what all goroutines are doing, and says where.
	Dump func() (place string, err error)
	// Log takes what a person should know.
	Log func(line string)
}

// Run asks w until ctx ends, or until it gives it up with an [ErrStuck].
func Run(ctx context.Context, w watch.Control, cfg Config) error {
	s := &supervisor{Config: cfg, pulse: Pulse, stopping: cfg.Stopping}
	if cfg.Watchdog > 0 {
		s.pulse = min(Pulse, cfg.Watchdog/3)
	}
	tick := time.NewTicker(s.pulse)
	defer tick.Stop()
	answers := make(chan watch.Snapshot, 1)
	ask := func() {
		s.asked = true
		go func() { answers <- w.Snapshot() }()
	}
	for ask(); ; {
		select {
		case snapshot := <-answers:
			s.answered(snapshot)
		case <-tick.C:
			if !s.asked {
				ask()
			} else if err := s.unanswered(); err != nil {
				return err
			}
		case <-s.stopping:
			s.stopping = nil
			s.notify(daemon.SdNotifyStopping)
		case <-ctx.Done():
			return nil
		}
	}
}

// supervisor is what is known of a watch. It belongs to the goroutine of Run.
type supervisor struct {
	Config
	pulse    time.Duration
	stopping <-chan struct{} // nil once it was told
	asked    bool            // and not answered yet
	missed   int             // pulses in a row without an answer: they do not count while the machine sleeps
	stuck    bool            // and it was said
	stalled  int             // answers in a row that it is
	ready    bool            // the service manager knows
	said     string          // the last status
	deaf     bool            // the service manager could not be told
}

// answered takes a sign of life.
func (s *supervisor) answered(snapshot watch.Snapshot) {
	s.asked, s.missed = false, 0
	if snapshot.State == "" { // it has not begun
		return
	}
	if !s.ready {
		s.ready = true
		s.notify(daemon.SdNotifyReady)
	}
	if line := report.Text(snapshot.Line()); line != s.said {
		s.said = line
		s.notify("STATUS=" + line)
	}
	i := slices.IndexFunc(snapshot.Trouble, func(t watch.Trouble) bool { return t.Kind == "stalled" })
	if i < 0 {
		s.moves()
		return
	}
	if s.stalled++; s.lasts(s.stalled) >= Patience {
		s.isStuck(snapshot.Trouble[i].What)
	}
}

// moves is a watch at work.
func (s *supervisor) moves() {
	s.stalled = 0
	if s.Watchdog > 0 {
		s.notify(daemon.SdNotifyWatchdog)
	}
	if s.stuck {
		s.stuck = false
		s.Log("the watch moves again")
	}
}

// unanswered takes a pulse without an answer.
func (s *supervisor) unanswered() error {
	s.missed++
	if s.lasts(s.missed) >= Patience {
		s.isStuck("it does not say what it is doing")
	}
	if s.lasts(s.missed) >= GiveUp {
		return fmt.Errorf("%w: it has not said for %s what it is doing", ErrStuck, GiveUp)
	}
	return nil
}

// lasts is how long some pulses take.
func (s *supervisor) lasts(pulses int) time.Duration { return time.Duration(pulses) * s.pulse }

// isStuck says so, once.
func (s *supervisor) isStuck(why string) {
	if s.stuck {
		return
	}
	s.stuck = true
	place, err := s.Dump()
	if err != nil {
		place = err.Error()
	}
	s.Log(fmt.Sprintf("the watch is stuck: %s; what all its parts are doing: %s", why, place))
	s.notify("STATUS=stuck: " + report.Text(why))
	s.said = ""
}

func (s *supervisor) notify(state string) {
	if s.Notify == nil {
		return
	}
	if err := s.Notify(state); err != nil && !s.deaf {
		s.deaf = true
		s.Log("the service manager cannot be told how it goes: " + err.Error())
	}
}
