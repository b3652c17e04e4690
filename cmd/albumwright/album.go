package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"strings"

	"github.com/urfave/cli/v2"

	"github.com/albumwright/albumwright/internal/albumedit"
	"github.com/albumwright/albumwright/pipeline"
)

// albumEditOptions is what an album command was asked.
type albumEditOptions struct {
	runOptions
	edit   pipeline.AlbumEdit
	dryRun bool
}

func albumCommand(term terminal) *cli.Command {
	return command(cli.Command{
		Name:  "album",
		Usage: "change an album: its title, its cover, what is in it",
		Description: "An album is named by its title or its id. Only albums that this app made can be changed. --dry-run says which calls would be made.\n\n" +
			"Examples:\n" +
			"   albumwright album rename \"Trip 7\" \"Summer in Norway\"\n" +
			"   albumwright album cover --best \"Summer in Norway\"\n" +
			"   albumwright album add \"Best of\" ~/Pictures/2024/*.jpg\n" +
			"   albumwright album remove \"Best of\" ~/Pictures/2024/IMG_0012.jpg",
		Subcommands: []*cli.Command{albumRenameCommand(term), albumCoverCommand(term), albumAddCommand(term), albumRemoveCommand(term)},
	})
}

func albumRenameCommand(term terminal) *cli.Command {
	return albumEditCommand(term, cli.Command{
		Name:      "rename",
		Usage:     "give an album another title",
		ArgsUsage: "TITLE|ID NEW",
		Description: "Rules go on to name it as they did: what a folder \"Trip 7\" was imported into stays the album of that folder, whatever it is called now, and\n" +
			"shares it with what is imported as the new title later. It is found by both titles. A title that another album has, or by which rules name\n" +
			"another one, is refused.\n\n" +
			"Examples:\n" +
			"   albumwright album rename \"Trip 7\" \"Summer in Norway\"\n" +
			"   albumwright album rename --dry-run \"Trip 7\" \"Summer in Norway\"",
	}, func(c *cli.Context) (edit pipeline.AlbumEdit, err error) {
		if c.NArg() != 2 || c.Args().Get(1) == "" {
			return edit, errors.New("name the album and its new title")
		}
		edit.Rename = c.Args().Get(1)
		return edit, nil
	})
}

func albumCoverCommand(term terminal) *cli.Command {
	return albumEditCommand(term, cli.Command{
		Name:      "cover",
		Usage:     "choose an album's cover",
		ArgsUsage: "TITLE|ID --first|--best|--file PATH|--item ID",
		Description: "The best is the file with the most stars, in its sidecar or itself; of several, or if none has any, the first in the album.\n\n" +
			"Examples:\n" +
			"   albumwright album cover --best \"Summer in Norway\"\n" +
			"   albumwright album cover \"Summer in Norway\" --file ~/Pictures/IMG_0047.jpg",
		Flags: []cli.Flag{
			&cli.BoolFlag{Name: "first", Usage: "the first item in the album", EnvVars: envVar("first")},
			&cli.BoolFlag{Name: "best", Usage: "the best rated", EnvVars: envVar("best")},
			&cli.StringFlag{Name: "file", Usage: "this `FILE`, which was delivered into the album", EnvVars: envVar("file"), TakesFile: true},
			&cli.StringFlag{Name: "item", Usage: "the media item of this `ID`", EnvVars: envVar("item")},
		},
	}, func(c *cli.Context) (edit pipeline.AlbumEdit, err error) {
		edit.Cover = &albumedit.Cover{First: c.Bool("first"), Best: c.Bool("best"), File: c.String("file"), Item: c.String("item")}
		chosen := 0
		for _, one := range []bool{edit.Cover.First, edit.Cover.Best, edit.Cover.File != "", edit.Cover.Item != ""} {
			if one {
				chosen++
			}
		}
		if c.NArg() != 1 || chosen != 1 {
			return edit, errors.New("name the album, and one of --first, --best, --file PATH and --item ID")
		}
		return edit, nil
	})
}

func albumAddCommand(term terminal) *cli.Command {
	return albumEditCommand(term, cli.Command{
		Name:      "add",
		Usage:     "put delivered files at the end of an album",
		ArgsUsage: "TITLE|ID PATH|ITEM-ID...",
		Description: "Takes files that were delivered, and ids of media items. They go to the end in this order, whatever their times are, 50 in a call, all of a call or\n" +
			"none. What is imported into the album later goes to its place by time among the others, in front of them. For files that are not delivered yet:\n" +
			"albumwright import --album TITLE PATH...\n\n" +
			"Examples:\n" +
			"   albumwright album add \"Best of\" ~/Pictures/2024/IMG_0012.jpg ~/Pictures/2024/IMG_0047.jpg",
	}, func(c *cli.Context) (edit pipeline.AlbumEdit, err error) {
		edit.Add, err = membersOf(c)
		return edit, err
	})
}

