package emulator

import (
	"slices"
)

// mediaItemsWire is the reply of mediaItems.list and search.
type mediaItemsWire struct {
	MediaItems    []mediaItemWire `json:"mediaItems,omitempty"`
	NextPageToken string          `json:"nextPageToken,omitempty"`
}

// statusWire is google.rpc.Status; code 0 is omitted (contract 0 #2).
type statusWire struct {
	Code    int    `json:"code,omitempty"`
	Message string `json:"message"`
}

// batchGetWire is the reply of mediaItems.batchGet.
type batchGetWire struct {
	Results []mediaItemResultWire `json:"mediaItemResults"`
}

type mediaItemResultWire struct {
	Status    *statusWire    `json:"status,omitempty"` // only of a failure
	MediaItem *mediaItemWire `json:"mediaItem,omitempty"`
}

// getMediaItem is mediaItems.get: a malformed id is 400, an unknown one 404
// (contract 5).
func (s *Server) getMediaItem(c *call) (reply, *apiError) {
	s.mu.Lock()
	defer s.mu.Unlock()
	it := s.itemID[c.id]
	if it == nil && !wellFormed(idOfItem, c.id) { // a seeded one has the service's own form
		return reply{}, errInvalid("Invalid media item ID.")
	}
	if it == nil || !s.showsItem(it, c.granted) {
		return reply{}, errNotFound("Requested entity was not found.")
	}
	return reply{body: s.itemResource(c, it, s.now())}, nil
}

// batchGetMediaItems is mediaItems.batchGet: the order of the ids is kept, an
// id that leads nowhere is a status of its own (contract 5).
func (s *Server) batchGetMediaItems(c *call) (reply, *apiError) {
	ids := c.form["mediaItemIds"]
	if err := idsMakeABatch(ids); err != nil {
		return reply{}, err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	now := s.now()
	var res batchGetWire
	for _, id := range ids {
		var r mediaItemResultWire
		if it := s.itemID[id]; it != nil && s.showsItem(it, c.granted) {
			w := s.itemResource(c, it, now)
			r.MediaItem = &w
		} else {
			r.Status = &statusWire{Code: 3, Message: "Invalid media item ID."}
		}
		res.Results = append(res.Results, r)
	}
	return reply{body: res}, nil
}

// idsMakeABatch: 1 to 50 ids, none empty, none twice (contract 5, batchGet).
func idsMakeABatch(ids []string) *apiError {
	sorted := slices.Sorted(slices.Values(ids))
	switch {
	case len(ids) == 0 || slices.Contains(ids, ""):
		return errInvalid("Request must contain at least one media item id, and none may be empty.")
	case len(ids) > maxBatch:
		return errInvalid("Request must not contain more than %d media item ids.", maxBatch)
	case len(slices.Compact(sorted)) != len(ids):
		return errInvalid("Request must not contain duplicated ids")
	default:
		return nil
	}
}

// itemsReply is a page of items as a listing shows them. s.mu is held.
func (s *Server) itemsReply(c *call, shown []*item, next string) reply {
	now := s.now()
	res := mediaItemsWire{NextPageToken: next}
	for _, it := range shown {
		res.MediaItems = append(res.MediaItems, s.itemResource(c, it, now))
	}
	return reply{body: res}
}
