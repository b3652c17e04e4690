package photos

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"net/http"
	"net/url"
)

// ErrSharingClosed says that the service has closed sharing to all apps on 31 March 2025; the 403 that says so is wrapped beside it.
var ErrSharingClosed = errors.New("the service has closed sharing by apps on 31 March 2025")

// closed tells whose refusal it is: no scope is left that opens these methods.
func closed(err error) error {
	if e := (*Error)(nil); errors.As(err, &e) && e.Status == http.StatusForbidden {
		return fmt.Errorf("%w: %w", ErrSharingClosed, err)
	}
	return err
}

// SharedAlbumsService has albums by their share tokens. Since 31 March 2025 the service answers all its methods, and [AlbumsService.Share] and
// [AlbumsService.Unshare], with 403 ([ClassForbidden]): no scope is left that opens them. They are here for a service that keeps the rules of before, as
// the emulator can.
type SharedAlbumsService struct {
	c   *Client
	own bool
}

// SharedAlbumOptions say what people with whom an album is shared may do.
type SharedAlbumOptions struct {
	IsCollaborative bool `json:"isCollaborative,omitempty"` // add media items
	IsCommentable   bool `json:"isCommentable,omitempty"`   // comment
}

// ShareInfo is how an album is shared.
type ShareInfo struct {
	SharedAlbumOptions SharedAlbumOptions `json:"sharedAlbumOptions"`
	ShareableURL       string             `json:"shareableUrl,omitempty"` // for people's browsers; who has it sees the album
	ShareToken         string             `json:"shareToken,omitempty"`   // for other users of this app, who join by it
	IsJoined           bool               `json:"isJoined,omitempty"`     // whether the user has joined it; always true for the owner
	IsOwned            bool               `json:"isOwned,omitempty"`
	IsJoinable         bool               `json:"isJoinable,omitempty"`
}

// Share shares an album that this app created and the user owns. Answered with 403 since 31 March 2025 (reference "albums.share").
func (s *AlbumsService) Share(ctx context.Context, id string, options SharedAlbumOptions) (ShareInfo, error) {
	const op = "albums.share"
	if err := notSent(op, wantID("album", id)); err != nil {
		return ShareInfo{}, err
	}
	in := struct {
		SharedAlbumOptions SharedAlbumOptions `json:"sharedAlbumOptions"`
	}{options}
	var out struct {
		ShareInfo ShareInfo `json:"shareInfo"`
	}
	err := s.c.post(ctx, op, albumPath(id)+":share", in, &out)
	return out.ShareInfo, closed(err)
}

// Unshare makes an album private again; what others had added leaves it. Answered with 403 since 31 March 2025 (reference "albums.unshare").
func (s *AlbumsService) Unshare(ctx context.Context, id string) error {
	const op = "albums.unshare"
	if err := notSent(op, wantID("album", id)); err != nil {
		return err
	}
	return closed(s.c.post(ctx, op, albumPath(id)+":unshare", empty{}, &empty{}))
}

// Get reads an album by its share token, joined or not. Answered with 403 since 31 March 2025 (reference "sharedAlbums.get").
func (s *SharedAlbumsService) Get(ctx context.Context, shareToken string) (Album, error) {
	const op = "sharedAlbums.get"
	if err := notSent(op, wantToken(shareToken)); err != nil {
		return Album{}, err
	}
	var out Album
	err := s.c.get(ctx, op, "/v1/sharedAlbums/"+url.PathEscape(shareToken), nil, &out)
	return out, closed(err)
}

// AppCreated is the same service, whose listings leave out albums that other apps or the user made (excludeNonAppCreatedData).
func (s *SharedAlbumsService) AppCreated() *SharedAlbumsService {
	return &SharedAlbumsService{c: s.c, own: true}
}

// List goes through the albums that the user shares or has joined, 50 a request. An error ends it. Answered with 403 since 31 March 2025
// (reference "sharedAlbums.list").
func (s *SharedAlbumsService) List(ctx context.Context) iter.Seq2[Album, error] {
	return Pages("", albumID, func(token string) ([]Album, string, error) { return s.ListPage(ctx, token) })
}

// ListPage reads one page of List, of up to 50 albums. An empty token is the first page; an empty next is the end.
func (s *SharedAlbumsService) ListPage(ctx context.Context, token string) (albums []Album, next string, err error) {
	query := pageQuery(url.Values{}, maxAlbumPage, token)
	if s.own {
		query.Set("excludeNonAppCreatedData", "true")
	}
	var out struct {
		SharedAlbums  []Album `json:"sharedAlbums"`
		NextPageToken string  `json:"nextPageToken"`
	}
	err = s.c.get(ctx, "sharedAlbums.list", "/v1/sharedAlbums", query, &out)
	return out.SharedAlbums, out.NextPageToken, closed(err)
}

// Join makes the user a guest of somebody else's album, which this app created, and returns the album. Answered with 403 since 31 March 2025
// (reference "sharedAlbums.join").
func (s *SharedAlbumsService) Join(ctx context.Context, shareToken string) (Album, error) {
	var out struct {
		Album Album `json:"album"`
	}
	err := s.byToken(ctx, "join", shareToken, &out)
	return out.Album, err
}

// Leave ends what Join began. Answered with 403 since 31 March 2025 (reference "sharedAlbums.leave").
func (s *SharedAlbumsService) Leave(ctx context.Context, shareToken string) error {
	return s.byToken(ctx, "leave", shareToken, &empty{})
}

func (s *SharedAlbumsService) byToken(ctx context.Context, verb, shareToken string, out any) error {
	op := "sharedAlbums." + verb
	if err := notSent(op, wantToken(shareToken)); err != nil {
		return err
	}
	in := struct {
		ShareToken string `json:"shareToken"`
	}{shareToken}
	return closed(s.c.post(ctx, op, "/v1/sharedAlbums:"+verb, in, out))
}
