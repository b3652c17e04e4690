package main

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"time"

	"github.com/urfave/cli/v2"

	"github.com/albumwright/albumwright/exif"
	"github.com/albumwright/albumwright/internal/media"
)

func factsCommand(term terminal) *cli.Command {
	return command(cli.Command{
		Name:      "facts",
		Usage:     "show what photos and videos say about themselves",
		ArgsUsage: "PATH...",
		Description: "Shows of each file when it was taken and how well that is known, the camera, the place, the owner's words, and the record\n" +
			"that each value comes from: just what an import goes by. Sidecars beside a file (.xmp, Google Takeout's .json) are read too.\n" +
			"A folder stands for the files below it, without hidden ones and links. Nothing is changed, and no service is asked.\n\n" +
			"   albumwright facts IMG_0001.HEIC\n" +
			"   albumwright facts --json ~/Pictures | jq -r 'select(.capture == null) | .path'\n\n" +
			"With --json each line is one object; new fields may be added. A capture time has no zone if the zone is not known.",
		Flags: []cli.Flag{
			&cli.BoolFlag{Name: "json", Usage: "one JSON object a line", EnvVars: envVar("json")},
			&cli.StringFlag{Name: "timezone", Usage: "the `ZONE` where the photos were taken that do not say it, such as Europe/Oslo", EnvVars: envVar("timezone")},
			&cli.StringFlag{Name: "time-shift", Usage: "the `SHIFT` to add to the times of a camera whose clock was wrong, such as -1:00 or +0:03:20", EnvVars: envVar("time-shift")},
			&cli.StringFlag{Name: "video-time", Usage: "the `CLOCK` that cameras write into the headers of MP4 and MOV: utc, as they should, or local", Value: "utc", EnvVars: envVar("video-time")},
		},
		Action: func(c *cli.Context) error {
			view, err := readFactsView(c)
			if err != nil {
				return usageError{err}
			}
			if !c.Args().Present() {
				return usageError{errors.New("name at least one file or folder")}
			}
			_, ctx, stop := untilSignals(c.Context, func() {})
			defer stop()
			return runFacts(ctx, c.Args().Slice(), view, term)
		},
	})
}

// readFactsView makes the owner's choices of the flags.
func readFactsView(c *cli.Context) (v factsView, err error) {
	v.json = c.Bool("json")
	v.context.Local = time.Local
	if name := c.String("timezone"); name != "" {
		if v.context.Zone, err = time.LoadLocation(name); err != nil {
			return v, fmt.Errorf("--timezone %s: no such zone; use a name such as Europe/Oslo or UTC", name)
		}
		v.context.Local = v.context.Zone
	}
	if v.context.Shift, err = parseShift(c.String("time-shift")); err != nil {
		return v, err
	}
	switch how := c.String("video-time"); how {
	case "utc":
	case "local":
		v.context.VideoLocal = true
	default:
		return v, fmt.Errorf("--video-time %s: must be utc or local", how)
	}
	return v, nil
}

// parseShift reads "+1:00", "-0:03:20" or "2:00".
func parseShift(s string) (time.Duration, error) {
	if s == "" {
		return 0, nil
	}
	digits, minus := strings.CutPrefix(s, "-")
	parts := strings.Split(strings.TrimPrefix(digits, "+"), ":")
	var d time.Duration
	for i, unit := range []time.Duration{time.Hour, time.Minute, time.Second} {
		if i >= len(parts) {
			break
		}
		n, err := strconv.ParseUint(parts[i], 10, 20)
		if err != nil || i > 0 && n >= 60 {
			return 0, fmt.Errorf("--time-shift %s: must be hours and minutes, such as -1:00 or +0:03:20", s)
		}
		d += time.Duration(n) * unit
	}
	if len(parts) < 2 || len(parts) > 3 {
		return 0, fmt.Errorf("--time-shift %s: must be hours and minutes, such as -1:00 or +0:03:20", s)
	}
	if minus {
		d = -d
	}
	return d, nil
}

// factsView is how facts are resolved and shown.
type factsView struct {
	json    bool
	context exif.Context // without name, time and sidecars
}

