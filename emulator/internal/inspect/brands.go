package inspect

import (
	"encoding/binary"
	"slices"
	"strings"
)

// isBoxStart reports whether a file can begin with this ISO base media or
// QuickTime box. Old QuickTime files have no ftyp.
func isBoxStart(name []byte) bool {
	switch string(name) {
	case "ftyp", "moov", "mdat", "wide", "free", "skip", "pnot":
		return true
	}
	return false
}

// sniffBox names the type by the brands of the ftyp box: the major one
// decides, and for the general picture brands the compatible ones.
func sniffBox(head []byte) Type {
	if string(head[4:8]) != "ftyp" {
		return MOV
	}
	end := min(int(binary.BigEndian.Uint32(head)), len(head))
	var brands []string
	for at := 8; at+4 <= end; at += 4 {
		if at != 12 { // the minor version
			brands = append(brands, string(head[at:at+4]))
		}
	}
	if len(brands) == 0 {
		return Unknown
	}
	return typeOfBrands(brands)
}

func typeOfBrands(brands []string) Type {
	major := brands[0]
	has := func(names ...string) bool {
		return slices.ContainsFunc(brands, func(b string) bool { return slices.Contains(names, b) })
	}
	switch {
	case major == "crx ":
		return CR3
	case major == "avif", major == "avis":
		return AVIF
	case slices.Contains([]string{"heic", "heix", "heim", "heis", "hevc", "hevx"}, major):
		return HEIC
	case major == "mif1", major == "msf1":
		if has("avif", "avis") {
			return AVIF
		}
		return HEIF
	case major == "qt  ":
		return MOV
	case strings.HasPrefix(major, "M4V"):
		return M4V
	case strings.HasPrefix(major, "3g2"):
		return ThreeG2
	case strings.HasPrefix(major, "3gp"), strings.HasPrefix(major, "3ge"), strings.HasPrefix(major, "3gs"):
		return ThreeGP
	case strings.HasPrefix(major, "M4A"), strings.HasPrefix(major, "M4B"), strings.HasPrefix(major, "jp2"):
		return Unknown // sound, and JPEG 2000: the service takes neither
	default:
		return MP4
	}
}
