package heif_test

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"testing"

	"github.com/albumwright/albumwright/exif/internal/claim"
	"github.com/albumwright/albumwright/exif/internal/claimtest"
	"github.com/albumwright/albumwright/exif/internal/heif"
)

// fields writes numbers by their width, and bytes as they are.
func fields(list ...any) []byte {
	var out []byte
	for _, field := range list {
		switch v := field.(type) {
		case uint8:
			out = append(out, v)
		case uint16:
			out = binary.BigEndian.AppendUint16(out, v)
		case uint32:
			out = binary.BigEndian.AppendUint32(out, v)
		case uint64:
			out = binary.BigEndian.AppendUint64(out, v)
		case string:
			out = append(out, v...)
		case []byte:
			out = append(out, v...)
		default:
			panic(fmt.Sprintf("no field of type %T", field))
		}
	}
	return out
}

func box(kind string, list ...any) []byte {
	return []byte(claimtest.Box(kind, string(fields(list...))))
}

// full is a box with a version, and flags of zero.
func full(kind string, version uint8, list ...any) []byte {
	return box(kind, version, "\x00\x00\x00", fields(list...))
}

// entry is an item's in the list of items, in the form of most files.
func entry(id uint16, kind, name string) []byte {
	return full("infe", 2, id, uint16(0), kind, name, "\x00")
}

// xmpEntry is that of XMP.
func xmpEntry(id uint16) []byte {
	return full("infe", 2, id, uint16(0), "mime\x00application/rdf+xml\x00")
}

// itemList is the list, in the form of most files.
func itemList(entries ...[]byte) []byte {
	return full("iinf", 0, uint16(len(entries)), bytes.Join(entries, nil))
}

// dataAt is where the bytes that a test puts into a file begin.
const dataAt = 32

// fileOf makes a file of the bytes of its items, and the boxes of its meta box.
func fileOf(data []byte, meta ...[]byte) []byte {
	ftyp := box("ftyp", "heic\x00\x00\x00\x00mif1heic")
	return fields(ftyp, box("mdat", data), full("meta", 0, bytes.Join(meta, nil)))
}

// place is a location in the form of most files: 16 bits for the item, 32 for
// the place and the size of its only piece.
func place(id uint16, off, size int) []byte {
	return fields(id, uint16(0), uint16(1), uint32(off), uint32(size))
}

func placeList(places ...[]byte) []byte {
	return full("iloc", 0, uint16(0x4400), uint16(len(places)), bytes.Join(places, nil))
}

func read(content []byte) claimtest.Answer { return claimtest.Read(heif.Read, content) }

// mustRead reads a file that has nothing wrong with it.
func mustRead(t *testing.T, name string, content []byte) claim.Set {
	t.Helper()
	return read(content).Must(t, name).Set
}
