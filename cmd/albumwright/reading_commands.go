package main

import (
	"context"
	"errors"
	"fmt"
	"iter"

	"github.com/urfave/cli/v2"

	"github.com/albumwright/albumwright/photos"
)

// What rows look like, in the descriptions of all commands that print them.
const rowsOfItems = "A line has the time that the service believes (UTC), the size in pixels, the type, the name and the description; --long has the id too.\n"

func albumsCommand(term terminal) *cli.Command {
	return command(cli.Command{
		Name:  "albums",
		Usage: "list the albums that this app made",
		Description: "A line has the number of items and the title; --long has the id too. 50 albums cost a request. --json gives JSON Lines with the API's own names.\n\n" +
			"   albumwright albums\n" +
			"   albumwright albums --format '{{.title}}' -0 | xargs -0 -n1 echo",
		Flags: append(append(readingFlags(), append(printFlags(), listingFlags()...)...),
			&cli.BoolFlag{Name: "shared", Usage: "those that are shared instead; the service has closed them to apps since 31 March 2025"}),
		Action: func(c *cli.Context) error {
			o, err := readReadingOptions(c, photos.Album{})
			if err != nil {
				return usageError{err}
			}
			if c.Args().Present() {
				return unexpected(c, 0)
			}
			return o.reading(c.Context, "albums", photos.Album{}, term, func(ctx context.Context, r reading) error {
				if !c.Bool("shared") {
					return printAll(r.Albums(ctx), o.limit, r.show.album)
				}
				return printAll(r.SharedAlbums(ctx), o.limit, r.show.album)
			})
		},
	})
}

func lsCommand(term terminal) *cli.Command {
	return command(cli.Command{
		Name:  "ls",
		Usage: "list the library, newest first, or an album in its own order",
		Description: rowsOfItems +
			"Only what this app created is shown, and in the library nothing that is archived. 100 items cost a request, a title one for each 50 albums.\n\n" +
			"   albumwright ls --limit 20\n" +
			"   albumwright ls --album Garden --json | jq -r .filename\n" +
			"   albumwright ls --format '{{.mediaMetadata.creationTime}} {{.filename}}'",
		Flags: append(append(readingFlags(), append(printFlags(), listingFlags()...)...),
			&cli.StringFlag{Name: "album", Usage: "this album, by its `TITLE` or id"}),
		Action: func(c *cli.Context) error {
			o, err := readReadingOptions(c, photos.MediaItem{})
			switch {
			case err != nil:
				return usageError{err}
			case c.Args().Present():
				return usageError{fmt.Errorf("unexpected argument %q: albumwright ls --album %[1]q lists an album", c.Args().First())}
			case c.IsSet("album") && c.String("album") == "":
				return usageError{errors.New("--album is empty")}
			}
			return o.reading(c.Context, "media items", photos.MediaItem{}, term, func(ctx context.Context, r reading) error {
				return r.list(ctx, c.String("album"), o.limit)
			})
		},
	})
}

// list prints the library, or an album.
func (r reading) list(ctx context.Context, titleOrID string, limit int) error {
	if titleOrID == "" {
		return printAll(r.Items(ctx), limit, r.show.item)
	}
	album, err := r.Album(ctx, titleOrID)
	if err != nil {
		return err
	}
	return printAll(r.InAlbum(ctx, album.ID), limit, r.show.item)
}

func searchCommand(term terminal) *cli.Command {
	return command(cli.Command{
		Name:  "search",
		Usage: "find media items by date, content, type and mark",
		Description: rowsOfItems +
			"What passes all filters is shown, newest first. --date and --category may be repeated, and then one of them is enough. Without a capture date an item\n" +
			"matches no date. The service searches the library or lists an album (albumwright ls --album), never both.\n\n" +
			"   albumwright search --date 2024-07 --date 2024-01-01..2024-03-31 --type video\n" +
			"   albumwright search --date 07-01 --oldest-first          every first of July\n" +
			"   albumwright search --category pets --not-category people --favorite --json",
		Flags: append(append(append(filterFlags(), readingFlags()...), append(printFlags(), listingFlags()...)...),
			&cli.StringFlag{Name: "album", Usage: "refused, with what to do instead", Hidden: true}),
		Action: func(c *cli.Context) error {
			o, err := readReadingOptions(c, photos.MediaItem{})
			if err != nil {
				return usageError{err}
			}
			in, err := readSearch(c)
			if err != nil {
				return usageError{err}
			}
			if in.Filters.DateFilter != nil && !o.quiet {
				fmt.Fprintln(term.err, "albumwright: warning: an item without a capture date matches no --date")
			}
			return o.reading(c.Context, "media items", photos.MediaItem{}, term, func(ctx context.Context, r reading) error {
				return printAll(r.Search(ctx, in), o.limit, r.show.item)
			})
		},
	})
}

// readSearch refuses a search of nothing, and one of an album.
func readSearch(c *cli.Context) (in photos.SearchRequest, err error) {
	given := filtersGiven(c)
	switch {
	case c.Args().Present():
		return in, fmt.Errorf("unexpected argument %q: filters are flags, and the service finds no words", c.Args().First())
	case c.IsSet("album"):
		return in, errors.New("--album: the service searches the library or lists an album, never both; albumwright ls --album lists it")
	case len(given) == 0:
		return in, errors.New("there is no filter; albumwright ls lists the whole library")
	}
	return readFilters(c)
}

// printAll prints a listing to its end, or as much of it as is wanted.
func printAll[T any](list iter.Seq2[T, error], limit int, print func(T) error) error {
	n := 0
	for v, err := range list {
		if err != nil {
			return err
		}
		if err := print(v); err != nil {
			return err
		}
		if n++; n == limit {
			break
		}
	}
	return nil
}
