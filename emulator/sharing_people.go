package emulator

import (
	"cmp"
	"fmt"
)

// This file is what other people do, who have accounts of their own.

// SomebodysAlbum is an album that somebody else shares with the user; see
// [Server.AddSharedAlbum].
type SomebodysAlbum struct {
	Title   string
	Owner   string // the display name of its owner; "" = "Somebody Else"
	Options SharedAlbumOptions
	Foreign bool // made and shared without this app
}

// AddSharedAlbum makes an album that somebody else shares, and returns its id
// and the token by which the user can join it. One that is foreign cannot be
// joined by the API, so the user has joined it already. In [EraToday] the API
// shows nothing of either. [Server.Albums] and the gallery leave them out.
func (s *Server) AddSharedAlbum(a SomebodysAlbum) (id, shareToken string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	id, shareToken = newID(idOfAlbum), newShareToken()
	s.must(
		change{Album: &albumMade{ID: id, Title: a.Title, Foreign: a.Foreign, Owner: cmp.Or(a.Owner, somebody), Client: s.project.key}},
		change{Shared: &albumShared{id, &sharing{shareToken, a.Options}}},
		change{Joined: &albumJoined{id, a.Foreign}},
	)
	return id, shareToken
}

// somebody is a person without a name.
const somebody = "Somebody Else"

// Contribute puts a photo or video of somebody else at the end of a shared
// album, the user's own or one of [Server.AddSharedAlbum], and returns the media
// item's id. The item is in the album only: the user's library does not have
// it. An error is bytes of which no media item can be made, or an album that is
// not there, is not open to contributors other than its owner, or is full.
func (s *Server) Contribute(albumID, contributor, fileName string, media []byte) (itemID string, err error) {
	contributor = cmp.Or(contributor, somebody)
	got, err := s.receiveMedia(fileName, media)
	if err != nil {
		return "", err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	a := s.albumID[albumID]
	if a == nil || !a.openTo(contributor) || s.albumTakes(a, 1) != nil {
		s.store.drop(got.blob)
		return "", fmt.Errorf("emulator: album %s takes nothing of %s", albumID, contributor)
	}
	now := s.now()
	made := &itemMade{
		ID: newID(idOfItem), Content: got.sum, FileName: fileName, Owner: contributor, Client: s.project.key,
		Created: now, Taken: creationTime(got.Facts, now), Marks: Marks{Undated: got.Facts.Taken.IsZero()},
	}
	placed := &itemsPlaced{a.id, len(a.order), []string{made.ID}}
	if err := s.register(got, change{Item: made}, change{Placed: placed}); err != nil {
		return "", fmt.Errorf("emulator: %s", err.message)
	}
	return made.ID, nil
}

// openTo: a shared album takes items of its owner, and of others if it is
// collaborative.
func (a *album) openTo(contributor string) bool {
	return a.shared != nil && (a.owner == contributor || a.shared.Options.Collaborative)
}
