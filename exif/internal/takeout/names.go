package takeout

import (
	"slices"
	"strings"
	"unicode/utf16"
	"unicode/utf8"
)

const (
	// cutName is the length of a media file's name, without its counter, from
	// which Google may have cut it.
	cutName = 51

	// maxCounter bounds the digits of what is taken for a counter.
	maxCounter = 6
)

// original is a name that a media file may have had in the library, before
// Google told it from others of the name by a counter or put an edited copy
// beside it.
type original struct {
	name    string
	counter string // "(2)", which stands behind everything else in the JSON's name
	edited  bool
}

// originals returns the names that a media file may come from, the likeliest
// first: its own, then without a counter, then as the original of a copy.
func originals(media string) []original {
	all := counted(media, false)
	stem, ext := split(media)
	if plain, ok := WithoutEdit(stem); ok {
		all = append(all, counted(plain+ext, true)...)
	}
	plain, counter, ok := cutCounter(stem)
	if !ok {
		plain = stem
	}
	if first, isEdited := WithoutEdit(plain); ok && isEdited {
		all = append(all, counted(first+counter+ext, true)...)
		all = append(all, original{first + ext, "", true}) // the counter is the copy's own
	}
	if units(plain+ext) < cutName {
		return all
	}
	// Of a name that was cut, the end may be half of the mark of an edited copy;
	// or all of the mark is gone, and a counter tells the copy from its original.
	if first, isEdited := withoutHalfEdit(plain); isEdited {
		all = append(all, counted(first+counter+ext, true)...)
		all = append(all, original{first + ext, "", true})
	}
	if ok {
		all = append(all, original{plain + ext, "", true})
	}
	return all
}

// counted returns a name as it is and, if it ends in a counter, with the counter
// moved away: it may be Google's, the owner's, or both.
func counted(name string, edited bool) []original {
	all := []original{{name, "", edited}}
	stem, ext := split(name)
	if plain, counter, ok := cutCounter(stem); ok {
		all = append(all, original{plain + ext, counter, edited}, original{name, counter, edited})
	}
	return all
}

// cutCounter cuts "(2)" off the end of a stem.
func cutCounter(stem string) (plain, counter string, ok bool) {
	at := strings.LastIndexByte(stem, '(')
	if at <= 0 || !strings.HasSuffix(stem, ")") {
		return stem, "", false
	}
	digits := stem[at+1 : len(stem)-1]
	isNumber := digits != "" && strings.Trim(digits, "0123456789") == ""
	if !isNumber || len(digits) > maxCounter {
		return stem, "", false
	}
	return stem[:at], stem[at:], true
}

// split divides a name at its last dot.
func split(name string) (stem, ext string) {
	at := strings.LastIndexByte(name, '.')
	if at <= 0 {
		return name, ""
	}
	return name[:at], name[at:]
}

// names returns the names of media files, with their extensions, whose JSON file
// the original may share: its own above all.
func (o original) names() []string {
	stem, ext := split(o.name)
	all := []string{o.name}
	for _, e := range sameAs(ext) {
		all = append(all, stem+e)
	}
	// A Live Photo's video has no JSON file of its own, and a copy need not be of
	// the type of its original.
	if isMoving(ext) || o.edited {
		for _, e := range stills() {
			all = append(all, stem+e)
		}
	}
	if isMotionPart(ext) {
		for _, e := range stills() {
			all = append(all, o.name+e)
		}
	}
	return append(all, stem) // the library may not have had the extension
}

// sameAs are the extensions that stand for one type.
func sameAs(ext string) []string {
	for _, same := range [][]string{{".jpg", ".jpeg", ".jpe", ".jfif"}, {".heic", ".heif"}, {".tif", ".tiff"}, {".mpg", ".mpeg"}} {
		if slices.Contains(same, strings.ToLower(ext)) {
			return same
		}
	}
	return nil
}

func stills() []string { return []string{".heic", ".jpg", ".jpeg", ".heif", ".png", ".dng", ".webp"} }

// isMoving tells the extensions of the videos of Live and motion photos.
func isMoving(ext string) bool {
	switch strings.ToLower(ext) {
	case ".mov", ".mp4", ".m4v":
		return true
	}
	return isMotionPart(ext)
}

// isMotionPart tells the names of the video in a Pixel's motion photo: beside
// PXL_1.MP.jpg stands PXL_1.MP.
func isMotionPart(ext string) bool {
	switch strings.ToLower(ext) {
	case ".mp", ".mv", ".cover":
		return true
	}
	return false
}

// clipped returns a name as it is, and as it is cut to maxBase. What Google
// counts is UTF-16; what falls into the middle of a pair, and what tools on the
// way have made of it, is not known, so other ways of counting come after it.
func clipped(name string) []string {
	all := []string{name}
	if len(name) <= maxBase {
		return all
	}
	add := func(cut int) {
		if cut < len(name) && !slices.Contains(all, name[:cut]) {
			all = append(all, name[:cut])
		}
	}
	add(cutAt(name, utf16Len, false))
	add(cutAt(name, utf16Len, true))
	add(cutAt(name, func(rune) int { return 1 }, false))
	add(cutAt(name, utf8.RuneLen, false))
	return all
}

// cutAt returns where maxBase units of a name end. With over, a character that
// lies across the border is kept.
func cutAt(name string, length func(rune) int, over bool) int {
	n := 0
	for i, r := range name {
		if n >= maxBase || !over && n+max(length(r), 1) > maxBase {
			return i
		}
		n += max(length(r), 1)
	}
	return len(name)
}

func utf16Len(r rune) int { return utf16.RuneLen(r) }

// units is the length of a name in UTF-16.
func units(name string) int {
	n := 0
	for _, r := range name {
		n += max(utf16Len(r), 1)
	}
	return n
}
