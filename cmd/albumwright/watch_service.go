package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/signal"
	"sync"
	"syscall"

	"github.com/coreos/go-systemd/v22/daemon"
	"golang.org/x/term"

	"github.com/albumwright/albumwright/internal/control"
	"github.com/albumwright/albumwright/internal/hooks"
	"github.com/albumwright/albumwright/internal/supervise"
	"github.com/albumwright/albumwright/internal/watch"
)

// watchService is what is around a watch: the socket for other processes, the service manager, the hooks, and the eye on whether it moves.
type watchService struct {
	server   *control.Server
	hooks    []hooks.Hook
	stateDir string
	log      func(line string)
}

// attend runs a watch, and what is around it as long as it goes on. Stopping is closed when it begins to drain. Reload reads the configuration anew when the
// program is told to. A watch that is stuck for too long is left behind, with [supervise.ErrStuck].
func (s watchService) attend(ctx context.Context, w watch.Control, stopping <-chan struct{}, run func(context.Context) error, reload func() error) error {
	around, end := context.WithCancel(context.WithoutCancel(ctx)) // until the watch has ended, not only until it is told to
	defer end()
	begun := w.Changed()
	ran, stuck := make(chan error, 1), make(chan error, 1)
	go func() { ran <- run(ctx) }()
	go func() { stuck <- supervise.Run(around, w, s.supervision(stopping)) }()
	var others sync.WaitGroup
	others.Go(func() { _ = s.server.Serve(around, w) })
	others.Go(func() { hooks.Run(around, w, s.log, s.hooks...) })
	others.Go(func() { s.onHangup(around, begun, reload) })
	select {
	case err := <-ran:
		end()
		others.Wait()
		return errors.Join(err, <-stuck)
	case err := <-stuck: // whoever asks it waits for ever, too
		return err
	}
}

func (s watchService) supervision(stopping <-chan struct{}) supervise.Config {
	cfg := supervise.Config{Stopping: stopping, Log: s.log, Dump: func() (string, error) { return supervise.Dump(s.stateDir) }}
	if os.Getenv("NOTIFY_SOCKET") != "" {
		cfg.Notify = notify
	}
	var err error
	if cfg.Watchdog, err = daemon.SdWatchdogEnabled(false); err != nil {
		s.log("the service manager's watchdog: " + err.Error())
	}
	return cfg
}

// notify tells the service manager, if there is one.
func notify(state string) error {
	_, err := daemon.SdNotify(false, state)
	return err
}

// onHangup reads the configuration anew at each SIGHUP, as soon as the watch has begun. From a terminal that signal means that the window was closed: there it ends the program, as ever.
func (s watchService) onHangup(ctx context.Context, begun <-chan struct{}, reload func() error) {
	if signal.Ignored(syscall.SIGHUP) || term.IsTerminal(int(os.Stdin.Fd())) {
		return
	}
	hangups := make(chan os.Signal, 1)
	signal.Notify(hangups, syscall.SIGHUP)
	defer signal.Stop(hangups)
	for await(ctx, begun) && await(ctx, hangups) {
		_ = notify(supervise.Reloading())
		if err := reload(); err != nil {
			s.log(fmt.Sprintf("the configuration was not taken, the old one holds: %v", err))
		}
		_ = notify(daemon.SdNotifyReady)
	}
}

// await waits for a channel, and tells whether it spoke before ctx ended.
func await[T any](ctx context.Context, c <-chan T) bool {
	select {
	case <-c:
		return true
	case <-ctx.Done():
		return false
	}
}
