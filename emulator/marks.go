package emulator

import (
	"bytes"
	"errors"
	"fmt"
	"slices"
	"time"
)

// Marks are what the user, or the service's own eyes, say about a media item.
// No API method sets them: see [Server.Mark].
type Marks struct {
	Favorite   bool     `json:"favorite,omitempty"`
	Archived   bool     `json:"archived,omitempty"`   // listed only where it is asked for, and in its albums
	Trashed    bool     `json:"trashed,omitempty"`    // for the API it is gone, until the user restores it
	Foreign    bool     `json:"foreign,omitempty"`    // not created by this app: today it does not exist for it
	Undated    bool     `json:"undated,omitempty"`    // without a capture date: no date filter matches it
	Failed     bool     `json:"failed,omitempty"`     // a video whose processing fails
	Categories []string `json:"categories,omitempty"` // ContentCategory names, such as "PETS"
}

// Mark sets the marks of a media item, all of them: those that marks leaves out
// are taken away. [MediaItem].Marks are those that it has. What has no capture
// date in its file stays undated.
//
// A trashed item leaves its albums, and is back at its places when the mark is
// taken away. Meanwhile get and patch answer 404 and batchGet says "Invalid
// media item ID."; a batchCreate of the same bytes succeeds with this item, which
// stays in the trash and enters no album (contract 11 #21).
//
// An error is an id that there is not, or a category that is none.
func (s *Server) Mark(id string, marks Marks) error {
	if err := categoriesExist(marks.Categories); err != nil {
		return fmt.Errorf("emulator: Marks.Categories: %w", err)
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	it := s.itemID[id]
	if it == nil {
		return fmt.Errorf("emulator: no media item %q", id)
	}
	marks.Undated = marks.Undated || it.content.facts.Taken.IsZero()
	marks.Categories = slices.Clone(marks.Categories)
	edit := it.edit()
	edit.Marks = marks
	if err := s.commit(change{Edit: edit}); err != nil {
		return errors.New("emulator: " + err.message)
	}
	return nil
}

// mark sets the marks of an item. One that goes into the trash, or comes out of
// it, is no longer among the items of its albums, or again.
func (l *library) mark(it *item, marks Marks) {
	moved := it.marks.Trashed != marks.Trashed
	it.marks, it.shows = marks, categoriesNamed(marks.Categories)
	if !moved {
		return
	}
	for _, a := range l.albums {
		if _, has := a.holds[it]; has {
			a.refresh()
		}
	}
}

// knownTo: an item that this app did not create does not exist for it today, and
// was for the wider scopes to read (contract 9).
func (it *item) knownTo(by scopeSet) bool {
	return !it.marks.Foreign || by.has(mayAll|mayRead)
}

// AddForeignItem makes a media item that another app, or the web page, brought
// into the library, and returns its id. Today the API does not show it; in
// [Era2024] the wider scopes see it. Yet a batchCreate of the same bytes succeeds
// with this item, and puts it into an album (contract 0 #5). An item that the
// library has of these bytes stays what it is, and its id is returned.
//
// An error is bytes of which no media item can be made.
func (s *Server) AddForeignItem(fileName string, media []byte) (id string, err error) {
	got, err := s.receiveMedia(fileName, media)
	if err != nil {
		return "", err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if c := s.contents[got.sum]; c != nil && c.item != nil {
		s.store.drop(got.blob)
		return c.item.id, nil
	}
	now := time.Now()
	made := &itemMade{
		ID: newID(idOfItem), Content: got.sum, FileName: fileName, Created: now, Taken: creationTime(got.Facts, now),
		Marks: Marks{Foreign: true, Undated: got.Facts.Taken.IsZero()},
	}
	if err := s.register(got, change{Item: made}); err != nil {
		return "", errors.New("emulator: " + err.message)
	}
	return made.ID, nil
}

// receiveMedia takes bytes that do not come by the API, and of which a media item
// can be made.
func (s *Server) receiveMedia(fileName string, media []byte) (received, error) {
	got, refused := s.receive(bytes.NewReader(media), nil)
	if refused != nil {
		return got, fmt.Errorf("emulator: %s: %s", fileName, refused.message)
	}
	if got.err != nil {
		s.store.drop(got.blob)
		return got, fmt.Errorf("emulator: %s: %w", fileName, got.err)
	}
	return got, nil
}
