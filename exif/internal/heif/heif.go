// Package heif reads HEIF files, ISO/IEC 23008-12: HEIC, AVIF, and the image
// sequences of both kinds.
//
// Such a file is a list of items in one meta box: the pictures, their tiles and
// thumbnails, and the metadata that describes them. Facts are read from the
// properties of the primary item, and from the EXIF, XMP and IPTC items that
// describe it; what describes a depth map or a gain map is left alone. A phone's
// photo has fifty items and more, most of them tiles, so lists are not read where
// a guess at the place of the wanted entry can be checked.
package heif

import (
	"github.com/albumwright/albumwright/exif/internal/bmff"
	"github.com/albumwright/albumwright/exif/internal/claim"
	"github.com/albumwright/albumwright/exif/internal/file"
)

// How much is read at once.
const (
	// stepAhead is for walking from box to box, which lie far apart: the header
	// of a box and its first numbers.
	stepAhead = 32

	// listAhead is for lists that are read from one end to the other.
	listAhead = 256
)

// reader is the reading of one file.
type reader struct {
	src *file.Source
	to  *claim.Set
	bad *file.Complaints
}

// Read claims what a HEIF file says: of its primary picture, and of the movie
// that an image sequence is.
func Read(src *file.Source, to *claim.Set, bad *file.Complaints) {
	r := reader{src, to, bad}
	src.Ahead(stepAhead)
	top := map[string]file.Block{} // the first box of each type that matters
	err := bmff.Each(src.Whole(), func(box bmff.Box) bool {
		kind := box.Type
		switch kind {
		case "meta", "moov", "mdat", "mpvd":
			if box.Cut {
				bad.Add("the file ends inside of its %s box", kind)
			}
		case "uuid":
			if id, err := box.Body.At(0, len(bmff.XMPID)); err != nil || string(id) != bmff.XMPID {
				return true
			}
		default:
			return true
		}
		if _, again := top[kind]; !again {
			top[kind] = box.Body
		}
		return true
	})
	// Behind the boxes phones append what is none, which is no damage.
	if err != nil && len(top) == 0 {
		bad.Add("the boxes of the file: %v", err)
	}
	r.readBoxes(top)
}

// readBoxes reads the boxes at the top of the file.
func (r reader) readBoxes(top map[string]file.Block) {
	meta, still := top["meta"]
	movie, moving := top["moov"]
	if !still && !moving {
		r.bad.Add("neither a meta nor a moov box")
	}
	if still {
		r.readMeta(meta)
	}
	if moving {
		r.readMovie(movie)
	}
	if packet, ok := top["uuid"]; ok {
		r.readXMP(packet.From(int64(len(bmff.XMPID))))
	}
	// The box that phones append for a motion photo's video: Android's Motion
	// Photo format 1.0, section "HEIC and AVIF".
	if _, ok := top["mpvd"]; ok {
		r.to.MotionPhoto = true
	}
}

// meta is what the meta box holds; ISO/IEC 14496-12 section 8.11.
type meta struct {
	primary    uint64
	items      file.Block // iinf: what each item is
	references file.Block // iref: which item describes which
	properties file.Block // iprp: size and rotation of pictures
	locations  file.Block // iloc: where each item's bytes are
	data       file.Block // idat: bytes of small items
}

func (r reader) readMeta(body file.Block) {
	const versionAndFlags = 4
	var m meta
	err := bmff.Each(body.From(versionAndFlags), func(box bmff.Box) bool {
		switch box.Type {
		case "pitm":
			m.primary = primaryItem(box.Body)
		case "iinf":
			m.items = box.Body
		case "iref":
			m.references = box.Body
		case "iprp":
			m.properties = box.Body
		case "iloc":
			m.locations = box.Body
		case "idat":
			m.data = box.Body
		}
		if box.Cut {
			r.bad.Add("the %s box is cut short", box.Type)
		}
		return true
	})
	if err != nil {
		r.bad.Add("the boxes of the meta box: %v", err)
	}
	r.readProperties(m)
	r.readMetadata(m)
}

// primaryItem is the number of the item that the file is shown as; zero, which
// is no item, if there is none.
func primaryItem(body file.Block) uint64 {
	f := bmff.Fields{Body: body}
	version, _ := f.Full()
	return f.Uint(idSize(version > 0))
}

// idSize is the number of bytes of an item's number, which newer versions of
// each box have doubled.
func idSize(wide bool) int {
	if wide {
		return 4
	}
	return 2
}
