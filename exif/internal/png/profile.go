package png

import (
	"bytes"
	"strings"

	"github.com/albumwright/albumwright/exif/internal/file"
	"github.com/albumwright/albumwright/exif/internal/iptc"
	"github.com/albumwright/albumwright/exif/internal/tiff"
	"github.com/albumwright/albumwright/exif/internal/xmp"
)

// xmpPrefix stands in front of XMP where a whole segment of a JPEG was kept: XMP
// specification part 3, 1.1.3.
const xmpPrefix = "http://ns.adobe.com/xap/1.0/\x00"

// isWantedProfile knows the names that ImageMagick gives to records that it took
// out of other files, before PNG had a chunk for them; ICC profiles are none.
func isWantedProfile(name string) bool {
	switch strings.ToLower(name) {
	case "exif", "app1", "xmp", "iptc", "8bim":
		return true
	}
	return false
}

// profile reads a record that stands in hexadecimal digits. What it is tells its
// beginning: APP1 may be either of two things, and IPTC may be in its wrapping
// or without.
func (r *reader) profile(v packable) {
	digits := r.bytes(v, maxProfile)
	if digits == nil {
		return
	}
	record, ok := fromHex(digits)
	if !ok {
		r.bad.Add("a raw profile is not in its form")
		return
	}
	exif, isEXIF := bytes.CutPrefix(record, []byte(exifPrefix))
	packet, _ := bytes.CutPrefix(record, []byte(xmpPrefix))
	switch {
	case isEXIF || tiff.IsHeader(record):
		r.block(file.Memory(exif))
	case bytes.HasPrefix(record, []byte("8BIM")):
		iptc.Photoshop(record, r.to, r.bad)
	case bytes.HasPrefix(record, []byte{0x1c}): // the mark of a dataset
		iptc.Read(record, r.to, r.bad)
	default:
		xmp.Read(packet, r.to, r.bad)
	}
}

// fromHex decodes a profile: an empty line, one with a name, one with the number
// of bytes, and lines of digits up to the end. The number is not needed.
func fromHex(text []byte) ([]byte, bool) {
	text, ok := bytes.CutPrefix(text, []byte("\n"))
	_, text, named := bytes.Cut(text, []byte("\n"))
	_, text, sized := bytes.Cut(text, []byte("\n"))
	if !ok || !named || !sized {
		return nil, false
	}
	out := make([]byte, 0, len(text)/2)
	high, half := byte(0), false
	for _, c := range text {
		d, isDigit := digit(c)
		switch {
		case !isDigit && c > ' ':
			return out, true // what follows is not ours
		case !isDigit:
		case half:
			out, half = append(out, high<<4|d), false
		default:
			high, half = d, true
		}
	}
	return out, true
}

// digit is the value of a hexadecimal digit.
func digit(c byte) (byte, bool) {
	switch {
	case c >= '0' && c <= '9':
		return c - '0', true
	case c >= 'a' && c <= 'f':
		return c - 'a' + 10, true
	case c >= 'A' && c <= 'F':
		return c - 'A' + 10, true
	}
	return 0, false
}
