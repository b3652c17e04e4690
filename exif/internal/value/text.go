package value

import (
	"bytes"
	"encoding/binary"
	"strings"
	"unicode"
	"unicode/utf16"
	"unicode/utf8"
)

// Text decodes a string tag: it ends at its first NUL, and spaces around it
// are padding. EXIF asks for ASCII; UTF-8 is what programs write today, and what
// is not UTF-8 comes from older ones on Windows.
func Text(b []byte) string {
	if i := bytes.IndexByte(b, 0); i >= 0 {
		b = b[:i]
	}
	b = withoutHalfRune(b)
	if utf8.Valid(b) {
		return strings.TrimSpace(string(b))
	}
	return strings.TrimSpace(CP1252(b))
}

// withoutHalfRune cuts off a last character that is half there: programs cut texts
// at a number of bytes, as IPTC's captions at 2,000. Only text with whole characters
// of UTF-8 in front is cut; in "caf\xe9" the last byte is one of windows-1252.
func withoutHalfRune(b []byte) []byte {
	for n := 1; n < utf8.UTFMax && n <= len(b); n++ {
		front, last := b[:len(b)-n], b[len(b)-n:]
		if !utf8.RuneStart(last[0]) {
			continue
		}
		if !utf8.FullRune(last) && utf8.Valid(front) && utf8.RuneCount(front) < len(front) {
			return front
		}
		break
	}
	return b
}

// CP1252 decodes windows-1252; its five unused bytes stand for the control
// characters of the same number, as browsers have it.
func CP1252(b []byte) string {
	const high = "€\u0081‚ƒ„…†‡ˆ‰Š‹Œ\u008dŽ\u008f\u0090‘’“”•–—˜™š›œ\u009džŸ"
	table := []rune(high)
	out := make([]rune, len(b))
	for i, c := range b {
		out[i] = rune(c)
		if c >= 0x80 && c < 0xa0 {
			out[i] = table[c-0x80]
		}
	}
	return string(out)
}

// UserComment decodes a UserComment, whose first eight bytes name its encoding.
// JIS is read only as far as it is ASCII; text with control characters is some
// program's data and nobody's words.
func UserComment(b []byte, order binary.ByteOrder) string {
	const head = 8
	if len(b) < head {
		return Printable(Text(b))
	}
	body := b[head:]
	switch strings.TrimRight(string(b[:head]), "\x00 ") {
	case "ASCII", "JIS", "":
		return Printable(Text(body))
	case "UNICODE":
		return Printable(UTF16(body, order))
	}
	return Printable(Text(b)) // written without a head
}

// Printable is s, or nothing if a person cannot have typed it.
func Printable(s string) string {
	if strings.ContainsFunc(s, isControl) || strings.ContainsRune(s, utf8.RuneError) {
		return ""
	}
	return s
}

// WithoutControls drops control characters out of text that is worth keeping.
func WithoutControls(s string) string {
	return strings.TrimSpace(strings.Map(func(r rune) rune {
		if isControl(r) {
			return -1
		}
		return r
	}, s))
}

// isControl tells control characters, except those that make lines and columns.
func isControl(r rune) bool {
	return unicode.IsControl(r) && r != '\n' && r != '\r' && r != '\t'
}

// UTF16 decodes UTF-16 in the order that its byte order mark names, or else
// in the one that gives more ASCII: writers are divided on whether the order is
// the block's, so the block's only breaks the tie.
func UTF16(b []byte, order binary.ByteOrder) string {
	var evenZeros, oddZeros int
	for i, c := range b {
		if c == 0 && i%2 == 0 {
			evenZeros++
		} else if c == 0 {
			oddZeros++
		}
	}
	if evenZeros > oddZeros {
		order = binary.BigEndian
	} else if oddZeros > evenZeros {
		order = binary.LittleEndian
	}
	switch {
	case bytes.HasPrefix(b, []byte{0xfe, 0xff}):
		b, order = b[2:], binary.BigEndian
	case bytes.HasPrefix(b, []byte{0xff, 0xfe}):
		b, order = b[2:], binary.LittleEndian
	}
	units := make([]uint16, 0, len(b)/2)
	for ; len(b) >= 2; b = b[2:] {
		u := order.Uint16(b)
		if u == 0 {
			break
		}
		units = append(units, u)
	}
	return strings.TrimSpace(string(utf16.Decode(units)))
}
