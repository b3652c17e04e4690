package albumedit

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"unicode/utf8"

	"github.com/albumwright/albumwright/internal/album"
	"github.com/albumwright/albumwright/internal/ledger"
	"github.com/albumwright/albumwright/photos"
)

// validTitle refuses what the service would, and what would come back as something else.
func validTitle(title string) error {
	switch {
	case album.CleanTitle(title) == "":
		return mistake("the title %q has no visible character", title)
	case utf8.RuneCountInString(title) > photos.MaxTitle:
		return mistake("the title has %d characters, at most %d are allowed", utf8.RuneCountInString(title), photos.MaxTitle)
	}
	return nil
}

// rename gives the album another title. A second album of that title would be no help to anybody who looks for one.
func (e *editor) rename(ctx context.Context, title string) error {
	title = album.CleanTitle(title)
	if title == e.target.Title {
		e.out.Notes = append(e.out.Notes, "it has that title already")
		return nil
	}
	known, err := e.Ledger.KnownAlbums(ctx)
	if err != nil {
		return err
	}
	for _, a := range known {
		if a.Remote != e.target.Remote && a.Title == title {
			return mistake("there is an album %q already, %s; rules that name the title could not tell them apart", title, a.Remote)
		}
	}
	if named, err := e.Ledger.NamedByRules(ctx, title, e.target.Remote); err != nil {
		return err
	} else if named {
		return mistake("rules go on to name another album %q, whatever it is called now; files of both would get mixed up", title)
	}
	if !e.DryRun {
		if _, err := e.API.Patch(ctx, e.target.Remote, photos.AlbumPatch{Title: title}); err != nil {
			return refused(err, "the service will not have this title")
		}
		if err := e.Ledger.Retitle(context.WithoutCancel(ctx), e.target.Remote, title); err != nil {
			return err
		}
	}
	e.called(Call{Method: MethodPatch, Title: title})
	e.out.Title = title
	if e.out.Rule = e.target.Rule; e.out.Rule == title {
		e.out.Rule = ""
	}
	return nil
}

// cover makes an item the cover.
func (e *editor) cover(ctx context.Context, c Cover) error {
	item, err := e.coverItem(ctx, c)
	if err != nil {
		return err
	}
	if !e.DryRun {
		if _, err := e.API.Patch(ctx, e.target.Remote, photos.AlbumPatch{CoverPhotoMediaItemID: item}); err != nil {
			return refused(err, "the service takes only an item that is in the album, and that this app created")
		}
	}
	e.called(Call{Method: MethodPatch, Cover: item})
	return nil
}

func (e *editor) coverItem(ctx context.Context, c Cover) (string, error) {
	if c.Item != "" {
		return c.Item, nil
	}
	places, err := e.places(ctx)
	if err != nil {
		return "", err
	}
	if c.File != "" {
		it, err := e.item(ctx, c.File)
		if err != nil {
			return "", err
		}
		if p, ok := places[it.content]; !ok || p.Removed || p.Doubt {
			other, err := e.elsewhere(ctx, it)
			switch {
			case err != nil:
				return "", err
			case other != "":
				return "", mistake("%s is in the album %q; name that one", c.File, other)
			}
			return "", mistake("%s is not in the album, as far as the ledger knows; albumwright album add puts it there", c.File)
		}
		return it.id, nil
	}
	held, err := e.held(ctx)
	switch {
	case err != nil:
		return "", err
	case len(held) == 0:
		return "", mistake("the ledger knows of nothing in this album; name the cover by --item ID")
	case c.Best:
		return e.best(ctx, held)
	}
	return held[0].MediaItem, nil
}

// best is the item with the most stars; of several, the first in the album.
func (e *editor) best(ctx context.Context, held []ledger.AlbumPlace) (string, error) {
	item, most, rated := held[0].MediaItem, 0, false
	for _, p := range held {
		paths, err := e.Ledger.FilesOf(ctx, p.Content)
		if err != nil {
			return "", err
		}
		for _, path := range paths {
			stars, err := e.Rating(ctx, path)
			switch {
			case ctx.Err() != nil:
				return "", context.Cause(ctx)
			case errors.Is(err, fs.ErrNotExist):
				continue
			case err != nil:
				e.out.Notes = append(e.out.Notes, fmt.Sprintf("a rating cannot be read: %v", err))
				continue
			}
			if stars > most {
				item, most, rated = p.MediaItem, stars, true
			}
		}
	}
	if !rated {
		e.out.Notes = append(e.out.Notes, "no file of this album has a rating, so the first item is the cover")
	}
	return item, nil
}

// held is what the album holds as far as the ledger knows, in order.
func (e *editor) held(ctx context.Context) (held []ledger.AlbumPlace, err error) {
	for _, id := range e.target.ids {
		places, err := e.Ledger.AlbumPlaces(ctx, id)
		if err != nil {
			return nil, err
		}
		for _, p := range places {
			if !p.Removed && !p.Doubt {
				held = append(held, p)
			}
		}
	}
	return held, nil
}

// places is what is known of contents in the album.
func (e *editor) places(ctx context.Context) (map[ledger.ContentID]ledger.AlbumPlace, error) {
	all := map[ledger.ContentID]ledger.AlbumPlace{}
	for _, id := range e.target.ids {
		places, err := e.Ledger.AlbumPlaces(ctx, id)
		if err != nil {
			return nil, err
		}
		for _, p := range places {
			if before, ok := all[p.Content]; !ok || before.Removed {
				all[p.Content] = p
			}
		}
	}
	return all, nil
}
