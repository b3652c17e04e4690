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
	for off, n := int64(0), 0; off+8 <= b.Size() && n < maxBoxes; n++ {
		head, err := b.At(off, 8)
		if err != nil {
			return err
		}
		kind := string(head[4:8])
		size, header := int64(binary.BigEndian.Uint32(head)), int64(8)
		switch size {
		case 0: // up to the end; four zeros also end a list in QuickTime
			if kind == "\x00\x00\x00\x00" {
				return nil
			}
			size = b.Size() - off
		case 1:
			long, err := b.At(off+8, 8)
			if err != nil {
				return err
			}
			header = 16
			size = int64(min(binary.BigEndian.Uint64(long), 1<<62))
		}
		if size < header {
			return ErrSize
		}
		box := Box{Type: kind, Body: b.Sub(off+header, size-header), Cut: size > b.Size()-off}
		if !f(box) {
			return nil
		}
		off += size
	}
	return nil
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
