package mpeg

import (
	"bytes"
	"encoding/binary"
	"math"
	"strings"
	"time"

	"github.com/albumwright/albumwright/exif/internal/claim"
	"github.com/albumwright/albumwright/exif/internal/value"
)

// Camcorders (AVCHD) keep the facts of each picture in a message of supplemental
// information with user data, ITU-T H.264 D.1.7: a UUID and a mark, the number of
// tags, then tags of one byte with four bytes of value each. No public
// specification has the tags; they are known from the files.
const (
	messageUserData = 5
	signature       = "\x17\xee\x8c\x60\xf8\x4d\x11\xd9\x8c\xd6\x08\x00\x20\x0c\x9a\x66MDPM"
	tagSize         = 5

	tagDate         = 0x18 // zone, century, year, month
	tagTime         = 0x19 // day, hour, minute, second
	tagLatitudeRef  = 0xb1
	tagLatitude     = 0xb2 // three tags of two 16-bit numbers: a fraction each
	tagLongitudeRef = 0xb5
	tagLongitude    = 0xb6
	tagMaker        = 0xe0
	tagModel        = 0xe4 // Sony's: text in three tags. Others have something else there.

	// The zone: half hours, behind bits for west, and for summer time, which the
	// half hours already have in them.
	zoneHalfHours = 0x1f
	zoneWest      = 0x20

	makerSony = "Sony"

	maxZone = 14 * time.Hour
)

// claimUserData goes through the messages of a unit of supplemental information.
// It returns true if one is of a camcorder.
func claimUserData(unit []byte, to *claim.Set) bool {
	for len(unit) > 2 { // less is the padding at a unit's end
		kind, rest := messageNumber(unit)
		size, rest := messageNumber(rest)
		body := rest[:min(size, len(rest))]
		if tags, ok := bytes.CutPrefix(body, []byte(signature)); ok && kind == messageUserData {
			readTags(tags).claim(to)
			return true
		}
		unit = rest[len(body):]
	}
	return false
}

// messageNumber reads a number as a run of 255s and what is left; 7.3.2.3.1.
func messageNumber(b []byte) (int, []byte) {
	n := 0
	for len(b) > 0 {
		c := b[0]
		n, b = n+int(c), b[1:]
		if c != 0xff {
			break
		}
	}
	return n, b
}

// tags are a camcorder's values by their tag.
type tags map[byte][4]byte

func readTags(b []byte) tags {
	t := tags{}
	if len(b) == 0 {
		return t
	}
	count := int(b[0])
	for b = b[1:]; count > 0 && len(b) >= tagSize; count-- {
		t[b[0]] = [4]byte(b[1:tagSize])
		b = b[tagSize:]
	}
	return t
}

func (t tags) claim(to *claim.Set) {
	t.claimTime(to)
	maker := t[tagMaker]
	name := makerName(binary.BigEndian.Uint16(maker[:]))
	claim.AddText(&to.Makes, claim.H264, name)
	if name == makerSony {
		claim.AddText(&to.Models, claim.H264, value.Printable(t.text(tagModel)))
	}
	if lat, ok := t.coordinate(tagLatitudeRef, "N", "S"); ok {
		if lon, ok := t.coordinate(tagLongitudeRef, "E", "W"); ok {
			to.AddPlace(claim.H264, lat, lon)
		}
	}
}

// makerName names the makers whose numbers are known.
func makerName(code uint16) string {
	switch code {
	case 0x0103:
		return "Panasonic"
	case 0x0108:
		return makerSony
	case 0x1011:
		return "Canon"
	case 0x1104:
		return "JVC"
	}
	return ""
}

func (t tags) claimTime(to *claim.Set) {
	date, hasDate := t[tagDate]
	clock, hasClock := t[tagTime]
	if !hasDate || !hasClock {
		return
	}
	var n [7]int
	for i, c := range append(date[1:], clock[:]...) {
		if c>>4 > 9 || c&0xf > 9 {
			return // not decimal: the clock was never set
		}
		n[i] = int(c>>4)*10 + int(c&0xf)
	}
	wall, ok := value.Wall(n[0]*100+n[1], n[2], n[3], n[4], n[5], n[6])
	if !ok {
		return
	}
	out := claim.Time{Wall: wall, Source: claim.H264Original}
	offset := time.Duration(date[0]&zoneHalfHours) * 30 * time.Minute
	// All bits set is a camera without zones, and no zone is that far west.
	if out.HasOffset = offset <= maxZone; out.HasOffset {
		if out.Offset = offset; date[0]&zoneWest != 0 {
			out.Offset = -offset
		}
	}
	to.Times = append(to.Times, out)
}

// text joins the values of three tags.
func (t tags) text(first byte) string {
	var out []byte
	for i := range byte(3) {
		v := t[first+i]
		out = append(out, v[:]...)
	}
	return value.Text(out)
}

// coordinate reads degrees, minutes and seconds behind the tag of the hemisphere.
func (t tags) coordinate(ref byte, positive, negative string) (float64, bool) {
	sum := 0.0
	for i, unit := range []float64{1, 60, 3600} {
		v, ok := t[ref+1+byte(i)]
		num, den := binary.BigEndian.Uint16(v[:]), binary.BigEndian.Uint16(v[2:])
		if !ok || den == 0 {
			return math.NaN(), false
		}
		sum += float64(num) / float64(den) / unit
	}
	hemisphere := t[ref]
	switch strings.TrimRight(string(hemisphere[:]), "\x00 ") {
	case positive:
		return sum, true
	case negative:
		return -sum, true
	}
	return math.NaN(), false
}
