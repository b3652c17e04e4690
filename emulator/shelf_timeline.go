package emulator

import (
	"slices"

	"github.com/albumwright/albumwright/emulator/internal/gallery"
)

// Timeline implements gallery.Library. Indexes count the trashed items too, so
// that a page is found without looking at those before it.
func (v shelf) Timeline(from, n int) (all []gallery.Item) {
	v.s.mu.Lock()
	defer v.s.mu.Unlock()
	items := v.s.byTime.all()
	for i := from; i < min(from+n, len(items)); i++ {
		if it := items[len(items)-1-i]; !it.marks.Trashed {
			all = append(all, v.item(it))
		}
	}
	return all
}

// Years implements gallery.Library, by two searches for each year that has an
// item.
func (v shelf) Years() (years []gallery.Year) {
	v.s.mu.Lock()
	defer v.s.mu.Unlock()
	t := &v.s.byTime
	items := t.all()
	for end := len(items); end > 0; {
		year := items[end-1].taken.UTC().Year()
		years = append(years, gallery.Year{Year: year, At: len(items) - end})
		end = t.from(calendarDay(year * 10000))
	}
	return years
}

// Around implements gallery.Library.
func (v shelf) Around(albumID, id string) (gallery.Around, bool) {
	v.s.mu.Lock()
	defer v.s.mu.Unlock()
	it, a := v.s.itemID[id], v.s.shownAlbum(albumID)
	switch {
	case it == nil || it.owner != "" && albumID == "":
		return gallery.Around{}, false
	case a != nil:
		return between(a.items, it)
	case albumID != "":
		return gallery.Around{}, false
	case it.marks.Trashed:
		trash := slices.Clone(v.s.trash)
		slices.Reverse(trash)
		return between(trash, it)
	}
	return v.inTimeline(it), true
}

// between is the place of an item in a list.
func between(items []*item, it *item) (b gallery.Around, found bool) {
	at := slices.Index(items, it)
	if at < 0 {
		return b, false
	}
	b.Place, b.Count = at+1, len(items)
	if at > 0 {
		b.Prev = items[at-1].id
	}
	if at+1 < len(items) {
		b.Next = items[at+1].id
	}
	return b, true
}

// inTimeline finds the nearest items that are not in the trash; where those are
// very many in a row, it gives up. s.mu is held.
func (v shelf) inTimeline(it *item) (b gallery.Around) {
	items, at := v.s.byTime.all(), v.s.byTime.index(it)
	next := func(step int) string {
		for i := at + step; i >= 0 && i < len(items) && i-at < maxLooked && at-i < maxLooked; i += step {
			if !items[i].marks.Trashed {
				return items[i].id
			}
		}
		return ""
	}
	return gallery.Around{Prev: next(1), Next: next(-1)} // the newest is the first
}
