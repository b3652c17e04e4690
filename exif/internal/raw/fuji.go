package raw

import (
	"encoding/binary"

	"github.com/albumwright/albumwright/exif/internal/claim"
	"github.com/albumwright/albumwright/exif/internal/file"
	"github.com/albumwright/albumwright/exif/internal/tiff"
	"github.com/albumwright/albumwright/exif/internal/value"
)

// The header of a RAF file, all numbers big-endian: the signature, versions, the
// model, then places and sizes, first those of a whole JPEG.
const (
	rafModel     = 28
	rafModelSize = 32
	rafJPEG      = 84
	rafDirectory = 92
	rafHeader    = 100

	rafFullSize    = 0x0100 // height, width
	rafCroppedSize = 0x0111 // the same, without the sensor's margin
	maxRAFTags     = 256
)

// Fuji claims what a RAF file says. All but the size stands in the JPEG.
func Fuji(src *file.Source, to *claim.Set, bad *file.Complaints) {
	if src.Begin(tiff.HeadSize) != nil {
		return // the source keeps its error
	}
	head, err := src.At(0, rafHeader)
	if err != nil {
		bad.Add("the header lies %v", err)
		return
	}
	place := func(at int) (off, size int64) {
		return int64(binary.BigEndian.Uint32(head[at:])), int64(binary.BigEndian.Uint32(head[at+4:]))
	}
	claim.AddText(&to.Makes, claim.Header, "FUJIFILM")
	claim.AddText(&to.Models, claim.Header, value.Text(head[rafModel:rafModel+rafModelSize]))
	off, size := place(rafJPEG)
	jpeg := src.Piece(off, size)
	directory := src.Piece(place(rafDirectory))
	if size == 0 || jpeg.Size() < size {
		bad.Add("the JPEG at byte %d lies %v", off, file.ErrOutside)
	}
	if jpeg.Size() > 0 {
		preview(jpeg, to, bad)
	}
	to.AddSize(fujiSize(directory, bad))
}

// fujiSize finds the size of the raw picture in the directory behind the JPEG: a
// count, then tags with their sizes and values, one after the other.
func fujiSize(b file.Block, bad *file.Complaints) (source string, width, height int64) {
	count, err := b.At(0, 4)
	if err != nil {
		bad.Add("the directory of the raw picture lies %v", err)
		return claim.TIFF, 0, 0
	}
	at := int64(4)
	for range min(binary.BigEndian.Uint32(count), maxRAFTags) {
		head, err := b.At(at, 4)
		if err != nil {
			break // there may be fewer than it says
		}
		tag, size := binary.BigEndian.Uint16(head), int64(binary.BigEndian.Uint16(head[2:]))
		if tag == rafFullSize && width == 0 || tag == rafCroppedSize {
			if v, err := b.At(at+4, 4); err == nil && size == 4 {
				height, width = int64(binary.BigEndian.Uint16(v)), int64(binary.BigEndian.Uint16(v[2:]))
			}
		}
		at += 4 + size
	}
	return claim.TIFF, width, height
}
