package tiff

import (
	"encoding/binary"
	"slices"

	"github.com/albumwright/albumwright/exif/internal/file"
)

const (
	// maxTags bounds the entries looked at in one directory. Raw files have
	// about a hundred; a count of 65,535 is damage or malice.
	maxTags = 400

	anySize = 1 << 40 // more than any file has

	entrySize   = 12
	typeASCII   = 2
	typeShort   = 3
	typeLong    = 4
	typeIFD     = 13 // as LONG, but meant as a pointer; goexif does not know it
	typeDouble  = 12 // the last type that goexif knows
	typeLong8   = 16 // of BigTIFF; Apple writes it into classic ones too
	typeLong8IF = 18 // as LONG8, but meant as a pointer
)

// entry is one tag with its value, in the byte order of its block.
type entry struct {
	tag, kind uint16
	count     uint32
	value     []byte    // nil if only its place was wanted
	place     file.Span // of the value in the block
}

func (e entry) sameTag(other entry) bool { return e.tag == other.tag }

// directories reads IFDs of one block.
type directories struct {
	block  file.Block
	order  binary.ByteOrder
	layout layout
	bad    *file.Complaints
}

// read returns the sound entries of the directory at off that are wanted, the
// first of each tag. wanted says how many bytes a tag's value may have.
//
// A tag with no value or of an unknown type is passed over in silence: one in
// four TIFF files has one. A value that is not inside the block is damage.
func (d directories) read(off int64, wanted func(tag uint16) int) []entry {
	table, err := d.table(off)
	if err != nil {
		d.bad.Add("the directory at byte %d lies %v", off, err)
		return nil
	}
	rows := off + int64(d.layout.counter)
	var out []entry
	for at := 0; len(table)-at >= d.layout.entry; at += d.layout.entry {
		e, ok := d.entry(table[at:], rows+int64(at), wanted)
		if !ok || slices.ContainsFunc(out, e.sameTag) {
			continue
		}
		if wanted(e.tag) != placeOnly {
			value, err := d.block.At(e.place.Off, int(e.place.Size))
			if err != nil {
				d.bad.Add("the value of tag %#04x lies %v", e.tag, err)
				continue
			}
			e.value = slices.Clone(value)
		}
		out = append(out, e)
	}
	return out
}

// entry reads the row of a table that stands at off, but not its value; false if
// nothing of it is wanted.
func (d directories) entry(row []byte, off int64, wanted func(tag uint16) int) (entry, bool) {
	e := entry{tag: d.order.Uint16(row), kind: d.order.Uint16(row[2:])}
	switch e.kind {
	case typeIFD:
		e.kind = typeLong
	case typeLong8IF:
		e.kind = typeLong8
	}
	most := int64(wanted(e.tag))
	if most == placeOnly {
		most = anySize
	}
	// The count is looked at before it is multiplied: in BigTIFF it has 64 bits.
	count := d.number(row[4:], d.layout.count)
	size := min(count, most+1) * typeSize(e.kind)
	if size == 0 || size > most {
		return entry{}, false
	}
	e.count = uint32(count)
	value := 4 + d.layout.count
	e.place = file.Span{Off: off + int64(value), Size: size}
	if size > int64(d.layout.value) {
		e.place.Off = d.number(row[value:], d.layout.value)
	}
	return e, true
}

// table returns a copy of a directory's entries, as many as there really are.
func (d directories) table(off int64) ([]byte, error) {
	width := d.layout.counter
	b, err := d.block.At(off, width)
	if err != nil {
		return nil, err
	}
	n := int(min(d.number(b, width), maxTags))
	rows := off + int64(width)
	if room := (d.block.Size() - rows) / int64(d.layout.entry); int64(n) > room {
		d.bad.Add("the directory at byte %d is cut short", off)
		n = int(room)
	}
	b, err = d.block.At(rows, n*d.layout.entry)
	return slices.Clone(b), err
}

// pointer returns the offset of the sub-directory that a tag names.
func (d directories) pointer(entries []entry, tag uint16) (int64, bool) {
	v := d.numbers(entries, tag)
	if len(v) == 0 || v[0] == 0 {
		return 0, false
	}
	return v[0], true
}

// numbers returns the values of a tag of SHORT, LONG or LONG8; nil if it is not
// there.
func (d directories) numbers(entries []entry, tag uint16) []int64 {
	e, _ := find(entries, tag)
	var width int
	switch e.kind {
	case typeShort, typeLong, typeLong8:
		width = int(typeSize(e.kind))
	default:
		return nil
	}
	var out []int64
	for b := e.value; len(b) >= width; b = b[width:] {
		out = append(out, d.number(b, width))
	}
	return out
}

// first is the first value of a tag of whole numbers; zero if it is not there.
func (d directories) first(entries []entry, tag uint16) int64 {
	if v := d.numbers(entries, tag); len(v) > 0 {
		return v[0]
	}
	return 0
}

func find(entries []entry, tag uint16) (entry, bool) {
	i := slices.IndexFunc(entries, entry{tag: tag}.sameTag)
	if i < 0 {
		return entry{}, false
	}
	return entries[i], true
}

// typeSize is the size of one value of a TIFF type; zero for unknown ones.
func typeSize(kind uint16) int64 {
	switch kind {
	case 1, typeASCII, 6, 7: // byte, ASCII, signed byte, undefined
		return 1
	case typeShort, 8:
		return 2
	case typeLong, 9, 11: // long, signed long, float
		return 4
	case 5, 10, typeDouble: // rational, signed rational, double
		return 8
	case typeLong8, 17: // LONG8, signed LONG8
		return 8
	}
	return 0
}
