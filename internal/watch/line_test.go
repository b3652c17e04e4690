package watch_test

import (
	"strings"
	"testing"
	"time"

	"github.com/albumwright/albumwright/internal/watch"
)

func TestALineSaysWhatTheWatchIsDoing(t *testing.T) {
	until := time.Date(2026, 3, 4, 8, 0, 0, 0, time.Local)
	quota := watch.Trouble{Kind: "quota", What: "the day's requests are used up", Until: until}
	signIn := watch.Trouble{Kind: "sign-in", What: "the sign-in has ended", Do: "albumwright auth login"}
	offline := watch.Trouble{Kind: "offline", What: "/mnt/card is offline"}
	for _, c := range []struct {
		s    watch.Snapshot
		want string
	}{
		{watch.Snapshot{State: watch.Starting, Folders: []watch.Folder{{Files: 1000}, {Files: 234}}}, "looking at the folders: 1,234 files so far"},
		{watch.Snapshot{State: watch.Idle}, "idle: all that is complete is in the library"},
		{watch.Snapshot{State: watch.Idle, FailureCount: 1}, "idle: all that is complete is in the library; 1 file failed"},
		{watch.Snapshot{State: watch.Settling, Open: 2}, "2 files not complete yet, or waiting for others of their batch"},
		{watch.Snapshot{State: watch.Sending, Open: 51, FailureCount: 1200, Trouble: []watch.Trouble{offline}}, "sending: 51 files on the way; 1,200 files failed; /mnt/card is offline"},
		{watch.Snapshot{State: watch.Waiting, Trouble: []watch.Trouble{quota}}, "waiting until Wed 08:00:00: the day's requests are used up"},
		{watch.Snapshot{State: watch.Waiting, Trouble: []watch.Trouble{signIn, offline, quota}}, "waiting: the sign-in has ended (albumwright auth login); /mnt/card is offline, and 1 more"},
		{watch.Snapshot{State: watch.Paused, Open: 3}, "paused: 3 files on the way"},
		{watch.Snapshot{State: watch.Draining}, "stopping: what is being sent is finished"},
	} {
		if got := c.s.Line(); got != c.want {
			t.Errorf("%s: %q, want %q", c.s.State, got, c.want)
		}
	}
}

// Waiting does not help here: what does is said, and no time.
func TestAnEndedSignInSaysWhatToDoAndNoTime(t *testing.T) {
	inBubble(t, func(t *testing.T, w *world) {
		w.more = func(cfg *watch.Config) { cfg.Hint = func(error) string { return "albumwright auth login" } }
		w.signAs("revoked", "dead")
		w.begin()
		w.photo("Pier/x.jpg")
		pass(time.Hour)
		s := w.wantSums()
		if line := s.Line(); !strings.HasPrefix(line, "waiting: ") || !strings.Contains(line, "(albumwright auth login)") {
			t.Errorf("it says %q", line)
		}
		if !s.NextRun.IsZero() {
			t.Errorf("the next run is said to be at %v", s.NextRun)
		}
	})
}
