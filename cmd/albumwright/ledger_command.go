package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"

	"github.com/urfave/cli/v2"

	"github.com/albumwright/albumwright/internal/ledger"
)

// ledgerCommand is the commands about the ledger as a file.
func ledgerCommand(term terminal) *cli.Command {
	return command(cli.Command{
		Name:  "ledger",
		Usage: "check, back up, ask, export, import and rebuild what albumwright remembers",
		Description: "The ledger is one SQLite file for each endpoint and account. It remembers every file, content and album, so that nothing is sent twice.\n" +
			"All of this but rebuild may be done while an import is under way.\n\n" +
			"   albumwright ledger check\n" +
			"   albumwright ledger backup ~/backups/albumwright-2026-11-22.db\n" +
			"   albumwright ledger query \"SELECT state, count(*) FROM items GROUP BY state\"\n\n" +
			"Never open it for writing with another program: an SQLite older than 3.51.3 can damage it while an import is under way.",
		Subcommands: []*cli.Command{
			ledgerCheckCommand(term), ledgerBackupCommand(term), ledgerQueryCommand(term), ledgerExportCommand(term), ledgerImportCommand(term),
			ledgerRebuildCommand(term), ledgerPathCommand(term),
		},
	})
}

// ledgerAction gives an action the ledger's options, and the one argument that it wants; "" wants none.
func ledgerAction(argument string, do func(ctx context.Context, o ledgerOptions, arg string) error) cli.ActionFunc {
	return func(c *cli.Context) error {
		o, err := readLedgerOptions(c)
		want := 1
		if argument == "" {
			want = 0
		}
		switch n := c.Args().Len(); {
		case err != nil:
			return usageError{err}
		case n < want || want == 1 && c.Args().First() == "":
			return usageError{fmt.Errorf("%s is missing", argument)}
		case n > want:
			return usageError{fmt.Errorf("unexpected argument %q", c.Args().Get(want))}
		}
		return do(c.Context, o, c.Args().First())
	}
}

func ledgerCheckCommand(term terminal) *cli.Command {
	return command(cli.Command{
		Name:  "check",
		Usage: "look whether the ledger is sound",
		Description: "Reads all of it: whether the file holds together, whether every reference leads somewhere, and whether what it says can be.\n" +
			"A million files take half a minute. Exit code 7 if something is wrong.\n\n" +
			"   albumwright ledger check --account family",
		Flags: ledgerFlags(),
		Action: ledgerAction("", func(ctx context.Context, o ledgerOptions, _ string) error {
			err := o.reading(ctx, func(ctx context.Context, r *ledger.Reader) error {
				found, err := r.Check(ctx)
				for _, f := range found {
					fmt.Fprintf(term.out, "wrong: %s\n", f)
				}
				switch {
				case err != nil:
					return err
				case len(found) > 0:
					return errNotSound
				}
				fmt.Fprintln(term.out, "The ledger is sound.")
				return nil
			})
			if errors.Is(err, ledger.ErrDamaged) {
				fmt.Fprintf(term.out, "wrong: %v\n", err)
				return errNotSound
			}
			return err
		}),
	})
}

func ledgerBackupCommand(term terminal) *cli.Command {
	return command(cli.Command{
		Name:      "backup",
		Usage:     "copy the ledger into a new file",
		ArgsUsage: "FILE",
		Description: "The copy is the ledger as of one moment, made while an import goes on, and appears when it is complete. It holds upload tokens: keep it\n" +
			"like the photos. To go back to it, put it where \"albumwright ledger path\" says, while no import is under way.\n\n" +
			"   albumwright ledger backup ~/backups/albumwright-2026-11-22.db",
		Flags: ledgerFlags(),
		Action: ledgerAction("FILE", func(ctx context.Context, o ledgerOptions, file string) error {
			return o.reading(ctx, func(ctx context.Context, r *ledger.Reader) error { return r.Backup(ctx, file) })
		}),
	})
}

func ledgerExportCommand(term terminal) *cli.Command {
	return command(cli.Command{
		Name:      "export",
		Usage:     "write what is known as JSON Lines, without secrets",
		ArgsUsage: "FILE",
		Description: "For other programs, and for \"albumwright ledger import\" on another machine. docs/ledger.md describes the form. FILE - is stdout.\n\n" +
			"   albumwright ledger export ledger.jsonl\n" +
			"   albumwright ledger export - | jq -r 'select(.message_type == \"content\") | .media_item'",
		Flags: ledgerFlags(),
		Action: ledgerAction("FILE", func(ctx context.Context, o ledgerOptions, file string) error {
			return o.reading(ctx, func(ctx context.Context, r *ledger.Reader) error {
				if file == "-" {
					return r.Export(ctx, term.out)
				}
				return r.ExportFile(ctx, file)
			})
		}),
	})
}

func ledgerImportCommand(term terminal) *cli.Command {
	return command(cli.Command{
		Name:      "import",
		Usage:     "make a new ledger of an export",
		ArgsUsage: "FILE",
		Description: "There must be no ledger yet for this endpoint and account; one that is there is never changed. FILE - is stdin. An import run after it makes\n" +
			"no request for what the export knew to be in the service.\n\n" +
			"   albumwright ledger import ledger.jsonl",
		Flags: ledgerFlags(),
		Action: ledgerAction("FILE", func(ctx context.Context, o ledgerOptions, file string) error {
			return importLedger(ctx, o, file, term.in)
		}),
	})
}

func importLedger(ctx context.Context, o ledgerOptions, file string, from io.Reader) error {
	_, ctx, stop := untilSignals(ctx, func() {})
	defer stop()
	if file != "-" {
		f, err := os.Open(file)
		if err != nil {
			return err
		}
		defer func() { _ = f.Close() }()
		from = f
	}
	path, err := o.path()
	if err != nil {
		return err
	}
	if err = ledger.Import(ctx, path, from); errors.Is(err, errInterrupted) {
		return errLookStopped
	}
	return err
}

func ledgerPathCommand(term terminal) *cli.Command {
	return command(cli.Command{
		Name:        "path",
		Usage:       "print where the ledger is",
		Description: "   sqlite3 -readonly \"$(albumwright ledger path)\" .schema",
		Flags:       ledgerFlags(),
		Action: ledgerAction("", func(_ context.Context, o ledgerOptions, _ string) error {
			path, err := o.path()
			if err == nil {
				_, err = fmt.Fprintln(term.out, path)
			}
			return err
		}),
	})
}
