package photos

import (
	"context"
	"errors"
	"net/http"
	"net/url"
	"strings"
)

// AlbumPatch is what to change of an album; what is empty stays as it is.
type AlbumPatch struct {
	Title                 string `json:"title,omitempty"`                 // 1 to [MaxTitle] characters
	CoverPhotoMediaItemID string `json:"coverPhotoMediaItemId,omitempty"` // a media item of the album
}

// mask names the fields that are set (reference "albums.patch", updateMask).
func (p AlbumPatch) mask() string {
	var fields []string
	if p.Title != "" {
		fields = append(fields, "title")
	}
	if p.CoverPhotoMediaItemID != "" {
		fields = append(fields, "coverPhotoMediaItemId")
	}
	return strings.Join(fields, ",")
}

func (p AlbumPatch) problem() error {
	if p == (AlbumPatch{}) {
		return errors.New("nothing is to be changed")
	}
	return fits("the title", p.Title, MaxTitle)
}

// Patch changes the title or the cover of an album that this app created and the user owns, and returns the album as it is then. It needs the
// scope photoslibrary.edit.appcreateddata. To send it again is safe (reference "albums.patch").
func (s *AlbumsService) Patch(ctx context.Context, id string, change AlbumPatch) (Album, error) {
	const op = "albums.patch"
	if err := notSent(op, wantID("album", id), change.problem()); err != nil {
		return Album{}, err
	}
	var out Album
	err := s.c.sendJSON(ctx, op, http.MethodPatch, albumPath(id), url.Values{"updateMask": {change.mask()}}, change, &out)
	return out, err
}

// BatchAddMediaItems puts 1 to [MaxBatch] different media items at the end of an album, in this order, all of them or none. Both the album and
// the items must be this app's. An item that came into the library some other way is refused although BatchCreate gave its id: its
// place in an album it gets from BatchCreate, with an AlbumID, or not at all (reference "albums.batchAddMediaItems").
func (s *AlbumsService) BatchAddMediaItems(ctx context.Context, id string, mediaItemIDs []string) error {
	return s.members(ctx, "batchAddMediaItems", id, mediaItemIDs)
}

// BatchRemoveMediaItems takes 1 to [MaxBatch] different media items out of an album, all of them or none. They stay in the library. It needs
// the scope photoslibrary.edit.appcreateddata. The service has been seen to refuse items that this app did add (reference
// "albums.batchRemoveMediaItems").
func (s *AlbumsService) BatchRemoveMediaItems(ctx context.Context, id string, mediaItemIDs []string) error {
	return s.members(ctx, "batchRemoveMediaItems", id, mediaItemIDs)
}

func (s *AlbumsService) members(ctx context.Context, verb, id string, mediaItemIDs []string) error {
	op := "albums." + verb
	if err := notSent(op, wantID("album", id), wantIDs(mediaItemIDs)); err != nil {
		return err
	}
	in := struct {
		MediaItemIDs []string `json:"mediaItemIds"`
	}{mediaItemIDs}
	return s.c.post(ctx, op, albumPath(id)+":"+verb, in, &empty{})
}

// empty is the answer of a method that has nothing to say: {}.
type empty struct{}

func albumPath(id string) string { return "/v1/albums/" + url.PathEscape(id) }
