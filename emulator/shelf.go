package emulator

import (
	"encoding/hex"
	"fmt"
	"io"
	"slices"

	"github.com/albumwright/albumwright/emulator/internal/gallery"
)

// shelf shows the server's library to the gallery page.
type shelf struct{ s *Server }

// Albums implements gallery.Library.
func (v shelf) Albums() []gallery.Album {
	var all []gallery.Album
	for _, a := range v.s.Albums() {
		all = append(all, gallery.Album(a))
	}
	return all
}

// Items implements gallery.Library.
func (v shelf) Items() []gallery.Item { return v.items(false) }

// Trash implements gallery.Library.
func (v shelf) Trash() []gallery.Item { return v.items(true) }

func (v shelf) items(trashed bool) []gallery.Item {
	v.s.mu.Lock()
	defer v.s.mu.Unlock()
	items := v.s.byTime.all()
	all := make([]gallery.Item, 0, len(items))
	for _, it := range slices.Backward(items) {
		if it.owner == "" && it.marks.Trashed == trashed {
			all = append(all, it.shown())
		}
	}
	return all
}

// Item implements gallery.Library.
func (v shelf) Item(id string) (gallery.Item, bool) {
	v.s.mu.Lock()
	defer v.s.mu.Unlock()
	it := v.s.itemID[id]
	if it == nil {
		return gallery.Item{}, false
	}
	return it.shown(), true
}

// shown is an item as the gallery page knows it.
func (it *item) shown() gallery.Item {
	c := it.content
	return gallery.Item{
		ID: it.id, Name: it.fileName, Description: it.description,
		TypeName: c.facts.Type.Name(), MIMEType: c.facts.Type.MIME(), Video: c.facts.Type.Video(),
		Size: c.blob.size, Width: c.facts.Width, Height: c.facts.Height, Orientation: c.facts.Orientation,
		Created: it.taken, FromFile: !c.facts.Taken.IsZero(),
		SHA256: hex.EncodeToString(c.hash[:]), ProductURL: it.productURL(),
		Marks: gallery.Marks{
			Favorite: it.marks.Favorite, Archived: it.marks.Archived, Trashed: it.marks.Trashed, Foreign: it.marks.Foreign,
			Categories: slices.Clone(it.marks.Categories),
		},
	}
}

// Mark implements gallery.Library. Marks that the page does not show stay.
func (v shelf) Mark(id string, shown gallery.Marks) error {
	v.s.steers.Lock()
	defer v.s.steers.Unlock()
	marks, found := v.s.marksOf(id)
	if !found {
		return fmt.Errorf("no media item %s", id)
	}
	marks.Favorite, marks.Archived, marks.Trashed = shown.Favorite, shown.Archived, shown.Trashed
	marks.Categories, marks.Foreign = shown.Categories, shown.Foreign
	return v.s.Mark(id, marks)
}

// Categories implements gallery.Library.
func (shelf) Categories() []string { return contentCategories[noCategory+1:] }

// Open implements gallery.Library.
func (v shelf) Open(id string) (io.ReadSeekCloser, error) {
	v.s.mu.Lock()
	it := v.s.itemID[id]
	v.s.mu.Unlock()
	if it == nil {
		return nil, fmt.Errorf("no media item %s", id)
	}
	return it.content.blob.open()
}

// Calls implements gallery.Library.
func (v shelf) Calls() map[string]int { return v.s.Calls() }

// Meters implements gallery.Library.
func (v shelf) Meters() []gallery.Meter {
	spent, limits := v.s.Spent(), v.s.config.Quota
	return []gallery.Meter{
		{Name: "Requests in a day", Used: spent.Requests, Limit: limits.RequestsPerDay, Reset: spent.Reset},
		{Name: "Base URLs in a day", Used: spent.BaseURLLoads, Limit: limits.BaseURLLoadsPerDay, Reset: spent.Reset},
		{Name: "Writes in a minute", Used: spent.Writes, Limit: limits.WritesPerMinutePerUser},
		{Name: "Uploads in a minute", Used: spent.Uploads, Limit: limits.UploadsPerMinute},
	}
}

// Violations implements gallery.Library.
func (v shelf) Violations() []gallery.Violation {
	var all []gallery.Violation
	for _, b := range v.s.Violations() {
		all = append(all, gallery.Violation(b))
	}
	return all
}
