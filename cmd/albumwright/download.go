package main

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/urfave/cli/v2"

	"github.com/albumwright/albumwright/internal/album"
	"github.com/albumwright/albumwright/internal/download"
	"github.com/albumwright/albumwright/internal/library"
	"github.com/albumwright/albumwright/photos"
)

// downloadOptions is what the download command was asked.
type downloadOptions struct {
	readingOptions
	album  string                // title or id
	search *photos.SearchRequest // nil = no filter
	ids    []string              // "-" for those on stdin
	config download.Config
}

func downloadCommand(term terminal) *cli.Command {
	return command(cli.Command{
		Name:      "download",
		Usage:     "bring media items back to a folder",
		ArgsUsage: "[ID... | -]",
		Description: "What is downloaded is an album, what passes some filters, or items by their ids; with - these come from stdin, one on a line, or as JSON Lines of the\n" +
			"other commands. Run it again and it goes on, in mid-file for large ones, and leaves alone what is there. Nothing in the folder is ever overwritten.\n" +
			"An item's own words go into a sidecar, NAME.xmp, which import reads; a file's time is that of the shot.\n\n" +
			"   albumwright download --to ~/Garden --album Garden --path-template '{filename}'\n" +
			"   albumwright download --to ~/Summer --date 2024-06..2024-08 --type photo --path-template '{date:%Y/%m}/{filename}'\n" +
			"   albumwright ls --album Garden --json | albumwright download --to D - && albumwright import D --account two --album Garden\n" +
			"   albumwright search --favorite --json | albumwright download --to Small --width 1024 --height 1024 -\n\n" +
			"It is not the bytes that were uploaded that come back: photos come without the place where they were taken, and videos anew encoded.",
		Flags: append(append(append(filterFlags(), readingFlags()...), downloadFlags()...), jsonFlag()),
		Action: func(c *cli.Context) error {
			o, err := readDownloadOptions(c)
			if err != nil {
				return usageError{err}
			}
			return o.run(c.Context, term)
		},
	})
}

func downloadFlags() []cli.Flag {
	return []cli.Flag{
		&cli.StringFlag{Name: "to", Usage: "the `DIR`; it is made if it is not there", EnvVars: envVar("to"), TakesFile: true},
		&cli.StringFlag{Name: "album", Usage: "this album, by its `TITLE` or id"},
		&cli.StringFlag{Name: "path-template", Usage: "`TEMPLATE` of the path below the folder; the tokens are album, camera, date:FORMAT (UTC), ext, filename, id, make, model, number, stem and type", Value: download.DefaultPath, EnvVars: envVar("path-template")},
		&cli.StringFlag{Name: "transfers", Usage: fmt.Sprintf("`N` loads at a time, or auto for %d", download.DefaultTransfers), Value: "auto", EnvVars: envVar("transfers")},
		&cli.IntFlag{Name: "width", Usage: "pictures of at most so many `PIXELS` instead of all there is, of videos too", EnvVars: envVar("width")},
		&cli.IntFlag{Name: "height", Usage: "the same in height, in `PIXELS`", EnvVars: envVar("height")},
		&cli.BoolFlag{Name: "crop", Usage: "cut them to exactly --width and --height", EnvVars: envVar("crop")},
		&cli.StringFlag{Name: "motion", Usage: "`WHICH` part of a photo that moves: still, video or both; but for still each photo costs a load more", Value: string(download.MotionStill), EnvVars: envVar("motion")},
		&cli.DurationFlag{Name: "wait-videos", Usage: "the `TIME` to wait at the end for videos that the service is still processing; 0 = none", Value: download.DefaultWaitVideos, EnvVars: envVar("wait-videos")},
		&cli.BoolFlag{Name: "dry-run", Aliases: []string{"n"}, Usage: "say what would be downloaded, and load nothing", EnvVars: envVar("dry-run")},
	}
}

func readDownloadOptions(c *cli.Context) (o downloadOptions, err error) {
	if o.readingOptions, err = readReadingOptions(c, photos.MediaItem{}); err != nil {
		return o, err
	}
	o.album, o.ids = c.String("album"), c.Args().Slice()
	if err := o.readWhat(c); err != nil {
		return o, err
	}
	path, err := album.ParsePath(c.String("path-template"))
	if err != nil {
		return o, fmt.Errorf("--path-template: %w", err)
	}
	transfers, err := readTransfers(c.String("transfers"))
	if err != nil {
		return o, err
	}
	o.config = download.Config{
		Dir: c.String("to"), Path: path, Motion: download.Motion(c.String("motion")), Transfers: transfers, Tries: o.tries,
		WaitVideos: c.Duration("wait-videos"), DryRun: c.Bool("dry-run"),
	}
	if o.config.WaitVideos == 0 {
		o.config.WaitVideos = -1
	}
	switch o.config.Motion {
	case download.MotionStill, download.MotionVideo, download.MotionBoth:
	default:
		return o, fmt.Errorf("--motion %q: must be still, video or both", o.config.Motion)
	}
	switch {
	case o.config.Dir == "":
		return o, errors.New("--to is missing: name the folder")
	case c.Duration("wait-videos") < 0:
		return o, errors.New("--wait-videos must not be negative")
	}
	return o, o.readPicture(c)
}

