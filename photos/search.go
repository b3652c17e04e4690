package photos

import (
	"context"
	"iter"
	"net/http"
)

// SearchRequest asks for the media items of an album, or for those of the library that pass some filters, never for both; the zero
// value is the whole library (reference "mediaItems.search").
type SearchRequest struct {
	AlbumID  string   `json:"albumId,omitempty"`  // lists this album in its own order; not with Filters
	PageSize int      `json:"pageSize,omitempty"` // items a request, 1 to 100; 0 is 100, so that a listing costs the fewest requests
	Filters  *Filters `json:"filters,omitempty"`  // nil lets everything through that is not archived
	OrderBy  Order    `json:"orderBy,omitempty"`  // only with a date filter, and then with no other but the two of yes and no
}

// Order is how a search with a date filter is sorted.
type Order string

// The orders of a search, by creation time. Without one it is newest first.
const (
	OldestFirst Order = "MediaMetadata.creation_time"
	NewestFirst Order = "MediaMetadata.creation_time desc"
)

// Filters are ANDed. A nil one lets everything through.
type Filters struct {
	DateFilter               *DateFilter      `json:"dateFilter,omitempty"`
	ContentFilter            *ContentFilter   `json:"contentFilter,omitempty"`
	MediaTypeFilter          *MediaTypeFilter `json:"mediaTypeFilter,omitempty"`
	FeatureFilter            *FeatureFilter   `json:"featureFilter,omitempty"`
	IncludeArchivedMedia     bool             `json:"includeArchivedMedia,omitempty"`
	ExcludeNonAppCreatedData bool             `json:"excludeNonAppCreatedData,omitempty"` // has no effect today: an app sees only its own
}

// DateFilter lets through what was taken on one of the dates or in one of the ranges, by the calendar of its creationTime. A media item
// whose file has no capture date never passes.
type DateFilter struct {
	Dates  []Date      `json:"dates,omitempty"`  // at most 5
	Ranges []DateRange `json:"ranges,omitempty"` // at most 5
}

// Date is a day, or with zeros in it a whole year (Month and Day 0), a whole month (Day 0), or a day of every year (Year 0). There is no
// month of every year.
type Date struct {
	Year  int `json:"year,omitempty"`  // 1 to 9999
	Month int `json:"month,omitempty"` // 1 to 12
	Day   int `json:"day,omitempty"`   // 1 to 31, a day of its month
}

// DateRange has both its ends in it. They have the same form: the same parts of the two are zero.
type DateRange struct {
	StartDate Date `json:"startDate"`
	EndDate   Date `json:"endDate"`
}

// ContentFilter lets through what shows one of the included things and none of the excluded ones. No category is in both lists.
type ContentFilter struct {
	IncludedContentCategories []ContentCategory `json:"includedContentCategories,omitempty"` // at most 10
	ExcludedContentCategories []ContentCategory `json:"excludedContentCategories,omitempty"` // at most 10
}

// MediaTypeFilter lets one media type through.
type MediaTypeFilter struct {
	MediaTypes []MediaType `json:"mediaTypes"` // exactly one
}

// FeatureFilter lets through what has one of the features.
type FeatureFilter struct {
	IncludedFeatures []Feature `json:"includedFeatures,omitempty"`
}

// Search goes through the media items that a search finds. What is added or marked meanwhile may be missed; what
// comes again is left out. An error ends it, and is a [PageError]; it is
// [ErrNotSent] if the request breaks a documented limit. An album that is not the app's is [ClassAlbumGone].
func (s *MediaItemsService) Search(ctx context.Context, in SearchRequest) iter.Seq2[MediaItem, error] {
	return Pages(s.from, mediaItemID, func(token string) ([]MediaItem, string, error) { return s.SearchPage(ctx, in, token) })
}

// SearchPage reads one page of a search. An empty token is the first page; an empty next is the end. A page may be short, or even empty, and
// go on. A token is good for the same request only.
func (s *MediaItemsService) SearchPage(ctx context.Context, in SearchRequest, token string) (items []MediaItem, next string, err error) {
	const op = "mediaItems.search"
	if err := notSent(op, in.problem()); err != nil {
		return nil, "", err
	}
	if in.PageSize == 0 {
		in.PageSize = maxItemsPage
	}
	body := struct {
		SearchRequest
		PageToken string `json:"pageToken,omitempty"`
	}{in, token}
	var out itemsPage
	err = s.c.sendJSON(ctx, op, http.MethodPost, "/v1/mediaItems:search", s.ofEach("mediaItems(%s),nextPageToken"), body, &out)
	return out.MediaItems, out.NextPageToken, err
}

// InAlbum goes through the media items of an album in album order, 100 a request. An error ends it.
func (s *MediaItemsService) InAlbum(ctx context.Context, albumID string) iter.Seq2[MediaItem, error] {
	return Pages(s.from, mediaItemID, func(token string) ([]MediaItem, string, error) {
		if err := notSent("mediaItems.search", wantID("album", albumID)); err != nil {
			return nil, "", err // without an id it would be the whole library
		}
		return s.SearchPage(ctx, SearchRequest{AlbumID: albumID}, token)
	})
}
