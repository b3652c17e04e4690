// Package library reads what is in a library, with patience: listings, searches, albums by title, and media items by their ids.
//
// A page that fails is asked for again after a while, so that a listing of a million items survives a bad minute in its middle. Nothing is held but the present
// page, and 8 bytes for each id so that none comes twice.
package library

import (
	"context"
	"errors"
	"iter"
	"sync/atomic"
	"time"

	"github.com/albumwright/albumwright/internal/clock"
	"github.com/albumwright/albumwright/internal/retry"
	"github.com/albumwright/albumwright/photos"
)

// Reader reads the library of one account. Its listings may be read at the same time.
type Reader struct {
	Client *photos.Client
	Tries  int                                  // how often a call is made before it is given up; 0 = 7
	Wait   func(reason string, until time.Time) // is told what a call waits for; may be nil
	Clock  clock.Clock                          // what waiting goes by; nil is the system's
	From   string                               // page token with which Albums, SharedAlbums, Items, InAlbum and Search begin: that of a [photos.PageError]; "" = the first page
	asked  atomic.Int64
}

// Requests is how many were made so far.
func (r *Reader) Requests() int { return int(r.asked.Load()) }

// Albums goes through all albums that this app may see, 50 a request. Like every listing here it ends with a [photos.PageError] if it cannot go on.
func (r *Reader) Albums(ctx context.Context) iter.Seq2[photos.Album, error] {
	return listing(ctx, r, r.From, albumID, r.Client.Albums.ListPage)
}

// SharedAlbums goes through the albums that the user shares or has joined, 50 a request. The service has answered 403 since 31 March 2025.
func (r *Reader) SharedAlbums(ctx context.Context) iter.Seq2[photos.Album, error] {
	return listing(ctx, r, r.From, albumID, r.Client.SharedAlbums.ListPage)
}

// Items goes through all media items that this app created and the user has not archived, newest first, 100 a request.
func (r *Reader) Items(ctx context.Context) iter.Seq2[photos.MediaItem, error] {
	return listing(ctx, r, r.From, itemID, r.Client.MediaItems.ListPage)
}

// Search goes through the media items that a search finds, 100 a request. One that breaks a documented limit is [photos.ErrNotSent].
func (r *Reader) Search(ctx context.Context, in photos.SearchRequest) iter.Seq2[photos.MediaItem, error] {
	return listing(ctx, r, r.From, itemID, func(ctx context.Context, token string) ([]photos.MediaItem, string, error) {
		return r.Client.MediaItems.SearchPage(ctx, in, token)
	})
}

// InAlbum goes through the media items of an album, in album order, 100 a request. The id must not be empty.
func (r *Reader) InAlbum(ctx context.Context, id string) iter.Seq2[photos.MediaItem, error] {
	if id == "" { // it would be the whole library
		return func(yield func(photos.MediaItem, error) bool) {
			yield(photos.MediaItem{}, errors.New("the id of the album is empty"))
		}
	}
	return r.Search(ctx, photos.SearchRequest{AlbumID: id})
}

func albumID(a photos.Album) string    { return a.ID }
func itemID(m photos.MediaItem) string { return m.ID }

// listing makes each page's call with patience.
func listing[T any](ctx context.Context, r *Reader, from string, id func(T) string, page func(ctx context.Context, token string) ([]T, string, error)) iter.Seq2[T, error] {
	return photos.Pages(from, id, func(token string) (items []T, next string, err error) {
		err = r.patiently(ctx, retry.Judge, func(ctx context.Context) error {
			items, next, err = page(ctx, token)
			return err
		})
		return items, next, err
	})
}

// patiently makes a call until it succeeds or is not worth another try.
func (r *Reader) patiently(ctx context.Context, judge func(error) retry.Failure, call func(context.Context) error) error {
	c := retry.Call{
		Policy: retry.Policy{Tries: r.Tries},
		Clock:  r.Clock,
		Judge:  judge,
		Wait: func(err error, until time.Time) {
			if r.Wait != nil {
				r.Wait(err.Error(), until)
			}
		},
	}
	return c.Do(ctx, func(ctx context.Context) error {
		err := call(ctx)
		if !errors.Is(err, photos.ErrNotSent) {
			r.asked.Add(1)
		}
		return err
	})
}
