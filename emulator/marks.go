package emulator

import (
	"bytes"
	"errors"
	"fmt"
	"slices"
)

// Marks are what the user, or the service's own eyes, say about a media item.
// No API method sets them: see [Server.Mark].
type Marks struct {
	Favorite   bool     `json:"favorite,omitempty"`
	Archived   bool     `json:"archived,omitempty"`   // listed only where it is asked for, and in its albums
	Trashed    bool     `json:"trashed,omitempty"`    // for the API it is gone, until the user restores it
	Foreign    bool     `json:"foreign,omitempty"`    // created by no client here: today it does not exist for them
	Undated    bool     `json:"undated,omitempty"`    // without a capture date: no date filter matches it
	Processing bool     `json:"processing,omitempty"` // a video that is processed for ever
	Ready      bool     `json:"ready,omitempty"`      // a video that is ready at once
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
// An error is an id that there is not, a category that is none, or more than one
// of Processing, Ready and Failed.
func (s *Server) Mark(id string, marks Marks) error {
	if err := categoriesExist(marks.Categories); err != nil {
		return fmt.Errorf("emulator: Marks.Categories: %w", err)
	}
	if marks.Processing && marks.Ready || marks.Processing && marks.Failed || marks.Ready && marks.Failed {
		return errors.New("emulator: Marks: a video is at most one of processing, ready and failed")
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	it := s.itemID[id]
	if it == nil {
		return fmt.Errorf("emulator: no media item %q", id)
	}
	marks.Undated = marks.Undated || it.content.facts.Taken.IsZero()
	marks.Categories = slices.Clone(marks.Categories)
	edit := it.edit(s.now())
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
	if it.owner == "" {
		l.throw(it)
	}
	for _, a := range l.albums {
		if _, has := a.holds[it]; has {
			a.refresh()
		}
	}
}

// throw puts an item into the list of the trash, or takes it out, as it is marked.
func (l *library) throw(it *item) {
	if it.marks.Trashed {
		l.trash = append(l.trash, it)
	} else if at := slices.Index(l.trash, it); at >= 0 {
		l.trash = slices.Delete(l.trash, at, at+1)
	}
}

// knownTo: an item that this app did not create does not exist for it today, and
// was for the wider scopes to read (contract 9).
func (it *item) knownTo(by grant) bool {
	return it.madeBy(by) || by.has(mayAll|mayRead)
}

// madeBy: "created by the app" means by the OAuth client (contract 9).
func (it *item) madeBy(by grant) bool { return !it.marks.Foreign && by.made(it.client) }

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
	now := s.now()
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
