package main

import (
	"context"
	"fmt"

	"github.com/urfave/cli/v2"

	"github.com/albumwright/albumwright/pipeline"
)

// commandRetry is what the ledger calls a run of this command.
const commandRetry = "retry"

func retryCommand(term terminal) *cli.Command {
	return command(cli.Command{
		Name:  commandRetry,
		Usage: "try the files again that failed",
		Description: "Takes the files that failed in earlier runs, and those that were skipped because their album was deleted in the service, unless\n" +
			"--on-missing-album says to leave such albums alone; no others. Each goes into the album that it was wanted in. Those that the service\n" +
			"refused for what they are would be refused again, and are left out unless --all is given. albumwright status shows what failed and why.\n\n" +
			"Examples:\n" +
			"   albumwright retry\n" +
			"   albumwright retry --all          also what the service would not have",
		Flags: append(runFlags(), &cli.BoolFlag{Name: "all", Usage: "also files that the service refused for what they are", EnvVars: envVar("all")}),
		Action: func(c *cli.Context) error {
			if c.Args().Present() {
				return usageError{fmt.Errorf("unexpected argument %q: retry takes all files that failed, whatever their folder", c.Args().First())}
			}
			o, err := readRunOptions(c)
			if err != nil {
				return usageError{err}
			}
			return o.carryOut(c.Context, o.pipelineConfig(commandRetry), term, func(ctx context.Context, cfg pipeline.Config) (pipeline.Report, error) {
				return pipeline.Retry(ctx, cfg, c.Bool("all"))
			})
		},
	})
}
