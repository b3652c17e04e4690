package tiff

import (
	"bytes"

	"github.com/albumwright/albumwright/exif/internal/file"
)

// A JPEG in the directory behind the first is a small copy for lists; EXIF 2.32, 4.5.6.
const (
	tagJPEGOffset = 0x0201
	tagJPEGLength = 0x0202
)

// maxThumbnail is more than a segment of a JPEG can hold.
const maxThumbnail = 256 << 10

// Thumbnail returns the small copy that an EXIF block holds; nil if there is none.
func Thumbnail(b file.Block) []byte {
	d, first, ok := open(b, new(file.Complaints))
	if !ok {
		return nil
	}
	second := d.next(first)
	if second == 0 {
		return nil
	}
	entries := d.read(second, func(tag uint16) int {
		if tag == tagJPEGOffset || tag == tagJPEGLength {
			return 4
		}
		return 0
	})
	size := d.first(entries, tagJPEGLength)
	if size < 4 || size > maxThumbnail {
		return nil
	}
	small, err := b.At(d.first(entries, tagJPEGOffset), int(size))
	if err != nil || !bytes.HasPrefix(small, []byte{0xff, 0xd8}) {
		return nil
	}
	return bytes.Clone(small)
}
