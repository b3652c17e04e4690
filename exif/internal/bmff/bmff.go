// Package bmff goes through the boxes of ISO base media files, ISO/IEC 14496-12,
// and of QuickTime files, from which they come: HEIC, AVIF, CR3, JXL, MP4, MOV.
package bmff

import (
	"encoding/binary"
	"errors"

	"github.com/albumwright/albumwright/exif/internal/file"
)

// maxBoxes bounds the boxes of one level. A movie in fragments has thousands at
// its top, behind everything that is wanted.
const maxBoxes = 1000

// XMPID is how the body of a uuid box begins that holds XMP; XMP specification
// part 3, section 1.2.4. It may stand at the top of any of these files.
const XMPID = "\xbe\x7a\xcf\xcb\x97\xa9\x42\xe8\x9c\x71\x99\x94\x91\xe3\xaf\xac"

// ErrSize is a box that is smaller than its own header.
var ErrSize = errors.New("a box with an impossible size")

// Box is one box; Body is without its header. A body that goes on behind the end
// of what holds it is cut short, and Cut is set.
type Box struct {
	Type string
	Body file.Block
	Cut  bool
}

// Each calls f for every box inside b, in order, until f returns false. Bytes at
// the end that are no box, as QuickTime has them, end it in silence.
func Each(b file.Block, f func(Box) bool) error {
	for off, n := int64(0), 0; n < maxBoxes; n++ {
		box, next, err := At(b, off)
		if err != nil || next == 0 || !f(box) {
			return err
		}
		off = next
	}
	return nil
}

// At returns the box that begins at off inside b, and the offset of the one
// after it. That offset is 0 if there is no box, because less than a header is
// left, or four zeros that end a list in QuickTime.
func At(b file.Block, off int64) (box Box, next int64, err error) {
	if off > b.Size()-8 {
		return Box{}, 0, nil
	}
	head, err := b.At(off, 8)
	if err != nil {
		return Box{}, 0, err
	}
	kind := string(head[4:8])
	size, header := int64(binary.BigEndian.Uint32(head)), int64(8)
	switch size {
	case 0: // up to the end
		if kind == "\x00\x00\x00\x00" {
			return Box{}, 0, nil
		}
		size = b.Size() - off
	case 1:
		long, err := b.At(off+8, 8)
		if err != nil {
			return Box{}, 0, err
		}
		header = 16
		size = int64(min(binary.BigEndian.Uint64(long), 1<<62))
	}
	if size < header {
		return Box{}, 0, ErrSize
	}
	box = Box{Type: kind, Body: b.Sub(off+header, size-header), Cut: size > b.Size()-off}
	return box, off + min(size, b.Size()-off), nil
}

// Find returns the body of the first box of a type inside b, along a path:
// Find(b, "moov", "udta").
func Find(b file.Block, path ...string) (file.Block, bool) {
	for _, kind := range path {
		found := false
		err := Each(b, func(box Box) bool {
			if box.Type == kind {
				b, found = box.Body, true
			}
			return !found
		})
		if err != nil || !found {
			return file.Block{}, false
		}
	}
	return b, true
}
