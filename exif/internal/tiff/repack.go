package tiff

import (
	"cmp"
	"encoding/binary"
	"slices"
)

// empty reports that there is nothing to decode.
func (c cleanBlock) empty() bool { return len(c.main)+len(c.exif)+len(c.gps) == 0 }

// tiff writes the block as a TIFF structure of its own: the first directory, then
// those of EXIF and GPS, each followed by its values. No directory has a next one.
func (c cleanBlock) tiff() []byte {
	p := packer{order: c.order}
	if c.order == binary.ByteOrder(binary.BigEndian) {
		p.out = append(p.out, "MM\x00*\x00\x00\x00\x08"...)
	} else {
		p.out = append(p.out, "II*\x00\x08\x00\x00\x00"...)
	}
	main := slices.Clone(c.main)
	at := 8 + directorySize(main) + pointerCount(c)*entrySize
	if len(c.exif) > 0 {
		main = append(main, p.pointerTo(tagExifIFD, at))
		at += directorySize(c.exif)
	}
	if len(c.gps) > 0 {
		main = append(main, p.pointerTo(tagGPSIFD, at))
	}
	p.add(main)
	p.add(c.exif)
	p.add(c.gps)
	return p.out
}

func pointerCount(c cleanBlock) int {
	n := 0
	for _, sub := range [][]entry{c.exif, c.gps} {
		if len(sub) > 0 {
			n++
		}
	}
	return n
}

// directorySize is the bytes of a directory with its values; none if it is empty.
func directorySize(entries []entry) int {
	n := 2 + entrySize*len(entries) + 4
	for _, e := range entries {
		if len(e.value) > 4 {
			n += len(e.value)
		}
	}
	return n
}

// packer appends directories to a TIFF structure.
type packer struct {
	order binary.ByteOrder
	out   []byte
}

func (p *packer) pointerTo(tag uint16, at int) entry {
	v := make([]byte, 4)
	p.order.PutUint32(v, uint32(at))
	return entry{tag: tag, kind: typeLong, count: 1, value: v}
}

func (p *packer) add(entries []entry) {
	if len(entries) == 0 {
		return
	}
	entries = slices.SortedFunc(slices.Values(entries), func(a, b entry) int { return cmp.Compare(a.tag, b.tag) })
	start := len(p.out)
	values := 2 + entrySize*len(entries) + 4
	table := make([]byte, values)
	p.order.PutUint16(table, uint16(len(entries)))
	p.out = append(p.out, table...)
	for i, e := range entries {
		b := table[2+i*entrySize:]
		p.order.PutUint16(b, e.tag)
		p.order.PutUint16(b[2:], e.kind)
		p.order.PutUint32(b[4:], e.count)
		if len(e.value) <= 4 {
			copy(b[8:12], e.value)
			continue
		}
		p.order.PutUint32(b[8:], uint32(len(p.out)))
		p.out = append(p.out, e.value...)
	}
	copy(p.out[start:], table)
}
