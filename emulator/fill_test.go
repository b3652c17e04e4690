package emulator

import (
	"encoding/binary"
	"strconv"
	"time"

	"github.com/albumwright/albumwright/emulator/internal/inspect"
)

// Stock is a media item that a test wants to be there.
type Stock struct {
	Name  string    // file name; "" = its number
	Taken time.Time // creationTime
	Video bool
	Marks Marks
}

// Fill puts n media items into the library, past uploads and journal: a million
// of them in seconds. They have no bytes. It returns their ids.
func (s *Server) Fill(n int, stock func(i int) Stock) []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	ids := make([]string, n)
	for i := range n {
		of, hash := stock(i), s.newContent()
		kept := contentKept{Hash: hash, Facts: inspect.Facts{Type: inspect.JPEG, Taken: of.Taken}}
		if of.Video {
			kept.Facts.Type = inspect.MP4
		}
		if of.Name == "" {
			of.Name = strconv.Itoa(i)
		}
		ids[i] = newID(idOfItem)
		made := itemMade{ID: ids[i], Content: hash, FileName: of.Name, Created: time.Now(), Taken: of.Taken, Marks: of.Marks}
		s.mustApply(change{Content: &kept}, change{Item: &made})
	}
	return ids
}

// AlbumOf makes an album of items.
func (s *Server) AlbumOf(ids []string) (albumID string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	albumID = newID(idOfAlbum)
	s.mustApply(change{Album: &albumMade{ID: albumID, Title: "Album"}}, change{Placed: &itemsPlaced{albumID, 0, ids}})
	return albumID
}

// Tokens are n upload tokens for new contents of a capture time.
func (s *Server) Tokens(n int, taken time.Time) []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	tokens := make([]string, n)
	for i := range tokens {
		tokens[i] = newUploadToken()
		hash := s.newContent()
		s.mustApply(
			change{Content: &contentKept{Hash: hash, Facts: inspect.Facts{Type: inspect.JPEG, Taken: taken}}},
			change{Token: &tokenIssued{Token: tokens[i], Content: hash, Issued: time.Now()}},
		)
	}
	return tokens
}

// MaxLooked is the bound on what one page looks at.
const MaxLooked = maxLooked

// newContent is a hash that no content has.
func (s *Server) newContent() (hash contentHash) {
	binary.BigEndian.PutUint64(hash[:], uint64(len(s.contents)+1))
	return hash
}

func (s *Server) mustApply(changes ...change) {
	if err := s.apply(changes); err != nil {
		panic(err)
	}
}
