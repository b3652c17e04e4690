package rebuild

import (
	"context"
	"errors"
	"strings"
	"time"

	"github.com/albumwright/albumwright/internal/album"
	"github.com/albumwright/albumwright/internal/ledger"
	"github.com/albumwright/albumwright/internal/retry"
	"github.com/albumwright/albumwright/photos"
)

// itemsPage is how many media items come in one answer.
const itemsPage = 100

// home is where an album is in the service, or why there is nothing to be found.
type home struct {
	remote string // "" for the library
	reason string
}

// find lists the albums of the service, remembers them, and finds those that files are wanted in as an import would find them.
func (r *rebuilder) find(ctx context.Context, albums []ledger.PendingAlbum) ([]home, error) {
	var cost Cost
	for _, a := range albums {
		cost.Files += a.Items
		if a.ID == ledger.Library {
			cost.Library = true
		} else {
			cost.Albums++
		}
	}
	r.Progress.Found.Add(int64(cost.Files))
	r.Tell(cost)
	if err := r.listAlbums(ctx); err != nil {
		return nil, err
	}
	var homes []home
	for _, a := range albums {
		h, err := r.home(ctx, a)
		if err != nil {
			return nil, err
		}
		if homes = append(homes, h); h.remote != "" {
			cost.Requests += max(1, (r.counts[h.remote]+itemsPage-1)/itemsPage)
		}
	}
	cost.Listed = true
	r.Tell(cost)
	return homes, nil
}

func (r *rebuilder) home(ctx context.Context, wanted ledger.PendingAlbum) (home, error) {
	if wanted.ID == ledger.Library {
		return home{}, nil
	}
	a, err := r.Ledger.Album(ctx, wanted.ID)
	if err != nil || a.Remote != "" {
		return home{remote: a.Remote}, err
	}
	listed, _, err := r.Ledger.RemoteAlbums(ctx, wanted.Title)
	if err != nil {
		return home{}, err
	}
	for _, l := range listed {
		if l.Writeable { // that it is there is worth knowing, whatever is found in it
			return home{remote: l.Remote}, r.Ledger.SetAlbum(ctx, wanted.ID, l.Remote)
		}
	}
	if len(listed) > 0 {
		return home{reason: "its album " + album.ErrForeign.Error()}, nil
	}
	return home{reason: "the service has no album of that title"}, nil
}

func (r *rebuilder) listAlbums(ctx context.Context) error {
	var all []ledger.RemoteAlbum
	r.counts = map[string]int{}
	now := time.Now()
	err := pages(ctx, r, &r.report.Requests.AlbumLists, r.Albums.ListPage, func(a photos.Album) {
		all = append(all, ledger.RemoteAlbum{Remote: a.ID, Title: album.CleanTitle(a.Title), Writeable: a.IsWriteable})
		r.counts[a.ID] = int(a.MediaItemsCount)
	})
	if err != nil {
		return err
	}
	return r.Ledger.SetRemoteAlbums(ctx, now, all)
}

// items are the media items of an album, or of the library, that have one of the names.
func (r *rebuilder) items(ctx context.Context, remote string, names map[string]bool) (items []Item, err error) {
	take := func(m photos.MediaItem) {
		r.report.Items++
		if names[m.Filename] {
			items = append(items, itemOf(m))
		}
	}
	if remote == "" {
		err = pages(ctx, r, &r.report.Requests.ItemLists, r.MediaItems.ListPage, take)
		return items, err
	}
	err = pages(ctx, r, &r.report.Requests.Searches, func(ctx context.Context, token string) ([]photos.MediaItem, string, error) {
		return r.MediaItems.SearchPage(ctx, photos.SearchRequest{AlbumID: remote}, token)
	}, take)
	return items, err
}

func itemOf(m photos.MediaItem) Item {
	return Item{ID: m.ID, Facts: Facts{
		Name: m.Filename, Taken: m.MediaMetadata.CreationTime, Width: int(m.MediaMetadata.Width), Height: int(m.MediaMetadata.Height),
		Video: strings.HasPrefix(m.MIMEType, "video/"),
	}}
}

// errEndless is a listing that would never end.
var errEndless = errors.New("rebuild: the service answers with the page token that it was given")

// pages goes through a listing. Pages may be short, or empty, and go on (contract 0, 19); each is asked for again as long as that may help.
func pages[T any](ctx context.Context, r *rebuilder, asked *int, page func(context.Context, string) ([]T, string, error), take func(T)) error {
	for token := ""; ; {
		var things []T
		var next string
		err := r.call().Do(ctx, func(ctx context.Context) (err error) {
			*asked++
			things, next, err = page(ctx, token)
			return err
		})
		if err != nil {
			return err
		}
		for _, t := range things {
			take(t)
		}
		switch next {
		case "":
			return nil
		case token:
			return errEndless
		}
		token = next
	}
}

// call is made again by the policy that all calls have.
func (r *rebuilder) call() retry.Call {
	return retry.Call{
		Policy: retry.Policy{Tries: r.Tries},
		Wait: func(err error, until time.Time) {
			if r.Wait != nil {
				r.Wait(err.Error(), until)
			}
		},
	}
}
