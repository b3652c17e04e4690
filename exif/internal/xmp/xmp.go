// Package xmp reads XMP packets, wherever they stand: in a segment, chunk or box
// of a picture, or in a sidecar file.
//
// A packet is RDF in XML, and may have megabytes of an editor's masks and
// history. encoding/xml cannot bound what it allocates for one tag and takes
// seconds for such packets, so the package has a scanner of its own, which knows
// as much of XML as XMP asks for and allocates only for the wanted values.
package xmp

import (
	"github.com/albumwright/albumwright/exif/internal/claim"
	"github.com/albumwright/albumwright/exif/internal/file"
)

// Read claims what an XMP packet says, in UTF-8 or UTF-16. Bytes around the
// packet are passed over; one without RDF says nothing. A packet that calls its
// still a motion photo is believed; see [ReadStill].
func Read(packet []byte, to *claim.Set, bad *file.Complaints) {
	if video := ReadStill(packet, to, bad); video.Said {
		to.MotionPhoto = true
	}
}

// ReadStill is [Read] for those who hold the whole file: whether there really is
// a video is left to the caller, because programs that cut the video off leave
// the packet as it was.
func ReadStill(packet []byte, to *claim.Set, bad *file.Complaints) Video {
	w := walker{values: map[property]candidate{}}
	if !w.walk(inUTF8(packet)) {
		bad.Add("the XMP packet is cut short")
	}
	w.claim(to)
	return w.video()
}
