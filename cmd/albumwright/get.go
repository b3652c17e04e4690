package main

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"iter"
	"slices"
	"strings"

	"github.com/urfave/cli/v2"

	"github.com/albumwright/albumwright/internal/report"
	"github.com/albumwright/albumwright/photos"
)

func getCommand(term terminal) *cli.Command {
	return command(cli.Command{
		Name:      "get",
		Usage:     "show media items by their ids",
		ArgsUsage: "ID... | -",
		Description: rowsOfItems +
			"With - ids come from stdin: one on a line, or JSON Lines with an \"id\", as the other commands print them; with -0 each ends with a NUL. 50 ids cost a\n" +
			"request, and one that comes again is left out. An id without an item is named on stderr, and the exit code is 3.\n\n" +
			"   albumwright get AF1abc... AF1def...\n" +
			"   albumwright search --favorite --json | albumwright get --format '{{.baseUrl}}' -",
		Flags: append(readingFlags(), printFlags()...),
		Action: func(c *cli.Context) error {
			o, err := readReadingOptions(c, photos.MediaItem{})
			switch args := c.Args().Slice(); {
			case err != nil:
				return usageError{err}
			case len(args) == 0:
				return usageError{errors.New("no id is given; - reads them from stdin")}
			case slices.Contains(args, ""):
				return usageError{errors.New("an ID is empty: is a variable not set?")}
			}
			ids := givenIDs{args: c.Args().Slice(), in: term.in, null: o.print.null}
			return o.reading(c.Context, "media items", photos.MediaItem{}, term, func(ctx context.Context, r reading) error {
				return r.get(ctx, &ids, term.err)
			})
		},
	})
}

// get prints the items, and names the ids that have none.
func (r reading) get(ctx context.Context, ids *givenIDs, log io.Writer) error {
	failed := false
	for f, err := range r.Get(ctx, ids.all()) {
		switch {
		case err != nil:
			return err
		case f.Err != nil:
			failed = true
			fmt.Fprintf(log, "albumwright: %s: %v\n", cut(report.Text(f.ID), longestShown), f.Err)
		default:
			if err := r.show.item(f.Item); err != nil {
				return err
			}
		}
	}
	if failed {
		return errors.Join(ids.err, errSomeIDs)
	}
	return ids.err
}

// longestShown is how much of a text that is no id is shown: more than any id has.
const longestShown = 120

// givenIDs are the ids on the command line, and those on stdin in the place of a "-".
type givenIDs struct {
	args []string
	in   io.Reader
	null bool  // each ends with a NUL
	err  error // of stdin
}

func (g *givenIDs) all() iter.Seq[string] {
	return func(yield func(string) bool) {
		for entry := range g.entries() {
			if !yield(idIn(entry)) {
				return
			}
		}
	}
}

// entries are what is given, as it is written.
func (g *givenIDs) entries() iter.Seq[string] {
	return func(yield func(string) bool) {
		for _, arg := range g.args {
			if arg != "-" {
				if !yield(arg) {
					return
				}
				continue
			}
			for id := range g.fromStdin() {
				if !yield(id) {
					return
				}
			}
		}
	}
}

// longestEntry bounds one entry on stdin: far more than a media item has in JSON.
const longestEntry = 1 << 20

func (g *givenIDs) fromStdin() iter.Seq[string] {
	return func(yield func(string) bool) {
		entries := bufio.NewScanner(g.in)
		entries.Buffer(nil, longestEntry)
		if g.null {
			entries.Split(byNull)
		}
		for n := 1; entries.Scan(); n++ {
			if text := bytes.TrimSpace(entries.Bytes()); len(text) > 0 && !yield(string(text)) {
				return
			}
		}
		if err := entries.Err(); err != nil {
			g.err = usageError{fmt.Errorf("stdin: %w", err)}
		}
	}
}

// idIn is the id in an entry: of a JSON object that has one, or the entry itself, be it an id or not.
func idIn(entry string) string {
	var object struct {
		ID string `json:"id"`
	}
	if strings.HasPrefix(entry, "{") && json.Unmarshal([]byte(entry), &object) == nil && object.ID != "" {
		return object.ID
	}
	return entry
}

// byNull is bufio.ScanLines for entries that end with a NUL.
func byNull(data []byte, atEOF bool) (advance int, token []byte, err error) {
	if i := bytes.IndexByte(data, 0); i >= 0 {
		return i + 1, data[:i], nil
	}
	if atEOF && len(data) > 0 {
		return len(data), data, nil
	}
	return 0, nil, nil
}
