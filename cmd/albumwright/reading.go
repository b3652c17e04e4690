package main

import (
	"context"
	"errors"
	"fmt"
	"runtime/debug"
	"time"

	"github.com/urfave/cli/v2"

	"github.com/albumwright/albumwright/internal/library"
	"github.com/albumwright/albumwright/photos"
)

// readingOptions are what all commands that read the library have: albums, ls, search, get.
type readingOptions struct {
	service  serviceOptions
	stateDir string
	print    printOptions
	tries    int
	limit    int    // 0 = all
	from     string // page token; "" = from the first page
	quiet    bool
}

// readingFlags connect to the library.
func readingFlags() []cli.Flag {
	return append(askingFlags(), stateDirFlag(),
		&cli.IntFlag{Name: "tries", Category: ofPace, Usage: "a call is given up after `N` tries", Value: 7, EnvVars: envVar("tries")},
		&cli.BoolFlag{Name: "quiet", Category: ofOutput, Aliases: []string{"q"}, Usage: "no progress, no count at the end", EnvVars: envVar("quiet")},
	)
}

// listingFlags are of what is listed page by page.
func listingFlags() []cli.Flag {
	return under(ofSearch,
		&cli.IntFlag{Name: "limit", Usage: "no more than `N`; 0 = all"},
		&cli.StringFlag{Name: "from", Usage: "go on with this `PAGE`, which the hint of a listing that broke off names"},
	)
}

// readReadingOptions reads them. Sample is what will be printed, with nothing in it.
func readReadingOptions(c *cli.Context, sample any) (o readingOptions, err error) {
	o = readingOptions{stateDir: c.String("state-dir"), tries: c.Int("tries"), limit: c.Int("limit"), from: c.String("from"), quiet: c.Bool("quiet")}
	if o.print, err = readPrintOptions(c, sample); err != nil {
		return o, err
	}
	if o.service, err = readServiceOptions(c); err != nil {
		return o, err
	}
	switch {
	case o.stateDir == "":
		return o, errors.New("--state-dir is needed: there is no home folder where the day's requests could be counted")
	case o.tries < 1 || o.tries > 50:
		return o, fmt.Errorf("--tries %d: must be between 1 and 50", o.tries)
	case o.limit < 0:
		return o, fmt.Errorf("--limit %d: must be 0 (all) or more", o.limit)
	}
	return o, nil
}

// reading is one such command at work.
type reading struct {
	*library.Reader
	show *itemPrinter
}

// reading connects, does it, and says what it cost. What names what is printed. Ctrl-C breaks it off.
func (o readingOptions) reading(ctx context.Context, what string, sample any, term terminal, do func(context.Context, reading) error) error {
	_, ctx, stop := untilSignals(ctx, func() {})
	defer stop()
	debug.SetGCPercent(garbage)
	show, err := o.print.printer(term, sample)
	if err != nil {
		return usageError{err}
	}
	wait := func(reason string, until time.Time) {
		_ = show.out.Flush() // whoever waits sees all that there is
		if left := time.Until(until).Round(time.Second); left > 0 && !o.quiet {
			fmt.Fprintf(term.err, "albumwright: waiting %s: %s\n", left, reason)
		}
	}
	show.quiet = o.quiet
	err = o.service.asking(ctx, o.stateDir, wait, term, func(client *photos.Client) error {
		r := reading{&library.Reader{Client: client, Tries: o.tries, Wait: wait, From: o.from}, show}
		show.tell = func() {
			fmt.Fprintf(term.err, "albumwright: %s %s in %s\n", comma(show.n), what, requests(r.Requests()))
		}
		err := do(ctx, r)
		if err := errors.Join(err, show.out.Flush()); err != nil {
			return err
		}
		if !o.quiet {
			show.tell()
		}
		return nil
	})
	if err != nil && ctx.Err() != nil {
		return errLookStopped
	}
	return err
}

// garbage is how much of it may lie about, in percent of what is in use. A page is soon read and forgotten; half of the usual keeps a listing of a million items
// below 50 MB, as TestAListingHoldsNoLibraryInMemory measures.
const garbage = 50

// errSomeIDs ends a command that found some of what it was asked for.
var errSomeIDs = errors.New("some ids have no media item; each was named above")

// explainReading finds the exit code for what is wrong with a listing or a name, and what the user can do; no code if it is something else.
func explainReading(err error) (code int, hint string) {
	page := (*photos.PageError)(nil)
	switch {
	case errors.Is(err, errSomeIDs):
		return exitSomeFailed, ""
	case errors.Is(err, photos.ErrSharingClosed):
		return exitUnexpected, "no sign-in opens them; share an album by hand in Google Photos"
	case errors.Is(err, library.ErrNoAlbum), errors.Is(err, library.ErrSeveralAlbums):
		return exitUsage, "albumwright albums --long lists them with their ids"
	case errors.Is(err, photos.ErrPageToken):
		return exitUsage, "a --from is good for the very command whose hint named it, and not for long; leave it out to begin anew"
	case errors.As(err, &page) && page.Token != "":
		if code, hint = explainService(err); code == exitTryLater {
			hint = "what was printed stands; the same command goes on behind it with --from " + page.Token
		}
		return code, hint
	}
	return exitOK, ""
}

func requests(n int) string {
	if n == 1 {
		return "1 request"
	}
	return comma(n) + " requests"
}
