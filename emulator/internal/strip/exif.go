package strip

import (
	"encoding/binary"
	"slices"
)

// Bounds of the walk over directories. Real blocks have below ten of below a
// hundred entries.
const (
	maxDirectories = 64
	maxEntries     = 1024
)

// Tags of Exif that lead to other directories, and those that go.
const (
	tagSubIFDs   = 0x014A
	tagXMP       = 0x02BC
	tagIPTC      = 0x83BB
	tagPhotoshop = 0x8649
	tagExif      = 0x8769
	tagGPS       = 0x8825
	tagInterop   = 0xA005
)

// Exif takes the place out of a block of Exif, in the bytes of the block itself:
// the directory of GPS, and the records of other standards that may have it too,
// are overwritten with zeros and no longer named. It returns false if the block
// cannot be read to its end, so that there may be a place in it still.
func Exif(block []byte) bool {
	s := stripper{b: block}
	if len(block) < 8 {
		return false
	}
	switch string(block[:4]) {
	case "II*\x00":
		s.order = binary.LittleEndian
	case "MM\x00*":
		s.order = binary.BigEndian
	default:
		return false
	}
	s.follow(s.order.Uint32(block[4:]))
	for len(s.queue) > 0 && !s.lost {
		at := s.queue[0]
		s.queue = s.queue[1:]
		s.directory(at)
	}
	return !s.lost
}

// stripper is the work on one block, used by one goroutine.
type stripper struct {
	b     []byte
	order binary.ByteOrder
	seen  []int // directories, so that a circle ends
	queue []int
	lost  bool // a directory is cut short, or there is too much
}

// follow queues a directory that a place in the block names.
func (s *stripper) follow(at uint32) {
	place := int(at)
	switch {
	case at == 0 || slices.Contains(s.seen, place):
	case len(s.seen) == maxDirectories:
		s.lost = true
	default:
		s.seen = append(s.seen, place)
		s.queue = append(s.queue, place)
	}
}

// entries are the number of entries of the directory at a place. One that lies
// outside of the block has none.
func (s *stripper) entries(at int) int {
	switch {
	case at < 8:
		s.lost = true
		return 0
	case at > len(s.b)-2:
		return 0
	}
	n := int(s.order.Uint16(s.b[at:]))
	if n > maxEntries || at+2+12*n > len(s.b) {
		s.lost = true
		return 0
	}
	return n
}

// directory takes entries out of the one at a place and queues those that it
// names.
func (s *stripper) directory(at int) {
	n := s.entries(at)
	if n == 0 {
		return // by the standard it has one at least
	}
	for i := 0; i < n; {
		e := s.b[at+2+12*i:][:12]
		switch s.order.Uint16(e) {
		case tagGPS:
			s.eraseDirectory(s.order.Uint32(e[8:]))
		case tagXMP, tagIPTC, tagPhotoshop:
			s.erase(e)
		default:
			s.named(e)
			i++
			continue
		}
		s.remove(at, i, n)
		n--
	}
	if next := at + 2 + 12*n; next+4 <= len(s.b) { // some writers leave it out at the end
		s.follow(s.order.Uint32(s.b[next:]))
	}
}

// named queues the directories that an entry leads to.
func (s *stripper) named(e []byte) {
	switch s.order.Uint16(e) {
	case tagExif, tagInterop:
		s.follow(s.order.Uint32(e[8:]))
	case tagSubIFDs:
		for v := s.value(e); len(v) >= 4; v = v[4:] {
			s.follow(s.order.Uint32(v))
		}
	}
}

// remove closes the gap that the i-th of n entries leaves: the others, and the
// place of the next directory, move up.
func (s *stripper) remove(at, i, n int) {
	from, end := at+2+12*i, min(at+2+12*n+4, len(s.b))
	copy(s.b[from:], s.b[from+12:end])
	clear(s.b[end-12 : end])
	s.order.PutUint16(s.b[at:], uint16(n-1))
}

// eraseDirectory overwrites a directory with its values.
func (s *stripper) eraseDirectory(place uint32) {
	at := int(place)
	n := s.entries(at)
	for i := range n {
		s.erase(s.b[at+2+12*i:][:12])
	}
	if n > 0 {
		clear(s.b[at : at+2+12*n])
	}
}

// erase overwrites the value of an entry.
func (s *stripper) erase(e []byte) { clear(s.value(e)) }

// value is the bytes of an entry's value: in it, or elsewhere in the block, as
// much of it as is there.
func (s *stripper) value(e []byte) []byte {
	size := sizeOf(s.order.Uint16(e[2:])) * uint64(s.order.Uint32(e[4:]))
	if size <= 4 {
		return e[8 : 8+size]
	}
	end := uint64(len(s.b))
	at := min(uint64(s.order.Uint32(e[8:])), end)
	return s.b[at:min(at+size, end)]
}

// sizeOf is the bytes of one value of a TIFF type. Of one that is not known it is
// the largest.
func sizeOf(kind uint16) uint64 {
	switch kind {
	case 1, 2, 6, 7: // byte, ASCII, signed byte, undefined
		return 1
	case 3, 8:
		return 2
	case 4, 9, 11, 13:
		return 4
	}
	return 8
}
