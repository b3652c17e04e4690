package emulator

import (
	"net/url"
	"slices"
	"strconv"
	"time"
)

// mediaItemWire is the MediaItem resource, contract 7. baseUrl is left out:
// the bytes are not served under one (contract 12 #27 for a fresh item).
type mediaItemWire struct {
	ID            string            `json:"id"`
	Description   string            `json:"description,omitempty"`
	ProductURL    string            `json:"productUrl"`
	MIMEType      string            `json:"mimeType"`
	MediaMetadata mediaMetadataWire `json:"mediaMetadata"`
	Filename      string            `json:"filename"`
}

type mediaMetadataWire struct {
	CreationTime string     `json:"creationTime"`
	Width        string     `json:"width,omitempty"`
	Height       string     `json:"height,omitempty"`
	Photo        *struct{}  `json:"photo,omitempty"` // {} marks a photo without data
	Video        *videoWire `json:"video,omitempty"`
}

type videoWire struct {
	Status string `json:"status"`
}

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

func (it *item) wire(now time.Time) mediaItemWire {
	facts := it.content.facts
	w := mediaItemWire{
		ID: it.id, Description: it.description, Filename: it.fileName,
		ProductURL: it.productURL(), MIMEType: facts.Type.MIME(),
		MediaMetadata: mediaMetadataWire{CreationTime: it.taken.UTC().Format(time.RFC3339)},
	}
	if facts.Width > 0 && facts.Height > 0 {
		w.MediaMetadata.Width = strconv.Itoa(facts.Width)
		w.MediaMetadata.Height = strconv.Itoa(facts.Height)
	}
	if !facts.Type.Video() {
		w.MediaMetadata.Photo = &struct{}{}
		return w
	}
	// A new video is processed before it can be shown (contract 7, Video).
	w.MediaMetadata.Video = &videoWire{Status: "READY"}
	if now.Sub(it.created) < videoProcessing {
		w.MediaMetadata.Video.Status = "PROCESSING"
	}
	return w
}

func (it *item) productURL() string {
	return "https://photos.google.com/lr/photo/" + url.PathEscape(it.id)
}

// getMediaItem is mediaItems.get: a malformed id is 400, an unknown one 404
// (contract 5).
func (s *Server) getMediaItem(c *call) (reply, *apiError) {
	if !wellFormed(idOfItem, c.id) {
		return reply{}, errInvalid("Invalid media item ID.")
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	it := s.itemID[c.id]
	if it == nil {
		return reply{}, errNotFound("Requested entity was not found.")
	}
	return reply{body: it.wire(time.Now())}, nil
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
	now := time.Now()
	var res batchGetWire
	for _, id := range ids {
		var r mediaItemResultWire
		if it := s.itemID[id]; it != nil {
			w := it.wire(now)
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

// listMediaItems is mediaItems.list: all items, newest first (contract 5).
func (s *Server) listMediaItems(c *call) (reply, *apiError) {
	size, err := c.form.number("pageSize")
	if err != nil {
		return reply{}, err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.pageOfLibrary(pageRequest{
		scope: "mediaItems.list", size: size, token: c.form.text("pageToken"),
		standard: itemsPageDefault, most: itemsPageMax,
	})
}

// pageOfLibrary lists all items, newest first. s.mu is held.
func (s *Server) pageOfLibrary(p pageRequest) (reply, *apiError) {
	n := len(s.byTime)
	shown, next, err := page(s, p, listing[*item]{
		n:      n,
		at:     func(i int) *item { return s.byTime[n-1-i] },
		mark:   func(it *item, _ int) cursor { return cursor{it.seq, 0} },
		resume: func(at cursor) int { return n - s.timeIndex(s.items[at[0]]) },
	})
	return itemsReply(shown, next), err
}

func itemsReply(shown []*item, next string) reply {
	now := time.Now()
	res := mediaItemsWire{NextPageToken: next}
	for _, it := range shown {
		res.MediaItems = append(res.MediaItems, it.wire(now))
	}
	return reply{body: res}
}
