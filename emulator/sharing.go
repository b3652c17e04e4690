package emulator

import (
	"cmp"
	"net/url"
	"time"
)

// SharedAlbumOptions say what people with whom an album is shared may do. Both
// are false by default.
type SharedAlbumOptions struct {
	Collaborative bool `json:"isCollaborative,omitempty"` // to add items
	Commentable   bool `json:"isCommentable,omitempty"`   // to comment
}

// sharing is how an album is shared.
type sharing struct {
	Token   string             `json:"token"` // other users join by it
	Options SharedAlbumOptions `json:"options,omitzero"`
}

// shareInfoWire is the ShareInfo resource, contract 7.
type shareInfoWire struct {
	SharedAlbumOptions SharedAlbumOptions `json:"sharedAlbumOptions"`
	ShareableURL       string             `json:"shareableUrl"`
	ShareToken         string             `json:"shareToken"`
	IsJoined           bool               `json:"isJoined,omitempty"`
	IsOwned            bool               `json:"isOwned,omitempty"`
	IsJoinable         bool               `json:"isJoinable,omitempty"`
}

// shareInfoReply is the reply of albums.share.
type shareInfoReply struct {
	ShareInfo *shareInfoWire `json:"shareInfo"`
}

// shareInfo tells how an album is shared: only of one that the app created, and
// only with the scope to share (contract 7). nil: it is not told.
func (a *album) shareInfo(by grant) *shareInfoWire {
	if a.shared == nil || !a.madeBy(by) || !by.has(mayShare) {
		return nil
	}
	return &shareInfoWire{
		SharedAlbumOptions: a.shared.Options,
		ShareableURL:       "https://photos.app.goo.gl/" + url.PathEscape(a.shared.Token),
		ShareToken:         a.shared.Token,
		IsJoined:           a.owner == "" || a.joined, // always true for the owner
		IsOwned:            a.owner == "",
		IsJoinable:         true,
	}
}

// shareAlbum is albums.share: an album that the app created gets a token by
// which other users join it (contract 5). Shared once more it keeps the token
// and takes the new options: a choice.
func (s *Server) shareAlbum(c *call) (reply, *apiError) {
	m, err := readMessage(c.r)
	if err != nil {
		return reply{}, err
	}
	o, _ := m.object("sharedAlbumOptions", "google.photos.types.SharedAlbumOptions")
	options := SharedAlbumOptions{o.flag("isCollaborative"), o.flag("isCommentable")}
	_ = o.end() // m.end returns its complaint
	if err := m.end(); err != nil {
		return reply{}, err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	a, err := s.ownAlbum(c)
	if err != nil {
		return reply{}, err
	}
	shared := sharing{Token: newShareToken(), Options: options}
	if a.shared != nil {
		shared.Token = a.shared.Token
	}
	if err := s.commit(change{Shared: &albumShared{a.id, &shared}}); err != nil {
		return reply{}, err
	}
	return reply{body: shareInfoReply{a.shareInfo(c.granted)}}, nil
}

// newShareToken makes a token of the form that was seen.
func newShareToken() string { return "AOVP0r" + randomText(64) }

// unshareAlbum is albums.unshare: the token ends, and what others had added
// leaves the album (contract 5). An album that is not shared is refused: a
// choice.
func (s *Server) unshareAlbum(c *call) (reply, *apiError) {
	m, err := readMessage(c.r)
	if err != nil {
		return reply{}, err
	}
	if err := m.end(); err != nil {
		return reply{}, err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	a, err := s.ownAlbum(c)
	if err != nil {
		return reply{}, err
	}
	if a.shared == nil {
		return reply{}, errInvalid("The album is not shared.")
	}
	changes := a.withoutItems(func(it *item) bool { return it.owner != "" })
	return reply{}, s.commit(append(changes, change{Shared: &albumShared{a.id, nil}})...)
}

// withoutItems is the change that takes some items out of an album, if it has
// any; trashed ones too, which would come back.
func (a *album) withoutItems(gone func(*item) bool) []change {
	var ids []string
	for _, p := range a.order {
		if p.item != nil && gone(p.item) {
			ids = append(ids, p.item.id)
		}
	}
	if ids == nil {
		return nil
	}
	return []change{{Removed: &itemsRemoved{a.id, ids}}}
}

// positionIsTheOwners: who does not own a shared album may not choose a place
// in it (contract 4).
func positionIsTheOwners(p albumPosition, a *album) *apiError {
	if p.given && a.owner != "" {
		return errInvalid("Request must not contain a position in an album that the user does not own.")
	}
	return nil
}

// contributorWire is the ContributorInfo resource, contract 7.
type contributorWire struct {
	ProfilePictureBaseURL string `json:"profilePictureBaseUrl"`
	DisplayName           string `json:"displayName"`
}

// userName is what other people see of a user without a name.
const userName = "Emulated User"

// contributorInfo tells who added an item to a shared album: only in a listing of
// the album, if the app created it, and with the scope to share (contract 7).
// nil: it is not told.
func (s *Server) contributorInfo(c *call, a *album, it *item, now time.Time) *contributorWire {
	if a.shared == nil || !a.madeBy(c.granted) || !c.granted.has(mayShare) {
		return nil
	}
	name := cmp.Or(it.owner, s.user.Name)
	return &contributorWire{s.userURL(c, name, now), name}
}
