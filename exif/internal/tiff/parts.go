package tiff

import (
	"slices"

	"github.com/albumwright/albumwright/exif/internal/claim"
	"github.com/albumwright/albumwright/exif/internal/file"
)

// Part is a directory of an EXIF block.
type Part int

// The parts that Canon keeps apart, each the first of a TIFF structure of its own.
const (
	Main Part = iota // the first directory
	Exif
	GPS
	Note // the maker note
)

// Parts are the directories of one EXIF block, as CR3 has them. Any may be
// missing.
type Parts map[Part]file.Block

// ReadPart claims what one part says by itself.
func ReadPart(b file.Block, part Part, to *claim.Set, bad *file.Complaints) {
	ReadParts(Parts{part: b}, to, bad)
}

// ReadParts claims what the parts say together.
func ReadParts(p Parts, to *claim.Set, bad *file.Complaints) {
	var f found
	if d, first, ok := openPart(p[Main], bad); ok {
		f = d.sanitise(first)
		to.AddSize(claim.TIFF, f.picture.width, f.picture.height)
	}
	f.join(p[Exif], wantedInExif, &f.clean.exif, bad)
	f.join(p[GPS], wantedInGPS, &f.clean.gps, bad)
	decode(f.clean, to, bad)
	if d, first, ok := openPart(p[Note], new(file.Complaints)); ok {
		note{directories: d, first: first, zone: lacksZone(to), serial: len(to.Serials) == 0}.canon(to)
	}
}

// join adds the directory of a part to those that were found. One block has one
// byte order, and no camera is known to mix them.
func (f *found) join(b file.Block, wanted func(uint16) int, into *[]entry, bad *file.Complaints) {
	d, first, ok := openPart(b, bad)
	if !ok {
		return
	}
	if f.clean.order == nil {
		f.clean.order = d.order
	}
	if f.clean.order != d.order {
		bad.Add("the parts of EXIF differ in their byte order")
		return
	}
	*into = f.take(d.read(first, wanted))
}

func openPart(b file.Block, bad *file.Complaints) (d directories, first int64, ok bool) {
	if d, first, ok = open(b, bad); !ok && b.Size() > 0 {
		bad.Add("a part of EXIF has no header")
	}
	return d, first, ok
}

// Field is a tag of the first directory that means something to one maker only.
type Field struct {
	Number int64      // the first value, if it is a whole number
	Bytes  file.Block // all values
}

// Fields returns tags of a block's first directory. What is wrong with it is
// left for Read to complain about.
func Fields(b file.Block, tags ...uint16) map[uint16]Field {
	d, first, ok := open(b, new(file.Complaints))
	if !ok {
		return nil
	}
	out := map[uint16]Field{}
	for _, e := range d.read(first, func(tag uint16) int {
		if slices.Contains(tags, tag) {
			return placeOnly
		}
		return 0
	}) {
		field := Field{Bytes: d.block.Sub(e.place.Off, e.place.Size)}
		if value, err := d.block.At(e.place.Off, int(min(e.place.Size, maxSmall))); err == nil {
			e.value = value
			field.Number = d.first([]entry{e}, e.tag)
		}
		out[e.tag] = field
	}
	return out
}
