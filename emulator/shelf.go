package emulator

import (
	"encoding/hex"
	"fmt"
	"io"

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
func (v shelf) Items() []gallery.Item {
	v.s.mu.Lock()
	defer v.s.mu.Unlock()
	all := make([]gallery.Item, 0, len(v.s.byTime))
	for i := len(v.s.byTime) - 1; i >= 0; i-- {
		all = append(all, v.s.byTime[i].shown())
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
	}
}

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

// Violations implements gallery.Library.
func (v shelf) Violations() []gallery.Violation {
	var all []gallery.Violation
	for _, b := range v.s.Violations() {
		all = append(all, gallery.Violation(b))
	}
	return all
}
