package photos

import (
	"fmt"
	"net/url"
	"strings"
)

// Only is the same service, whose reads ask for no more than these fields of each media item: Get, BatchGet, List and Search. A field is
// named as in the API: "id", "mediaMetadata/creationTime", "mediaMetadata(width,height)". The others come back zero, and the answers are smaller
// (guide "Access media items", field masks). What pages and batches need to be read is asked for in any case. No field is all of
// them. A name that the service does not know is [ClassInvalid].
func (s *MediaItemsService) Only(fields ...string) *MediaItemsService {
	return &MediaItemsService{c: s.c, fields: strings.Join(fields, ","), from: s.from}
}

// ofEach is the mask of an answer that holds media items at the %s.
func (s *MediaItemsService) ofEach(form string) url.Values { return mask(form, s.fields) }

// Only is the same service, whose reads ask for no more than these fields of each album: Get, List and ListPage. See [MediaItemsService.Only].
func (s *AlbumsService) Only(fields ...string) *AlbumsService {
	only := *s
	only.fields = strings.Join(fields, ",")
	return &only
}

// ofEach is the mask of an answer that holds albums at the %s.
func (s *AlbumsService) ofEach(form string) url.Values { return mask(form, s.fields) }

// mask is the query of a read; without fields it is empty, and the answer whole.
func mask(form, fields string) url.Values {
	if fields == "" {
		return url.Values{}
	}
	return url.Values{"fields": {fmt.Sprintf(form, fields)}}
}
