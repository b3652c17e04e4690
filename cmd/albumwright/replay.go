package main

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"io"
	"log"
	"maps"
	"net"
	"net/http"
	"os"
	"slices"
	"time"

	"github.com/urfave/cli/v2"

	"github.com/albumwright/albumwright/emulator"
	"github.com/albumwright/albumwright/internal/tape"
)

// errNotAsRecorded ends a comparison that has named the differences already.
var errNotAsRecorded = errors.New("not everything is as it was recorded")

// mostShown is how many lines of a list are printed.
const mostShown = 20

func replayCommand(term terminal) *cli.Command {
	return command(cli.Command{
		Name:      "replay",
		Usage:     "answer as was recorded, or compare the emulator with a recording",
		ArgsUsage: "FILE",
		Description: "Answers each request as the recorded one that asks the same was answered, in their order, at once. What is not in the recording is\n" +
			"answered with 404 and a text. Ctrl-C ends it; then it says what was asked in vain and what was never asked, and exits with 7 if\n" +
			"there was anything.\n\n" +
			"   albumwright emulator replay try.jsonl\n" +
			"   albumwright emulator replay --check report.jsonl    does the emulator answer as the recorded service did? 7 if not",
		Flags: []cli.Flag{
			&cli.StringFlag{Name: "listen", Usage: "loopback `ADDRESS` to listen on; port 0 takes a free one", Value: "127.0.0.1:8085", EnvVars: envVar("listen")},
			&cli.BoolFlag{Name: "check", Usage: "ask a fresh emulator everything that was recorded, and list where status and shape of its answers are others"},
		},
		Action: func(c *cli.Context) error {
			file, err := oneFile(c)
			if err != nil {
				return err
			}
			if c.Bool("check") {
				_, ctx, stop := untilSignals(c.Context, func() {})
				defer stop()
				return runCheck(ctx, file, term)
			}
			return runReplay(c.Context, file, c.String("listen"), term)
		},
	})
}

// runReplay answers until ctx ends, then says what did not fit.
func runReplay(ctx context.Context, file, listen string, term terminal) error {
	f, err := os.Open(file)
	if err != nil {
		return err
	}
	defer func() { _ = f.Close() }()
	info, err := f.Stat()
	if err != nil {
		return err
	}
	player, err := tape.Load(f, info.Size())
	if err != nil {
		return usageError{fmt.Errorf("%s: %w", file, err)}
	}
	ln, err := listenLoopback("listen", listen)
	if err != nil {
		return err
	}
	_, ctx, stop := untilSignals(ctx, func() {}) // not before: reading a long recording can be broken off
	defer stop()
	warnTruncated(term.err, file, player.Truncated())
	// Another token each time, so that the import command does not take what was played before for done.
	fmt.Fprintf(term.out, "export ALBUMWRIGHT_ENDPOINT=http://%s %s=replay-%s\n# %d recorded exchanges (Ctrl-C ends the replay)\n",
		ln.Addr(), accessTokenVar, rand.Text(), player.Exchanges())
	if err := servePlayer(ctx, ln, player); err != nil {
		return err
	}
	left, err := player.NeverAsked()
	if err != nil {
		return err
	}
	show(term.err, "Asked, but not in the recording", player.Unexpected())
	show(term.err, "Recorded, but never asked", left)
	if len(left)+len(player.Unexpected()) > 0 {
		return errNotAsRecorded
	}
	fmt.Fprintln(term.err, "Everything that was recorded was asked, and nothing else.")
	return nil
}

func servePlayer(ctx context.Context, ln net.Listener, player *tape.Player) error {
	srv := &http.Server{Handler: player, ReadHeaderTimeout: 10 * time.Second, MaxHeaderBytes: 64 << 10, ErrorLog: log.New(io.Discard, "", 0)}
	stopped := make(chan error, 1)
	cancel := context.AfterFunc(ctx, func() { stopped <- srv.Close() })
	if err := srv.Serve(ln); cancel() {
		return err
	}
	return <-stopped
}

func warnTruncated(out io.Writer, file string, truncated bool) {
	if truncated {
		fmt.Fprintf(out, "albumwright: warning: %s ends in the middle of a line: whoever recorded it was stopped there. What is before is used.\n", file)
	}
}

// show prints the beginning of a list.
func show(out io.Writer, title string, lines []string) {
	if len(lines) == 0 {
		return
	}
	fmt.Fprintf(out, "%s: %d\n", title, len(lines))
	for _, line := range lines[:min(len(lines), mostShown)] {
		fmt.Fprintf(out, "   %s\n", line)
	}
	if more := len(lines) - mostShown; more > 0 {
		fmt.Fprintf(out, "   and %d more\n", more)
	}
}

// runCheck compares a fresh emulator with what was recorded.
func runCheck(ctx context.Context, file string, term terminal) (err error) {
	f, err := os.Open(file)
	if err != nil {
		return err
	}
	defer func() { _ = f.Close() }()
	s, err := startEmulator(emulator.Config{})
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, s.stop()) }()
	out, err := tape.Check(ctx, f, tape.CheckConfig{Transport: s.Transport(), Endpoint: "http://127.0.0.1", AccessToken: s.AccessToken(), Media: madeUpMedia})
	switch {
	case ctx.Err() != nil:
		return errInterrupted
	case err != nil:
		return usageError{fmt.Errorf("%s: %w", file, err)}
	}
	warnTruncated(term.err, file, out.Truncated)
	printCheck(term.out, out)
	if len(out.Differences) > 0 {
		return errNotAsRecorded
	}
	return nil
}

func printCheck(out io.Writer, res tape.CheckResult) {
	for _, d := range res.Differences {
		fmt.Fprintf(out, "line %d: %s\n", d.Line, d.Request)
		for _, what := range d.What {
			fmt.Fprintf(out, "   %s\n", what)
		}
	}
	fmt.Fprintf(out, "%d exchanges compared, %d answered otherwise\n", res.Compared, len(res.Differences))
	for _, why := range slices.Sorted(maps.Keys(res.Skipped)) {
		fmt.Fprintf(out, "%d not compared: %s\n", res.Skipped[why], why)
	}
}
