package photos

import (
	"context"
	"encoding/json"
	"fmt"
	"iter"
	"net/url"
	"strconv"
	"time"
)

// MediaItemsService creates and reads media items.
type MediaItemsService struct{ c *Client }

// Limits of media items (reference "mediaItems.batchCreate", "mediaItems.batchGet").
const (
	MaxBatch       = 50  // items in one batchCreate or batchGet
	MaxFileName    = 255 // characters in a file name, extension included
	MaxDescription = 999 // characters: the reference says shorter than 1000, the guide says 1000; this satisfies both
	maxItemsPage   = 100
)

// Int64 is a number that the service sends as a JSON string, as it does with all 64-bit numbers. Both forms are read.
type Int64 int64

// UnmarshalJSON reads "12" and 12.
func (n *Int64) UnmarshalJSON(b []byte) error {
	s := string(b)
	if s == "null" {
		return nil
	}
	if len(s) >= 2 && s[0] == '"' {
		s = s[1 : len(s)-1]
	}
	v, err := strconv.ParseInt(s, 10, 64)
	if err != nil {
		return fmt.Errorf("%s is not a 64-bit number", b)
	}
	*n = Int64(v)
	return nil
}

// MarshalJSON writes the service's form.
func (n Int64) MarshalJSON() ([]byte, error) { return json.Marshal(strconv.FormatInt(int64(n), 10)) }

// MediaItem is a photo or video in the user's library. Fields that the service omits are zero.
type MediaItem struct {
	ID            string        `json:"id,omitempty"`          // lasts for ever
	Description   string        `json:"description,omitempty"` // the user's words
	ProductURL    string        `json:"productUrl,omitempty"`  // for the signed-in user's browser
	BaseURL       string        `json:"baseUrl,omitempty"`     // valid for 60 minutes, not without parameters
	MIMEType      string        `json:"mimeType,omitempty"`
	Filename      string        `json:"filename,omitempty"`
	MediaMetadata MediaMetadata `json:"mediaMetadata,omitzero"`
}

// MediaMetadata is what the service found in the file. Exactly one of Photo and Video is set.
type MediaMetadata struct {
	CreationTime time.Time `json:"creationTime,omitzero"` // UTC; a file without a zone has its wall clock read as UTC
	Width        Int64     `json:"width,omitempty"`       // pixels
	Height       Int64     `json:"height,omitempty"`
	Photo        *Photo    `json:"photo,omitempty"`
	Video        *Video    `json:"video,omitempty"`
}

// Photo is the camera's side of a photo; every field may be missing.
type Photo struct {
	CameraMake      string  `json:"cameraMake,omitempty"`
	CameraModel     string  `json:"cameraModel,omitempty"`
	FocalLength     float64 `json:"focalLength,omitempty"`     // millimetres
	ApertureFNumber float64 `json:"apertureFNumber,omitempty"` // f-number
	ISOEquivalent   int     `json:"isoEquivalent,omitempty"`
	ExposureTime    string  `json:"exposureTime,omitempty"` // seconds with a suffix, "0.016666667s"
}

// Video is the camera's side of a video.
type Video struct {
	CameraMake  string  `json:"cameraMake,omitempty"`
	CameraModel string  `json:"cameraModel,omitempty"`
	FPS         float64 `json:"fps,omitempty"`
	Status      string  `json:"status,omitempty"` // PROCESSING, READY or FAILED
}

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

// The positions that the service knows for media items.
const (
	FirstInAlbum   Position = "FIRST_IN_ALBUM"
	LastInAlbum    Position = "LAST_IN_ALBUM"
	AfterMediaItem Position = "AFTER_MEDIA_ITEM"
)

// AlbumPosition places the items of a batch in its album, as a block in the order of the request.
type AlbumPosition struct {
	Position            Position `json:"position"`
	RelativeMediaItemID string   `json:"relativeMediaItemId,omitempty"` // only with [AfterMediaItem]
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
// Sending the same tokens again after a lost answer is safe: the service gives the same bytes the same media item.
func (s *MediaItemsService) BatchCreate(ctx context.Context, in BatchCreateRequest) (BatchCreateResponse, error) {
	var out BatchCreateResponse
	err := s.c.post(ctx, "mediaItems.batchCreate", "/v1/mediaItems:batchCreate", in, &out)
	return out, err
}

// Get reads one media item.
func (s *MediaItemsService) Get(ctx context.Context, id string) (MediaItem, error) {
	var out MediaItem
	err := s.c.get(ctx, "mediaItems.get", "/v1/mediaItems/"+url.PathEscape(id), nil, &out)
	return out, err
}

// MediaItemResult is one entry of a batchGet: an item, or the status that says why there is none.
type MediaItemResult struct {
	Status    Status     `json:"status"`
	MediaItem *MediaItem `json:"mediaItem"`
}

// BatchGet reads up to [MaxBatch] different media items in one request; results stand in the order of the ids.
func (s *MediaItemsService) BatchGet(ctx context.Context, ids []string) ([]MediaItemResult, error) {
	var out struct {
		MediaItemResults []MediaItemResult `json:"mediaItemResults"`
	}
	err := s.c.get(ctx, "mediaItems.batchGet", "/v1/mediaItems:batchGet", url.Values{"mediaItemIds": ids}, &out)
	return out.MediaItemResults, err
}

// List goes through all media items that this app created, newest first, 100 a request. An error ends it.
func (s *MediaItemsService) List(ctx context.Context) iter.Seq2[MediaItem, error] {
	return pages(func(token string) ([]MediaItem, string, error) {
		query := url.Values{"pageSize": {strconv.Itoa(maxItemsPage)}}
		if token != "" {
			query.Set("pageToken", token)
		}
		var out itemsPage
		err := s.c.get(ctx, "mediaItems.list", "/v1/mediaItems", query, &out)
		return out.MediaItems, out.NextPageToken, err
	})
}

// InAlbum goes through the media items of an album in album order, 100 a request. An error ends it.
func (s *MediaItemsService) InAlbum(ctx context.Context, albumID string) iter.Seq2[MediaItem, error] {
	return pages(func(token string) ([]MediaItem, string, error) {
		in := struct {
			AlbumID   string `json:"albumId"`
			PageSize  int    `json:"pageSize"`
			PageToken string `json:"pageToken,omitempty"`
		}{albumID, maxItemsPage, token}
		var out itemsPage
		err := s.c.post(ctx, "mediaItems.search", "/v1/mediaItems:search", in, &out)
		return out.MediaItems, out.NextPageToken, err
	})
}

type itemsPage struct {
	MediaItems    []MediaItem `json:"mediaItems"`
	NextPageToken string      `json:"nextPageToken"`
}
