package bmff

import (
	"github.com/albumwright/albumwright/exif/internal/claim"
	"github.com/albumwright/albumwright/exif/internal/file"
	"github.com/albumwright/albumwright/exif/internal/tiff"
)

const (
	// wholeEXIF is the size up to which a block is read at once, as phones have
	// it: going from directory to directory would read as much, in many reads.
	wholeEXIF = 3 << 10

	// exifAhead is what a larger block is read by. Most of it is maker note.
	exifAhead = 512
)

// ReadEXIF claims what the body of an Exif item of HEIF says, or of an Exif box
// of JPEG XL. It sets how much the source reads ahead.
func ReadEXIF(src *file.Source, body file.Block, to *claim.Set, bad *file.Complaints) {
	if src.Ahead(exifAhead); body.Size() <= wholeEXIF {
		src.Ahead(int(body.Size()))
	}
	if block, ok := findTIFF(body); ok {
		tiff.Read(block, to, bad)
	} else {
		bad.Add("an EXIF block without a TIFF header")
	}
}

// findTIFF finds the TIFF structure in an EXIF item, ISO/IEC 23008-12 annex
// A.2.1, or box, ISO/IEC 18181-2. Both begin with the distance from the end of
// this number to the structure, and what lies between is by custom the signature
// of a JPEG segment. Some writers forget the number or count wrongly, so it is
// only the first guess.
func findTIFF(b file.Block) (file.Block, bool) {
	const number, signature = 4, int64(len("Exif\x00\x00"))
	f := Fields{Body: b}
	distance := int64(f.Uint(number))
	for _, at := range [...]int64{number + distance, number, number + signature, 0, signature} {
		if head, err := b.At(at, 4); err == nil && tiff.IsHeader(head) {
			return b.From(at), true
		}
	}
	return file.Block{}, false
}
