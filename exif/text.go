package exif

import (
	"bytes"
	"encoding/binary"
	"strings"
	"unicode"
	"unicode/utf16"
	"unicode/utf8"
)

// cleanText decodes a string tag: it ends at its first NUL, and spaces around it
// are padding. EXIF asks for ASCII; UTF-8 is what programs write today, and what
// is not UTF-8 comes from older ones on Windows.
func cleanText(b []byte) string {
	if i := bytes.IndexByte(b, 0); i >= 0 {
		b = b[:i]
	}
	if utf8.Valid(b) {
		return strings.TrimSpace(string(b))
	}
	return strings.TrimSpace(fromCP1252(b))
}

// fromCP1252 decodes windows-1252; its five unused bytes stand for the control
// characters of the same number, as browsers have it.
func fromCP1252(b []byte) string {
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

// userComment decodes a UserComment, whose first eight bytes name its encoding.
// JIS is read only as far as it is ASCII; text with control characters is some
// program's data and nobody's words.
func userComment(b []byte, order binary.ByteOrder) string {
	const head = 8
	if len(b) < head {
		return printable(cleanText(b))
	}
	body := b[head:]
	switch strings.TrimRight(string(b[:head]), "\x00 ") {
	case "ASCII", "JIS", "":
		return printable(cleanText(body))
	case "UNICODE":
		return printable(fromUTF16(body, order))
	}
	return printable(cleanText(b)) // written without a head
}

// printable is s, or nothing if a person cannot have typed it.
func printable(s string) string {
	if strings.ContainsFunc(s, isControl) || strings.ContainsRune(s, utf8.RuneError) {
		return ""
	}
	return s
}

// withoutControls drops control characters out of text that is worth keeping.
func withoutControls(s string) string {
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

// fromUTF16 decodes UTF-16 in the order that its byte order mark names, or else
// in the one that gives more ASCII: writers are divided on whether the order is
// the block's, so the block's only breaks the tie.
func fromUTF16(b []byte, order binary.ByteOrder) string {
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
