package emulator

import "slices"

// searchRequest is the body of mediaItems.search.
type searchRequest struct {
	albumID string
	filters bool // the field was there, even if empty
	narrow  bool // filters that say something, or an order that only they can have
	page    pageRequest
}

// searchMediaItems is mediaItems.search: an album in its own order, or the
// whole library newest first (contract 5). Filters are not implemented.
func (s *Server) searchMediaItems(c *call) (reply, *apiError) {
	req, err := readSearch(c)
	if err != nil {
		return reply{}, err
	}
	switch {
	case req.albumID != "" && (req.filters || req.narrow): // contract 5, search
		return reply{}, errInvalid("Request must not contain an album ID together with filters.")
	case req.narrow:
		return reply{}, errInvalid("Search filters are not implemented by this emulator yet.")
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if req.albumID == "" {
		return s.pageOfLibrary(req.page)
	}
	a, err := s.visibleAlbum(req.albumID)
	if err != nil {
		return reply{}, err
	}
	return s.pageOfAlbum(req.page, a)
}

func readSearch(c *call) (req searchRequest, err *apiError) {
	raw, err := readBody(c.r)
	if err != nil {
		return req, err
	}
	m, err := parseBody(raw)
	if err != nil {
		return req, err
	}
	req.albumID = m.text("albumId")
	filters, given := m.object("filters", "google.photos.library.v1.Filters")
	req.filters, req.narrow = given, m.text("orderBy") != "" || len(filters.fields) > 0
	req.page = pageRequest{
		scope: "mediaItems.search " + req.albumID,
		size:  m.number("pageSize"), token: m.text("pageToken"),
		standard: itemsPageDefault, most: itemsPageMax,
	}
	return req, m.end()
}

// pageOfAlbum lists an album in its order. When the item at which the last
// page ended was taken out of the album, its old place stands in for it: an
// item may then repeat or be missed, as in the service. s.mu is held.
func (s *Server) pageOfAlbum(p pageRequest, a *album) (reply, *apiError) {
	shown, next, err := page(s, p, listing[*item]{
		n:    len(a.items),
		at:   func(i int) *item { return a.items[i] },
		mark: func(it *item, i int) cursor { return cursor{it.seq, i} },
		resume: func(at cursor) int {
			if i := slices.IndexFunc(a.items, func(it *item) bool { return it.seq == at[0] }); i >= 0 {
				return i + 1
			}
			return min(at[1], len(a.items))
		},
	})
	return itemsReply(shown, next), err
}
