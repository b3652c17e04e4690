// Package album knows which album a file belongs to, and where that album is in the service.
//
// A [Rule] names the album of a file by its title. A [Directory] finds the service's id for an album of the ledger: from memory, from one
// listing of the service's albums, or by creating the album, just before its first item goes in. A second album of one title is never made
// as long as the first can be found.
package album

import (
	"errors"
	"fmt"
	"path"
	"path/filepath"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"

	"github.com/albumwright/albumwright/photos"
)

// By is what a file's album is named after.
type By string

// The ways to name an album.
const (
	ByNone   By = "none"   // no album: the library only
	ByFolder By = "folder" // the folder that the file lies in
	ByPath   By = "path"   // all folders below the root, joined by [Joiner]
)

// Joiner stands between the folders of a title by path.
const Joiner = " / "

// Rule names a file's album. The zero value is no album.
type Rule struct {
	Title string // one album for everything; goes before By
	By    By     // "" is [ByNone]
}

// Valid refuses a rule that cannot be.
func (r Rule) Valid() error {
	if r.Title != "" && r.By != "" && r.By != ByNone {
		return errors.New("an album's name and a rule to name albums cannot be given together")
	}
	if r.Title != "" && CleanTitle(r.Title) == "" {
		return fmt.Errorf("album name %q has no visible character", r.Title)
	}
	switch r.By {
	case "", ByNone, ByFolder, ByPath:
		return nil
	}
	return fmt.Errorf("albums cannot be named by %q: use %s, %s or %s", r.By, ByFolder, ByPath, ByNone)
}

// For returns the title of the album that a file belongs to, "" for none. Root and file are absolute paths; a root may be the file itself. A file
// that lies right in the root belongs to the root's own name.
func (r Rule) For(root, file string) string {
	if r.Title != "" {
		return CleanTitle(r.Title)
	}
	dir := filepath.Dir(file)
	switch r.By {
	case ByFolder:
		return CleanTitle(filepath.Base(dir))
	case ByPath:
		below, err := filepath.Rel(root, dir)
		if err != nil || below == "." || !filepath.IsLocal(below) {
			return CleanTitle(filepath.Base(dir))
		}
		return CleanTitle(strings.Join(strings.Split(filepath.ToSlash(below), "/"), Joiner))
	}
	return ""
}

// CleanTitle makes a title fit for albums.create: valid UTF-8 in composed form (NFC), one line, no space around it, at most [photos.MaxTitle]
// characters. A title of nothing visible, such as the name of the root of all folders, is "".
func CleanTitle(title string) string {
	title = norm.NFC.String(strings.ToValidUTF8(title, string(utf8.RuneError)))
	title = strings.TrimSpace(strings.Map(func(r rune) rune {
		if unicode.In(r, unicode.Cc, unicode.Zl, unicode.Zp) {
			return ' '
		}
		return r
	}, title))
	if title == path.Clean("/") || title == "." {
		return ""
	}
	if utf8.RuneCountInString(title) > photos.MaxTitle {
		title = strings.TrimSpace(string([]rune(title)[:photos.MaxTitle]))
	}
	return title
}
