package album

import (
	"path"
	"strings"
)

// ParseCardPath reads a template such as {date:%Y/%Y-%m-%d}/{name}, for files of a card; it is written like those of [ParsePath]. The tokens are camera, card (its label),
// date, ext, folder (the one that the file lies in), job, make, model, name and stem.
func ParseCardPath(text string) (PathTemplate, error) {
	return parser{text: text, path: true, card: true}.pathTemplate()
}

// CardTokens lists what paths know of a file of a card.
func CardTokens() []string {
	return []string{"camera", "card", "date", "ext", "folder", "job", "make", "model", "name", "stem"}
}

// cardToken is a token's value, of those that take no argument. No value has a slash. A name is as it is on the card.
func cardToken(name string) (value func(File, Options) string, ok bool) {
	of, ok := map[string]func(File, Options) string{
		"camera": func(f File, _ Options) string { return f.camera() },
		"card":   func(f File, _ Options) string { return f.Item.Card },
		"ext":    func(f File, _ Options) string { return strings.ToLower(strings.TrimPrefix(path.Ext(f.Path), ".")) },
		"folder": func(f File, _ Options) string { return path.Base(path.Dir("/" + f.Path)) },
		"job":    func(_ File, o Options) string { return o.Job },
		"make":   func(f File, _ Options) string { return f.Make },
		"model":  func(f File, _ Options) string { return f.Model },
		"name":   func(f File, _ Options) string { return path.Base(f.Path) },
		"stem":   func(f File, _ Options) string { return strings.TrimSuffix(path.Base(f.Path), path.Ext(f.Path)) },
	}[name]
	return func(f File, o Options) string { return strings.ReplaceAll(of(f, o), "/", "_") }, ok
}
