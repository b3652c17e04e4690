package albumedit

import (
	"context"
	"slices"
	"strconv"
	"strings"

	"github.com/albumwright/albumwright/internal/album"
	"github.com/albumwright/albumwright/internal/ledger"
	"github.com/albumwright/albumwright/internal/nearest"
)

// target is the album that is meant.
type target struct {
	ledger.KnownAlbum
	ids []ledger.AlbumID // those of the ledger that are this one; none if no rule names it
}

// find finds the album of a title or an id. Titles are those of the service and those that rules use, which differ after a renaming.
func (e *editor) find(ctx context.Context, name string) (target, error) {
	known, err := e.Ledger.KnownAlbums(ctx)
	if err != nil {
		return target{}, err
	}
	found, err := match(known, name)
	if err != nil || found.Remote != "" {
		return found, err
	}
	_, listed, err := e.Ledger.RemoteAlbums(ctx, name)
	switch {
	case err != nil:
		return target{}, err
	case album.Listed(listed, e.Now()):
		return target{}, unknown(known, name)
	case e.DryRun:
		e.out.Calls = append(e.out.Calls, Call{Method: MethodList})
		return target{}, mistake("nothing is known of an album %q; without --dry-run the service's albums are listed, to find it", name)
	}
	directory := album.Directory{API: e.API, Ledger: e.Ledger, Now: e.Now}
	if _, err := directory.List(ctx); err != nil {
		return target{}, err
	}
	if known, err = e.Ledger.KnownAlbums(ctx); err != nil {
		return target{}, err
	}
	if found, err = match(known, name); err == nil && found.Remote == "" {
		err = unknown(known, name)
	}
	return found, err
}

// match picks the albums that a name means. If there are several, or this app may not write into it, that is an error; if there is none, the target is
// empty.
func match(known []ledger.KnownAlbum, name string) (found target, err error) {
	title := album.CleanTitle(name)
	var ids []string
	for _, a := range known {
		if a.Remote != name && a.Title != title && a.Rule != title {
			continue
		}
		if !slices.Contains(ids, a.Remote) {
			ids = append(ids, a.Remote)
		}
		if found.Remote == "" {
			found.KnownAlbum = a
		}
		if a.Remote == found.Remote && a.ID != ledger.Library {
			found.ids = append(found.ids, a.ID)
		}
	}
	switch {
	case len(ids) > 1:
		return target{}, mistake("there are %d albums %q; say which by its id: %s", len(ids), name, strings.Join(ids, ", "))
	case len(ids) == 1 && !found.Writeable:
		return target{}, mistake("album %q %w", name, album.ErrForeign)
	}
	return found, nil
}

// unknown says that there is no such album, and which ones may be meant.
func unknown(known []ledger.KnownAlbum, name string) error {
	var titles []string
	for _, a := range known {
		for _, title := range []string{a.Title, a.Rule} {
			if title != "" && !slices.Contains(titles, title) {
				titles = append(titles, title)
			}
		}
	}
	var near []string
	for _, title := range nearest.Of(album.CleanTitle(name), titles, 3) {
		near = append(near, strconv.Quote(title))
	}
	if len(near) == 0 {
		return mistake("there is no album %q that this app made; an import makes albums", name)
	}
	return mistake("there is no album %q that this app made; the nearest titles are %s", name, strings.Join(near, ", "))
}
