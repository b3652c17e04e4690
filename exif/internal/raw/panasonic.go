package raw

import (
	"github.com/albumwright/albumwright/exif/internal/claim"
	"github.com/albumwright/albumwright/exif/internal/file"
	"github.com/albumwright/albumwright/exif/internal/tiff"
)

// Tags of Panasonic's own in the first directory of an RW2 file.
const (
	tagTopBorder    = 0x0004
	tagLeftBorder   = 0x0005
	tagBottomBorder = 0x0006
	tagRightBorder  = 0x0007
	tagPreview      = 0x002e // a whole JPEG, the only one to have the description
)

// Panasonic claims what an RW2 file says: a TIFF structure but for its number,
// with tags of its own. The picture is what lies within the sensor's borders.
func Panasonic(src *file.Source, to *claim.Set, bad *file.Complaints) {
	if src.Begin(tiff.HeadSize) != nil {
		return // the source keeps its error
	}
	tiff.Read(src.Whole(), to, bad)
	own := tiff.Fields(src.Whole(), tagTopBorder, tagLeftBorder, tagBottomBorder, tagRightBorder, tagPreview)
	width := own[tagRightBorder].Number - own[tagLeftBorder].Number
	height := own[tagBottomBorder].Number - own[tagTopBorder].Number
	to.AddSize(claim.TIFF, width, height)
	if jpeg := own[tagPreview].Bytes; jpeg.Size() > 0 {
		preview(jpeg, to, bad)
	}
}
