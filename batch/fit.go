package batch

import (
	"path"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"

	"github.com/albumwright/albumwright/photos"
)

// FitFileName makes a file name fit for simpleMediaItem.fileName: valid UTF-8 in composed form (NFC) without control characters, and at most
// [photos.MaxFileName] characters, shortened before the extension, which stays.
func FitFileName(name string) string {
	name = strings.Map(func(r rune) rune {
		if unicode.IsControl(r) {
			return '_'
		}
		return r
	}, norm.NFC.String(strings.ToValidUTF8(name, string(utf8.RuneError))))
	ext := path.Ext(name)
	over := utf8.RuneCountInString(name) - photos.MaxFileName
	if over <= 0 {
		return name
	}
	stem := []rune(strings.TrimSuffix(name, ext))
	if keep := len(stem) - over; keep > 0 {
		return string(stem[:keep]) + ext
	}
	return string([]rune(name)[:photos.MaxFileName]) // an "extension" that long is none
}

// ellipsis marks a description that was cut.
const ellipsis = "…"

// FitDescription makes a description fit for newMediaItem.description: valid UTF-8, at most [photos.MaxDescription] characters, cut after a
// whole word and marked with an ellipsis.
func FitDescription(text string) string {
	text = strings.ToValidUTF8(text, string(utf8.RuneError))
	if utf8.RuneCountInString(text) <= photos.MaxDescription {
		return text
	}
	characters := []rune(text)
	whole := string(characters[:photos.MaxDescription-1])
	if i := strings.LastIndexFunc(whole, unicode.IsSpace); i > len(whole)/2 && !unicode.IsSpace(characters[photos.MaxDescription-1]) {
		whole = whole[:i] // in the middle of a word; a text without spaces is cut where it must be
	}
	return strings.TrimRightFunc(whole, unicode.IsSpace) + ellipsis
}
