package tiff

import (
	"slices"

	"github.com/albumwright/albumwright/exif/internal/claim"
	"github.com/albumwright/albumwright/exif/internal/file"
	"github.com/albumwright/albumwright/exif/internal/iptc"
	"github.com/albumwright/albumwright/exif/internal/xmp"
)

// maxDatasets bounds the bytes of IPTC.
const maxDatasets = 256 << 10

// claimPackets hands the records of other standards to their readers.
func (d directories) claimPackets(packets []entry, to *claim.Set) {
	for _, e := range packets {
		b := d.block.Sub(e.place.Off, e.place.Size)
		if b.Size() < e.place.Size {
			d.bad.Add("the value of tag %#04x lies %v", e.tag, file.ErrOutside)
		}
		switch e.tag {
		case tagXMP:
			if packet, err := b.Long(); err == nil {
				xmp.Read(packet, to, d.bad)
			}
		case tagIPTC:
			if datasets, err := b.At(0, int(min(b.Size(), maxDatasets))); err == nil {
				iptc.Read(inOrder(datasets), to, d.bad)
			}
		case tagPhotoshop:
			iptc.PhotoshopIn(b, to, d.bad)
		}
	}
}

// inOrder returns a copy of IPTC datasets. Their tag is often given as LONGs,
// and some writers turned the bytes of each around to suit: then the byte that
// begins every dataset stands fourth.
func inOrder(datasets []byte) []byte {
	const marker = 0x1c
	b := slices.Clone(datasets)
	if len(b) < 4 || b[0] == marker || b[3] != marker {
		return b
	}
	for i := 0; i+4 <= len(b); i += 4 {
		slices.Reverse(b[i : i+4])
	}
	return b
}
