package albumedit

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"

	"github.com/albumwright/albumwright/internal/ledger"
	"github.com/albumwright/albumwright/internal/order"
	"github.com/albumwright/albumwright/photos"
)

// item is what is to be put in or taken out.
type item struct {
	name    string           // as it was asked for
	id      string           // of the media item
	content ledger.ContentID // 0: the ledger does not know it
}

// itemID is what ids of media items look like; anything else is a path.
var itemID = regexp.MustCompile(`^[A-Za-z0-9_-]{20,}$`)

// item finds what a path or an id means.
func (e *editor) item(ctx context.Context, name string) (item, error) {
	info, missing := os.Lstat(name)
	if missing != nil && itemID.MatchString(name) {
		c, _, err := e.Ledger.ContentOf(ctx, name)
		return item{name, name, c.ID}, err
	}
	path, err := filepath.Abs(name)
	if err != nil {
		return item{}, err
	}
	folder, err := e.Ledger.Folder(ctx, filepath.Dir(path))
	if err != nil {
		return item{}, err
	}
	known := folder.Known(filepath.Base(path))
	switch {
	case missing != nil && known.File == 0:
		return item{}, mistake("%s is neither a file nor the id of a media item", name)
	case missing == nil && info.IsDir():
		return item{}, mistake("%s is a folder; name its files, or import it with --album", name)
	case known.Content == nil || known.Content.MediaItem == "":
		return item{}, mistake("%s was not delivered by this ledger; import it first", name)
	case missing == nil && (info.Size() != known.Size || !info.ModTime().Equal(known.ModTime)):
		return item{}, mistake("%s was changed since it was delivered; import it first", name)
	}
	return item{name, known.Content.MediaItem, known.Content.ID}, nil
}

// items finds them all, before anything is done.
func (e *editor) items(ctx context.Context, names []string) ([]item, error) {
	var all []item
	ids := map[string]bool{}
	for _, name := range names {
		it, err := e.item(ctx, name)
		if err != nil {
			return nil, err
		}
		if ids[it.id] {
			e.end(it, Already, "it was named before, or is a copy of what was")
			continue
		}
		ids[it.id] = true
		all = append(all, it)
	}
	return all, nil
}

func (e *editor) end(it item, state State, reason string) {
	e.out.Items = append(e.out.Items, Item{Name: it.name, ID: it.id, State: state, Reason: reason})
}

func (e *editor) endAll(items []item, state State, reason string) {
	for _, it := range items {
		e.end(it, state, reason)
	}
}

func ids(items []item) (ids []string) {
	for _, it := range items {
		ids = append(ids, it.id)
	}
	return ids
}

func contents(items []item) (contents []ledger.ContentID) {
	for _, it := range items {
		if it.content != 0 {
			contents = append(contents, it.content)
		}
	}
	return contents
}

// chunks makes calls of 50, until one ends it all or somebody does. What is left then was not asked.
func (e *editor) chunks(items []item, call func([]item) error) error {
	for len(items) > 0 {
		chunk := items[:min(len(items), photos.MaxBatch)]
		err := e.Stop()
		if err == nil {
			err = call(chunk)
			items = items[len(chunk):]
		}
		if err != nil {
			e.endAll(items, Unasked, "")
			return err
		}
	}
	return nil
}

// add puts items at the end of the album.
func (e *editor) add(ctx context.Context, names []string) error {
	items, err := e.items(ctx, names)
	if err != nil {
		return err
	}
	places, err := e.places(ctx)
	if err != nil {
		return err
	}
	there, err := e.begun(ctx, items, places)
	if err != nil {
		return err
	}
	items = slices.DeleteFunc(items, func(it item) bool {
		p, placed := places[it.content]
		if placed = placed && !p.Removed && !p.Doubt || there[it.id]; placed {
			e.end(it, Already, "")
		}
		return placed
	})
	if n := len(items) - len(contents(items)); n > 0 {
		e.out.Notes = append(e.out.Notes, fmt.Sprintf("%d of the items are not this ledger's, which will not remember that they are in the album", n))
	}
	return e.chunks(items, func(chunk []item) error { return e.addChunk(ctx, chunk) })
}

