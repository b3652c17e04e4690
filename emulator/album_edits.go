package emulator

// patchAlbum is albums.patch: the title and the cover of an album that the app
// created and the user owns (contract 5).
func (s *Server) patchAlbum(c *call) (reply, *apiError) {
	fields, err := readUpdateMask(c.form, "title", "coverPhotoMediaItemId")
	if err != nil {
		return reply{}, err
	}
	wanted, err := readAlbumEdit(c)
	if err != nil {
		return reply{}, err
	}
	if fields["title"] {
		if err := titleFits(wanted.Title); err != nil {
			return reply{}, err
		}
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	a, err := s.ownAlbum(c)
	if err != nil {
		return reply{}, err
	}
	edit := a.edit()
	if fields["title"] {
		edit.Title = wanted.Title
	}
	if fields["coverPhotoMediaItemId"] {
		if err := s.coverIsInAlbum(c, a, wanted.Cover); err != nil {
			return reply{}, err
		}
		edit.Cover = wanted.Cover
	}
	if err := s.commit(change{AlbumEdit: edit}); err != nil {
		return reply{}, err
	}
	return reply{body: s.albumResource(a, c)}, nil
}

// readAlbumEdit takes the fields of an Album that can be changed. The others
// may be there and are not read.
func readAlbumEdit(c *call) (wanted albumEdited, err *apiError) {
	m, err := readMessage(c.r)
	if err != nil {
		return wanted, err
	}
	wanted.Title, wanted.Cover = m.text("title"), m.text("coverPhotoMediaItemId")
	m.ignore("id", "productUrl", "isWriteable", "shareInfo", "mediaItemsCount", "coverPhotoBaseUrl")
	return wanted, m.end()
}

// coverIsInAlbum: a cover is an item of the album that exists for the app. That
// any other is refused, and in these words, is a choice. s.mu is held.
func (s *Server) coverIsInAlbum(c *call, a *album, itemID string) *apiError {
	if it := s.itemID[itemID]; it == nil || !a.holds[it] || !it.madeBy(c.granted) {
		return errInvalidItem()
	}
	return nil
}

// albumForEditing finds an album that the app created, to change what is there
// already. That the refusal of another is this one is a choice; the text has
// been seen for albums (contract 2.3). s.mu is held.
func (s *Server) albumForEditing(c *call) (*album, *apiError) {
	a, err := s.anyAlbum(c.id)
	if err == nil && !a.madeBy(c.granted) {
		err = errForbidden("The caller does not have permission")
	}
	return a, err
}

// ownAlbum is albumForEditing for what only the owner may do (contract 5,
// albums.patch). s.mu is held.
func (s *Server) ownAlbum(c *call) (*album, *apiError) {
	a, err := s.albumForEditing(c)
	if err == nil && a.owner != "" {
		err = errForbidden("The caller does not have permission")
	}
	return a, err
}
