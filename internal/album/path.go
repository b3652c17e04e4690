package album

import (
	"fmt"
	"path"
	"strings"
)

// Item is what a [PathTemplate] sees of a media item beside its [File], whose Path is the item's file name.
type Item struct {
	ID, Album string // media item id; title of the album that it is read from
	Type      string // "photo" or "video"
	Number    int    // place in the album or listing, from 1 on
	Card      string // the name of the card that it is on, if it is not in the service
}

// PathTemplate makes a path of a media item's facts; [ParsePath] reads one.
type PathTemplate struct{ template Template }

// ParsePath reads a template such as {album}/{date:%Y/%m}/{filename}. It is written like those of [ParseTemplate]; slashes outside of values, and in a date's format, part
// folders. The tokens are album, camera, date, ext, filename, id, make, model, number (of five digits: the place in the album), stem and
// type.
func ParsePath(text string) (PathTemplate, error) {
	return parser{text: text, path: true}.pathTemplate()
}

func (p parser) pathTemplate() (PathTemplate, error) {
	t, err := p.all()
	if err == nil && !t.has(func(choice) bool { return true }) {
		err = &TemplateError{p.text, 0, "a path without a token: all files would have one name"}
	}
	return PathTemplate{t}, err
}

// IsZero tells whether there is no template.
func (t PathTemplate) IsZero() bool { return t.template.text == "" }

// ByAlbum tells whether the path asks for the album.
func (t PathTemplate) ByAlbum() bool { return t.template.has(func(c choice) bool { return c.album }) }

// Names are the names of the folders, and at last of the file, as values give them: they may be no names that a disk can have. Where a group has no value, nothing stands
// in its place; a name of which nothing is left is left out.
func (t PathTemplate) Names(f File, o Options) []string {
	var all strings.Builder
	for _, p := range t.template.parts {
		if p.group == nil {
			all.WriteString(p.text)
		} else if used, ok := p.choose(f, o); ok {
			all.WriteString(used.Value)
		}
	}
	var names []string
	for _, name := range strings.Split(all.String(), "/") {
		if strings.TrimSpace(name) != "" {
			names = append(names, name)
		}
	}
	return names
}

// PathTokens lists what paths know of a media item.
func PathTokens() []string {
	return []string{"album", "camera", "date", "ext", "filename", "id", "make", "model", "number", "stem", "type"}
}

// pathToken is a token's value, of those that take no argument. No value has a slash: it is one name, or a part of one.
func pathToken(name string) (value func(File, Options) string, ok bool) {
	of, ok := map[string]func(File) string{
		"album":    func(f File) string { return f.Item.Album },
		"camera":   File.camera,
		"ext":      func(f File) string { return strings.ToLower(strings.TrimPrefix(path.Ext(f.Path), ".")) },
		"filename": func(f File) string { return f.Path },
		"id":       func(f File) string { return f.Item.ID },
		"make":     func(f File) string { return f.Make },
		"model":    func(f File) string { return f.Model },
		"number":   func(f File) string { return fmt.Sprintf("%05d", f.Item.Number) },
		"stem":     func(f File) string { return strings.TrimSuffix(f.Path, path.Ext(f.Path)) },
		"type":     func(f File) string { return f.Item.Type },
	}[name]
	return func(f File, _ Options) string { return strings.ReplaceAll(of(f), "/", "_") }, ok
}
