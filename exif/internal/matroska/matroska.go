// Package matroska reads Matroska and WebM files, RFC 9559.
//
// A file is one Segment. In front of its clusters of video stand, in any order,
// the elements that say what is in it; some of them may stand behind instead, and
// a list in front says where.
package matroska

import (
	"math"

	"github.com/albumwright/albumwright/exif/internal/claim"
	"github.com/albumwright/albumwright/exif/internal/file"
)

// Elements of RFC 9559 section 5.1.
const (
	idSegment      = 0x18538067
	idSeekHead     = 0x114d9b74
	idSeek         = 0x4dbb
	idSeekID       = 0x53ab
	idSeekPosition = 0x53ac
	idInfo         = 0x1549a966
	idTracks       = 0x1654ae6b
	idTags         = 0x1254c367
	idCluster      = 0x1f43b675
)

const (
	// maxSeeks bounds the elements that are looked up behind the video.
	maxSeeks = 16

	// ahead is read at once: heads are short, and most bodies are leapt over.
	ahead = 256
)

// Read claims what the elements in front of the video say, and those behind it
// that are listed in front.
func Read(src *file.Source, to *claim.Set, bad *file.Complaints) {
	src.Ahead(ahead)
	found := false
	err := root(src).each(func(e element) bool {
		if found = e.id == idSegment; !found {
			return true // the head, or padding
		}
		if e.cut {
			bad.Add("the file ends inside its segment")
		}
		s := segment{whole: e, to: to, bad: bad}
		s.front()
		s.behind()
		return false
	})
	if err != nil || !found {
		bad.Add("no segment")
	}
}

// segment is being read.
type segment struct {
	whole element
	video int64 // where the clusters begin, or the reading ended
	seeks []seek
	track uint64 // the UID of the video, or 0
	to    *claim.Set
	bad   *file.Complaints
}

// seek is the place of an element in the segment.
type seek struct {
	id uint64
	at int64
}

// front reads up to the first cluster.
func (s *segment) front() {
	err := s.whole.each(func(e element) bool {
		if e.id == idCluster {
			return false
		}
		s.element(e)
		s.video = e.end
		return true
	})
	if err != nil {
		s.bad.Add("after byte %d of the segment: %v", s.video, err)
	}
}

// behind reads what the list of places names behind the first cluster. One list
// may name another, which then grows it.
func (s *segment) behind() {
	for i := 0; i < len(s.seeks); i++ {
		place := s.seeks[i]
		if place.at < s.video {
			continue
		}
		e, err := s.whole.at(place.at)
		if err != nil || uint64(e.id) != place.id {
			s.bad.Add("nothing at byte %d of the segment", place.at)
			continue
		}
		s.element(e)
	}
}

func (s *segment) element(e element) {
	read := map[uint32]func(element) error{
		idSeekHead: s.seekHead, idInfo: s.info, idTracks: s.tracks, idTags: s.tags,
	}[e.id]
	if read == nil {
		return
	}
	if err := read(e); err != nil {
		s.bad.Add("element %x: %v", e.id, err)
	}
}

// seekHead notes the places of what is wanted.
func (s *segment) seekHead(head element) error {
	return head.each(func(e element) bool {
		if e.id != idSeek {
			return true
		}
		var found seek
		var hasPlace bool
		err := e.each(func(e element) bool {
			switch e.id {
			case idSeekID:
				found.id, _ = e.unsigned()
			case idSeekPosition:
				var at uint64
				at, hasPlace = e.unsigned()
				found.at = int64(min(at, math.MaxInt64))
			}
			return true
		})
		if err == nil && hasPlace && len(s.seeks) < maxSeeks && !s.knows(found) {
			s.seeks = append(s.seeks, found)
		}
		return true
	})
}

// knows tells places that are not wanted, or twice the same.
func (s *segment) knows(place seek) bool {
	switch place.id {
	case idSeekHead, idInfo, idTracks, idTags:
	default:
		return true
	}
	for _, known := range s.seeks {
		if known.at == place.at {
			return true
		}
	}
	return false
}
