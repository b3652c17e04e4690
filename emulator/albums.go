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
	ID                    string `json:"id"`
	Title                 string `json:"title,omitempty"`
	ProductURL            string `json:"productUrl"`
	IsWriteable           bool   `json:"isWriteable,omitempty"`
	MediaItemsCount       string `json:"mediaItemsCount,omitempty"`
	CoverPhotoMediaItemID string `json:"coverPhotoMediaItemId,omitempty"`
}

// albumsWire is the reply of albums.list.
type albumsWire struct {
	Albums        []albumWire `json:"albums,omitempty"`
	NextPageToken string      `json:"nextPageToken,omitempty"`
}

func (a *album) wire() albumWire {
	w := albumWire{
		ID: a.id, Title: a.title, IsWriteable: !a.foreign,
		ProductURL: "https://photos.google.com/lr/album/" + url.PathEscape(a.id),
	}
	if n := len(a.items); n > 0 {
		w.MediaItemsCount = strconv.Itoa(n)
	}
	if cover := a.coverItem(); cover != nil {
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
	made := albumMade{ID: newID(idOfAlbum), Title: title}
	if err := s.commit(change{Album: &made}); err != nil {
		return reply{}, err
	}
	return reply{body: s.albumID[made.ID].wire()}, nil
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
	a, err := s.visibleAlbum(c.id)
	if err != nil {
		return reply{}, err
	}
	return reply{body: a.wire()}, nil
}

// visibleAlbum finds an album for reading. Albums that this app did not create
// do not exist for it (contract 1.1, 9). s.mu is held.
func (s *Server) visibleAlbum(id string) (*album, *apiError) {
	a, err := s.anyAlbum(id)
	if err == nil && a.foreign {
		err = errNoSuchAlbum()
	}
	return a, err
}

// anyAlbum tells a malformed id (400) from one that is unknown or was deleted
// (404), contract 2.3; 12 #10. s.mu is held.
func (s *Server) anyAlbum(id string) (*album, *apiError) {
	if !wellFormed(idOfAlbum, id) {
		return nil, errInvalid("Invalid album ID.")
	}
	a := s.albumID[id]
	if a == nil {
		return nil, errNoSuchAlbum()
	}
	return a, nil
}

func errNoSuchAlbum() *apiError {
	return errNotFound("The provided ID does not match any albums.")
}

// listAlbums is albums.list: newest first (contract 5; 12 #32).
// excludeNonAppCreatedData changes nothing, as only albums that the app
// created are listed today.
func (s *Server) listAlbums(c *call) (reply, *apiError) {
	exclude, err := c.form.flag("excludeNonAppCreatedData")
	if err != nil {
		return reply{}, err
	}
	size, err := c.form.number("pageSize")
	if err != nil {
		return reply{}, err
	}
	p := pageRequest{
		scope: "albums.list " + strconv.FormatBool(exclude), size: size, token: c.form.text("pageToken"),
		standard: albumsPageDefault, most: albumsPageMax,
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	visible := s.visibleAlbums()
	shown, next, err := page(s, p, listing[*album]{
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
	if err != nil {
		return reply{}, err
	}
	res := albumsWire{NextPageToken: next}
	for _, a := range shown {
		res.Albums = append(res.Albums, a.wire())
	}
	return reply{body: res}, nil
}

// visibleAlbums are the app's own albums, newest first.
func (l *library) visibleAlbums() []*album {
	var visible []*album
	for i := len(l.albums) - 1; i >= 0; i-- {
		if !l.albums[i].foreign {
			visible = append(visible, l.albums[i])
		}
	}
	return visible
}
