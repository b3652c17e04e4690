package xmp

import (
	"bytes"
	"strconv"
	"strings"
)

// appendText decodes the entities of characters, XML 4.1 and 4.6, unless they
// are plain, and their ends of lines, XML 2.11. Unknown entities stay as they
// are: the declarations that could explain them are not read, so that none can
// multiply.
func appendText(out, raw []byte, plain bool) []byte {
	for len(raw) > 0 {
		switch c := raw[0]; {
		case c == '\r':
			raw = bytes.TrimPrefix(raw[1:], []byte("\n"))
			out = append(out, '\n')
			continue
		case c == '&' && !plain:
			if decoded, n := entity(raw); n > 0 {
				out, raw = append(out, decoded...), raw[n:]
				continue
			}
		}
		out, raw = append(out, raw[0]), raw[1:]
	}
	return out
}

// entity decodes the entity that b begins with; n is its length, 0 for none.
func entity(b []byte) (decoded string, n int) {
	const longest = len("&#x10FFFF;")
	end := bytes.IndexByte(b[:min(len(b), longest)], ';')
	if end < 0 {
		return "", 0
	}
	switch name := string(b[1:end]); name {
	case "amp":
		decoded = "&"
	case "lt":
		decoded = "<"
	case "gt":
		decoded = ">"
	case "quot":
		decoded = `"`
	case "apos":
		decoded = "'"
	default:
		if decoded = numbered(name); decoded == "" {
			return "", 0
		}
	}
	return decoded, end + 1
}

// numbered decodes "#228" and "#xE4"; empty if the name is none of these.
func numbered(name string) string {
	digits, ok := strings.CutPrefix(name, "#")
	if !ok {
		return ""
	}
	base := 10
	if hex, ok := strings.CutPrefix(digits, "x"); ok {
		digits, base = hex, 16
	}
	r, err := strconv.ParseUint(digits, base, 31)
	if err != nil {
		return ""
	}
	return string(rune(r))
}
