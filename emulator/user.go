package emulator

// This file is what the user does in the app, past the API.

// AddForeignAlbum makes an album that the app did not create and returns its
// id. The API does not show it, except in [Era2024] to a token with one of the
// wider scopes, and to write into it gives 400 "No permission to add media items
// to this album." (contract 2.3). [Server.Albums] and the gallery leave it out.
func (s *Server) AddForeignAlbum(title string) (id string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	id = newID(idOfAlbum)
	s.must(change{Album: &albumMade{ID: id, Title: title, Foreign: true}})
	return id
}

// DeleteAlbum deletes an album; its items stay in the library. To write into it
// then gives 404 (contract 12 #10). It reports whether there was one.
func (s *Server) DeleteAlbum(id string) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.albumID[id] == nil {
		return false
	}
	s.must(change{AlbumGone: &albumDeleted{id}})
	return true
}

// RemoveFromAlbum takes an item out of an album; it stays in the library. It
// reports whether the album held it.
func (s *Server) RemoveFromAlbum(albumID, itemID string) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	a, it := s.albumID[albumID], s.itemID[itemID]
	if a == nil || it == nil || !a.holds[it] {
		return false
	}
	s.must(change{Removed: &itemsRemoved{albumID, []string{itemID}}})
	return true
}

// EmptyTrash deletes what is in the trash for good, and returns how many media
// items that were. The same bytes then make a new item.
func (s *Server) EmptyTrash() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	n := len(s.trash)
	if n > 0 {
		s.must(change{ItemsGone: &itemsDeleted{}})
	}
	return n
}

// must commits what the user does. There is nobody to answer with an error: a
// journal that cannot be written ends the program. s.mu is held.
func (s *Server) must(changes ...change) {
	if err := s.commit(changes...); err != nil {
		panic(err)
	}
}
