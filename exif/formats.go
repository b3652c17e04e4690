package exif

import (
	"bytes"

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
	"github.com/albumwright/albumwright/exif/internal/xmp"
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
		return tiff.File
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
	case formatXMP:
		return packet
	}
	return nil
}

// sniff tells the format from the first bytes. Names are not asked: a file
// whose extension lies is common, one whose first bytes lie is not a photo.
func sniff(src *file.Source) (Format, Kind) {
	t, ok := media.Sniff(src.Head())
	switch {
	case !ok && isPacket(src.Head()):
		return formatXMP, ""
	case !ok:
		return FormatUnknown, ""
	case t.Kind == media.Video:
		return Format(t.Name), KindVideo
	case t.Raw:
		return Format(t.Name), KindRaw
	}
	return Format(t.Name), KindPhoto
}

// formatXMP is a sidecar by itself. It is no picture, so it has no kind.
const formatXMP Format = "XMP"

// isPacket reports whether a file begins like an XMP packet.
func isPacket(head []byte) bool {
	head = bytes.ReplaceAll(head, []byte{0}, nil) // it may be in UTF-16
	for _, mark := range []string{"<?xpacket", "<x:xmpmeta", "<rdf:RDF"} {
		if bytes.Contains(head, []byte(mark)) {
			return true
		}
	}
	return false
}

// packet claims what a file says that is an XMP packet and nothing else.
func packet(src *file.Source, to *claim.Set, bad *file.Complaints) {
	whole, err := src.Whole().Long()
	if err != nil {
		if src.Err() == nil {
			bad.Add("the packet is longer than %d MiB", file.MaxLong>>20)
		}
		return
	}
	xmp.Read(whole, to, bad)
}
