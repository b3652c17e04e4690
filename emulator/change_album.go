package emulator

import (
	"fmt"
	"slices"
)

// albumMade: there is a new, empty album.
type albumMade struct {
	ID      string `json:"id"`
	Title   string `json:"title"`
	Foreign bool   `json:"foreign,omitempty"`
	Owner   string `json:"owner,omitempty"`
	Client  string `json:"client,omitempty"`
}

// addAlbum makes an album. The same title twice makes two (contract 5,
// albums.create).
func (l *library) addAlbum(c albumMade) {
	a := &album{id: c.ID, seq: l.made, title: c.Title, foreign: c.Foreign, owner: c.Owner, client: c.Client, holds: map[*item]bool{}}
	l.made++
	l.albums = append(l.albums, a)
	l.albumID[a.id] = a
}

// albumEdited: title and cover are now these. An empty cover is the first item.
type albumEdited struct {
	ID    string `json:"id"`
	Title string `json:"title"`
	Cover string `json:"cover,omitempty"`
}

func (c *albumEdited) apply(l *library) error {
	a := l.albumID[c.ID]
	if a == nil {
		return fmt.Errorf("an edit of unknown album %s", c.ID)
	}
	a.title, a.cover = c.Title, l.itemID[c.Cover]
	return nil
}

// edit is the change that leaves an album as it is, to be altered.
func (a *album) edit() *albumEdited {
	e := &albumEdited{ID: a.id, Title: a.title}
	if a.cover != nil {
		e.Cover = a.cover.id
	}
	return e
}

// albumDeleted: the user deleted an album. Its items stay in the library.
type albumDeleted struct {
	ID string `json:"id"`
}

func (c *albumDeleted) apply(l *library) error {
	a := l.albumID[c.ID]
	delete(l.albumID, c.ID)
	l.albums = slices.DeleteFunc(l.albums, func(b *album) bool { return a == b })
	return nil
}

// itemsPlaced: items are in an album, from an index of its order on.
type itemsPlaced struct {
	Album string   `json:"album"`
	At    int      `json:"at"`
	Items []string `json:"items"`
}

func (c *itemsPlaced) apply(l *library) error {
	a, places := l.albumID[c.Album], make([]place, len(c.Items))
	for i, id := range c.Items {
		if places[i].item = l.itemID[id]; places[i].item == nil {
			return fmt.Errorf("unknown item %s is placed", id)
		}
	}
	if a == nil {
		return fmt.Errorf("items are placed in unknown album %s", c.Album)
	}
	a.insert(c.At, places)
	return nil
}

// itemsRemoved: items are no longer in an album.
type itemsRemoved struct {
	Album string   `json:"album"`
	Items []string `json:"items"`
}

func (c *itemsRemoved) apply(l *library) error {
	a := l.albumID[c.Album]
	if a == nil {
		return fmt.Errorf("items are removed from unknown album %s", c.Album)
	}
	gone := map[*item]bool{}
	for _, id := range c.Items {
		gone[l.itemID[id]] = true
	}
	a.remove(gone)
	return nil
}

// enrichmentAdded: an enrichment is in an album, at an index of its order.
type enrichmentAdded struct {
	Album string `json:"album"`
	At    int    `json:"at"`
	ID    string `json:"id"`
	Kind  string `json:"kind"`
	Text  string `json:"text"`
}

func (c *enrichmentAdded) apply(l *library) error {
	a := l.albumID[c.Album]
	if a == nil {
		return fmt.Errorf("an enrichment for unknown album %s", c.Album)
	}
	a.insert(c.At, []place{{enrichment: &enrichment{id: c.ID, kind: c.Kind, text: c.Text}}})
	return nil
}
