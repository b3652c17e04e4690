// Package album knows which albums a file belongs to, and where an album is in the service.
//
// [Compile] makes [Names] of rules; they name a file's albums by its path and its facts. An [EventCutter] finds the events by which albums can be named.
// A [Directory] finds the service's id for an album of the ledger: from memory, from one listing of the service's albums, or by creating the album, just
// before its first item goes in. A second album of one title is never made as long as the first can be found.
package album

import (
	"errors"
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"

	"github.com/albumwright/albumwright/photos"
)

// By is what a file's album is named after.
type By string

// The ways to name an album. Each but none is a [Template], as are the rules that a user writes.
const (
	ByNone   By = "none"   // no album: the library only
	ByFolder By = "folder" // the folder that the file lies in, which may be the root
	ByPath   By = "path"   // all folders below the root; the root, if it lies right in there
	ByDay    By = "day"    // as 2024-05-18
	ByMonth  By = "month"  // as 2024-05
	ByYear   By = "year"   // as 2024
	ByEvent  By = "event"  // as 2024-05-18 14:05, when it began
	ByCamera By = "camera" // as Canon EOS R6
)

// The titles of files whose fact is missing, by the rules above.
const (
	Undated       = "Undated"
	UnknownCamera = "Unknown camera"
)

// Ways lists all ways to name an album.
func Ways() []By { return []By{ByFolder, ByPath, ByDay, ByMonth, ByYear, ByEvent, ByCamera, ByNone} }

// template is a way as a user would write it; ok is false for one that does not exist.
func (b By) template() (text string, ok bool) {
	switch b {
	case "", ByNone:
		return "", true
	case ByFolder:
		return "{folder}", true
	case ByPath:
		return "{path}", true
	case ByDay:
		return "{date:%Y-%m-%d|'" + Undated + "'}", true
	case ByMonth:
		return "{date:%Y-%m|'" + Undated + "'}", true
	case ByYear:
		return "{date:%Y|'" + Undated + "'}", true
	case ByEvent:
		return "{event|date|'" + Undated + "'}", true
	case ByCamera:
		return "{camera|'" + UnknownCamera + "'}", true
	}
	return "", false
}

// Rule names one album of each file, in one of three ways. The zero value is no album.
type Rule struct {
	Title    string // one album for everything
	By       By     // "" is [ByNone]
	Template string // see [ParseTemplate]
}

// Valid refuses a rule that cannot be.
func (r Rule) Valid() error {
	_, err := r.parse()
	return err
}

// parse makes the rule a template.
func (r Rule) parse() (Template, error) {
	named := r.By != "" && r.By != ByNone
	switch {
	case r.Title != "" && named, r.Template != "" && named, r.Title != "" && r.Template != "":
		return Template{}, errors.New("an album's name and a rule to name albums cannot be given together")
	case r.Title != "" && CleanTitle(r.Title) == "":
		return Template{}, fmt.Errorf("album name %q has no visible character", r.Title)
	case r.Title != "":
		return Template{text: r.Title, parts: []part{{text: r.Title}}}, nil
	case r.Template != "":
		return ParseTemplate(r.Template)
	}
	text, ok := r.By.template()
	switch {
	case ok && text == "":
		return Template{}, nil
	case !ok:
		return Template{}, fmt.Errorf("albums cannot be named by %q: use %s", r.By, oneOf(Ways()))
	}
	return ParseTemplate(text)
}

// oneOf lists words as "a, b or c".
func oneOf[T ~string](words []T) string {
	var out strings.Builder
	for i, w := range words {
		switch {
		case i > 0 && i == len(words)-1:
			out.WriteString(" or ")
		case i > 0:
			out.WriteString(", ")
		}
		out.WriteString(string(w))
	}
	return out.String()
}

// CleanTitle makes a title fit for albums.create: valid UTF-8 in composed form (NFC), one line, no space around it, at most [photos.MaxTitle]
// characters. A title of nothing visible is "", as is the name of the root of all folders.
func CleanTitle(title string) string {
	if isClean(title) {
		return title
	}
	title = norm.NFC.String(strings.ToValidUTF8(title, string(utf8.RuneError)))
	title = strings.TrimSpace(strings.Map(func(r rune) rune {
		if unicode.In(r, unicode.Cc, unicode.Zl, unicode.Zp) {
			return ' '
		}
		return r
	}, title))
	if title == "/" || title == "." || !strings.ContainsFunc(title, isVisible) {
		return ""
	}
	if utf8.RuneCountInString(title) > photos.MaxTitle {
		title = strings.TrimSpace(string([]rune(title)[:photos.MaxTitle]))
	}
	return title
}

// isVisible tells what leaves a mark: a joiner of no width does not.
func isVisible(r rune) bool { return unicode.IsGraphic(r) && !unicode.IsSpace(r) }

// isClean tells most titles that are clean at a glance: they are asked about for every file.
func isClean(title string) bool {
	if title == "" || len(title) > photos.MaxTitle || title == "/" || title == "." || title[0] == ' ' || title[len(title)-1] == ' ' {
		return false
	}
	return strings.IndexFunc(title, func(r rune) bool { return r < ' ' || r > '~' }) < 0
}
