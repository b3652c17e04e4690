package photos

import (
	"context"
	"fmt"
	"iter"
	"net/http"
	"net/url"
	"slices"
)

// MediaItemsService creates, reads, finds and describes media items.
type MediaItemsService struct {
	c      *Client
	fields string // of each media item; "" = all
	from   string // page token of the first page of listings
}

// Limits of media items (reference "mediaItems.batchCreate", "mediaItems.batchGet").
const (
	MaxBatch       = 50  // items in one batchCreate, batchGet, batchAddMediaItems or batchRemoveMediaItems
	MaxFileName    = 255 // characters in a file name, extension included
	MaxDescription = 999 // characters: the reference says shorter than 1000, the guide says 1000; this satisfies both
	maxItemsPage   = 100
)

// BatchCreateRequest asks for up to [MaxBatch] media items, in one album or just in the library.
type BatchCreateRequest struct {
	AlbumID       string         `json:"albumId,omitempty"`
	NewMediaItems []NewMediaItem `json:"newMediaItems"`
	AlbumPosition *AlbumPosition `json:"albumPosition,omitempty"` // only with AlbumID; nil is the end of the album
}

// NewMediaItem is one item to create.
type NewMediaItem struct {
	Description     string          `json:"description,omitempty"` // at most [MaxDescription] characters, the user's own words
	SimpleMediaItem SimpleMediaItem `json:"simpleMediaItem"`
}

// SimpleMediaItem names the uploaded bytes and the file's name.
type SimpleMediaItem struct {
	UploadToken string `json:"uploadToken"`
	FileName    string `json:"fileName,omitempty"` // with extension, at most [MaxFileName] characters
}

// Position says where in an album the items of a batch go.
type Position string

// The positions that the service knows.
const (
	FirstInAlbum        Position = "FIRST_IN_ALBUM"
	LastInAlbum         Position = "LAST_IN_ALBUM"
	AfterMediaItem      Position = "AFTER_MEDIA_ITEM"
	AfterEnrichmentItem Position = "AFTER_ENRICHMENT_ITEM"
)

// AlbumPosition places the items of a batch in its album, as a block in the order of the request, or an enrichment. Only the owner of an album
// may choose a place in it.
type AlbumPosition struct {
	Position                 Position `json:"position"`
	RelativeMediaItemID      string   `json:"relativeMediaItemId,omitempty"`      // only with [AfterMediaItem], which needs it
	RelativeEnrichmentItemID string   `json:"relativeEnrichmentItemId,omitempty"` // only with [AfterEnrichmentItem], which needs it
}

// BatchCreateResponse holds one result an item. Match them by upload token: the order is not promised, and one may be missing.
type BatchCreateResponse struct {
	NewMediaItemResults []NewMediaItemResult `json:"newMediaItemResults"`
}

// NewMediaItemResult is how one item fared.
type NewMediaItemResult struct {
	UploadToken string     `json:"uploadToken"`
	Status      Status     `json:"status"`
	MediaItem   *MediaItem `json:"mediaItem"`
}

// Status is the outcome of one entry of a batch. Success is a code of 0 or none, whatever the message says ("Success" today, "OK" before).
type Status struct {
	Code    Code   `json:"code"`
	Message string `json:"message"`
}

// BatchCreate turns upload tokens into media items. A nil error does not mean that every item was created: look at each result.
// Sending the same tokens again after a lost answer is safe: the service gives the same bytes the same media item. Limits of numbers and lengths are
// checked here ([ErrNotSent]); an upload token that is empty or too old is the service's to refuse.
func (s *MediaItemsService) BatchCreate(ctx context.Context, in BatchCreateRequest) (BatchCreateResponse, error) {
	const op = "mediaItems.batchCreate"
	if err := notSent(op, in.problem()); err != nil {
		return BatchCreateResponse{}, err
	}
	var out BatchCreateResponse
	err := s.c.post(ctx, op, "/v1/mediaItems:batchCreate", in, &out)
	return out, err
}

// Get reads one media item that this app created (reference "mediaItems.get").
func (s *MediaItemsService) Get(ctx context.Context, id string) (MediaItem, error) {
	const op = "mediaItems.get"
	if err := notSent(op, wantID("media item", id)); err != nil {
		return MediaItem{}, err
	}
	var out MediaItem
	err := s.c.get(ctx, op, itemPath(id), s.ofEach("%s"), &out)
	return out, err
}

