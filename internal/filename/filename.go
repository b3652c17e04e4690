// Package filename makes names of files that every disk takes of whatever texts say: titles, cameras, names that others have given. It is pure.
package filename

import (
	"cmp"
	"path"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// Longest is how many bytes a name may have: disks take 255.
const Longest = 255

const untitled = "untitled"

// longestExtension is what is still an extension, with its dot, and not the end of a sentence.
const longestExtension = 12

// joiners make one sign of several, in family pictures and in Persian. They hide nothing.
const joiners = "\u200c\u200d"

// Clean makes of any text a name of at most so many bytes that every disk takes, and that is a name only: no path, not hidden, not reserved, printable, in NFC. Of nothing
// it makes instead, and of nothing there either "untitled". What is such a name already stays as it is.
func Clean(text, instead string, most int) string {
	text = norm.NFC.String(strings.Map(printable, strings.ToValidUTF8(text, "_")))
	name := strings.TrimSpace(text)
	if dots := len(name) - len(strings.TrimLeft(name, ".")); dots > 0 {
		name = "_" + name[dots:]
	}
	name = Cut(strings.TrimRight(name, ". "), most)
	if strings.Trim(name, "_ ") == "" {
		return Clean(cmp.Or(instead, untitled), untitled, most)
	}
	if reserved(name) {
		name = Cut("_"+name, most)
	}
	return name
}

// printable keeps what can stand in a name everywhere, and cannot make it look like another one.
func printable(r rune) rune {
	switch {
	case strings.ContainsRune(joiners, r):
		return r
	case strings.ContainsRune(`/\:*?"<>|`, r), unicode.IsControl(r), unicode.In(r, unicode.Cf, unicode.Co, unicode.Zl, unicode.Zp), r == utf8.RuneError:
		return '_'
	case unicode.IsSpace(r):
		return ' '
	}
	return r
}

// reserved names are devices on Windows, whatever their extension.
func reserved(name string) bool {
	stem, _, _ := strings.Cut(name, ".")
	stem = strings.ToUpper(strings.TrimSpace(stem))
	switch stem {
	case "CON", "PRN", "AUX", "NUL", "CONIN$", "CONOUT$":
		return true
	}
	if port, ok := strings.CutPrefix(stem, "COM"); ok || strings.HasPrefix(stem, "LPT") {
		if !ok {
			port = strings.TrimPrefix(stem, "LPT")
		}
		return utf8.RuneCountInString(port) == 1 && strings.Contains("0123456789¹²³", port)
	}
	return false
}

// Cut shortens a name to so many bytes, between two characters, and keeps its extension.
func Cut(name string, most int) string {
	if len(name) <= most {
		return name
	}
	ext := Extension(name)
	stem := name[:most-len(ext)]
	for !utf8.ValidString(stem) { // name is valid, so only its end can be broken
		stem = stem[:len(stem)-1]
	}
	return strings.TrimRight(stem, ". ") + ext
}

// Extension is a name's extension with its dot, or nothing.
func Extension(name string) string {
	ext := path.Ext(name)
	if len(ext) < 2 || len(ext) > longestExtension || len(ext) == len(name) || strings.ContainsFunc(ext, unicode.IsSpace) {
		return ""
	}
	return ext
}
