package emulator

import (
	"maps"
	"slices"
	"time"
)

// Album is a snapshot of an album that the app created.
type Album struct {
	ID    string
	Title string
	Items []string // media item ids in album order
}

// MediaItem is a snapshot of a media item.
type MediaItem struct {
	ID            string
	Filename      string
	Description   string
	MIMEType      string
	SHA256        [32]byte
	Size          int64     // bytes
	Width, Height int       // pixels as stored in the file; 0 = unknown
	CreationTime  time.Time // when it was taken, the wall clock read as UTC where the file has no zone; else when it was uploaded
	Marks         Marks     // see [Server.Mark]
}

// Albums are the user's albums that the app created and the user did not
// delete, in order of creation.
func (s *Server) Albums() []Album {
	s.mu.Lock()
	defer s.mu.Unlock()
	var all []Album
	for _, a := range s.albums {
		if !a.foreign && a.owner == "" {
			all = append(all, a.snapshot())
		}
	}
	return all
}

func (a *album) snapshot() Album {
	ids := make([]string, len(a.items))
	for i, it := range a.items {
		ids[i] = it.id
	}
	return Album{ID: a.id, Title: a.title, Items: ids}
}

// MediaItems are all media items of the user in order of creation, also those
// that listings leave out: see [MediaItem].Marks.
func (s *Server) MediaItems() []MediaItem {
	s.mu.Lock()
	defer s.mu.Unlock()
	all := make([]MediaItem, 0, len(s.items))
	for _, it := range s.items {
		if it.owner == "" && !it.deleted {
			all = append(all, it.snapshot())
		}
	}
	return all
}

func (it *item) snapshot() MediaItem {
	c := it.content
	marks := it.marks
	marks.Categories = slices.Clone(marks.Categories)
	return MediaItem{
		Marks: marks, ID: it.id, Filename: it.fileName, Description: it.description, MIMEType: c.facts.Type.MIME(),
		SHA256: c.hash, Size: c.blob.size, Width: c.facts.Width, Height: c.facts.Height, CreationTime: it.taken,
	}
}

// Calls is the number of API requests by operation, such as "albums.list" or
// "mediaItems.batchCreate". Raw uploads are "uploads"; each request of a
// resumable one counts by its command: "uploads.start", "uploads.chunk" of a
// chunk before the last, "uploads.finalize" with bytes or without,
// "uploads.query", "uploads.cancel". Requests that were refused count too, and
// requests to no method of the API count as "unknown" (contract 12 #24). Loads
// of base URLs are no API requests and have a key all the same, "baseUrl".
func (s *Server) Calls() map[string]int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return maps.Clone(s.calls)
}

// Violations are the breaches of the service's rules, oldest first.
func (s *Server) Violations() []Violation {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Clone(s.violations)
}
