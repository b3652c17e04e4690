package matroska

import (
	"encoding/binary"
	"errors"
	"math"
	"math/bits"

	"github.com/albumwright/albumwright/exif/internal/file"
)

const (
	// maxHead is the longest head of an element: an ID of 4 bytes and a size of 8,
	// RFC 8794 sections 5 and 6, with the limits that Matroska sets.
	maxHead   = 12
	maxIDSize = 4

	// maxElements bounds the elements of one file. One with fifty tracks has some
	// thousand in front of its video.
	maxElements = 20_000
)

var errHead = errors.New("no element")

// element is one element of EBML. What of its body lies outside of its parent is
// cut off, and cut is set.
type element struct {
	id   uint32
	body file.Block
	end  int64 // where the next one begins, in the parent
	cut  bool
	left *int // elements that may still be read of the file
}

// root is the file as an element.
func root(src *file.Source) element {
	left := maxElements
	return element{body: src.Whole(), left: &left}
}

// at reads the element at off inside of e.
func (e element) at(off int64) (element, error) {
	b, err := e.body.At(off, int(min(maxHead, e.body.Size()-off)))
	if err != nil {
		return element{}, err
	}
	id, width := number(b, maxIDSize)
	if width == 0 {
		return element{}, errHead
	}
	size, sizeWidth := number(b[width:], 8)
	if sizeWidth == 0 {
		return element{}, errHead
	}
	from := off + int64(width+sizeWidth)
	room := uint64(e.body.Size() - from)
	mask := uint64(1)<<(7*sizeWidth) - 1
	if size &= mask; size == mask {
		size = room // not known, as in a recording that was sent while it was made
	}
	inside := int64(min(size, room))
	return element{id: uint32(id), body: e.body.Sub(from, inside), end: from + inside, cut: size > room, left: e.left}, nil
}

// number reads a number with the mark of its own length in front: as many zero
// bits as there are bytes more, and a one. Its width is zero if there is none.
func number(b []byte, longest int) (v uint64, width int) {
	if len(b) == 0 {
		return 0, 0
	}
	width = bits.LeadingZeros8(b[0]) + 1
	if width > longest || width > len(b) {
		return 0, 0
	}
	for _, c := range b[:width] {
		v = v<<8 | uint64(c)
	}
	return v, width
}

// each calls f for every element inside of e, in order, until f returns false.
func (e element) each(f func(element) bool) error {
	for off := int64(0); off < e.body.Size() && *e.left > 0; *e.left-- {
		child, err := e.at(off)
		if err != nil {
			return err
		}
		if !f(child) {
			return nil
		}
		off = child.end
	}
	return nil
}

// unsigned reads a whole number of up to eight bytes.
func (e element) unsigned() (uint64, bool) {
	if e.cut || e.body.Size() > 8 {
		return 0, false
	}
	b, err := e.body.At(0, int(e.body.Size()))
	v := uint64(0)
	for _, c := range b {
		v = v<<8 | uint64(c)
	}
	return v, err == nil
}

// float reads a floating-point number of either size.
func (e element) float() (float64, bool) {
	b, err := e.body.At(0, int(min(e.body.Size(), 8)))
	switch {
	case err != nil || e.cut:
		return 0, false
	case len(b) == 4:
		return float64(math.Float32frombits(binary.BigEndian.Uint32(b))), true
	case len(b) == 8:
		return math.Float64frombits(binary.BigEndian.Uint64(b)), true
	}
	return 0, false
}

// text reads the bytes of a string; nil if it is longer than any that is wanted.
func (e element) text() []byte {
	if e.cut || e.body.Size() > file.MaxValue {
		return nil
	}
	b, err := e.body.At(0, int(e.body.Size()))
	if err != nil {
		return nil
	}
	return b
}
