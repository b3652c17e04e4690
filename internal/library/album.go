package library

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"strings"

	"golang.org/x/text/unicode/norm"

	"github.com/albumwright/albumwright/internal/nearest"
	"github.com/albumwright/albumwright/internal/retry"
	"github.com/albumwright/albumwright/photos"
)

// Why a name is of no album.
var (
	// ErrNoAlbum says that the library has no album of this id or title, which this app may see.
	ErrNoAlbum = errors.New("no album of this app's has this id or title")
	// ErrSeveralAlbums says that a title is that of more than one album; only their ids tell them apart.
	ErrSeveralAlbums = errors.New("more than one album has this title")
)

// Album finds an album by its id or by its title: one that is written alike, or else one that differs only in upper and lower case. To ask for an id costs one
// request, a title one for each 50 albums.
func (r *Reader) Album(ctx context.Context, titleOrID string) (photos.Album, error) {
	if titleOrID == "" {
		return photos.Album{}, fmt.Errorf("%w: it is empty", ErrNoAlbum)
	}
	if mayBeID(titleOrID) {
		a, err := r.albumByID(ctx, titleOrID)
		if !isNone(err) {
			return a, err
		}
	}
	return r.albumByTitle(ctx, titleOrID)
}

// shortestID is what no id of an album was seen to be shorter than.
const shortestID = 40

// mayBeID keeps titles from costing a request more.
func mayBeID(text string) bool { return len(text) >= shortestID && wellFormed(text) }

func (r *Reader) albumByID(ctx context.Context, id string) (a photos.Album, err error) {
	err = r.patiently(ctx, retry.Judge, func(ctx context.Context) error {
		a, err = r.Client.Albums.Get(ctx, id)
		return err
	})
	return a, err
}

// isNone: the service knows no album of the id, or calls it malformed.
func isNone(err error) bool {
	switch photos.Classify(err) {
	case photos.ClassAlbumGone, photos.ClassNotFound, photos.ClassInvalid:
		return true
	}
	return false
}

func (r *Reader) albumByTitle(ctx context.Context, title string) (photos.Album, error) {
	title = norm.NFC.String(title)
	var alike, folded []photos.Album
	var titles []string
	for a, err := range listing(ctx, r, "", albumID, r.Client.Albums.ListPage) {
		if err != nil {
			return photos.Album{}, err
		}
		switch its := norm.NFC.String(a.Title); {
		case its == title:
			alike = append(alike, a)
		case strings.EqualFold(its, title):
			folded = append(folded, a)
		default:
			titles = append(titles, its)
		}
	}
	if len(alike) == 0 {
		alike = folded
	}
	switch len(alike) {
	case 0:
		return photos.Album{}, fmt.Errorf("%q: %w%s", title, ErrNoAlbum, suggestion(title, titles))
	case 1:
		return alike[0], nil
	}
	return photos.Album{}, fmt.Errorf("%q: %w: %s", title, ErrSeveralAlbums, idsOf(alike))
}

// suggestion is the nearest of some titles.
func suggestion(title string, titles []string) string {
	near := nearest.Of(title, titles, 3)
	if len(near) == 0 {
		return "; there is no album at all"
	}
	for i, t := range near {
		near[i] = strconv.Quote(t)
	}
	return "; the nearest titles are " + strings.Join(near, ", ")
}

func idsOf(albums []photos.Album) string {
	var ids []string
	for _, a := range albums {
		ids = append(ids, a.ID)
	}
	return strings.Join(ids, ", ")
}
