package quicktime

import (
	"encoding/binary"
	"math"
	"time"

	"github.com/albumwright/albumwright/exif/internal/bmff"
	"github.com/albumwright/albumwright/exif/internal/claim"
	"github.com/albumwright/albumwright/exif/internal/file"
)

// Tags of Nikon's movies. Above 0x1100000 are those of EXIF, above 0x1200000
// those of its GPS directory, above 0x2000000 those of the maker note of photos.
const (
	nikonMake         = 0x0001
	nikonModel        = 0x0002
	nikonDigitized    = 0x0011
	nikonOriginal     = 0x0012
	nikonSerial       = 0x110a431
	nikonLatitudeRef  = 0x1200001
	nikonLatitude     = 0x1200002
	nikonLongitudeRef = 0x1200003
	nikonLongitude    = 0x1200004
	nikonWorldTime    = 0x2000024
)

// Tags of Fuji's movies, which are those of EXIF in one directory.
const (
	tagMake             = 0x010f
	tagModel            = 0x0110
	tagDateTimeOriginal = 0x9003
	tagBodySerialNumber = 0xa431
)

// maxTags bounds the tags of one list.
const maxTags = 256

// nikon reads Nikon's list of tags: four bytes of number, a type of TIFF, a count
// and the values, all in big-endian order, one behind the other.
func (r *reader) nikon(body file.Block) {
	r.src.Ahead(nearAhead)
	defer r.pace()
	var position nikonPosition
	f := bmff.Fields{Body: body}
	for range maxTags {
		tag, kind, count := f.Uint(4), f.Uint(2), f.Uint(2)
		if f.Err != nil {
			break
		}
		size := int64(count) * sizeOfType(kind)
		r.nikonTag(tag, body.Sub(f.At, size), &position)
		f.Skip(size)
	}
	position.claim(r.to)
}

func (r *reader) nikonTag(tag uint64, values file.Block, position *nikonPosition) {
	switch tag {
	case nikonMake:
		r.claim(maker, fromNote, plain(values))
	case nikonModel:
		r.claim(model, fromNote, plain(values))
	case nikonOriginal:
		r.claim(date, fromNote, plain(values))
	case nikonDigitized:
		r.claimDate(claim.DateTimeDigitized, plain(values))
	case nikonSerial:
		r.claim(serial, fromNote, plain(values))
	case nikonLatitudeRef:
		position.south = plain(values) == "S"
	case nikonLongitudeRef:
		position.west = plain(values) == "W"
	case nikonLatitude:
		position.lat = sexagesimal(values)
	case nikonLongitude:
		position.lon = sexagesimal(values)
	case nikonWorldTime:
		r.nikonZone(values)
	}
}

// nikonZone reads the zone of the camera's clock: minutes of winter time, and
// whether it is summer.
func (r *reader) nikonZone(values file.Block) {
	const quarter, most = 15, 14 * 60 // minutes; no zone is between or beyond
	b, err := values.At(0, 3)
	if err != nil || b[2] > 1 {
		return
	}
	minutes := int(int16(binary.BigEndian.Uint16(b))) + 60*int(b[2])
	if minutes%quarter == 0 && minutes >= -most && minutes <= most {
		r.to.Zones = append(r.to.Zones, claim.Zone{Offset: time.Duration(minutes) * time.Minute, Source: claim.MakerNote})
	}
}

// nikonPosition is collected from four tags.
type nikonPosition struct {
	lat, lon    float64
	south, west bool
}

func (p nikonPosition) claim(to *claim.Set) {
	if p.south {
		p.lat = -p.lat
	}
	if p.west {
		p.lon = -p.lon
	}
	to.AddPlace(claim.MakerNote, p.lat, p.lon)
}

// sexagesimal reads degrees, minutes and seconds as three fractions. It is not a
// number if one of them is not.
func sexagesimal(values file.Block) float64 {
	sum, unit := 0.0, 1.0
	f := bmff.Fields{Body: values}
	for range 3 {
		sum += float64(f.Uint(4)) / float64(f.Uint(4)) / unit
		unit *= 60
	}
	if f.Err != nil {
		return math.NaN()
	}
	return sum
}

// sizeOfType is the size of one value of a type of TIFF 6.0, section 2.
func sizeOfType(kind uint64) int64 {
	switch kind {
	case 3, 8:
		return 2
	case 4, 9, 11:
		return 4
	case 5, 10, 12:
		return 8
	}
	return 1
}

// fuji reads Fuji's directory of EXIF, whose places of values count from its own
// first byte, so that it is no TIFF structure. It is little-endian.
func (r *reader) fuji(body file.Block) {
	const head, ascii = 16, 2
	topics := map[uint16]topic{tagMake: maker, tagModel: model, tagBodySerialNumber: serial, tagDateTimeOriginal: date}
	directory := body.From(head)
	count, err := directory.At(0, 2)
	if err != nil {
		return
	}
	for i := range min(int64(binary.LittleEndian.Uint16(count)), maxTags) {
		entry, err := directory.At(2+12*i, 12)
		if err != nil {
			return
		}
		tag, kind := binary.LittleEndian.Uint16(entry), binary.LittleEndian.Uint16(entry[2:])
		size, at := binary.LittleEndian.Uint32(entry[4:]), binary.LittleEndian.Uint32(entry[8:])
		if about, ok := topics[tag]; ok && kind == ascii && size > 4 {
			r.claim(about, fromNote, plain(directory.Sub(int64(at), int64(size))))
		}
	}
}
