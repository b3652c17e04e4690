package emulator

import "slices"

// album is an album with what it shows, in order.
type album struct {
	id      string
	seq     int
	title   string
	foreign bool     // made by none of the clients here: not to be seen or written
	client  string   // the key of the project that made it, if it is not foreign
	owner   string   // somebody else, whose album it is; "" = the user
	shared  *sharing // nil = it is private
	joined  bool     // the user has joined somebody else's
	cover   *item
	order   []place
	items   []*item        // those of order, without the trashed ones
	holds   map[*item]bool // those of order; a trashed one is false
}

// place is one thing in an album: a media item or an enrichment.
type place struct {
	item       *item
	enrichment *enrichment
}

// shown: it is a media item that is not in the trash.
func (p place) shown() bool { return p.item != nil && !p.item.marks.Trashed }

// enrichment is a text, a location or a map between the items of an album. The
// API never shows it again (contract 7).
type enrichment struct {
	id   string
	kind string // "text", "location", "map"
	text string // what the album shows
}

// insert puts places that the album does not have at an index of its order.
func (a *album) insert(at int, places []place) {
	at = min(at, len(a.order))
	among := len(a.items) // where they go among the items
	for _, p := range a.order[at:] {
		if p.shown() {
			among--
		}
	}
	a.order = slices.Insert(a.order, at, places...)
	var shown []*item
	for _, p := range places {
		if p.item != nil {
			a.holds[p.item] = p.shown()
		}
		if p.shown() {
			shown = append(shown, p.item)
		}
	}
	a.items = slices.Insert(a.items, among, shown...)
}

// remove takes items out of the album.
func (a *album) remove(gone map[*item]bool) {
	a.order = slices.DeleteFunc(a.order, func(p place) bool { return p.item != nil && gone[p.item] })
	if gone[a.cover] {
		a.cover = nil
	}
	a.refresh()
}

// refresh derives the items from the order.
func (a *album) refresh() {
	a.items = a.items[:0:0]
	clear(a.holds)
	for _, p := range a.order {
		if p.item != nil {
			a.holds[p.item] = p.shown()
		}
		if p.shown() {
			a.items = append(a.items, p.item)
		}
	}
}

// coverItem is the item that stands for the album: the chosen one, else the
// first. nil: the album is empty.
func (a *album) coverItem() *item {
	switch {
	case a.holds[a.cover]:
		return a.cover
	case len(a.items) > 0:
		return a.items[0]
	}
	return nil
}

// lacks: an item, or one that is still to be made (nil), goes into the album
// when a call names it. One that the album has stays where it is, and one in the
// trash stays there.
func (a *album) lacks(it *item) bool {
	return it == nil || !a.holds[it] && !it.marks.Trashed
}
