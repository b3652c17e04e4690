package main

import (
	"context"
	"errors"
	"fmt"

	"github.com/urfave/cli/v2"

	"github.com/albumwright/albumwright/internal/control"
	"github.com/albumwright/albumwright/internal/supervise"
)

// The commands that tell a running watch something. It is found by the ledger that it works for, so they take the flags that name one.

func pauseCommand(term terminal) *cli.Command {
	return tellingCommand(term, "pause", "paused", (*control.Client).Pause, cli.Command{
		Usage: "let the running watch send nothing more until resume",
		Description: "What is being sent ends first. Folders are watched on, so nothing is missed, and a watch that was paused is still paused after a restart.\n\n" +
			"   albumwright pause\n" +
			"   albumwright pause --account family",
	})
}

func resumeCommand(term terminal) *cli.Command {
	return tellingCommand(term, "resume", "resumed", (*control.Client).Resume, cli.Command{
		Usage:       "let the running watch go on after pause",
		Description: "   albumwright resume",
	})
}

func rescanCommand(term terminal) *cli.Command {
	return tellingCommand(term, "rescan", "told to look at its folders", (*control.Client).Rescan, cli.Command{
		Usage:       "let the running watch look at all its folders now",
		Description: "It does so by itself, too: now and then, and whenever it may have missed something.\n\n   albumwright rescan",
	})
}

// toldLine is what --json prints.
type toldLine struct {
	Type    string `json:"message_type"` // "told"
	Command string `json:"command"`
	PID     int    `json:"pid"`
}

// tellingCommand makes a command that tells the running watch one thing.
func tellingCommand(term terminal, name, done string, tell func(*control.Client, context.Context) error, c cli.Command) *cli.Command {
	c.Name, c.Flags = name, ledgerFlags(jsonFlag())
	c.Action = func(c *cli.Context) error {
		o, err := readLedgerOptions(c)
		if err != nil {
			return usageError{err}
		}
		if c.Args().Present() {
			return unexpected(c, 0)
		}
		w, err := o.runningWatch()
		if err == nil {
			err = tell(w, c.Context)
		}
		if err != nil {
			return err
		}
		if o.json {
			out := newPrinter(term.out)
			out.line(toldLine{"told", name, w.PID})
			return out.err
		}
		_, err = fmt.Fprintf(term.out, "The watch is %s (process %d).\n", done, w.PID)
		return err
	}
	return command(c)
}

// runningWatch finds the watch that works for this ledger; [control.ErrNone] if there is none.
func (o ledgerOptions) runningWatch() (*control.Client, error) {
	path, err := o.path()
	if err != nil {
		return nil, err
	}
	return control.Find(path)
}

// explainControl finds the exit code for what is wrong with calling a watch, and what the user can do; no code if it is something else.
func explainControl(err error) (code int, hint string) {
	switch {
	case errors.Is(err, control.ErrNone):
		return exitUsage, "albumwright watch DIR begins one; if one is running, --account, --endpoint and --state-dir must be those that it was begun with"
	case errors.Is(err, control.ErrRunning):
		return exitLocked, "one watch can look after many folders: name them all, or list them below folders: in the configuration file"
	case errors.Is(err, supervise.ErrStuck):
		return exitUnexpected, "start it again, nothing is lost; the file that the log names says what it was doing"
	case errors.Is(err, control.ErrSilent):
		return exitUnexpected, "it may be stuck: end it and start it again, nothing is lost by that"
	}
	return exitOK, ""
}
