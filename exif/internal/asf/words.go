package asf

import (
	"encoding/binary"
	"strings"

	"github.com/albumwright/albumwright/exif/internal/claim"
	"github.com/albumwright/albumwright/exif/internal/file"
	"github.com/albumwright/albumwright/exif/internal/value"
)

// content claims the description, section 3.10: five texts, whose sizes stand in
// front. It is the fourth.
func content(body file.Block, to *claim.Set) bool {
	const texts, wanted = 5, 3
	b, err := body.At(0, texts*2)
	if err != nil {
		return false
	}
	at := int64(texts * 2)
	for i := range wanted {
		at += int64(binary.LittleEndian.Uint16(b[2*i:]))
	}
	size := int(binary.LittleEndian.Uint16(b[2*wanted:]))
	if b, err = body.At(at, size); err != nil {
		return false
	}
	claim.AddText(&to.Words, claim.ASFDescription, text(b))
	return true
}

// maxAttributes bounds the attributes of a file; players write some dozen.
const maxAttributes = 1000

// extendedContent claims attributes, section 3.11: a name, a type and a value each.
func extendedContent(body file.Block, to *claim.Set) bool {
	b, err := body.At(0, 2)
	if err != nil {
		return false
	}
	count := min(int(binary.LittleEndian.Uint16(b)), maxAttributes)
	at := int64(2)
	for range count {
		if b, err = body.At(at, 2); err != nil {
			return false
		}
		size := int64(binary.LittleEndian.Uint16(b))
		if b, err = body.At(at+2, int(size)); err != nil {
			return false
		}
		name := text(b)
		at += 2 + size
		if b, err = body.At(at, 4); err != nil {
			return false
		}
		kind, size := binary.LittleEndian.Uint16(b), int64(binary.LittleEndian.Uint16(b[2:]))
		v := body.Sub(at+4, size)
		if v.Size() < size || !attribute(name, kind, v, to) {
			return false
		}
		at += 4 + size
	}
	return true
}

// Types of attributes.
const (
	typeText   = 0
	typeNumber = 3 // of 32 bits
)

// attribute claims what is wanted and leaps over the rest: the picture of a cover
// may be large. Make and model are of videos that were a phone's before.
func attribute(name string, kind uint16, body file.Block, to *claim.Set) bool {
	name = strings.ToLower(strings.TrimPrefix(name, "WM/"))
	isRating := name == "shareduserrating" && kind == typeNumber && body.Size() == 4
	isText := (name == "description" || name == "make" || name == "model") && kind == typeText
	if !isRating && !isText {
		return true
	}
	b, err := body.At(0, int(body.Size()))
	if err != nil {
		return false
	}
	switch {
	case isRating:
		to.AddRating(claim.ASF, stars(binary.LittleEndian.Uint32(b)))
	case name == "description":
		claim.AddText(&to.Words, claim.ASFDescription, text(b))
	case name == "make":
		claim.AddText(&to.Makes, claim.ASF, text(b))
	case name == "model":
		claim.AddText(&to.Models, claim.ASF, text(b))
	}
	return true
}

// stars converts Windows' rating of 1 to 99: it shows it as stars, and writes 1, 25,
// 50, 75 and 99 for them. The borders are those of its property System.Rating.
func stars(shared uint32) int {
	if shared < 1 || shared > 99 {
		return 0
	}
	n := 1
	for _, border := range []uint32{13, 38, 63, 87} {
		if shared >= border {
			n++
		}
	}
	return n
}

// text decodes UTF-16 with the lowest byte first, and its closing NUL.
func text(b []byte) string { return value.WithoutControls(value.UTF16(b, binary.LittleEndian)) }
