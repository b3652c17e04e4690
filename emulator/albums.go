package emulator

import (
	"net/url"
	"slices"
	"strconv"
	"unicode/utf8"
)

// albumWire is the Album resource, contract 7. Defaults are omitted, int64 is
// a string.
type albumWire struct {
	ID                    string         `json:"id"`
	Title                 string         `json:"title,omitempty"`
	ProductURL            string         `json:"productUrl"`
	IsWriteable           bool           `json:"isWriteable,omitempty"`
	ShareInfo             *shareInfoWire `json:"shareInfo,omitempty"`
	MediaItemsCount       string         `json:"mediaItemsCount,omitempty"`
	CoverPhotoBaseURL     string         `json:"coverPhotoBaseUrl,omitempty"`
	CoverPhotoMediaItemID string         `json:"coverPhotoMediaItemId,omitempty"`
}

// albumsWire is the reply of albums.list.
type albumsWire struct {
	Albums        []albumWire `json:"albums,omitempty"`
	NextPageToken string      `json:"nextPageToken,omitempty"`
}

// albumResource is an album as a caller sees it: whether it is writeable, and
// how it is shared, depends on the scopes (contract 7). s.mu is held.
func (s *Server) albumResource(a *album, c *call) albumWire {
	by, cover := c.granted, a.coverItem()
	w := albumWire{
		ID: a.id, Title: a.title, IsWriteable: a.takesItems(by) && by.has(mayAppend|mayAll|mayShare),
		ProductURL: "https://photos.google.com/lr/album/" + url.PathEscape(a.id),
		ShareInfo:  a.shareInfo(by), CoverPhotoBaseURL: s.coverURL(c, cover, s.now()),
	}
	if n := len(a.items); n > 0 {
		w.MediaItemsCount = strconv.Itoa(n)
	}
	if cover != nil {
		w.CoverPhotoMediaItemID = cover.id
	}
	return w
}

