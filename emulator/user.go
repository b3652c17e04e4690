package emulator

import "slices"

// This file is what the user does in the app, past the API.

// AddForeignAlbum makes an album that the app did not create and returns its
// id. The API does not show it, and to write into it gives 400 "No permission
// to add media items to this album." (contract 2.3). [Server.Albums] and the
// gallery leave it out.
func (s *Server) AddForeignAlbum(title string) (id string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.addAlbum(title, true).id
}

// DeleteAlbum deletes an album; its items stay in the library. To write into it
// then gives 404 (contract 12 #10). It reports whether there was one.
func (s *Server) DeleteAlbum(id string) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	a := s.albumID[id]
	if a == nil {
		return false
	}
	delete(s.albumID, id)
	s.albums = slices.DeleteFunc(s.albums, func(b *album) bool { return a == b })
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
	delete(a.holds, it)
	a.items = slices.DeleteFunc(a.items, func(b *item) bool { return b == it })
	return true
}
