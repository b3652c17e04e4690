package tiff

import (
	"encoding/binary"
	"slices"

	"github.com/albumwright/albumwright/exif/internal/file"
)

// HeadSize is how much of a TIFF file is read first: directories and their small
// values mostly stand in front.
const HeadSize = 4 << 10

// cleanBlock is an EXIF block that is safe to decode: only wanted tags, every
// value present and of a known type, no directory that points back.
type cleanBlock struct {
	order           binary.ByteOrder
	main, exif, gps []entry
}

// found is what the directories of a block hold.
type found struct {
	clean   cleanBlock
	picture picture
	packets []entry // XMP, IPTC, Photoshop; their places only
	note    file.Span
	camera  string // its maker
}

// sanitise copies the wanted tags out of a block. It looks at the first
// directory, the EXIF and GPS directories that it names, and, for the picture's
// size, a few below it or behind it: there is no way to loop.
func (d directories) sanitise(first int64) found {
	main := d.read(first, wantedInMain)
	f := found{clean: cleanBlock{order: d.order}, picture: d.picture(first, main)}
	if at, ok := d.pointer(main, tagExifIFD); ok {
		f.clean.exif = f.take(d.read(at, wantedInExif))
	}
	if at, ok := d.pointer(main, tagGPSIFD); ok {
		f.clean.gps = f.take(d.read(at, wantedInGPS))
	}
	f.clean.main = f.take(main)
	if maker, ok := find(main, tagMake); ok {
		f.camera = string(maker.value)
	}
	return f
}

// take sorts the entries of a directory: it keeps what has a reader of its own,
// drops what is only about the file's structure, and returns the rest for goexif.
func (f *found) take(entries []entry) []entry {
	return slices.DeleteFunc(entries, func(e entry) bool {
		switch {
		case e.tag == tagMakerNote:
			f.note = e.place
			return true
		case isPacket(e.tag):
			f.packets = append(f.packets, e)
			return true
		}
		return isStructure(e.tag) || e.kind > typeDouble
	})
}
