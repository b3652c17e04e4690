package emulator

import (
	"encoding/hex"
	"fmt"
	"io"
	"slices"

	"github.com/albumwright/albumwright/emulator/internal/gallery"
)

// shelf shows the server's library to the gallery. Each method holds the lock for
// no longer than a page needs.
type shelf struct{ s *Server }

// Counts implements gallery.Library.
func (v shelf) Counts() gallery.Counts {
	v.s.mu.Lock()
	defer v.s.mu.Unlock()
	c := gallery.Counts{Items: len(v.s.byTime.all()) - len(v.s.trash), Trashed: len(v.s.trash), Bytes: v.s.bytes}
	for range v.s.shownAlbums {
		c.Albums++
	}
	return c
}

// shownAlbums are the user's albums that the app created, in order of creation. s.mu
// is held.
func (s *Server) shownAlbums(yield func(*album) bool) {
	for _, a := range s.albums {
		if !a.foreign && a.owner == "" && !yield(a) {
			return
		}
	}
}

// Albums implements gallery.Library.
func (v shelf) Albums(from, n int) []gallery.Album {
	v.s.mu.Lock()
	defer v.s.mu.Unlock()
	var all []gallery.Album
	i := 0
	for a := range v.s.shownAlbums {
		if i >= from && len(all) < n {
			all = append(all, v.album(a))
		}
		i++
	}
	return all
}

func (v shelf) album(a *album) gallery.Album {
	shown := gallery.Album{ID: a.id, Title: a.title, Count: len(a.items)}
	if cover := a.coverItem(); cover != nil {
		it := v.item(cover)
		shown.Cover = &it
	}
	return shown
}

// Album implements gallery.Library.
func (v shelf) Album(id string) (gallery.Album, bool) {
	v.s.mu.Lock()
	defer v.s.mu.Unlock()
	a := v.s.shownAlbum(id)
	if a == nil {
		return gallery.Album{}, false
	}
	return v.album(a), true
}

// shownAlbum is one of shownAlbums, or nil. s.mu is held.
func (s *Server) shownAlbum(id string) *album {
	if a := s.albumID[id]; a != nil && !a.foreign && a.owner == "" {
		return a
	}
	return nil
}

// InAlbum implements gallery.Library. What stands between two items goes with the
// one that follows, and at the end with the last.
func (v shelf) InAlbum(id string, from, n int) (all []gallery.Entry) {
	v.s.mu.Lock()
	defer v.s.mu.Unlock()
	a := v.s.shownAlbum(id)
	if a == nil {
		return nil
	}
	before := 0 // items
	for _, p := range a.order {
		here := before >= from && before < from+n || before == len(a.items) && from+n >= before
		switch {
		case p.enrichment != nil && here:
			all = append(all, gallery.Entry{Kind: p.enrichment.kind, Text: p.enrichment.text})
		case p.shown():
			before++
			if here {
				it := v.item(p.item)
				all = append(all, gallery.Entry{Item: &it, Place: before})
			}
		}
	}
	return all
}

// Trash implements gallery.Library.
func (v shelf) Trash(from, n int) (all []gallery.Item) {
	v.s.mu.Lock()
	defer v.s.mu.Unlock()
	for i := len(v.s.trash) - 1 - from; i >= 0 && len(all) < n; i-- {
		all = append(all, v.item(v.s.trash[i]))
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
	return v.item(it), true
}

// item is an item as the gallery knows it. s.mu is held.
func (v shelf) item(it *item) gallery.Item {
	c := it.content
	shown := gallery.Item{
		ID: it.id, Name: it.fileName, Description: it.description,
		TypeName: c.facts.Type.Name(), MIMEType: c.facts.Type.MIME(), Video: c.facts.Type.Video(),
		Size: c.blob.size, Width: c.facts.Width, Height: c.facts.Height, Orientation: c.facts.Orientation,
		Created: it.taken, FromFile: !c.facts.Taken.IsZero(),
		SHA256: hex.EncodeToString(c.hash[:]), ProductURL: it.productURL(),
		Marks: gallery.Marks{
			Favorite: it.marks.Favorite, Archived: it.marks.Archived, Trashed: it.marks.Trashed, Foreign: it.marks.Foreign,
			Processing: it.marks.Processing, Ready: it.marks.Ready, Failed: it.marks.Failed,
			Categories: slices.Clone(it.marks.Categories),
		},
	}
	if shown.Video {
		shown.VideoStatus = string(it.videoStatus(v.s.now(), v.s.config.VideoProcessing))
	}
	return shown
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
	marks.Processing, marks.Ready, marks.Failed = shown.Processing, shown.Ready, shown.Failed
	marks.Categories, marks.Foreign = shown.Categories, shown.Foreign
	return v.s.Mark(id, marks)
}

// Categories implements gallery.Library.
func (shelf) Categories() []string { return contentCategories[noCategory+1:] }

// Open implements gallery.Library.
func (v shelf) Open(id string) (io.ReadSeekCloser, error) { return v.open(id) }

func (v shelf) open(id string) (blobReader, error) {
	v.s.mu.Lock()
	it := v.s.itemID[id]
	v.s.mu.Unlock()
	if it == nil {
		return nil, fmt.Errorf("no media item %s", id)
	}
	return it.content.blob.open()
}
