package main

import (
	"errors"
	"os"
	"path/filepath"

	"github.com/urfave/cli/v2"

	"github.com/albumwright/albumwright/pipeline"
)

// choice is which files are taken, and into which albums.
type choice struct {
	albumOptions
	paths            []string
	include, exclude []string
	checksum         bool
	captions         []pipeline.Captions
}

func choiceFlags() []cli.Flag {
	return append(albumFlags(),
		captionsFlag(),
		repeatable("include", ofChoice, "take only what matches this `GLOB`; may be repeated; case does not count"),
		repeatable("exclude", ofChoice, "leave out what matches this `GLOB`; may be repeated; wins over --include"),
		&cli.BoolFlag{Name: "checksum", Category: ofChoice, Usage: "read every file: known by its content alone, not by size and time", EnvVars: envVar("checksum")},
	)
}

func readChoice(c *cli.Context) (choice, error) {
	o := choice{paths: c.Args().Slice(), include: textsOf(c, "include"), exclude: textsOf(c, "exclude"), checksum: c.Bool("checksum")}
	var err error
	if o.albumOptions, err = readAlbumOptions(c); err != nil {
		return o, err
	}
	if o.captions, err = readCaptions(c); err != nil {
		return o, err
	}
	if len(o.paths) == 0 {
		return o, errors.New("nothing to import: name at least one folder or file")
	}
	return o, nil
}

// into says the choice in the pipeline's words.
func (o choice) into(cfg *pipeline.Config) error {
	o.rulesInto(cfg)
	for _, p := range o.paths {
		if p == "" {
			return usageError{errors.New("a PATH is empty: is a variable not set?")}
		}
		abs, err := filepath.Abs(p)
		if err != nil {
			return err
		}
		if _, err := os.Stat(abs); err != nil {
			return err
		}
		cfg.Paths = append(cfg.Paths, abs)
	}
	if err := cfg.Valid(); err != nil {
		return usageError{err}
	}
	return nil
}

// rulesInto says all of it but the paths.
func (o choice) rulesInto(cfg *pipeline.Config) {
	cfg.Include, cfg.Exclude, cfg.Rules, cfg.Naming, cfg.Checksum = o.include, o.exclude, o.rules, o.naming, o.checksum
	cfg.Shifts, cfg.Order, cfg.Pairs, cfg.Captions = o.shifts, o.order, o.pairs, o.captions
}
