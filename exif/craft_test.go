package exif_test

import (
	"encoding/binary"
	"slices"
)

// Tags and types that the tests write by hand, to make what no honest writer makes.
const (
	ascii, short, long, rational, undefined = 2, 3, 4, 5, 7

	imageDescription = 0x010e
	cameraMake       = 0x010f
	orientation      = 0x0112
	dateTime         = 0x0132
	subIFDs          = 0x014a
	exifIFD          = 0x8769
	gpsIFD           = 0x8825
	dateTimeOriginal = 0x9003
	userComment      = 0x9286
)

// tag is one entry of a hand-made directory. The value is what stands in the
// entry if it has four bytes, otherwise it is put behind the directory; at, if
// set, is written as the place of the value instead.
type tag struct {
	id, kind uint16
	count    uint32
	value    []byte
	at       uint32
}

func text(id uint16, s string) tag {
	return tag{id: id, kind: ascii, count: uint32(len(s) + 1), value: append([]byte(s), 0)}
}

func pointer(id uint16, at uint32) tag {
	return tag{id: id, kind: long, count: 1, value: binary.LittleEndian.AppendUint32(nil, at)}
}

func fractions(id uint16, pairs ...uint32) tag {
	var b []byte
	for _, v := range pairs {
		b = binary.LittleEndian.AppendUint32(b, v)
	}
	return tag{id: id, kind: rational, count: uint32(len(pairs) / 2), value: b}
}

// tiffOf makes a little-endian TIFF structure of one directory.
func tiffOf(tags ...tag) []byte {
	return appendDirectory([]byte("II*\x00\x08\x00\x00\x00"), tags...)
}

// appendDirectory puts a directory with its values at the end of a structure.
func appendDirectory(out []byte, tags ...tag) []byte {
	le := binary.LittleEndian
	values := len(out) + 2 + 12*len(tags) + 4
	out = le.AppendUint16(out, uint16(len(tags)))
	var behind []byte
	for _, t := range tags {
		out = le.AppendUint16(out, t.id)
		out = le.AppendUint16(out, t.kind)
		out = le.AppendUint32(out, t.count)
		switch {
		case t.at != 0:
			out = le.AppendUint32(out, t.at)
		case len(t.value) <= 4:
			out = append(out, append(slices.Clone(t.value), 0, 0, 0, 0)[:4]...)
		default:
			out = le.AppendUint32(out, uint32(values+len(behind)))
			behind = append(behind, t.value...)
		}
	}
	return append(le.AppendUint32(out, 0), behind...)
}

// withSubdirectory makes a structure whose first directory names one other.
func withSubdirectory(id uint16, sub ...tag) []byte {
	first := tiffOf(pointer(id, 0))
	binary.LittleEndian.PutUint32(first[8+2+8:], uint32(len(first)))
	return appendDirectory(first, sub...)
}

// jpegOf makes a JPEG header of segments, with a frame of 8 x 8 and a scan.
func jpegOf(segments ...[]byte) []byte {
	out := []byte("\xff\xd8")
	for _, s := range segments {
		out = append(out, s...)
	}
	return append(out, "\xff\xc0\x00\x0b\x08\x00\x08\x00\x08\x01\x01\x11\x00\xff\xda\x00\x02\x00\xff\xd9"...)
}

func segment(marker byte, body []byte) []byte {
	out := binary.BigEndian.AppendUint16([]byte{0xff, marker}, uint16(len(body)+2))
	return append(out, body...)
}

func exifSegment(block []byte) []byte { return segment(0xe1, append([]byte("Exif\x00\x00"), block...)) }
