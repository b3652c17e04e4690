package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"path/filepath"

	"github.com/urfave/cli/v2"

	"github.com/albumwright/albumwright/internal/control"
	"github.com/albumwright/albumwright/pipeline"
)

// commandRetry is what the ledger calls a run of this command.
const commandRetry = "retry"

func retryCommand(term terminal) *cli.Command {
	return command(cli.Command{
		Name:      commandRetry,
		Usage:     "try the files again that failed",
		ArgsUsage: "[PATH]",
		Description: "Takes the files that failed in earlier runs, and those that were skipped because their album was deleted in the service, unless\n" +
			"--on-missing-album says to leave such albums alone; no others. Each goes into the album that it was wanted in. Those that the service\n" +
			"refused for what they are would be refused again, and are left out unless --all is given. albumwright status shows what failed and why.\n" +
			"While a watch is running, it is told to do so, with what the service refused too; then PATH may name one file.\n\n" +
			"Examples:\n" +
			"   albumwright retry\n" +
			"   albumwright retry --all          also what the service would not have",
		Flags: append(runFlags(), &cli.BoolFlag{Name: "all", Usage: "also files that the service refused for what they are", EnvVars: envVar("all")}),
		Action: func(c *cli.Context) error {
			if c.Args().Len() > 1 {
				return unexpected(c, 1)
			}
			o, err := readRunOptions(c)
			if err != nil {
				return usageError{err}
			}
			w, err := o.ledger().runningWatch()
			if err == nil {
				return retryByWatch(c, w, term.out)
			}
			if !errors.Is(err, control.ErrNone) {
				return err
			}
			if c.Args().Present() {
				return usageError{fmt.Errorf("unexpected argument %q: no watch is running, and without one retry takes all files that failed; albumwright import PATH "+
					"tries one", c.Args().First())}
			}
			return o.carryOut(c.Context, o.pipelineConfig(commandRetry), term, func(ctx context.Context, cfg pipeline.Config) (pipeline.Report, error) {
				return pipeline.Retry(ctx, cfg, c.Bool("all"))
			})
		},
	})
}

// retriedLine is what --json prints where a watch tries again.
type retriedLine struct {
	Type  string `json:"message_type"` // "retried"
	Files int    `json:"files"`
	PID   int    `json:"pid"`
}

// retryByWatch tells the running watch to try again: it has the files, and its own flags.
func retryByWatch(c *cli.Context, w *control.Client, out io.Writer) (err error) {
	path := c.Args().First()
	if path != "" {
		if path, err = filepath.Abs(path); err != nil {
			return err
		}
	}
	n, err := w.Retry(c.Context, path)
	switch {
	case err != nil:
		return err
	case n == 0 && path != "":
		return usageError{fmt.Errorf("%s is no file that failed", path)}
	case c.Bool("json"):
		p := newPrinter(out)
		p.line(retriedLine{"retried", n, w.PID})
		return p.err
	}
	_, err = fmt.Fprintf(out, "The watch (process %d) tries %s again.\n", w.PID, cmp.Or(path, countOf(n, "file")))
	return err
}
