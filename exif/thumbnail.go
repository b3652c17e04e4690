package exif

import (
	"io"

	"github.com/albumwright/albumwright/exif/internal/file"
	"github.com/albumwright/albumwright/exif/internal/jpeg"
	"github.com/albumwright/albumwright/exif/internal/tiff"
)

// Thumbnail returns the small JPEG that the camera put into the file behind r,
// which is size bytes long; nil if there is none that can be had. It is found in
// JPEG files and in raw files of TIFF's shape, lies as the picture is stored, and
// may have black bars where the picture has another shape. It has to be decoded
// as any stranger's file. What is read is bounded as for [Read].
func Thumbnail(r io.ReaderAt, size int64) (small []byte) {
	defer func() { // the last net, as in Read
		if recover() != nil {
			small = nil
		}
	}()
	src := file.New(r, size)
	format, _ := sniff(src)
	switch format {
	case "JPEG":
		return jpeg.Thumbnail(src)
	case "TIFF", "DNG", "CR2":
		return tiff.Thumbnail(src.Whole())
	}
	return nil
}
