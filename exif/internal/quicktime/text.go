package quicktime

import (
	"bytes"
	"encoding/binary"
	"math"
	"strconv"
	"unicode/utf8"

	"github.com/albumwright/albumwright/exif/internal/bmff"
	"github.com/albumwright/albumwright/exif/internal/file"
	"github.com/albumwright/albumwright/exif/internal/value"
)

// Codes of languages below firstISO are Macintosh's own, of texts in its own
// characters; so is notSaid. Others are three letters of ISO 639-2 in five bits
// each, of texts in Unicode. QuickTime File Format, "Language Code Values".
const (
	firstISO = 0x400
	notSaid  = 0x7fff
)

// text decodes text in a language: UTF-16 if it begins with a byte order mark,
// UTF-8 if it can be that, because many writers do not care for the language's
// code, and else what the code says.
func text(b []byte, language uint16) string {
	switch {
	case bytes.HasPrefix(b, []byte{0xfe, 0xff}), bytes.HasPrefix(b, []byte{0xff, 0xfe}):
		return value.WithoutControls(value.UTF16(b, binary.BigEndian))
	case !utf8.Valid(b) && (language < firstISO || language == notSaid):
		b = []byte(macRoman(b))
	}
	return value.WithoutControls(value.Text(b))
}

// macRoman decodes the characters of the Macintosh.
func macRoman(b []byte) string {
	const high = "ÄÅÇÉÑÖÜáàâäãåçéèêëíìîïñóòôöõúùûü†°¢£§•¶ß®©™´¨≠ÆØ∞±≤≥¥µ∂∑∏π∫ªºΩæø" +
		"¿¡¬√ƒ≈∆«»…\u00a0ÀÃÕŒœ–—“”‘’÷◊ÿŸ⁄€‹›ﬁﬂ‡·‚„‰ÂÊÁËÈÍÎÏÌÓÔ\uf8ffÒÚÛÙıˆ˜¯˘˙˚¸˝˛ˇ"
	table := []rune(high)
	out := make([]rune, len(b))
	for i, c := range b {
		out[i] = rune(c)
		if c >= 0x80 {
			out[i] = table[c-0x80]
		}
	}
	return string(out)
}

// bounded returns the bytes of a small box, and nothing of one that is larger
// than any text.
func bounded(b file.Block) []byte {
	if b.Size() > file.MaxValue {
		return nil
	}
	body, err := b.At(0, int(b.Size()))
	if err != nil {
		return nil
	}
	return body
}

// international reads the first text of a list: its length, its language, and
// the text itself. QuickTime File Format, "User Data Text Strings and Language
// Codes". DJI and others leave the head out.
func international(b file.Block) string {
	const head = 4
	body := bounded(b)
	if len(body) < head {
		return text(body, firstISO)
	}
	size, language := int(binary.BigEndian.Uint16(body)), binary.BigEndian.Uint16(body[2:])
	if size > len(body)-head {
		return value.Printable(text(body, firstISO))
	}
	return text(body[head:head+size], language)
}

// plain reads a box that is text and nothing else.
func plain(b file.Block) string { return text(bounded(b), firstISO) }

// behind reads text that stands behind n other bytes.
func behind(n int64) func(file.Block) string {
	return func(b file.Block) string { return plain(b.From(n)) }
}

// asset reads a text of 3GPP: version, flags, language, text. 3GPP TS 26.244
// section 8.2.
func asset(b file.Block) string { return plain(b.From(6)) }

// Types of data in an item, QuickTime File Format, "Well-Known Types".
const (
	typeUTF8    = 1
	typeUTF16   = 2
	typeInt     = 21
	typeUint    = 22
	typeFloat32 = 23
	typeFloat64 = 24
)

// datum reads the data box in an item: its type, its country and language, the
// value. Numbers come as text, which is how some writers have them anyway.
func datum(item file.Block) string {
	const head = 8
	data, ok := bmff.Find(item, "data")
	if !ok || data.Size() < head {
		return ""
	}
	f := bmff.Fields{Body: data}
	kind, b := f.Uint(4), bounded(data.From(head))
	switch kind {
	case typeUTF16:
		return value.WithoutControls(value.UTF16(b, binary.BigEndian))
	case typeInt, typeUint, typeFloat32, typeFloat64:
		return number(kind, b)
	}
	return value.WithoutControls(value.Text(b)) // typeUTF8, and those who leave the type out
}

// number writes a big-endian number of 1 to 8 bytes as text.
func number(kind uint64, b []byte) string {
	if len(b) == 0 || len(b) > 8 {
		return ""
	}
	v := uint64(0)
	for _, c := range b {
		v = v<<8 | uint64(c)
	}
	switch {
	case kind == typeFloat32 && len(b) == 4:
		return strconv.FormatFloat(float64(math.Float32frombits(uint32(v))), 'f', -1, 32)
	case kind == typeFloat64 && len(b) == 8:
		return strconv.FormatFloat(math.Float64frombits(v), 'f', -1, 64)
	case kind == typeInt:
		unused := 64 - 8*len(b)
		return strconv.FormatInt(int64(v<<unused)>>unused, 10)
	case kind == typeUint:
		return strconv.FormatUint(v, 10)
	}
	return ""
}
