package emulator

import "slices"

// sharedAlbumsWire is the reply of sharedAlbums.list.
type sharedAlbumsWire struct {
	SharedAlbums  []albumWire `json:"sharedAlbums,omitempty"`
	NextPageToken string      `json:"nextPageToken,omitempty"`
}

// joinedWire is the reply of sharedAlbums.join.
type joinedWire struct {
	Album albumWire `json:"album"`
}

// listSharedAlbums is sharedAlbums.list: what the user shares, and what the user
// has joined, newest first.
func (s *Server) listSharedAlbums(c *call) (reply, *apiError) {
	p, exclude, err := readAlbumListing(c, "sharedAlbums.list")
	if err != nil {
		return reply{}, err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	shown, next, err := s.pageOfAlbums(p, s.visibleAlbums(func(a *album) bool {
		return a.shared != nil && s.shows(a, c.granted) && !(exclude && !a.madeBy(c.granted))
	}))
	if err != nil {
		return reply{}, err
	}
	return reply{body: sharedAlbumsWire{s.albumResources(shown, c), next}}, nil
}

// getSharedAlbum is sharedAlbums.get: an album by its share token, joined or
// not.
func (s *Server) getSharedAlbum(c *call) (reply, *apiError) {
	s.mu.Lock()
	defer s.mu.Unlock()
	a, err := s.albumSharedAs(c, c.id)
	if err != nil {
		return reply{}, err
	}
	return reply{body: s.albumResource(a, c)}, nil
}

// albumSharedAs finds an album that the app shared for any of its users. Other
// apps' cannot be joined, so they have no token here. s.mu is held.
func (s *Server) albumSharedAs(c *call, token string) (*album, *apiError) {
	if token == "" {
		return nil, errInvalid("Request must contain a share token.")
	}
	if a := s.sharedAs(token); a != nil && a.madeBy(c.granted) {
		return a, nil
	}
	return nil, errNotFound("Requested entity was not found.") // the text is a choice
}

// joinSharedAlbum is sharedAlbums.join. To join once more changes nothing; an
// owner cannot join: choices.
func (s *Server) joinSharedAlbum(c *call) (reply, *apiError) {
	token, err := readShareToken(c)
	if err != nil {
		return reply{}, err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	a, err := s.albumSharedAs(c, token)
	if err != nil {
		return reply{}, err
	}
	if a.owner == "" {
		return reply{}, errInvalid("The user owns the album.")
	}
	if err := s.commit(change{Joined: &albumJoined{a.id, true}}); err != nil {
		return reply{}, err
	}
	return reply{body: joinedWire{s.albumResource(a, c)}}, nil
}

// leaveSharedAlbum is sharedAlbums.leave: of an album that the user joined and
// does not own. What the user had added leaves it too, as in the app.
func (s *Server) leaveSharedAlbum(c *call) (reply, *apiError) {
	token, err := readShareToken(c)
	if err != nil {
		return reply{}, err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	a, err := s.albumSharedAs(c, token)
	if err != nil {
		return reply{}, err
	}
	if a.owner == "" || !a.joined {
		return reply{}, errInvalid("The user has not joined the album.")
	}
	changes := a.withoutItems(func(it *item) bool { return it.owner == "" })
	return reply{}, s.commit(append(changes, change{Joined: &albumJoined{a.id, false}})...)
}

func readShareToken(c *call) (string, *apiError) {
	m, err := readMessage(c.r)
	if err != nil {
		return "", err
	}
	token := m.text("shareToken")
	return token, m.end()
}

// showsItem: one that the user trashed is gone, and somebody else's is seen
// where the user sees an album with it. s.mu is held.
func (s *Server) showsItem(it *item, by grant) bool {
	if it.owner == "" {
		return !it.marks.Trashed && it.knownTo(by)
	}
	return slices.ContainsFunc(s.albums, func(a *album) bool {
		return a.holds[it] && s.shows(a, by)
	})
}
