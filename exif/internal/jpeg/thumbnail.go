package jpeg

import (
	"github.com/albumwright/albumwright/exif/internal/claim"
	"github.com/albumwright/albumwright/exif/internal/file"
	"github.com/albumwright/albumwright/exif/internal/tiff"
)

// Thumbnail returns the small copy in a JPEG's EXIF block; nil if there is none.
func Thumbnail(src *file.Source) []byte {
	for _, parts := range walk(src.Whole(), new(claim.Set), new(file.Complaints)).exif {
		if small := tiff.Thumbnail(file.Concat(parts...)); small != nil {
			return small
		}
	}
	return nil
}
