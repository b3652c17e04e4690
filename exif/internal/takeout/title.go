package takeout

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// Fits reports whether the title in a JSON file can be that of a media file by
// its name. Every JSON file's name has more than one media file that it could
// belong to; the title is the name that the file had in the library.
//
// Only letters and digits count, in any case and without accents: Google
// replaces characters that file systems do not like, such as : ? & and the
// apostrophe, by an underscore. Extensions do not count, because a Live Photo's
// video bears the title of its still. Where the name is so long that it may have
// been cut, it is enough that the title begins with it. No title contradicts
// nothing.
func Fits(title, media string) bool {
	if title == "" {
		return true
	}
	stem, _ := split(title)
	whole, stem := letters(title), letters(stem)
	for _, o := range originals(norm.NFC.String(media)) {
		own, _ := split(o.name)
		for _, name := range []string{letters(own), letters(o.name)} {
			if name == stem || name == whole {
				return true
			}
		}
		// The longest way of counting decides whether the name was cut; it was cut
		// in the middle of a character at the worst.
		if len(o.name) > cutName-utf8.UTFMax && strings.HasPrefix(whole, letters(own)) {
			return true
		}
	}
	return false
}

// letters keeps what a name and its title have in common.
func letters(name string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsLetter(r) || unicode.IsNumber(r) {
			return unicode.ToLower(r)
		}
		return -1
	}, norm.NFKD.String(name))
}