// Patch gives a media item another description, of at most [MaxDescription] characters of the user's own words; none takes it away. The item must
// be one that this app created and the user owns. It needs the scope photoslibrary.edit.appcreateddata. To send it again is safe
// (reference "mediaItems.patch").
func (s *MediaItemsService) Patch(ctx context.Context, id, description string) (MediaItem, error) {
	const op = "mediaItems.patch"
	if err := notSent(op, wantID("media item", id), fits("the description", description, MaxDescription)); err != nil {
		return MediaItem{}, err
	}
	in := struct {
		Description string `json:"description"`
	}{description}
	var out MediaItem
	err := s.c.sendJSON(ctx, op, http.MethodPatch, itemPath(id), url.Values{"updateMask": {"description"}}, in, &out)
	return out, err
}

func itemPath(id string) string { return "/v1/mediaItems/" + url.PathEscape(id) }

// MediaItemResult is one entry of a batchGet: an item, or the status that says why there is none.
type MediaItemResult struct {
	Status    Status     `json:"status"`
	MediaItem *MediaItem `json:"mediaItem"`
}

// BatchGet reads media items, [MaxBatch] different ones a request; results stand in the order of the ids, and an id that is repeated is asked for once. An
// error ends it; the results are then those of the requests before. One bad id has been seen to make a whole request fail with 500: ask for fewer at a
// time, or Get each then (reference "mediaItems.batchGet").
func (s *MediaItemsService) BatchGet(ctx context.Context, ids []string) ([]MediaItemResult, error) {
	if err := notSent("mediaItems.batchGet", wantSome(ids)); err != nil {
		return nil, err
	}
	known := make(map[string]MediaItemResult, len(ids))
	var out []MediaItemResult
	for at := 0; at < len(ids); {
		group := nextGroup(ids[at:], known)
		results, err := s.batchGet(ctx, group)
		if err != nil {
			return out, err
		}
		for i, id := range group {
			known[id] = results[i]
		}
		for at < len(ids) {
			result, ok := known[ids[at]]
			if !ok {
				break
			}
			out = append(out, result)
			at++
		}
	}
	return out, nil
}

// nextGroup is the next ids that are not known, [MaxBatch] at most.
func nextGroup(ids []string, known map[string]MediaItemResult) []string {
	var group []string
	for _, id := range ids {
		if _, ok := known[id]; !ok && !slices.Contains(group, id) {
			if group = append(group, id); len(group) == MaxBatch {
				break
			}
		}
	}
	return group
}

// batchGet makes one request.
func (s *MediaItemsService) batchGet(ctx context.Context, ids []string) ([]MediaItemResult, error) {
	const op = "mediaItems.batchGet"
	var out struct {
		MediaItemResults []MediaItemResult `json:"mediaItemResults"`
	}
	query := s.ofEach("mediaItemResults(status,mediaItem(%s))")
	query["mediaItemIds"] = ids
	err := s.c.get(ctx, op, "/v1/mediaItems:batchGet", query, &out)
	if n := len(out.MediaItemResults); err == nil && n != len(ids) { // results tell by their place alone whose they are
		err = &Error{Op: op, Status: http.StatusOK, Err: fmt.Errorf("%w: %d results for %d ids", ErrNotJSON, n, len(ids))}
	}
	return out.MediaItemResults, err
}

// From is the same service, whose List, Search and InAlbum begin with the page of a token: that of a [PageError], or of a call for one page. It is good for the
// same listing only.
func (s *MediaItemsService) From(token string) *MediaItemsService {
	return &MediaItemsService{c: s.c, fields: s.fields, from: token}
}

func mediaItemID(m MediaItem) string { return m.ID }

// List goes through all media items that this app created and the user has not archived, newest first, 100 a request. One that comes again is left out. An error
// ends it, and is a [PageError].
func (s *MediaItemsService) List(ctx context.Context) iter.Seq2[MediaItem, error] {
	return Pages(s.from, mediaItemID, func(token string) ([]MediaItem, string, error) { return s.ListPage(ctx, token) })
}

// ListPage reads one page of List, of up to 100 media items. An empty token is the first page; an empty next is the end. A page may be short,
// or even empty, and go on (reference "mediaItems.list").
func (s *MediaItemsService) ListPage(ctx context.Context, token string) (items []MediaItem, next string, err error) {
	var out itemsPage
	query := pageQuery(s.ofEach("mediaItems(%s),nextPageToken"), maxItemsPage, token)
	err = s.c.get(ctx, "mediaItems.list", "/v1/mediaItems", query, &out)
	return out.MediaItems, out.NextPageToken, err
}

type itemsPage struct {
	MediaItems    []MediaItem `json:"mediaItems"`
	NextPageToken string      `json:"nextPageToken"`
}
