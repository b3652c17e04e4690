package riff

import (
	"encoding/binary"
	"strings"

	"github.com/albumwright/albumwright/exif/internal/claim"
	"github.com/albumwright/albumwright/exif/internal/file"
	"github.com/albumwright/albumwright/exif/internal/tiff"
)

const (
	aheadOfRecord = 512 // EXIF has its directories in front
	aheadOfFrame  = 32  // of an animation only the places of its frames matter

	exifPrefix = "Exif\x00\x00" // belongs to JPEG; some writers leave it on
)

// webp claims what a chunk of a WebP says, RFC 9649. The flags that announce EXIF
// and XMP are not asked: not every program that adds them sets the flags.
func (r *reader) webp(c chunk) {
	r.src.Ahead(aheadOfRecord)
	switch c.name {
	case "VP8X", "VP8L", "VP8 ":
		r.canvas(c)
	case "EXIF":
		r.webpEXIF(c.body)
	case "XMP ", "XMP\x00":
		r.xmp(c.body)
	case "ANMF":
		r.src.Ahead(aheadOfFrame)
	}
}

// canvas reads the size of a picture. The extended header, which comes first if
// it is there, has that of the canvas, and what stands behind it has its own.
func (r *reader) canvas(c chunk) {
	const size, side14, side24 = 10, 1<<14 - 1, 1<<24 - 1
	b, err := c.body.At(0, int(min(size, c.body.Size())))
	le := binary.LittleEndian
	switch {
	case err != nil:
	case c.name == "VP8L" && len(b) >= 5 && b[0] == 0x2f: // section 3.4
		v := int64(le.Uint32(b[1:]))
		r.to.AddSize(claim.Header, v&side14+1, v>>14&side14+1)
		return
	case len(b) < size:
	case c.name == "VP8X": // section 2.7.1
		r.to.AddSize(claim.Header, int64(le.Uint32(b[4:])&side24)+1, int64(le.Uint32(b[6:])>>8)+1)
		return
	case string(b[3:6]) == "\x9d\x01\x2a": // a key frame, RFC 6386, 9.1
		r.to.AddSize(claim.Header, int64(le.Uint16(b[6:])&side14), int64(le.Uint16(b[8:])&side14))
		return
	}
	r.bad.Add("the %q chunk has no size", c.name)
}

// webpEXIF reads an EXIF block, with JPEG's prefix or without.
func (r *reader) webpEXIF(b file.Block) {
	head, err := b.At(0, int(min(int64(len(exifPrefix)+4), b.Size())))
	if err != nil {
		r.bad.Add("the EXIF block cannot be read: %v", err)
		return
	}
	if strings.HasPrefix(string(head), exifPrefix) {
		b, head = b.From(int64(len(exifPrefix))), head[len(exifPrefix):]
	}
	if !tiff.IsHeader(head) {
		r.bad.Add("an EXIF block without a TIFF header")
		return
	}
	r.exif(b)
}
