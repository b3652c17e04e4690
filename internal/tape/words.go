package tape

import (
	"path"
	"regexp"
	"strings"
	"unicode/utf8"
)

// own is a text of the user's: a name, a title, a description. Known secrets never stand in it.
func (s *scrub) own(text string) string {
	if !s.words {
		return blank(text)
	}
	return s.without(text)
}

// ownName is the name of a file. Its extension stays: the service goes by it.
func (s *scrub) ownName(name string) string {
	if ext := path.Ext(name); !s.words && extension.MatchString(ext) {
		return blank(strings.TrimSuffix(name, ext)) + ext
	}
	return s.own(name)
}

var extension = regexp.MustCompile(`^\.[A-Za-z0-9]{1,5}$`)

// blank makes every letter the same one, with as many bytes in UTF-8 and units in UTF-16: limits of length are met as they were. Control
// characters stay.
func blank(text string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case r < ' ':
			return r
		case r < utf8.RuneSelf:
			return 'x'
		case r < 0x800:
			return 'é'
		case r < 0x10000:
			return '一'
		}
		return '😀'
	}, text)
}
