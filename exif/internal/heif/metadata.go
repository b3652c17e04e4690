package heif

import (
	"github.com/albumwright/albumwright/exif/internal/bmff"
	"github.com/albumwright/albumwright/exif/internal/file"
	"github.com/albumwright/albumwright/exif/internal/iptc"
	"github.com/albumwright/albumwright/exif/internal/xmp"
)

// readMetadata hands the metadata of the primary item to the readers of its
// records.
func (r reader) readMetadata(m meta) {
	for _, it := range r.metadataItems(m) {
		r.src.Ahead(stepAhead)
		b, ok := r.locate(m, it.id)
		if !ok {
			continue
		}
		switch {
		case it.isXMP():
			r.readXMP(b)
		case it.kind == "iptc":
			if sets, err := b.At(0, int(min(b.Size(), file.MaxValue))); err == nil {
				iptc.Read(sets, r.to, r.bad)
			}
		default:
			bmff.ReadEXIF(r.src, b, r.to, r.bad)
		}
	}
}

func (r reader) readXMP(b file.Block) {
	packet, err := b.Long()
	if err != nil {
		r.bad.Add("the XMP item: %v", err)
		return
	}
	xmp.Read(packet, r.to, r.bad)
}
