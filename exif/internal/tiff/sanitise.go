package tiff

import (
	"encoding/binary"
	"slices"

	"github.com/albumwright/albumwright/exif/internal/file"
)

// Tags that are read; names of TIFF 6.0, TIFF/EP and EXIF 2.32.
const (
	tagNewSubfileType    = 0x00fe
	tagImageWidth        = 0x0100
	tagImageLength       = 0x0101
	tagImageDescription  = 0x010e
	tagMake              = 0x010f
	tagModel             = 0x0110
	tagOrientation       = 0x0112
	tagDateTime          = 0x0132
	tagSubIFDs           = 0x014a
	tagExifIFD           = 0x8769
	tagGPSIFD            = 0x8825
	tagDateTimeOriginal  = 0x9003
	tagDateTimeDigitized = 0x9004
	tagOffsetTime        = 0x9010
	tagOffsetOriginal    = 0x9011
	tagOffsetDigitized   = 0x9012
	tagUserComment       = 0x9286
	tagSubSecTime        = 0x9290
	tagSubSecOriginal    = 0x9291
	tagSubSecDigitized   = 0x9292
	tagPixelXDimension   = 0xa002
	tagPixelYDimension   = 0xa003
	tagBodySerialNumber  = 0xa431
	tagGPSLatitudeRef    = 0x0001
	tagGPSLatitude       = 0x0002
	tagGPSLongitudeRef   = 0x0003
	tagGPSLongitude      = 0x0004
	tagGPSTimeStamp      = 0x0007
	tagGPSDateStamp      = 0x001d
)

const (
	// maxTags bounds the entries looked at in one directory. Raw files have
	// about a hundred; a count of 65,535 is damage or malice.
	maxTags = 400

	// maxSmall bounds the values that are not free text: dates, names, numbers.
	// goexif spends some hundred bytes on each number.
	maxSmall = 1 << 10

	entrySize  = 12
	typeShort  = 3
	typeLong   = 4
	typeIFD    = 13 // as LONG, but meant as a pointer; goexif does not know it
	typeDouble = 12 // the last type that goexif knows
)

// HeadSize is how much of a TIFF file is read first: directories and their small
// values mostly stand in front.
const HeadSize = 4 << 10

// entry is one tag with its value, in the byte order of its block.
type entry struct {
	tag, kind uint16
	count     uint32
	value     []byte
}

// cleanBlock is an EXIF block that is safe to decode: only wanted tags, every
// value present and of a known type, no directory that points back.
type cleanBlock struct {
	order           binary.ByteOrder
	main, exif, gps []entry
	width, height   int64 // of the largest full picture; see pictureSize
}

// sanitise copies the wanted tags out of a block. It looks at the first
// directory, the EXIF and GPS directories that it names, and one level of
// sub-directories for their picture's size, each once: there is no way to loop.
func sanitise(b file.Block, bad *file.Complaints) cleanBlock {
	head, err := b.At(0, 8)
	if err != nil || !IsHeader(head) {
		bad.Add("the EXIF block has no header")
		return cleanBlock{}
	}
	d := directories{block: b, order: binary.LittleEndian, bad: bad}
	if head[0] == 'M' {
		d.order = binary.BigEndian
	}
	main := d.read(int64(d.order.Uint32(head[4:])), wantedInMain)
	clean := cleanBlock{order: d.order}
	clean.width, clean.height = d.pictureSize(main)
	if at, ok := d.pointer(main, tagExifIFD); ok {
		clean.exif = d.read(at, wantedInExif)
	}
	if at, ok := d.pointer(main, tagGPSIFD); ok {
		clean.gps = d.read(at, wantedInGPS)
	}
	clean.main = slices.DeleteFunc(main, func(e entry) bool { return isStructure(e.tag) })
	return clean
}

// directories reads IFDs of one block.
type directories struct {
	block file.Block
	order binary.ByteOrder
	bad   *file.Complaints
}

