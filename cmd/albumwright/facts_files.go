package main

import (
	"cmp"
	"context"
	"errors"
	"os"
	"path/filepath"
	"slices"

	"github.com/albumwright/albumwright/internal/media"
	"github.com/albumwright/albumwright/watcher"
)

// eachFile gives the files named, and below the folders named all that are accepted by their names. What is not there is the error in the end.
func eachFile(ctx context.Context, paths []string, accept func(name string) watcher.Reason, each func(path string) error, unread func(path string, err error)) error {
	var missing error
	for _, path := range paths {
		info, err := os.Stat(path)
		if err != nil {
			missing = errors.Join(missing, err)
			continue
		}
		if info.IsDir() {
			err = eachBelow(ctx, path, accept, each, unread)
		} else {
			err = each(path)
		}
		if err != nil {
			return err
		}
	}
	return cmp.Or(ctx.Err(), missing)
}

// eachBelow gives the files below a folder, each folder's by name, under the name by which the folder was given.
func eachBelow(
	ctx context.Context, root string, accept func(name string) watcher.Reason, each func(path string) error, unread func(path string, err error),
) error {
	absolute, err := filepath.Abs(root)
	if err != nil {
		return err
	}
	var folder []string // the files of the folder that the walk is in
	flush := func() error {
		slices.Sort(folder)
		for _, path := range folder {
			if below, err := filepath.Rel(absolute, path); err == nil {
				path = filepath.Join(root, below)
			}
			if err := each(path); err != nil {
				return err
			}
		}
		folder = folder[:0]
		return nil
	}
	err = watcher.Walk(ctx, watcher.WalkConfig{Roots: []string{root}, Accept: accept}, func(f watcher.File) error {
		switch {
		case f.Err != nil:
			unread(f.Path, f.Err)
			return nil
		case f.Skip != "":
			return nil
		}
		if len(folder) > 0 && filepath.Dir(folder[0]) != filepath.Dir(f.Path) {
			if err := flush(); err != nil {
				return err
			}
		}
		folder = append(folder, f.Path)
		return nil
	})
	if err != nil {
		return err
	}
	return flush()
}

// notASidecar: what is beside a photo is shown with it.
func notASidecar(name string) watcher.Reason {
	if media.Sidecar(name) {
		return watcher.SkipSidecar
	}
	return ""
}
