package tiff

import (
	"encoding/binary"

	"github.com/albumwright/albumwright/exif/internal/file"
)

// layout is how wide the fields of a directory are.
type layout struct {
	counter int // the number of entries in front of them
	entry   int // one entry
	count   int // an entry's number of values
	value   int // an entry's value, or the place of a longer one
}

var (
	classic = layout{counter: 2, entry: entrySize, count: 4, value: 4} // TIFF 6.0, section 2
	big     = layout{counter: 8, entry: 20, count: 8, value: 8}        // BigTIFF
)

const (
	headerSize    = 8
	bigHeaderSize = 16
)

// IsHeader reports whether b starts with a byte order mark and the number 42 in
// that order.
func IsHeader(b []byte) bool {
	return len(b) >= 4 && (string(b[:4]) == "II*\x00" || string(b[:4]) == "MM\x00*")
}

// open reads a header; false if it is none. first is the place of the first
// directory. Cameras that did not want their files opened as pictures wrote
// another number for the 42: Olympus "RO" and "RS", Panasonic "U".
func open(b file.Block, bad *file.Complaints) (d directories, first int64, ok bool) {
	head, err := b.At(0, headerSize)
	if err != nil {
		return directories{}, 0, false
	}
	d = directories{block: b, order: binary.LittleEndian, layout: classic, bad: bad}
	switch string(head[:4]) {
	case "II*\x00", "IIRO", "IIRS", "IIU\x00":
	case "MM\x00*", "MMOR":
		d.order = binary.BigEndian
	case "II+\x00":
		return d.openBig()
	case "MM\x00+":
		d.order = binary.BigEndian
		return d.openBig()
	default:
		return directories{}, 0, false
	}
	return d, int64(d.order.Uint32(head[4:])), true
}

// openBig reads the rest of a BigTIFF header: the width of its offsets, which is
// always eight, a zero, and the place of the first directory.
func (d directories) openBig() (directories, int64, bool) {
	d.layout = big
	head, err := d.block.At(0, bigHeaderSize)
	if err != nil || d.order.Uint16(head[4:]) != 8 || d.order.Uint16(head[6:]) != 0 {
		return directories{}, 0, false
	}
	return d, d.number(head[8:], d.layout.value), true
}

// number reads a field of 2, 4 or 8 bytes. What is larger than any file is cut
// down to that, so that it stays positive.
func (d directories) number(b []byte, width int) int64 {
	const beyond = 1 << 62
	switch width {
	case 2:
		return int64(d.order.Uint16(b))
	case 4:
		return int64(d.order.Uint32(b))
	}
	return int64(min(d.order.Uint64(b), beyond))
}
