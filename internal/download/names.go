package download

import (
	"cmp"
	"fmt"
	"path"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"

	"github.com/albumwright/albumwright/internal/media"
)

// longestName is how many bytes a name may have: disks take 255, and a sidecar's name is longer by its ending.
const longestName = 255 - len(sidecarEnding)

// longestExtension is what is still an extension, with its dot, and not the end of a sentence.
const longestExtension = 12

const untitled = "untitled"

// joiners make one sign of several, in family pictures and in Persian. They hide nothing.
const joiners = "\u200c\u200d"

// cleanName makes of any text a name that every disk takes, and that is a name only: no path, not hidden, not reserved, printable, in NFC. Of nothing it makes instead.
func cleanName(text, instead string) string {
	text = norm.NFC.String(strings.Map(printable, strings.ToValidUTF8(text, "_")))
	name := strings.TrimSpace(text)
	if dots := len(name) - len(strings.TrimLeft(name, ".")); dots > 0 {
		name = "_" + name[dots:]
	}
	name = cut(strings.TrimRight(name, ". "), longestName)
	if strings.Trim(name, "_ ") == "" {
		return cleanName(cmp.Or(instead, untitled), untitled)
	}
	if reserved(name) {
		name = cut("_"+name, longestName)
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

// cut shortens a name to so many bytes, between two characters, and keeps its extension.
func cut(name string, most int) string {
	if len(name) <= most {
		return name
	}
	ext := extensionOf(name)
	stem := name[:most-len(ext)]
	for !utf8.ValidString(stem) { // name is valid, so only its end can be broken
		stem = stem[:len(stem)-1]
	}
	return strings.TrimRight(stem, ". ") + ext
}

// extensionOf is a name's extension with its dot, or nothing.
func extensionOf(name string) string {
	ext := path.Ext(name)
	if len(ext) < 2 || len(ext) > longestExtension || len(ext) == len(name) || strings.ContainsFunc(ext, unicode.IsSpace) {
		return ""
	}
	return ext
}

// numbered is the n-th name for one and the same: "a.jpg", "a (2).jpg", "a (3).jpg".
func numbered(name string, n int) string {
	if n == 1 {
		return name
	}
	ext, number := extensionOf(name), fmt.Sprintf(" (%d)", n)
	return cut(strings.TrimSuffix(name, ext), longestName-len(ext)-len(number)) + number + ext
}

// typed gives a name the extension of what it is: the service makes JPEGs of pictures and MP4s of videos, whatever they were.
func typed(name, contentType string) string {
	contentType, _, _ = strings.Cut(contentType, ";")
	good := extensionsOf(strings.ToLower(strings.TrimSpace(contentType)))
	ext := extensionOf(name)
	if len(good) == 0 || slices.Contains(good, strings.ToLower(ext)) {
		return name
	}
	if _, known := media.ByName(name); known {
		name = strings.TrimSuffix(name, ext)
	}
	return cut(name, longestName-len(good[0])) + good[0]
}

// extensionsOf are the extensions that fit a type, the usual one first; none for a type of which nothing follows.
func extensionsOf(contentType string) []string {
	switch contentType {
	case "image/jpeg":
		return []string{".jpg", ".jpeg", ".jpe", ".jfif"}
	case "image/png":
		return []string{".png"}
	case "image/gif":
		return []string{".gif"}
	case "image/webp":
		return []string{".webp"}
	case "image/heic", "image/heif":
		return []string{".heic", ".heif", ".hif"}
	case "image/avif":
		return []string{".avif"}
	case "video/mp4":
		return []string{".mp4", ".m4v"}
	case "video/quicktime":
		return []string{".mov", ".qt"}
	case "video/webm":
		return []string{".webm"}
	}
	return nil
}

// folded is the same for paths that a disk may take for one: upper and lower case, composed or not.
func folded(path string) string { return norm.NFC.String(strings.ToLower(strings.ToUpper(path))) }
