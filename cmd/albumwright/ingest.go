package main

import (
	"cmp"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"github.com/urfave/cli/v2"

	"github.com/albumwright/albumwright/internal/card"
	"github.com/albumwright/albumwright/internal/ingest"
	"github.com/albumwright/albumwright/internal/offload"
	"github.com/albumwright/albumwright/pipeline"
)

// ingestOptions is what the ingest command was asked.
type ingestOptions struct {
	runOptions
	albumOptions
	captions []pipeline.Captions
	config   ingest.Config // without its card, its history, and what sends
	upload   bool
	require  bool // the service is asked again, and its answer counts
	eject    bool
	mount    string // "" = look for one
}

func ingestCommand(term terminal) *cli.Command {
	return command(cli.Command{
		Name:      "ingest",
		Usage:     "copy what is new on a camera's card, prove the copies, upload, and say whether the card can be formatted",
		ArgsUsage: "[MOUNT]",
		Description: "Finds the card by its folders (DCIM, PRIVATE, AVCHD, ...) where systems mount such things, or takes the path. Nothing is ever written to the card.\n" +
			"The last line is SAFE TO FORMAT: yes only if every file that is on the card now was read back, past the page cache, from all copies that were\n" +
			"asked for; or SAFE TO FORMAT: no, with the reasons before it, and exit code 7. Pull the card or stop at any time: the next ingest goes on.\n\n" +
			"   albumwright ingest --copy-to ~/Pictures --copy-to /mnt/backup --album-by event\n" +
			"   albumwright ingest --copy-to /nas/photos --path-template '{date:%Y/%Y-%m-%d} {job}/{name}' --job Regatta /media/me/EOS_DIGITAL\n" +
			"   albumwright ingest --copy-to ~/Pictures --require-upload --report last.html --eject\n" +
			"   albumwright ingest --copy-to ~/Pictures --no-upload --manifest --mhl\n\n" +
			"--report writes what its ending says: .json with every file, .html for people, .txt.",
		Flags: ingestFlags(),
		Action: func(c *cli.Context) error {
			o, err := readIngestOptions(c)
			if err != nil {
				return usageError{err}
			}
			return runIngest(c.Context, o, term)
		},
	})
}

func ingestFlags() []cli.Flag {
	return append(append(runFlags(), albumFlags()...),
		captionsFlag(),
		repeatable("copy-to", "", "a `DIR` that gets a copy of every file; may be repeated, each a place of its own"),
		&cli.StringFlag{Name: "path-template", Usage: "`TEMPLATE` of the path below each folder; the tokens are camera, card, date:FORMAT, ext, folder, job, make, model, name and stem", Value: ingest.DefaultPath, EnvVars: envVar("path-template")},
		&cli.StringFlag{Name: "verify", Usage: "the `DEPTH` to which copies are proved: size; hash, read back; full, read back past the page cache, and the card read again. Only full can end with yes", Value: string(offload.Full), EnvVars: envVar("verify")},
		&cli.IntFlag{Name: "places", Usage: "each file must have a verified copy in `N` folders for a yes; 0 = in all", EnvVars: envVar("places")},
		&cli.BoolFlag{Name: "no-upload", Usage: "only copy", EnvVars: envVar("no-upload")},
		&cli.StringFlag{Name: "upload-from", Usage: "the `SOURCE` of what is sent, the first copy, or the card itself: copy, card", Value: "copy", EnvVars: envVar("upload-from")},
		&cli.BoolFlag{Name: "require-upload", Usage: "ask the service at the end whether it has every file, 50 in a request; without its yes there is no yes", EnvVars: envVar("require-upload")},
		&cli.BoolFlag{Name: "manifest", Usage: "leave a list for sha256sum -c in each folder", EnvVars: envVar("manifest")},
		&cli.BoolFlag{Name: "mhl", Usage: "add a generation to the ASC MHL history of each folder", EnvVars: envVar("mhl")},
		&cli.BoolFlag{Name: "eject", Usage: "unmount the card at the end, whatever the verdict", EnvVars: envVar("eject")},
		&cli.BoolFlag{Name: "dry-run", Aliases: []string{"n"}, Usage: "say what is new; copy, send and write nothing", EnvVars: envVar("dry-run")},
	)
}

func readIngestOptions(c *cli.Context) (o ingestOptions, err error) {
	if o.runOptions, err = readRunOptions(c); err != nil {
		return o, err
	}
	if o.albumOptions, err = readAlbumOptions(c); err != nil {
		return o, err
	}
	if o.captions, err = readCaptions(c); err != nil {
		return o, err
	}
	if c.Args().Len() > 1 {
		return o, fmt.Errorf("unexpected argument %q: one card at a time", c.Args().Get(1))
	}
	o.mount, o.eject, o.require, o.upload = c.Args().First(), c.Bool("eject"), c.Bool("require-upload"), !c.Bool("no-upload")
	o.config = ingest.Config{
		Depth: offload.Depth(c.String("verify")), Places: c.Int("places"), DryRun: c.Bool("dry-run"), FromCard: c.String("upload-from") == "card",
		Manifest: c.Bool("manifest"), MHL: c.Bool("mhl"), Maker: ingest.Maker{Tool: "albumwright", Version: version()},
	}
	o.config.Maker.Host, _ = os.Hostname()
	if o.config.Path, err = ingest.ParseNaming(c.String("path-template"), o.naming.Job, o.naming.DayStart); err != nil {
		return o, fmt.Errorf("--path-template: %w", err)
	}
	if err := o.readFolders(c); err != nil {
		return o, err
	}
	return o, o.valid(c)
}

