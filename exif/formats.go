package exif

import (
	"github.com/albumwright/albumwright/exif/internal/asf"
	"github.com/albumwright/albumwright/exif/internal/bitmap"
	"github.com/albumwright/albumwright/exif/internal/claim"
	"github.com/albumwright/albumwright/exif/internal/file"
	"github.com/albumwright/albumwright/exif/internal/gif"
	"github.com/albumwright/albumwright/exif/internal/heif"
	"github.com/albumwright/albumwright/exif/internal/jpeg"
	"github.com/albumwright/albumwright/exif/internal/jxl"
	"github.com/albumwright/albumwright/exif/internal/matroska"
	"github.com/albumwright/albumwright/exif/internal/mpeg"
	"github.com/albumwright/albumwright/exif/internal/png"
	"github.com/albumwright/albumwright/exif/internal/quicktime"
	"github.com/albumwright/albumwright/exif/internal/raw"
	"github.com/albumwright/albumwright/exif/internal/riff"
	"github.com/albumwright/albumwright/exif/internal/tiff"
	"github.com/albumwright/albumwright/internal/media"
)

// reader claims what a file of its format says.
type reader func(src *file.Source, to *claim.Set, bad *file.Complaints)

// readerOf returns the reader of a format by its name in the table of types; nil
// if there is none.
func readerOf(f Format) reader {
	switch f {
	case "JPEG":
		return jpeg.Read
	case "TIFF", "DNG", "CR2":
		return wholeTIFF
	case "RAF":
		return raw.Fuji
	case "ORF":
		return raw.Olympus
	case "RW2":
		return raw.Panasonic
	case "CR3":
		return raw.Canon
	case "HEIC", "AVIF":
		return heif.Read
	case "MP4", "MOV", "M4V", "3GP", "3G2":
		return quicktime.Read
	case "JXL":
		return jxl.Read
	case "PNG":
		return png.Read
	case "GIF":
		return gif.Read
	case "BMP", "ICO":
		return bitmap.Read
	case "WebP", "AVI":
		return riff.Read
	case "MKV", "WebM":
		return matroska.Read
	case "ASF":
		return asf.Read
	case "M2T", "M2TS", "MPG":
		return mpeg.Read
	}
	return nil
}

func wholeTIFF(src *file.Source, to *claim.Set, bad *file.Complaints) {
	if src.Begin(tiff.HeadSize) == nil {
		tiff.Read(src.Whole(), to, bad)
	}
}

// sniff tells the format from the first bytes. Names are not asked: a file
// whose extension lies is common, one whose first bytes lie is not a photo.
func sniff(src *file.Source) (Format, Kind) {
	t, ok := media.Sniff(src.Head())
	switch {
	case !ok:
		return FormatUnknown, ""
	case t.Kind == media.Video:
		return Format(t.Name), KindVideo
	case t.Raw:
		return Format(t.Name), KindRaw
	}
	return Format(t.Name), KindPhoto
}
