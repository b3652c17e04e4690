package emulator

import "fmt"

// addMediaItems is albums.batchAddMediaItems: the items go to the end of the
// album in the order of the request, all of them or none (contract 5). One that
// the album holds already stays where it is: nothing is known about it, and so
// it is with batchCreate (contract 12 #39).
func (s *Server) addMediaItems(c *call) (reply, *apiError) {
	ids, err := s.readMediaItemIDs(c, "albums.batchAddMediaItems")
	if err != nil {
		return reply{}, err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	a, err := s.albumForWriting(c, c.id)
	if err != nil {
		return reply{}, err
	}
	var block []string
	for _, id := range ids {
		it := s.itemID[id]
		if it == nil || !it.ofThisApp(c.granted) || it.marks.Trashed {
			return reply{}, errInvalidItem()
		}
		if !a.holds[it] {
			block = append(block, id)
		}
	}
	if err := s.albumTakes(a, len(block)); err != nil || len(block) == 0 {
		return reply{}, err
	}
	return reply{}, s.commit(change{Placed: &itemsPlaced{a.id, len(a.order), block}})
}

// removeMediaItems is albums.batchRemoveMediaItems: all of the items or none
// leave the album, and none leaves the library (contract 5).
func (s *Server) removeMediaItems(c *call) (reply, *apiError) {
	ids, err := s.readMediaItemIDs(c, "albums.batchRemoveMediaItems")
	if err != nil {
		return reply{}, err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	a, err := s.albumForEditing(c)
	if err != nil {
		return reply{}, err
	}
	for _, id := range ids {
		if it := s.itemID[id]; it == nil || !a.holds[it] || !a.mayBeEmptiedOf(it, c.granted) {
			return reply{}, errInvalidItem()
		}
	}
	return reply{}, s.commit(change{Removed: &itemsRemoved{a.id, ids}})
}

// albumForWriting finds an album and wants it to be this app's own (contract
// 2.3); somebody else's must be open to contributions. s.mu is held.
func (s *Server) albumForWriting(c *call, id string) (*album, *apiError) {
	a, err := s.anyAlbum(id)
	if err == nil && !a.takesItems(c.granted) {
		err = errInvalid("No permission to add media items to this album.")
	}
	return a, err
}

// takesItems: what the app created for the user does, and what the user joined
// if everybody may contribute.
func (a *album) takesItems(by grant) bool {
	return a.madeBy(by) && (a.owner == "" || a.joined && a.shared != nil && a.shared.Options.Collaborative)
}

// albumHasRoom refuses the whole call when the album would go over its limit
// (contract 4; 12 #9). Items that it holds already take no room. s.mu is held.
func (s *Server) albumHasRoom(a *album, verdicts []verdict) *apiError {
	if a == nil {
		return nil
	}
	n := len(a.items)
	for _, v := range verdicts {
		if v.failure == nil && a.lacks(v.upload.content.item) {
			n++
		}
	}
	return s.albumTakes(a, n-len(a.items))
}

// albumTakes: an album has a limit, and a call that would go over it adds
// nothing. s.mu is held.
func (s *Server) albumTakes(a *album, more int) *apiError {
	if len(a.items)+more > s.config.AlbumLimit {
		return errInvalid("Album must not contain more than %d media items.", s.config.AlbumLimit)
	}
	return nil
}

// mayBeEmptiedOf: an item is removed only where the app created it, from a
// shared album by who added it or by the owner of the album.
func (a *album) mayBeEmptiedOf(it *item, by grant) bool {
	return it.madeBy(by) && (it.owner == "" || a.owner == "")
}

// readMediaItemIDs takes 1 to 50 ids, none empty, none twice (contract 5).
func (s *Server) readMediaItemIDs(c *call, method string) ([]string, *apiError) {
	m, err := readMessage(c.r)
	if err != nil {
		return nil, err
	}
	ids := m.texts("mediaItemIds")
	if err := m.end(); err != nil {
		return nil, err
	}
	if len(ids) > maxBatch {
		s.mu.Lock()
		s.violate(c, RuleBatchSize, fmt.Sprintf("%s with %d items", method, len(ids)))
		s.mu.Unlock()
	}
	return ids, idsMakeABatch(ids)
}

// errInvalidItem is what an id gets that the app did not create, or that is not
// in the album (contract 2.3).
func errInvalidItem() *apiError {
	return errInvalid("Request contains an invalid media item id.")
}
