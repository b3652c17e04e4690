package emulator

// patchMediaItem is mediaItems.patch: the description of an item that the app
// created and the user owns (contract 5). It is the only field that changes.
func (s *Server) patchMediaItem(c *call) (reply, *apiError) {
	if _, err := readUpdateMask(c.form, "description"); err != nil {
		return reply{}, err
	}
	m, err := readMessage(c.r)
	if err != nil {
		return reply{}, err
	}
	description := m.text("description")
	m.ignore("id", "productUrl", "baseUrl", "mimeType", "mediaMetadata", "contributorInfo", "filename")
	if err := m.end(); err != nil {
		return reply{}, err
	}
	if err := descriptionFits(description); err != nil {
		return reply{}, err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	it := s.itemID[c.id]
	if it == nil && !wellFormed(idOfItem, c.id) { // a seeded one has the service's own form
		return reply{}, errInvalid("Invalid media item ID.")
	}
	if it == nil || !it.ofThisApp(c.granted) || it.marks.Trashed {
		return reply{}, errNotFound("Requested entity was not found.")
	}
	edit := it.edit(s.now())
	edit.Description = description
	if err := s.commit(change{Edit: edit}); err != nil {
		return reply{}, err
	}
	return reply{body: s.itemResource(c, it, s.now())}, nil
}

// ofThisApp is an item that the app created for the user: the scope to edit
// knows no others (contract 9).
func (it *item) ofThisApp(by grant) bool { return it.owner == "" && it.madeBy(by) }