// readWhat reads what is to be downloaded: one of three things.
func (o *downloadOptions) readWhat(c *cli.Context) error {
	given := 0
	for _, is := range []bool{c.IsSet("album"), len(filtersGiven(c)) > 0, len(o.ids) > 0} {
		if is {
			given++
		}
	}
	switch {
	case given == 0:
		return errors.New("nothing to download: give --album, a filter such as --date, ids, or - for those on stdin; albumwright ls --json | albumwright download --to DIR - takes all")
	case given > 1:
		return errors.New("--album, filters and ids exclude each other: the service searches the library or lists an album")
	case c.IsSet("album") && o.album == "":
		return errors.New("--album is empty")
	}
	for _, id := range o.ids {
		if id == "" {
			return errors.New("an ID is empty: is a variable not set?")
		}
	}
	if c.IsSet("album") || len(o.ids) > 0 {
		return nil
	}
	in, err := readFilters(c)
	o.search = &in
	return err
}

// readPicture reads the size of pictures. One side alone bounds only that side.
func (o *downloadOptions) readPicture(c *cli.Context) error {
	width, height, crop := c.IsSet("width"), c.IsSet("height"), c.Bool("crop")
	switch {
	case !width && !height && !crop:
		return nil
	case crop && !(width && height):
		return errors.New("--crop needs --width and --height")
	case o.config.Motion != download.MotionStill:
		return errors.New("--motion and sizes exclude each other: a picture does not move")
	}
	p := download.Picture{Width: photos.MaxSide, Height: photos.MaxSide, Crop: crop}
	for flag, side := range map[string]*int{"width": &p.Width, "height": &p.Height} {
		if c.IsSet(flag) {
			*side = c.Int(flag)
		}
		if *side < 1 || *side > photos.MaxSide {
			return fmt.Errorf("--%s %d: must be between 1 and %d", flag, *side, photos.MaxSide)
		}
	}
	o.config.Picture = p
	return nil
}

// run connects, downloads, and tells how it went.
func (o downloadOptions) run(ctx context.Context, term terminal) error {
	ctx, intake, stop := untilSignals(ctx, func() {})
	defer stop()
	counts := &download.Progress{}
	show := newDownloadProgress(term.err, o.quiet || o.print.json, counts)
	defer show.end()
	out := newPrinter(term.out)
	cfg := o.config
	cfg.Intake, cfg.Progress, cfg.Wait = intake, counts, show.waiting
	cfg.Observe = func(it download.Item) {
		if o.print.json {
			out.line(downloadedLine{"item", it})
		} else if cfg.DryRun {
			printForeseen(term.out, it)
		}
	}
	var rep download.Report
	err := o.service.fetching(ctx, o.stateDir, show.waiting, term, func(client *photos.Client, fetcher *photos.Fetcher) (err error) {
		lib := &library.Reader{Client: client, Tries: o.tries, Wait: show.waiting}
		cfg.Fetcher = fetcher
		if cfg.Items, cfg.Album, err = o.items(ctx, intake, lib, term.in, show); err != nil {
			return err
		}
		context.AfterFunc(intake, func() {
			if ctx.Err() == nil && !o.quiet {
				fmt.Fprintln(term.err, "albumwright: stopping: what was begun is finished; Ctrl-C again leaves at once")
			}
		})
		rep, err = download.Run(ctx, cfg)
		return err
	})
	show.end()
	if rep.Ends == nil { // it did not begin
		return err
	}
	o.tell(term, out, rep)
	if err == nil {
		err = out.err
	}
	if err == nil && rep.Ends[download.Failed] > 0 {
		return errSomeFailed
	}
	return err
}

// explainDownload finds the exit code for what is wrong with a folder, and what the user can do; no code if it is something else.
func explainDownload(err error) (code int, hint string) {
	switch {
	case errors.Is(err, download.ErrLocked):
		return exitLocked, "wait for it to end, or stop it"
	case errors.Is(err, download.ErrNewer):
		return exitUsage, "use the version of albumwright that wrote it, or a later one, or another folder"
	case errors.Is(err, download.ErrFolder):
		return exitUsage, "it needs free space, and must be a folder that this user may write to; then run the same command again, it goes on where it ended"
	}
	return exitOK, ""
}

// newDownloadProgress shows how far a download is, and how long it will take once it is known how many items there are: an album tells that, a search when the end of
// its listing is in sight, and ids on stdin when all of them were read. Until then it is a number with a plus, and a rate.
func newDownloadProgress(out interface{ Write([]byte) (int, error) }, quiet bool, counts *download.Progress) *verifyProgress {
	p := &verifyProgress{what: "download", out: out, stop: make(chan struct{})}
	var items rate
	p.text = func(now time.Time) string {
		done, total, bytes, more := counts.Done.Load(), max(counts.Found.Load(), p.expected.Load()), counts.Bytes.Load(), ""
		if !p.all.Load() {
			more = "+"
		}
		p.bytes.at(now, bytes)
		items.at(now, done)
		line := fmt.Sprintf("%-9s %s/%s%s items  %s  %s/s", p.what, comma(int(done)), comma(int(total)), more, size(bytes), size(int64(p.bytes.perSecond(now))))
		switch perSecond := items.perSecond(now); {
		case perSecond <= 0:
		case more != "":
			line += fmt.Sprintf("  %.1f items/s", perSecond)
		case total > done:
			line += "  ETA " + eta(total-done, perSecond)
		}
		return line
	}
	return p.begin(quiet)
}
