package media

import (
	"encoding/binary"
	"strings"
)

// sniffISO knows the family of ISO base media files by the brands in their
// first box, and the QuickTime files from before there were brands.
func sniffISO(head []byte) finding {
	if len(head) < 12 {
		return finding{}
	}
	size := binary.BigEndian.Uint32(head)
	switch string(head[4:8]) {
	case "ftyp":
		return sniffBrands(head, size)
	case "mdat":
		return finding{inISO, "MOV"}
	case "moov", "wide", "free", "skip", "pnot":
		// Small as boxes go. As text, "carefree" would be a box of 1.6 GB.
		if size >= 8 && size < 1<<28 {
			return finding{inISO, "MOV"}
		}
	}
	return finding{}
}

// sniffBrands asks the major brand first, then the compatible ones in order. A
// general brand, such as mif1, decides only if no other brand does.
func sniffBrands(head []byte, size uint32) finding {
	end := min(uint64(size), uint64(len(head)))
	general := finding{}
	// The major brand at 8, its version at 12, then the compatible brands.
	for at := uint64(8); at+4 <= end; at += 4 {
		if at == 12 {
			continue
		}
		b := string(head[at : at+4])
		f, isGeneral := brand(b)
		switch {
		case at == 8 && isAudioBrand(b):
			return finding{}
		case isGeneral:
			general = f
		case f.in != noContainer:
			return f
		}
	}
	return general
}

// brand tells what a brand stands for, and whether it is a general one, which
// leaves the type to the brands after it.
func brand(b string) (f finding, general bool) {
	switch b {
	case "heic", "heix", "heim", "heis", "hevc", "hevx", "hevm", "hevs":
		return finding{inHEIC, "HEIC"}, false
	case "avif", "avis":
		return finding{inAVIF, "AVIF"}, false
	case "mif1", "mif2", "msf1", "miaf":
		return finding{inHEIF, "HEIC"}, true
	case "crx ":
		return finding{inCR3, "CR3"}, false
	case "jxl ":
		return finding{inJXL, "JXL"}, false
	case "qt  ":
		return finding{inISO, "MOV"}, false
	case "M4V ", "M4VH", "M4VP":
		return finding{inISO, "M4V"}, false
	case "mp41", "mp42", "mp71", "avc1", "MSNV", "XAVC", "dash", "mmp4", "f4v ", "NDSC", "NDSM":
		return finding{inISO, "MP4"}, false
	}
	switch {
	case strings.HasPrefix(b, "3g2"):
		return finding{inISO, "3G2"}, false
	case strings.HasPrefix(b, "3g"), strings.HasPrefix(b, "3G"):
		return finding{inISO, "3GP"}, false
	case strings.HasPrefix(b, "iso"):
		return finding{inISO, "MP4"}, false
	}
	return finding{}, false
}

// isAudioBrand: the same container with no picture in it, which the service
// does not take.
func isAudioBrand(b string) bool {
	switch b {
	case "M4A ", "M4B ", "M4P ", "F4A ", "F4B ":
		return true
	}
	return false
}
