package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/urfave/cli/v2"

	"github.com/albumwright/albumwright/exif"
	"github.com/albumwright/albumwright/internal/album"
	"github.com/albumwright/albumwright/internal/ledger"
	"github.com/albumwright/albumwright/internal/report"
	"github.com/albumwright/albumwright/pipeline"
)

func templateCommand(term terminal) *cli.Command {
	return command(cli.Command{
		Name:  "template",
		Usage: "try a template for album titles",
		Description: "A template makes an album's title of what is known of a file. In braces stand choices, separated by |; the first that has a value counts.\n" +
			"Text in quotes always has one. If no choice has a value the file has no title, and is in no album by this template.\n\n" +
			"   {date}  {date:%Y-%m}    when it was taken, as 2024-05-18, or with directives of strftime: %Y %y %m %B %b %d %j %A %a %u %G %V %F of the day, " +
			"%H %I %p %M %S %R %T of the time; %-d is %d without its leading zero\n" +
			"   {event}  {event:%F}     when its event began, as 2024-05-18 14:05; where a time of day is shown, --day-start does not move the date\n" +
			"   {folder}  {folder:-2}   the folder that it lies in, the one around it; {folder:1} is the first one below PATH\n" +
			"   {path}  {path:2}        all folders below PATH, or the first two\n" +
			"   {camera} {make} {model} {job} {stem} {ext}\n" +
			"   {folder:upper}          filters: upper, lower, title, trim, max:N, cut:N, replace:OLD:NEW\n" +
			"   {{  }}                  a brace\n\n" +
			"   albumwright template test '{job|event|folder|date:%Y-%m-%d}' ~/Pictures",
		Subcommands: []*cli.Command{templateTestCommand(term)},
	})
}

func templateTestCommand(term terminal) *cli.Command {
	return command(cli.Command{
		Name:      "test",
		Usage:     "show the title that a template gives each file, and why",
		ArgsUsage: "TEMPLATE FILE...",
		Description: "A folder stands for the photos and videos below it, and is the PATH of the template's {path}. Events are those of the files named, without\n" +
			"regard to earlier imports. No service is asked, and nothing is written.\n\n" +
			"   albumwright template test '{event|folder|date:%Y-%m-%d}' ~/Pictures\n" +
			"   albumwright template test --job Harbour '{job}, {date:%B %Y}' IMG_0012.jpg",
		Flags: append(namingFlags(), jsonFlag()),
		Action: func(c *cli.Context) error {
			naming, err := readNaming(c)
			if err != nil {
				return usageError{err}
			}
			if c.NArg() < 2 {
				return usageError{errors.New("name a template and at least one file or folder")}
			}
			rule, err := readRule("album-template", c.Args().First())
			if err != nil {
				return usageError{err}
			}
			names, err := album.Compile([]album.Rule{rule}, naming)
			if err != nil {
				return usageError{err}
			}
			_, ctx, stop := untilSignals(c.Context, func() {})
			defer stop()
			return runTemplateTest(ctx, names, c.Args().Tail(), c.Bool("json"), term)
		},
	})
}

// titled is one file with what rules see of it.
type titled struct {
	shown string // as the user named it
	file  album.File
	shot  ledger.Shot
}

func runTemplateTest(ctx context.Context, names album.Names, paths []string, asJSON bool, term terminal) error {
	files, failed, err := readTitled(ctx, paths, term)
	if errors.Is(err, context.Canceled) {
		return errFactsStopped
	}
	if err != nil {
		return err
	}
	if names.ByEvent() {
		eventsOf(names.EventGap(), files)
	}
	show := printTitle
	if asJSON {
		show = printTitleJSON
	}
	for _, f := range files {
		if err := show(term.out, f, names.Explain(f.file)[0]); err != nil {
			return err
		}
	}
	if failed {
		return errFactsFailed
	}
	return nil
}

// readTitled reads the facts of all files, each as an import of its path would.
func readTitled(ctx context.Context, paths []string, term terminal) (files []titled, failed bool, err error) {
	folders := folderNames{}
	tell := func(path string, err error) {
		failed = true
		fmt.Fprintf(term.err, "albumwright: error: %s: %v\n", path, err)
	}
	for _, root := range paths {
		absolute, err := filepath.Abs(root)
		if err != nil {
			return nil, failed, err
		}
		err = eachFile(ctx, []string{root}, pipeline.Accept, func(path string) error {
			told := readFileFacts(path, folders.siblings(filepath.Dir(path)), exif.Context{Local: time.Local})
			if told.err != nil && !errors.Is(told.err, exif.ErrDamaged) {
				tell(path, told.err)
				return ctx.Err()
			}
			whole, err := filepath.Abs(path)
			f := titled{shown: path, file: pipeline.AlbumFile(absolute, whole, told.facts)}
			f.shot.Captured = f.file.Captured
			if told.facts.Capture.OffsetSource != exif.OffsetUnknown {
				seconds := int(told.facts.Capture.Offset / time.Second)
				f.shot.Offset = &seconds
			}
			files = append(files, f)
			return err
		}, tell)
		if err != nil {
			return nil, failed, err
		}
	}
	return files, failed, nil
}

// eventsOf cuts the events of files.
func eventsOf(gap time.Duration, files []titled) {
	var shots []*titled
	for i := range files {
		if files[i].file.InTime() {
			shots = append(shots, &files[i])
		}
	}
	slices.SortFunc(shots, func(a, b *titled) int { return a.shot.Captured.Compare(b.shot.Captured) })
	next := 0
	cutter := album.EventCutter{Gap: gap, Found: func(s ledger.Stretch) {
		for ; next < len(shots) && !shots[next].shot.Captured.After(s.To); next++ {
			shots[next].file.Event = s.Event
		}
	}}
	for _, f := range shots {
		cutter.Next(f.shot)
	}
	cutter.End()
}

// printTitle shows a title and its sources to people.
func printTitle(w io.Writer, f titled, n album.Named) error {
	title, why := fmt.Sprintf("%q", n.Title), whyTitled(n)
	if n.Title == "" {
		title = "no album"
	}
	if why != "" {
		why = "  (" + why + ")"
	}
	_, err := fmt.Fprintf(w, "%s  %s%s\n", report.Text(f.shown), title, why)
	return err
}

// whyTitled tells which token gave which value.
func whyTitled(n album.Named) string {
	if n.Missing != "" {
		return n.Missing + " has no value"
	}
	var parts []string
	for _, u := range n.Used {
		parts = append(parts, fmt.Sprintf("%s = %q", u.Token, u.Value))
	}
	return strings.Join(parts, ", ")
}

// titleMessage is a line of --json.
type titleMessage struct {
	Type    string       `json:"message_type"`
	Path    string       `json:"path"`
	Title   string       `json:"title"` // "" = no album
	Used    []album.Used `json:"used"`
	Missing string       `json:"missing,omitempty"`
}

func printTitleJSON(w io.Writer, f titled, n album.Named) error {
	out := json.NewEncoder(w)
	out.SetEscapeHTML(false)
	return out.Encode(titleMessage{"title", report.Text(f.shown), n.Title, append([]album.Used{}, n.Used...), n.Missing})
}
