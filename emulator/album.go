package emulator

import "slices"

// album is an album with what it shows, in order.
type album struct {
	id      string
	seq     int
	title   string
	foreign bool // made by the user or another app: not to be seen or written
	cover   *item
	order   []place
	items   []*item        // those of order
	holds   map[*item]bool // the same items
}

// place is one thing in an album: a media item or an enrichment.
type place struct {
	item       *item
	enrichment *enrichment
}

// enrichment is a text, a location or a map between the items of an album. The
// API never shows it again (contract 7).
type enrichment struct {
	id   string
	kind string // "text", "location", "map"
	text string // what the album shows
}

// insert puts places that the album does not have at an index of its order.
func (a *album) insert(at int, places []place) {
	a.order = slices.Insert(a.order, min(at, len(a.order)), places...)
	a.refresh()
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
			a.items = append(a.items, p.item)
			a.holds[p.item] = true
		}
	}
}

// coverItem is the item that stands for the album: the chosen one, else the
// first. nil: the album is empty.
func (a *album) coverItem() *item {
	switch {
	case a.cover != nil:
		return a.cover
	case len(a.items) > 0:
		return a.items[0]
	}
	return nil
}
