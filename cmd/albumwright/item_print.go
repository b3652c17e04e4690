package main

import (
	"bufio"
	"encoding/json"
	"fmt"
	"io"
	"time"
	"unicode/utf8"

	"github.com/urfave/cli/v2"

	"github.com/albumwright/albumwright/internal/report"
	"github.com/albumwright/albumwright/photos"
)

// printOptions say how media items and albums are printed, one after the other: as a line of a table, as JSON, or by a template.
type printOptions struct {
	json   bool
	long   bool // with ids, nothing cut
	null   bool
	format string
}

func printFlags() []cli.Flag {
	return under(ofOutput,
		jsonFlag(),
		&cli.StringFlag{Name: "format", Usage: "print each by this Go `TEMPLATE`, with the names of the API: '{{.filename}} {{.id}}'"},
		&cli.BoolFlag{Name: "long", Aliases: []string{"l"}, Usage: "with its id, and nothing cut short", EnvVars: envVar("long")},
		&cli.BoolFlag{Name: "null", Aliases: []string{"0"}, Usage: "end each with a NUL instead of a line end, as xargs -0 reads it", EnvVars: envVar("null")},
	)
}

func readPrintOptions(c *cli.Context, sample any) (o printOptions, err error) {
	o = printOptions{json: c.Bool("json"), long: c.Bool("long"), null: c.Bool("null"), format: c.String("format")}
	switch {
	case c.IsSet("format") && o.format == "":
		return o, fmt.Errorf("--format is empty")
	case o.format != "" && (o.json || o.long):
		return o, fmt.Errorf("--format says all that is printed: leave out --json and --long")
	case o.format != "":
		_, err = newItemFormat(o.format, sample)
	}
	return o, err
}

// itemPrinter prints to a buffer. It is used by one goroutine.
type itemPrinter struct {
	printOptions
	format itemFormat
	out    *bufio.Writer
	eager  bool // somebody looks at each line
	n      int

	quiet bool
	tell  func() // says how far it is, on stderr
	told  time.Time
}

func (o printOptions) printer(term terminal, sample any) (p *itemPrinter, err error) {
	p = &itemPrinter{printOptions: o, out: bufio.NewWriterSize(term.out, 1<<16), eager: isTerminal(term.out)}
	if o.format != "" {
		p.format, err = newItemFormat(o.format, sample)
	}
	return p, err
}

// mediaItemMessage and albumMessage are the lines of --json: what the service told, under its own names.
type mediaItemMessage struct {
	Type string `json:"message_type"`
	photos.MediaItem
}

type albumMessage struct {
	Type string `json:"message_type"`
	photos.Album
}

func (p *itemPrinter) item(it photos.MediaItem) error {
	return p.print(it, mediaItemMessage{"media_item", it}, func(w io.Writer) { p.itemRow(w, it) })
}

func (p *itemPrinter) album(a photos.Album) error {
	return p.print(a, albumMessage{"album", a}, func(w io.Writer) { p.albumRow(w, a) })
}

// print prints one, in the way that was asked for.
func (p *itemPrinter) print(v, line any, row func(io.Writer)) error {
	p.n++
	switch {
	case p.json:
		text, err := json.Marshal(line)
		if err != nil {
			return err
		}
		_, _ = p.out.Write(text) // a bufio.Writer keeps its error
	case p.printOptions.format != "":
		if err := p.format.print(p.out, v); err != nil {
			return err
		}
	default:
		row(p.out)
	}
	end := byte('\n')
	if p.null {
		end = 0
	}
	if err := p.out.WriteByte(end); err != nil {
		return err
	}
	if p.eager {
		return p.out.Flush()
	}
	p.tellNow()
	return nil
}

// tellNow tells now and then how far it is, where nobody sees the lines.
func (p *itemPrinter) tellNow() {
	if p.quiet || p.tell == nil || p.n%100 != 0 {
		return
	}
	if now := time.Now(); p.told.IsZero() {
		p.told = now
	} else if now.Sub(p.told) >= plainEvery {
		p.told = now
		p.tell()
	}
}

// The widths of a row that fits a terminal of 120 characters.
const (
	nameWidth  = 32
	wordsWidth = 40
)

// itemRow is when it was taken (UTC, as the service tells it), how large it is in pixels, its type, name and description.
func (p *itemPrinter) itemRow(w io.Writer, it photos.MediaItem) {
	taken := "-"
	if m := it.MediaMetadata; !m.CreationTime.IsZero() {
		taken = m.CreationTime.UTC().Format(time.DateTime)
	}
	sides := "-"
	if m := it.MediaMetadata; m.Width != 0 {
		sides = fmt.Sprintf("%dx%d", m.Width, m.Height)
	}
	fmt.Fprintf(w, "%-19s  %-11s  %-15s  ", taken, sides, it.MIMEType)
	if p.long {
		fmt.Fprintf(w, "%s  %s", it.ID, report.Text(it.Filename))
		if it.Description != "" {
			fmt.Fprintf(w, "  %s", report.Text(it.Description))
		}
		return
	}
	name := cut(report.Text(it.Filename), nameWidth)
	if it.Description != "" {
		name = fmt.Sprintf("%-*s  %s", nameWidth, name, cut(report.Text(it.Description), wordsWidth))
	}
	io.WriteString(w, name)
}

// albumRow is how many items it has, and its title.
func (p *itemPrinter) albumRow(w io.Writer, a photos.Album) {
	fmt.Fprintf(w, "%6s  ", comma(int(a.MediaItemsCount)))
	if p.long {
		fmt.Fprintf(w, "%s  ", a.ID)
	}
	io.WriteString(w, report.Text(a.Title))
}

// cut shortens a text to so many characters.
func cut(text string, most int) string {
	if utf8.RuneCountInString(text) <= most {
		return text
	}
	return string([]rune(text)[:most-1]) + "…"
}
