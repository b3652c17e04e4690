package photos

import (
	"context"
	"fmt"
	"iter"
	"net/http"
	"net/url"
	"strconv"
)

// AlbumsService creates, reads and arranges albums.
type AlbumsService struct {
	c      *Client
	fields string // of each album; "" = all
	own    bool
	from   string // page token of the first page of listings
}

// Limits of albums (guides "Manage albums").
const (
	MaxAlbumItems = 20000 // media items in one album
	MaxTitle      = 500   // characters in a title
	maxAlbumPage  = 50
)

// Album is an album in the user's library. Fields that the service omits are zero.
type Album struct {
	ID                    string     `json:"id,omitempty"`
	Title                 string     `json:"title,omitempty"`                 // at most [MaxTitle] characters
	ProductURL            string     `json:"productUrl,omitempty"`            // for the signed-in user's browser
	IsWriteable           bool       `json:"isWriteable,omitempty"`           // whether this app may create items in it
	ShareInfo             *ShareInfo `json:"shareInfo,omitempty"`             // of old: see [SharedAlbumsService]
	MediaItemsCount       Int64      `json:"mediaItemsCount,omitempty"`       // omitted for an empty album
	CoverPhotoBaseURL     BaseURL    `json:"coverPhotoBaseUrl,omitempty"`     // of an empty album it shows a placeholder
	CoverPhotoMediaItemID string     `json:"coverPhotoMediaItemId,omitempty"` // omitted for an empty album
}

// Create makes an album with this title, of 1 to [MaxTitle] characters. The service makes a second one when asked twice, so look it up first
// (reference "albums.create").
func (s *AlbumsService) Create(ctx context.Context, title string) (Album, error) {
	const op = "albums.create"
	if err := notSent(op, wantTitle(title)); err != nil {
		return Album{}, err
	}
	var in struct {
		Album struct {
			Title string `json:"title"`
		} `json:"album"`
	}
	in.Album.Title = title
	var out Album
	err := s.c.post(ctx, op, "/v1/albums", in, &out)
	if err == nil && out.ID == "" { // items meant for an album without an id would end up in no album
		err = &Error{Op: op, Status: http.StatusOK, Err: fmt.Errorf("%w: no album id in it", ErrNotJSON)}
	}
	return out, err
}

// Get reads one album of this app's. One that is gone or another app's is [ClassAlbumGone] (reference "albums.get").
func (s *AlbumsService) Get(ctx context.Context, id string) (Album, error) {
	const op = "albums.get"
	if err := notSent(op, wantID("album", id)); err != nil {
		return Album{}, err
	}
	var out Album
	err := s.c.get(ctx, op, albumPath(id), s.ofEach("%s"), &out)
	return out, err
}

// List goes through all albums that this app may see, 50 a request. The order is the service's own. An album that comes again is left out. An error
// ends it, and is a [PageError].
func (s *AlbumsService) List(ctx context.Context) iter.Seq2[Album, error] {
	return Pages(s.from, albumID, func(token string) ([]Album, string, error) { return s.ListPage(ctx, token) })
}

// ListPage reads one page of up to 50 albums. An empty token is the first page; an empty next is the end. A page may be short, or even empty,
// and go on.
func (s *AlbumsService) ListPage(ctx context.Context, token string) (albums []Album, next string, err error) {
	query := pageQuery(s.ofEach("albums(%s),nextPageToken"), maxAlbumPage, token)
	if s.own {
		query.Set("excludeNonAppCreatedData", "true")
	}
	var out struct {
		Albums        []Album `json:"albums"`
		NextPageToken string  `json:"nextPageToken"`
	}
	err = s.c.get(ctx, "albums.list", "/v1/albums", query, &out)
	return out.Albums, out.NextPageToken, err
}

// AppCreated is the same service, whose listings leave out albums that other apps or the user made (excludeNonAppCreatedData). Since 31 March 2025
// they are left out in any case.
func (s *AlbumsService) AppCreated() *AlbumsService {
	own := *s
	own.own = true
	return &own
}

// From is the same service, whose List begins with the page of a token: that of a [PageError], or of [AlbumsService.ListPage].
func (s *AlbumsService) From(token string) *AlbumsService {
	from := *s
	from.from = token
	return &from
}

func albumID(a Album) string { return a.ID }

// pageQuery completes the query of a listing.
func pageQuery(query url.Values, size int, token string) url.Values {
	query.Set("pageSize", strconv.Itoa(size))
	if token != "" {
		query.Set("pageToken", token)
	}
	return query
}