// readFolders reads the destinations. A link is followed: two names of one folder are one place.
func (o *ingestOptions) readFolders(c *cli.Context) error {
	for _, dir := range textsOf(c, "copy-to") {
		if dir == "" {
			return errors.New("a --copy-to is empty: is a variable not set?")
		}
		abs, err := filepath.Abs(dir)
		if err != nil {
			return err
		}
		o.config.Dests = append(o.config.Dests, resolved(abs))
	}
	return nil
}

// resolved follows links as far as a path exists.
func resolved(path string) string {
	if real, err := filepath.EvalSymlinks(path); err == nil || filepath.Dir(path) == path {
		return cmp.Or(real, path)
	}
	return filepath.Join(resolved(filepath.Dir(path)), filepath.Base(path))
}

func (o ingestOptions) valid(c *cli.Context) error {
	if err := o.config.Depth.Valid(); err != nil {
		return fmt.Errorf("--verify: %w", err)
	}
	if o.reportFile != "" {
		if err := ingest.ValidReport(o.reportFile); err != nil {
			return fmt.Errorf("--report %w", err)
		}
	}
	copies := len(o.config.Dests)
	switch from := c.String("upload-from"); {
	case from != "copy" && from != "card":
		return fmt.Errorf("--upload-from %q: must be copy or card", from)
	case !o.upload && copies == 0:
		return errors.New("nothing to do: --no-upload needs a --copy-to")
	case !o.upload && (o.require || o.config.FromCard):
		return errors.New("--no-upload contradicts --require-upload and --upload-from")
	case o.config.Places < 0 || o.config.Places > copies:
		return fmt.Errorf("--places %d: there are %d folders to copy to", o.config.Places, copies)
	case (o.config.Manifest || o.config.MHL) && copies == 0:
		return errors.New("--manifest and --mhl are lists of copies: there is no --copy-to")
	}
	return nil
}

// find finds the card: the one that is named, or the only one that is there.
func (o ingestOptions) find(fsys offload.FS) (card.Card, error) {
	if o.mount != "" {
		abs, err := filepath.Abs(o.mount)
		if err != nil {
			return card.Card{}, err
		}
		return card.At(fsys, resolved(abs)) // by whatever name, it is the same card
	}
	cards, err := card.Find(fsys)
	switch {
	case err != nil:
		return card.Card{}, err
	case len(cards) == 0:
		return card.Card{}, errNoCards
	case len(cards) > 1:
		var mounts []string
		for _, c := range cards {
			mounts = append(mounts, c.Mount)
		}
		return card.Card{}, usageError{fmt.Errorf("there are %d cards: name one of %s", len(cards), strings.Join(mounts, ", "))}
	}
	return cards[0], nil
}

var (
	errNoCards = errors.New("no card of a camera is mounted where systems mount them")
	errNotSafe = errors.New("the card is not safe to format; the report says why")
)

// unsentError is what ended the sending of an ingest whose verdict is no: it says what to do, and the verdict is the exit code.
type unsentError struct{ error }

// Unwrap gives the cause.
func (e unsentError) Unwrap() error { return e.error }

// explainIngest finds the exit code for what ended an ingest, and what the user can do; no code if it is something else.
func explainIngest(err error) (code int, hint string) {
	switch {
	case errors.Is(err, errInterrupted):
		return exitOK, ""
	case errors.Is(err, offload.ErrGone):
		return exitGone, "what was copied is kept: put the card back, and run the same command again"
	case errors.Is(err, errNoCards):
		return exitGone, "name the folder it is mounted at: albumwright ingest MOUNT"
	case errors.Is(err, card.ErrNoCard):
		return exitUsage, "name the folder that has the camera's folders in it"
	case errors.Is(err, offload.ErrFull) && errors.Is(err, errNotSafe):
		return exitVerify, "make room, then run the same command again; it goes on where it ended"
	case errors.Is(err, ingest.ErrOnePlace):
		return exitUsage, "name folders that are two places, or only one of them"
	case errors.Is(err, errNotSafe):
		if unsent := (unsentError{}); errors.As(err, &unsent) {
			_, hint = explain(unsent.error)
		}
		return exitVerify, hint
	case errors.Is(err, ingest.ErrLocked):
		return exitLocked, "wait for it to end, or stop it"
	case errors.Is(err, ingest.ErrHistory):
		return exitUsage, "it needs a folder on a local disk with free space, which this user may write to; --state-dir names another one"
	}
	return exitOK, ""
}