// begun tells which of the items the album holds because an earlier run began to put them in, and did not hear of it.
func (e *editor) begun(ctx context.Context, items []item, places map[ledger.ContentID]ledger.AlbumPlace) (there map[string]bool, err error) {
	var begun []item
	for _, it := range items {
		if places[it.content].Doubt {
			begun = append(begun, it)
		}
	}
	if len(begun) == 0 || e.DryRun {
		return nil, nil
	}
	if there, err = e.Held(ctx, e.target.Remote); err != nil {
		return nil, explain(err, "the album cannot be listed")
	}
	begun = slices.DeleteFunc(begun, func(it item) bool { return !there[it.id] })
	return there, e.each(func(id ledger.AlbumID) error { return e.Ledger.PutBack(ctx, id, contents(begun)) })
}

const refusedAdd = "the service takes all of a call or nothing, and refused it: an item is gone, was not made by this app, or the album would have more than 20,000"

func (e *editor) addChunk(ctx context.Context, chunk []item) error {
	if !e.DryRun {
		if err := e.intend(ctx, chunk); err != nil {
			e.endAll(chunk, Unasked, "")
			return err
		}
		err := e.API.BatchAddMediaItems(ctx, e.target.Remote, ids(chunk))
		if err := errors.Join(err, e.placed(context.WithoutCancel(ctx), chunk, err)); err != nil {
			if photos.Classify(err) == photos.ClassInvalid {
				e.endAll(chunk, Failed, explain(err, refusedAdd).Error())
				return nil
			}
			e.endAll(chunk, Unasked, "")
			return explain(err, "")
		}
	}
	e.called(Call{Method: MethodAdd, Items: ids(chunk)})
	e.endAll(chunk, Added, "")
	return nil
}

// placed records what came of the call: the items are in the album, or they are not. If nobody knows, the next run finds out.
func (e *editor) placed(ctx context.Context, chunk []item, err error) error {
	return e.each(func(id ledger.AlbumID) error {
		switch {
		case err == nil:
			return e.Ledger.PutBack(ctx, id, contents(chunk))
		case refusal(err):
			return e.Ledger.Unplace(ctx, id, contents(chunk))
		}
		return nil
	})
}

// refusal tells whether the service said no, so that it is certain that it did nothing.
func refusal(err error) bool {
	e := (*photos.Error)(nil)
	return errors.As(err, &e) && e.Status/100 == 4
}

// intend records that items are about to be put at the end of the album.
func (e *editor) intend(ctx context.Context, chunk []item) error {
	if len(e.target.ids) == 0 {
		id, ok, err := e.Ledger.Adopted(ctx, e.target.Title, e.target.Remote)
		if err != nil {
			return err
		}
		if !ok {
			e.out.Notes = append(e.out.Notes, "rules of this title mean another album, so the ledger does not remember what is in this one")
			return nil
		}
		e.target.ids = []ledger.AlbumID{id}
	}
	for _, id := range e.target.ids {
		before, err := e.Ledger.AlbumPlaces(ctx, id)
		if err != nil {
			return err
		}
		var list []order.Key
		if n := len(before); n > 0 {
			list = []order.Key{{Sort: before[n-1].Sort, Fixed: true}}
		}
		at := len(list)
		var places []ledger.Placement
		for _, it := range chunk {
			if it.content != 0 {
				list = append(list, order.Key{})
				places = append(places, ledger.Placement{Content: it.content, MediaItem: it.id})
			}
		}
		for i, key := range order.Follow(list)[at:] {
			places[i].Sort = key
		}
		if err := e.Ledger.IntendPlaces(ctx, e.Run, id, places); err != nil {
			return err
		}
	}
	return nil
}