// runFacts shows the facts of files, folder by folder. What cannot be read is told and does not keep the others from being shown.
func runFacts(ctx context.Context, paths []string, view factsView, term terminal) error {
	show := printFacts
	if view.json {
		show = printFactsJSON
	}
	folders := folderNames{}
	failed := false
	err := eachFile(ctx, paths, notASidecar, func(path string) error {
		if err := ctx.Err(); err != nil {
			return err
		}
		told := readFileFacts(path, folders.siblings(filepath.Dir(path)), view.context)
		failed = failed || told.err != nil
		return show(term.out, told)
	}, func(path string, err error) {
		failed = true
		fmt.Fprintf(term.err, "albumwright: error: %s: %v\n", path, err)
	})
	switch {
	case errors.Is(err, context.Canceled):
		return errFactsStopped
	case err == nil && failed:
		return errFactsFailed
	}
	return err
}

// errFactsStopped ends a command in the middle.
var errFactsStopped = errors.New("stopped by a signal")

// errFactsFailed ends a command that showed what it could.
var errFactsFailed = errors.New("some files are damaged or could not be read")

// folderNames remembers the sidecars of the folder that was asked for last: files come folder by folder.
type folderNames map[string]*exif.Siblings

func (n folderNames) siblings(dir string) *exif.Siblings {
	if s, ok := n[dir]; ok {
		return s
	}
	clear(n)
	entries, _ := os.ReadDir(dir) // a folder that may not be listed: its files have no sidecars for us
	names := make([]string, len(entries))
	for i, e := range entries {
		names[i] = e.Name()
	}
	n[dir] = exif.NewSiblings(names)
	return n[dir]
}

// fileFacts is what is known of one file.
type fileFacts struct {
	path     string
	opened   bool // the file could be opened; if not, err says why
	size     int64
	modified time.Time
	media    media.Type
	known    bool // media is set
	mismatch media.Mismatch
	facts    exif.Facts
	sidecars []string // those that were read
	err      error    // the file is damaged, or cannot be read
}

// readFileFacts reads a file and its sidecars, and resolves what they say.
func readFileFacts(path string, beside *exif.Siblings, choices exif.Context) (told fileFacts) {
	told.path = path
	f, info, err := openRegular(path)
	if err != nil {
		told.err = err
		return told
	}
	defer func() { _ = f.Close() }()
	told.opened, told.size, told.modified = true, info.Size(), info.ModTime()
	head := make([]byte, min(told.size, 4<<10))
	n, _ := f.ReadAt(head, 0) // what cannot be read is reported by exif.Read
	told.media, told.mismatch, told.known = media.Detect(path, head[:n])
	told.facts, told.err = exif.Read(f, told.size)
	c := choices
	c.Name, c.ModTime = filepath.Base(path), told.modified
	for _, sidecar := range beside.Of(c.Name) {
		if sidecar.Name == c.Name { // an .xmp file, asked for itself
			continue
		}
		s, err := readSidecar(filepath.Join(filepath.Dir(path), sidecar.Name), sidecar)
		if errors.Is(err, exif.ErrNotSidecar) {
			continue
		}
		told.err = errors.Join(told.err, err)
		if s.Kind != "" && s.Fits(c.Name) {
			c.Sidecars = append(c.Sidecars, s)
			told.sidecars = append(told.sidecars, sidecar.Name)
		}
	}
	told.facts = exif.Resolve(told.facts, c)
	return told
}

func readSidecar(path string, sidecar exif.SidecarFile) (exif.Sidecar, error) {
	f, _, err := openRegular(path)
	if err != nil {
		return exif.Sidecar{}, err
	}
	defer func() { _ = f.Close() }()
	s, err := sidecar.Read(f)
	if err != nil && !errors.Is(err, exif.ErrNotSidecar) {
		err = fmt.Errorf("%s: %w", path, err)
	}
	return s, err
}

// openRegular opens a file, and no pipe or device, which could keep us waiting for ever.
func openRegular(path string) (*os.File, fs.FileInfo, error) {
	info, err := os.Stat(path)
	switch {
	case err != nil:
		return nil, nil, err
	case !info.Mode().IsRegular():
		return nil, nil, fmt.Errorf("%s: not a regular file", path)
	}
	f, err := os.Open(path)
	return f, info, err
}