// createAlbum is albums.create, contract 5.
func (s *Server) createAlbum(c *call) (reply, *apiError) {
	title, err := readAlbumTitle(c)
	if err != nil {
		return reply{}, err
	}
	if err := titleFits(title); err != nil {
		return reply{}, err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	made := albumMade{ID: newID(idOfAlbum), Title: title, Client: s.project.key}
	if err := s.commit(change{Album: &made}); err != nil {
		return reply{}, err
	}
	w := s.albumResource(s.albumID[made.ID], c)
	w.CoverPhotoBaseURL = "" // as the documented answer is
	return reply{body: w}, nil
}

// readAlbumTitle takes {"album":{"title"}}. The other fields of an Album are
// the service's to set: they may be there and are not read.
func readAlbumTitle(c *call) (string, *apiError) {
	raw, err := readBody(c.r)
	if err != nil {
		return "", err
	}
	m, err := parseBody(raw)
	if err != nil {
		return "", err
	}
	a, found := m.object("album", "google.photos.types.Album")
	title := a.text("title")
	a.ignore("id", "productUrl", "isWriteable", "shareInfo", "mediaItemsCount", "coverPhotoBaseUrl", "coverPhotoMediaItemId")
	if err := a.end(); err != nil {
		return "", err
	}
	if err := m.end(); err != nil {
		return "", err
	}
	if !found {
		return "", errInvalid("Request must contain an album.")
	}
	return title, nil
}

// titleFits: 1 to 500 characters (contract 5, albums.create; 12 #8).
func titleFits(title string) *apiError {
	switch n := utf8.RuneCountInString(title); {
	case n == 0:
		return errInvalid("Album title must not be empty.")
	case n > maxTitle:
		return errInvalid("Album title must not be longer than %d characters.", maxTitle)
	default:
		return nil
	}
}

// getAlbum is albums.get, contract 5.
func (s *Server) getAlbum(c *call) (reply, *apiError) {
	s.mu.Lock()
	defer s.mu.Unlock()
	a, err := s.visibleAlbum(c.id, c.granted)
	if err != nil {
		return reply{}, err
	}
	return reply{body: s.albumResource(a, c)}, nil
}

// visibleAlbum finds an album for reading. s.mu is held.
func (s *Server) visibleAlbum(id string, by grant) (*album, *apiError) {
	a, err := s.anyAlbum(id)
	if err == nil && !s.shows(a, by) {
		err = errNoSuchAlbum()
	}
	return a, err
}

// shows: albums that this app did not create do not exist for it, today
// (contract 1.1, 9); the wider scopes of old read them all. Somebody else's is
// seen by who has joined it.
func (s *Server) shows(a *album, by grant) bool {
	return (a.madeBy(by) || by.has(mayAll|mayRead)) && s.hasAccess(a)
}

// madeBy: "created by the app" means by the OAuth client (contract 9).
func (a *album) madeBy(by grant) bool { return !a.foreign && by.made(a.client) }

// hasAccess: to the user's own albums, and to those that the user has joined.
func (s *Server) hasAccess(a *album) bool {
	return a.owner == "" || a.joined && s.config.Era == Era2024
}

// anyAlbum tells a malformed id (400) from one that is unknown, was deleted or
// is not the user's (404), contract 2.3; 12 #10. s.mu is held.
func (s *Server) anyAlbum(id string) (*album, *apiError) {
	a := s.albumID[id]
	if a == nil && !wellFormed(idOfAlbum, id) { // a seeded one has the service's own form
		return nil, errInvalid("Invalid album ID.")
	}
	if a == nil || !s.hasAccess(a) {
		return nil, errNoSuchAlbum()
	}
	return a, nil
}

func errNoSuchAlbum() *apiError {
	return errNotFound("The provided ID does not match any albums.")
}

// listAlbums is albums.list: newest first (contract 5; 12 #32). Today
// excludeNonAppCreatedData changes nothing, as only albums that the app created
// are listed. An album of somebody else's is not in the user's library, even if
// the user has joined it.
func (s *Server) listAlbums(c *call) (reply, *apiError) {
	p, exclude, err := readAlbumListing(c, "albums.list")
	if err != nil {
		return reply{}, err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	shown, next, err := s.pageOfAlbums(p, s.visibleAlbums(func(a *album) bool {
		return a.owner == "" && s.shows(a, c.granted) && !(exclude && !a.madeBy(c.granted))
	}))
	if err != nil {
		return reply{}, err
	}
	return reply{body: albumsWire{s.albumResources(shown, c), next}}, nil
}

// readAlbumListing takes the parameters of a listing of albums.
func readAlbumListing(c *call, method string) (p pageRequest, exclude bool, err *apiError) {
	if exclude, err = c.form.flag("excludeNonAppCreatedData"); err != nil {
		return p, exclude, err
	}
	size, err := c.form.number("pageSize")
	return pageRequest{
		scope: method + " " + strconv.FormatBool(exclude), size: size, token: c.form.text("pageToken"),
		standard: albumsPageDefault, most: albumsPageMax,
	}, exclude, err
}

// pageOfAlbums cuts a page out of albums that are newest first. s.mu is held.
func (s *Server) pageOfAlbums(p pageRequest, visible []*album) ([]*album, string, *apiError) {
	return page(s, p, listing[*album]{
		n:    len(visible),
		at:   func(i int) *album { return visible[i] },
		mark: func(a *album, _ int) cursor { return cursor{a.seq, 0} },
		resume: func(at cursor) int { // the first album that is older than the last one shown
			i := slices.IndexFunc(visible, func(a *album) bool { return a.seq < at[0] })
			if i < 0 {
				return len(visible)
			}
			return i
		},
	})
}

// albumResources are albums as a caller sees them. s.mu is held.
func (s *Server) albumResources(albums []*album, c *call) []albumWire {
	var all []albumWire
	for _, a := range albums {
		all = append(all, s.albumResource(a, c))
	}
	return all
}

// visibleAlbums are the albums that a listing shows, newest first.
func (l *library) visibleAlbums(shown func(*album) bool) []*album {
	var visible []*album
	for _, a := range slices.Backward(l.albums) {
		if shown(a) {
			visible = append(visible, a)
		}
	}
	return visible
}