// read returns the sound entries of the directory at off that are wanted, the
// first of each tag. wanted says how many bytes a tag's value may have.
//
// A tag with no value or of an unknown type is passed over in silence: one in
// four TIFF files has one. A value that is not inside the block is damage.
func (d directories) read(off int64, wanted func(tag uint16) int) []entry {
	table, err := d.table(off)
	if err != nil {
		d.bad.Add("the directory at byte %d lies %v", off, err)
		return nil
	}
	var out []entry
	for ; len(table) >= entrySize; table = table[entrySize:] {
		e := entry{
			tag:   d.order.Uint16(table),
			kind:  d.order.Uint16(table[2:]),
			count: d.order.Uint32(table[4:]),
		}
		if e.kind == typeIFD {
			e.kind = typeLong
		}
		size := int64(e.count) * typeSize(e.kind)
		if size == 0 || size > int64(wanted(e.tag)) || slices.ContainsFunc(out, e.sameTag) {
			continue
		}
		value := table[8 : 8+min(size, 4)]
		if size > 4 {
			at := int64(d.order.Uint32(table[8:]))
			if value, err = d.block.At(at, int(size)); err != nil {
				d.bad.Add("the value of tag %#04x lies %v", e.tag, err)
				continue
			}
		}
		e.value = slices.Clone(value)
		out = append(out, e)
	}
	return out
}

// table returns a copy of a directory's entries, as many as there really are.
func (d directories) table(off int64) ([]byte, error) {
	b, err := d.block.At(off, 2)
	if err != nil {
		return nil, err
	}
	n := min(int(d.order.Uint16(b)), maxTags)
	if room := (d.block.Size() - off - 2) / entrySize; int64(n) > room {
		d.bad.Add("the directory at byte %d is cut short", off)
		n = int(room)
	}
	b, err = d.block.At(off+2, n*entrySize)
	return slices.Clone(b), err
}

// pointer returns the offset of the sub-directory that a tag names.
func (d directories) pointer(entries []entry, tag uint16) (int64, bool) {
	v := d.numbers(entries, tag)
	if len(v) == 0 || v[0] == 0 {
		return 0, false
	}
	return v[0], true
}

// numbers returns the values of a SHORT or LONG tag; nil if it is not there.
func (d directories) numbers(entries []entry, tag uint16) []int64 {
	i := slices.IndexFunc(entries, entry{tag: tag}.sameTag)
	if i < 0 {
		return nil
	}
	var out []int64
	for b := entries[i].value; ; {
		switch kind := entries[i].kind; {
		case kind == typeShort && len(b) >= 2:
			out, b = append(out, int64(d.order.Uint16(b))), b[2:]
		case kind == typeLong && len(b) >= 4:
			out, b = append(out, int64(d.order.Uint32(b))), b[4:]
		default:
			return out
		}
	}
}

func (e entry) sameTag(other entry) bool { return e.tag == other.tag }

// typeSize is the size of one value of a TIFF type; zero for unknown ones.
func typeSize(kind uint16) int64 {
	switch kind {
	case 1, 2, 6, 7: // byte, ASCII, signed byte, undefined
		return 1
	case typeShort, 8:
		return 2
	case typeLong, 9, 11: // long, signed long, float
		return 4
	case 5, 10, typeDouble: // rational, signed rational, double
		return 8
	}
	return 0
}

// The wanted functions give the most bytes that a tag may have; zero: unwanted.

func wantedInMain(tag uint16) int {
	switch tag {
	case tagImageDescription, tagUserComment:
		return file.MaxValue
	case tagMake, tagModel, tagOrientation, tagDateTime:
		return maxSmall
	}
	if isStructure(tag) {
		return maxSmall
	}
	// TIFF/EP and some cameras put these into the first directory.
	return wantedInExif(tag)
}

func wantedInExif(tag uint16) int {
	switch tag {
	case tagUserComment:
		return file.MaxValue
	case tagDateTimeOriginal, tagDateTimeDigitized,
		tagOffsetTime, tagOffsetOriginal, tagOffsetDigitized,
		tagSubSecTime, tagSubSecOriginal, tagSubSecDigitized,
		tagPixelXDimension, tagPixelYDimension, tagBodySerialNumber:
		return maxSmall
	}
	return 0
}

func wantedInGPS(tag uint16) int {
	switch tag {
	case tagGPSLatitudeRef, tagGPSLatitude, tagGPSLongitudeRef, tagGPSLongitude,
		tagGPSTimeStamp, tagGPSDateStamp:
		return maxSmall
	}
	return 0
}

// isStructure tells the tags that say where pictures and directories lie; they
// would be lies in the clean block.
func isStructure(tag uint16) bool {
	switch tag {
	case tagNewSubfileType, tagImageWidth, tagImageLength, tagSubIFDs, tagExifIFD, tagGPSIFD:
		return true
	}
	return false
}
