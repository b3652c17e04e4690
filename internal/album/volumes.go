package album

import (
	"fmt"
	"strings"
	"unicode/utf8"

	"github.com/albumwright/albumwright/photos"
)

// VolumeTitle is what the n-th album of a title is called that has more items than one album can hold: "Title (2)" and so on. A title that leaves no room
// for the number is cut.
func VolumeTitle(title string, n int) string {
	suffix := fmt.Sprintf(" (%d)", n)
	if most := photos.MaxTitle - len(suffix); utf8.RuneCountInString(title) > most {
		title = strings.TrimSpace(string([]rune(title)[:most]))
	}
	return title + suffix
}

// Room is how much more a volume of a title takes.
type Room struct {
	Left  int    // items; not positive: none
	First []byte // the place of the first item in it; nil if there is none yet
}

// Spreader shares files out that are wanted in one title, in their order, to its volumes. A file goes into the volume in whose span it lies; if that is full,
// into the next one that is not, so that the order runs on through the volumes. The zero value has no volume.
type Spreader struct {
	Rooms []Room     // of the volumes, in order
	More  func() int // how much a further volume takes; it is called when one is needed
	at    int        // the volume of the file before: none goes back behind it
}

// Next takes the place of the next file and returns the number of its volume, from 0 on.
func (s *Spreader) Next(sort []byte) int {
	for i := len(s.Rooms) - 1; i > s.at; i-- {
		if first := s.Rooms[i].First; first != nil && string(first) <= string(sort) {
			s.at = i
		}
	}
	for ; ; s.at++ {
		if s.at == len(s.Rooms) {
			s.Rooms = append(s.Rooms, Room{Left: s.More()})
		}
		if s.Rooms[s.at].Left > 0 {
			s.Rooms[s.at].Left--
			return s.at
		}
	}
}
