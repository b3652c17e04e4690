package main

import (
	"errors"
	"fmt"
	"io"

	"github.com/urfave/cli/v2"

	"github.com/albumwright/albumwright/internal/tape"
)

// recordOptions says where the exchange with the service is written down.
type recordOptions struct {
	file  string // "" = nowhere
	words bool   // with the user's own words
}

func recordFlags() []cli.Flag {
	return under(ofService,
		&cli.StringFlag{Name: "record", Usage: "write every exchange with the service to this `FILE`, for a trouble report: without secrets, photos, and words of yours", EnvVars: envVar("record"), TakesFile: true},
		&cli.BoolFlag{Name: "record-words", Usage: "with --record: keep your file names, descriptions, titles and places", EnvVars: envVar("record-words")},
	)
}

func readRecordOptions(c *cli.Context) (recordOptions, error) {
	o := recordOptions{file: c.String("record"), words: c.Bool("record-words")}
	switch {
	case c.IsSet("record") && o.file == "":
		return o, errors.New("--record is empty")
	case o.words && o.file == "":
		return o, errors.New("--record-words: there is no --record")
	}
	return o, nil
}

// begin starts the recording; nil: there is none.
func (o recordOptions) begin() (*tape.Recorder, error) {
	if o.file == "" {
		return nil, nil
	}
	rec, err := tape.Create(o.file, tape.Config{Program: "albumwright/" + version(), Words: o.words})
	if err != nil {
		return nil, usageError{fmt.Errorf("recording to %s: %w", o.file, err)}
	}
	return rec, nil
}

// end says what is missing. It changes nothing about how a run has ended.
func (o recordOptions) end(rec *tape.Recorder, out io.Writer) {
	if err := rec.Close(); err != nil {
		fmt.Fprintf(out, "albumwright: warning: %s: %v\n", o.file, err)
	}
}

func recordCommand(term terminal) *cli.Command {
	return command(cli.Command{
		Name:      "record",
		Usage:     "run the emulator and write every exchange to a file",
		ArgsUsage: "FILE",
		Description: "The file has a JSON object on each line. Secrets are left out, media are told by length and SHA-256, and your own words (file\n" +
			"names, descriptions, titles, places) are blanked unless there is --words. Another recording is overwritten, any other file is not.\n\n" +
			"   albumwright emulator record try.jsonl --faults plan.jsonl\n\n" +
			"The exchange with the service itself is recorded by   albumwright import --record FILE",
		Flags: append(append(emulatorFlags(), tlsFlags()...),
			&cli.BoolFlag{Name: "words", Usage: "keep file names, descriptions, titles and places", EnvVars: envVar("record-words")}),
		Action: func(c *cli.Context) error {
			file, err := oneFile(c)
			if err != nil {
				return err
			}
			opts, err := readEmulatorOptions(c)
			if err != nil {
				return usageError{err}
			}
			return runRecord(c, recordOptions{file, c.Bool("words")}, opts, term)
		},
	})
}

func runRecord(c *cli.Context, o recordOptions, opts emulatorOptions, term terminal) error {
	rec, err := o.begin()
	if err != nil {
		return err
	}
	opts.config.Around = rec.Handler
	_, ctx, stop := untilSignals(c.Context, func() {})
	defer stop()
	err = runEmulator(ctx, opts, term.out)
	return errors.Join(err, rec.Close())
}

// oneFile is the argument of record and replay.
func oneFile(c *cli.Context) (string, error) {
	switch file := c.Args().First(); {
	case file == "":
		return "", usageError{errors.New("name the FILE of the recording")}
	case c.NArg() > 1:
		return "", usageError{fmt.Errorf("unexpected argument %q", c.Args().Get(1))}
	default:
		return file, nil
	}
}
