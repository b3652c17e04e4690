// Package gif reads the size of GIF pictures, and the XMP that some have.
package gif

import (
	"bytes"
	"encoding/binary"

	"github.com/albumwright/albumwright/exif/internal/claim"
	"github.com/albumwright/albumwright/exif/internal/file"
	"github.com/albumwright/albumwright/exif/internal/xmp"
)

// The blocks of a GIF: GIF89a, sections 18, 20, 24 to 27 and appendix A.
const (
	screenSize = 13 // the header with the screen descriptor
	hasTable   = 0x80
	tableBits  = 0x07

	extension   = 0x21
	picture     = 0x2c
	application = 0xff

	idSize = 11
	xmpID  = "XMP DataXMP" // XMP specification part 3, 1.1.2

	// xmpEnd are the last bytes of the trailer behind a packet, which leads readers
	// who take the letters for the lengths of sub-blocks out of it.
	xmpEnd = "\x04\x03\x02\x01\x00\x00"
)

const (
	// tailSize is what is looked at of the file's end: that of a packet, the end
	// of the GIF, and a few stray bytes.
	tailSize = 32

	// maxBackward bounds the search for the beginning of a packet at the end.
	maxBackward = 1 << 20

	// step is how much of it is read at once.
	step = 4 << 10
)

// Read claims the size of a GIF's screen, and what its XMP says. Programs write
// that in front of the first picture, or, as Adobe's do, at the very end. Between
// them are only pictures, which can be a hundred megabytes and are made of pieces
// of 255 bytes; they are not walked.
func Read(src *file.Source, to *claim.Set, bad *file.Complaints) {
	b, err := src.At(0, screenSize)
	if err != nil {
		bad.Add("the header is cut short")
		return
	}
	le := binary.LittleEndian
	to.AddSize(claim.Header, int64(le.Uint16(b[6:])), int64(le.Uint16(b[8:])))
	at := int64(screenSize)
	if flags := b[10]; flags&hasTable != 0 {
		at += 3 << (flags&tableBits + 1)
	}
	r := reader{src: src, to: to, bad: bad}
	if !r.extensions(at) {
		r.tail()
	}
}

// reader goes through one file.
type reader struct {
	src *file.Source
	to  *claim.Set
	bad *file.Complaints
}

// extensions goes through the blocks in front of the first picture; true if it
// found a packet.
func (r *reader) extensions(at int64) bool {
	for {
		b, err := r.src.At(at, 2)
		if err != nil {
			r.bad.Add("the file ends in front of its picture")
			return false
		}
		if b[0] != extension {
			return false
		}
		label := b[1]
		at += 2
		if label == application && r.isXMP(at) {
			r.packet(at + 1 + idSize)
			return true
		}
		if at, err = r.skip(at); err != nil {
			r.bad.Add("an extension is cut short: %v", err)
			return false
		}
	}
}

func (r *reader) isXMP(at int64) bool {
	b, err := r.src.At(at, 1+idSize)
	return err == nil && b[0] == idSize && string(b[1:]) == xmpID
}

// skip returns the place behind a chain of sub-blocks: each has its length in
// front, and one of no length is the last.
func (r *reader) skip(at int64) (int64, error) {
	for {
		b, err := r.src.At(at, 1)
		if err != nil {
			return 0, err
		}
		at += 1 + int64(b[0])
		if b[0] == 0 {
			return at, nil
		}
	}
}

// packet reads the packet at the given place. It is not in sub-blocks, but its
// trailer sees to it that it can be skipped as if it were.
func (r *reader) packet(at int64) {
	r.src.Ahead(step)
	end, err := r.skip(at)
	if err != nil {
		r.bad.Add("the XMP packet is cut short: %v", err)
		return
	}
	r.xmp(at, end)
}

// tail looks for a packet at the end of the file.
func (r *reader) tail() {
	r.src.Ahead(0)
	size := r.src.Size()
	n := min(tailSize, size)
	b, err := r.src.At(size-n, int(n))
	if err != nil {
		return
	}
	i := bytes.LastIndex(b, []byte(xmpEnd))
	if i < 0 {
		return
	}
	end := size - n + int64(i+len(xmpEnd))
	if at, ok := r.backward(end); ok {
		r.xmp(at, end)
	}
}

// backward returns the place behind the last identifier of XMP before end.
func (r *reader) backward(end int64) (int64, bool) {
	lowest := max(end-maxBackward, 0)
	for from := end; from > lowest; {
		to := min(from+idSize, end) // it may lie across the border
		from = max(from-step, lowest)
		b, err := r.src.At(from, int(to-from))
		if err != nil {
			return 0, false
		}
		if i := bytes.LastIndex(b, []byte(xmpID)); i >= 0 {
			return from + int64(i+idSize), true
		}
	}
	return 0, false
}

// xmp reads what stands between two places: a packet, and behind it its trailer,
// which does no harm. Some programs did not know of that and put the packet into
// sub-blocks, as all other data is.
func (r *reader) xmp(at, end int64) {
	b, err := r.src.Long(at, int(end-at))
	if err != nil {
		r.bad.Add("the XMP packet cannot be read: %v", err)
		return
	}
	if len(b) > 0 && b[0] != '<' && b[0] != 0xef { // a tag, or the mark of UTF-8
		b = joined(b)
	}
	xmp.Read(b, r.to, r.bad)
}

// joined takes the lengths of sub-blocks out of b, in place.
func joined(b []byte) []byte {
	out := b[:0]
	for len(b) > 0 && b[0] != 0 {
		n := min(int(b[0]), len(b)-1)
		out = append(out, b[1:1+n]...)
		b = b[1+n:]
	}
	return out
}
