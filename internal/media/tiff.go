package media

import "encoding/binary"

// sniffTIFF tells TIFF and the raw formats that say in their first bytes that
// they are more. NEF, ARW and others do not say so: they are TIFF files from a
// camera, as a TIFF file from a camera is.
func sniffTIFF(head []byte) finding {
	if len(head) < 8 {
		return finding{}
	}
	var order binary.ByteOrder
	switch string(head[:4]) {
	case "II*\x00":
		order = binary.LittleEndian
	case "MM\x00*":
		order = binary.BigEndian
	case "II+\x00", "MM\x00+": // BigTIFF, with 64-bit offsets
		return finding{inTIFF, "TIFF"}
	default:
		return finding{}
	}
	switch {
	case len(head) >= 10 && string(head[8:10]) == "CR":
		return finding{inCR2, "CR2"}
	case hasTag(head, order, dngVersion):
		return finding{inDNG, "DNG"}
	}
	return finding{inTIFF, "TIFF"}
}

// dngVersion is the tag that every DNG must have, in its first directory.
// Adobe, Digital Negative Specification.
const dngVersion = 0xc612

// hasTag looks through the first directory, as far as the head has it.
func hasTag(head []byte, order binary.ByteOrder, tag uint16) bool {
	const perEntry = 12
	offset := uint64(order.Uint32(head[4:]))
	if offset+2 > uint64(len(head)) {
		return false
	}
	directory := head[offset:]
	count := int(order.Uint16(directory))
	directory = directory[2:]
	for range count {
		if len(directory) < perEntry {
			return false
		}
		if order.Uint16(directory) == tag {
			return true
		}
		directory = directory[perEntry:]
	}
	return false
}
