// Package captions reads what people write about their photos into a file beside them.
//
// There are two forms. captions.yaml maps names of files to texts; a CSV has a column of names and one of texts, with or without the header
// "file,caption", separated by commas or semicolons. Names are paths below the folder of the captions file, with slashes; in a file that somebody
// named they may be any paths. A text of nothing says that a file is to have no description.
//
// [Parse] is strict: what it does not understand, names twice or cannot place is an [*Error] with its place. It reads no disk.
package captions

import (
	"bytes"
	"errors"
	"fmt"
	"path/filepath"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// MaxSize bounds a captions file, in bytes: a million photos with a line each.
const MaxSize = 64 << 20

// Names are the names by which captions files are found in a folder, in the order in which they are believed.
func Names() []string { return []string{"captions.yaml", "captions.yml", "captions.csv"} }

// Is tells whether a file is a captions file by its name.
func Is(name string) bool { return slices.Contains(Names(), name) }

// File is what one captions file says. It does not change any more, and the zero File says nothing.
type File struct {
	Path  string // its own
	texts map[string]text
}

// text is what is said about one file, and where.
type text struct {
	value string
	line  int
}

// Error is what is wrong with a captions file.
type Error struct {
	Path         string // of the captions file
	Line, Column int    // from 1, in bytes; 0: not known
	Problem      string
	Err          error // the cause, if it is the system's; may be nil
}

// Error says where, and what.
func (e *Error) Error() string {
	if e.Line == 0 {
		return e.Path + ": " + e.Problem
	}
	return fmt.Sprintf("%s:%d:%d: %s", e.Path, e.Line, e.Column, e.Problem)
}

// Unwrap gives the system's error.
func (e *Error) Unwrap() error { return e.Err }

// Parse reads the content of a captions file. Path is its own and absolute; its extension tells the form. Anywhere tells that names may lead out of its
// folder, because somebody named the file.
func Parse(path string, content []byte, anywhere bool) (File, error) {
	p := parser{File: File{Path: path, texts: map[string]text{}}, anywhere: anywhere}
	content = bytes.TrimPrefix(content, []byte("\ufeff"))
	if len(content) > MaxSize {
		return File{}, p.wrong(0, 0, "it is larger than %d MB", MaxSize>>20)
	}
	if err := p.utf8(content); err != nil {
		return File{}, err
	}
	read := p.yaml
	switch strings.ToLower(filepath.Ext(path)) {
	case ".csv":
		read = p.csv
	case ".yaml", ".yml":
	default:
		return File{}, p.wrong(0, 0, "captions are in a file whose name ends in .yaml, .yml or .csv")
	}
	if err := read(content); err != nil {
		return File{}, err
	}
	return p.File, nil
}

// Text is what is said about a file, by its absolute path. An empty text says that it is to have no description.
func (f File) Text(path string) (text string, said bool) {
	t, said := f.texts[key(path)]
	return t.value, said
}

// Paths are those that something is said about, sorted, in composed form (NFC).
func (f File) Paths() []string {
	paths := make([]string, 0, len(f.texts))
	for p := range f.texts {
		paths = append(paths, p)
	}
	slices.Sort(paths)
	return paths
}

// key makes paths comparable: their form of Unicode depends on the file system, and on who typed them.
func key(path string) string { return norm.NFC.String(filepath.Clean(path)) }

// parser is one captions file as it is read.
type parser struct {
	File
	anywhere bool
}

func (p *parser) wrong(line, column int, problem string, args ...any) error {
	return &Error{Path: p.Path, Line: line, Column: column, Problem: fmt.Sprintf(problem, args...)}
}

// utf8 refuses what is in another encoding: words would come out as nonsense.
func (p *parser) utf8(content []byte) error {
	line := 1
	for rest := content; len(rest) > 0; line++ {
		this, next, _ := bytes.Cut(rest, []byte("\n"))
		if at := invalid(this); at >= 0 {
			return p.wrong(line, at+1, "it is not UTF-8; save it as \"CSV UTF-8\" or as UTF-8 text")
		}
		rest = next
	}
	return nil
}

// invalid is where something stands that is not UTF-8, -1 if nothing does.
func invalid(b []byte) int {
	for i := 0; i < len(b); {
		r, n := utf8.DecodeRune(b[i:])
		if r == utf8.RuneError && n == 1 {
			return i
		}
		i += n
	}
	return -1
}

// add notes what is said about a file.
func (p *parser) add(line, column int, name, value string) error {
	path, err := p.place(name)
	if err != nil {
		return p.wrong(line, column, "%q %v", name, err)
	}
	value = seen(value)
	if value == filepath.Base(path) {
		return p.wrong(line, column, "the caption of %q is its name; the service wants people's own words", name)
	}
	if before, ok := p.texts[path]; ok {
		return p.wrong(line, column, "%q has two captions, the first is in line %d", name, before.line)
	}
	p.texts[path] = text{value: value, line: line}
	return nil
}

// seen is what is seen of a text: no control characters but the ends of lines, of which there are several kinds, and tabs.
func seen(text string) string {
	text = strings.NewReplacer("\r\n", "\n", "\r", "\n", "\v", "\n", "\f", "\n").Replace(text)
	return strings.TrimSpace(strings.Map(func(r rune) rune {
		if unicode.IsControl(r) && r != '\n' && r != '\t' {
			return -1
		}
		return r
	}, text))
}

// place finds the path that a name means.
func (p *parser) place(name string) (string, error) {
	path := filepath.FromSlash(name)
	switch {
	case strings.TrimSpace(name) == "":
		return "", errors.New("is no name of a file")
	case p.anywhere && filepath.IsAbs(path):
		return key(path), nil
	case p.anywhere || filepath.IsLocal(path):
		return key(filepath.Join(filepath.Dir(p.Path), path)), nil
	}
	return "", errors.New("is not in the folder of the captions, nor below it; a file that --captions names may say so")
}
