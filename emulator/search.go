package emulator

import (
	"fmt"
	"net/url"
	"slices"
	"time"
)

// searchRequest is the body of mediaItems.search.
type searchRequest struct {
	albumID string
	filters filters
	order   searchOrder
	page    pageRequest
}

// searchOrder is an orderBy.
type searchOrder string

// The orders that there are; none is newest first too, and stands beside any
// filter (contract 5, search).
const (
	oldestFirst searchOrder = "MediaMetadata.creation_time"
	newestFirst searchOrder = "MediaMetadata.creation_time desc"
)

// searchMediaItems is mediaItems.search: an album in its own order, or what the
// filters leave of the whole library (contract 5).
func (s *Server) searchMediaItems(c *call) (reply, *apiError) {
	req, err := readSearch(c)
	if err != nil {
		return reply{}, err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if req.albumID == "" {
		return s.pageOfLibrary(req, c)
	}
	a, err := s.visibleAlbum(req.albumID, c.granted)
	if err != nil {
		return reply{}, err
	}
	return s.pageOfAlbum(req.page, a, c)
}

func readSearch(c *call) (req searchRequest, err *apiError) {
	m, err := readMessage(c.r)
	if err != nil {
		return req, err
	}
	req.albumID = m.text("albumId")
	req.order = searchOrder(m.text("orderBy"))
	sub, filtered := m.object("filters", "google.photos.library.v1.Filters")
	req.filters = readFilters(sub)
	req.page = itemsPage("", m.number("pageSize"), m.text("pageToken"))
	if err := m.end(); err != nil {
		return req, err
	}
	if req.albumID != "" && filtered {
		return req, errInvalid("Request must not contain an album ID together with filters.")
	}
	req.page.scope = fmt.Sprintf("mediaItems.search %q %q %+v", req.albumID, req.order, req.filters)
	return req, req.orderFits()
}

// orderFits: an order needs a date filter, and bears only two others beside it
// (contract 5, search).
func (req searchRequest) orderFits() *apiError {
	switch {
	case req.order == "":
		return nil
	case req.order != oldestFirst && req.order != newestFirst:
		return errField("order_by", "Invalid order_by %q, want %q or %q.", req.order, oldestFirst, newestFirst)
	case req.filters.days == nil:
		return errField("order_by", "order_by must be used together with a date filter.")
	case req.filters.others:
		return errField("order_by", "order_by must not be used together with filters other than a date filter, "+
			"includeArchivedMedia and excludeNonAppCreatedData.")
	}
	return nil
}

// listMediaItems is mediaItems.list: what is not archived, newest first
// (contract 5).
func (s *Server) listMediaItems(c *call) (reply, *apiError) {
	size, err := c.form.number("pageSize")
	if err != nil {
		return reply{}, err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.pageOfLibrary(searchRequest{page: itemsPage("mediaItems.list", size, c.form.text("pageToken"))}, c)
}

// itemsPage is a request for a page of media items.
func itemsPage(scope string, size int, token string) pageRequest {
	return pageRequest{scope: scope, size: size, token: token, standard: itemsPageDefault, most: itemsPageMax}
}

// pageOfLibrary lists what the filters leave of the user's library, newest first
// unless it is asked otherwise. s.mu is held.
func (s *Server) pageOfLibrary(req searchRequest, c *call) (reply, *apiError) {
	items := s.byTime.all()
	n, now := len(items), s.now()
	index := func(i int) int { return n - 1 - i } // in items, of the i-th of the listing
	if req.order == oldestFirst {
		index = func(i int) int { return i }
	}
	l := listing[*item]{
		n:    n,
		at:   func(i int) *item { return items[index(i)] },
		mark: func(it *item, _ int) cursor { return cursor{it.seq, 0} },
		resume: func(at cursor) int {
			if at[0] >= len(s.items) {
				return -1 // of a journal that has lost its end
			}
			return index(s.byTime.index(s.items[at[0]])) + 1
		},
		shows: func(it *item) bool { return req.filters.match(it, c.granted) && s.lists(it, c.granted, now) },
	}
	if req.filters.days != nil {
		l.skip = req.daySkipper(&s.byTime)
	}
	shown, next, err := page(s, req.page, l)
	return s.itemsReply(c, shown, next), err
}

// daySkipper makes the skip of a listing of the library: a date filter wants
// runs of days, and what is between them is passed over by a binary search.
func (req searchRequest) daySkipper(t *timeline) (skip func(i int) int) {
	items, until := t.all(), 0 // up to until, all days are wanted
	return func(i int) int {
		if i < until {
			return i
		}
		if req.order == oldestFirst {
			run := after(req.filters.days, dayOf(items[i].taken))
			until = t.from(run.last + 1)
			return max(i, t.from(run.first))
		}
		run := before(req.filters.days, dayOf(items[len(items)-1-i].taken))
		until = len(items) - t.from(run.first)
		return max(i, len(items)-t.from(run.last+1))
	}
}

// lists reports whether a listing shows an item of the user's: not what was
// trashed, what today another app created, or what is too new to be seen yet
// (contract 5; 12 #28). s.mu is held.
func (s *Server) lists(it *item, by grant, now time.Time) bool {
	return !it.marks.Trashed && it.knownTo(by) && s.config.Hostility.seen(it, now)
}

// pageOfAlbum lists an album in its order, archived items too. When the item at
// which the last page ended was taken out of the album, its old place stands in
// for it: an item may then repeat or be missed, as in the service. s.mu is held.
func (s *Server) pageOfAlbum(p pageRequest, a *album, c *call) (reply, *apiError) {
	now := s.now()
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
		shows: func(it *item) bool { return s.lists(it, c.granted, now) },
	})
	if err != nil {
		return reply{}, err
	}
	res := s.itemsReply(c, shown, next)
	for i, it := range shown {
		w := &res.body.(mediaItemsWire).MediaItems[i]
		w.ContributorInfo = s.contributorInfo(c, a, it, now)
		w.ProductURL = a.productURLOf(it)
	}
	return res, err
}

// productURLOf points to an item within an album, as a search in the album wants
// it (contract 7, MediaItem).
func (a *album) productURLOf(it *item) string {
	return "https://photos.google.com/lr/album/" + url.PathEscape(a.id) + "/photo/" + url.PathEscape(it.id)
}