func albumRemoveCommand(term terminal) *cli.Command {
	return albumEditCommand(term, cli.Command{
		Name:      "remove",
		Usage:     "take items out of an album; they stay in the library",
		ArgsUsage: "TITLE|ID PATH|ITEM-ID...",
		Description: "50 in a call, all of a call or none. No import brings back what was taken out; albumwright album add does.\n\n" +
			"Examples:\n" +
			"   albumwright album remove \"Best of\" ~/Pictures/2024/IMG_0012.jpg\n" +
			"   albumwright album remove --dry-run \"Best of\" ~/Pictures/2024/*.jpg",
	}, func(c *cli.Context) (edit pipeline.AlbumEdit, err error) {
		edit.Remove, err = membersOf(c)
		return edit, err
	})
}

func membersOf(c *cli.Context) ([]string, error) {
	if c.NArg() < 2 {
		return nil, errors.New("name the album, and at least one file or media item")
	}
	for _, name := range c.Args().Tail() {
		if name == "" {
			return nil, errors.New("a PATH is empty: is a variable not set?")
		}
	}
	return c.Args().Tail(), nil
}

// albumEditCommand is a command that makes one edit of one album.
func albumEditCommand(term terminal, c cli.Command, read func(*cli.Context) (pipeline.AlbumEdit, error)) *cli.Command {
	c.Flags = append(append(c.Flags, lookingFlags()...),
		&cli.BoolFlag{Name: "dry-run", Aliases: []string{"n"}, Usage: "print the calls that would be made; make none, write nothing", EnvVars: envVar("dry-run")})
	c.Action = func(ctx *cli.Context) error {
		o, err := readAlbumEditOptions(ctx, read)
		if err != nil {
			return usageError{err}
		}
		return runAlbumEdit(ctx.Context, o, "album "+strings.Join(append([]string{c.Name}, ctx.Args().Slice()...), " "), term)
	}
	return command(c)
}

func readAlbumEditOptions(c *cli.Context, read func(*cli.Context) (pipeline.AlbumEdit, error)) (o albumEditOptions, err error) {
	if o.edit, err = read(c); err != nil {
		return o, err
	}
	if o.edit.Album = c.Args().First(); o.edit.Album == "" {
		return o, errors.New("the title of the album is empty")
	}
	o.dryRun = c.Bool("dry-run")
	o.runOptions, err = readLookingOptions(c)
	if err == nil && o.dryRun && o.service.recording.file != "" {
		err = errors.New("--record: a --dry-run asks the service for nothing")
	}
	return o, err
}

func runAlbumEdit(ctx context.Context, o albumEditOptions, asked string, term terminal) error {
	cfg := o.pipelineConfig(asked)
	if err := hasLedger(cfg); err != nil {
		return err
	}
	ctx, intake, stop := untilSignals(ctx, func() {})
	defer stop()
	cfg.Intake = intake
	if o.dryRun {
		return o.carryOutEdit(ctx, cfg, term)
	}
	show := newLookProgress("album", term.err, true)
	return o.asking(ctx, cfg, show, term, func(cfg pipeline.Config) error { return o.carryOutEdit(ctx, cfg, term) })
}

func (o albumEditOptions) carryOutEdit(ctx context.Context, cfg pipeline.Config, term terminal) error {
	done, err := pipeline.EditAlbum(ctx, cfg, o.edit, o.dryRun)
	switch out := newPrinter(term.out); {
	case done.Calls == nil: // it did not begin
	case o.json:
		out.line(albumEdited{"album", done})
		err = errors.Join(err, out.err)
	default:
		printAlbumEdited(term.out, done)
	}
	if err != nil {
		if errors.As(err, &pipeline.AlbumMistake{}) {
			err = usageError{err}
		}
		return err
	}
	for _, it := range done.Items {
		if it.State == albumedit.Failed {
			return errSomeFailed
		}
	}
	return nil
}

// albumEdited is the line of --json.
type albumEdited struct {
	Type string `json:"message_type"`
	pipeline.AlbumEdited
}

func printAlbumEdited(w io.Writer, e pipeline.AlbumEdited) {
	for i, call := range e.Calls {
		row(w, first(i, "Calls"), "%s", callText(call))
	}
	if len(e.Calls) == 0 && e.Album != "" {
		row(w, "Calls", "none")
	}
	counts := map[albumedit.State]int{}
	for _, it := range e.Items {
		counts[it.State]++
	}
	if len(e.Items) > 0 {
		printStates(w, len(e.Items), albumedit.States(), counts)
	}
	shown := 0
	for _, it := range e.Items {
		if it.Reason == "" {
			continue
		}
		if shown == mostLines {
			row(w, "", "and more; --json tells of each")
			break
		}
		row(w, first(shown, "Left"), "%s: %s: %s", it.Name, it.State, it.Reason)
		shown++
	}
	for i, note := range e.Notes {
		row(w, first(i, "Note"), "%s", note)
	}
	if e.Rule != "" {
		row(w, "Rules", "go on to name the album %q", e.Rule)
	}
	if e.DryRun {
		fmt.Fprintln(w, "Nothing was asked and nothing was written: it was a dry run")
	}
}

func callText(c albumedit.Call) string {
	text := strings.TrimSpace(c.Method + "  " + c.Album)
	switch {
	case c.Title != "":
		text += fmt.Sprintf("  title %q", c.Title)
	case c.Cover != "":
		text += "  cover " + c.Cover
	case len(c.Items) > 0:
		text += "  " + countOf(len(c.Items), "item") + ": " + strings.Join(c.Items, " ")
	}
	return text
}
